"""config diff: files, keys, lines and new keys against the shipped defaults."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from support.config_kit import GONE, Planted, context, copied, new_office
from tasks.config_diff import Differences, config_diff
from yaoxun.cli import app
from yaoxun.errors import ConfigError


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sample") / "office"
    new_office(root, sample=True, name="", tables=(), organisations=())
    return root


@pytest.fixture
def office(sample: Path, tmp_path: Path) -> Planted:
    return copied(sample, tmp_path / "office")


def found(office: Planted) -> Differences:
    return config_diff(context(office.root))


def test_a_fresh_sample_office_differs_in_nothing(office: Planted) -> None:
    assert found(office).files == ()
    assert "完全相同" in found(office).summary()


def test_a_fresh_office_of_its_own_differs_in_nothing_and_later_in_what_people_change(tmp_path: Path) -> None:
    new_office(tmp_path / "office", data_to=31)
    office = Planted(tmp_path / "office")
    assert found(office).files == ()
    assert found(office).summary() == "与新建时的完全相同。"
    office.set("config/mail.yaml", ["timeout_s"], 45)
    (tmp_path / "office" / "config" / "forms" / "T7.yaml").unlink()
    assert {(f.file, f.state) for f in found(office).files} == {
        ("config/mail.yaml", "改动"),
        ("config/forms/T7.yaml", "没有"),
    }
    assert office.check().faults  # the bulletin names T7 still
    (tmp_path / "office" / "config" / ".start.json").unlink()
    assert "config/organisations.yaml" in {f.file for f in found(office).files}, "of an older office nothing is known"


def test_what_is_kept_of_the_answers_and_was_spoilt_is_told(tmp_path: Path) -> None:
    new_office(tmp_path / "office")
    (tmp_path / "office" / "config" / ".start.json").write_text("{", encoding="utf-8")
    with pytest.raises(ConfigError, match="yaoxun init"):
        config_diff(context(tmp_path / "office"))


def test_an_office_without_files_of_its_own_uses_the_shipped_ones(tmp_path: Path) -> None:
    assert not config_diff(context(tmp_path)).own


def test_changed_added_and_lacking_keys_are_told_with_both_values(office: Planted) -> None:
    office.set("config/mail.yaml", ["timeout_s"], 45)
    office.set("config/mail.yaml", ["ca_file"], GONE)
    office.set("config/office.yaml", ["records_from"], "2021-01-01")
    files = {file.file: file for file in found(office).files}
    assert set(files) == {"config/mail.yaml", "config/office.yaml"}
    assert {(k.key, k.state, k.default, k.ours, k.new) for k in files["config/mail.yaml"].keys} == {
        ("timeout_s", "改动", 30, 45, False),
        ("ca_file", "没有", "", None, True),
    }
    assert [(k.key, k.state) for k in files["config/office.yaml"].keys] == [("records_from", "新增")]
    assert [(file, key.key) for file, key in found(office).new_keys] == [("config/mail.yaml", "ca_file")]


def test_entries_of_lists_are_told_by_their_names_and_are_no_new_keys(office: Planted) -> None:
    office.set("config/organisations.yaml", ["organisations", 2, "short"], "城内")
    office.set("config/organisations.yaml", ["organisations", 3, "aliases"], GONE)
    office.set(
        "config/organisations.yaml", ["organisations", 28], {"code": "danwei21", "name": "新单位", "kind": "成员单位"}
    )
    office.set("config/figures.yaml", ["figures", "topics_total"], GONE)
    keys = {(k.key, k.state, k.new) for file in found(office).files for k in file.keys}
    assert keys == {
        ("organisations.chengqu.short", "改动", False), ("organisations.zezhou.aliases", "没有", False),
        ("organisations.danwei21", "新增", False), ("figures.topics_total", "没有", False),
    }  # fmt: skip


def test_comments_alone_are_no_difference(office: Planted) -> None:
    path = office.root / "config/office.yaml"
    path.write_text("# 我们的话\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert found(office).files == ()


def test_templates_are_compared_by_line_and_files_by_name(office: Planted) -> None:
    office.write("report_templates/notices/reminder.md.j2", "不必回复本件", "不必再回")
    (office.root / "report_templates/own").mkdir()
    (office.root / "report_templates/own/narrative.md.j2").write_text("标题：x", encoding="utf-8")
    (office.root / "config/lists/yes_no.yaml").unlink()
    files = {file.file: file for file in found(office).files}
    assert {name: file.state for name, file in files.items()} == {
        "report_templates/notices/reminder.md.j2": "改动", "report_templates/own/narrative.md.j2": "新增",
        "config/lists/yes_no.yaml": "没有",
    }  # fmt: skip
    lines = files["report_templates/notices/reminder.md.j2"].lines
    assert [line[0] for line in lines if line.startswith(("-", "+"))] == ["-", "+"]
    assert any(line.startswith("+") and "不必再回" in line for line in lines)


def test_the_command_shows_it_and_gives_json(office: Planted) -> None:
    office.set("config/mail.yaml", ["timeout_s"], 45)
    shown = CliRunner().invoke(app, ["config", "diff", "--home", str(office.root)]).stdout
    assert "timeout_s：30 → 45" in shown and "【改动】config/mail.yaml" in shown
    told = json.loads(CliRunner().invoke(app, ["config", "diff", "--home", str(office.root), "--json"]).stdout)
    assert told["files"][0]["keys"] == [{"key": "timeout_s", "state": "改动", "default": 30, "ours": 45, "new": False}]
