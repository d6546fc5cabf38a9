"""Format profiles: closed, layered, each fault told of the file it is in."""

import shutil
from pathlib import Path

import pytest
from briefings_kit import TEMPLATES, docx, issue, part

from yaoxun.briefings.profile import load_profile
from yaoxun.briefings.word import build_docx
from yaoxun.errors import ConfigError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    shutil.copytree(TEMPLATES / "profiles", tmp_path / "profiles")
    return tmp_path


def profile(templates: Path, name: str, text: str) -> None:
    (templates / "profiles" / f"{name}.yaml").write_text(text, encoding="utf-8")


def fault(templates: Path, name: str) -> tuple[str, str, int | None, str]:
    with pytest.raises(ConfigError) as caught:
        load_profile(templates, name)
    assert caught.value.remedy
    return Path(caught.value.file).stem, caught.value.key, caught.value.line, caught.value.problem


@pytest.mark.parametrize("name", ["standard", "yaoxun", "zhuanbao", "huibian"])
def test_every_shipped_profile_is_whole(name: str) -> None:
    assert load_profile(TEMPLATES, name).page.text_twip == 8845


def test_a_profile_holds_only_what_differs_from_its_base(templates: Path) -> None:
    profile(templates, "own", "based_on: zhuanbao\nmasthead: {name: 示例简报}\ntable: {nil: 无}\n")
    own, base = load_profile(templates, "own"), load_profile(templates, "zhuanbao")
    assert (own.masthead.name, own.table.nil) == ("示例简报", "无")
    assert own.masthead.size_pt == base.masthead.size_pt == 54 and own.headings.bold_third_level
    assert own.page == base.page and own.table.caption_pt == base.table.caption_pt


def test_an_unknown_base_and_one_that_leads_back_are_told_with_those_there_are(templates: Path) -> None:
    profile(templates, "own", "based_on: standart\n")
    with pytest.raises(ConfigError) as caught:
        load_profile(templates, "own")
    assert "没有版式“standart”" in caught.value.problem and "standard" in caught.value.remedy
    assert caught.value.key == "based_on" and caught.value.line == 1
    profile(templates, "own", "based_on: own\n")
    assert "绕回" in fault(templates, "own")[3]
    profile(templates, "own", "based_on: other\n")
    profile(templates, "other", "based_on: own\n")
    assert fault(templates, "own")[0] == "other" and "绕回" in fault(templates, "own")[3]


@pytest.mark.parametrize("base", ["../standard", "profiles/standard", "", "[standard]", "null"])
def test_a_base_is_the_name_of_a_profile_and_no_path(templates: Path, base: str) -> None:
    profile(templates, "own", f'based_on: "{base}"\n' if base[:1] != "[" and base != "null" else f"based_on: {base}\n")
    assert fault(templates, "own")[:2] == ("own", "based_on")


def test_a_misspelt_key_is_told_of_the_file_that_holds_it(templates: Path) -> None:
    profile(templates, "own", "based_on: standard\n\nmasthead:\n  nmae: 示例\n")
    assert fault(templates, "own")[:3] == ("own", "masthead.nmae", 4)
    standard = (templates / "profiles" / "standard.yaml").read_text(encoding="utf-8")
    assert standard.count("  pitch_twip:") == 1
    profile(templates, "standard", standard.replace("  pitch_twip:", "  pitch_twips:"))
    where = fault(templates, "own")
    assert where[0] == "standard" and where[1].startswith("page.pitch_twip")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("based_on: standard\nfonts: word\n", "fonts"),
        ("based_on: standard\npage: {line_twip: 一}\n", "page.line_twip"),
        ("based_on: standard\npage: 5\n", "page"),
        ("based_on: standard\ntoc_levels: 4\n", "toc_levels"),
        ("based_on: standard\nchart: {shades: []}\n", "chart.shades"),
        ("masthead: {name: 示例}\n", ""),
        ("- 一\n", ""),
        ("", ""),
    ],
)
def test_a_wrong_value_is_told_with_its_key(templates: Path, text: str, key: str) -> None:
    profile(templates, "own", text)
    stem, found, _, problem = fault(templates, "own")
    assert stem == "own" and problem and (found == key or not key)


def test_the_switch_of_fonts_sets_every_face(templates: Path) -> None:
    profile(templates, "own", "based_on: standard\nfonts: windows\n")
    own = load_profile(templates, "own")
    styles = part(build_docx(issue(), own, None), "word/styles.xml")
    faces = {f.get(f"{W}eastAsia") for f in styles.iter(f"{W}rFonts")}
    assert faces == {"华文中宋", "仿宋", "楷体", "黑体", "宋体"}
    assert "仿宋_GB2312" in {f.get(f"{W}eastAsia") for f in part(docx(), "word/styles.xml").iter(f"{W}rFonts")}


def test_each_number_of_a_profile_reaches_the_document(templates: Path) -> None:
    profile(templates, "own", "based_on: standard\npage: {line_twip: 560}\ntitle: {size_pt: 20}\n"
            "headings: {bold_third_level: true}\nchart: {height_twip: 5000}\n")  # fmt: skip
    made = build_docx(issue(), load_profile(templates, "own"), None)
    styles = {s.get(f"{W}styleId"): s for s in part(made, "word/styles.xml").iter(f"{W}style")}
    assert styles["BodyText"].find(f"{W}pPr/{W}spacing").get(f"{W}line") == "560"
    assert styles["Title"].find(f"{W}rPr/{W}sz").get(f"{W}val") == "40"
    assert styles["Heading3"].find(f"{W}rPr/{W}b").get(f"{W}val") == "1"
    assert part(made).find(f"{W}body/{W}sectPr/{W}docGrid").get(f"{W}linePitch") == "560"
