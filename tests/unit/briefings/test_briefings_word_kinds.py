"""What holds for a document of every kind: named styles only, no layout by blanks, no leftovers, the same bytes everywhere."""

import io
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from briefings_kit import W, part, part_names, printed_text

from support.word_samples import SAMPLES, hashes

TESTS = Path(__file__).parents[2]
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
ANCHORS = {"ColophonAnchor", "TableGap"}
ROOM_FOR_LATE_SLOTS = {"IssueNumber", "DateLine", "CoverDate"}

every_kind = pytest.mark.parametrize("kind", SAMPLES)


@every_kind
def test_looks_live_in_named_styles_and_nothing_is_formatted_directly(kind: str) -> None:
    data = SAMPLES[kind]()
    allowed = {
        "pPr": {"pStyle", "sectPr"}, "rPr": {"rStyle"}, "trPr": {"cantSplit", "tblHeader"}, "tcPr": {"tcW", "vAlign"},
        "tblPr": {"tblStyle", "tblpPr", "tblOverlap", "tblW", "jc", "tblLayout", "tblLook"},
    }  # fmt: skip
    names = [name for name in part_names(data) if re.fullmatch(r"word/(document|footer\d)\.xml", name)]
    assert len(names) == 3
    known = {s.get(f"{W}styleId") for s in part(data, "word/styles.xml").iter(f"{W}style")}
    for name in names:
        for properties, children in allowed.items():
            found = {child.tag.removeprefix(W) for e in part(data, name).iter(f"{W}{properties}") for child in e}
            assert found <= children, (name, properties)
        used = {e.get(f"{W}val") for e in part(data, name).iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")}
        assert used <= known
        assert all(p.find(f"{W}pPr/{W}pStyle") is not None for p in part(data, name).iter(f"{W}p"))


@every_kind
def test_a_run_bears_a_character_style_only_for_its_marks_or_its_weight(kind: str) -> None:
    for run in part(SAMPLES[kind]()).iter(f"{W}r"):
        style = run.find(f"{W}rPr/{W}rStyle")
        if style is not None and style.get(f"{W}val") != "Strong":
            assert re.fullmatch("[“”‘’—…·]+", printed_text(run))


@every_kind
def test_no_paragraph_is_empty_but_an_anchor_and_no_blanks_make_room(kind: str) -> None:
    for paragraph in part(SAMPLES[kind]()).iter(f"{W}p"):
        style, text = paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), printed_text(paragraph)
        has_drawing = paragraph.find(f".//{W}drawing") is not None
        assert bool(text.strip()) or has_drawing or style in ANCHORS, style
        assert not (text and style in ANCHORS)
        if style not in ROOM_FOR_LATE_SLOTS:
            assert not re.search("[ \u3000\xa0]{2}", text), (style, text)
            assert text.strip(" \u3000") == text, (style, text)


@every_kind
def test_names_and_numbers_of_a_document_are_each_there_once(kind: str) -> None:
    document = part(SAMPLES[kind]())
    marks = list(document.iter(f"{W}bookmarkStart"))
    ids = [m.get(f"{W}id") for m in marks] + [d.get("id") for d in document.iter(f"{WP}docPr")]
    assert not [n for n, times in Counter(ids).items() if times > 1]
    names = [m.get(f"{W}name") for m in marks]
    assert len(set(names)) == len(names)
    assert sorted(m.get(f"{W}id") for m in marks) == sorted(m.get(f"{W}id") for m in document.iter(f"{W}bookmarkEnd"))
    assert {link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")} <= set(names)


@every_kind
def test_nothing_of_the_librarys_own_template_is_left(kind: str) -> None:
    data = SAMPLES[kind]()
    wanted = (
        r"\[Content_Types\]\.xml|_rels/\.rels|docProps/core\.xml"
        r"|word/(document|styles|settings|footer[12])\.xml|word/_rels/document\.xml\.rels"
        r"|word/charts/chart\d\.xml|word/charts/_rels/chart\d\.xml\.rels|word/embeddings/Microsoft_Excel_Sheet\d\.xlsx"
        r"|customXml/item1\.xml|customXml/itemProps1\.xml|customXml/_rels/item1\.xml\.rels"
    )
    assert [name for name in part_names(data) if not re.fullmatch(wanted, name)] == []
    assert ("customXml/item1.xml" in part_names(data)) == (kind in ("拟稿", "登记稿"))
    core = part(data, "docProps/core.xml")
    said = {child.tag.rpartition("}")[2]: child.text or "" for child in core}
    assert said["creator"] == said["lastModifiedBy"] != "" and said["revision"] == "1"
    assert "python" not in "".join(core.itertext()).lower()
    assert said["created"] == said["modified"] and said["created"][:10] in ("2023-04-06", "2000-01-01")
    assert "\n" not in said["title"] and "｜" not in said["title"] and said["title"]


@every_kind
def test_a_file_bears_no_time_and_its_members_stand_in_order(kind: str) -> None:
    data = SAMPLES[kind]()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = package.namelist()
        books = [package.read(name) for name in names if name.endswith(".xlsx")]
    assert names[:2] == ["[Content_Types].xml", "_rels/.rels"] and names[2:] == sorted(names[2:])
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as inside:
            assert {info.date_time for info in inside.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert b"2000-01-01T00:00:00Z" in inside.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("zone", "locale", "seed"), [("UTC", "C", "0"), ("America/New_York", "zh_CN.GB18030", "12345")]
)  # fmt: skip
def test_another_zone_locale_hash_seed_and_folder_give_the_same_bytes(
    tmp_path: Path, zone: str, locale: str, seed: str
) -> None:
    paths = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    env = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
    command = [sys.executable, "-m", "support.word_samples"]
    child = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, check=True)
    lines = (line.split() for line in child.stdout.decode("ascii").splitlines())
    assert {name.encode().decode("unicode_escape"): sha for name, sha in lines} == hashes()
