"""The one fixture of all figures, by the name of `NAME`: a returned workbook of nine tables with 7,020 filled cells and
at most 500 facts, for each organisation of office.py.

Made from the shipped configuration by the program's own template, so that it changes when a table does; the same
configuration gives the same bytes. Every organisation's workbook says other things under the same shape.
"""

import os
import re
import time
import zipfile
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl

from bench.measure import BenchError, ensure
from bench.office import POLICIES, TABLES, a_name, make_home, policy_number
from bench.saved import STAMP, STRINGS, as_excel_saves
from tasks.desk import load_config
from yaoxun.forms.checking import check
from yaoxun.forms.envelope import Heading, Meta
from yaoxun.forms.facts import facts_of
from yaoxun.forms.loading import as_value
from yaoxun.forms.located import bare_header
from yaoxun.forms.model import Form, Frame, History
from yaoxun.forms.settings import EXPLANATION, ColumnSetting
from yaoxun.forms.template import COVER_SHEET, build_template, sheet_name
from yaoxun.forms.template_sheet import END_MARK, HEADER_ROW
from yaoxun.home import Home
from yaoxun.store.blobs import sha256_of

NAME = "九表7020"
FILLED, MOST_FACTS = 7_020, 500
_LABELS = {"month": "2023-03", "quarter": "2023Q1"}
# Policies and deeds come a few at a time; activities, problems, opinions and units make up the rest.
_FEW = {"T3": 12, "T4": POLICIES, "T5": 12}
_FIRST = "0001"
_NUMBER = "ZC"
_MODIFIED = datetime(2023, 3, 27, 10)
_MARK = re.compile(rf"⟦(\w+?)-(\d+)⟧|{_FIRST}")


@dataclass(frozen=True)
class Shape:
    """What the fixture holds, as counted."""

    name: str
    tables: tuple[str, ...]
    filled: int
    facts: int
    bytes: int
    sha: str


def frames_of(home: Home, org: str = _FIRST) -> dict[str, Frame]:
    """The frames of one organisation's tables, before anything was reported."""
    config = load_config(home)
    office = config.office
    frames = {}
    for table in TABLES:
        form = config.forms.get(table)
        if form is not None:
            period = office.period(_LABELS[form.setting.period])
            frames[table] = Frame(form=form, org=office.organisation(f"bm{org}"), period=period,
                                  lists=office.code_lists, pilot_start=office.pilot_start,
                                  history=History(elsewhere=_numbers(form, org)))  # fmt: skip
    return frames


def _numbers(form: Form, org: str) -> dict[str, frozenset[str]]:
    """What a column that refers to T3 may hold: the numbers that the history was given."""
    numbers = frozenset(policy_number(org, k) for k in range(POLICIES))
    return {column.refers.key: numbers for column in form.columns if column.refers}


@lru_cache(maxsize=1)
def base() -> bytes:
    """The first organisation's workbook, filled. Made in an office of that one, so that it is the same in every office."""
    with TemporaryDirectory(prefix="bench-") as folder:
        frames = frames_of(make_home(Path(folder) / "one", 1))
    heading = Heading(office="示例办公室", due="2023-03-28 17:30")
    meta = Meta(template="每月一套表", version=1, org=f"bm{_FIRST}", issue="1")
    template = build_template(list(frames.values()), heading=heading, meta=meta, based_on={})
    sizes = range(10, 200)
    rows = sizes[bisect_left(sizes, FILLED, key=lambda n: _Filling(template, frames, n).capacity())]
    return _Filling(template, frames, rows).filled()


def workbook(n: int) -> bytes:
    """The n-th organisation's workbook (from 1)."""
    org, out = f"{n:04d}", BytesIO()
    with zipfile.ZipFile(BytesIO(base())) as source, zipfile.ZipFile(out, "w") as to:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == STRINGS:
                content = _MARK.sub(lambda m: _of(org, m), content.decode()).encode()
            to.writestr(zipfile.ZipInfo(info.filename, STAMP), content, zipfile.ZIP_DEFLATED, compresslevel=6)
    return out.getvalue()


def drop(home: Home, numbers: Sequence[int]) -> None:
    """Put these organisations' workbooks into 收/, as if they had been lying there for a while."""
    moment = time.time() - 600
    home.make_folders()
    for n in numbers:
        path = home.inbox / f"示例部门{n:04d}-2023-03.xlsx"
        path.write_bytes(workbook(n))
        os.utime(path, (moment, moment))


def shape(home: Home) -> Shape:
    """The fixture as openpyxl and the program count it. Raises BenchError where it is not what its name says."""
    from yaoxun.forms.reading import read_tables
    from yaoxun.sheets.limits import load_limits
    from yaoxun.sheets.model import Refusal
    from yaoxun.sheets.sandbox import Sandbox

    content = workbook(1)
    path = home.root / "fixture.xlsx"
    path.write_bytes(content)
    filled = _count(openpyxl.load_workbook(BytesIO(content)))
    with Sandbox(load_limits(home.config)) as sandbox:
        raw = sandbox.open(path)
    if isinstance(raw, Refusal):
        raise BenchError(raw.sentence)
    read = read_tables(raw, load_config(home).forms, frames_of(home))
    blocking = [
        f.sentence for t in read.tables.values() for f in check(t) if f.level in ("强制", "须说明") and not f.explained
    ]
    ensure(not blocking, blocking[:5])
    facts = sum(len(facts_of(table)) for table in read.tables.values())
    ensure(filled == FILLED and facts <= MOST_FACTS, (filled, facts))
    return Shape(NAME, tuple(read.tables), filled, facts, len(content), sha256_of(content)[:12])


def _count(book: Any) -> int:
    return sum(
        1 for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")
    )


def _of(org: str, mark: re.Match[str]) -> str:
    if not mark[1]:
        return org
    return policy_number(org, int(mark[2])) if mark[1] == _NUMBER else a_name(org, mark[1], int(mark[2]))


class _Filling:
    """Fills the template: the printed rows, `rows` new ones a register, then optional cells up to the count."""

    def __init__(self, template: bytes, frames: dict[str, Frame], rows: int) -> None:
        self.template, self.frames, self.rows = template, frames, rows
        self.facts = 0

    def capacity(self) -> int:
        book = openpyxl.load_workbook(BytesIO(self.template))
        self._fill(book)
        return _count(book)

    def filled(self) -> bytes:
        book = openpyxl.load_workbook(BytesIO(self.template))
        optional = self._fill(book)
        surplus = _count(book) - FILLED
        for cell in reversed(optional[-surplus:] if surplus else ()):
            cell.value = None
        book.properties.created = _MODIFIED
        out = BytesIO()
        book.save(out)
        return as_excel_saves(out.getvalue())

    def _fill(self, book: Any) -> list[Any]:
        """Fill everything; the cells that may be emptied again, in order."""
        self.facts, optional = 0, list[Any]()
        for frame in self.frames.values():
            sheet = book[sheet_name(frame.form)]
            columns = {bare_header(str(c.value)).split("/")[0]: c.column for c in sheet[HEADER_ROW + 1] if c.column > 1}
            first = HEADER_ROW + 2
            count = len(frame.prefill) if frame.form.fixed else _FEW.get(frame.form.id, self.rows)
            if not frame.form.fixed:
                self._make_room(sheet, count)
            for k in range(count):
                optional += self._row(sheet, frame, columns, (first + k, k))
        self._cover(book[COVER_SHEET])
        return optional

    def _make_room(self, sheet: Any, rows: int) -> None:
        """Move the end row down to where more rows were filled than the template had, as inserted rows do."""
        end = next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == END_MARK)
        wanted = HEADER_ROW + 2 + rows
        if wanted > end:
            for row in (end + 1, end):
                for col in range(1, sheet.max_column + 1):
                    value = sheet.cell(row, col).value
                    sheet.cell(row, col).value = None
                    sheet.cell(row + wanted - end, col).value = value

    def _row(self, sheet: Any, frame: Frame, columns: dict[str, int], at: tuple[int, int]) -> list[Any]:
        """Fill one row; its cells that may be emptied again."""
        (row, k), optional = at, list[Any]()
        entry = list(frame.prefill.values())[k].entry if frame.form.fixed else None
        for column in frame.form.columns:
            if column.ours or column.name not in columns or not self._has_room(column):
                continue
            value = _value(frame, column, k, entry)
            if value in (None, ""):
                continue
            cell = sheet.cell(row, columns[column.name])
            cell.value = value
            if column.kind == "text" and not (column.required or column.indicator or column.name == EXPLANATION):
                optional.append(cell)
        return optional

    def _has_room(self, column: ColumnSetting) -> bool:
        """Whether another fact stays within their number, with room for the totals that follow from some."""
        if not column.indicator or column.required:
            return True
        self.facts += 1
        return self.facts <= MOST_FACTS - 100

    def _cover(self, cover: Any) -> None:
        words = {"填报人": "示例联络员", "审核人": "示例审核岗", "负责人": "示例分管领导", "电话": "0356-0000000",
                 "日期": "2023-03-27"}  # fmt: skip
        for (label,) in cover.iter_rows(min_col=2, max_col=2):
            text = str(label.value or "")
            if text in words:
                cover.cell(label.row, 3).value = words[text]
            if text.split(" ", maxsplit=1)[0] in self.frames:
                cover.cell(label.row, 4).value = "有数据"


def _value(frame: Frame, column: ColumnSetting, k: int, entry: Any) -> Any:
    """What is typed into a column of the k-th row; None for nothing."""
    if column.name == EXPLANATION:
        return "情况属实，已核对"
    if column.options_from:
        return frame.options(column, entry)[1]
    if column.refers:
        return f"⟦{_NUMBER}-{k}⟧"
    if column.name in frame.form.setting.key and column.kind in ("document_no", "text"):
        return f"晋示例{_FIRST}发〔2023〕{k + 1}号" if column.kind == "document_no" else f"⟦{frame.form.id}-{k}⟧"
    return _usual(frame, column, k)


def _usual(frame: Frame, column: ColumnSetting, k: int) -> Any:
    """What the form's own sample says, within the period."""
    sample = as_value(column, frame.form.setting.sample.get(column.name))
    if isinstance(sample, date) and column.occurs == "past":
        return frame.period.data_from + timedelta(days=1 + k % 20)
    if sample is None:
        return f"{column.name}已按要求办理，第{k + 1}项"[: column.max_chars] if column.kind == "text" else None
    if isinstance(sample, Decimal):
        return int(sample) + k % 7 if column.indicator else float(sample)
    return "、".join(sample) if isinstance(sample, tuple) else sample
