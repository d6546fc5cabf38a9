"""Use cases of a fake office in place of tasks/, so that flows are tested for what they are: calls, order, retries."""

import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

USE_CASES = {
    "open_windows": ("open_windows",),
    "issue_templates": ("issue_templates",),
    "take_in": ("take_in",),
    "judge": ("judge", "judge_batch"),
    "draft": ("draft",),
    "sign": ("number_signed",),
    "send": ("send", "put_copies"),
    "remind": ("remind",),
    "housekeeping": ("housekeep",),
}
FLOW_MODULES = ("issuing", "collecting", "drafting", "delivering", "reminding", "housekeeping")


@dataclass(frozen=True)
class Done:
    text: str
    arrivals: tuple[int, ...] = ()

    def summary(self) -> str:
        return self.text


@dataclass
class FakeOffice:
    """Remembers every call; what is put into `errors` under a call is raised, one at each try."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    contexts: list[Any] = field(default_factory=list)
    errors: dict[tuple[Any, ...], list[Exception]] = field(default_factory=dict)
    fresh: tuple[int, ...] = ()
    left_over: tuple[int, ...] = ()

    def use_case(self, name: str) -> Callable[..., Done]:
        def called(ctx: Any, *rest: Any) -> Done:
            self.calls.append((name, *rest))
            self.contexts.append(ctx)
            if self.errors.get((name, *rest)):
                raise self.errors[(name, *rest)].pop(0)
            return Done(f"{name}办毕。", self.fresh if name == "take_in" else ())

        called.__name__ = name
        return called


@pytest.fixture(scope="session")
def engine() -> Iterator[None]:
    """A server of the engine for this session alone; nothing of the user's own profile is touched."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=90):
        yield


@pytest.fixture
def office(engine: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOffice]:
    """A fake office behind all flows; flows are imported anew, so that they bind to it."""
    fake = FakeOffice()
    for module_name, names in USE_CASES.items():
        module = ModuleType(f"tasks.{module_name}")
        for name in names:
            setattr(module, name, fake.use_case(name))
        monkeypatch.setitem(sys.modules, module.__name__, module)
    record = ModuleType("tasks.runs")
    record.begin = lambda *_: 1  # type: ignore[attr-defined]
    record.finish = lambda *_: None  # type: ignore[attr-defined]
    monkeypatch.setattr("flows.frame.runs", record)
    sys.modules["tasks.judge"].waiting = lambda _: fake.left_over  # type: ignore[attr-defined]
    monkeypatch.setattr("flows.frame._RETRY_AFTER_SECONDS", [0.0, 0.0])
    real = {name: sys.modules.pop(f"flows.{name}", None) for name in FLOW_MODULES}
    for name in FLOW_MODULES:
        importlib.import_module(f"flows.{name}")
    yield fake
    for name, module_before in real.items():
        del sys.modules[f"flows.{name}"]
        if module_before is not None:
            sys.modules[f"flows.{name}"] = module_before
