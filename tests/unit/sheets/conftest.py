import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from yaoxun.home import shipped
from yaoxun.sheets.limits import Limits, load_limits
from yaoxun.sheets.sandbox import Sandbox

sys.path.insert(0, str(Path(__file__).parent))

FUNCTIONS = "sheets_hostile_functions"


@pytest.fixture(scope="session")
def limits() -> Limits:
    return load_limits(shipped("config"))


@pytest.fixture(scope="session", autouse=True)
def _functions_can_be_imported_by_the_zygote() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))
        yield


@pytest.fixture(scope="session")
def sandbox(limits: Limits) -> Iterator[Sandbox]:
    """One for all tests of foreign files: a file that harms it shows in the next test."""
    with Sandbox(limits) as shared:
        yield shared
