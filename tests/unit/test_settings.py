"""Closed configuration files: all faults of a file at once, each once, with its line."""

from datetime import date as Day
from pathlib import Path

import pytest

from yaoxun.errors import ConfigError
from yaoxun.settings import Closed, Faults, load_settings


class Entry(Closed):
    name: str
    share: float = 1.0
    to: str | tuple[str, ...] = ()
    date: Day | None = None


class File(Closed):
    title: str
    port: int
    entries: tuple[Entry, ...] = ()
    by_name: dict[str, Entry] = {}


def told(path: Path, text: str) -> list[tuple[str, int | None, str]]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(path, File)
    return [(one.key, one.line, one.problem) for one in (caught.value, *caught.value.others)]


def test_every_fault_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    text = "title: 1\nport: x\nentries:\n  - {name: 甲}\n  - {nam: 乙}\nby_name:\n  丙: {name: 丙, share: 多}\n"
    found = told(tmp_path / "a.yaml", text)
    assert {(key, line) for key, line, _ in found} == {
        ("title", 1), ("port", 2), ("entries.2.nam", 5), ("by_name.丙.share", 7),
    }  # fmt: skip


def test_a_misspelt_key_is_told_once_and_not_as_missing_too(tmp_path: Path) -> None:
    assert [(key, problem) for key, _, problem in told(tmp_path / "a.yaml", "titel: x\nport: 1\n")] == [
        ("titel", "不认识这个键")
    ]


def test_a_value_that_fits_none_of_several_kinds_is_told_once_under_its_own_key(tmp_path: Path) -> None:
    text = "title: x\nport: 1\nentries:\n  - {name: 甲, to: {a: b}}\n  - {name: 乙, date: 昨天}\n"
    assert [(key, line) for key, line, _ in told(tmp_path / "a.yaml", text)] == [
        ("entries.1.to", 4),
        ("entries.2.date", 5),
    ]


def test_faults_are_gathered_each_once_and_raised_with_the_first() -> None:
    faults = Faults()
    faults.stop()
    for key in ("a", "b", "a"):
        with faults.gathered():
            raise ConfigError(file="x.yaml", key=key, problem="不对", remedy="请改。")
    with pytest.raises(ConfigError) as caught:
        faults.stop()
    assert (caught.value.key, [other.key for other in caught.value.others]) == ("a", ["b"])
    assert str(caught.value) == "配置有误：x.yaml，键 a：不对\n处理办法：请改。（另有 1 处，见 yaoxun config check）"
    again = Faults()
    again.add(caught.value)
    assert [one.key for one in again.found] == ["a", "b"] and not caught.value.others


@pytest.mark.parametrize(
    ("key", "line"),
    [("entries.2.name", 6), ("entries.乙.share", 5), ("by_name.丙.nothing", 8), ("by_name", 7), ("nothing", None)],
)
def test_a_fault_found_after_reading_gets_the_line_of_its_key(tmp_path: Path, key: str, line: int | None) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "title: x\nport: 1\nentries:\n  - {name: 甲}\n  - share: 1\n    name: 乙\nby_name:\n  丙: {name: 丙}\n",
        encoding="utf-8",
    )
    faults = Faults()
    faults.add(ConfigError(file=path, key=key, problem="不对", remedy="请改。"))
    assert faults.found[0].line == line
    assert (f"第{line}行" in str(faults.found[0])) == (line is not None)
