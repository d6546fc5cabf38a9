"""Formulas that a file writes once and uses in many cells (shared formulas), given back cell by cell.

Nothing is ever computed here: a computed column is recomputed by the rooms that know what it means.
"""

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError

from yaoxun.sheets.model import address


class SharedFormulas:
    """The shared formulas of one sheet, by their index."""

    def __init__(self) -> None:
        self._masters: dict[str, tuple[str, Translator | None]] = {}

    def text_at(self, index: str, text: str, row: int, col: int) -> str:
        """The formula of a cell: its own text, which then is the master, or the master's moved to this cell.

        A formula that cannot be taken apart is given as its master has it; one without a master is ''.
        """
        if text:
            self._masters.setdefault(index, (text, _translator(text, address(row, col))))
            return text
        master, translator = self._masters.get(index, ("", None))
        if translator is None:
            return master
        try:
            return str(translator.translate_formula(address(row, col))).removeprefix("=")
        except (TranslatorError, ValueError):
            return master


def _translator(text: str, origin: str) -> Translator | None:
    try:
        return Translator("=" + text, origin)
    except (TokenizerError, IndexError, ValueError):
        return None
