"""The note, the secret and the environment of a server, without any server."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from flows import serving
from yaoxun import server
from yaoxun.errors import OutsideError
from yaoxun.home import Home
from yaoxun.server import ServerFolder, environment, find_server


def test_the_secret_is_made_once_and_for_this_account_alone(tmp_path: Path) -> None:
    folder = ServerFolder(Home(tmp_path))
    first = folder.credentials()
    assert first.startswith("yaoxun:")
    assert len(first) > 30
    assert stat.S_IMODE(folder.secret.stat().st_mode) == 0o600
    assert folder.credentials() == first


def test_a_secret_left_empty_by_a_kill_is_filled(tmp_path: Path) -> None:
    folder = ServerFolder(Home(tmp_path))
    folder.path.mkdir(parents=True)
    folder.secret.touch(mode=0o600)
    assert folder.credentials().startswith("yaoxun:")


def test_a_note_of_a_server_that_is_gone_is_no_server(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert find_server(home) is None
    ServerFolder(home).path.mkdir(parents=True)
    ServerFolder(home).note.write_text(json.dumps({"pid": 1, "api_url": "http://127.0.0.1:9/api"}))
    assert find_server(home) is None
    ServerFolder(home).note.write_text("{")
    assert find_server(home) is None


def test_the_engine_keeps_to_the_home_and_to_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_KEY", "somebody's own")
    env = environment(Home(tmp_path), None)
    assert "PREFECT_API_KEY" not in env
    assert "PREFECT_API_URL" not in env
    assert env["PREFECT_HOME"].startswith(str(tmp_path))
    assert str(tmp_path) in env["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    assert env["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert env["PREFECT_API_AUTH_STRING"] == env["PREFECT_SERVER_API_AUTH_STRING"]


def test_a_server_that_plans_nothing_is_not_called_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Answers:
        def __init__(self, planned: int) -> None:
            self.planned_runs = lambda: planned

    monkeypatch.setattr(serving, "find_server", lambda _: Answers(0))
    with pytest.raises(OutsideError, match="没有排出任何一次运行"):
        serving._check_planned(Home(tmp_path))
    monkeypatch.setattr(serving, "find_server", lambda _: Answers(1))
    serving._check_planned(Home(tmp_path))


def test_neither_the_client_nor_the_supervisor_imports_the_engine() -> None:
    check = "import sys, yaoxun.server, flows.serving; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], cwd=Path(__file__).parents[2], check=False).returncode == 0


@pytest.mark.parametrize(("locked_for", "answer"), [(2, {"ok": True}), (99, None)])
def test_a_server_whose_database_is_locked_for_a_moment_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, locked_for: int, answer: object
) -> None:
    asked: list[str] = []

    def answers(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(503) if len(asked) <= locked_for else httpx.Response(200, json={"ok": True})

    monkeypatch.setattr(server, "_PAUSES_SECONDS", (0.0, 0.0, 0.0))
    with httpx.Client(base_url="http://office", transport=httpx.MockTransport(answers)) as client:
        if answer:
            assert server._call(client, "GET", "/runs") == answer
        else:
            with pytest.raises(OutsideError, match="503"):
                server._call(client, "GET", "/runs")
    assert len(asked) == 3
