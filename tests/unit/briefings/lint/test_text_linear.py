"""The work grows with the length of the text and no faster: counted in calls, and by the bounds of every pattern."""

import importlib
import re
import sys
from re import _constants, _parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

import pytest
from lint_text_kit import ROOT, SHIPPED, document

from yaoxun.briefings.lint.text_rules import text_findings

MODULES = [
    importlib.import_module(f"yaoxun.briefings.lint.{path.stem}")
    for kind in ("text_*.py", "numbers_*.py")
    for path in sorted((ROOT / "yaoxun/briefings/lint").glob(kind))
]


def _patterns(module: ModuleType) -> list[re.Pattern[str]]:
    values = list(vars(module).values())
    values += [inner for value in values if isinstance(value, dict) for inner in value.values()]
    return [value for value in values if isinstance(value, re.Pattern)]


def _bounds(parsed: Any) -> list[int]:
    """The upper bound of every repetition of a pattern."""
    found = []
    for kind, value in parsed:
        if kind in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            found += [int(value[1]), *_bounds(value[2])]
        elif kind is _constants.SUBPATTERN:
            found += _bounds(value[3])
        elif kind is _constants.BRANCH:
            found += [bound for branch in value[1] for bound in _bounds(branch)]
        elif kind in (_constants.ASSERT, _constants.ASSERT_NOT):
            found += _bounds(value[1])
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_no_pattern_repeats_without_a_bound(module: ModuleType) -> None:
    unbounded = [
        p.pattern
        for p in _patterns(module)
        if any(b >= _constants.MAXREPEAT for b in _bounds(_parser.parse(p.pattern)))
    ]
    assert unbounded == []


def test_an_unbounded_pattern_would_be_seen() -> None:
    assert max(_bounds(_parser.parse("(?:a|(?=b{2}c*))d"))) == _constants.MAXREPEAT


def _calls(text: str) -> int:
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    given = document(text)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        list(text_findings(given, SHIPPED))
    finally:
        sys.setprofile(before)
    return counted


@pytest.mark.parametrize(
    "unit",
    [
        "1,",
        "(",
        "“",
        "甲、",
        "三项工程",
        "“甲”行动三项行动",
        "1）",
        "12% ",
        "由1个增加到2个，",
        "共3项",
        "约20人左右",
        "一是甲。",
        "a.b ",
    ],
)
def test_twice_the_text_is_twice_the_work(unit: str) -> None:
    once, twice = (_calls((unit * length)[:length]) for length in (6000, 12000))
    assert twice < 2.3 * once + 1000


@pytest.mark.parametrize("unit", ["1", "甲", "a", "“甲”行动", "三项工程，"])
def test_a_hundred_thousand_characters_come_to_an_end(unit: str) -> None:
    ended = list(text_findings(document((unit * 100_000)[:100_000]), SHIPPED))
    assert len(ended) < 100_000
