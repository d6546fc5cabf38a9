"""Reads a returned workbook into tables: values with their cells, repairs disclosed, our own values where a cell is ours.

Whether the values are allowed is judged in checking.py; findings here are about what could not be placed or was mended.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yaoxun.forms.changes import changed_rows, is_changed
from yaoxun.forms.drafts import drafts_of
from yaoxun.forms.envelope import Identity, ReadWorkbook
from yaoxun.forms.findings import at, of_row
from yaoxun.forms.identity import Draft, assign
from yaoxun.forms.layout.own_rows import declared_zero, own_declaration, own_drafts, own_structure
from yaoxun.forms.layout.totals import check_totals
from yaoxun.forms.located import Located
from yaoxun.forms.locating import identify_located, is_foot, locate
from yaoxun.forms.missing_rows import missing_rows, take_out_emptied
from yaoxun.forms.model import (
    DECLARATIONS,
    Cell,
    Declaration,
    Finding,
    Form,
    Frame,
    Row,
    Table,
)
from yaoxun.forms.overlay import overlay
from yaoxun.forms.review_list import Explained, explain, explanations
from yaoxun.forms.secrecy import secrecy_mark
from yaoxun.forms.values import raw_text, read_value
from yaoxun.sheets.delimited import SHEET as TEXT_SHEET
from yaoxun.sheets.model import RawWorkbook, address


def read_tables(raw: RawWorkbook, forms: Mapping[str, Form], frames: Mapping[str, Frame]) -> ReadWorkbook:
    """The tables of a workbook, each in its frame (organisation, period, history), with what came up while reading.

    Tables without a frame are not this organisation's to report; they are named in a finding and left out.
    """
    found = locate(raw, forms)
    identity = identify_located(raw, forms, found)
    tables: dict[str, Table] = {}
    findings: list[Finding] = []
    told = explanations(raw)
    secret = secrecy_mark(raw)
    if secret is not None:
        findings.append(secret)
    if identity.meta is None:
        findings.append(_no_meta(raw, own=len(identity.own) == len(identity.tables)))
    for table, places in found.items():
        if table not in frames:
            findings.append(_not_asked(places[0], table))
        findings += [_second_sheet(place, table) for place in places[1:]]
    for table, frame in frames.items():
        read = _one_table(frame, found.get(table, []), identity, told)
        if read is not None and read.declared != "本次不含":
            tables[table] = read
        elif read is not None and changed_rows(read):
            message = f"封面说“{read.sheet}”本次不含，表里却有新增或变化，没有收。要报请把封面改为“有数据”后重发。"
            findings.append(at("C07", *read.declared_at, message, level="提示", column=table, found=read.declared))
    return ReadWorkbook(identity=identity, tables=tables, findings=tuple(findings))


def _no_meta(raw: RawWorkbook, *, own: bool) -> Finding:
    sheet = next((s for s in raw.sheets if s.state == "visible"), raw.sheets[0])
    if own:
        message = "这不是办公室发出的那份文件，已按表头、填报单位和报告期认出，请核对；下次请用办公室发的文件填报。"
        return at("S05", sheet.name, "A1", message, column="_meta")
    message = "工作簿里的隐藏信息页丢失，已按表头文字识别。请在发给本单位的表上填报，不要另建新表或复制到别的工作簿。"
    return at("S05", sheet.name, "A1", message, column="_meta")


def _not_asked(place: Located, table: str) -> Finding:
    where = place.address(place.header_row)
    message = f"本单位本期不报{table}，这张表未收。如确需报送，请与办公室联系。"
    return at("S05", place.sheet.name, where, message, column=table)


def _second_sheet(place: Located, table: str) -> Finding:
    where = place.address(place.header_row)
    message = f"工作表“{place.sheet.name}”与另一张{table}相同，只收一张，这一张未收。请删去多余的工作表。"
    return at("S05", place.sheet.name, where, message, table=table, column=f"sheet:{place.sheet.name}")


def _one_table(frame: Frame, places: list[Located], identity: Identity, told: Explained) -> Table | None:
    table, cover, issued = frame.form.id, identity.cover, identity.meta is not None
    declared = cover.declared.get(table, "")
    declared_at = (cover.sheet, cover.declared_at.get(table, "")) if table in cover.declared else ("", "")
    if not places:
        return _absent(frame, declared, declared_at)
    place = places[0]
    if not declared_at[1]:
        declared_at = (place.sheet.name, place.address(place.header_row))
    return _read(frame, place, (declared, declared_at), told, issued=issued)


def _absent(frame: Frame, declared: str, declared_at: tuple[str, str]) -> Table | None:
    """A table that the workbook lacks: fine where the cover says there is nothing, else a finding at the cover's cell."""
    if declared in ("", "本次不含") or not declared_at[1]:
        return None
    findings: tuple[Finding, ...] = ()
    if declared not in ("零报告", "不适用"):
        message = f"封面说“{frame.form.id} {frame.form.title}”{declared}，工作簿里却没有这张表。请补上这张表，或把封面改为“本次不含”。"
        findings = (at("S03", *declared_at, message, table=frame.form.id, found=declared),)
    return Table(
        frame=frame, sheet=declared_at[0], declared=_declaration(declared), declared_at=declared_at,
        columns={}, start_row=0, end_row=0, rows=(), findings=findings, absent=True,
    )  # fmt: skip


def _declaration(text: str) -> Declaration:
    return next((d for d in DECLARATIONS if d == text), "")


def _read(frame: Frame, place: Located, said: tuple[str, tuple[str, str]], told: Explained, *, issued: bool) -> Table:
    declared, declared_at = said
    findings = list(_structure(frame, place))
    drafts = list(drafts_of(frame, place))
    findings += _skipped(frame, place, (draft.number for draft in drafts))
    explain(place, drafts, told)
    zero = declared_zero(place, drafts)
    drafts = list(own_drafts(frame, place, drafts, findings))
    emptied = take_out_emptied(frame, place, drafts)
    assign(frame, drafts)
    # Options of a choice may depend on which row it is, so those cells are read once the row is known.
    _read_dependent(frame, place, drafts)
    rows: list[Row] = []
    for draft in drafts:
        if not draft.uid:
            message = f"第{draft.number}行不在本单位的填报范围内，请删去；确需增加的，请与办公室联系。"
            findings.append(
                at(
                    "S08",
                    place.sheet.name,
                    place.address(draft.number),
                    message,
                    table=frame.form.id,
                    row_uid=f"row{draft.number}",
                )
            )
            continue
        row, altered = overlay(frame, place, draft)
        rows.append(row)
        findings += [*_identified(frame, place, draft, row), *_repairs(frame, place, row), *altered]
    findings += _all_text(frame, place, rows)
    there = {row.uid: row.number for row in rows}
    findings += missing_rows(frame, place, there, emptied, told, issued=issued)
    findings += check_totals(frame, place)
    if place.layout is not None and not declared:
        declared, hints = own_declaration(frame, place, rows, zero=zero)
    else:
        declared, hints = _declared(frame, place, declared, declared_at, rows)
    findings += hints
    return Table(
        frame=frame, sheet=place.sheet.name, declared=_declaration(declared), declared_at=declared_at,
        columns={column.name: place.columns.get(column.name, 0) for column in frame.form.columns},
        start_row=place.header_row, end_row=place.end_row, rows=tuple(rows), findings=tuple(findings),
    )  # fmt: skip


def _declared(
    frame: Frame, place: Located, declared: str, declared_at: tuple[str, str], rows: list[Row]
) -> tuple[str, list[Finding]]:
    """The declaration that holds, and what is to be told: content without a declaration counts as 有数据."""
    where: Mapping[str, Any] = {"table": frame.form.id, "found": declared, "column": "declared"}
    if declared and declared not in DECLARATIONS:
        message = f"封面上“{declared}”不认识，请从下拉列表中选：{'、'.join(DECLARATIONS)}。"
        return "", [at("C07", *declared_at, message, **where)]
    if not declared and any(is_changed(frame, row) for row in rows):
        lost = "封面没有选择本期情况" if declared_at[0] != place.sheet.name else "找不到封面"
        message = f"{lost}，表里有新增或变化，已按“有数据”收。"
        return "有数据", [at("C07", *declared_at, message, level="提示", **where)]
    return declared, []


def _structure(frame: Frame, place: Located) -> Iterator[Finding]:
    """Headers, marks, and what stands below the end row."""
    yield from own_structure(frame, place)
    form, sheet, table = frame.form, place.sheet.name, frame.form.id
    for column in form.columns:
        needed = column.required or column.name in form.setting.key
        expected = place.layout is None or column.name in place.layout.columns
        if needed and expected and column.name not in place.columns:
            message = f"表头缺少“{column.shown}”这一列，请恢复原来的表头。"
            yield at("S01", sheet, place.address(place.header_row), message, table=table, column=column.name)
    for name, col in place.doubles:
        message = f"表头“{form.by_name[name].shown}”出现了两次，不知道收哪一列，请删去多余的一列。"
        yield at("S01", sheet, address(place.header_row, col), message, table=table, column=f"{name}#2", found=name)
    for text, col in place.unknown:
        if any(col in place.lines[row] for row in place.body):
            message = f"“{text.replace('/', '／')}”不是本表的列，这一列的内容未收；需要说明的请写在说明列。"
            yield at("S02", sheet, address(place.header_row, col), message, table=table, column=f"col{col}", found=text)
    if place.layout is not None:
        return
    if not place.mark_col:
        message = "表头左侧的隐藏标记丢失，已按表头文字识别。"
        yield at("S05", sheet, place.address(place.header_row), message, table=table, column="start")
    if not place.ended:
        message = "找不到“表尾”这一行，已收到最后一个有内容的行。请保留表尾行。"
        yield at("S05", sheet, place.address(place.end_row), message, table=table, column="end")
    yield from _below(frame, place)


def _below(frame: Frame, place: Located) -> Iterator[Finding]:
    if not place.ended:
        return
    rows = [row for row in sorted(place.lines) if row > place.end_row and not is_foot(place.lines[row])]
    filled = [(row, col) for row in rows for col in sorted(place.lines[row]) if raw_text(place.lines[row][col]).strip()]
    if filled:
        row, col = filled[0]
        text = raw_text(place.lines[row][col])
        many = len({r for r, _ in filled})
        message = f"表尾以下还有内容（共{many}行），不会被收。请移到表尾以上：在表尾上方插入行后填写。"
        yield at("S04", place.sheet.name, address(row, col), message, table=frame.form.id, found=text)


def _skipped(frame: Frame, place: Located, numbers: Iterable[int]) -> Iterator[Finding]:
    """Blank rows between those with content."""
    last, skipped = place.header_row, list[int]()
    for number in numbers:
        skipped += range(last + 1, min(number, last + 12))
        last = number
    if skipped and place.layout is None:
        rows = "、".join(str(n) for n in skipped[:10]) + ("等" if len(skipped) > 10 else "")
        message = f"第{rows}行是空行，已跳过。"
        yield at("R01", place.sheet.name, place.address(skipped[0]), message, table=frame.form.id, column="blank")


def _is_text(place: Located) -> bool:
    return place.sheet.name == TEXT_SHEET


def _all_text(frame: Frame, place: Located, rows: Iterable[Row]) -> Iterator[Finding]:
    """That the numbers of a text file were written as text, once for all of them."""
    numeric = [column.name for column in frame.form.columns if column.numeric and not column.ours]
    cells = [cell for row in rows for n in numeric if (cell := row.cells.get(n)) is not None and cell.repair]
    if _is_text(place) and cells:
        message = f"文本文件里的数都是文字，{len(cells)}个数已按数字收，请核对。"
        yield at("R01", place.sheet.name, cells[0].address, message, table=frame.form.id, column="numbers")


def _read_dependent(frame: Frame, place: Located, drafts: list[Draft]) -> None:
    columns = [c for c in frame.form.columns if c.options_from and c.name in place.columns]
    for draft in drafts if columns else ():
        known = frame.prefill.get(draft.uid)
        for column in columns:
            old = draft.cells[column.name]
            if old.problem:
                continue
            raw = place.cell(draft.number, column.name)
            reading = read_value(frame, column, raw, known.entry if known else None)
            draft.cells[column.name] = Cell(
                reading.value, old.text, old.row, old.col, reading.problem, reading.repair
            )  # fmt: skip


def _identified(frame: Frame, place: Located, draft: Draft, row: Row) -> Iterator[Finding]:
    """Rows that were recognised otherwise than by their hidden uid."""
    where: Mapping[str, Any] = {"table": frame.form.id, "row_uid": row.uid}
    key = frame.form.setting.key
    spot = next((draft.cells[name].address for name in key if name in draft.cells), place.address(draft.number))
    if draft.how == "asked":
        before = "、".join(v for v in (_before(row, name) for name in key) if v)
        message = f"第{draft.number}行原为“{before}”，{'、'.join(key)}都改了。是更正请在说明列写明；是另一项请恢复本行，另在空白行填写。"
        yield of_row("S07", place.sheet.name, spot, message, row, column=key[0], **where)
    elif draft.how in ("key", "number") and place.mark_col:
        message = f"第{draft.number}行已按{'编号' if draft.how == 'number' else '、'.join(key)}认出是以前报过的一项。"
        yield at("S06", place.sheet.name, spot, message, column=key[0], **where)


def _before(row: Row, name: str) -> str:
    from yaoxun.forms.values import show

    return show(row.known.values.get(name)) if row.known else ""


def _repairs(frame: Frame, place: Located, row: Row) -> Iterator[Finding]:
    """What was mended in a row. A text file has no numbers: that all of them are text is told once (_all_text)."""
    for name, cell in row.cells.items():
        if cell.repair and not (_is_text(place) and frame.form.by_name[name].numeric):
            message = f"第{cell.row}行“{frame.form.by_name[name].shown}”：{cell.repair}，请核对。"
            yield at(
                "R01", place.sheet.name, cell.address, message, table=frame.form.id, row_uid=row.uid, column=name,
                found=cell.text,
            )  # fmt: skip
