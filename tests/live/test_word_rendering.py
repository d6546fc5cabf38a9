"""LibreOffice as the program runs it: tagged PDF, one at a time, a time limit, nothing fetched; and that it gives a document
back as it got it (.docx → .docx)."""

import io
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from docx import Document
from docx.oxml import parse_xml
from openpyxl import load_workbook

from support.libreoffice import saved_as
from support.pages_kit import HANDWRITTEN, at_hand, new_home, written
from tasks.draft import draft
from yaoxun.briefings.lint.opening import open_word
from yaoxun.briefings.lint.reading import read_word
from yaoxun.briefings.measuring import measure_pdf
from yaoxun.briefings.rendering import to_pdf
from yaoxun.errors import OutsideError
from yaoxun.home import Home, shipped
from yaoxun.sheets.limits import load_limits

pytestmark = pytest.mark.usefixtures("soffice")


@pytest.fixture(scope="module")
def issue(tmp_path_factory: pytest.TempPathFactory, soffice: str) -> Path:
    home = new_home(tmp_path_factory.mktemp("office"))
    return written(home, HANDWRITTEN.read_text(encoding="utf-8"), front="").file


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("place")


def test_the_pdf_is_tagged(issue: Path) -> None:
    data = issue.with_suffix(".pdf").read_bytes()
    document = pypdfium2.PdfDocument(data)
    assert pdfium.FPDFCatalog_IsTagged(document)
    assert b"/StructTreeRoot" in data
    tree = pdfium.FPDF_StructTree_GetForPage(document[0])
    assert pdfium.FPDF_StructTree_CountChildren(tree) > 0


def test_two_conversions_at_once_both_succeed(issue: Path, place: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: to_pdf(issue.read_bytes(), place), range(2)))
    assert [len(measure_pdf(pdf)) for pdf in done] == [8, 8]


def test_a_conversion_that_was_cut_off_does_not_hinder_the_next(issue: Path, place: Path) -> None:
    with pytest.raises(OutsideError, match="超过 0.4 秒，已停止"):
        to_pdf(issue.read_bytes(), place, seconds=0.4)
    assert len(measure_pdf(to_pdf(issue.read_bytes(), place))) == 8
    assert sorted(p.name for p in place.iterdir()) == ["lock", "profile"]


def test_rare_characters_are_measured_as_one(place: Path) -> None:
    document = Document()
    document.add_paragraph("甲𠮷乙😀丙")
    out = io.BytesIO()
    document.save(out)
    (line,) = measure_pdf(to_pdf(out.getvalue(), place))[0].lines
    assert line.text == "甲𠮷乙😀丙"


def test_what_is_no_pdf_is_a_sentence() -> None:
    with pytest.raises(OutsideError, match="PDF 打不开"):
        measure_pdf(b"%PDF-1.7 not really")


@dataclass
class Asked:
    """A web server that keeps what it was asked for."""

    paths: list[str] = field(default_factory=list)
    port: int = 0


@pytest.fixture
def web() -> Iterator[Asked]:
    asked = Asked()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked.paths.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_GET = do_HEAD = do_OPTIONS = do_PROPFIND = answer

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    asked.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield asked
    server.shutdown()
    server.server_close()


def with_linked_picture(url: str) -> bytes:
    """A document whose only picture lies elsewhere."""
    document = Document()
    picture = document.part.relate_to(
        url, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image", is_external=True
    )
    run = document.add_paragraph("有图。").add_run()
    drawing = (
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:link="{picture}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    run._r.append(parse_xml(drawing))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_what_a_document_links_to_is_not_fetched(web: Asked, place: Path) -> None:
    pages = measure_pdf(to_pdf(with_linked_picture(f"http://127.0.0.1:{web.port}/p.png"), place))
    assert pages[0].lines[0].text == "有图。"
    assert web.paths == []


@dataclass(frozen=True)
class Kept:
    """What must come back from another program as it went in."""

    paragraphs: list[str]
    headings: list[tuple[str, str]]
    bookmarks: list[tuple[str, str]]
    tables: list[list[list[str]]]
    charts: list[Any]

    @classmethod
    def of(cls, path: Path) -> "Kept":
        document = Document(str(path))
        limits = load_limits(shipped("config"))
        read = read_word(open_word(io.BytesIO(path.read_bytes()), limits), limits, "晋团要讯")
        body = [p for p in read.paragraphs if p.text.strip() and not p.table]
        marks = [
            (name, p.text[slice(*span)])
            for p in read.paragraphs
            for name, span in p.bookmarks.items()
            if name[:1] != "_"
        ]
        return cls(
            paragraphs=[p.text.strip() for p in body],
            headings=[
                (style.name, p.text) for p in document.paragraphs
                if (style := p.style) and style.name and style.name.lower().startswith(("heading", "title"))
            ],
            bookmarks=sorted(marks),
            tables=[[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables],
            charts=[(chart.caption, chart.shown) for chart in read.charts.values()],
        )  # fmt: skip


def drafted(issue: Path) -> Path:
    """A bulletin of the same office, drafted from nothing: its numerals stand in bookmarks."""
    home = Home(issue.parent)
    return home.documents / draft(at_hand(home), "要讯", "2023-03").file


@pytest.mark.parametrize("kind", ["handwritten", "drafted"])
def test_a_round_trip_through_libreoffice_keeps_what_a_reader_needs(issue: Path, place: Path, kind: str) -> None:
    source = drafted(issue) if kind == "drafted" else issue
    back = saved_as(place / "profile", source, "docx") / source.name
    before, after = Kept.of(source), Kept.of(back)
    assert before.headings and before.tables
    assert bool(before.bookmarks) == (kind == "drafted") and bool(before.charts) == (kind == "handwritten")
    for name in ("paragraphs", "headings", "bookmarks", "tables", "charts"):
        assert getattr(after, name) == getattr(before, name), name


def test_the_chart_that_comes_back_still_has_its_workbook(issue: Path, place: Path) -> None:
    back = saved_as(place / "profile", issue, "docx") / issue.name
    with zipfile.ZipFile(back) as package:
        (book,) = (name for name in package.namelist() if name.endswith(".xlsx"))
        rows = list(load_workbook(io.BytesIO(package.read(book))).worksheets[0].values)
    assert any("五月" in row for row in rows)
