"""From the text of a cell to its value: numbers without float noise, dates of both date systems, escaped characters,
and which number formats mean a date.

Pure; knows no file and no cell address.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from yaoxun.sheets.model import CellKind, CellValue, Percent

FormatKind = Literal["plain", "percent", "date", "duration"]

_EPOCH_1900 = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)
_DAY_MS = 86_400_000
# Excel shows nothing after 9999-12-31.
_LAST_DAY = 2_958_466

# 14–22 and 45–47 are dates everywhere; 27–36 and 50–58 are those that a Chinese Excel writes without a format code.
_BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
_BUILTIN_DURATION = 46
_BUILTIN_PERCENTS = (9, 10)
_LONGEST_CODE = 1000  # Excel itself knows 255
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.I)
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.I)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
_INTEGER = re.compile(r"[+-]?\d{1,30}")


def format_kind(number_format: int, code: str | None) -> FormatKind:
    """Whether a number format shows a date, a duration ([h]:mm), per cent or a plain number. `code` is None for a built-in."""
    if code is None:
        if number_format == _BUILTIN_DURATION:
            return "duration"
        if number_format in _BUILTIN_PERCENTS:
            return "percent"
        return "date" if number_format in _BUILTIN_DATES else "plain"
    # Excel ends the first section at a semicolon, but not at one inside quotes: strip literals first.
    bare = _LITERAL.sub("", code[:_LONGEST_CODE]).split(";")[0]
    if _DURATION.search(bare):
        return "duration"
    if re.search(r"[dmyhs]|aaa", bare, re.I):
        return "date"
    return "percent" if "%" in bare else "plain"


def number(text: str) -> Decimal | None:
    """The number of a cell as Excel shows it: at most 15 significant digits, whole numbers without a point.

    A binary fraction carries noise past the 15th digit (0.1 + 0.2, or 1.1 stored as 1.1000000000000001) that nobody
    sees on the screen. None when the text is no finite number.
    """
    stripped = text.strip()
    if _INTEGER.fullmatch(stripped):
        return Decimal(int(stripped))
    try:
        value = float(stripped)
        rounded = Decimal(format(value, ".15g"))
    except (ValueError, InvalidOperation):
        return None
    if "_" in stripped or not rounded.is_finite():
        return None
    return Decimal(int(rounded)) if abs(rounded) < 10**18 and rounded == rounded.to_integral_value() else rounded


def formatted(found: Decimal, *, kind: FormatKind, date1904: bool) -> tuple[CellKind, CellValue]:
    """What a number is under its format."""
    if kind == "plain":
        return "number", found
    return ("number", Percent(found)) if kind == "percent" else from_serial(found, kind=kind, date1904=date1904)


def from_serial(serial: Decimal, *, kind: FormatKind, date1904: bool) -> tuple[CellKind, CellValue]:
    """What a number in a date format is: a date to the millisecond; a time of day or a duration as the text seen.

    A serial that Excel itself cannot show as a date (negative, after 9999) stays a number.
    """
    if kind == "duration":
        return "text", clock(round(serial * _DAY_MS))
    if not 0 <= serial < _LAST_DAY:
        return "number", serial
    milliseconds = round(serial * _DAY_MS)
    if serial < 1:
        return "text", clock(milliseconds)
    epoch = _EPOCH_1904 if date1904 else _EPOCH_1900
    # The 1900 system counts a 29 February 1900 that never was; before it the count is one day off.
    early = timedelta(days=1) if not date1904 and serial < 60 else timedelta(0)
    try:
        return "date", epoch + timedelta(milliseconds=milliseconds) + early
    except OverflowError:
        return "number", serial


def from_iso(text: str) -> tuple[CellKind, CellValue]:
    """A cell of type d (ISO 8601): a date without a zone, or the text itself when it is only a time or none."""
    try:
        return "date", datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return "text", text


def from_shown(text: str) -> tuple[CellKind, CellValue]:
    """What a format without types shows in a cell: an error value, or text."""
    shown = plain_text(text)
    return ("error" if shown in _ERRORS else "text"), shown


def clean_text(text: str) -> str:
    """Text as Excel shows it: `_x000D_` escapes undone, then as `plain_text`."""
    if "_x" in text:
        text = _ESCAPED.sub(_unescaped, text)
    return plain_text(text)


def clean_texts(texts: Sequence[str]) -> list[str]:
    """`clean_text` of many, of which hardly ever one has anything to be cleaned."""
    together = "".join(texts)
    if "_x" in together or _CONTROL.search(together):
        return [clean_text(text) for text in texts]
    return list(texts)


def plain_text(text: str) -> str:
    """Text with line ends as \\n and without other control characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    # Half of a surrogate pair is no character and cannot be stored.
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def clock(milliseconds: int) -> str:
    """26 hours → 26:00:00; a fraction of a second is dropped, as no form asks for it."""
    sign = "-" if milliseconds < 0 else ""
    seconds = abs(milliseconds) // 1000
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
