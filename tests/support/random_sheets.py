"""Random workbooks with what must be read out of them, written in three hands (openpyxl, xlsxwriter, and XML by ourselves for
what neither writes: shared formulas, inline rich text, built-in Chinese date formats), and our reading held to openpyxl's.

The same seed gives the same book. What stands in a cell is kept twice: as the writers take it, and as a reader must see it.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.worksheet.formula import ArrayFormula

from support.sheets_builders import MAIN, parts, styles, write
from yaoxun.sheets.model import RawCell, RawWorkbook, address, column_letters

ROWS, COLS = 60, 14
NAMES = (
    "T3 政策",
    "a'b",
    "100%",
    "A1",
    "R1C1",
    " 空格 ",
    "表！",
    "🙂",
    "x" * 31,
    '&<>"',
    "2023年3月",
    "Sheet1",
    "#REF",
    "甲.乙",
)
TEXTS = (
    "甲", " 前后 ", "\t制表", "两行\n三行", "001", "1e5", "TRUE", "12,345", "3个", "'撇", "=不是公式", "+1", "a&b<c>\"d\"", "🙂𠮷", "\u00a0",
    "　全角　", "x" * 3000, "e\u0301", "\u202e倒", "－", "2023.3.6", "]]>", "_", "_x", "x_y", ".", "-", "%", "12%",
)  # fmt: skip
ERRORS = ("#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!")
PLAIN_CODES = (
    "General", "0", "0.00", "#,##0.00", "0.0%", "0.00E+00", '0"个"', '#,##0"人天";[Red]-0', "¥#,##0", "@", "# ?/?", '"d"0', r"0\h",
    "[Red]0;[Blue]-0", 'General"小时"', "0.00_);(0.00)", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "[$¥-804]#,##0.00",
    "[>=100]0;[<1]0.0;General", '0"days"', "[Color10]0", "General;[Red]-General", '0.0"s"', "_d0", "*m0",
)  # fmt: skip
DATE_CODES = (
    "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "m/d/yy h:mm", "mmm-yy", "[$-804]yyyy/m/d;@", "yyyy-mm-dd hh:mm:ss", "d", "[Red]m/d",
    r"[$-F800]dddd\,\ mmmm\ dd\,\ yyyy", '[DBNum1][$-804]yyyy"年"m"月"', "yyyy/m/d h:mm;@", "dddd", "yyyy",
)  # fmt: skip
# Serial numbers at the edges of the calendar of 1900, with what Excel makes of them.
EDGES: tuple[tuple[float, str, Any], ...] = (
    (1, "date", datetime(1900, 1, 1)), (59, "date", datetime(1900, 2, 28)), (61, "date", datetime(1900, 3, 1)),
    (2_958_465, "date", datetime(9999, 12, 31)), (2_958_466, "number", Decimal(2_958_466)), (1e10, "number", Decimal(10**10)),
    (-1, "number", Decimal(-1)), (-45_000.5, "number", Decimal("-45000.5")), (0.75, "text", "18:00:00"),
)  # fmt: skip
TIME_CODES, DURATION_CODES = ("hh:mm:ss", "h:mm AM/PM"), ("[h]:mm:ss", "[mm]:ss")
NUMBERS = (
    0,
    1,
    -1,
    0.1 + 0.2,
    1.1,
    1 / 3,
    -2 / 3,
    1e15,
    1e-7,
    1e300,
    -1e-300,
    123456789012345,
    0.1,
    99.995,
    1e21,
    2.5e-10,
    100000,
)


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One filled cell. `typed` is what a writer gets; kind and value are what a reader must see. A formula's `typed` is its
    result. `how`: plain, rich, array, shared."""

    kind: str
    value: Any
    typed: Any
    code: str = "General"
    formula: str | None = None
    how: str = "plain"


@dataclass(kw_only=True)
class Page:
    name: str
    state: str
    cells: dict[tuple[int, int], Spec]
    merges: list[tuple[int, int, int, int]]
    hidden_rows: set[int]
    hidden_cols: set[int]

    def covered(self) -> set[tuple[int, int]]:
        """Places under a merge that are not its first."""
        return {
            (r, c)
            for r1, c1, r2, c2 in self.merges
            for r in range(r1, r2 + 1)
            for c in range(c1, c2 + 1)
            if (r, c) != (r1, c1)
        }


@dataclass(kw_only=True)
class Plan:
    date1904: bool
    pages: list[Page] = field(default_factory=list)

    def seen(self, hand: str) -> dict[tuple[str, str], tuple[str, Any, str | None]]:
        """(sheet, address) → (kind, value, formula) that a reader must see in what this hand wrote: openpyxl writes no results
        of formulas, xlsxwriter an error only as a formula that has it."""
        found = {}
        for page in self.pages:
            hidden = page.covered()
            for (row, col), spec in page.cells.items():
                if (row, col) not in hidden:
                    known = spec.formula is None or hand != "openpyxl"
                    error = spec.value if spec.kind == "error" and hand == "xlsxwriter" else None
                    told = (spec.kind, spec.value) if known else ("text", "")
                    found[page.name, address(row, col)] = (*told, spec.formula or error)
        return found


# Making


def make_plan(seed: int, *, filled: int = 450) -> Plan:
    """A workbook of one to three sheets, about so many cells in all."""
    dice = random.Random(seed)  # noqa: S311
    plan = Plan(date1904=dice.random() < 0.3)
    names = dice.sample(NAMES, k=dice.randint(1, 3))
    for n, name in enumerate(names):
        state = "visible" if n == 0 else dice.choice(("visible", "hidden", "veryHidden"))
        places = [(dice.randint(1, ROWS), dice.randint(1, COLS)) for _ in range(filled // len(names))]
        cells = {place: _spec(dice, plan.date1904, place) for place in dict.fromkeys(places)}
        if dice.random() < 0.2:
            cells[dice.randint(500, 3000), dice.randint(30, 300)] = _number(dice)
        plan.pages.append(
            Page(
                name=name, state=state, cells=cells, merges=_merges(dice),
                hidden_rows=set(dice.sample(range(1, ROWS + 5), k=dice.randint(0, 5))),
                hidden_cols=set(dice.sample(range(1, COLS + 3), k=dice.randint(0, 3))),
            )
        )  # fmt: skip
    return plan


def _merges(dice: random.Random) -> list[tuple[int, int, int, int]]:
    taken: set[tuple[int, int]] = set()
    kept = []
    for _ in range(dice.randint(0, 4)):
        row, col, down, right = dice.randint(1, ROWS), dice.randint(1, COLS), dice.randint(0, 3), dice.randint(0, 3)
        cells = {(r, c) for r in range(row, row + down + 1) for c in range(col, col + right + 1)}
        if len(cells) > 1 and not cells & taken:
            taken |= cells
            kept.append((row, col, row + down, col + right))
    return kept


def _spec(dice: random.Random, date1904: bool, place: tuple[int, int]) -> Spec:
    kinds: tuple[tuple[float, Callable[[], Spec]], ...] = (
        (30, lambda: _number(dice)), (25, lambda: _text(dice)), (6, lambda: _flag(dice)), (6, lambda: _error(dice)),
        (10, lambda: _date(dice)), (4, lambda: _time(dice)), (4, lambda: _duration(dice)), (4, lambda: _rich(dice)),
        (11, lambda: _formula(dice, place)), (0 if date1904 else 2, lambda: _edge(dice)),
    )  # fmt: skip
    (make,) = dice.choices([k for _, k in kinds], weights=[w for w, _ in kinds])
    return make()


def as_seen(value: float) -> Decimal:
    """A number to 15 digits, as every reader here must see it."""
    return Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))


def _number(dice: random.Random) -> Spec:
    value = dice.choice((
        lambda: dice.choice(NUMBERS), lambda: dice.randint(-(10**14), 10**14), lambda: dice.randint(-999, 999),
        lambda: round(dice.uniform(-10_000, 10_000), 2), lambda: dice.uniform(-1, 1) * 10.0 ** dice.randint(-300, 300),
    ))()  # fmt: skip
    # Sixteen digits are what openpyxl and xlsxwriter write.
    value = value if isinstance(value, int) else float(format(value, ".16g"))
    if isinstance(value, float) and 1e15 < abs(value) < 1e18:
        # Without a point it would be written as an integer, whose every digit is kept.
        value = float(format(value / 1e6, ".15g"))
    return Spec(kind="number", value=as_seen(value), typed=value, code=dice.choice(PLAIN_CODES))


def _text(dice: random.Random) -> Spec:
    text = dice.choice((lambda: dice.choice(TEXTS), lambda: f"单位{dice.randint(1, 99)}", lambda: _letters(dice)))()
    return Spec(kind="text", value=text, typed=text, code=dice.choice(("General", "@")))


def _letters(dice: random.Random) -> str:
    return "".join(dice.choices("甲乙丙丁一二三abcXYZ019,.;:!?（）《》 /\\", k=dice.randint(1, 30)))


def _rich(dice: random.Random) -> Spec:
    text = "题" + _letters(dice) + "的"  # openpyxl does not mark the space before a run as one to be kept
    return Spec(kind="text", value=text, typed=text, how="rich")


def _flag(dice: random.Random) -> Spec:
    value = dice.random() < 0.5
    return Spec(kind="bool", value=value, typed=value)


def _error(dice: random.Random) -> Spec:
    value = dice.choice(ERRORS)
    return Spec(kind="error", value=value, typed=value)


def _date(dice: random.Random) -> Spec:
    day = datetime(1905, 1, 1) + timedelta(days=dice.randint(0, 70_000))
    value = day + timedelta(seconds=dice.randrange(86_400)) if dice.random() < 0.4 else day
    return Spec(kind="date", value=value, typed=value, code=dice.choice(DATE_CODES))


def _edge(dice: random.Random) -> Spec:
    typed, kind, value = dice.choice(EDGES)
    return Spec(kind=kind, value=value, typed=typed, code="yyyy-mm-dd")


def _time(dice: random.Random) -> Spec:
    value = (datetime(2000, 1, 1) + timedelta(seconds=dice.randrange(86_400))).time()
    return Spec(kind="text", value=value.strftime("%H:%M:%S"), typed=value, code=dice.choice(TIME_CODES))


def _duration(dice: random.Random) -> Spec:
    value = timedelta(seconds=dice.randint(1, 10**6))
    return Spec(kind="text", value=clock(value), typed=value, code=dice.choice(DURATION_CODES))


def _formula(dice: random.Random, place: tuple[int, int]) -> Spec:
    """A formula whose result does not depend on other cells, or depends on them and was never computed right."""
    a, b = dice.randint(-99, 99), dice.randint(1, 99)
    formula, result = dice.choice((
        (f"{a}+{b}*2", a + b * 2), (f"{a}/{b}", a / b), (f'"甲"&"{b}"', f"甲{b}"), (f"{a}>{b}", a > b), ("1/0", "#DIV/0!"),
        ("NA()", "#N/A"), ('""', ""), (f'IF({a}>0,"是","否")', "是" if a > 0 else "否"), (f"SUM({a},{b},0.1)", a + b + 0.1),
        (f"ROUND({a}/{b},2)", round(a / b, 2)), (f'LEN("a&b<c>{b}")', 6 + len(str(b))),
    ))  # fmt: skip
    kind = "error" if isinstance(result, str) and result.startswith("#") else "bool" if isinstance(result, bool) else ""
    kind = kind or ("text" if isinstance(result, str) else "number")
    value = as_seen(result) if kind == "number" else result
    how = "array" if dice.random() < 0.15 and kind == "number" else "plain"
    return Spec(kind=kind, value=value, typed=result, formula=formula, how=how)


def clock(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


# Writing


def write_openpyxl(plan: Plan, path: Path) -> None:
    """Without results of formulas: openpyxl writes none."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904 if plan.date1904 else CALENDAR_WINDOWS_1900
    book.remove(book.worksheets[0])
    for page in plan.pages:
        sheet = book.create_sheet(page.name)
        sheet.sheet_state = page.state
        for (row, col), spec in page.cells.items():
            _put_openpyxl(sheet, row, col, spec)
        for r1, c1, r2, c2 in page.merges:
            sheet.merge_cells(start_row=r1, start_column=c1, end_row=r2, end_column=c2)
        for row in page.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for col in page.hidden_cols:
            sheet.column_dimensions[column_letters(col)].hidden = True
    book.save(path)


def _put_openpyxl(sheet: Any, row: int, col: int, spec: Spec) -> None:
    value = spec.typed
    if spec.how == "rich":
        value = CellRichText(value[:1], TextBlock(InlineFont(b=True), value[1:]))
    elif spec.how == "array":
        value = ArrayFormula(address(row, col), f"={spec.formula}")
    elif spec.formula is not None:
        value = f"={spec.formula}"
    cell = sheet.cell(row, col, value)
    if spec.kind == "text" and spec.formula is None and isinstance(value, str):
        cell.data_type = "s"  # not a formula, though it begin with =
    if spec.code != "General":
        cell.number_format = spec.code


def write_xlsxwriter(plan: Plan, path: Path, *, inline: bool = False) -> None:
    """With results of formulas. `inline`: texts stand in their cells, and no shared table of them exists."""
    book = xlsxwriter.Workbook(path, {"date_1904": plan.date1904, "constant_memory": inline})
    for page in plan.pages:
        sheet = book.add_worksheet(page.name)
        hide = {"hidden": sheet.hide, "veryHidden": sheet.very_hidden}.get(page.state)
        if hide:
            hide()
        for col in page.hidden_cols:
            sheet.set_column(col - 1, col - 1, None, None, {"hidden": True})
        if not inline:  # it writes blanks, and in this mode rows can only be written in order
            for r1, c1, r2, c2 in page.merges:
                sheet.merge_range(r1 - 1, c1 - 1, r2 - 1, c2 - 1, "")
        rows = {row for row, _ in page.cells} | page.hidden_rows
        for row in sorted(rows):
            if row in page.hidden_rows:
                sheet.set_row(row - 1, None, None, {"hidden": True})
            for col in sorted(c for r, c in page.cells if r == row):
                _put_xlsxwriter(book, sheet, row - 1, col - 1, page.cells[row, col])
    book.close()


def _put_xlsxwriter(book: Any, sheet: Any, row: int, col: int, spec: Spec) -> None:
    style = book.add_format({"num_format": spec.code}) if spec.code != "General" else None
    if spec.how == "array":
        sheet.write_array_formula(row, col, row, col, f"{{={spec.formula}}}", style, spec.typed)
    elif spec.formula is not None:
        sheet.write_formula(row, col, f"={spec.formula}", style, spec.typed)
    elif spec.how == "rich":
        sheet.write_rich_string(row, col, spec.typed[:1], book.add_format({"bold": True}), spec.typed[1:])
    elif spec.kind == "error":
        sheet.write_formula(row, col, f"={spec.typed}", style, spec.typed)
    elif isinstance(spec.typed, str):
        sheet.write_string(row, col, spec.typed, style)
    elif isinstance(spec.typed, datetime | date | time | timedelta):
        sheet.write_datetime(row, col, spec.typed, style)
    else:
        sheet.write(row, col, spec.typed, style)


BUILTIN_DATES = (14, 22, 27, 30, 31, 36, 50, 57, 58)  # from 27 on without a code: as a Chinese Excel writes them


def write_raw(plan: Plan, path: Path) -> None:
    """By our own hand: shared formulas, inline and rich texts with readings, ISO dates, rows without numbers, built-in date
    formats, blanks with styles, and <dimension> that lies."""
    dice = random.Random(len(plan.pages[0].cells))  # noqa: S311
    codes = [*PLAIN_CODES[1:], *DATE_CODES, *TIME_CODES, *DURATION_CODES, *BUILTIN_DATES]
    pages = [_raw_page(dice, plan, page, codes) for page in plan.pages]
    entries = "".join(
        f'<sheet name={quoteattr(p.name)} sheetId="{n}" state="{p.state}" r:id="rId{n}"/>'
        for n, p in enumerate(plan.pages, 1)
    )
    pr = f'<workbookPr date1904="{int(plan.date1904)}"/>'
    write(
        path,
        parts(
            *pages,
            workbook_pr=pr,
            entries=entries,
            style=styles(*(escape(code) if isinstance(code, str) else code for code in codes)),
        ),
    )


def _raw_page(dice: random.Random, plan: Plan, page: Page, codes: list[Any]) -> str:
    rows = []
    shared = _shared_columns(dice, page)
    for row in sorted({row for row, _ in page.cells} | page.hidden_rows):
        cells = "".join(
            _raw_cell(dice, plan, row, col, spec=page.cells[row, col], codes=codes, shared=shared)
            for col in sorted(c for r, c in page.cells if r == row)
        )
        hidden = ' hidden="1"' if row in page.hidden_rows else ""
        rows.append(f'<row r="{row}"{hidden}>{cells}</row>')
    cols = "".join(f'<col min="{c}" max="{c}" hidden="true"/>' for c in sorted(page.hidden_cols))
    merges = "".join(f'<mergeCell ref="{address(a, b)}:{address(c, d)}"/>' for a, b, c, d in page.merges)
    return (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:B2"/>{f"<cols>{cols}</cols>" if cols else ""}'
        f"<sheetData>{''.join(rows)}</sheetData>{f'<mergeCells>{merges}</mergeCells>' if merges else ''}</worksheet>"
    )


def _shared_columns(dice: random.Random, page: Page) -> dict[tuple[int, int], str]:
    """In column 1 below row ROWS: a formula that a master shares with its followers. The plan learns what each must say."""
    start, found = ROWS + 3, {}
    for n in range(dice.randint(0, 6)):
        place, ref = (start + n, 1), start + n
        formula = f'SUM($B${start}:B{ref})*2+IF(C{ref}="B{start}",1,-D{ref})'
        page.cells[place] = Spec(kind="number", value=Decimal(n), typed=n, formula=formula, how="shared")
        found[place] = "master" if n == 0 else "follower"
    return found


def _raw_cell(
    dice: random.Random, plan: Plan, row: int, col: int, *, spec: Spec, codes: list[Any], shared: dict[Any, str]
) -> str:
    where = f'<c r="{address(row, col)}"'
    style = f' s="{codes.index(spec.code) + 1}"' if spec.code in codes else ""
    formula = "" if spec.formula is None else f"<f>{escape(spec.formula)}</f>"
    if (row, col) in shared:
        text = escape(spec.formula or "") if shared[row, col] == "master" else ""
        formula = f'<f t="shared" si="3" ref="A{row}:A{row + 9}">{text}</f>'
    elif spec.how == "array":
        formula = f'<f t="array" ref="{address(row, col)}">{escape(spec.formula or "")}</f>'
    if spec.kind == "error":
        return f'{where}{style} t="e">{formula}<v>{spec.typed}</v></c>'
    if spec.kind == "bool":
        return f'{where}{style} t="b">{formula}<v>{int(spec.typed)}</v></c>'
    if isinstance(spec.typed, str):
        if spec.formula is not None:
            return f'{where}{style} t="str">{formula}<v>{escape(spec.typed)}</v></c>'
        return f'{where}{style} t="inlineStr">{_inline(spec)}</c>'
    if isinstance(spec.typed, datetime):
        style = f' s="{codes.index(dice.choice(BUILTIN_DATES)) + 1}"' if dice.random() < 0.5 else style
        if dice.random() < 0.2:
            return f'{where}{style} t="d"><v>{spec.typed.isoformat()}</v></c>'
    value = spec.typed if isinstance(spec.typed, int | float) else serial(spec.typed, date1904=plan.date1904)
    return f"{where}{style}>{formula}<v>{value!r}</v></c>"


def _inline(spec: Spec) -> str:
    space = ' xml:space="preserve"'
    if spec.how != "rich":
        return f"<is><t{space}>{escape(spec.typed)}</t></is>"
    reading = '<rPh sb="0" eb="1"><t>du</t></rPh>'
    runs = (spec.typed[:1], spec.typed[1:])
    return f"<is>{''.join(f'<r><rPr><b/></rPr><t{space}>{escape(run)}</t></r>' for run in runs)}{reading}</is>"


def serial(value: datetime | time | timedelta, *, date1904: bool) -> float:
    """The number that stands for it in a file."""
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
    return (value - (datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30))) / timedelta(days=1)


HANDS: dict[str, Callable[[Plan, Path], None]] = {
    "openpyxl": write_openpyxl,
    "xlsxwriter": write_xlsxwriter,
    "raw": write_raw,
}


# Comparing


@dataclass(frozen=True)
class Difference:
    """Where ours and theirs part, and why that is right ('' when nothing explains it)."""

    where: str
    ours: Any
    theirs: Any
    why: str = ""


@dataclass
class Comparison:
    cells: int = 0
    fields: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, other: "Comparison") -> None:
        self.cells, self.fields = self.cells + other.cells, self.fields + other.fields
        self.differences += other.differences

    @property
    def unexplained(self) -> list[Difference]:
        return [one for one in self.differences if not one.why]

    def report(self) -> str:
        why = Counter(one.why or "UNEXPLAINED" for one in self.differences)
        told = "".join(f"\n  {n} × {reason}" for reason, n in why.most_common())
        return f"cells compared: {self.cells} (kind, value and formula of each), differences: {len(self.differences)}{told}"


# Every reason why ours may differ from openpyxl's, with the test that a difference is really that one.
EXPLAINED: tuple[tuple[str, Callable[[RawCell, RawCell, str], bool]], ...] = (
    (
        "a built-in date format of a Chinese Excel (27–36, 50–58), which openpyxl takes for a plain number",
        lambda ours, theirs, _: (
            ours.kind == "date" and theirs.kind == "number" and theirs.value in _serials(ours.value)
        ),
    ),
    (
        "a number in a date format that is no date in Excel (negative, or after 9999), which openpyxl takes for a date or an error",
        lambda ours, theirs, _: (
            ours.kind == "number" and theirs.kind in ("date", "error") and not 0 <= Decimal(str(ours.value)) < 2_958_466
        ),
    ),
    (
        "a letter that a number format only fills with or leaves the width of (*m, _d), which openpyxl takes for a date's",
        lambda ours, _, code: ours.kind == "number" and re.search(r"[*_][dmyhs]", code) is not None,
    ),
)


def _serials(value: Any) -> list[Decimal]:
    """Its numbers in both date systems."""
    return [as_seen(serial(value, date1904=system)) for system in (False, True)]


def seen_by_openpyxl(cell: Any) -> tuple[str, Any]:  # noqa: PLR0911 (one for each type)
    """What we should make of openpyxl's cell."""
    value = cell.value
    if value is None:
        return "text", ""  # a formula that was never computed
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, datetime):
        return "date", value
    if isinstance(value, time):
        return "text", value.strftime("%H:%M:%S")
    if isinstance(value, timedelta):
        return "text", clock(value)
    if isinstance(value, int | float):
        return "number", as_seen(value)
    return "error" if cell.data_type == "e" else "text", value


def read_by_openpyxl(path: Path) -> list[tuple[Any, dict[tuple[int, int], RawCell]]]:
    """Each worksheet with its cells as ours should be: values from one pass, formulas from another."""
    formulas, cached = (openpyxl.load_workbook(path, data_only=only) for only in (False, True))
    found = []
    for sheet, values in zip(formulas.worksheets, cached.worksheets, strict=True):
        cells = {}
        for cell in list(sheet._cells.values()):  # iter_rows makes a cell of every blank
            if cell.value in (None, "") or isinstance(cell, MergedCell):
                continue
            formula = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
            kind, seen = seen_by_openpyxl(values[cell.coordinate])
            told = str(formula).removeprefix("=") if cell.data_type == "f" else None
            cells[cell.row, cell.column] = RawCell(cell.row, cell.column, kind, seen, told)  # type: ignore[arg-type]
        found.append((sheet, cells))
    return found


def compare(path: Path, ours: RawWorkbook) -> Comparison:
    """Every cell, merge, hidden line and state of every sheet, in both directions."""
    result = Comparison()
    theirs = read_by_openpyxl(path)
    _same(result, "sheets", [(s.name, s.state) for s in ours.sheets], [(s.title, s.sheet_state) for s, _ in theirs])
    for sheet, (page, cells) in zip(ours.sheets, theirs, strict=False):
        for place in sorted(set(sheet.cells) | set(cells)):
            result.cells += 1
            here, there = sheet.cells.get(place), cells.get(place)
            if here != there:
                why, code = "", page.cell(*place).number_format
                if here is not None and there is not None and here.formula == there.formula:
                    why = next((reason for reason, is_it in EXPLAINED if is_it(here, there, code)), "")
                result.differences.append(Difference(f"{sheet.name}!{address(*place)}", here, there, why))
        _same(result, "merges", sorted(sheet.merges), sorted(str(merge) for merge in page.merged_cells.ranges))
        hidden = {row for row, dimension in page.row_dimensions.items() if dimension.hidden and row <= sheet.max_row}
        _same(result, "hidden rows", set(sheet.hidden_rows), hidden)
        _same(result, "hidden columns", set(sheet.hidden_cols), _hidden_columns(page, sheet.max_col))
    return result


def _hidden_columns(page: Any, last: int) -> set[int]:
    dimensions: Iterable[Any] = page.column_dimensions.values()
    return {c for d in dimensions if d.hidden for c in range(d.min, d.max + 1) if c <= last}


def _same(result: Comparison, what: str, ours: Any, theirs: Any) -> None:
    result.fields += 1
    if ours != theirs:
        result.differences.append(Difference(what, ours, theirs))


def against_plan(plan: Plan, ours: RawWorkbook, hand: str) -> Comparison:
    """Our reading held to what was written."""
    result, wanted = Comparison(), plan.seen(hand)
    found = {(s.name, c.address): (c.kind, c.value, c.formula) for s in ours.sheets for c in s.cells.values()}
    for place in sorted(set(wanted) | set(found)):
        result.cells += 1
        if wanted.get(place) != found.get(place):
            result.differences.append(Difference("!".join(place), found.get(place), wanted.get(place)))
    return result
