"""Reading with the memory it took, as a child tells it at its end. A child that died tells nothing: then
`resource.getrusage(RUSAGE_CHILDREN)` after the sandbox has closed is what all of them stayed below.
"""

import os
import resource
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yaoxun.sheets.codec import read_plain
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.sandbox import Sandbox

_READ = "yaoxun.sheets.codec:read_plain"
_MEASURED = f"{__name__}:read"


def read(path: str, limits: Mapping[str, Any]) -> dict[str, Any]:
    """What the child runs instead."""
    return {"plain": read_plain(path, limits), "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


class MeasuringSandbox(Sandbox):
    """`peak`: bytes of memory of the last child, its share of the zygote's included; 0 when it could not tell."""

    peak = 0

    def call(self, function: str, **arguments: Any) -> Any:
        self.peak = 0
        if function != _READ:
            return super().call(function, **arguments)
        answer = super().call(_MEASURED, **arguments)
        if not isinstance(answer, dict):
            return answer
        self.peak = int(answer["peak"])
        return answer["plain"]


@contextmanager
def measuring_sandbox(limits: Limits) -> Iterator[MeasuringSandbox]:
    """A sandbox whose children can import this module."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), before)))
    try:
        with MeasuringSandbox(limits, (_MEASURED,)) as sandbox:
            yield sandbox
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before


def peak_of_all_children() -> int:
    """Bytes of the largest process that this one has waited for, or that those have."""
    assert sys.platform == "linux"
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
