"""`yaoxun lint`: the screen, JSON, exit status, and what cannot be checked."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from support.word_mutants import edited, style, written
from tasks.lint import Linted, lint
from yaoxun.cli import app
from yaoxun.context import Context
from yaoxun.errors import RequestError
from yaoxun.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()  # an office; the shipped configuration answers for it
    return tmp_path


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "文件.docx"
    path.write_bytes(data)
    return path


def broken() -> bytes:
    return edited(written(), style("BodyText", "rPr", "sz", val="30"))


def checked(home: Path, file: Path, profile: str = "") -> Linted:
    return lint(Context(home=Home(home), actor="手工", occasion="x"), file, profile)


def run(*words: str, home: Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["lint", *words, "--home", str(home)], env={"COLUMNS": "200"})
    return done.exit_code, done.output


def test_a_sound_file_passes_and_is_said_not_to_be_rendered(home: Path) -> None:
    status, shown = run(str(saved(home, written())), home=home)
    assert status == 0
    assert "未渲染" in shown


def test_a_broken_clause_of_the_standard_ends_with_status_1(home: Path) -> None:
    status, shown = run(str(saved(home, broken())), home=home)
    assert status == 1
    assert "F-BODY-SIZE" in shown and "GB/T 9704-2012 5.2.2" in shown and "国标 1 条" in shown


def test_a_matter_of_custom_ends_with_status_0(home: Path) -> None:
    data = edited(written(), style("BodyText", "pPr", "jc", val="left"))
    status, shown = run(str(saved(home, data)), home=home)
    assert status == 0 and "F-BODY-JC" in shown


def test_the_same_as_json(home: Path) -> None:
    status, shown = run(str(saved(home, broken())), "--json", home=home)
    told = json.loads(shown)
    assert status == 1 and (told["passes"], told["rendered"], told["pages"]) == (False, False, None)
    (fault,) = (one for one in told["findings"] if one["id"] == "F-BODY-SIZE")
    assert {"tier", "clause", "problem", "expected", "measured", "page", "paragraph", "excerpt", "remedy"} <= set(fault)


def test_another_profile_is_named(home: Path) -> None:
    file = saved(home, written(name="zhuanbao"))
    assert {f.id for f in checked(home, file).report.findings} >= {"F-MAST-NAME"}
    assert not any(f.id.startswith("F-") for f in checked(home, file, "zhuanbao").report.findings)


@pytest.mark.parametrize(
    ("file", "profile", "says"),
    [("没有.docx", "", "没有.docx"), ("文件.docx", "没有的", "没有版式“没有的”"), ("坏.docx", "", "查不了“坏.docx”")],
)
def test_what_cannot_be_checked_is_a_sentence(home: Path, file: str, profile: str, says: str) -> None:
    saved(home, written())
    (home / "坏.docx").write_bytes(written()[:2000])
    with pytest.raises(RequestError, match=says) as told:
        checked(home, home / file, profile)
    assert told.value.remedy


def test_nothing_is_written(home: Path) -> None:
    file = saved(home, written())
    checked(home, file)
    assert sorted(home.rglob("*")) == sorted([file, home / "data"])
