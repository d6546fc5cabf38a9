"""How the program runs LibreOffice, with scripts in its place: one that hangs, one that fails, one that must not be run."""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from support.word_mutants import written
from tasks.lint import lint
from tasks.typeset import NOT_RENDERED, typeset
from yaoxun.briefings.handwritten import parse_issue
from yaoxun.briefings.profile import load_profile
from yaoxun.briefings.rendering import find_soffice, to_pdf
from yaoxun.context import Context
from yaoxun.errors import OutsideError, RequestError
from yaoxun.home import Home, shipped


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """A script that is run as if it were LibreOffice."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("YAOXUN_SOFFICE", str(program))
    return program


def gone(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        # A zombie whose parent has gone, too, waits for init alone.
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    return True


def test_one_that_hangs_is_stopped_with_its_children_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pids = tmp_path / "pids"
    stand_in(tmp_path, monkeypatch, f"sleep 60 & echo $$ $! > {pids}; wait")
    began = time.monotonic()
    with pytest.raises(OutsideError, match="LibreOffice 转 PDF 超过 0.5 秒，已停止") as told:
        to_pdf(b"", tmp_path / "place", seconds=0.5)
    assert time.monotonic() - began < 5
    assert "再试" in told.value.remedy
    started = [int(pid) for pid in pids.read_text(encoding="utf-8").split()]
    assert len(started) == 2
    deadline = time.monotonic() + 5
    while not all(map(gone, started)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert all(map(gone, started))
    assert sorted(path.name for path in (tmp_path / "place").iterdir()) == ["lock", "profile"]


def test_one_that_makes_nothing_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, "echo 'source file could not be loaded'")
    with pytest.raises(OutsideError, match="没有转成 PDF。source file could not be loaded"):
        to_pdf(b"", tmp_path / "place")


def test_without_it_there_is_a_sentence(tmp_path: Path) -> None:
    assert find_soffice() is None
    with pytest.raises(OutsideError, match="没有安装 LibreOffice，不能转成 PDF") as told:
        to_pdf(b"", tmp_path)
    assert "libreoffice-writer" in told.value.remedy


def test_a_typesetting_that_cannot_be_looked_at_still_gives_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = load_profile(shipped("report_templates"), "yaoxun")
    issue = parse_issue("---\n标题: 标题\n---\n一段。", name="晋团要讯", issuer="示例省委").issue
    made = typeset(Home(tmp_path), issue, profile, None)
    assert made.docx and made.pdf is None and made.told[-1] == NOT_RENDERED
    stand_in(tmp_path, monkeypatch, "exit 1")
    failed = typeset(Home(tmp_path), issue, profile, None)
    assert failed.docx == made.docx
    assert failed.told[-1].startswith("未渲染：LibreOffice 没有转成 PDF")


def checked(home: Path, data: bytes) -> str:
    (home / "data").mkdir(exist_ok=True)
    file = home / "文件.docx"
    file.write_bytes(data)
    return lint(Context(home=Home(home), actor="手工", occasion="x"), file).report.not_rendered


def test_lint_says_why_the_pages_were_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checked(tmp_path, written()) == "没有安装 LibreOffice"
    stand_in(tmp_path, monkeypatch, "exit 1")
    assert checked(tmp_path, written()) == "LibreOffice 没有转成 PDF"
    stand_in(tmp_path, monkeypatch, 'while [ "$1" != --outdir ]; do shift; done; echo nothing > "$2/document.pdf"')
    assert checked(tmp_path, written()) == "排出来的页面量不了（太多，或者 PDF 打不开）"


def test_a_file_that_is_not_let_in_never_reaches_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, f"touch {tmp_path / 'ran'}")
    with pytest.raises(RequestError):
        checked(tmp_path, written()[:3000])
    assert not (tmp_path / "ran").exists()
    checked(tmp_path, written())
    assert (tmp_path / "ran").exists()
