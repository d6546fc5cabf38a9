"""Where the tables stand in a returned workbook, whatever was renamed, inserted or moved: by the hidden marks, and where
they are gone by the headers; of the office's own sheets by the words of their layouts. Also `_meta`, the cover, and what
an own sheet's lines say. What the cells mean is read in reading.py.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from yaoxun.forms.envelope import Cover, Identity, Meta
from yaoxun.forms.layout.placing import place_forms
from yaoxun.forms.layout.said import say_of
from yaoxun.forms.located import Located, RowCells, bare_header, lines_of, spellings
from yaoxun.forms.model import Form
from yaoxun.forms.review_list import REVIEW_SHEET
from yaoxun.forms.template import (
    COVER_FIELDS,
    COVER_SHEET,
    DECLARED_HEADER,
    LIST_SHEET,
    MANUAL_SHEET,
    META_SHEET,
    parse_meta,
)
from yaoxun.forms.template_sheet import END_MARK, END_TEXT
from yaoxun.forms.values import raw_text
from yaoxun.sheets.model import RawSheet, RawWorkbook, address

_OURS = (COVER_SHEET, LIST_SHEET, MANUAL_SHEET, META_SHEET, REVIEW_SHEET)
_MARK = re.compile(r"#(\w+)")
_FOOT = re.compile(r"\s*(填表人|制表人|审核人|负责人|注[：:])")


def identify(raw: RawWorkbook, forms: Mapping[str, Form], known: Collection[str] = frozenset()) -> Identity:
    """What a file says of itself: `_meta`, the cover, which tables it holds, and what their own lines say. `known`: names of
    organisations, as bare_name writes them."""
    return identify_located(raw, forms, locate(raw, forms), known)


def identify_located(
    raw: RawWorkbook,
    forms: Mapping[str, Form],
    found: Mapping[str, list[Located]],
    known: Collection[str] = frozenset(),
) -> Identity:
    """The same where the tables were located already."""
    tables = {table: places[0].sheet.name for table, places in found.items()}
    own = {t: say_of(places[0], forms[t], known) for t, places in found.items() if places[0].layout is not None}
    return Identity(meta=_meta(raw), cover=_cover(raw, forms), tables=tables, own=own)


def locate(raw: RawWorkbook, forms: Mapping[str, Form]) -> dict[str, list[Located]]:
    """Every place where a table stands; the one to read comes first (the sheet that `_meta` names, else file order)."""
    meta = _meta(raw)
    named = {(s.table, s.sheet) for s in meta.sheets} if meta else set()
    found: dict[str, list[Located]] = {}
    for table, place in _places(raw, forms, {s.table for s in meta.sheets} if meta else set()):
        found.setdefault(table, []).append(place)
    for table, places in found.items():
        places.sort(key=lambda place: (table, place.sheet.name) not in named)
    return found


def _places(raw: RawWorkbook, forms: Mapping[str, Form], issued: set[str]) -> Iterator[tuple[str, Located]]:
    """Every table of every sheet. Where `_meta` says what went out, only those own sheets are looked for: another table
    of the office may have the same header."""
    own = [form for form in forms.values() if form.setting.layout and (not issued or form.id in issued)]
    ours = {table: form for table, form in forms.items() if not form.own_file}
    for sheet in raw.sheets:
        if sheet.name in _OURS:
            continue
        lines = lines_of(sheet)
        marked = list(_marked(sheet, ours))
        placed = place_forms(sheet, own) if not marked and sheet.state == "visible" else []
        if placed:
            yield from ((form.id, place) for form, place in placed)
            continue
        for table, header_row, mark_col in marked or list(_by_headers(sheet, lines, ours)):
            yield table, _located(sheet, lines, forms[table], header_row, mark_col)


def _marked(sheet: RawSheet, forms: Mapping[str, Form]) -> Iterator[tuple[str, int, int]]:
    for (row, col), cell in sheet.cells.items():
        found = _MARK.fullmatch(cell.value) if cell.kind == "text" and isinstance(cell.value, str) else None
        if found and found[1] in forms:
            yield found[1], row, col


def _by_headers(
    sheet: RawSheet, lines: Mapping[int, RowCells], forms: Mapping[str, Form]
) -> Iterator[tuple[str, int, int]]:
    """The row among the first forty that has most of a table's headers."""
    best: tuple[float, str, int] = (0.0, "", 0)
    for row in sorted(lines)[:40]:
        words = {bare_header(raw_text(cell)) for cell in lines[row].values()}
        for form in forms.values():
            hits = sum(1 for column in form.columns if words & set(spellings(column)))
            share = hits / len(form.columns)
            if hits >= 3 and share > best[0]:
                best = (share, form.id, row)
    if best[0] >= 0.6:
        yield best[1], best[2], 0


def _located(sheet: RawSheet, lines: Mapping[int, RowCells], form: Form, header_row: int, mark_col: int) -> Located:
    spelt = {text: column.name for column in reversed(form.columns) for text in spellings(column)}
    columns: dict[str, int] = {}
    doubles: list[tuple[str, int]] = []
    unknown: list[tuple[str, int]] = []
    for col, cell in sorted(lines[header_row].items()):
        text = raw_text(cell)
        if col == mark_col or not text.strip():
            continue
        name = spelt.get(bare_header(text))
        if name is None:
            unknown.append((text, col))
        elif name in columns:
            doubles.append((name, col))
        else:
            columns[name] = col
    end_row, ended = _end(lines, header_row, mark_col)
    return Located(
        sheet=sheet, header_row=header_row, mark_col=mark_col, end_row=end_row, ended=ended, columns=columns,
        doubles=tuple(doubles), unknown=tuple(unknown), lines=lines,
    )  # fmt: skip


def _end(lines: Mapping[int, RowCells], header_row: int, mark_col: int) -> tuple[int, bool]:
    """The end row by its hidden mark, else by its visible words, else before the foot or after the last filled row."""
    below = sorted(row for row in lines if row > header_row)
    for row in below:
        mark = lines[row].get(mark_col)
        if mark is not None and mark.value == END_MARK:
            return row, True
    for row in below:
        if any(
            isinstance(cell.value, str) and END_TEXT[2:4] in cell.value and "以上" in cell.value
            for cell in lines[row].values()
        ):
            return row, True
    for row in below:
        if is_foot(lines[row]):
            return row, False
    return (below[-1] + 1 if below else header_row + 1), False


def is_foot(line: RowCells) -> bool:
    """The row 填表人：… 负责人（签字）…, or a note under the table."""
    first = next((raw_text(line[col]) for col in sorted(line) if raw_text(line[col]).strip()), "")
    return bool(_FOOT.match(first)) and ("：" in first or ":" in first)


def _meta(raw: RawWorkbook) -> Meta | None:
    sheet = raw.sheet(META_SHEET)
    if sheet is None:
        return None
    lines = lines_of(sheet)
    table = [[raw_text(lines[row].get(col)) for col in range(1, 6)] for row in sorted(lines)]
    return parse_meta(table)


def _cover(raw: RawWorkbook, forms: Mapping[str, Form]) -> Cover:
    for sheet in sorted(raw.sheets, key=lambda s: s.name != COVER_SHEET):
        labels = {(r, c): raw_text(cell).strip().rstrip("：:") for (r, c), cell in sheet.cells.items()}
        known = {text for text in labels.values() if text in COVER_FIELDS}
        if len(known) >= 4 and sheet.name not in (MANUAL_SHEET, REVIEW_SHEET):
            return _read_cover(sheet, labels, forms)
    return Cover()


def _read_cover(sheet: RawSheet, labels: Mapping[tuple[int, int], str], forms: Mapping[str, Form]) -> Cover:
    fields: dict[str, str] = {}
    places: dict[str, str] = {}
    declared: dict[str, str] = {}
    declared_at: dict[str, str] = {}
    periods: dict[str, str] = {}
    column = next((c for (_, c), text in labels.items() if text == DECLARED_HEADER), 0)
    for (row, col), text in sorted(labels.items()):
        if text in COVER_FIELDS and text not in fields:
            fields[text] = raw_text(sheet.get(row, col + 1)).strip()
            places[text] = address(row, col + 1)
        table = text.split(" ")[0].split("　")[0]
        if table in forms and table not in declared and col < (column or col + 1):
            at = column or col + 2
            declared[table] = re.sub(r"\s", "", raw_text(sheet.get(row, at)))
            declared_at[table] = address(row, at)
            periods[table] = raw_text(sheet.get(row, at - 1)).strip()
    return Cover(
        sheet=sheet.name, fields=fields, places=places, declared=declared, declared_at=declared_at, periods=periods
    )
