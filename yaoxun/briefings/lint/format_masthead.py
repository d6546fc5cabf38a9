"""Rules on 报头, 期号, 署日行 and the red rule below them; all of it house custom or by analogy with 版头."""

import re
from collections.abc import Iterator

from yaoxun.briefings.lint.cascade import whole
from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.facts import points
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.structure import WordDocument, WordParagraph
from yaoxun.briefings.profile import FormatProfile

_BRACKETS = re.compile(r"\s*〔[\d\s]*〕\s*第[\d\s]*期")
_ZERO = re.compile(r"第\s*0\d*\s*[期号]")
_BLANK_DAY = re.compile(r"\s{0,4}年\s*月\s*日")
_SPACES = re.compile("[ \u3000\xa0]{2,}")
_FRONT = ("masthead", "issue_number", "date_line", "secret")


def check_masthead(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    """Nothing is asked of a document that opens with a cover."""
    if profile.opening != "masthead":
        return
    yield from _name(document, profile)
    yield from _number(document)
    yield from _day(document, profile)
    yield from _rule(document, profile)


def _name(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    m = profile.masthead
    named = document.role("masthead")
    if not named:
        yield found("F-MAST-NONE", f"没有报头“{m.name}”。", expected=m.name, measured="无")
        return
    first = named[0]
    text = re.sub(r"\s", "", "".join(p.text for p in named))
    if text != m.name:
        yield found(
            "F-MAST-NAME", f"报头应为“{m.name}”，现为“{text}”。", expected=m.name, measured=text, paragraph=first.number,
            excerpt=first.text,
        )  # fmt: skip
    em = max(
        (whole(s.props.get("sz", "20")) * 10 + whole(s.props.get("spacing", "0")) for s in first.stretches), default=0
    )
    if len(named) > 1 or "\n" in first.text or em * len(first.text) > profile.page.text_twip:
        lines = max(len(named), first.text.count("\n") + 1, -(-em * len(first.text) // profile.page.text_twip))
        yield found(
            "F-MAST-ONE-LINE", f"报头应排成一行，现在排不下，成 {lines} 行。", expected="一行", measured=f"{lines} 行",
            paragraph=first.number, excerpt=first.text,
        )  # fmt: skip


def _number(document: WordDocument) -> Iterator[Finding]:
    numbers = document.role("issue_number")
    if not numbers:
        yield found("F-ISSUE-NONE", "报头下没有期号。", expected="〔年份〕第N期", measured="无")
    for p in numbers:
        text = p.text.strip()
        if not _BRACKETS.match(text) and "增刊" not in text:
            yield found(
                "F-ISSUE-BRACKETS", f"期号“{text}”的年份应用六角括号“〔〕”括入，后接“第N期”。", expected="〔年份〕第N期", measured=text,
                paragraph=p.number, excerpt=text,
            )  # fmt: skip
        if zero := _ZERO.search(text):
            yield found(
                "F-ISSUE-ZERO", f"期号“{zero[0]}”不应编虚位。", expected=zero[0].replace("0", "", 1), measured=zero[0],
                paragraph=p.number, excerpt=text,
            )  # fmt: skip


def _day(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    lines = document.role("date_line")
    if not lines:
        yield found(
            "F-DATE-NONE", "报头下没有署日行（编印单位和印发日期）。", expected="左编印单位、右印发日期", measured="无"
        )
    indent = profile.masthead.indent_twip
    wanted = f"left:{indent} right:{profile.page.text_twip - indent}"
    for p in lines:
        if spaces := _SPACES.search(_BLANK_DAY.sub("", p.text)):
            yield found(
                "F-DATE-SPACES", "署日行用空格把日期推到右边。", expected="用制表位", measured=f"{len(spaces[0])} 个空格",
                paragraph=p.number, excerpt=p.text.strip(),
            )  # fmt: skip
        tabs = p.props.get("tabs", "无")
        if tabs != wanted or p.text.count("\t") != 2:
            measured = "无制表位" if tabs == "无" else _stops(tabs)
            yield found(
                "F-DATE-TABS", f"署日行应由制表位排在左右各空一字处（{_stops(wanted)}），现为{measured}、文中制表符 {p.text.count(chr(9))} 个。",
                expected=f"{_stops(wanted)}、制表符 2 个", measured=f"{measured}、制表符 {p.text.count(chr(9))} 个",
                paragraph=p.number, excerpt=p.text.strip(),
            )  # fmt: skip


def _stops(tabs: str) -> str:
    words = {"left": "左", "start": "左", "right": "右", "end": "右", "center": "居中", "decimal": "小数点"}
    stops = (stop.partition(":") for stop in tabs.split())
    return "、".join(f"{words.get(kind, kind)}制表位 {points(whole(at))}" for kind, _, at in stops)


def _rule(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    m = profile.masthead
    front = [p for p in document.paragraphs if p.role in _FRONT]
    ruled = [p for p in front if p.props.get("pBdr.bottom", "nil") not in ("nil", "none")]
    if not ruled:
        if front and not any(p.shapes or p.pictures for p in document.paragraphs[:15]):
            yield found(
                "F-RULE-NONE", "报头下没有红色分隔线。", expected=f"红线，{m.rule_eighth_pt / 8:g} 磅", measured="无"
            )
        return
    p = ruled[-1]
    colour, size = p.props.get("pBdr.bottom.color", "auto").upper(), whole(p.props.get("pBdr.bottom.sz", "0"))
    if colour != m.colour:
        yield _of_rule("F-RULE-COLOUR", "颜色", m.colour, colour, p)
    kind = p.props.get("pBdr.bottom")
    if size != m.rule_eighth_pt or kind != "single":
        expected, measured = (
            f"单线 {m.rule_eighth_pt / 8:g} 磅",
            f"{'单线' if kind == 'single' else kind} {size / 8:g} 磅",
        )
        yield _of_rule("F-RULE-SIZE", "线型、粗细", expected, measured, p)
    space = whole(p.props.get("pBdr.bottom.space", "0"))
    if space != m.rule_space_pt:
        yield _of_rule("F-RULE-SPACE", "与文字的距离", f"{m.rule_space_pt} 磅", f"{space} 磅", p)
    sides = [whole(p.props.get(f"ind.{side}", "0")) for side in ("left", "right")]
    if any(sides):
        text = profile.page.text_twip
        yield _of_rule(
            "F-RULE-LENGTH", "长度", f"{text / 56.7:.0f} 毫米，与版心等宽", f"{(text - sum(sides)) / 56.7:.0f} 毫米", p
        )


def _of_rule(id: str, what: str, expected: str, measured: str, p: WordParagraph) -> Finding:
    return found(
        id, f"报头下红线的{what}应为 {expected}，现为 {measured}。", expected=expected, measured=measured, paragraph=p.number,
        excerpt=p.text.strip(),
    )  # fmt: skip
