"""A web page that goes by the name of a spreadsheet (HTML, or MHTML as Excel saves it): each table a sheet of text cells.

A cell holds what the page shows. A table that only holds other tables (a layout) is no sheet. Raises Unreadable.
"""

import re
from email import message_from_bytes
from html import unescape
from html.parser import HTMLParser

from yaoxun.sheets.grid import Grid, Reading
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawWorkbook
from yaoxun.sheets.refusals import unreadable
from yaoxun.sheets.textual import decoded
from yaoxun.sheets.values import from_shown

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.I)
_EXCEL_NAME = re.compile(r"<x:Name>([^<]{1,200})</x:Name>", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_BREAKS = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6"})


def read_web_page(content: bytes, limits: Limits) -> RawWorkbook:
    """The tables of an HTML page, in their order."""
    reading = _new_reading(limits)
    _read_page(_text(content), reading, [])
    return _finished(reading)


def read_web_archive(content: bytes, limits: Limits) -> RawWorkbook:
    """The tables of all pages in an MHTML file (Excel keeps each sheet in a page of its own)."""
    try:
        message = message_from_bytes(content)
    except RecursionError as err:
        raise unreadable("broken", what="网页档案的层次太深") from err
    if message["Received"] or message["To"]:
        raise unreadable("mail")
    pages = []
    for part in message.walk():
        payload = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(payload, bytes):
            pages.append(_text(payload))
    reading = _new_reading(limits)
    names = [name for page in pages for name in _names(page)]
    with_tables = [page for page in pages if re.search(r"<table\b", page, re.I)]
    for n, page in enumerate(with_tables):
        _read_page(page, reading, names[n : n + 1] if len(names) == len(with_tables) else [])
    return _finished(reading)


def _new_reading(limits: Limits) -> Reading:
    reading = Reading(limits=limits)
    reading.lossy.add("网页格式（HTML）")
    return reading


def _finished(reading: Reading) -> RawWorkbook:
    if not reading.sheets:
        raise unreadable("html")
    return reading.workbook()


def _text(content: bytes) -> str:
    charset = _CHARSET.search(content[:8192])
    text = decoded(content, hint=charset[1].decode("ascii") if charset else "")
    if text is None:
        raise unreadable("csv_encoding")
    return text


def _names(page: str) -> list[str]:
    """The names that Excel notes for its sheets."""
    return [unescape(name).strip() for name in _EXCEL_NAME.findall(page)]


def _read_page(page: str, reading: Reading, names: list[str]) -> None:
    # Counted before anything is built, as in a package.
    if page.count("<") > reading.limits.tags:
        raise unreadable("too_many_tags", where="网页")
    tables = _Tables(reading, names or _names(page))
    try:
        tables.feed(page)
        tables.close()
    except AssertionError as err:  # the way html.parser says that a declaration is none
        raise unreadable("broken", what="网页的内容不合规范") from err
    tables.finish()


class _Table:
    """One table being read: where the next cell goes, and what earlier rows cover."""

    def __init__(self) -> None:
        self.cells: list[tuple[int, int, str]] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self.hidden_rows: list[int] = []
        self.hidden_cols: list[tuple[int, int]] = []
        self.covered: dict[int, int] = {}  # column → last row that a cell above reaches
        self.row = self.col = self.last = self.end_col = 0
        self.text: list[str] | None = None
        self.layout = False


class _Tables(HTMLParser):
    """Takes the events of a page; end tags may be missing, as HTML allows."""

    def __init__(self, reading: Reading, names: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._reading, self._names = reading, names
        self._open: list[_Table] = []
        self._done: list[_Table] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "title"):
            self._silent = tag
        elif tag == "table":
            if self._open:
                self._open[-1].layout = self._open[-1].layout or self._open[-1].text is not None
            self._open.append(_Table())
            self._check_count(len(self._open))
        elif self._open:
            table, given = self._open[-1], {key: value or "" for key, value in attrs}
            if tag == "tr":
                self._end_cell(table)
                table.row, table.col = table.row + 1, 0
                if _HIDDEN.search(given.get("style", "")):
                    table.hidden_rows.append(table.row)
            elif tag in ("td", "th"):
                self._start_cell(table, given)
            elif tag == "col":
                first, table.end_col = table.end_col + 1, table.end_col + _span(given.get("span", ""))
                if _HIDDEN.search(given.get("style", "")):
                    table.hidden_cols.append((first, table.end_col))
            elif tag in _BREAKS and table.text:
                table.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        elif self._open and tag in ("td", "th", "tr"):
            self._end_cell(self._open[-1])
        elif self._open and tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].text is not None and not self._silent:
            self._open[-1].text.append(_SPACES.sub(" ", data))

    def _start_cell(self, table: _Table, given: dict[str, str]) -> None:
        self._end_cell(table)
        limits = self._reading.limits
        table.row = max(1, table.row)
        table.col += 1
        while table.covered.get(table.col, 0) >= table.row:
            table.col += 1
        table.text = []
        down, right = _span(given.get("rowspan", "")), _span(given.get("colspan", ""))
        table.last = min(table.col + right - 1, limits.max_col + 1)
        if down > 1:
            for col in range(table.col, table.last + 1):
                table.covered[col] = table.row + down - 1
        if down > 1 or right > 1:
            table.merges.append((table.row, table.col, table.row + down - 1, table.col + right - 1))

    def _end_cell(self, table: _Table) -> None:
        if table.text is None:
            return
        text, table.text = "".join(table.text).replace("\u00a0", " "), None
        shown = "\n".join(line.strip() for line in text.split("\n")).strip()
        if shown:
            table.cells.append((table.row, table.col, shown))
        table.col = table.last

    def _end_table(self) -> None:
        table = self._open.pop()
        self._end_cell(table)
        if table.cells and not table.layout:
            self._done.append(table)
            self._check_count(len(self._done))

    def _check_count(self, tables: int) -> None:
        if tables > self._reading.limits.sheets:
            raise unreadable("too_many_sheets", n=tables, limit=self._reading.limits.sheets)

    def finish(self) -> None:
        """Put the tables into the reading."""
        while self._open:
            self._end_table()
        named = len(self._names) == len(self._done)
        for n, table in enumerate(self._done):
            name = self._names[n] if named else f"表格{len(self._reading.sheets) + 1}"
            grid = Grid(name, "visible", self._reading)
            for row, col, text in table.cells:
                grid.check_length(len(text), row, col)
                grid.put(row, col, *from_shown(text))
            for merged in table.merges:
                grid.merge(*merged)
            for hidden in table.hidden_rows:
                grid.hide_rows(hidden, hidden)
            for first, last in table.hidden_cols:
                grid.hide_cols(first, last)
            grid.finish()


def _span(text: str) -> int:
    """A rowspan or colspan; 1 for what is none. HTML itself knows no more than 65,534."""
    return min(max(1, int(text)), 65_534) if text.strip().isdecimal() and len(text) < 12 else 1
