"""Reads a workbook in one streaming pass: the public face of this room inside the child.

Values, formulas, error cells, hidden rows and merges come from the same pass, so that no second reading can disagree
with the first, and no library builds anything from a file that has not been counted. Where the limits of the child
itself (memory, time) are set is sandbox.py's.
"""

from pathlib import Path

from yaoxun.sheets.cells import Reading, SheetPart
from yaoxun.sheets.kinds import outer_kind, workbook_part
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawSheet, RawWorkbook, Refusal
from yaoxun.sheets.package import Package
from yaoxun.sheets.parts import SharedStrings, SheetEntry, Styles, read_workbook_part
from yaoxun.sheets.prescan import check_members, sweep
from yaoxun.sheets.refusals import Unreadable, refusal, unreadable


def read_workbook(path: Path, limits: Limits) -> RawWorkbook | Refusal:
    """All worksheets of an .xlsx or .xlsm, or why the file cannot be read. Meant to be called in a child."""
    try:
        _check_file(path, limits)
        with Package(path, limits) as package:
            main = workbook_part(package)
            check_members(package, limits)
            return _read(package, main, limits)
    except Unreadable as err:
        return err.refusal
    except FileNotFoundError:
        return refusal("missing")


def _check_file(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise unreadable("too_large", mb=-(-size // 1_000_000), limit=limits.file_bytes // 1_000_000)
    kind = outer_kind(path)
    if kind != "zip":
        raise unreadable(kind)


def _read(package: Package, main: str, limits: Limits) -> RawWorkbook:
    workbook = read_workbook_part(package, main)
    if len(workbook.entries) > limits.sheets:
        raise unreadable("too_many_sheets", n=len(workbook.entries), limit=limits.sheets)
    relations = package.relations(main)
    texts, styles = SharedStrings(limits), Styles(limits)
    for relation in relations:
        if relation.kind == "sharedStrings":
            package.parse(relation.target, texts, "文字表")
        elif relation.kind == "styles":
            package.parse(relation.target, styles, "单元格样式")
    reading = Reading(limits=limits, texts=texts.texts, formats=styles.kinds(), date1904=workbook.date1904)
    if workbook.strict:
        reading.lossy.add("严格格式（Strict Open XML）")
    sheets = _sheets(package, workbook.entries, {r.id: (r.kind, r.target) for r in relations}, reading)
    reading.lossy.update(sweep(package))
    return RawWorkbook(sheets=sheets, lossy=tuple(sorted(reading.lossy)))


def _sheets(
    package: Package, entries: list[SheetEntry], parts: dict[str, tuple[str, str]], reading: Reading
) -> tuple[RawSheet, ...]:
    sheets: list[RawSheet] = []
    names: set[str] = set()
    targets: set[str] = set()
    for entry in entries:
        kind, target = parts.get(entry.relation, ("", ""))
        if not target:
            raise unreadable("broken", what=f"缺少工作表“{entry.name}”的内容")
        if entry.name.lower() in names or target in targets or not entry.name:
            raise unreadable("unsafe", what=f"工作表“{entry.name}”重名或重复")
        names.add(entry.name.lower())
        targets.add(target)
        if kind != "worksheet":
            # A chart sheet or a macro sheet has no cells of ours.
            reading.lossy.add("图表工作表" if kind == "chartsheet" else "宏表或对话框")
            continue
        part = SheetPart(entry, reading)
        package.parse(target, part, f"工作表“{entry.name}”")
        sheets.append(part.finish())
    return tuple(sheets)
