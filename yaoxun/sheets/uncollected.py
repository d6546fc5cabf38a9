"""No search for cycles while a file's cells are made: tens of thousands of objects without one, among which looking for
some, time and again, takes a seventh of the time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """What there is of cycles is found afterwards. Stays off where it was off; another thread may switch it on earlier, which
    costs time and nothing else."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
