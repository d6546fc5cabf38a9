"""A PDF as what stands where on each page: lines of text by their baselines, rules, faces. Millimetres from the top left.

Reads what LibreOffice made of a document (rendering.py), through PDFium. Nothing is judged here.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from yaoxun.errors import OutsideError

_MM = 25.4 / 72
_SAME_LINE = 0.2  # mm between the baselines of one line in several faces


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a page: its baseline, the middle of its first glyph's ink, where that begins and the last one ends, and
    its text without blanks."""

    baseline: float
    middle: float
    left: float
    right: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A straight stroke: its ends without its thickness, its colour as RRGGBB."""

    left: float
    top: float
    right: float
    bottom: float
    thickness: float
    colour: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page; lines from top to bottom."""

    width: float
    height: float
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    faces: frozenset[str]


def measure_pdf(data: bytes) -> list[Page]:
    """The pages of a PDF. Raises OutsideError for what is no PDF."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as err:
        raise OutsideError("转出来的 PDF 打不开。", "请再试一次。") from err
    try:
        return [_page(document[n]) for n in range(len(document))]
    finally:
        document.close()


def _page(page: Any) -> Page:
    height = page.get_height()
    text = page.get_textpage()
    glyphs = sorted(_glyphs(text, height), key=lambda glyph: glyph[0])
    return Page(
        width=page.get_width() * _MM, height=height * _MM, lines=tuple(_lines(glyphs)),
        rules=tuple(_rules(page, height)), faces=frozenset(_faces(text)),
    )  # fmt: skip


_Glyph = tuple[float, float, float, float, str]


def _glyphs(text: Any, height: float) -> Iterator[_Glyph]:
    """(baseline, left, right, middle of the ink, character) of everything that is printed."""
    x, y, *ink = (ctypes.c_double() for _ in range(6))
    box = pdfium.FS_RECTF()
    for n in range(text.count_chars()):
        if pdfium.FPDFText_IsGenerated(text, n) == 1:
            continue
        pdfium.FPDFText_GetCharOrigin(text, n, x, y)
        pdfium.FPDFText_GetLooseCharBox(text, n, box)
        pdfium.FPDFText_GetCharBox(text, n, *ink)
        middle = height - (ink[2].value + ink[3].value) / 2
        character = chr(pdfium.FPDFText_GetUnicode(text, n))
        yield (height - y.value) * _MM, x.value * _MM, box.right * _MM, middle * _MM, character


def _lines(glyphs: list[_Glyph]) -> Iterator[Line]:
    base = float("-inf")

    def line_of(glyph: _Glyph) -> float:
        nonlocal base
        if glyph[0] - base > _SAME_LINE:
            base = glyph[0]
        return base

    for baseline, group in groupby(glyphs, key=line_of):
        inked = sorted((g for g in group if g[4].strip()), key=lambda g: g[1])
        if inked:
            # PDFium hands out UTF-16: a character beyond it comes in two halves.
            text = "".join(g[4] for g in inked).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            right = max(g[2] for g in inked)
            yield Line(baseline=baseline, middle=inked[0][3], left=inked[0][1], right=right, text=text)


def _rules(page: Any, height: float) -> Iterator[Rule]:
    width, red, green, blue, alpha = ctypes.c_float(), *(ctypes.c_uint() for _ in range(4))
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = thing.get_bounds()
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(thing, fill, stroke)
        if stroke.value:
            pdfium.FPDFPageObj_GetStrokeWidth(thing, width)
            pdfium.FPDFPageObj_GetStrokeColor(thing, red, green, blue, alpha)
            thick = width.value
            # PDFium's boxes of strokes are wider by the thickness on every side.
            left, bottom, right, top = left + thick, bottom + thick, right - thick, top - thick
        else:
            pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha)
            thick = min(right - left, top - bottom)
        yield Rule(left=left * _MM, right=right * _MM, top=(height - top) * _MM, bottom=(height - bottom) * _MM,
                   thickness=thick * _MM, colour=f"{red.value:02X}{green.value:02X}{blue.value:02X}")  # fmt: skip


def _faces(text: Any) -> Iterator[str]:
    buffer, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    for n in range(text.count_chars()):
        if pdfium.FPDFText_GetFontInfo(text, n, buffer, 256, flags):
            yield buffer.value.decode("utf-8", "replace").rpartition("+")[2]
