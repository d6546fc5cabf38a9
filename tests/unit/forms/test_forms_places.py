"""The address printed in a finding holds the offending value, whatever was inserted, renamed or hidden above it."""

from typing import Any

from forms_kit import NEW_POLICY, Filler, frame, history, policy, raw_value
from hypothesis import given, settings
from hypothesis import strategies as st

from yaoxun.forms.checking import check
from yaoxun.forms.values import raw_text
from yaoxun.sheets.model import RawCell

FAULTS = {
    "出台日期": ("C04", "2023.13.77"),
    "状态": ("C05", "大概有效"),
    "政策要点": ("C11", "请联系13800000000办理"),
    "失效日": ("T3-04", "2001-01-01"),
    "层级": ("C05", "省市"),
    "文号": ("T3-01", "某某第一份文件"),
    "政策名称": ("C10", "长" * 121),
}
MOVES = st.lists(
    st.tuples(st.sampled_from(["row", "column", "top", "hide", "rename"]), st.integers(0, 20)), max_size=6
)  # fmt: skip


def moved(sheet: Any, moves: list[tuple[str, int]]) -> None:
    """What hands do to a sheet between issue and return."""
    for what, n in moves:
        mark = next(c for row in sheet.iter_rows() for c in row if c.value == "#T3")
        if what == "row":
            sheet.insert_rows(mark.row + 1 + n % 3)
        elif what == "column":
            sheet.insert_cols(1 + n % 20)
        elif what == "top":
            sheet.insert_rows(1, 1 + n % 3)
        elif what == "hide":
            sheet.row_dimensions[mark.row + 1 + n % 3].hidden = True
        else:
            sheet.title = f"表{n}"


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(FAULTS)), st.integers(0, 2), MOVES)
def test_the_printed_address_holds_the_offending_value(column: str, row: int, moves: list[tuple[str, int]]) -> None:
    rule, value = FAULTS[column]
    filler = Filler(frame("T3", history=history(policy()))).declare_all()
    for n in (1, 2):
        filler.type("T3", n, NEW_POLICY | {"文号": f"晋市建发〔2023〕{n + 20}号"})
    filler.type("T3", row, {column: value})
    sheet = filler.sheet("T3")
    moved(sheet, moves)
    where = next(c.coordinate for line in sheet.iter_rows() for c in line if c.value == value)
    table, raw = filler.table("T3"), filler.raw()
    findings = check(table)
    assert [(f.sheet, f.cell) for f in findings if f.rule == rule and f.found == value] == [(sheet.title, where)]
    for finding in findings:
        if finding.found:
            there = raw_value(raw, finding.sheet, finding.cell)
            assert raw_text(RawCell(1, 1, "text", there)) == finding.found


@settings(max_examples=15, deadline=None)
@given(MOVES)
def test_values_do_not_depend_on_where_the_cells_stand(moves: list[tuple[str, int]]) -> None:
    filler = Filler(frame("T3", history=history(policy()))).declare_all().type("T3", 1, NEW_POLICY)
    before = [(row.uid, {n: c.value for n, c in row.cells.items()}) for row in filler.table("T3").rows]
    moved(filler.sheet("T3"), moves)
    after = [(row.uid, {n: c.value for n, c in row.cells.items()}) for row in filler.table("T3").rows]
    assert after == before
