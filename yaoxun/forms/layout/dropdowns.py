"""What a workbook already offers in dropdowns. Runs in a sandbox child: a path in, plain data out.

The reader of sheets/ keeps values only; this is asked once, when a form is drafted.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

_MOST_CELLS = 2000
_MOST_WORDS = 200


def read_dropdowns(path: str) -> dict[str, list[dict[str, Any]]]:
    """Sheet → dropdowns, each {"areas": ["C5:C20"], "options": [words]}; those whose words cannot be had are left out."""
    import openpyxl

    with Path(path).open("rb") as source:
        book = openpyxl.load_workbook(source)
    found: dict[str, list[dict[str, Any]]] = {}
    for page in book.worksheets:
        for rule in page.data_validations.dataValidation:
            if rule.type != "list" or not rule.formula1:
                continue
            options = list(dict.fromkeys(word for word in _words(book, page, str(rule.formula1)) if word))
            if options:
                areas = [str(area) for area in rule.sqref.ranges]
                found.setdefault(page.title, []).append({"areas": areas, "options": options[:_MOST_WORDS]})
    return found


def _words(book: Any, page: Any, formula: str) -> Iterator[str]:
    """The words of a dropdown: written out, or in cells, or under a name."""
    text = formula.lstrip("=").strip()
    if text.startswith('"'):
        yield from (word.strip() for word in text.strip('"').split(","))
        return
    if text in book.defined_names:
        text = str(book.defined_names[text].attr_text).lstrip("=")
    sheet, _, area = text.rpartition("!")
    name = sheet.strip("'").replace("''", "'")
    target = book[name] if name in book.sheetnames else page if not sheet else None
    if target is None or not all(c.isalnum() or c in "$:" for c in area):
        return
    cells = target[area.replace("$", "")]
    rows = cells if isinstance(cells, tuple) else ((cells,),)
    flat = [cell for row in rows for cell in (row if isinstance(row, tuple) else (row,))]
    yield from (str(cell.value).strip() for cell in flat[:_MOST_CELLS] if cell.value is not None)
