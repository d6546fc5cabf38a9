"""A real SMTP server for whoever asks for one, and the table of failpoints at the end of a run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.failpoint_table import OUTCOMES, table_of
from support.mail_kit import StartServer
from yaoxun.demo.smtp_server import ServerHandle, start_server


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if OUTCOMES:
        terminalreporter.section("failpoints")
        for line in table_of(OUTCOMES):
            terminalreporter.write_line(line)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartServer]:
    """Starts servers that are stopped when the test ends."""
    running: list[ServerHandle] = []

    def begin(**options: Any) -> ServerHandle:
        running.append(start_server(tmp_path / "smtp", **options))
        return running[-1]

    yield begin
    for handle in running:
        handle.stop()


@pytest.fixture
def server(start: StartServer) -> ServerHandle:
    return start()
