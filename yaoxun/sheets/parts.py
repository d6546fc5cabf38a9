"""The parts of a workbook beside its sheets: the list of sheets, the shared strings and the number formats.

Each class takes the events of one part; cells are read in cells.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from yaoxun.sheets.grid import SheetState
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.package import Ignore, Package
from yaoxun.sheets.refusals import unreadable
from yaoxun.sheets.values import FormatKind, clean_text, clean_texts, format_kind

# The usual namespace and that of "Strict Open XML", which Excel offers when saving.
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main}"


def tags(*names: str) -> dict[str, str]:
    """Full tag → short name, in both namespaces."""
    return {space + name: name for space in (MAIN, STRICT) for name in names}


def is_true(text: str | None) -> bool:
    """An XML boolean."""
    return text in ("1", "true", "on")


def whole(text: str, where: str) -> int:
    """A count or an index in the file. Raises Unreadable when it is none."""
    if not (text.isascii() and text.strip().isdigit() and len(text) < 12):
        raise unreadable("broken", what=f"{where}里有不合规范的数字")
    return int(text)


@dataclass(frozen=True, kw_only=True)
class SheetEntry:
    """One line of the list of sheets; `relation` is the id of its part."""

    name: str
    state: SheetState
    relation: str


class WorkbookPart(Ignore):
    """Reads the list of sheets and the date system."""

    _TAGS = tags("workbookPr", "sheets", "sheet")

    def __init__(self) -> None:
        self.entries: list[SheetEntry] = []
        self.date1904 = False
        self.strict = False

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        name = self._TAGS.get(tag)
        if name == "workbookPr":
            self.date1904 = is_true(attrs.get("date1904"))
        elif name == "sheets":
            self.strict = tag.startswith(STRICT)
        elif name == "sheet":
            state = attrs.get("state", "visible")
            known: SheetState = "hidden" if state == "hidden" else "veryHidden" if state == "veryHidden" else "visible"
            relation = next((value for key, value in attrs.items() if key.endswith("}id")), "")
            self.entries.append(SheetEntry(name=attrs.get("name", ""), state=known, relation=relation))


class SharedStrings(Ignore):
    """Reads the table of texts; the runs of a rich text are joined, its readings (rPh) left out."""

    _TAGS = tags("si", "t", "rPh")

    def __init__(self, limits: Limits) -> None:
        self.texts: list[str] = []
        self._limits = limits
        self._run: list[str] = []
        self._chars = self._total = 0
        self._taking = self._reading = False

    def take(self, texts: Sequence[str]) -> None:
        """Texts that were told apart elsewhere; one after the other where that tells what breaks a limit."""
        lengths = list(map(len, texts))
        total = self._total + sum(lengths)
        if total <= self._limits.text_chars and max(lengths, default=0) <= self._limits.cell_chars:
            self._total = total
            self.texts += clean_texts(texts)
            return
        for text in texts:
            self._chars, self._run = len(text), [text]
            if self._chars > self._limits.cell_chars:
                raise unreadable("text_too_long", where="某一格", limit=self._limits.cell_chars)
            self._add()

    def _add(self) -> None:
        self._total += self._chars
        if self._total > self._limits.text_chars:
            raise unreadable("too_much_text", limit=self._limits.text_chars)
        self.texts.append(clean_text("".join(self._run)))

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        name = self._TAGS.get(tag)
        if name == "si":
            self._run, self._chars = [], 0
        elif name == "rPh":
            self._reading = True
        elif name == "t":
            self._taking = not self._reading

    def text(self, data: str) -> None:
        if not self._taking:
            return
        self._run.append(data)
        self._chars += len(data)
        if self._chars > self._limits.cell_chars:
            raise unreadable("text_too_long", where="某一格", limit=self._limits.cell_chars)

    def end(self, tag: str) -> None:
        name = self._TAGS.get(tag)
        if name == "t":
            self._taking = False
        elif name == "rPh":
            self._reading = False
        elif name == "si":
            self._add()


class Styles(Ignore):
    """Reads which cell style shows a date: `kinds[style index]`."""

    _TAGS = tags("numFmts", "numFmt", "cellXfs", "xf")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._codes: dict[int, str] = {}
        self._inside: str | None = None
        self._formats: list[int] = []

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        name = self._TAGS.get(tag)
        if name in ("numFmts", "cellXfs"):
            self._inside = name
        elif name == "numFmt" and self._inside == "numFmts":
            self._codes[whole(attrs.get("numFmtId", ""), "单元格样式")] = attrs.get("formatCode", "")
        elif name == "xf" and self._inside == "cellXfs":
            self._formats.append(whole(attrs.get("numFmtId", "0"), "单元格样式"))

    def end(self, tag: str) -> None:
        if self._TAGS.get(tag) == self._inside:
            self._inside = None

    def kinds(self) -> list[FormatKind]:
        """One kind a style, in file order. Raises Unreadable when there are too many."""
        if len(self._formats) > self._limits.styles:
            raise unreadable("too_many_styles", n=len(self._formats), limit=self._limits.styles)
        return [format_kind(number, self._codes.get(number)) for number in self._formats]


def read_workbook_part(package: Package, part: str) -> WorkbookPart:
    """The list of sheets. Raises Unreadable when there is no sheet."""
    workbook = WorkbookPart()
    package.parse(part, workbook, "工作簿目录")
    if not workbook.entries:
        raise unreadable("broken", what="没有一张工作表")
    return workbook
