"""An office's own workbooks: twelve layouts that nobody designed with us are understood without a wrong cell, and become
definitions that load.
"""

import json
import re
import shutil
import sys
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from support.comparing import compare
from support.foreign_sheets import (
    LAYOUTS,
    Foreign,
    county_summary,
    hidden_rows,
    labels_form,
    side_by_side,
    two_tables_below,
)
from tasks.config_check import check_config
from tasks.own_sheets import draft_file, try_file
from yaoxun.cli import app
from yaoxun.context import Context
from yaoxun.errors import NotNowError, RequestError
from yaoxun.forms.layout.draft import Wishes
from yaoxun.forms.layout.model import UnderstoodCell
from yaoxun.forms.layout.places import parse_area
from yaoxun.forms.layout.understanding import understand
from yaoxun.home import Home, shipped
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import RawCell, RawSheet, RawWorkbook, address, column_letters
from yaoxun.sheets.reader import read_workbook


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return office_in(tmp_path / "home")


def office_in(folder: Path) -> Home:
    for name in ("config", "report_templates"):
        shutil.copytree(shipped(name), folder / name)
    return Home(folder)


def saved(foreign: Foreign, folder: Path) -> Path:
    path = folder / foreign.file_name
    path.write_bytes(foreign.content)
    return path


@dataclass(frozen=True)
class Looked:
    """A layout and what the program made of it."""

    foreign: Foreign
    cells: tuple[UnderstoodCell, ...]


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Looked]:
    """Every layout, looked at once."""
    folder = tmp_path_factory.mktemp("looked")
    ctx = Context(home=office_in(folder / "home"))
    made = {make.__name__: make() for make in LAYOUTS}
    return {name: Looked(foreign, try_file(ctx, saved(foreign, folder)).cells) for name, foreign in made.items()}


EVERY = pytest.mark.parametrize("layout", [make.__name__ for make in LAYOUTS])


# Understanding


def test_twelve_foreign_layouts_are_understood_without_a_wrong_cell(looked: dict[str, Looked]) -> None:
    cells = asked = 0
    wrong: list[str] = []
    for one in looked.values():
        result = compare(one.cells, one.foreign.expected)
        cells, asked = cells + result.cells, asked + result.asked
        wrong += [f"{one.foreign.name}: {fault}" for fault in result.wrong]
        line = f"{result.understood} understood, {result.asked} asked about, {len(result.wrong)} wrong"
        sys.stdout.write(f"{one.foreign.name}: {line}\n")
    total = f"{cells - asked - len(wrong)} understood, {asked} asked about, {len(wrong)} wrong"
    sys.stdout.write(f"{len(looked)} layouts, {cells} cells: {total}\n")
    assert len(looked) == 12
    assert not wrong, "\n".join(wrong)
    assert asked <= 0.02 * cells


@EVERY
def test_a_person_is_asked_where_it_is_needed_and_nowhere_else(layout: str, looked: dict[str, Looked]) -> None:
    one = looked[layout]
    assert {(c.sheet, c.cell) for c in one.cells if c.asked and c.role in ("data", "total")} == one.foreign.doubtful


@pytest.mark.parametrize("fault", ["organisation", "period", "unit", "column", "role", "missing"])
def test_the_comparison_finds_a_planted_fault(fault: str, looked: dict[str, Looked]) -> None:
    one = looked["county_summary"]
    cells = list(one.cells)
    at = next(n for n, cell in enumerate(cells) if cell.cell == "F7")
    planted: dict[str, Any] = {fault: "note" if fault == "role" else "别的"}
    cells[at : at + 1] = [] if fault == "missing" else [replace(cells[at], **planted)]
    assert len(compare(cells, one.foreign.expected).wrong) == 1


def test_a_wrong_sum_an_error_and_words_among_figures_are_found(looked: dict[str, Looked]) -> None:
    found = {(c.sheet, c.cell) for one in looked.values() for c in one.cells if c.finding}
    assert found == {("Sheet1", "F9"), ("明细", "B5"), ("明细", "C6")}


# Moved about


def moved(raw: RawWorkbook, down: int, right: int) -> RawWorkbook:
    """The same workbook with blank rows above and blank columns at the left."""
    return RawWorkbook(sheets=tuple(_moved(sheet, down, right) for sheet in raw.sheets))


def _moved(sheet: RawSheet, down: int, right: int) -> RawSheet:
    areas = [area for text in sheet.merges if (area := parse_area(text))]
    merges = tuple(f"{address(t + down, lt + right)}:{address(b + down, r + right)}" for t, lt, b, r in areas)
    cells = {
        (row + down, col + right): RawCell(row + down, col + right, c.kind, c.value, c.formula)
        for (row, col), c in sheet.cells.items()
    }
    return replace(
        sheet, cells=cells, merges=merges, max_row=sheet.max_row + down, max_col=sheet.max_col + right,
        hidden_rows=frozenset(r + down for r in sheet.hidden_rows), hidden_cols=frozenset(c + right for c in sheet.hidden_cols),
    )  # fmt: skip


def _shifted(place: str, down: int, right: int) -> str:
    found = re.fullmatch(r"([A-Z]+)(\d+)", place)
    assert found
    area = parse_area(place)
    assert area
    return f"{column_letters(area[1] + right)}{area[0] + down}"


@EVERY
def test_blank_rows_above_and_columns_at_the_left_change_addresses_only(
    layout: str, looked: dict[str, Looked], tmp_path: Path
) -> None:
    foreign = looked[layout].foreign
    raw = read_workbook(saved(foreign, tmp_path), load_limits(shipped("config")))
    assert isinstance(raw, RawWorkbook)

    def told(cell: UnderstoodCell, down: int = 0, right: int = 0) -> UnderstoodCell:
        asked = re.sub(r"第\d+行", "第n行", cell.asked)
        return replace(cell, cell=_shifted(cell.cell, down, right), asked=asked)

    before = understand(raw, file_name=foreign.file_name)
    for down, right in ((1, 0), (0, 1), (3, 2), (40, 5)):
        after = understand(moved(raw, down, right), file_name=foreign.file_name)
        assert [told(c) for c in after] == [told(c, down, right) for c in before]


# Drafting


def test_every_layout_becomes_definitions_that_pass_config_check_together(home: Home, tmp_path: Path) -> None:
    forms = []
    for make in LAYOUTS:
        drafted = draft_file(Context(home=home), saved(make(), tmp_path), Wishes())
        assert all(path.exists() for path in drafted.files)
        forms += drafted.forms
    assert len(forms) == 14 and len({form.id for form in forms}) == 14
    checked = check_config(Context(home=home))
    assert not checked.faults, [str(fault) for fault in checked.faults]
    for form in forms:
        assert (home.config / "forms" / f"{form.id}.yaml").read_text(encoding="utf-8") == form.text
        assert form.text.count("？请确认：") == len(form.questions)


def test_the_office_names_are_used_once_a_layout_fits(home: Home, tmp_path: Path) -> None:
    path = saved(county_summary(), tmp_path)
    drafted = draft_file(Context(home=home), path, Wishes())
    tried = try_file(Context(home=home), path)
    (form,) = drafted.forms
    assert form.id in tried.forms
    assert next(c.column for c in tried.cells if c.cell == "F6") == "青年就业_资金投入_本月"


def test_nothing_is_overwritten_unless_it_is_asked_for(home: Home, tmp_path: Path) -> None:
    path = saved(labels_form(), tmp_path)
    ctx, wishes = Context(home=home), Wishes(first_id="T10")
    draft_file(ctx, path, wishes)
    kept = home.config / "forms" / "T10.yaml"
    kept.write_text(kept.read_text(encoding="utf-8") + "# 改过\n", encoding="utf-8")
    with pytest.raises(NotNowError, match="T10"):
        draft_file(ctx, path, wishes)
    assert kept.read_text(encoding="utf-8").endswith("# 改过\n")
    draft_file(ctx, path, wishes, force=True)
    assert not kept.read_text(encoding="utf-8").endswith("# 改过\n")


def test_a_draft_may_be_written_elsewhere_and_for_some_sheets(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "out"
    drafted = draft_file(
        Context(home=home), saved(two_tables_below(), tmp_path), Wishes(first_id="X1", period="quarter"), out=out
    )
    assert [form.id for form in drafted.forms] == ["X1", "X2"]
    assert {form.period for form in drafted.forms} == {"quarter"}
    assert all(out in path.parents for path in drafted.files)
    with pytest.raises(RequestError, match="没有找到表"):
        draft_file(Context(home=home), saved(two_tables_below(), tmp_path), Wishes(sheets=("没有",)), out=out)


def test_assignments_go_to_the_end_of_their_file(home: Home, tmp_path: Path) -> None:
    draft_file(Context(home=home), saved(labels_form(), tmp_path), Wishes(first_id="T10"), assign="all")
    assert "{orgs: all, tables: [T10], period: quarter, duty: 必报}" in (home.config / "assignments.yaml").read_text(
        "utf-8"
    )
    assert not check_config(Context(home=home)).faults


def test_dropdowns_of_the_workbook_become_code_lists(home: Home, tmp_path: Path) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    foreign = labels_form()
    book = load_workbook(BytesIO(foreign.content))
    page, words = book.worksheets[0], book.create_sheet("选项")
    for n, word in enumerate(("甲类", "乙类"), start=1):
        words.cell(n, 1, word)
    words.sheet_state = "hidden"
    rule = DataValidation(type="list", formula1="=选项!$A$1:$A$2")
    rule.add("B3")
    page.add_data_validation(rule)
    book.save(tmp_path / "下拉.xlsx")
    (form,) = draft_file(Context(home=home), tmp_path / "下拉.xlsx", Wishes(first_id="T10")).forms
    assert next(c.options for c in form.columns if c.name == "联系电话") == ("甲类", "乙类")
    assert not check_config(Context(home=home)).faults


# The commands


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_forms_try_gives_one_entry_a_filled_cell(home: Home, tmp_path: Path) -> None:
    foreign = hidden_rows()
    path = saved(foreign, tmp_path)
    entries = json.loads(run("forms", "try", str(path), "--home", str(home.root), "--json"))
    assert len(entries) == len(foreign.expected)
    assert list(entries[0]) == [
        "sheet",
        "cell",
        "organisation",
        "period",
        "column",
        "value",
        "unit",
        "role",
        "asked",
        "finding",
    ]
    assert {entry["role"] for entry in entries} <= {"data", "total", "note", "title"}
    assert not (home.root / "data" / "yaoxun.db").exists(), "a trial needs no database"


def test_the_coloured_copy_shows_roles_questions_and_a_legend(home: Home, tmp_path: Path) -> None:
    path, copy = saved(hidden_rows(), tmp_path), tmp_path / "试读.xlsx"
    said = run("forms", "try", str(path), "--home", str(home.root), "--copy", str(copy))
    assert "要确认的 4 格，有问题的 2 格" in said
    book = load_workbook(copy)
    assert book.sheetnames[0] == "图例"
    page = book["明细"]
    fills = {at: page[at].fill.fgColor.rgb for at in ("A1", "A2", "B3", "B4", "B5")}
    assert len(set(fills.values())) == 5
    assert "隐藏" in page["B4"].comment.text and "约二十" in page["B5"].comment.text
    assert path.read_bytes() == hidden_rows().content or load_workbook(path)["明细"]["B5"].comment is None


def test_forms_draft_tells_what_to_do_next(home: Home, tmp_path: Path) -> None:
    said = run("forms", "draft", str(saved(side_by_side(), tmp_path)), "--home", str(home.root), "--id", "T10")
    for words in (
        "T10 创建单元",
        "T11 活动阵地",
        "T10.yaml",
        "assignments.yaml",
        "yaoxun config check",
        "不在 organisations.yaml 里",
    ):
        assert words in said


def test_a_file_that_is_no_workbook_is_told_in_one_sentence(home: Home, tmp_path: Path) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"not a workbook")
    with pytest.raises(RequestError, match="坏.xlsx"):
        try_file(Context(home=home), bad)


def test_a_file_that_is_not_there_is_told_with_its_path_and_no_word_of_the_drop_folder(
    home: Home, tmp_path: Path
) -> None:
    missing = tmp_path / "没有.xlsx"
    for use in (try_file, lambda ctx, file: draft_file(ctx, file, Wishes())):
        with pytest.raises(RequestError) as told:
            use(Context(home=home), missing)
        assert f"文件“{missing}”不存在" in str(told.value) and "放入" not in str(told.value)
    with pytest.raises(RequestError, match="是一个目录"):
        try_file(Context(home=home), tmp_path)
