"""A text with delimiters (.csv, .tsv) as one sheet of text cells. Which character parts the fields is told by whether the
lines then agree in their number of fields; a text in which none does is no table.
"""

import csv
import re
from collections import Counter
from io import StringIO

from yaoxun.sheets.grid import Grid, Reading
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawWorkbook
from yaoxun.sheets.refusals import unreadable
from yaoxun.sheets.textual import decoded
from yaoxun.sheets.values import from_shown

SHEET = "csv"
_DELIMITERS = (",", "\t", ";", "，")
_SAMPLE_CHARS = 65_536
_SAMPLE_ROWS = 50
# ="001": how a program makes Excel keep the zeros.
_KEPT_TEXT = re.compile(r'="((?:[^"]|"")*)"')


def delimiter_of(text: str) -> str:
    """The character that parts the fields of a text or of its beginning; '' when it is no table.

    Most of the lines must have as many fields as each other, more than one. The full-width comma stands in any Chinese
    prose, so with it all lines must agree.
    """
    best, best_score = "", 0.0
    for delimiter in _DELIMITERS:
        rows = _sample(text, delimiter)
        if not rows:
            continue
        # Of equally frequent widths the larger one: a title line is not what makes the table.
        width, times = max(Counter(map(len, rows)).items(), key=lambda item: (item[1], item[0]))
        share = times / len(rows)
        if width > 1 and share > best_score and (share >= 0.5 if delimiter != "，" else share == 1 and len(rows) > 1):
            best, best_score = delimiter, share
    return best


def _sample(text: str, delimiter: str) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(StringIO(text[:_SAMPLE_CHARS], newline=""), delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return []
    if len(rows) > 1 and len(rows) < _SAMPLE_ROWS and len(text) >= _SAMPLE_CHARS:
        rows.pop()  # cut in the middle
    return rows


def read_delimited(content: bytes, limits: Limits) -> RawWorkbook:
    """One sheet; a row for every record, so that a quoted line break makes no new row. Raises Unreadable."""
    text = decoded(content)
    if text is None:
        raise unreadable("csv_encoding")
    text = text.removeprefix("\ufeff")
    control = re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text)
    if control:
        raise unreadable("csv_control", n=text.count("\n", 0, control.start()) + 1)
    delimiter = delimiter_of(text)
    if not delimiter:
        raise unreadable("text")
    reading = Reading(limits=limits)
    reading.lossy.add("文本格式（.csv）")
    grid = Grid(SHEET, "visible", reading)
    for n, row in enumerate(_records(text, delimiter, limits), start=1):
        for col, field in enumerate(row, start=1):
            if field:
                grid.check_length(len(field), n, col)
                kept = _KEPT_TEXT.fullmatch(field)
                grid.put(n, col, *from_shown(kept[1].replace('""', '"') if kept else field))
    grid.finish()
    return reading.workbook()


def _records(text: str, delimiter: str, limits: Limits) -> list[list[str]]:
    """All records. A quote that is never closed would swallow the rest of the file: then it is refused."""
    for strict in (True, False):
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=strict)
        begun, rows = 1, []
        try:
            for row in reader:
                rows.append(row)
                begun = reader.line_num + 1
        except csv.Error as err:
            if "unexpected end" in str(err):
                raise unreadable("broken", what=f"文本第 {begun} 行有一个引号没有配对") from err
            if "field larger" in str(err):
                raise unreadable("text_too_long", where=f"文本第 {begun} 行的一格", limit=limits.cell_chars) from err
            if not strict:
                raise unreadable("broken", what=f"文本第 {begun} 行读不出来") from err
        else:
            return rows
    raise AssertionError("unreachable")
