"""Prints the table of failpoints at the end of a run."""

from typing import Any

from support.failpoint_table import OUTCOMES, table_of


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if OUTCOMES:
        terminalreporter.section("failpoints")
        for line in table_of(OUTCOMES):
            terminalreporter.write_line(line)
