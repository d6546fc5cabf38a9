"""Rules on sections: paper, type area, grid, and the page numbers in their footers."""

from collections.abc import Iterator

from yaoxun.briefings.lint import facts
from yaoxun.briefings.lint.cascade import whole
from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.facts import points
from yaoxun.briefings.lint.format_wants import differs
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.structure import Section, WordDocument, WordParagraph
from yaoxun.briefings.profile import FormatProfile

_SIDES = ("top", "right", "bottom", "left")
_GRIDS = {
    "default": "无网格",
    "lines": "只指定行网格",
    "linesAndChars": "指定行和字符网格",
    "snapToChars": "文字对齐字符网格",
}
_MM = 56.7  # twips


def check_page(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    """Every section; what is the same in all of them is told once."""
    told: set[tuple[str, str]] = set()
    for section in document.sections:
        for finding in _section(section, profile):
            if (finding.id, finding.measured) not in told:
                told.add((finding.id, finding.measured))
                yield finding
    yield from _numbers(document, profile)


def _section(section: Section, profile: FormatProfile) -> Iterator[Finding]:
    page, props = profile.page, section.props
    paper = [whole(props.get(f"pgSz.{side}", "0")) for side in ("w", "h")]
    standard = [page.width_twip, page.height_twip]
    lies = paper[0] > paper[1]
    if not _near(sorted(paper), sorted(standard), 4):
        yield _differs("F-PAPER", "纸张应为 A4，即", _mm(*standard), _mm(*paper))
    margins = [whole(props.get(f"pgMar.{side}", "0")) for side in _SIDES]
    wanted = [page.top_twip, page.right_twip, page.bottom_twip, page.left_twip]
    turned = [wanted[k:] + wanted[:k] for k in range(4)] if lies else [wanted]
    if not any(_near(margins, one, 2) for one in turned):
        yield _differs("F-MARGINS", "页边距（上右下左）应为", _mm(*wanted), _mm(*margins))
    if whole(props.get("pgMar.gutter", "0")):
        yield _differs("F-MARGINS", "装订线应为", _mm(0), _mm(whole(props["pgMar.gutter"])))
    kind, pitch = props.get("docGrid.type", "default"), props.get("docGrid.linePitch", "0")
    if not lies and (kind, pitch) != ("lines", str(page.line_twip)):
        yield _differs("F-GRID", "文档网格应为", _grid("lines", page.line_twip), _grid(kind, whole(pitch)))
    foot = whole(props.get("pgMar.footer", "0"))
    if section.footers and abs(foot - page.footer_twip) > 2:
        yield _differs("F-PAGE-DISTANCE", "页脚距纸边应为", _mm(page.footer_twip), _mm(foot))


def _near(some: list[int], others: list[int], most: int) -> bool:
    return all(abs(a - b) <= most for a, b in zip(some, others, strict=True))


def _differs(id: str, begins: str, expected: str, measured: str) -> Finding:
    return found(id, f"{begins}{expected}，现为{measured}。", expected=expected, measured=measured)


def _grid(kind: str, pitch: int) -> str:
    return f"{_GRIDS.get(kind, kind)}、行距 {points(pitch)}"


def _mm(*twips: int) -> str:
    return "×".join(facts.number(round(twip / _MM, 1)) for twip in twips) + " 毫米"


def _numbers(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    numbered = [
        s for s in document.sections if any(_page_number(s.footers.get(kind, ())) for kind in ("default", "even"))
    ]
    if not numbered:
        yield found("F-PAGE-NONE", "没有页码。", expected="— 1 —", measured="无")
        return
    if document.settings.get("evenAndOddHeaders") != "1":
        yield found("F-PAGE-EVEN", "没有设“奇偶页不同”，双页码不能居左。", expected="奇偶页不同", measured="奇偶页相同")
    told: set[str] = set()
    for section in numbered:
        if (
            profile.opening == "masthead"
            and section.props.get("titlePg") == "1"
            and not _page_number(section.footers.get("first", ()))
        ):
            yield found("F-PAGE-FIRST", "设了“首页不同”，首页没有页码。", expected="首页有页码", measured="首页无页码")
        for kind, id in (("default", "F-PAGE-ODD"), ("even", "F-PAGE-EVEN")):
            p = _page_number(section.footers.get(kind, ()))
            if p is None:
                continue
            for finding in _one(p, profile, id):
                if finding.id not in told:
                    told.add(finding.id)
                    yield finding


def _page_number(footer: tuple[WordParagraph, ...]) -> WordParagraph | None:
    return next((p for p in footer if "PAGE" in "".join(p.fields).upper()), None)


def _one(p: WordParagraph, profile: FormatProfile, id: str) -> Iterator[Finding]:
    number, face = profile.page_number, profile.faces.song
    text = p.text.strip()
    if not (text.startswith("— ") and text.endswith(" —")):
        yield found("F-PAGE-DASH", f"页码左右应各有一条一字线，现为“{text}”。", expected="— 1 —", measured=text)
    odd = id == "F-PAGE-ODD"
    side, key = ("右", "right") if odd else ("左", "left")
    indent = whole(p.props.get(f"ind.{key}", p.props.get("ind.end" if odd else "ind.start", "0")))
    chars = whole(p.props.get(f"ind.{key}Chars", "0"))
    measured = f"{next(iter(facts.alignment(p)))}、{side}缩进 {points(indent)}"
    expected = f"{side}对齐、{side}缩进 {points(number.indent_twip)}"
    if chars == 100:
        measured = measured.replace(points(indent), points(number.indent_twip))
    if measured != expected:
        yield found(
            id,
            f"{'单' if odd else '双'}页码应居{side}空一字（{expected}），现为{measured}。",
            expected=expected,
            measured=measured,
        )
    for name, fact, wanted in (
        ("F-PAGE-FONT", _faces, face),
        ("F-PAGE-SIZE", facts.size, points(number.size_pt * 20)),
        ("F-PAGE-LINE", facts.line, facts.ruled(number.line_twip)),
    ):
        if other := fact(p) - {wanted}:
            yield differs(name, wanted, other, p)


def _faces(p: WordParagraph) -> set[str]:
    return facts.latin(p) | facts.marks(p)
