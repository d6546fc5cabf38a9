"""The figures can be taken: every line of `make bench` at the smallest size. What is measured is not looked at here."""

import json
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.fixture import FILLED, MOST_FACTS, base, shape, workbook
from bench.measure import Spread, exponent
from bench.office import TABLES, make_home


def test_the_fixture_is_what_its_name_says_and_the_same_every_time(tmp_path: Path) -> None:
    found = shape(make_home(tmp_path, 2))
    assert found.tables == TABLES and found.filled == FILLED and found.facts <= MOST_FACTS
    before, other = workbook(1), workbook(2)
    base.cache_clear()
    assert workbook(1) == before != other


def test_every_line_can_be_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BENCH_N", "1")
    assert bench.main(results=tmp_path) == 0
    report = json.loads((tmp_path / "bench.json").read_text("utf-8"))
    named = [line["name"][0] for line in report["lines"]]
    assert sorted(set(named)) == ["a", "b", "c", "d", "e", "f"] and report["fixture"]["filled"] == FILLED
    assert all(line["ours"]["low"] <= line["ours"]["middle"] <= line["ours"]["high"] for line in report["lines"])
    assert "安全打开" in capsys.readouterr().out


def test_the_slope_of_a_square_is_two() -> None:
    assert exponent([10, 20, 40], [1.0, 4.0, 16.0]) == pytest.approx(2.0)


def test_a_spread_shows_minimum_median_and_maximum() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(1.0, 2.0, 3.0)
