"""Rules on the rendered text: lines of a page, their pitch, characters of a line, the edges of the type area.

A page counts as full when a paragraph runs on from it to the next and nothing but text stands on it. A line counts as
full when it is not its paragraph's last, holds Chinese characters and 。，、 only, and no rule on marks at its ends
(避头尾) has made it shorter or longer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding, TextParagraph
from yaoxun.briefings.lint.rendered_view import FLOW, MM, View
from yaoxun.briefings.locating import Placed, Spot

_EDGE = 0.5  # mm, of first and last baselines
_STEP = 0.25  # mm, of the distance of two lines: an exact pitch is rendered in whole points of the screen
_WIDE = 0.8  # mm over the edge of the type area
_RISE = 0.832  # of a line lies above its baseline
_OPENERS = "“‘（《〈【〔「『"
_CLOSERS = "”’）》〉】〕」』，。、；：？！…—·"


@dataclass(frozen=True, kw_only=True)
class FullLine:
    """A full line: how many characters it should hold and how many it does."""

    placed: Placed
    wanted: int
    has: int


def grid_findings(view: View) -> Iterator[Finding]:
    """Findings on every page and line."""
    yield from _pages(view)
    yield from _pitch(view)
    yield from _characters(view)
    yield from _edges(view)


def full_pages(view: View) -> Iterator[list[Placed]]:
    """The lines of each full page."""
    flowing = {id(line): spot.key for _, spot in view.placed(*FLOW) for line in spot.lines}
    lines = [line for line in view.lines if view.is_upright(line.page)]
    for n in range(len(view.pages) - 1):
        own = [line for line in lines if line.page == n]
        following = next((line for line in lines if line.page == n + 1), None)
        keys = [flowing.get(id(line)) for line in own]
        if own and following and None not in keys and flowing.get(id(following)) == keys[-1]:
            yield own


def full_lines(view: View) -> Iterator[FullLine]:
    """Every full line of the text."""
    for p, spot in view.placed("body", "remark"):
        for n, (placed, following) in enumerate(pairwise(spot.lines)):
            if _is_plain(placed.line.text) and not _is_pushed(placed.line.text, following.line.text):
                yield FullLine(placed=placed, wanted=_wanted(view, p, n), has=len(placed.line.text))


def _wanted(view: View, p: TextParagraph, n: int) -> int:
    """How many characters line `n` of a paragraph holds, by the tracking of its style."""
    page, body = view.profile.page, view.profile.body
    tracking = {"BodyTight": body.tight_twip, "BodyLoose": body.loose_twip}.get(p.style, page.pitch_twip)
    room = page.text_twip - (body.indent_twip if n == 0 else 0)
    return int(room // (body.size_pt * 20 + tracking))


def _is_plain(text: str) -> bool:
    """Whether every character is one em wide and of one run. “” — … stand in runs of their own, and LibreOffice leaves the
    last character of each run without its tracking: a line with several of them holds one character less there."""
    return all(east_asian_width(c) in "WF" for c in text)


def _is_pushed(text: str, following: str) -> bool:
    """Whether the marks at its end, or a Latin word on the next line, decided where a line ends."""
    ends_hanging = text[-1] in _CLOSERS
    moved = following[0] in _OPENERS + "—…" or following[1:2] in tuple(_CLOSERS) or following[0].isascii()
    return ends_hanging or moved


def _pages(view: View) -> Iterator[Finding]:
    page = view.profile.page
    wanted = page.text_height_twip // page.line_twip
    first = (page.top_twip + _RISE * page.line_twip) * MM
    last = first + (wanted - 1) * page.line_twip * MM
    for own in full_pages(view):
        shown, foot = view.shown(own[0].page), own[-1].line.baseline
        if len(own) != wanted:
            yield found("R-LINES", f"第 {shown} 面满面排了 {len(own)} 行，应为 {wanted} 行。", expected=f"{wanted} 行",
                        measured=f"{len(own)} 行", page=shown)  # fmt: skip
        if abs(foot - last) > _EDGE:
            yield found("R-LAST", f"第 {shown} 面末行的字底在 {foot:.1f} 毫米，应在 {last:.1f}±{_EDGE} 毫米。",
                        expected=f"{last:.1f}±{_EDGE} 毫米", measured=f"{foot:.1f} 毫米", page=shown)  # fmt: skip
    heads = {id(line) for _, spot in view.placed(*FLOW) for line in spot.lines}
    for n in range(len(view.pages)):
        top = next(iter(view.on(n)), None)
        if top and id(top) in heads and view.is_upright(n) and abs(top.line.baseline - first) > _EDGE:
            shown, head = view.shown(n), top.line.baseline
            yield found("R-FIRST", f"第 {shown} 面首行的字底在 {head:.1f} 毫米，应在 {first:.1f}±{_EDGE} 毫米。",
                        expected=f"{first:.1f}±{_EDGE} 毫米", measured=f"{head:.1f} 毫米", page=shown)  # fmt: skip


def _pitch(view: View) -> Iterator[Finding]:
    """One finding for the whole document: what is off is off in a style."""
    wanted = view.profile.page.line_twip * MM
    off = [
        (lower.line.baseline - upper.line.baseline, lower, p)
        for p, spot in view.placed("body")
        for upper, lower in pairwise(spot.lines)
        if upper.page == lower.page and abs(lower.line.baseline - upper.line.baseline - wanted) > _STEP
    ]
    if off:
        step, lower, p = off[0]
        yield found(
            "R-PITCH", f"有 {len(off)} 行与上一行相距不是 {wanted:.2f} 毫米，先见于第 {view.shown(lower.page)} 面。",
            expected=f"{wanted:.2f} 毫米（{view.profile.page.line_twip / 20:g} 磅）", measured=f"{step:.2f} 毫米",
            paragraph=p.number, page=view.shown(lower.page), excerpt=lower.line.text,
        )  # fmt: skip


def _characters(view: View) -> Iterator[Finding]:
    off = [line for line in full_lines(view) if line.has != line.wanted]
    if off:
        first, shown = off[0], view.shown(off[0].placed.page)
        yield found(
            "R-CHARS", f"有 {len(off)} 个整行不是应有的字数，先见于第 {shown} 面：{first.has} 字，应为 {first.wanted} 字。",
            expected=f"{first.wanted} 字", measured=f"{first.has} 字", page=shown, excerpt=first.placed.line.text,
        )  # fmt: skip


def _edges(view: View) -> Iterator[Finding]:
    """Lines that stick out of the type area; a mark may hang over its right edge (标点溢出)."""
    em = view.profile.body.size_pt * 20 * MM
    off: list[tuple[Spot, Placed]] = []
    for _, spot in view.placed(*FLOW):
        for placed in spot.lines:
            hang = em if placed.line.text[-1] in _CLOSERS else 0.0
            out = placed.line.right > view.right + hang + _WIDE or placed.line.left < view.left - _WIDE
            if out and view.is_upright(placed.page):
                off.append((spot, placed))
    if off:
        spot, placed = off[0]
        shown = view.shown(placed.page)
        yield found(
            "R-OVERFULL", f"有 {len(off)} 行超出版心，先见于第 {shown} 面。",
            expected=f"左 {view.left:.1f}、右 {view.right:.1f} 毫米之内",
            measured=f"左 {placed.line.left:.1f}、右 {placed.line.right:.1f} 毫米", paragraph=spot.key, page=shown,
            excerpt=placed.line.text,
        )  # fmt: skip
