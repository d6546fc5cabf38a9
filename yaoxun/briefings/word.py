"""A document as .docx bytes: the same issue, profile and slots give the same bytes. python-docx gives the package and its
parts; every paragraph bears a named style (styles.py) and nothing is formatted directly.
"""

import io
import zipfile
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from docx import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from yaoxun.briefings.charts import DRAWING_NS, chart_workbook, chart_xml
from yaoxun.briefings.lint.model import NumeralRecord
from yaoxun.briefings.model import Chart, Fit, Issue, LateSlots, legal
from yaoxun.briefings.profile import FormatProfile
from yaoxun.briefings.styles import NS, styles_xml
from yaoxun.briefings.word_body import Setter
from yaoxun.briefings.word_parts import Ink, footer_xml
from yaoxun.briefings.word_records import properties_xml, records_xml

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
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


def build_docx(
    issue: Issue,
    profile: FormatProfile,
    late: LateSlots | None,
    *,
    fit: Fit | None = None,
    names: Collection[str] = (),
    records: Sequence[NumeralRecord] = (),
) -> bytes:
    """The file: a draft when `late` is None (〔2023〕第　期 has no number yet), else with its late slots filled. `fit` is
    what laying it out has shown; `names` are never split in a title; `records` go with the file and change nothing of how it
    looks. Raises RequestError for a table that no page holds."""
    document = Document(io.BytesIO(_blank()))
    document.part._styles_part._element = parse_xml(styles_xml(profile))
    _properties(document, issue, late)
    charts = [block for block in issue.blocks if isinstance(block, Chart)]
    ink = Ink(fit, [_add_chart(document, chart, profile, n) for n, chart in enumerate(charts, 1)])
    footers = _footers(document)
    body = Setter(issue, profile, ink, names).body(late, footers)
    document.part._element = parse_xml(f"<w:document {NS} {DRAWING_NS}><w:body>{body}</w:body></w:document>")
    if records:
        _add_records(document, records)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


@lru_cache(maxsize=1)
def _blank() -> bytes:
    """python-docx's own template without what it brings along: a custom XML item, a thumbnail, its styles a second time,
    fonts and the name of a program that has not made this file."""
    document = Document()
    for part in (document.part, document.part.package):
        for rel_id, rel in list(part.rels.items()):
            if rel.reltype.rpartition("/")[2] in _LEFTOVERS:
                del part.rels[rel_id]
    settings = document.settings.element
    for name in _OLD_SETTINGS:
        for found in settings.findall(name, settings.nsmap):
            settings.remove(found)
    even = parse_xml(f"<w:evenAndOddHeaders {NS}/>")
    settings.find("w:characterSpacingControl", settings.nsmap).addprevious(even)
    document.part._styles_part._element = parse_xml(f"<w:styles {NS}/>")
    document.element.body.clear_content()
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add_chart(document: Any, chart: Chart, profile: FormatProfile, n: int) -> str:
    """The part of a chart with its workbook inside; the relation by which the text names it."""
    package = document.part.package
    book = Part(
        PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{n}.xlsx"), CT.SML_SHEET, chart_workbook(chart), package
    )
    part = Part(PackURI(f"/word/charts/chart{n}.xml"), CT.DML_CHART, b"", package)
    part._blob = chart_xml(chart, profile, book=part.relate_to(book, RT.PACKAGE))
    return str(document.part.relate_to(part, RT.CHART))


def _add_records(document: Any, records: Sequence[NumeralRecord]) -> None:
    package = document.part.package
    item = Part(PackURI("/customXml/item1.xml"), CT.XML, records_xml(records), package)
    about = PackURI("/customXml/itemProps1.xml")
    item.relate_to(Part(about, CT.OFC_CUSTOM_XML_PROPERTIES, properties_xml(), package), RT.CUSTOM_XML_PROPS)
    document.part.relate_to(item, RT.CUSTOM_XML)


def _footers(document: Any) -> str:
    """The two footer parts; the references to them for a section."""
    references = ""
    for number, (kind, style) in enumerate((("default", "PageNumberOdd"), ("even", "PageNumberEven")), 1):
        name = PackURI(f"/word/footer{number}.xml")
        xml = f"<w:ftr {NS}>{footer_xml(style)}</w:ftr>"
        part = Part(name, CT.WML_FOOTER, (_DECLARATION + xml).encode(), document.part.package)
        rel_id = document.part.relate_to(part, RT.FOOTER)
        references += f'<w:footerReference w:type="{kind}" r:id="{rel_id}"/>'
    return references


def _properties(document: Any, issue: Issue, late: LateSlots | None) -> None:
    core = document.core_properties
    core.author = core.last_modified_by = legal(issue.masthead.issuer)[:_PROPERTY]
    core.title = legal(issue.title)[:_PROPERTY]
    core.subject = core.keywords = core.comments = core.category = ""
    core.revision = 1
    day = late.printed_on if late else None
    core.created = core.modified = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else _EPOCH


def repacked(data: bytes) -> bytes:
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
