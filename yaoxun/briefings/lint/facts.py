"""What is measured on a paragraph, each fact in words as a finding shows it: a set, because runs may differ. What it should
be stands in format_wants.py.
"""

import re
from collections.abc import Callable, Iterable

from yaoxun.briefings.lint.cascade import whole
from yaoxun.briefings.lint.structure import Stretch, WordParagraph

Fact = Callable[[WordParagraph], set[str]]

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\u3001-\u3015\U00020000-\U0003ffff]")
_LATIN = re.compile("[A-Za-z0-9]")
_MARKS = re.compile("[“”‘’—…·]")
BLACK, NOT_BOLD = "黑色", "不加粗"
SIDES = {"both": "两端对齐", "center": "居中", "right": "右对齐", "end": "右对齐", "left": "左对齐", "start": "左对齐",
         "distribute": "分散对齐"}  # fmt: skip


def _printed(p: WordParagraph) -> Iterable[Stretch]:
    return (s for s in p.stretches if s.text.strip())


def face(p: WordParagraph) -> set[str]:
    """Faces of Chinese characters."""
    return {s.props.get("rFonts.eastAsia", "") or "（未指定）" for s in p.stretches if _HAN.search(s.text)}


def latin(p: WordParagraph) -> set[str]:
    """Faces of letters and digits."""
    return {s.props.get("rFonts.ascii", "") or "（未指定）" for s in p.stretches if _LATIN.search(s.text)}


def marks(p: WordParagraph) -> set[str]:
    """Faces of the marks that have no script of their own: Word takes the Latin one unless the run gives a hint."""
    found = set()
    for s in p.stretches:
        if _MARKS.search(s.text):
            key = "rFonts.eastAsia" if s.props.get("rFonts.hint") == "eastAsia" else "rFonts.hAnsi"
            found.add(s.props.get(key, "") or s.props.get("rFonts.ascii", "") or "（未指定）")
    return found


def size(p: WordParagraph) -> set[str]:
    """Sizes in points."""
    return {points(whole(s.props.get("sz", "20")) * 10) for s in _printed(p)}


def bold(p: WordParagraph) -> set[str]:
    """加粗 or not; a stress by character style inside a paragraph is no fault of its look."""
    return {"加粗" if s.props.get("b") == "1" else NOT_BOLD for s in _printed(p) if s.character != "Strong"}


def colour(p: WordParagraph) -> set[str]:
    """Colours; automatic is black."""
    given = (s.props.get("color", "auto").upper() for s in _printed(p))
    return {BLACK if one in ("AUTO", "000000") else one for one in given}


def tracking(p: WordParagraph) -> set[str]:
    """Spacing of characters."""
    return {spaced(whole(s.props.get("spacing", "0"))) for s in _printed(p)}


def spaced(twip: int) -> str:
    """Spacing of characters in words."""
    return f"字距 {points(twip)}" if twip else "字距标准"


def line(p: WordParagraph) -> set[str]:
    """Line spacing with its rule."""
    given = whole(p.props.get("spacing.line", "240"))
    rule = p.props.get("spacing.lineRule", "auto")
    return {ruled(given, rule)}


def ruled(twip: int, rule: str = "exact") -> str:
    """Line spacing in words."""
    if rule == "auto":
        return f"{number(twip / 240)} 倍行距"
    return f"{'固定值' if rule == 'exact' else '最小值'} {points(twip)}"


def around(p: WordParagraph) -> set[str]:
    """Space before and after."""
    return {apart(whole(p.props.get("spacing.before", "0")), whole(p.props.get("spacing.after", "0")), _automatic(p))}


def _automatic(p: WordParagraph) -> bool:
    return any(
        p.props.get(f"spacing.{side}") not in (None, "0", "false", "off")
        for side in ("beforeAutospacing", "afterAutospacing", "beforeLines", "afterLines")
    )


def apart(before: int, after: int, automatic: bool = False) -> str:
    """Space before and after in words."""
    return "段前段后自动或按行" if automatic else f"段前 {points(before)}、段后 {points(after)}"


def first_line(p: WordParagraph) -> set[str]:
    """First-line indent in characters: the count where the file gives one, else its width in the paragraph's characters."""
    if p.props.get("ind.firstLineChars", "0") != "0":
        return {in_chars(whole(p.props["ind.firstLineChars"]) / 100)}
    twip = whole(p.props.get("ind.firstLine", "0")) - whole(p.props.get("ind.hanging", "0"))
    em = whole(p.run_props.get("sz", "20")) * 10 + whole(p.run_props.get("spacing", "0"))
    return {in_chars(round(twip / max(em, 1), 1))}


def in_chars(n: float) -> str:
    """A width in characters, in words."""
    return f"{number(n)} 字" if n >= 0 else f"悬挂 {number(-n)} 字"


def sides(p: WordParagraph) -> set[str]:
    """Indents of the whole paragraph."""
    left, right = (
        p.props.get(f"ind.{one}", p.props.get(f"ind.{other}", "0"))
        for one, other in (("left", "start"), ("right", "end"))
    )
    return {f"左缩进 {points(whole(left))}、右缩进 {points(whole(right))}"}


def alignment(p: WordParagraph) -> set[str]:
    """How lines are aligned."""
    given = p.props.get("jc", "left")
    return {SIDES.get(given, given)}


def keeps(p: WordParagraph) -> set[str]:
    """Whether it stays with the next paragraph."""
    return {"与下段同页" if p.props.get("keepNext") == "1" else "不与下段同页"}


def switch(name: str, on: str, off: str) -> Fact:
    """A switch that Word holds for on unless told otherwise."""
    return lambda p: {off if p.props.get(name, "1") == "0" else on}


def points(twip: int) -> str:
    """Twips as points, in words."""
    return f"{number(twip / 20)} 磅"


def number(value: float) -> str:
    """Without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
