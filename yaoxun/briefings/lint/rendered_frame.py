"""Rules on what stands round the rendered text: page numbers, the red rule, 版记, and the faces that were used."""

from collections.abc import Iterator

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.rendered_view import MM, View
from yaoxun.briefings.locating import number_line
from yaoxun.briefings.measuring import Line, Page, Rule

_DASH = 1.0  # mm, of the dash of a page number
_SIDE = 2.0  # mm, of 空一字
_RULE = 0.3  # mm, of the red rule's length
_LAST_RULE = 0.5  # mm, of the colophon's last rule
_BELOW = 7.0  # mm from the type area to the dash (7.5)
_FLAT = 0.1


def frame_findings(view: View) -> Iterator[Finding]:
    """Findings on everything that is not the running text."""
    yield from _numbers(view)
    if view.profile.opening == "masthead":
        yield from _red_rule(view)
        yield from _colophon(view)
    yield from _faces(view)


def _numbers(view: View) -> Iterator[Finding]:
    """A document without any page number is told of by its footers (F-PAGE-NONE)."""
    numbered = {n: found_here for n, page in enumerate(view.pages) if (found_here := number_line(page))}
    for n, page in enumerate(view.pages):
        if n in numbered:
            line, number = numbered[n]
            if view.is_upright(n):
                yield from _number_place(view, line, number)
        elif numbered and page.lines and not _may_lack_number(view, n, min(numbered)):
            yield found("R-NUMBER-NONE", f"第 {n + 1} 面没有页码。", expected="— 页码 —", measured="无", page=n + 1)


def _may_lack_number(view: View, n: int, first: int) -> bool:
    """Pages before the first numbered one, where there is a cover or 目录; a page with nothing but 版记 (7.5)."""
    if n < first and (view.profile.opening == "cover" or view.profile.toc_levels):
        return True
    own = {id(line) for line in view.on(n)}
    return own <= {id(line) for _, spot in view.placed("colophon") for line in spot.lines}


def _number_place(view: View, line: Line, number: int) -> Iterator[Finding]:
    dash = view.foot + _BELOW
    if line.text[0] == "—" and abs(line.middle - dash) > _DASH:
        yield found(
            "R-NUMBER-PLACE", f"第 {number} 面页码的一字线在 {line.middle:.1f} 毫米，应在 {dash:.0f}±{_DASH:.0f} 毫米（版心下 7 毫米）。",
            expected=f"{dash:.0f}±{_DASH:.0f} 毫米", measured=f"{line.middle:.1f} 毫米", page=number,
        )  # fmt: skip
    indent = view.profile.page_number.indent_twip * MM
    odd = number % 2 == 1
    off = line.right - (view.right - indent) if odd else line.left - (view.left + indent)
    if abs(off) > _SIDE:
        wanted = "居右空一字" if odd else "居左空一字"
        measured = f"左端 {line.left:.1f}、右端 {line.right:.1f} 毫米"
        yield found("R-NUMBER-SIDE", f"第 {number} 面的页码应{wanted}，现为{measured}。", expected=wanted, measured=measured, page=number)  # fmt: skip


def _flat(page: Page) -> Iterator[Rule]:
    return (rule for rule in page.rules if abs(rule.bottom - rule.top) < _FLAT)


def _is_red(colour: str) -> bool:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (0, 2, 4))
    return red >= 0xB0 and green < 0x60 and blue < 0x60


def _red_rule(view: View) -> Iterator[Finding]:
    """The longest red rule of the first page; that there is none is told of by the paragraphs (F-RULE-NONE)."""
    lengths = [rule.right - rule.left for rule in _flat(view.pages[0]) if _is_red(rule.colour)] if view.pages else []
    wanted = view.right - view.left
    if lengths and abs(max(lengths) - wanted) > _RULE:
        yield found(
            "R-RULE", f"红线长 {max(lengths):.1f} 毫米，应与版心等宽（{wanted:.1f}±{_RULE} 毫米）。",
            expected=f"{wanted:.1f}±{_RULE} 毫米", measured=f"{max(lengths):.1f} 毫米", page=view.shown(0),
        )  # fmt: skip


def _colophon(view: View) -> Iterator[Finding]:
    rows = [spot for _, spot in view.placed("colophon")]
    if not rows:
        return
    last = rows[-1].lines[-1]
    page, shown = last.page, view.shown(last.page)
    below = [rule.bottom for rule in _flat(view.pages[page]) if rule.bottom > last.line.baseline]
    if below and abs(max(below) - view.foot) > _LAST_RULE:
        measured = f"{max(below):.1f} 毫米"
        yield found(
            "R-COL-FOOT", f"版记末条线在 {measured}，应在版心下边缘（{view.foot:.0f}±{_LAST_RULE} 毫米）。",
            expected=f"{view.foot:.0f}±{_LAST_RULE} 毫米", measured=measured, page=shown, paragraph=rows[-1].key,
        )  # fmt: skip
    if page != len(view.pages) - 1:
        yield found("R-COL-LAST", f"版记在第 {shown} 面，后面还有 {len(view.pages) - 1 - page} 面。", expected="最后一面",
                    measured=f"第 {shown} 面", page=shown, paragraph=rows[0].key)  # fmt: skip
    elif shown % 2:
        yield found("R-COL-EVEN", f"版记在第 {shown} 面，是单数面。", expected="双数面", measured=f"第 {shown} 面", page=shown,
                    paragraph=rows[0].key)  # fmt: skip


def _faces(view: View) -> Iterator[Finding]:
    """Faces in the pages that are neither the profile's nor known stand-ins of theirs."""
    wanted = list(dict.fromkeys(view.profile.faces.model_dump().values()))
    known = tuple(name for face in wanted for name in view.profile.pdf_faces.get(face, ()))
    used = {name for page in view.pages for name in page.faces}
    strange = sorted(name for name in used if not name.startswith(known))
    if strange:
        measured = "、".join(strange)
        yield found("R-FACE", f"排版时用了版式以外的字体：{measured}。", expected="、".join(wanted), measured=measured)
