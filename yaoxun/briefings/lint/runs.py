"""The runs of one paragraph: text as it is read, effective looks, bookmarks, fields, pictures and charts. Text of tracked
deletions and of the fallback of a drawing is left out.
"""

from collections.abc import Iterator
from typing import Any

from yaoxun.briefings.lint.cascade import A, Styles, W, attribute, flat, local
from yaoxun.briefings.lint.structure import Stretch

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_INSIDE = frozenset(
    {"hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo"}
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NO_LOOK = ("lang", "noProof", "kern", "rFonts.hint")  # what a program notes for itself and nobody sees
_SHAPES = frozenset({"wsp", "line", "rect", "shape", "cxnSp"})
_DRAWN = frozenset({"drawing", "pict", "object", "AlternateContent"})


class Runs:
    """Reads a w:p once; the results are its attributes."""

    def __init__(self, paragraph: Any, styles: Styles, style: str, table: str) -> None:
        self._styles, self._style, self._table = styles, style, table
        self.stretches: list[Stretch] = []
        self.bookmarks: dict[str, tuple[int, int]] = {}
        self.fields: list[str] = []
        self.pictures: list[str] = []
        self.charts: list[tuple[str, str]] = []
        self.boxes: list[Any] = []
        self.breaks_page = False
        self.shapes = 0
        self._open: dict[str, tuple[str, int]] = {}
        self._length = 0
        for element in _flattened(paragraph):
            self._take(element)

    def _take(self, element: Any) -> None:
        name = local(element)
        if name == "bookmarkStart":
            self._open[attribute(element, "id")] = (attribute(element, "name"), self._length)
        elif name == "bookmarkEnd" and attribute(element, "id") in self._open:
            named, start = self._open.pop(attribute(element, "id"))
            self.bookmarks[named] = (start, self._length)
        elif name == "fldSimple":
            self.fields.append(attribute(element, "instr").strip())
        elif name == "r":
            self._run(element)

    def _run(self, run: Any) -> None:
        own = run.find(f"{W}rPr")
        direct = flat(own, self._styles.theme)
        character = direct.pop("rStyle", "")
        props = self._styles.run(self._style, self._table, character, direct)
        text = "".join(self._piece(child) for child in run)
        if text and props.get("vanish") != "1":
            self.stretches.append(
                Stretch(
                    text=text,
                    props=props,
                    character=character,
                    direct=frozenset(name for name in direct if not name.startswith(_NO_LOOK)),
                )
            )
            self._length += len(text)

    def _piece(self, child: Any) -> str:
        name = local(child)
        if name == "instrText":
            self.fields.append(str(child.text or "").strip())
        if name == "br" and attribute(child, "type") in ("page", "column"):
            self.breaks_page = True
            return ""
        if name in _DRAWN:
            self._drawn(child)
        return str(child.text or "") if name == "t" else _SIGNS.get(name, "")

    def _drawn(self, element: Any) -> None:
        for node in _without_fallback(element):
            name = local(node)
            if node.tag == f"{C}chart" and node.get(f"{R}id"):
                self.charts.append((str(node.get(f"{R}id")), _alt(element)))
            elif node.tag == f"{A}blip" or name == "imagedata":
                self.pictures.append(_alt(element))
            elif name in _SHAPES:
                self.shapes += 1
            elif name == "txbxContent":
                self.boxes.append(node)


def _flattened(paragraph: Any) -> Iterator[Any]:
    """The runs and marks of a paragraph in order, those inside links, insertions and controls too."""
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        name = local(element)
        if name in _INSIDE:
            if name == "fldSimple":
                yield element
            waiting.extend(reversed(element))
        else:
            yield element


def _without_fallback(element: Any) -> Iterator[Any]:
    """All descendants but those of a fallback and of a text box, whose paragraphs are read on their own."""
    waiting = [element]
    while waiting:
        node = waiting.pop()
        yield node
        if local(node) not in ("Fallback", "txbxContent"):
            waiting.extend(reversed(node))


def _alt(element: Any) -> str:
    """The alternative text of a drawing."""
    for node in element.iter():
        if local(node) == "docPr":
            return str(node.get("descr") or "").strip()
    return ""
