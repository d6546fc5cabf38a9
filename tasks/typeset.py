"""typeset: an issue as a Word file that has been looked at. Where LibreOffice is installed it is laid out, short last
lines are mended, pages of headings filled into 目录, and what staff should see to is told; elsewhere it is set as it is.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from yaoxun.briefings.faces import lacking
from yaoxun.briefings.fitting import Laid, fit_of, laid_out, page_count, warnings
from yaoxun.briefings.lint.habits import load_habits
from yaoxun.briefings.lint.model import NumeralRecord
from yaoxun.briefings.measuring import Page, measure_pdf
from yaoxun.briefings.model import Fit, Issue, LateSlots
from yaoxun.briefings.profile import FormatProfile
from yaoxun.briefings.rendering import find_soffice, place_below, to_pdf
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


@dataclass(frozen=True, kw_only=True)
class _Look:
    docx: bytes
    pdf: bytes
    pages: list[Page]
    laid: list[Laid]


def typeset(
    home: Home,
    issue: Issue,
    profile: FormatProfile,
    late: LateSlots | None,
    names: Collection[str] = (),
    *,
    records: Sequence[NumeralRecord] = (),
) -> Typeset:
    """Set an issue, and set it again while that makes it better. A LibreOffice that fails costs the looking, never the
    file. Raises RequestError for a table that no page holds, ConfigError for a faulty lint.yaml."""
    build = partial(build_docx, issue, profile, late, names=names, records=records)
    docx = build()
    lacks = lacking(issue, load_habits(home.templates))
    first = tuple(filter(None, [setting_of(issue.headline, profile, names).told(), *lacks]))
    if find_soffice() is None:
        return Typeset(docx=docx, told=(*first, NOT_RENDERED))

    def look(place: Path, docx: bytes) -> _Look:
        pdf = to_pdf(docx, place)
        pages = measure_pdf(pdf)
        return _Look(docx=docx, pdf=pdf, pages=pages, laid=list(laid_out(issue, profile, pages)))

    try:
        with place_below(home.data) as place:
            seen = _mended(issue, profile, lambda fit: look(place, build(fit=fit)), look(place, docx))
    except OutsideError as err:
        return Typeset(docx=docx, told=(*first, f"未渲染：{err.message}"))
    told = tuple(f"版面：{what}" for what in warnings(issue, seen.laid, page_count(seen.pages, profile)))
    return Typeset(docx=seen.docx, pdf=seen.pdf, pages=tuple(seen.pages), told=(*first, *told))


def _mended(issue: Issue, profile: FormatProfile, look: Callable[[Fit], _Look], seen: _Look) -> _Look:
    """What is seen after as many rounds as made it better."""
    fit = Fit()
    for _ in range(_ROUNDS):
        better = fit_of(issue, profile, seen.laid, fit)
        if better == fit:
            break
        fit, seen = better, look(better)
    return seen


def show_typeset(path: Path, docx: bytes, pdf: bytes | None) -> None:
    """Put a document where people look, its PDF beside it."""
    write_durably(path, docx)
    if pdf is not None:
        write_durably(path.with_suffix(".pdf"), pdf)
