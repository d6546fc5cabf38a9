"""Random returned workbooks with faults planted in known cells, and the look at a finding's address by other eyes than the
reader's. The same seed gives the same book.

A planted cell is kept as openpyxl's own cell object, which moves along when rows and columns are inserted; so where the
fault stands at the end is openpyxl's word, not ours.
"""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from tasks.desk import Config, load_config
from yaoxun.forms.checking import check, check_identity
from yaoxun.forms.envelope import Heading, Meta
from yaoxun.forms.loading import as_value
from yaoxun.forms.located import bare_header
from yaoxun.forms.model import Finding, Frame, History, KnownRow
from yaoxun.forms.reading import read_tables
from yaoxun.forms.settings import EXPLANATION, ColumnSetting
from yaoxun.forms.template import COVER_SHEET, build_template, sheet_name
from yaoxun.forms.template_sheet import END_MARK, HEADER_ROW
from yaoxun.forms.values import show
from yaoxun.home import Home
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import RawWorkbook
from yaoxun.sheets.reader import read_workbook

ORGS = ("danwei01", "danwei02", "danwei03", "danwei07", "danwei11")
LABELS = {"month": "2023-03", "quarter": "2023Q1", "week": "2023-W13"}
LAST_ROW_OF_ROWS = 30
HIDDEN, MERGED, COLUMNS, TWO_ROWS = "隐藏行", "合并单元格", "插入列", "两行表头"
DISTURBANCES = (HIDDEN, MERGED, COLUMNS, TWO_ROWS)
# What stands at such a finding's address is not what is wrong: a row or a header is meant, or the table as a whole.
OF_A_ROW = frozenset({"S06", "S07", "S08", "C09", "K01", "S05", "S01"})


@dataclass(frozen=True)
class Planted:
    """A fault put into a cell: which rules may name it."""

    sheet: str
    cell: Any
    rules: frozenset[str]
    kind: str


@dataclass
class Book:
    """One returned workbook on disk and what was done to it."""

    seed: int
    path: Path
    frames: Mapping[str, Frame]
    planted: list[Planted] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def shipped_config() -> Config:
    return load_config(Home(Path(__file__).parents[2]))


# Making


def make_book(seed: int, folder: Path) -> Book:
    """A workbook of two to four tables, filled, disturbed and with faults in it; each disturbance in a fifth of them."""
    hands = random.Random(seed)  # noqa: S311 (books, not secrets)
    frames = _frames(hands)
    heading, meta = Heading(office="示例办公室"), Meta(template="每月一套表", version=1, org=_org(frames), issue="1")
    book = openpyxl.load_workbook(BytesIO(build_template(list(frames.values()), heading=heading, meta=meta)))
    made = Book(seed=seed, path=folder / f"{seed}.xlsx", frames=frames)
    for table, frame in frames.items():
        _Hand(hands, made, book[sheet_name(frame.form)], frame).work(DISTURBANCES[seed % 5 :][:1])
        del table
    _declare(book[COVER_SHEET], frames)
    book.save(made.path)
    return made


def _org(frames: Mapping[str, Frame]) -> str:
    return next(iter(frames.values())).org.code


def _frames(hands: random.Random) -> dict[str, Frame]:
    config = shipped_config()
    office = config.office
    tables = [t for t, form in config.forms.items() if form.setting.layout is None and form.setting.period in LABELS]
    org = office.organisation(hands.choice(ORGS))
    wanted = hands.sample(tables, k=min(len(tables), hands.randint(2, 4)))
    frames = {}
    for table in sorted(wanted):
        form = config.forms[table]
        frame = Frame(form=form, org=org, period=office.period(LABELS[form.setting.period]), lists=office.code_lists,
                      pilot_start=office.pilot_start)  # fmt: skip
        frames[table] = replace(frame, history=_history(hands, frame))
    return frames


def _history(hands: random.Random, frame: Frame) -> History:
    """Some rows that were accepted before."""
    rows = {}
    uids = list(frame.prefill) if frame.form.fixed else [f"k{n}" for n in range(hands.randint(0, 6))]
    for n, uid in enumerate(uids):
        values = {c.name: _good(hands, frame, c, n, None) for c in frame.form.columns if c.name != EXPLANATION}
        if frame.form.fixed:
            values = {
                **frame.prefill[uid].values,
                **{c.name: Decimal(n + 1) for c in frame.form.columns if c.formula and c.numeric},
            }
        kept = {name: value for name, value in values.items() if value is not None}
        rows[uid] = KnownRow(uid=uid, values=kept, number=f"N{n:03d}" if frame.form.number_column else "",
                             period="2023-02", year=2023, first_period="2023-02")  # fmt: skip
    elsewhere = {c.refers.key: frozenset({"ZC0001", "ZC0002", "ZC0003"}) for c in frame.form.columns if c.refers}
    return History(rows=rows, previous="2023-02" if rows else "", elsewhere=elsewhere)


def _good(hands: random.Random, frame: Frame, column: ColumnSetting, n: int, entry: Any) -> Any:
    """A value that suits the column, from the form's own sample; keys differ from row to row."""
    sample = as_value(column, frame.form.setting.sample.get(column.name))
    if column.options_from:
        return hands.choice(frame.options(column, entry) or ("",))
    if column.kind == "document_no":
        return f"示例发〔2023〕{n + 1}号" if column.name in frame.form.setting.key else None
    if column.kind == "text" and column.name in frame.form.setting.key:
        return f"示例{_letters(hands)}{n}"
    if column.kind == "date":
        return frame.period.data_from + timedelta(days=n % 20) if sample is not None else None
    return sample


def _letters(hands: random.Random) -> str:
    return "".join(chr(hands.randrange(0x4E00, 0x9000)) for _ in range(6))


def _declare(cover: Any, frames: Mapping[str, Frame]) -> None:
    for row in cover.iter_rows(min_col=2, max_col=2):
        if str(row[0].value or "").split(" ")[0] in frames:
            cover.cell(row[0].row, 4).value = "有数据"


class _Hand:
    """Fills one sheet and does to it what people do."""

    def __init__(self, hands: random.Random, made: Book, sheet: Any, frame: Frame) -> None:
        self.hands, self.made, self.sheet, self.frame = hands, made, sheet, frame
        self.columns = {
            bare_header(str(c.value)).split("/")[0]: c.column for c in sheet[HEADER_ROW + 1] if c.column > 1
        }
        self.columns = {c.name: self.columns[c.name] for c in frame.form.columns if c.name in self.columns}
        self.first, self.spoilt, self.moved = HEADER_ROW + 2, set[int](), set[int]()
        self.rows: list[int] = []

    def work(self, disturbances: Sequence[str]) -> None:
        self._fill()
        if self.frame.form.fixed:
            self._lose_a_row()
        else:
            self._rearrange()
        self._plant()
        self._below()
        self._lose_a_header()
        for one in disturbances:
            self._disturb(one)

    def _fill(self) -> None:
        known = list(self.frame.prefill.values())
        count = len(known) if self.frame.form.fixed else min(len(known) + self.hands.randint(3, 12), LAST_ROW_OF_ROWS)
        for n in range(count):
            row = self.first + n
            entry = known[n].entry if n < len(known) else None
            for column in self.frame.form.columns:
                if column.ours or column.name not in self.columns or column.name == EXPLANATION:
                    continue
                value = self._value(column, n, entry)
                if n >= len(known) or (value is not None and column.name not in self.frame.form.setting.key):
                    self._cell(row, column.name).value = "、".join(value) if isinstance(value, tuple) else _plain(value)
            self.rows.append(row)

    def _value(self, column: ColumnSetting, n: int, entry: Any) -> Any:
        if column.refers:
            return f"ZC{n + 1:04d}" if n < 3 else None
        return _good(self.hands, self.frame, column, n + 50, entry)

    def _cell(self, row: int, column: str) -> Any:
        return self.sheet.cell(row, self.columns[column])

    # What people do to rows

    def _lose_a_row(self) -> None:
        """A row of a fixed table deleted."""
        if len(self.rows) > 1 and self.hands.random() < 0.2:
            self.sheet.delete_rows(self.rows.pop())
            self._note(self.sheet.cell(self._end(), 2), "删去一行", "S08")
            self.made.done.append("删去一行")

    def _end(self) -> int:
        return next(r for r in range(self.first, self.sheet.max_row + 1) if self.sheet.cell(r, 1).value == END_MARK)

    def _rearrange(self) -> None:
        """Rows copied whole, moved without their hidden column, emptied."""
        if self.hands.random() < 0.3 and len(self.rows) > 3:
            a, b = self.hands.sample(self.rows, 2)
            for col in range(2, self.sheet.max_column + 1):
                one, other = self.sheet.cell(a, col), self.sheet.cell(b, col)
                one.value, other.value = other.value, one.value
            self.moved |= {a, b}
            self.made.done.append("整行互换")
        if self.hands.random() < 0.3 and len(self.rows) > 3:
            row = self.hands.choice(self.rows)
            for col in self.columns.values():
                self.sheet.cell(row, col).value = None
            self.rows.remove(row)
            self.made.done.append("清空一行")
        if self.hands.random() < 0.3 and self.rows and not any(c.refers for c in self.frame.form.columns):
            self._copy_row()
        if self.hands.random() < 0.3:
            self._rename_row()

    def _rename_row(self) -> None:
        """A known row turned into another thing: all its key columns changed, its hidden uid left."""
        known = [row for row in self.rows if row not in self.spoilt | self.moved and self.sheet.cell(row, 1).value]
        names = [self.frame.form.by_name[name] for name in self.frame.form.setting.key]
        if known and all(column.kind == "text" and not column.refers for column in names):
            row = self.hands.choice(known)
            if not self._cell(row, names[0].name).value:
                return
            for column in names:
                self._cell(row, column.name).value = f"改名{_letters(self.hands)}"
            self._note(self._cell(row, names[0].name), "改关键列", "S07")
            self.spoilt.add(row)

    def _copy_row(self) -> None:
        """The last filled row again below itself: the key stands twice."""
        row, below = self.rows[-1], self.rows[-1] + 1
        if self.sheet.cell(below, 1).value == END_MARK:
            return
        for column, col in self.columns.items():
            if not self.frame.form.by_name[column].formula:
                self.sheet.cell(below, col).value = self.sheet.cell(row, col).value
        key = next(k for k in self.frame.form.setting.key if self._cell(below, k).value is not None)
        self._note(self._cell(below, key), "复制行", "C06")
        self.spoilt |= {row, below}
        self.made.done.append("复制一行")

    def _below(self) -> None:
        """Text below the end row."""
        if self.hands.random() < 0.2:
            cell = self.sheet.cell(self._end() + 3, self.hands.randint(2, 5))
            cell.value = "补充：另有两项未列入"
            self._note(cell, "表尾以下", "S04")

    def _lose_a_header(self) -> None:
        """The header of a required column emptied: the column is not found."""
        if self.hands.random() < 0.1:
            used = {p.cell.column for p in self.made.planted if p.sheet == self.sheet.title}
            form = self.frame.form
            names = [c.name for c in form.columns if c.required and c.name not in form.setting.key and not c.refers]
            lost = next((n for n in names if self.columns.get(n, 0) not in used | {0}), "")
            if lost:
                self._cell(HEADER_ROW + 1, lost).value = None
                self._note(self.sheet.cell(HEADER_ROW + 1, 2), "缺一列", "S01")
                self.made.done.append("缺一列")

    # Faults in cells

    def _plant(self) -> None:
        free = [(row, name) for row in self.rows if row not in self.spoilt for name in self.columns]
        self.hands.shuffle(free)
        for row, name in free[: self.hands.randint(3, 9)]:
            column = self.frame.form.by_name[name]
            if name in self.frame.form.setting.key or name == EXPLANATION or column.refers:
                continue
            kinds = list(_faults(self.frame, column, self.hands))
            if kinds:
                kind, value, rules = self.hands.choice(kinds)
                cell = self._cell(row, name)
                cell.value = value
                if kind == "错误值":
                    cell.data_type = "e"
                self._note(cell, kind, *rules)

    def _note(self, cell: Any, kind: str, *rules: str) -> None:
        self.made.planted.append(Planted(self.sheet.title, cell, frozenset(rules), kind))

    # What is done to the sheet

    def _disturb(self, kind: str) -> None:
        self.made.done.append(kind)
        {HIDDEN: self._hide, MERGED: self._merge, COLUMNS: self._insert_columns, TWO_ROWS: self._two_rows}[kind]()

    def _hide(self) -> None:
        for row in self.hands.sample(self.rows, k=min(len(self.rows), 4)):
            self.sheet.row_dimensions[row].hidden = True

    def _merge(self) -> None:
        """Neighbouring cells without a planted fault become one; of their contents the first is left."""
        kept = {(p.cell.row, p.cell.column) for p in self.made.planted if p.sheet == self.sheet.title}
        keys = {self.columns[k] for k in self.frame.form.setting.key if k in self.columns}
        for _ in range(4):
            row, col = self.hands.choice(self.rows), self.hands.choice(list(self.columns.values()))
            down = self.hands.random() < 0.5
            spots = [(row, col), (row + 1, col) if down else (row, col + 1)]
            last = max(self.columns.values())
            if any(s in kept or s[1] in keys or s[1] > last or s[0] > max(self.rows) for s in spots):
                continue
            kept.update(spots)
            self.sheet.merge_cells(start_row=row, start_column=col, end_row=spots[1][0], end_column=spots[1][1])

    def _insert_columns(self) -> None:
        """One empty and one with a header and content of its own."""
        last = max(self.columns.values())
        self.sheet.insert_cols(self.hands.randint(2, last))
        col = self.hands.randint(2, last)
        self.sheet.insert_cols(col)
        header = self._header_row()
        self.sheet.cell(header, col).value = "自己加的备注"
        self.sheet.cell(self.rows[0], col).value = "留作本单位用"
        self._note(self.sheet.cell(header, col), "自加列", "S02")

    def _two_rows(self) -> None:
        """A row of merged group titles above the header, and one or two lines more above that."""
        for _ in range(self.hands.randint(1, 3)):
            self.sheet.insert_rows(2)
        header = self._header_row()
        cols = sorted(c.column for c in self.sheet[header] if c.value is not None and c.column > 1)
        at = 0
        while at < len(cols):
            width = self.hands.randint(1, 4)
            first, last = cols[at], cols[min(at + width, len(cols)) - 1]
            if self.sheet.cell(header - 1, first).value is None:
                self.sheet.cell(header - 1, first).value = f"分组{at}"
                self.sheet.merge_cells(start_row=header - 1, start_column=first, end_row=header - 1, end_column=last)
            at += width
        if self.hands.random() < 0.3 and not self.frame.form.fixed:
            self.sheet.insert_rows(header + 1)
            self.sheet.cell(header + 1, cols[-2]).value = "（单位）"

    def _header_row(self) -> int:
        return next(r for r in range(1, 12) if str(self.sheet.cell(r, 1).value or "").startswith("#"))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else value


def _faults(  # noqa: PLR0912 (one case a kind of column)
    frame: Frame, column: ColumnSetting, hands: random.Random
) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """(kind, what is typed, rules that may name it) of the faults that suit a column."""
    if column.formula or column.locked:
        if not column.hidden and column.kind in ("text", "count", "number", "percent", "money", "code"):
            yield "改动锁定格", 987654 if column.numeric else "改过的字", ("C12", "K01", "K03", "S07", "Z02")
        return
    if column.hidden:
        return
    yield "错误值", hands.choice(("#REF!", "#DIV/0!", "#N/A")), ("E01",)
    yield "没有值的公式", "=1+1", ("E01",)
    if column.required:
        yield "漏填", None, ("C02",)
    if column.numeric:
        if not column.allow_negative:
            yield "负数", -5, ("C03",)
        yield "文字当数", hands.choice(("约二百", "2000万", "3人")), ("C03",)
        if not column.scale:
            yield "小数", 1.5, ("C03",)
        yield "全角数字", "１２", ("R01",)
        if column.kind == "percent":
            yield "百分数写成小数", 0.5, ("R02",)
    elif column.kind == "date":
        yield "坏日期", hands.choice(("2023-02-30", "下周五", "20231301")), ("C04",)
        yield "日期写法", "2023.3.6", ("R01",)
        if column.occurs == "past":
            yield "未来日期", datetime(2031, 5, 6), ("C04",)
    elif column.kind in ("choice", "choices"):
        yield "不在列表", "示例不存在的选项", ("C05", column.unknown) if column.unknown else ("C05",)
    elif column.kind == "text":
        yield "过长", "长" * (column.max_chars + 1), ("C10",)
        if not column.contact and column.max_chars >= 30:
            yield "手机号", "联系人电话13912345678请联系", ("C11",)


# Judging, and looking again


def findings_of(book: Book) -> tuple[Finding, ...]:
    """Every finding of a judgement of the file, as a user gets them."""
    raw = read_workbook(book.path, load_limits(Path(__file__).parents[2] / "config"))
    assert isinstance(raw, RawWorkbook), raw
    read = read_tables(raw, shipped_config().forms, book.frames)
    assert read.tables.keys() == book.frames.keys()
    org = next(iter(book.frames.values())).org
    found = [f for table in read.tables.values() for f in check(table, workbook=read.tables)]
    return (*found, *read.findings, *check_identity(read, org=org))


def wrong_addresses(book: Book, findings: Sequence[Finding]) -> list[str]:
    """Findings whose printed address does not hold what they say, by openpyxl's reading of the file."""
    typed = openpyxl.load_workbook(book.path)
    return [f"{book.seed} {f.rule} {f.sheet}!{f.cell} found={f.found!r} {why}"
            for f in findings if (why := _wrong(typed, f))]  # fmt: skip


def _wrong(book: Any, finding: Finding) -> str:  # noqa: PLR0911 (one case a kind of finding)
    if finding.sheet not in book.sheetnames:
        return "no such sheet"
    if not re.fullmatch(r"[A-Z]{1,3}[1-9]\d*", finding.cell):
        return "no address"
    sheet = book[finding.sheet]
    stands = shown(sheet[finding.cell].value)
    if finding.found and finding.column not in ("_meta", "sender"):
        return "" if same(stands, finding.found) else f"holds {stands!r}"
    row = re.match(r"第(\d+)行", finding.message)
    if row and int(row[1]) != sheet[finding.cell].row:
        return f"speaks of row {row[1]}"
    if finding.rule == "R01" and finding.column == "blank":
        filled = [c for c in sheet[sheet[finding.cell].row] if c.column > 2 and shown(c.value) and not _is_formula(c)]
        return f"the row holds {filled[0].value!r}" if filled else ""
    if finding.rule not in OF_A_ROW and finding.row_uid and finding.column:
        return f"holds {stands!r}" if stands else ""
    return ""


def _is_formula(cell: Any) -> bool:
    return cell.data_type == "f"


def shown(value: Any) -> str:
    """A cell of openpyxl as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, int | float):
        return show(Decimal(repr(value)))
    return str(value)


def same(stands: str, found: str) -> bool:
    return _bare(stands) == _bare(found)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def missed(book: Book, findings: Sequence[Finding]) -> list[str]:
    """Planted faults that no finding names at their cell."""
    named = {(f.sheet, cell, f.rule) for f in findings for cell in (f.cell, *_also(f))}
    return [
        f"{book.seed} {p.kind} at {p.sheet}!{p.cell.coordinate} ({'/'.join(sorted(p.rules))}): {p.cell.value!r}"
        for p in book.planted
        if not any((p.sheet, p.cell.coordinate, rule) in named for rule in p.rules)
    ]


def _also(finding: Finding) -> list[str]:
    found = re.search(r"（另见([^）]*)）$", finding.message)
    return found[1].split("、") if found else []


def shifted(finding: Finding, *, rows: int, cols: int) -> Finding:
    """The same finding some cells away: what an off-by-one in the reader would print."""
    match = re.fullmatch(r"([A-Z]+)(\d+)", finding.cell)
    assert match
    col = openpyxl.utils.column_index_from_string(match[1]) + cols
    return replace(finding, cell=f"{get_column_letter(col)}{int(match[2]) + rows}")


# Many


@dataclass
class Survey:
    """What came of many books: findings by rule and by disturbance, faults planted by kind, and what went wrong."""

    books: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    disturbed: Counter[str] = field(default_factory=Counter)
    books_with: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    with_value: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def report(self) -> str:
        total = sum(self.findings.values())
        return "\n".join(
            [f"工作簿 {self.books} 份，意见 {total} 条（印有原值的 {self.with_value} 条），埋下的错 {sum(self.planted.values())} 处"]
            + [f"{title}：" + "，".join(f"{key} {n}" for key, n in counter.most_common())
               for title, counter in (("按规则", self.findings), ("按埋下的错", self.planted), ("各种扰动的份数", self.books_with),
                                      ("各种扰动下的意见", self.disturbed))]
        )  # fmt: skip


def survey(seeds: Iterable[int], folder: Path) -> Survey:
    """Make, judge and look again."""
    found = Survey()
    for seed in seeds:
        book = make_book(seed, folder)
        findings = findings_of(book)
        found.books += 1
        found.findings.update(f.rule for f in findings)
        found.with_value += sum(bool(f.found) for f in findings)
        found.planted.update(p.kind for p in book.planted)
        for kind in {*book.done} or {"无"}:
            found.books_with[kind] += 1
            found.disturbed[kind] += len(findings)
        found.wrong += wrong_addresses(book, findings)
        found.missed += missed(book, findings)
        book.path.unlink()
    return found
