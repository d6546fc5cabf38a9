"""What is measured on the pages of a document that LibreOffice laid out: where its paragraphs stand, and every rule on it.

The pages come from measuring.py, the text from reading.py; nothing is rendered here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from yaoxun.briefings.fitting import SHORT
from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding, WordText
from yaoxun.briefings.lint.rendered_frame import frame_findings
from yaoxun.briefings.lint.rendered_grid import grid_findings
from yaoxun.briefings.lint.rendered_view import View
from yaoxun.briefings.measuring import Page
from yaoxun.briefings.profile import FormatProfile

# What is off on more pages is off on every page, and told once.
_EACH = 2
_PLACES = 3


def rendered_findings(pages: Sequence[Page], text: WordText, profile: FormatProfile) -> Iterator[Finding]:
    """Every fault that only the rendered page shows."""
    view = View(pages, text, profile)
    yield from _told_once([*grid_findings(view), *_endings(view), *frame_findings(view)])


def _told_once(findings: Sequence[Finding]) -> Iterator[Finding]:
    """What is off on page after page becomes one finding with their count and the first of them."""
    by_id: dict[str, list[Finding]] = {}
    for finding in findings:
        by_id.setdefault(finding.id if finding.paragraph is None else f"{finding.id} {finding.paragraph}", []).append(
            finding
        )
    for same in by_id.values():
        if len(same) <= _EACH:
            yield from same
            continue
        first = "、".join(str(finding.page) for finding in same[:_PLACES])
        yield replace(same[0], problem=f"{same[0].problem.rstrip('。')}（共 {len(same)} 面，先见于第 {first} 面）。")


def pages_of(pages: Sequence[Page], text: WordText, profile: FormatProfile) -> dict[int, int]:
    """The page, as printed on it, on which each paragraph begins; cells of a table have it where the whole table must
    stand on that page."""
    view = View(pages, text, profile)
    known = {number: view.shown(spot.lines[0].page) for number, spot in view.spots.items()}
    ends = {number: view.shown(spot.lines[-1].page) for number, spot in view.spots.items()}
    before, waiting = 0, list[int]()
    for p in text.paragraphs:
        if p.number not in known:
            waiting.append(p.number)
            continue
        if before == known[p.number]:
            known |= dict.fromkeys(waiting, before)
        before, waiting = ends[p.number], []
    return known


def _endings(view: View) -> Iterator[Finding]:
    """Headings alone at the foot of a page, last lines of one or two characters."""
    for p, spot in view.placed("heading1", "heading2", "heading3", "item"):
        last = spot.lines[-1]
        if last.at_foot and last.page < len(view.pages) - 1:
            page = view.shown(last.page)
            yield found(
                "R-HEADING-FOOT", f"标题独自落在第 {page} 面的末行，正文到了下一面。", expected="标题下至少有一行正文",
                measured="面末", paragraph=p.number, page=page, excerpt=p.text.strip(),
            )  # fmt: skip
    for p, spot in view.placed("body"):
        if len(spot.lines) > 1 and spot.last < SHORT:
            yield found(
                "R-SHORT-LINE", f"这一段的末行只有 {spot.last} 个字。", expected=f"{SHORT} 个字以上", measured=f"{spot.last} 个字",
                paragraph=p.number, page=view.shown(spot.lines[-1].page), excerpt=p.text.strip(),
            )  # fmt: skip
