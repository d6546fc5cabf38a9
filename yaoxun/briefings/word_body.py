"""An issue as the inside of w:body: what stands where, in which named style. Nothing is formatted directly but sections."""

from collections.abc import Collection, Iterator

from yaoxun.briefings.charts import chart_drawing
from yaoxun.briefings.model import (
    Attachment,
    Block,
    Chart,
    Contents,
    Heading,
    Issue,
    Item,
    LateSlots,
    Paragraph,
    Remark,
    Run,
    Table,
)
from yaoxun.briefings.profile import FormatProfile
from yaoxun.briefings.titles import title_runs
from yaoxun.briefings.word_front import attachment_note_xml, contents_xml, opening_xml, toc_xml
from yaoxun.briefings.word_parts import Ink, paragraph_xml, section_xml
from yaoxun.briefings.word_tables import colophon_xml, is_wide, table_xml


class Setter:
    """Sets one issue. `names` are never split by the breaks of a title."""

    def __init__(self, issue: Issue, profile: FormatProfile, ink: Ink, names: Collection[str] = ()) -> None:
        self._issue, self._profile, self._ink, self._names = issue, profile, ink, names
        self._attachments = [block for block in issue.blocks if isinstance(block, Attachment)]

    def body(self, late: LateSlots | None, footers: str) -> str:
        """Everything between the tags of w:body. `footers` are the references of the section that bears page numbers."""
        issue, profile, ink = self._issue, self._profile, self._ink
        first = self._before_title()
        parts = [opening_xml(issue, profile, late, ink)]
        starts_at = None
        if profile.opening == "cover" or profile.toc_levels:
            parts.append(self._front_matter())
            starts_at = 1
        parts += [self._block(n, block) for n, block in enumerate(issue.blocks[:first])]
        parts.append(self._title("Title", issue.headline))
        parts += self._blocks(first, section_xml(profile, footers=footers, starts_at=starts_at))
        if issue.colophon.rows or issue.colophon.editor:
            if issue.blocks and self._is_wide(issue.blocks[-1]):  # on a page of its own, and upright
                parts.append(paragraph_xml("ColophonAnchor", [], ink))
            parts.append(colophon_xml(issue.colophon, late.copies if late else None, profile, ink))
            parts.append(paragraph_xml("ColophonAnchor", [], ink))
        wide = any(map(self._is_wide, issue.blocks))
        parts.append(section_xml(profile, footers="" if wide else footers, starts_at=None if wide else starts_at))
        return "".join(parts)

    def _front_matter(self) -> str:
        """The end of a section without page numbers: 目录, or nothing but a cover."""
        section = section_xml(self._profile)
        if self._profile.toc_levels:
            return toc_xml(self._issue, self._profile, self._ink, section)
        return paragraph_xml("ColophonAnchor", [], self._ink, section=section)

    def _before_title(self) -> int:
        """按语 and 要目 with which the text begins stand above its title."""
        blocks = self._issue.blocks
        return next((n for n, block in enumerate(blocks) if not isinstance(block, Remark | Contents)), len(blocks))

    def _is_wide(self, block: Block) -> bool:
        return isinstance(block, Table) and is_wide(block, self._profile)

    def _blocks(self, first: int, section: str) -> Iterator[str]:
        """The text. A wide table has a section of its own; `section` is that of the pages before the first of them."""
        touches_table = noted = False
        for n, block in enumerate(self._issue.blocks[first:], first):
            if isinstance(block, Attachment) and not noted:
                yield attachment_note_xml(self._attachments, self._ink)
                noted, touches_table = True, False
            if isinstance(block, Table) and self._is_wide(block):
                yield paragraph_xml("ColophonAnchor", [], self._ink, section=section)
                yield table_xml(block, self._profile, self._ink, wide=True)
                yield paragraph_xml("ColophonAnchor", [], self._ink, section=section_xml(self._profile, landscape=True))
                section, touches_table = section_xml(self._profile), False
                continue
            if isinstance(block, Table) and touches_table and not block.caption and not block.unit:
                yield paragraph_xml("TableGap", [], self._ink)  # Word would join two tables that touch
            yield self._block(n, block)
            touches_table = isinstance(block, Table)
        if touches_table:
            yield paragraph_xml("TableGap", [], self._ink)

    def _block(self, n: int, block: Block) -> str:
        ink = self._ink
        match block:
            case Heading():
                made = paragraph_xml(f"Heading{block.level}", block.runs, ink, name=self._toc_name())
            case Paragraph():
                made = paragraph_xml(self._body_style(n), block.runs, ink)
            case Remark():
                made = paragraph_xml("Remark", block.runs, ink)
            case Table():
                made = table_xml(block, self._profile, ink)
            case Chart():
                made = self._chart(block)
            case Contents():
                made = contents_xml(self._issue, ink)
            case Item():
                made = self._title("ItemTitle", block.runs)
            case Attachment():
                mark = paragraph_xml("AttachmentMark", [Run(text=f"附件{block.number or ''}")], ink)
                title = title_runs(block.runs, self._profile, self._names)
                made = mark + paragraph_xml("AttachmentTitle", title, ink)
        return made

    def _body_style(self, n: int) -> str:
        fit = self._ink.fit
        return "BodyTight" if n in fit.tight else "BodyLoose" if n in fit.loose else "BodyText"

    def _chart(self, chart: Chart) -> str:
        """The drawing, its unit above and its caption below."""
        ink = self._ink
        unit = paragraph_xml("TableUnit", [Run(text=f"单位：{chart.unit}")], ink) if chart.unit else ""
        drawing = f'<w:p><w:pPr><w:pStyle w:val="ChartBody"/></w:pPr>{chart_drawing(chart, self._profile, *ink.chart())}</w:p>'
        return unit + drawing + paragraph_xml("FigureCaption", chart.caption, ink)

    def _title(self, style: str, runs: tuple[Run, ...]) -> str:
        return paragraph_xml(style, title_runs(runs, self._profile, self._names), self._ink, name=self._toc_name())

    def _toc_name(self) -> str:
        """The next heading's bookmark, where there is a 目录 to link to it."""
        return self._ink.heading() if self._profile.toc_levels else ""
