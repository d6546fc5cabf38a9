"""A document as .docx bytes: the same issue, profile and slots give the same bytes. python-docx gives the package and its
parts; every paragraph bears a named style (styles.py) and nothing is formatted directly.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from yaoxun.briefings.model import Heading, Issue, LateSlots, Paragraph, Run, legal, text_of
from yaoxun.briefings.profile import FormatProfile
from yaoxun.briefings.styles import NS, styles_xml
from yaoxun.briefings.titles import break_title
from yaoxun.briefings.word_parts import Ink, body_table, colophon_table, footer_xml, paragraph

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_LEFTOVERS = {
    "customXml", "thumbnail", "numbering", "theme", "stylesWithEffects", "fontTable", "webSettings", "extended-properties",
}  # fmt: skip
_OLD_SETTINGS = (
    "w:evenAndOddHeaders", "w:updateFields", "w:proofState", "w:savePreviewPicture", "w:rsids", "w:themeFontLang",
    "w:clrSchemeMapping",
)  # fmt: skip
_PROPERTY = 255  # characters that a core property holds
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def build_docx(issue: Issue, profile: FormatProfile, late: LateSlots | None) -> bytes:
    """The file: a draft when `late` is None (〔2023〕第　期 has no number yet), else with its late slots filled."""
    document = Document()
    _restyle(document, profile)
    body = document.element.body
    section = body.sectPr
    body.clear_content()
    for element in _elements(issue, profile, late):
        section.addprevious(element)
    _page(document, profile)
    _footers(document, profile)
    _properties(document, issue, late)
    _drop_leftovers(document)
    stream = io.BytesIO()
    document.save(stream)
    return _repacked(stream.getvalue())


def _elements(issue: Issue, profile: FormatProfile, late: LateSlots | None) -> list[Any]:
    ink = Ink()
    number = late.issue_number if late else "〔〕第\u3000期"
    day = late.printed_on if late else None
    printed = f"{day.year}年{day.month}月{day.day}日" if day else "\u3000\u3000年\u3000月\u3000日"
    elements = [
        paragraph("Masthead", [Run(text=issue.masthead.name)], ink),
        paragraph("IssueNumber", [Run(text=number)], ink),
        paragraph("DateLine", [Run(text=f"\t{issue.masthead.issuer}\t{printed}")], ink),
        paragraph("Title", _title_runs(issue.headline, profile), ink),
    ]
    for block in issue.blocks:
        if isinstance(block, Heading):
            elements.append(paragraph(f"Heading{block.level}", block.runs, ink))
        elif isinstance(block, Paragraph):
            elements.append(paragraph("BodyText", block.runs, ink))
        else:
            if elements[-1].tag.endswith("}tbl"):  # Word would join two tables that touch
                elements.append(paragraph("TableGap", [], ink))
            elements += body_table(block, profile, ink)
    if elements[-1].tag.endswith("}tbl"):
        elements.append(paragraph("TableGap", [], ink))
    if issue.colophon.rows or issue.colophon.editor:
        elements.append(colophon_table(issue.colophon, late.copies if late else None, profile, ink))
        elements.append(paragraph("ColophonAnchor", [], ink))
    return elements


def _title_runs(headline: Sequence[Run], profile: FormatProfile) -> list[Run]:
    """The title's runs with its line breaks put in between."""
    holds = profile.page.text_twip / (profile.title.size_pt * 20)
    lines = break_title(text_of(tuple(headline)), one_line_up_to=profile.title.one_line_up_to, line_holds=holds)
    ends = set(accumulate(len(line) for line in lines[:-1]))
    runs: list[Run] = []
    at = 0
    for run in headline:
        runs += [Run(text="\n")] if at in ends else []
        cuts = [0, *(n for n in range(1, len(run.text)) if at + n in ends), len(run.text)]
        runs.append(replace(run, text="\n".join(run.text[start:end] for start, end in pairwise(cuts))))
        at += len(run.text)
    return runs


def _restyle(document: Any, profile: FormatProfile) -> None:
    """Replace every style of python-docx's own template."""
    old = document.styles.element
    new = parse_xml(styles_xml(profile))
    for child in list(old):
        old.remove(child)
    for child in list(new):
        old.append(child)
    settings = document.settings.element
    for name in _OLD_SETTINGS:
        for found in settings.findall(name, settings.nsmap):
            settings.remove(found)
    anchor = settings.find("w:characterSpacingControl", settings.nsmap)
    even = parse_xml(f"<w:evenAndOddHeaders {nsdecls('w')}/>")
    if anchor is not None:
        anchor.addprevious(even)
    else:
        settings.append(even)


def _page(document: Any, profile: FormatProfile) -> None:
    p = profile.page
    section = document.element.body.sectPr
    for child in list(section):
        section.remove(child)
    for xml in (
        f'<w:pgSz w:w="{p.width_twip}" w:h="{p.height_twip}"/>',
        f'<w:pgMar w:top="{p.top_twip}" w:right="{p.right_twip}" w:bottom="{p.bottom_twip}" w:left="{p.left_twip}" '
        f'w:header="851" w:footer="{p.footer_twip}" w:gutter="0"/>',
        f'<w:docGrid w:type="lines" w:linePitch="{p.line_twip}"/>',
    ):
        section.append(parse_xml(xml.replace("<w:pgSz", f"<w:pgSz {NS}").replace("<w:pgMar", f"<w:pgMar {NS}").replace(
            "<w:docGrid", f"<w:docGrid {NS}")))  # fmt: skip


def _footers(document: Any, profile: FormatProfile) -> None:
    section = document.sections[0]
    for footer, style in ((section.footer, "PageNumberOdd"), (section.even_page_footer, "PageNumberEven")):
        footer.is_linked_to_previous = False
        element = footer._element
        for child in list(element):
            element.remove(child)
        element.append(parse_xml(footer_xml(style)))


def _properties(document: Any, issue: Issue, late: LateSlots | None) -> None:
    core = document.core_properties
    core.author = core.last_modified_by = legal(issue.masthead.issuer)[:_PROPERTY]
    core.title = legal(issue.title)[:_PROPERTY]
    core.subject = core.keywords = core.comments = core.category = ""
    core.revision = 1
    day = late.printed_on if late else None
    core.created = core.modified = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else _EPOCH


def _drop_leftovers(document: Any) -> None:
    """python-docx's template brings parts of its own: a custom XML item, a thumbnail, its styles a second time, fonts and
    the name of a program that has not made this file."""
    for part in (document.part, document.part.package):
        for rel_id, rel in list(part.rels.items()):
            if rel.reltype.rpartition("/")[2] in _LEFTOVERS:
                del part.rels[rel_id]


def _repacked(data: bytes) -> bytes:
    """The same package with fixed dates and member order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name != "_rels/.rels", name))
        for name in names:
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, source.read(name))
    return out.getvalue()
