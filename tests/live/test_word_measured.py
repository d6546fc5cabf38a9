"""Documents as LibreOffice lays them out, measured on the page. `pytest -rP` shows the figures. Word and WPS cannot be run
here; a Chinese character is one em wide in every face, so what is measured holds for the real ones.
"""

import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.pages_kit import FRONT, HANDWRITTEN, Measured, at_hand, new_home, written
from support.quarter_kit import play_quarter
from tasks.lint import lint
from yaoxun.briefings.fitting import is_short, laid_out
from yaoxun.briefings.handwritten import parse_issue
from yaoxun.briefings.lint.model import WordText
from yaoxun.briefings.lint.opening import open_word
from yaoxun.briefings.lint.reading import read_word
from yaoxun.briefings.lint.rendered_view import View
from yaoxun.briefings.lint.wording import text_of
from yaoxun.briefings.locating import number_line
from yaoxun.briefings.measuring import Page, measure_pdf
from yaoxun.briefings.profile import FormatProfile, load_profile
from yaoxun.briefings.rendering import to_pdf
from yaoxun.briefings.word import build_docx
from yaoxun.home import Home, shipped
from yaoxun.sheets.limits import load_limits

pytestmark = pytest.mark.usefixtures("soffice")
STAND_INS = {"FandolFang-Regular", "FandolHei-Regular", "FandolKai-Regular", "FandolSong-Regular", "LiberationSerif"}


@dataclass(frozen=True)
class Made:
    """A document, its pages as they were rendered and its text."""

    docx: Path
    pages: list[Page]
    text: WordText
    profile: FormatProfile

    @property
    def view(self) -> View:
        return View(self.pages, self.text, self.profile)


def made(docx: Path, profile: str = "yaoxun") -> Made:
    limits = load_limits(shipped("config"))
    read = read_word(open_word(io.BytesIO(docx.read_bytes()), limits), limits, "晋团要讯")
    pages = measure_pdf(docx.with_suffix(".pdf").read_bytes())
    return Made(docx, pages, text_of(read), load_profile(shipped("report_templates"), profile))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, soffice: str) -> Home:
    return new_home(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def bulletin(tmp_path_factory: pytest.TempPathFactory, soffice: str) -> Made:
    """The demo's bulletin: drafted from a quarter of returns, signed and numbered."""
    played = play_quarter(tmp_path_factory.mktemp("quarter"))
    return made(played.home.documents / "晋团要讯〔2023〕第4期.docx")


@pytest.fixture(scope="module")
def handwritten(office: Home) -> Made:
    done = written(office, HANDWRITTEN.read_text(encoding="utf-8"), front="")
    kept = done.file.with_name("kept.docx")
    done.file.rename(kept)
    done.file.with_suffix(".pdf").rename(kept.with_suffix(".pdf"))
    return made(kept)


@pytest.fixture(params=["bulletin", "handwritten"])
def document(request: pytest.FixtureRequest) -> Made:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Made)
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_pages_measure_what_the_standard_says(document: Made) -> None:
    found = Measured.of(document.view)
    print(found.told(document.docx.name))
    assert set(found.lines) <= {22}
    assert found.first and all(abs(height - 45.5) <= 0.5 for height in found.first)
    assert all(abs(height - 260.0) <= 0.5 for height in found.last)
    assert set(found.characters) == {28} and set(found.indented) == {26}
    assert [number for number, *_ in found.numbers] == list(range(1, len(document.pages) + 1))
    for number, dash, left, right in found.numbers:
        assert abs(dash - 269) <= 1
        one_in = right - (184 - 5) if number % 2 else left - (28 + 5)
        assert abs(one_in) <= 1, f"page {number} has its number at the wrong side"
    assert abs(found.red_rule - 156) <= 0.3
    assert abs(found.last_rule - 262) <= 0.5


def test_the_handwritten_issue_has_whole_pages_and_lines_to_measure(handwritten: Made) -> None:
    found = Measured.of(handwritten.view)
    assert len(handwritten.pages) >= 5
    assert len(found.lines) >= 3 and len(found.characters) > 50 and len(found.indented) > 5


def test_lines_across_the_whole_measure_hold_28_characters_or_27_where_a_mark_may_not_begin_one(
    handwritten: Made,
) -> None:
    lengths = Counter(
        len(placed.line.text) for placed in handwritten.view.lines
        if placed.line.left < 28.5 and placed.line.right > 183 and not re.search("[ -~]", placed.line.text)
    )  # fmt: skip
    print(lengths)
    assert set(lengths) == {27, 28}
    assert lengths[28] > 6 * lengths[27]


def test_the_faces_are_the_stand_ins_and_no_others(document: Made) -> None:
    used = {face for page in document.pages for face in page.faces}
    if not any(face.startswith("Fandol") for face in used):
        pytest.skip("make test-fonts has not been run")
    assert {face for face in used if not face.startswith("NotoSerifCJK")} <= STAND_INS
    assert any(face.startswith("NotoSerifCJK") for face in document.pages[0].faces)


def test_lint_measures_the_pages_of_our_own_documents_and_finds_nothing(handwritten: Made, office: Home) -> None:
    report = lint(at_hand(office), handwritten.docx).report
    assert report.rendered and report.pages == len(handwritten.pages)
    assert [finding.problem for finding in report.findings if finding.id != "R-FACE"] == []


def test_lint_tells_of_a_bulletin_that_its_last_page_is_odd(bulletin: Made, office: Home) -> None:
    findings = [finding for finding in lint(at_hand(office), bulletin.docx).report.findings if finding.id[0] == "R"]
    assert len(bulletin.pages) % 2
    assert [f.id for f in findings if f.id != "R-FACE"] == ["R-COL-EVEN"]
    assert findings[-1].page == len(bulletin.pages)


def test_everything_is_there_and_in_order(document: Made) -> None:
    text = "".join(placed.line.text for placed in document.view.lines)
    at = 0
    for paragraph in document.text.paragraphs:
        wanted = squeezed(paragraph.text)
        at = text.find(wanted, at)
        assert at >= 0, f"missing or out of order: {paragraph.text}"
        at += len(wanted)
    assert text.startswith("晋团要讯〔2023〕第")


def test_short_last_lines_are_mended_by_a_named_style(office: Home) -> None:
    """A line holds one character more (29) or one less (27): enough to take one in or to send one on from each."""
    tight, just, loose, kept = (("国" * n + "。") for n in (26 + 3 * 28, 26 + 28 + 1, 26 + 1, 26 + 28 + 14))
    done = written(office, "\n\n".join(["# 一、第一节", tight, just, loose, kept]))
    here = made(done.file)
    styles = {squeezed(p.text): p.style for p in here.text.paragraphs}
    assert [styles[text] for text in (tight, just, loose, kept)] == ["BodyTight", "BodyTight", "BodyLoose", "BodyText"]
    lines = {squeezed(p.text): [len(placed.line.text) for placed in spot.lines] for p, spot in here.view.placed("body")}
    print({styles[text]: lengths for text, lengths in lines.items()})
    assert lines[tight] == [27, 29, 29, 26] and lines[just] == [27, 29]
    assert lines[loose] == [25, 3] and lines[kept] == [26, 28, 15]
    assert not any("末行只有" in line for line in done.layout)
    told = lint(at_hand(office), done.file).report.findings
    assert not any(f.id in ("R-CHARS", "R-SHORT-LINE", "F-BODY-PITCH") for f in told)


def test_left_as_they_are_those_paragraphs_do_end_in_short_lines(office: Home) -> None:
    """What the test above mends is there to be mended."""
    profile = load_profile(office.templates, "yaoxun")
    text = "\n\n".join("国" * n + "。" for n in (26 + 3 * 28, 26 + 28 + 1, 26 + 1))
    issue = parse_issue(FRONT + text, name="晋团要讯", issuer="示例省委").issue
    pages = measure_pdf(to_pdf(build_docx(issue, profile, None), office.data / "libreoffice"))
    laid = [one for one in laid_out(issue, profile, pages) if is_short(issue, one)]
    assert [one.last for one in laid] == [2, 2, 2]


def test_contents_name_the_pages_on_which_the_headings_stand(office: Home) -> None:
    text = HANDWRITTEN.read_text(encoding="utf-8").partition("\n---\n")[2]
    front = FRONT.replace("---\n", "---\n版式: huibian\n", 1)
    here = made(written(office, f"{text}\n\n标题：第二篇也有标题\n\n{text}", front).file, "huibian")
    first = next(n for n, page in enumerate(here.pages) if number_line(page))
    assert first >= 2, "a cover and 目录 come before the text"
    headings = [p.text for p in here.text.paragraphs if p.role in ("title", "item", "heading1")]
    real: dict[str, list[int]] = {}
    for placed in here.view.lines:
        for heading in set(map(squeezed, headings)):
            if placed.page >= first and heading.startswith(placed.line.text) and len(placed.line.text) > 5:
                real.setdefault(heading, []).append(placed.page - first + 1)
    shown: dict[str, list[int]] = {}
    for placed in here.view.lines:
        entry = re.fullmatch(r"(.*?)[.…·]*(\d+)", placed.line.text) if 1 <= placed.page < first else None
        if entry and entry[1] in real:
            shown.setdefault(entry[1], []).append(int(entry[2]))
    print(shown)
    assert shown == real and len(shown) == 6
    assert {number for numbers in shown.values() for number in numbers} - {1, 2}, "the issue is longer than two pages"


@pytest.mark.parametrize(("make", "odd"), [(lambda: "短文一段。", True), (lambda: "国" * 28 * 20, False)])
def test_an_odd_last_page_is_told_with_its_remedies(office: Home, make: Callable[[], str], odd: bool) -> None:
    done = written(office, make())
    pages = len(made(done.file).pages)
    assert bool(pages % 2) == odd
    told = [line for line in done.layout if "单数面" in line]
    assert len(told) == odd
    assert all(
        "请增删几行" in line and "调整附件和图表的位置" in line and "不要用“此页无正文”" in line for line in told
    )


def test_a_heading_is_never_left_alone_at_the_foot_of_a_page(office: Home) -> None:
    for lines in range(12, 16):
        done = written(office, "\n\n".join(["国" * 20] * lines) + "\n\n# 一、标题\n\n" + "正" * 60)
        here = made(done.file)
        (spot,) = (spot for p, spot in here.view.placed("heading1"))
        assert not spot.lines[-1].at_foot
