"""What a paragraph and its runs look like in effect: docDefaults → table style → paragraph style (along basedOn) →
numbering level → character style → direct formatting, with fonts resolved through the theme.

Properties are flat: `spacing.line`, `ind.firstLine`, `rFonts.eastAsia`, `pBdr.bottom.sz`; an element's own value (w:val)
stands under its bare name (`jc`, `sz`), a switch as '1' or '0'. What a value should be is not known here.
"""

from collections.abc import Mapping
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

Props = dict[str, str]
_TOGGLES = ("b", "i", "caps", "smallCaps", "strike", "outline", "vanish")
_DEEPEST = 64  # styles based on one another; a ring would never end
_NESTED = frozenset({"pBdr", "numPr", "tblBorders", "tblCellMar", "tcBorders"})
_LEFT_OUT = frozenset({"rPr", "sectPr", "pPrChange", "rPrChange", "tblPrChange"})


def local(element: Any) -> str:
    """The local name of an element."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Any, name: str) -> str:
    """A w: attribute, '' when it is missing."""
    return str(element.get(f"{W}{name}") or "")


def whole(text: str) -> int:
    """A whole number of the file; 0 for what is none."""
    digits = text.strip().removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def flat(element: Any, theme: Mapping[str, str]) -> Props:
    """The children of a w:pPr, w:rPr or w:tblPr as flat properties."""
    found: Props = {}
    for child in element if element is not None else ():
        name = local(child)
        if name in _LEFT_OUT:
            continue
        if name == "tabs":
            found["tabs"] = " ".join(
                f"{attribute(t, 'val')}:{attribute(t, 'pos')}" for t in child if attribute(t, "val") != "clear"
            )
        elif name in _NESTED:
            found |= {f"{name}.{key}": value for key, value in flat(child, theme).items()}
        else:
            found |= _one(name, child, theme)
    return found


def _one(name: str, element: Any, theme: Mapping[str, str]) -> Props:
    values = {str(key).rpartition("}")[2]: str(value) for key, value in element.attrib.items()}
    if name == "rFonts":
        return _fonts(values, theme)
    if not values:
        return {name: "1"}
    found = {f"{name}.{key}": value for key, value in values.items() if key != "val"}
    if "val" in values:
        found[name] = {"true": "1", "on": "1", "false": "0", "off": "0"}.get(values["val"], values["val"])
    return found


def _fonts(values: Mapping[str, str], theme: Mapping[str, str]) -> Props:
    found = {f"rFonts.{key}": value for key, value in values.items() if not key.endswith(("Theme", "theme"))}
    for key in ("ascii", "hAnsi", "eastAsia", "cs"):
        named = values.get(f"{key}Theme") or values.get(f"{key}theme")
        if named:
            found[f"rFonts.{key}"] = theme.get(named, "")
    return found


def theme_fonts(root: Any) -> dict[str, str]:
    """Names such as minorEastAsia → the face of the theme, the one for simplified Chinese where the theme names it."""
    found: dict[str, str] = {}
    for size in ("major", "minor") if root is not None else ():
        scheme = root.find(f".//{A}{size}Font")
        if scheme is None:
            continue
        faces = {local(child): str(child.get("typeface") or "") for child in scheme if local(child) != "font"}
        han = next((str(f.get("typeface")) for f in scheme if f.get("script") == "Hans"), "")
        found |= {f"{size}Ascii": faces.get("latin", ""), f"{size}HAnsi": faces.get("latin", "")}
        found |= {f"{size}EastAsia": faces.get("ea") or han, f"{size}Bidi": faces.get("cs", "")}
    return found


class Styles:
    """The styles of a document; answers are kept, as most paragraphs share a style."""

    def __init__(self, root: Any, theme: Mapping[str, str], numbering: Any) -> None:
        self.theme = theme
        self._levels = _levels(numbering)
        every = root.findall(f"{W}style") if root is not None else []
        self._styles = {attribute(s, "styleId"): s for s in every}
        defaults = [s for s in every if attribute(s, "default") in ("1", "true", "on")]
        self._default = {attribute(s, "type"): attribute(s, "styleId") for s in defaults}
        found = root.find(f"{W}docDefaults") if root is not None else None
        self._run, self._paragraph = (
            flat(found.find(f"{W}{kind}Default/{W}{kind}") if found is not None else None, theme)
            for kind in ("rPr", "pPr")
        )
        self._kept: dict[tuple[str, str], Props] = {}

    def default(self, kind: str) -> str:
        """The id of the default style of a kind (paragraph, table)."""
        return self._default.get(kind, "")

    def name(self, style: str) -> str:
        """The built-in or own name of a style; its id where it has none."""
        found = self._styles.get(style)
        named = found.find(f"{W}name") if found is not None else None
        return attribute(named, "val") if named is not None else style

    def names(self, style: str) -> list[str]:
        """The ids of a style and of all it is based on, nearest first."""
        chain: list[str] = []
        while style in self._styles and style not in chain and len(chain) < _DEEPEST:
            chain.append(style)
            based = self._styles[style].find(f"{W}basedOn")
            style = attribute(based, "val") if based is not None else ""
        return chain

    def chain(self, style: str, kind: str) -> Props:
        """What a style says along its whole chain: kind is `pPr`, `rPr` or `tblPr`. Switches are whole values here."""
        key = (style, kind)
        if key not in self._kept:
            found: Props = {}
            for one in reversed(self.names(style)):
                found |= flat(self._styles[one].find(f"{W}{kind}"), self.theme)
            self._kept[key] = found
        return self._kept[key]

    def shades(self, style: str) -> bool:
        """Whether a table style gives rows or columns a ground of colour."""
        parts = (part for one in self.names(style) for part in self._styles[one].iter(f"{W}shd"))
        return any(attribute(part, "fill") not in ("", "auto", "FFFFFF") for part in parts)

    def paragraph(self, style: str, table: str, direct: Mapping[str, str]) -> Props:
        """Effective paragraph properties. A numbering level that the paragraph names itself stands over its style."""
        own = self.chain(style, "pPr")
        by_style = self._level(own, {}) if "numPr.numId" not in direct else {}
        by_hand = self._level(direct, own) if "numPr.numId" in direct else {}
        return {**self._paragraph, **self.chain(table, "pPr"), **by_style, **own, **by_hand, **direct}

    def run(self, style: str, table: str, character: str, direct: Mapping[str, str]) -> Props:
        """Effective run properties. Switches of styles cancel each other out, those set directly hold."""
        levels = (self.chain(table, "rPr"), self.chain(style, "rPr"), self.chain(character, "rPr"))
        found: Props = dict(self._run)
        for level in levels:
            found |= level
        for name in _TOGGLES:
            if any(name in level for level in levels):
                found[name] = str(sum(level.get(name) == "1" for level in levels) % 2)
        return {**found, **direct}

    def number_text(self, props: Mapping[str, str]) -> str:
        """The pattern of automatic numbering (`%1、`, `•`), '' for none."""
        return self._level(props, {}).get("lvlText", "")

    def _level(self, props: Mapping[str, str], style: Mapping[str, str]) -> Props:
        number = props.get("numPr.numId", "0")
        level = props.get("numPr.ilvl") or style.get("numPr.ilvl") or "0"
        return self._levels.get((number, level), {})


def _levels(root: Any) -> dict[tuple[str, str], Props]:
    """(numId, level) → its paragraph properties, and `lvlText`."""
    found: dict[tuple[str, str], Props] = {}
    if root is None:
        return found
    abstract = {attribute(a, "abstractNumId"): a for a in root.findall(f"{W}abstractNum")}
    for num in root.findall(f"{W}num"):
        named = num.find(f"{W}abstractNumId")
        source = abstract.get(attribute(named, "val")) if named is not None else None
        for level in source.findall(f"{W}lvl") if source is not None else ():
            text = level.find(f"{W}lvlText")
            kind = level.find(f"{W}numFmt")
            shown = attribute(text, "val") if text is not None else ""
            nothing = kind is not None and attribute(kind, "val") == "none" and "%" in shown
            key = (attribute(num, "numId"), attribute(level, "ilvl"))
            found[key] = {**flat(level.find(f"{W}pPr"), {}), "lvlText": "" if nothing else shown}
    return found
