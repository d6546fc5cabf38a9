"""The one fixture of all figures, by the name of `NAME`: a returned workbook of nine tables with 7,020 filled cells and
at most 500 facts, and an office of N such organisations that owe it.

Made from the shipped configuration by the program's own template, so that it changes when a table does; the same
configuration gives the same bytes. Every organisation's workbook says other things under the same shape.
"""

import os
import random
import re
import shutil
import time
import zipfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import yaml

from bench.measure import BenchError, ensure
from tasks.desk import load_config
from yaoxun.context import Context, parse_now
from yaoxun.forms.checking import check
from yaoxun.forms.envelope import Heading, Meta
from yaoxun.forms.facts import facts_of
from yaoxun.forms.loading import as_value
from yaoxun.forms.located import bare_header
from yaoxun.forms.model import Form, Frame, History
from yaoxun.forms.settings import EXPLANATION, ColumnSetting
from yaoxun.forms.template import COVER_SHEET, build_template, sheet_name
from yaoxun.forms.template_sheet import END_MARK, HEADER_ROW
from yaoxun.home import Home, shipped

NAME = "九表7020"
FILLED, MOST_FACTS = 7_020, 500
TABLES = ("T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9")
NOW = "2023-03-27T10:00"
_LABELS = {"month": "2023-03", "quarter": "2023Q1"}
_KIND = "本级部门"
_INDICATORS, _TASKS, POLICIES = 4, 2, 10
# Policies and deeds come a few at a time; activities, problems, opinions and units make up the rest.
_FEW = {"T3": 12, "T4": POLICIES, "T5": 12}
_FIRST = "0001"
_NUMBER = "ZC"
_STAMP = (2023, 3, 27, 10, 0, 0)
_MODIFIED = datetime(2023, 3, 27, 10)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRINGS = "xl/sharedStrings.xml"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_STRINGS_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
_INLINE = re.compile(r'(<c r="[A-Z]+\d+"(?: s="\d+")?) t="inlineStr"><is>(<t(?: [^>]*)?>[^<]*</t>)</is></c>')
_REFERENCE = re.compile(r"&#(\d{3,});")
_MARK = re.compile(rf"⟦(\w+?)-(\d+)⟧|{_FIRST}")


def context(home: Home, actor: str = "手工") -> Context:
    """The day on which the workbooks come in."""
    return Context(home=home, actor=actor, occasion="bench", fixed_now=parse_now(NOW))


# The office


def make_home(root: Path, orgs: int) -> Home:
    """An office of the shipped configuration whose only reporting organisations are `orgs` of our own."""
    shutil.copytree(shipped("config"), root / "config")
    shutil.copytree(shipped("report_templates"), root / "report_templates")
    config = root / "config"
    numbers = [f"{n:04d}" for n in range(1, orgs + 1)]
    _append(config / "organisations.yaml", ({"code": f"bm{n}", "name": f"示例部门{n}", "kind": _KIND} for n in numbers))
    _append(config / "lists" / "indicator.yaml", (one for n in numbers for one in _indicators(n)))
    _append(config / "lists" / "task.yaml", (one for n in numbers for one in _tasks(n)))
    tables = [table for table in TABLES if (config / "forms" / f"{table}.yaml").exists()]
    kinds = {t: yaml.safe_load((config / "forms" / f"{t}.yaml").read_text("utf-8"))["period"] for t in tables}
    lines = [
        {"orgs": f"kind:{_KIND}", "tables": [t], "period": kind, "duty": "有则报"} for t, kind in kinds.items()
    ]  # fmt: skip
    (config / "assignments.yaml").write_text(yaml.safe_dump({"assignments": lines}, allow_unicode=True), "utf-8")
    return Home(root.resolve())


def _append(path: Path, entries: Iterator[dict[str, Any]]) -> None:
    """Add entries to a file that ends with its list."""
    text = path.read_text("utf-8").rstrip("\n")
    lines = yaml.safe_dump(list(entries), allow_unicode=True, sort_keys=False, default_flow_style=None, width=1000)
    path.write_text(text + "\n" + "".join(f"  {line}\n" for line in lines.splitlines()), "utf-8")


def _indicators(org: str) -> Iterator[dict[str, Any]]:
    for k in range(1, _INDICATORS + 1):
        yield {"code": f"I{org}-{k}", "name": f"示例指标{org}-{k}", "owner": f"示例部门{org}", "measure": f"X{k}",
               "scope": "市本级", "unit": "个", "target": "100"}  # fmt: skip


def _tasks(org: str) -> Iterator[dict[str, Any]]:
    for k in range(1, _TASKS + 1):
        yield {"code": f"R{org}-{k}", "name": f"示例任务{org}-{k}", "owner": f"示例部门{org}", "measure": f"X{k}",
               "traction": "Q1", "target": f"建成示例点{k}处", "plan_q1": "10", "plan_q2": "40", "plan_q3": "70"}  # fmt: skip


# The workbook


@dataclass(frozen=True)
class Shape:
    """What the fixture holds, as counted."""

    name: str
    tables: tuple[str, ...]
    filled: int
    facts: int
    bytes: int


def write_history(home: Home, orgs: Sequence[int]) -> Iterator[Path]:
    """The policies that these organisations (all, in order) had before; T4 reports on them. They are no longer in force,
    so that T3 does not open with them. In files of a few hundred organisations each."""
    form = load_config(home).forms["T3"]
    usual = {c.name: as_value(c, form.setting.sample.get(c.name)) for c in form.columns if not c.ours}
    usual |= {"状态": "失效", "出台日期": date(2021, 3, 1), "失效日": date(2022, 3, 1)}
    usual = {name: value for name, value in usual.items() if value is not None}
    for start in range(0, len(orgs), 200):
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("示例")
        sheet.append(["表号", "报告期", "单位", *usual])
        for n in orgs[start : start + 200]:
            for k in range(POLICIES):
                own = {"文号": f"晋示例{n:04d}发〔2021〕{k + 1}号", "政策名称": a_name(f"{n:04d}", "T3往年", k)}
                values = ("、".join(v) if isinstance(v, tuple) else v for v in (usual | own).values())
                sheet.append(["T3", "试点前", f"示例部门{n:04d}", *values])
        path = home.root / f"history-{start}.xlsx"
        book.save(path)
        yield path


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
    numbers = frozenset(_policy_number(org, k) for k in range(POLICIES))
    return {column.refers.key: numbers for column in form.columns if column.refers}


def _policy_number(org: str, k: int) -> str:
    return f"ZC{(int(org) - 1) * POLICIES + k + 1:04d}"


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
            if info.filename == _STRINGS:
                content = _MARK.sub(lambda m: _of(org, m), content.decode()).encode()
            to.writestr(zipfile.ZipInfo(info.filename, _STAMP), content, zipfile.ZIP_DEFLATED, compresslevel=6)
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
    return Shape(NAME, tuple(read.tables), filled, facts, len(content))


def _count(book: Any) -> int:
    return sum(
        1 for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")
    )


def _of(org: str, mark: re.Match[str]) -> str:
    if not mark[1]:
        return org
    return _policy_number(org, int(mark[2])) if mark[1] == _NUMBER else a_name(org, mark[1], int(mark[2]))


def a_name(org: str, table: str, k: int) -> str:
    """A name that nobody else has, among words that every name has."""
    letters = random.Random(f"{org}/{table}/{k}")  # noqa: S311 (a name, not a secret)
    return "示例" + "".join(chr(0x4E00 + 30 * letters.randrange(600)) for _ in range(7)) + "实施办法"


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
        return _as_excel_saves(out.getvalue())

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


def _as_excel_saves(content: bytes) -> bytes:
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
                part = f'<Override PartName="/{_STRINGS}" ContentType="{_STRINGS_TYPE}"/>'
                text = text.replace("</Types>", part + "</Types>")
            elif info.filename == "xl/_rels/workbook.xml.rels":
                part = f'<Relationship Id="rIdTexts" Type="{_STRINGS_RELATION}" Target="/{_STRINGS}"/>'
                text = text.replace("</Relationships>", part + "</Relationships>")
            elif info.filename == "docProps/core.xml":
                text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2023-03-27T10:00:00Z", text)
            to.writestr(zipfile.ZipInfo(info.filename, _STAMP), text)
        items = "".join(f"<si>{text}</si>" for text in texts)
        to.writestr(zipfile.ZipInfo(_STRINGS, _STAMP), f'<sst xmlns="{_MAIN}" uniqueCount="{len(texts)}">{items}</sst>')
    return out.getvalue()
