"""The process kills itself at each named step in turn, is started again, and everything is there once."""

import ast
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from support.failpoint_table import CASES, UNKNOWN_AFTER, Outcome, open_bench
from tests.tasks.conftest import OUTCOMES
from yaoxun.failpoints import KNOWN

ROOT = Path(__file__).resolve().parents[2]
STEPS = ("take_in", "judge", "sign", "send", "remind")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Outcome]]]:
    """Every case under way on two processes; a test waits for its own."""
    with open_bench(tmp_path_factory.mktemp("failpoints")) as bench, ThreadPoolExecutor(2) as pool:
        yield {case: pool.submit(bench.try_point, case) for case in CASES}


@pytest.mark.parametrize("case", CASES)
def test_after_a_kill_here_the_next_run_ends_as_if_nothing_had_happened(
    case: str, outcomes: dict[str, Future[Outcome]]
) -> None:
    outcome = outcomes[case].result()
    OUTCOMES.append(outcome)
    assert outcome.died, "the point was never reached"
    assert outcome.second_exit == 0
    assert outcome.unequal == []
    point = case.partition(":")[0]
    if point in UNKNOWN_AFTER:
        (doubtful,) = outcome.doubtful
        assert outcome.mails[doubtful] == UNKNOWN_AFTER[point]
        assert {n for to, n in outcome.mails.items() if to != doubtful} == {1}
        assert outcome.settled == []
    else:
        assert outcome.doubtful == []
        assert set(outcome.mails.values()) == {1}


def test_every_step_has_points_and_every_known_point_stands_in_the_program() -> None:
    used = {name for path in (ROOT / "tasks").glob("*.py") for name in _points_of(path)}
    assert used == set(KNOWN)
    assert {name.partition(".")[0] for name in KNOWN} >= set(STEPS)


def _points_of(path: Path) -> list[str]:
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    return [c.args[0].value for c in calls if isinstance(c.func, ast.Name) and c.func.id == "failpoint"]  # type: ignore[attr-defined,misc]
