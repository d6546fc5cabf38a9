"""Rules on charts and pictures and on the file itself: properties and what other programs leave behind."""

import re
from collections.abc import Iterator

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding
from yaoxun.briefings.lint.parts import CAPTION
from yaoxun.briefings.lint.structure import WordDocument
from yaoxun.briefings.profile import FormatProfile

# Who has not written anything, but is named as the author of much.
_PROGRAMS = frozenset({
    "python-docx", "apache poi", "docx4j", "un-named", "unknown", "administrator", "admin", "user", "microsoft office user",
    "microsoft", "wps office", "wps", "libreoffice", "office", "",
})  # fmt: skip
_PROPERTY = 255  # characters that a core property holds


def check_file(document: WordDocument, profile: FormatProfile) -> Iterator[Finding]:
    """Charts, pictures, properties, leftovers."""
    yield from _drawn(document)
    yield from _charts(document)
    yield from _properties(document)
    left = list(document.leftovers)
    left += ["程序写的备注"] if "python-docx" in document.core.get("description", "") else []
    if left:
        yield found("F-LEFTOVER", f"文件里留着{'、'.join(left)}。", expected="无", measured="、".join(left))


def _drawn(document: WordDocument) -> Iterator[Finding]:
    for p in document.paragraphs:
        if not p.pictures:
            continue
        near = document.paragraphs[max(0, p.number - 2) : p.number + 2]
        if any((match := CAPTION.match(q.text)) and match[1] == "图" for q in near):
            yield found(
                "F-CHART-PICTURE", "图是图片，数据改不了。", expected="Word 图表", measured="图片", paragraph=p.number,
                excerpt=next(q.text for q in near if CAPTION.match(q.text)),
            )  # fmt: skip
        if not all(p.pictures):
            yield found("F-ALT", "图片没有替代文字。", expected="替代文字", measured="无", paragraph=p.number)


def _charts(document: WordDocument) -> Iterator[Finding]:
    for chart in document.charts.values():
        if not chart.alt:
            yield found(
                "F-ALT",
                "图表没有替代文字。",
                expected="替代文字",
                measured="无",
                paragraph=chart.paragraph,
                excerpt=chart.caption,
            )
        if chart.book is None:
            yield found(
                "F-CHART-BOOK", "图表没有内嵌的数据，“编辑数据”打不开。", expected="内嵌工作簿", measured="无", paragraph=chart.paragraph,
                excerpt=chart.caption,
            )  # fmt: skip
        after = next((p for p in document.paragraphs[chart.paragraph :] if p.text.strip()), None)
        if after is None or not after.text.strip().startswith("图"):
            yield found(
                "F-CHART-CAPTION", "图下没有图题（图1　名称）。", expected="图1　名称，在图下方", measured="在图上方" if chart.caption else "无",
                paragraph=chart.paragraph, excerpt=chart.caption,
            )  # fmt: skip


def _properties(document: WordDocument) -> Iterator[Finding]:
    core = document.core
    for key, what in (("creator", "作者"), ("lastModifiedBy", "最后保存者")):
        value = core.get(key, "").strip()
        if value.lower() in _PROGRAMS or "python-docx" in value:
            yield found(
                "F-AUTHOR",
                f"文件属性里的{what}是“{value or '空'}”，不是编印单位。",
                expected="编印单位",
                measured=value or "空",
            )
            break
    titles = document.role("title")
    wanted = re.sub(r"\s", "", titles[0].text) if titles else ""
    given = re.sub(r"\s", "", core.get("title", ""))
    if not given:
        yield found("F-CORE-EMPTY", "文件属性里没有标题。", expected=wanted[:40], measured="空")
    elif wanted and given[:200] != wanted[:200]:
        yield found(
            "F-CORE-TITLE", f"文件属性里的标题“{given[:30]}”与正文标题不同。", expected=wanted[:40], measured=given[:40]
        )
    elif titles and "\n" in core.get("title", ""):
        yield found("F-CORE-TITLE", "文件属性里的标题断了行。", expected="不断行", measured="断行")
