"""One cell's content as a value: what is taken as it stands, what is safely mended (and said so), what cannot be read.

Units are never guessed: 2000万 is not read. Where a cell stands and whether it is allowed there is not decided here.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from yaoxun.forms.model import NOT_APPLICABLE, Frame, Value
from yaoxun.forms.settings import ColumnSetting
from yaoxun.office.model import ListEntry
from yaoxun.sheets.model import Percent, RawCell

_DASHES = frozenset("—－-–―─")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_DATE = re.compile(r"(\d{4})[-./年\s](\d{1,2})[-./月\s](\d{1,2})日?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SPLIT = re.compile(r"[、,，;；/\n]+")
_DOCUMENT_NO = re.compile(r"(.+?)[\[(【〔〈{](\d{4})[\])】〕〉}](第?)(\d+)号")
_VARIANTS = str.maketrans({"靚": "靓", "․": "·", "•": "·", "・": "·", "‧": "·"})
_EPOCH = date(1899, 12, 30)
TOO_LARGE = Decimal(10) ** 15
"""Numbers are below this, so that what is computed from them stays exact."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, '' or the id of the rule that it breaks as it cannot be read, and '' or what was mended."""

    value: Value
    problem: str = ""
    repair: str = ""


def raw_text(raw: RawCell | None) -> str:
    """What stands in a cell, as a reader sees it: plain digits, dates as 2023-04-06."""
    if raw is None:
        return ""
    value = raw.value
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return plain(value) if isinstance(value, Decimal) else str(value)


def plain(number: Decimal) -> str:
    """A number without exponent and without trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(value: Any) -> str:
    """A value as it is written in messages and in text cells."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return "、".join(value) if isinstance(value, tuple) else str(value)


def read_value(frame: Frame, column: ColumnSetting, raw: RawCell | None, entry: ListEntry | None) -> Reading:
    """The value of one cell. `entry` is a fixed table's list entry, for options that depend on the row."""
    if raw is None:
        return Reading(None)
    if raw.kind == "error":
        return Reading(None, "E01")
    value = raw.value
    if isinstance(value, Decimal) and column.numeric:
        # Typed as 100%, a cell holds 1; what the submitter sees is what counts.
        seen = isinstance(value, Percent) and column.kind == "percent"
        return _bounded(value * 100 if seen else value)
    if isinstance(value, datetime) and column.kind == "date":
        return Reading(value.date())
    if isinstance(value, Decimal) and column.kind == "date":
        return _serial(value)
    return to_value(frame, column, raw_text(raw), entry)


def to_value(  # noqa: PLR0911 (one case a kind)
    frame: Frame, column: ColumnSetting, text: str, entry: ListEntry | None = None
) -> Reading:
    """The value that a text stands for in this column."""
    tidy = unicodedata.normalize("NFC", text).replace("\u3000", " ").replace("\xa0", " ").strip()
    if not tidy:
        return Reading(None)
    if len(tidy) <= 2 and all(char in _DASHES for char in tidy):
        return Reading(NOT_APPLICABLE)
    if column.numeric:
        return _number(tidy, column)
    if column.kind == "date":
        return _date(tidy, column)
    if column.kind == "choice":
        return _choice(frame, column, tidy, entry)
    if column.kind == "choices":
        return _choices(frame, column, tidy, entry)
    if column.kind == "document_no":
        return _document_no(tidy)
    if column.kind in ("code", "link"):
        return _told(re.sub(r"\s", "", unicodedata.normalize("NFKC", tidy)), tidy)
    return Reading(tidy)


def _told(value: Value, text: str) -> Reading:
    """The value, with the repair told where it reads otherwise than the text."""
    shown = show(value)
    return Reading(value, "", "" if shown == text else f"“{text}”按“{shown}”收")


def _without_noise(value: Decimal) -> Decimal:
    """A spreadsheet's 0.30000000000000004 is 0.3."""
    rounded = round(value, 9)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()


def _bounded(value: Decimal) -> Reading:
    return Reading(_without_noise(value)) if abs(value) < TOO_LARGE else Reading(None, "C03")


def number_written(text: str) -> Decimal | None:
    """The number that a text is, thousands apart or not; None for none."""
    half = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if _GROUPED.fullmatch(half):
        half = half.replace(",", "")
    return Decimal(half) if _NUMBER.fullmatch(half) else None


def _number(text: str, column: ColumnSetting) -> Reading:
    half = unicodedata.normalize("NFKC", text)
    number = number_written(half.removesuffix("%") if column.kind == "percent" else half)
    if number is None:
        return Reading(None, "C03")
    reading = _bounded(number)
    if reading.problem:
        return reading
    return Reading(reading.value, "", f"文字“{text}”按数字{show(reading.value)}收")


def _serial(number: Decimal) -> Reading:
    """A number in a date column: 20230406, or a date whose cell format was lost."""
    if number == number.to_integral_value():
        whole = int(number)
        if 20000 <= whole <= 80000:
            day = _EPOCH + timedelta(days=whole)
            return Reading(day, "", f"数字{whole}按日期{day.isoformat()}收")
        found = _DIGITS.fullmatch(str(whole))
        day_or_none = _real(found) if found else None
        if day_or_none:
            return Reading(day_or_none, "", f"“{whole}”按日期{day_or_none.isoformat()}收")
    return Reading(None, "C04")


def _date(text: str, column: ColumnSetting) -> Reading:
    if text in column.words:
        return Reading(text)
    half = re.sub(r"\s*([-./年月日])\s*", r"\1", unicodedata.normalize("NFKC", text))
    half = re.sub(r"[T\s]\d{1,2}:\d{2}(:\d{2})?(\.0+)?$", "", half)
    found = _DATE.fullmatch(half) or _DIGITS.fullmatch(half)
    day = _real(found) if found else None
    if day is None:
        return Reading(None, "C04")
    return _told(day, text)


def _real(found: "re.Match[str]") -> date | None:
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if 1949 <= day.year <= 2100 else None


def _option(choices: Any, text: str) -> str | None:
    """The option that a text stands for: as written, then with variants, then without spaces and quotes."""
    tidy = text.translate(_VARIANTS)
    if tidy in choices:
        return str(choices[tidy])
    bare = _bare(tidy)
    return next((name for written, name in choices.items() if _bare(written) == bare), None)


def _bare(text: str) -> str:
    half = unicodedata.normalize("NFKC", text.translate(_VARIANTS))
    return re.sub(r"[\s\"'“”‘’《》]", "", half)


def _choice(frame: Frame, column: ColumnSetting, text: str, entry: ListEntry | None) -> Reading:
    name = _option(frame.choices(column, entry), text)
    return Reading(None, "C05") if name is None else _told(name, text)


def _choices(frame: Frame, column: ColumnSetting, text: str, entry: ListEntry | None) -> Reading:
    choices = frame.choices(column, entry)
    if text in choices:
        return _told((choices[text],), text)
    names = [_option(choices, part.strip()) for part in _SPLIT.split(text) if part.strip()]
    if not names or any(name is None for name in names):
        return Reading(None, "C05")
    return _told(tuple(dict.fromkeys(name for name in names if name)), text)


def _document_no(text: str) -> Reading:
    half = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = _DOCUMENT_NO.fullmatch(half)
    if not found:
        return Reading(text)
    return _told(f"{found[1]}〔{found[2]}〕{int(found[4])}号", text)
