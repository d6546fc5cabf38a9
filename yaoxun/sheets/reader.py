"""Reads a workbook: the public face of this room inside the child. Every kind of file goes to its own reader; all of them
put what they find into the same grid, under the same limits.

Where the limits of the child itself (memory, time) are set is sandbox.py's.
"""

from collections.abc import Callable
from pathlib import Path

from yaoxun.sheets.archive import members
from yaoxun.sheets.biff import read_biff
from yaoxun.sheets.delimited import read_delimited
from yaoxun.sheets.kinds import holds_parts, outer_kind, workbook_part
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.ooxml import read_ooxml
from yaoxun.sheets.opendocument import read_opendocument
from yaoxun.sheets.package import Package
from yaoxun.sheets.prescan import check_members
from yaoxun.sheets.refusals import Unreadable, refusal, unreadable
from yaoxun.sheets.sheet2003 import read_sheet2003
from yaoxun.sheets.webpage import read_web_archive, read_web_page

# Kinds of which the whole file is one piece.
_READERS: dict[str, Callable[[bytes, Limits], RawWorkbook]] = {
    "xls": read_biff,
    "csv": read_delimited,
    "html": read_web_page,
    "mhtml": read_web_archive,
    "sheet2003": read_sheet2003,
}


def read_workbook(path: Path, limits: Limits) -> RawWorkbook | Refusal:
    """All worksheets of a file of any kind we read, or why it cannot be read. Meant to be called in a child."""
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise unreadable("too_large", mb=-(-size // 1_000_000), limit=limits.file_bytes // 1_000_000)
        kind = outer_kind(path)
        if kind == "zip":
            return _read_package(path, limits)
        if kind in _READERS:
            return _READERS[kind](path.read_bytes(), limits)
        raise unreadable(kind)
    except Unreadable as err:
        return err.refusal
    except FileNotFoundError:
        return refusal("missing")


def _read_package(path: Path, limits: Limits) -> RawWorkbook:
    with Package(path, limits) as package:
        if not holds_parts(package):
            _explain_archive(package, limits)
        main, kind = workbook_part(package)
        check_members(package, limits)
        if kind == "ods":
            return read_opendocument(package, limits)
        return read_ooxml(package, main, limits, template=kind == "xltx")


def _explain_archive(package: Package, limits: Limits) -> None:
    """A zip of files gets here when it could not be taken apart, or stood in another: the reason, or that it is a zip."""
    for _, chunks in members(package, limits):
        for _ in chunks:
            pass
    raise unreadable("archive")
