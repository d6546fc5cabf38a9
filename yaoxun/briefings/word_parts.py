"""Paragraphs, runs, fields and sections as WordprocessingML text. No table, no package and no style is made here."""

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from yaoxun.briefings.model import Fit, Run, legal
from yaoxun.briefings.profile import FormatProfile
from yaoxun.briefings.styles import NS

# Marks without a script of their own: left to themselves they print in the Latin face.
_MARKS = re.compile("([“”‘’—…·]+)")


class Ink:
    """What one document hands out while it is written: ids of bookmarks, names of headings, relations of its charts."""

    def __init__(self, fit: Fit | None = None, charts: Sequence[str] = ()) -> None:
        self.fit = fit or Fit()
        self._charts = iter(charts)
        self._bookmarks = self._headings = 0

    def bookmark(self) -> int:
        self._bookmarks += 1
        return self._bookmarks

    def heading(self) -> str:
        """The bookmark's name of the next heading, item or title that 目录 may list."""
        self._headings += 1
        return toc_name(self._headings)

    def chart(self) -> tuple[int, str]:
        """An id for a drawing and the relation of the next chart."""
        return self.bookmark(), next(self._charts)


def toc_name(n: int) -> str:
    """The bookmark of the n-th heading (from 1), as Word names them."""
    return f"_Toc{n:08d}"


def paragraph_xml(style: str, runs: Iterable[Run], ink: Ink, *, name: str = "", section: str = "") -> str:
    """A w:p element; each run that prints a figure stands in a bookmark named by its numeral's id, and the whole in one of
    `name`. `section` is the w:sectPr of the section that ends with it."""
    body = "".join(_run(style, run, ink) for run in runs)
    if name:
        body = _bookmarked(name, body, ink)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{section}</w:pPr>{body}</w:p>'


def _run(style: str, run: Run, ink: Ink) -> str:
    pieces = "".join(piece_xml(style, piece, strong=run.strong) for piece in _MARKS.split(run.text) if piece)
    return _bookmarked(run.numeral, pieces, ink) if run.numeral else pieces


def _bookmarked(name: str, body: str, ink: Ink) -> str:
    n = ink.bookmark()
    return f'<w:bookmarkStart w:id="{n}" w:name="{name}"/>{body}<w:bookmarkEnd w:id="{n}"/>'


def piece_xml(style: str, text: str, *, strong: bool = False) -> str:
    """A run of one look: marks in the character style that goes with the paragraph's, tabs and line breaks as elements."""
    look = f'<w:rStyle w:val="{style}Marks"/>' if _MARKS.fullmatch(text) else ""
    look = look or ('<w:rStyle w:val="Strong"/>' if strong else "")
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    parts = []
    for part in re.split("([\t\n])", legal(text)):
        if part == "\t":
            parts.append("<w:tab/>")
        elif part == "\n":
            parts.append("<w:br/>")
        elif part:
            parts.append(f'<w:t xml:space="preserve">{escape(part)}</w:t>')
    return f"<w:r>{properties}{''.join(parts)}</w:r>"


def field_xml(code: str, shown: str, *, dirty: bool = False) -> str:
    """A field with what it shows until it is computed anew."""
    stale = ' w:dirty="1"' if dirty else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"{stale}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{escape(shown)}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def link_xml(anchor: str, body: str) -> str:
    """A link to a bookmark of the same document."""
    return f'<w:hyperlink w:anchor={quoteattr(anchor)} w:history="1">{body}</w:hyperlink>'


def footer_xml(style: str) -> str:
    """— 1 — in a footer paragraph."""
    mark = f'<w:r><w:rPr><w:rStyle w:val="{style}Marks"/></w:rPr><w:t xml:space="preserve">{{}}</w:t></w:r>'
    number = field_xml("PAGE", "1")
    return f'<w:p {NS}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{mark.format("— ")}{number}{mark.format(" —")}</w:p>'


def section_xml(
    profile: FormatProfile, *, footers: str = "", starts_at: int | None = None, landscape: bool = False
) -> str:
    """A w:sectPr. `footers` are its references; without them a section has those of the one before, the first none."""
    p = profile.page
    size = f'w:w="{p.width_twip}" w:h="{p.height_twip}"'
    edges = (p.top_twip, p.right_twip, p.bottom_twip, p.left_twip)
    if landscape:  # the sheet turned to the left: its head is the former right edge
        size = f'w:w="{p.height_twip}" w:h="{p.width_twip}" w:orient="landscape"'
        edges = (p.right_twip, p.bottom_twip, p.left_twip, p.top_twip)
    top, right, bottom, left = edges
    start = f'<w:pgNumType w:start="{starts_at}"/>' if starts_at else ""
    return (
        f'<w:sectPr>{footers}<w:type w:val="nextPage"/><w:pgSz {size}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="851" '
        f'w:footer="{p.footer_twip}" w:gutter="0"/>{start}<w:docGrid w:type="lines" w:linePitch="{p.line_twip}"/></w:sectPr>'
    )
