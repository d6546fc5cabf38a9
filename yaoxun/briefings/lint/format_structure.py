"""Rules on what the text is built of: a real title, real headings, their numbers and those of tables and charts, no layout by
empty paragraphs or spaces, no formatting by hand.
"""

import re
from collections.abc import Iterator

from yaoxun.briefings.arranging import chinese
from yaoxun.briefings.lint.cascade import whole
from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.parts import CAPTION
from yaoxun.briefings.lint.roles import LEVELS, heading_number, heading_role
from yaoxun.briefings.lint.structure import WordDocument, WordParagraph
from yaoxun.briefings.profile import FormatProfile

_SPACES = re.compile("[ \u3000\xa0]{2,}|\t")
_NO_LAYOUT = frozenset(
    {"body", "heading1", "heading2", "heading3", "title", "item", "caption", "remark", "masthead", "colophon"}
)
_TIGHT = 40  # twips: a line so low only keeps two tables apart or holds the colophon
_NAMES = {"1": "第一层", "2": "第二层", "3": "第三层"}
_FORMS = {1: "{}、", 2: "（{}）", 3: "{}."}
_TABLE_LOOKS = ("tblBorders", "shd", "tblCellMar")


def check_structure(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    """All of them."""
    yield from _title(document)
    yield from _headings(document)
    yield from _order(document)
    yield from _captions(document)
    yield from _layout(document)
    yield from _direct(document)
    yield from _fonts(document, profile)


def _title(document: WordDocument) -> Iterator[Finding]:
    titles = document.role("title")
    if not titles:
        yield found("F-TITLE-REAL", "没有认出标题。", expected="“标题”样式的一段", measured="无")
    elif titles[0].style_name.strip().lower() not in ("title", "标题"):
        yield found(
            "F-TITLE-REAL", "标题没有用“标题”样式，只是看起来像。", expected="“标题”样式", measured=f"样式“{titles[0].style_name}”",
            paragraph=titles[0].number, excerpt=titles[0].text,
        )  # fmt: skip


def _headings(document: WordDocument) -> Iterator[Finding]:
    for p in document.paragraphs:
        level = LEVELS.get(p.role)
        if level is None:
            continue
        outline = p.props.get("outlineLvl", "9")
        if outline not in ("0", "1", "2"):
            yield found(
                "F-H-REAL", "小标题没有用标题样式，导航窗格和目录里看不到它。", expected=f"标题 {level} 样式",
                measured=f"样式“{p.style_name}”", paragraph=p.number, excerpt=p.text,
            )  # fmt: skip
        elif outline != str(level - 1):
            measured = f"大纲 {int(outline) + 1} 级"
            yield found(
                "F-H-LEVEL", f"“{p.text.strip()[:4]}”的序号是{_NAMES[str(level)]}，大纲级别却是 {int(outline) + 1} 级。",
                expected=f"大纲 {level} 级", measured=measured, paragraph=p.number, excerpt=p.text,
            )  # fmt: skip
        if p.auto:
            yield found(
                "F-AUTO-NUMBER", "小标题的序号是自动编号，复制、转换时会丢失或重排。", expected="序号写在文字里",
                measured=f"自动编号“{p.auto}”", paragraph=p.number, excerpt=p.text,
            )  # fmt: skip
    for p in document.role("body"):
        if p.auto:
            yield found(
                "F-AUTO-NUMBER", "正文用了自动编号或项目符号。", expected="序号写在文字里", measured=f"自动编号“{p.auto}”",
                paragraph=p.number, excerpt=p.text,
            )  # fmt: skip


def _order(document: WordDocument) -> Iterator[Finding]:
    """一、二、三; each level begins anew below the next higher one, all of them with a further item or attachment."""
    last = [0, 0, 0]
    for p in document.paragraphs:
        if p.role in ("item", "attachment", "title"):
            last = [0, 0, 0]
        level = LEVELS.get(p.role)
        if level is None or p.auto or heading_role(p.text) is None:
            continue
        number = heading_number(p.text)
        due = last[level - 1] + 1
        written = chinese(due) if level < 3 else str(due)
        if number != written:
            shown, due_shown = _FORMS[level].format(number), _FORMS[level].format(written)
            yield found(
                "F-H-ORDER", f"{_NAMES[str(level)]}序号不连续：这里应是“{due_shown}”，写的是“{shown}”。", expected=due_shown,
                measured=shown, paragraph=p.number, excerpt=p.text,
            )  # fmt: skip
        last[level - 1] = _value(number) or due
        last[level:] = [0] * (3 - level)


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    return next((n for n in range(1, 100) if chinese(n) == number), 0)


def _captions(document: WordDocument) -> Iterator[Finding]:
    """表1, 表2; anew with a further item. Behind the head of an attachment they may go on or begin anew."""
    last: dict[str, int] = {}
    anew: set[str] = set()
    for p in document.paragraphs:
        if p.role == "item":
            last = {}
        elif p.role == "attachment":
            anew = {"表", "图"}
        caption = CAPTION.match(p.text) if p.role == "caption" else None
        if caption is None:
            continue
        kind, number = caption[1], int(caption[2])
        due = last.get(kind, 0) + 1
        if number != due and not (kind in anew and number == 1):
            yield found(
                "F-CAPTION-ORDER", f"{kind}的编号不连续：这里应是“{kind}{due}”，写的是“{kind}{number}”。",
                expected=f"{kind}{due}", measured=f"{kind}{number}", paragraph=p.number, excerpt=p.text,
            )  # fmt: skip
        anew.discard(kind)
        last[kind] = number


def _layout(document: WordDocument) -> Iterator[Finding]:
    firsts = {table.first for table in document.tables}
    for p in document.paragraphs:
        if p.is_empty and p.table is None and not p.boxed:
            between = p.number + 1 in firsts or p.number == len(document.paragraphs)
            if not (between and _after_table(document, p)) and not _is_low(p):
                yield found(
                    "F-EMPTY", "用空段落排版。", expected="用段前、段后距", measured="空段落", paragraph=p.number
                )
        elif p.role in _NO_LAYOUT and (spaces := _SPACES.search(_laid_out(p))):
            what = "制表符" if spaces[0] == "\t" else f"{len(spaces[0])} 个空格"
            yield found(
                "F-SPACES", "用空格或制表符排版。", expected="用缩进、对齐方式", measured=what, paragraph=p.number, excerpt=p.text.strip(),
            )  # fmt: skip


def _laid_out(p: WordParagraph) -> str:
    """The text in which no spaces should lay out; the number of copies stands behind a tab by design."""
    return re.sub("\t(?=（共印)", "", p.text) if p.role == "colophon" else p.text


def _after_table(document: WordDocument, p: WordParagraph) -> bool:
    """Word itself wants a paragraph between two tables and after a last one."""
    return p.number > 1 and document.paragraph(p.number - 1).table is not None


def _is_low(p: WordParagraph) -> bool:
    return p.props.get("spacing.lineRule") == "exact" and whole(p.props.get("spacing.line", "240")) <= _TIGHT


def _direct(document: WordDocument) -> Iterator[Finding]:
    for p in document.paragraphs:
        by_hand = set(p.direct) | {name for s in p.stretches for name in s.direct}
        by_hand = {name for name in by_hand if not name.startswith("numPr")}
        if by_hand:
            yield _by_hand(by_hand, p.number, p.text)
    for table in document.tables:
        by_hand = {name for name in table.direct if name.startswith(_TABLE_LOOKS)}
        by_hand |= {
            n for r in table.rows for c in r.cells for n in c.props if n.startswith(("tcBorders", "shd", "tcMar"))
        }
        if by_hand:
            yield _by_hand(by_hand, table.first, "")


def _by_hand(names: set[str], number: int, text: str) -> Finding:
    shown = "、".join(sorted({name.partition(".")[0] for name in names}))
    return found(
        "F-DIRECT", f"样式以外另设了格式（{shown}）。", expected="外观只由样式决定", measured=shown, paragraph=number,
        excerpt=text.strip(),
    )  # fmt: skip


def _fonts(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    """Faces of text to which no rule of its own applies."""
    f = profile.faces
    known = {f.title, f.body, f.kai, f.hei, f.song, f.latin}
    for p in document.role("contents", "attachment", "cover", "toc", "other"):
        used = {s.props.get("rFonts.eastAsia", "") for s in p.stretches if s.text.strip()} - known - {""}
        if used:
            names = "、".join(sorted(used))
            yield found(
                "F-FONT", f"用了版式以外的字体{names}。", expected="、".join(sorted(known)), measured=names, paragraph=p.number,
                excerpt=p.text,
            )  # fmt: skip
