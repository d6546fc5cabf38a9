"""Which folders a demo may make afresh, and what it puts there."""

from pathlib import Path

import pytest

from yaoxun.demo.hosts import mail_server
from yaoxun.demo.play import MARKER, play, prepare
from yaoxun.errors import NotNowError, RequestError
from yaoxun.home import Home
from yaoxun.schedules import load_schedules


def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "要紧的.txt"
    kept.write_text("不能丢", encoding="utf-8")
    assert play(tmp_path) == 1
    assert "不是演示用的目录" in capsys.readouterr().err
    assert kept.read_text(encoding="utf-8") == "不能丢" and list(tmp_path.iterdir()) == [kept]


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "home"
    path.write_text("", encoding="utf-8")
    with pytest.raises(RequestError):
        prepare(path)


def test_a_demo_of_before_is_made_afresh(tmp_path: Path) -> None:
    home = prepare(tmp_path / "home")
    (home.data / "旧.txt").write_text("旧", encoding="utf-8")
    again = prepare(home.root)
    assert not (again.data / "旧.txt").exists() and (again.root / MARKER).exists()


def test_the_home_has_its_own_configuration_with_all_schedules_at_rest(tmp_path: Path) -> None:
    home = prepare(tmp_path / "home")
    assert home.config == home.root / "config" and home.templates == home.root / "report_templates"
    schedules = load_schedules(Home(home.root))
    assert schedules.port == 0 and schedules.schedules and not any(one.enabled for one in schedules.schedules)


def test_without_what_the_mail_server_needs_a_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NotNowError, match=r"aiosmtpd、cryptography.*\n.*yaoxun\[demo\]"), mail_server(Home(tmp_path)):
        pytest.fail("started")
