"""An .xlsx, .xlsm or template (.xltx, .xltm) from its package: the workbook part, its tables, its sheets in file order."""

from yaoxun.sheets.cells import SheetPart
from yaoxun.sheets.grid import Reading
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawWorkbook
from yaoxun.sheets.package import Package
from yaoxun.sheets.parts import SharedStrings, SheetEntry, Styles, read_workbook_part
from yaoxun.sheets.plain_sheet import LARGEST, read_rows, split_sheet, split_texts
from yaoxun.sheets.prescan import sweep
from yaoxun.sheets.refusals import unreadable


def read_ooxml(package: Package, main: str, limits: Limits, *, template: bool = False) -> RawWorkbook:
    """All worksheets; `main` names the workbook part. Raises Unreadable."""
    workbook = read_workbook_part(package, main)
    if len(workbook.entries) > limits.sheets:
        raise unreadable("too_many_sheets", n=len(workbook.entries), limit=limits.sheets)
    relations = package.relations(main)
    texts, styles = SharedStrings(limits), Styles(limits)
    for relation in relations:
        if relation.kind == "sharedStrings":
            _read_texts(package, relation.target, texts)
        elif relation.kind == "styles":
            package.parse(relation.target, styles, "单元格样式")
    reading = Reading(limits=limits, texts=texts.texts, formats=styles.kinds(), date1904=workbook.date1904)
    if workbook.strict:
        reading.lossy.add("严格格式（Strict Open XML）")
    if template:
        reading.lossy.add("模板格式（.xltx）")
    _read_sheets(package, workbook.entries, {r.id: (r.kind, r.target) for r in relations}, reading)
    reading.lossy.update(sweep(package))
    # A workbook of chart sheets only has no sheet of ours, and is none the less sound.
    return RawWorkbook(sheets=tuple(reading.sheets), lossy=tuple(sorted(reading.lossy)))


def _read_sheets(
    package: Package, entries: list[SheetEntry], parts: dict[str, tuple[str, str]], reading: Reading
) -> None:
    targets: set[str] = set()
    for entry in entries:
        kind, target = parts.get(entry.relation, ("", ""))
        if not target:
            raise unreadable("broken", what=f"缺少工作表“{entry.name}”的内容")
        part = SheetPart(entry, reading)
        if target in targets:
            raise unreadable("unsafe", what=f"工作表“{entry.name}”重名或重复")
        targets.add(target)
        if kind != "worksheet":
            # A chart sheet or a macro sheet has no cells of ours.
            reading.lossy.add("图表工作表" if kind == "chartsheet" else "宏表或对话框")
            continue
        _read_sheet(package, target, part, f"工作表“{entry.name}”")
        part.finish()


def _read_texts(package: Package, target: str, texts: SharedStrings) -> None:
    content = package.content(target, LARGEST)
    found = split_texts(content) if content is not None else None
    if content is None:
        package.parse(target, texts, "文字表")
    elif found is None:
        package.parse_content(content, texts, "文字表")
    else:
        package.parse_content(found[0], texts, "文字表", "<si><t></t></si>" * len(found[1]))
        texts.take(found[1])


def _read_sheet(package: Package, target: str, part: SheetPart, where: str) -> None:
    content = package.content(target, LARGEST)
    found = split_sheet(content) if content is not None else None
    cells = read_rows(found[1], part) if found is not None else None
    if content is None:
        package.parse(target, part, where)
    elif found is None or cells is None:
        package.parse_content(content, part, where)
    else:
        package.parse_content(found[0], part.around(), where, found[1])
        part.take(*cells)
