"""What all flows share: the parameters people see, the `Context` of a run, use cases as tasks of the engine, and the
form `python -m flows.NAME`. No use case and no time of day is named here.

An error of this program ends a run as Failed with its own Chinese sentence; only faults nobody foresaw leave a
traceback, and then in a log.
"""

import argparse
import functools
import inspect
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, Protocol, cast

import httpx
from prefect import Flow, State, Task, flow, get_run_logger, task
from prefect import tags as tagged
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import TaskRun
from prefect.context import FlowRunContext, TaskRunContext
from prefect.states import Completed, Failed
from pydantic import Field

from tasks import runs
from yaoxun.context import Context, parse_now, wall_clock
from yaoxun.errors import InternalError, OutsideError, YaoxunError
from yaoxun.home import find_home
from yaoxun.server import ServerFolder, environment, find_server


def _titled(title: str) -> Any:
    return Field(json_schema_extra={"title": title})


Period = Annotated[str, _titled("报告期")]
Kind = Annotated[str, _titled("文种")]
AsOf = Annotated[str, _titled("数据截至")]
Now = Annotated[str, _titled("试运行时间")]
HomePath = Annotated[str, _titled("办公室目录")]

# A disk, a mail server or a database in maintenance is usually back within a minute.
_RETRY_AFTER_SECONDS = [10.0, 50.0]
_EARLY_SECONDS_AT_MOST = 15.0
ACTOR = "actor:"
_BY_SCHEDULE = "定时"


class Summed(Protocol):
    """What every use case returns."""

    def summary(self) -> str: ...


@dataclass(frozen=True)
class Step:
    """A use case as a task of the engine; called like the use case, it raises like it."""

    task: Task[..., Any]

    def __call__(self, *args: Any) -> Any:
        return result_of(self.try_(*args))

    def try_(self, *args: Any) -> State[Any]:
        """The state of the task run, whatever became of it."""
        state: State[Any] = cast("Callable[..., State[Any]]", self.task)(*args, return_state=True)
        return state


def step(use_case: Callable[..., Any], name: str) -> Step:
    """A use case as a task: tried again only where something outside refused, never cached or stored."""

    @functools.wraps(use_case)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return use_case(*args, **kwargs)
        except YaoxunError as err:
            if isinstance(err, OutsideError) and _tries_made() <= len(_RETRY_AFTER_SECONDS):
                raise
            return Failed(message=str(err), data=err)  # as a value, so that the engine logs no traceback

    return Step(
        task(
            name=name,
            retries=len(_RETRY_AFTER_SECONDS),
            retry_delay_seconds=_RETRY_AFTER_SECONDS,
            retry_condition_fn=_refused_outside,
            cache_policy=NO_CACHE,
            persist_result=False,
        )(guarded)
    )


def office_flow(name: str) -> Callable[[Callable[..., str]], Flow[..., Any]]:
    """A flow that ends as a sentence, in the state and in the log: Completed with its summary, Failed with its error.

    The run is put on record; a planned occasion that was finished before is not done again."""

    def decorate(calls: Callable[..., str]) -> Flow[..., Any]:
        @functools.wraps(calls)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                summary = _recorded(name, calls, inspect.signature(calls).bind(*args, **kwargs))
            except YaoxunError as err:
                get_run_logger().error(str(err))
                return Failed(message=str(err), data=err)
            get_run_logger().info(summary)
            return Completed(message=summary, data=summary)

        return flow(name=name, retries=0, persist_result=False)(guarded)

    return decorate


def _recorded(name: str, calls: Callable[..., str], given: inspect.BoundArguments) -> str:
    given.apply_defaults()
    of = given.arguments
    ctx = context(of["home"], of["now"])
    run = runs.begin(ctx, f"{name} {of.get('kind', '')}".strip(), of.get("period", ""))
    if run is None:
        return "这一次先前已经办完，没有再办。"
    summary = calls(*given.args, **given.kwargs)  # one that fails stays unfinished and may be run again
    runs.finish(ctx, run, summary)
    return summary


def context(home: str, now: str) -> Context:
    """The frame of this run. Occasion: the planned time, or the run's own id where a person asked for it."""
    frame = FlowRunContext.get()
    if frame is None or frame.flow_run is None:
        raise InternalError("流程之外没有运行记录可用。")
    run = frame.flow_run
    planned = run.expected_start_time if run.auto_scheduled else None
    scheduled_for = planned.astimezone(UTC) if planned else None
    _wait_until(scheduled_for)
    return Context(
        home=find_home(Path(home) if home else None),
        actor=next((tag.removeprefix(ACTOR) for tag in run.tags if tag.startswith(ACTOR)), _BY_SCHEDULE),
        occasion=scheduled_for.isoformat() if scheduled_for else str(run.id),
        scheduled_for=scheduled_for,
        fixed_now=parse_now(now),
    )


def _wait_until(moment: datetime | None) -> None:
    """The engine may begin a run up to a second early; what falls due at nine must find that it is nine."""
    early = (moment - wall_clock()).total_seconds() if moment else 0.0
    if early > 0:
        time.sleep(min(early, _EARLY_SECONDS_AT_MOST))


def each(one: Step, ctx: Context, items: Iterable[Any]) -> list[Any]:
    """One task an item, in turn. An item's error lets the others have their turn; the first is raised at the end."""
    states = [one.try_(ctx, item) for item in items]
    failed = [state for state in states if not state.is_completed()]
    if failed:
        if len(failed) > 1:
            get_run_logger().error(f"{one.task.name}：共{len(failed)}项没有办成，下次运行再办。")
        _raise(failed[0])
    return [state.result() for state in states]


def result_of(state: State[Any]) -> Any:
    """What a step came to. Raises its error."""
    return state.result() if state.is_completed() else _raise(state)


def _raise(state: State[Any]) -> NoReturn:
    error = state.result(raise_on_failure=False)
    raise error if isinstance(error, BaseException) else InternalError(f"任务没有办成：{state.message}")


def batches(items: Sequence[int], most_single: int = 150, size: int = 50) -> list[int] | list[tuple[int, ...]]:
    """Up to 150 items stay single; more are cut into tuples of 50, so that the engine's cost stays small."""
    if len(items) <= most_single:
        return list(items)
    return [tuple(items[start : start + size]) for start in range(0, len(items), size)]


def told(*results: Summed) -> str:
    """The summaries of several use cases, one a line."""
    return "\n".join(result.summary() for result in results)


def main(run: Flow[..., Any]) -> int:
    """`python -m flows.NAME --home … --period … --now …`: one run, its sentence printed; 0 when it is completed."""
    parser = argparse.ArgumentParser(prog=f"python -m {_module()}", description=f"流程：{run.name}")
    names = list(inspect.signature(run.fn).parameters)
    for name in names:
        parser.add_argument(f"--{name.replace('_', '-')}", default="")
    parser.add_argument("--actor", default=_BY_SCHEDULE)
    given = parser.parse_args()
    try:
        _enter_own_environment(given.home)
        with tagged(f"{ACTOR}{given.actor}"):
            parameters = {name: getattr(given, name) for name in names}
            state = cast("Callable[..., State[Any]]", run)(**parameters, return_state=True)
    except YaoxunError as err:
        return _fail(str(err))
    except (httpx.HTTPError, RuntimeError) as err:
        logging.getLogger("yaoxun.flows").exception("no run")
        return _fail(f"调度服务没有应答：{err}\n处理办法：请确认 yaoxun up 正在运行，或先停下它再试。")
    if state.is_completed():
        sys.stdout.write(f"{state.result()}\n")
        return 0
    if isinstance(error := state.result(raise_on_failure=False), YaoxunError):
        return _fail(str(error))
    return _fail(f"程序内部出错：{state.message}\n处理办法：请把办公室目录 data/prefect/flows.log 交给维护人员。")


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


def _enter_own_environment(home_path: str) -> None:
    """Make sure that the engine works on this home's own files; its settings are read at import, so start again."""
    home = find_home(Path(home_path) if home_path else None)
    folder = ServerFolder(home)
    if os.environ.get("PREFECT_HOME") != str(folder.path):
        server = find_server(home)
        env = environment(home, os.environ.get("PREFECT_API_URL") or (server.api_url if server else None))
        os.execve(sys.executable, [sys.executable, "-m", _module(), *sys.argv[1:]], env)  # noqa: S606
    log = logging.FileHandler(folder.log("flows"), encoding="utf-8")
    log.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().handlers[:] = [log]


def _module() -> str:
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return spec.name if spec else "flows"


def _tries_made() -> int:
    frame = TaskRunContext.get()
    return frame.task_run.run_count if frame else len(_RETRY_AFTER_SECONDS) + 1


def _refused_outside(_: Task[..., Any], __: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), OutsideError)
