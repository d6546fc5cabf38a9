"""For all tests: in CI (CI=true) a live test that is skipped counts as failed, so that nothing falls out in silence."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("support")  # tests that run over several databases stand there

# Fast tests do not wait for LibreOffice where it happens to be installed; live ones that need it ask for it.
os.environ["YAOXUN_SOFFICE"] = ""

_LIVE = Path(__file__).parent / "live"


def _must_not_skip() -> bool:
    return os.environ.get("CI") == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    is_skip = report.skipped and not hasattr(report, "wasxfail")
    if is_skip and _must_not_skip() and item.get_closest_marker("live"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and _must_not_skip() and _LIVE in collector.path.parents:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _LIVE in item.path.parents:
            item.add_marker("live")
