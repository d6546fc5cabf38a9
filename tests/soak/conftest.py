"""What the long runs share: one SMTP server a module, and no database but the office's own."""

from collections.abc import Iterator

import pytest

from yaoxun.demo.smtp_server import ServerHandle, start_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerHandle]:
    with start_server(tmp_path_factory.mktemp("smtp")) as handle:
        yield handle


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YAOXUN_DATABASE_URL", raising=False)
