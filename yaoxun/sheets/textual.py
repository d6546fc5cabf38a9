"""Bytes that are text in one of the encodings met in practice: UTF-8 and UTF-16 (with or without a mark), and GB18030.

What the text is (CSV, a web page, a file name) is not asked here.
"""

import codecs

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

_HINTS = frozenset({"big5", "iso-8859-1", "windows-1252"})


def decoded(data: bytes, *, whole: bool = True, hint: str = "") -> str | None:
    """The text; None when it is none in these encodings. `whole` is False for a beginning that may end in the middle of
    a character. `hint` is an encoding that the text itself names; UTF-8 comes first, as nothing else is valid UTF-8."""
    for encoding in _candidates(data, hint):
        try:
            return codecs.getincrementaldecoder(encoding)().decode(data, whole)
        except UnicodeDecodeError:
            continue
    return None


def _candidates(data: bytes, hint: str) -> tuple[str, ...]:
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if marked:
        return (marked,)
    # Every second byte of the first characters is zero: ASCII in UTF-16 without its mark.
    if len(data) >= 4 and data[1] == data[3] == 0 and data[0] and data[2]:
        return ("utf-16-le",)
    if len(data) >= 4 and data[0] == data[2] == 0 and data[1] and data[3]:
        return ("utf-16-be",)
    # What is called GB2312 often is more; of other names only those that no Chinese text would be taken for.
    return ("utf-8", hint.lower(), "gb18030") if hint.lower() in _HINTS else ("utf-8", "gb18030")
