"""The first sheet of a marked-up copy, 审核意见: where its columns stand, and what its 说明 column says when it comes back.

An own sheet may have no place for an explanation, and is explained there. How the sheet is written is in markup.py.
"""

from collections.abc import Mapping, Sequence

from yaoxun.forms.identity import Draft
from yaoxun.forms.located import Located
from yaoxun.forms.model import Cell
from yaoxun.forms.settings import EXPLANATION
from yaoxun.forms.values import raw_text
from yaoxun.sheets.model import RawWorkbook

REVIEW_SHEET = "审核意见"
FIRST_ROW = 5
SHEET_COL, CELL_COL, COLOUR_COL, EXPLANATION_COL = 4, 5, 10, 11

Explained = Mapping[tuple[str, str], str]


def explanations(raw: RawWorkbook) -> Explained:
    """(sheet, cell) → what stands beside it in 说明; cells without any are left out."""
    page = raw.sheet(REVIEW_SHEET)
    if page is None:
        return {}
    found: dict[tuple[str, str], str] = {}
    for row in sorted({r for r, c in page.cells if c == EXPLANATION_COL and r >= FIRST_ROW}):
        sheet, cell, words = (raw_text(page.get(row, col)).strip() for col in (SHEET_COL, CELL_COL, EXPLANATION_COL))
        if words:
            found[sheet, cell] = words
    return found


def explain(place: Located, drafts: Sequence[Draft], told: Explained) -> None:
    """Put what the list explains into rows that say nothing themselves; it stands at the cell that it explains."""
    for draft in drafts if told else ():
        own = draft.cells.get(EXPLANATION)
        if own is not None and own.text.strip():
            continue
        for cell in list(draft.cells.values()):
            words = told.get((place.sheet.name, cell.address))
            if words:
                draft.cells[EXPLANATION] = Cell(words, words, cell.row, cell.col)
                break
