"""typeset: an issue as a Word file that has been looked at. Where LibreOffice is installed it is laid out, short last
lines are mended, pages of headings filled into 目录, and what staff should see to is told; elsewhere it is set as it is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from yaoxun.briefings.fitting import Laid, fit_of, laid_out, page_count, warnings
from yaoxun.briefings.measuring import Page, measure_pdf
from yaoxun.briefings.model import Fit, Issue, LateSlots
from yaoxun.briefings.profile import FormatProfile
from yaoxun.briefings.rendering import find_soffice, to_pdf
from yaoxun.briefings.titles import setting_of
from yaoxun.briefings.word import build_docx
from yaoxun.errors import OutsideError
from yaoxun.home import Home
from yaoxun.store.blobs import write_durably

_ROUNDS = 3
NOT_RENDERED = "未渲染：没有安装 LibreOffice，版面没有查看（末行短字、孤行标题、面数）。"


@dataclass(frozen=True, kw_only=True)
class Typeset:
    """The file, its PDF and pages where it was laid out, and what staff should know: where its title is broken, and what
    to see to."""

    docx: bytes
    pdf: bytes | None = None
    pages: tuple[Page, ...] = ()
    told: tuple[str, ...] = ()


def typeset(
    home: Home, issue: Issue, profile: FormatProfile, late: LateSlots | None, names: Collection[str] = ()
) -> Typeset:
    """Set an issue, and set it again while that makes it better. A LibreOffice that fails costs the looking, never the
    file. Raises RequestError for a table that no page holds."""
    docx = build_docx(issue, profile, late, names=names)
    breaks = tuple(filter(None, [setting_of(issue.headline, profile, names).told()]))
    if find_soffice() is None:
        return Typeset(docx=docx, told=(*breaks, NOT_RENDERED))
    fit = Fit()
    try:
        pdf, pages, laid = _look(home, docx, issue, profile)
        for _ in range(_ROUNDS):
            better = fit_of(issue, profile, laid, fit)
            if better == fit:
                break
            fit = better
            docx = build_docx(issue, profile, late, fit=fit, names=names)
            pdf, pages, laid = _look(home, docx, issue, profile)
    except OutsideError as err:
        return Typeset(docx=docx, told=(*breaks, f"未渲染：{err.message}"))
    told = tuple(f"版面：{what}" for what in warnings(issue, laid, page_count(pages, profile)))
    return Typeset(docx=docx, pdf=pdf, pages=tuple(pages), told=(*breaks, *told))


def _look(home: Home, docx: bytes, issue: Issue, profile: FormatProfile) -> tuple[bytes, list[Page], list[Laid]]:
    pdf = to_pdf(docx, home.data / "libreoffice")
    pages = measure_pdf(pdf)
    return pdf, pages, list(laid_out(issue, profile, pages))


def show_typeset(path: Path, docx: bytes, pdf: bytes | None) -> None:
    """Put a document where people look, its PDF beside it."""
    write_durably(path, docx)
    if pdf is not None:
        write_durably(path.with_suffix(".pdf"), pdf)
