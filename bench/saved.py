"""A workbook as Excel and WPS would have saved it, from what openpyxl writes: the same bytes every time."""

import re
import zipfile
from io import BytesIO

STAMP = (2023, 3, 27, 10, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS = "xl/sharedStrings.xml"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_STRINGS_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
_INLINE = re.compile(r'(<c r="[A-Z]+\d+"(?: s="\d+")?) t="inlineStr"><is>(<t(?: [^>]*)?>[^<]*</t>)</is></c>')
_REFERENCE = re.compile(r"&#(\d{3,});")


def as_excel_saves(content: bytes) -> bytes:
    """The same workbook with its texts in one table, as Excel and WPS save them (openpyxl writes each in its cell), and
    without the time of its saving."""
    out, texts = BytesIO(), dict[str, int]()

    def plain(text: str) -> str:
        return _REFERENCE.sub(lambda m: chr(int(m[1])), text)

    def shared(found: re.Match[str]) -> str:
        return f'{found[1]} t="s"><v>{texts.setdefault(plain(found[2]), len(texts))}</v></c>'

    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w") as to:
        for info in source.infolist():
            text = source.read(info).decode()
            if info.filename.startswith("xl/worksheets/"):
                text = _INLINE.sub(shared, text)
            elif info.filename == "[Content_Types].xml":
                part = f'<Override PartName="/{STRINGS}" ContentType="{_STRINGS_TYPE}"/>'
                text = text.replace("</Types>", part + "</Types>")
            elif info.filename == "xl/_rels/workbook.xml.rels":
                part = f'<Relationship Id="rIdTexts" Type="{_STRINGS_RELATION}" Target="/{STRINGS}"/>'
                text = text.replace("</Relationships>", part + "</Relationships>")
            elif info.filename == "docProps/core.xml":
                text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2023-03-27T10:00:00Z", text)
            to.writestr(zipfile.ZipInfo(info.filename, STAMP), text)
        items = "".join(f"<si>{text}</si>" for text in texts)
        to.writestr(zipfile.ZipInfo(STRINGS, STAMP), f'<sst xmlns="{_MAIN}" uniqueCount="{len(texts)}">{items}</sst>')
    return out.getvalue()
