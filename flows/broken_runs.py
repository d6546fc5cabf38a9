"""Runs that broke off and times that were missed, settled over the engine's API: each broken run gets one more turn.

Nothing of the office's own is repaired here: every use case leaves its work such that another run may take it up.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.context import FlowRunContext
from prefect.states import AwaitingRetry, Cancelled, Crashed

from yaoxun.context import Context, wall_clock

OURS = "yaoxun"  # the tag of every deployment that `up` serves
_REQUEUED = "中断后重新排队（只排一次）"
_RESUMED = "停机时未办完，启动后接着办"
_STOPPED_WITH_US = "Runner is shutting down."  # the engine's own words for runs that a clean stop cut short
_SILENT_AFTER = timedelta(minutes=3)  # six heartbeats
_LOOK_BACK = timedelta(days=1)
_PAGE = 200


@dataclass(frozen=True, kw_only=True)
class Requeued:
    """How many runs got another turn."""

    runs: int

    def summary(self) -> str:
        return f"中断的运行：{self.runs}次已重新排队。" if self.runs else "没有中断的运行。"


def requeue_broken(_: Context) -> Requeued:
    """Give crashed runs, and runs that have been silent for three minutes, one more turn. For a server in service."""
    with get_client(sync_client=True) as client:
        for run in _runs(client, StateType.RUNNING):
            if not _is_this_run(run) and _is_silent(client, run):
                client.set_flow_run_state(run.id, Crashed(message="三分钟没有动静"), force=True)
        since = wall_clock() - _LOOK_BACK
        crashed = [
            run for run in _runs(client, StateType.CRASHED) if run.expected_start_time and run.expected_start_time > since
        ]  # fmt: skip
        return Requeued(runs=sum(_requeue(client, run) for run in crashed))


def settle_last_life(client: SyncPrefectClient) -> int:
    """Before serving: nothing of ours can be running yet, so what the server calls running was cut off. Returns how
    many runs got another turn."""
    for run in _runs(client, StateType.RUNNING, StateType.PENDING, StateType.CANCELLING):
        client.set_flow_run_state(run.id, Crashed(message="上次停机时正在运行"), force=True)
    stopped = (run for run in _runs(client, StateType.CANCELLED) if run.state and run.state.message == _STOPPED_WITH_US)
    since = wall_clock() - _LOOK_BACK
    crashed = (run for run in _runs(client, StateType.CRASHED) if (run.expected_start_time or since) > since)
    resumed = sum(_queue(client, run, _RESUMED) for run in stopped)  # nothing was wrong with them: no limit
    return resumed + sum(_requeue(client, run) for run in crashed)


def settle_missed(client: SyncPrefectClient, policies: Mapping[UUID, Literal["last", "each", "skip"]]) -> int:
    """Times that passed while nothing served: keep the last, each or none, as the schedule says. Returns how many were
    dropped."""
    overdue: dict[UUID, list[FlowRun]] = defaultdict(list)
    for run in _runs(client, StateType.SCHEDULED):
        planned = run.expected_start_time
        if run.auto_scheduled and run.run_count == 0 and run.deployment_id and planned and planned < wall_clock():
            overdue[run.deployment_id].append(run)
    dropped = [
        run
        for deployment, runs in overdue.items()
        for run in _to_drop(runs, policies.get(deployment, "skip"))
    ]  # fmt: skip
    for run in dropped:
        client.set_flow_run_state(run.id, Cancelled(message="停机期间错过，不再单独补办"), force=True)
    return len(dropped)


def _to_drop(runs: list[FlowRun], policy: Literal["last", "each", "skip"]) -> list[FlowRun]:
    in_order = sorted(runs, key=lambda run: run.expected_start_time or wall_clock())
    return {"each": [], "last": in_order[:-1], "skip": in_order}[policy]


def _runs(client: SyncPrefectClient, *kinds: StateType) -> Iterator[FlowRun]:
    """All runs of our deployments that stand so; read to the end before the first is changed."""
    found: list[FlowRun] = []
    while True:
        page = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(kinds)))),
            deployment_filter=DeploymentFilter(tags=DeploymentFilterTags(all_=[OURS])),
            limit=_PAGE,
            offset=len(found),
        )
        found += page
        if len(page) < _PAGE:
            return iter(found)


def _requeue(client: SyncPrefectClient, run: FlowRun) -> bool:
    if any(state.message == _REQUEUED for state in client.read_flow_run_states(run.id)):
        return False
    return _queue(client, run, _REQUEUED)


def _queue(client: SyncPrefectClient, run: FlowRun, why: str) -> bool:
    client.set_flow_run_state(run.id, AwaitingRetry(message=why), force=True)
    return True


def _is_this_run(run: FlowRun) -> bool:
    frame = FlowRunContext.get()
    return bool(frame and frame.flow_run and frame.flow_run.id == run.id)


def _is_silent(client: SyncPrefectClient, run: FlowRun) -> bool:
    since = wall_clock() - _SILENT_AFTER
    if run.start_time is None or run.start_time > since:
        return False
    wanted = {
        "filter": {
            "occurred": {"since": since.isoformat()},
            "event": {"name": ["prefect.flow-run.heartbeat"]},
            "resource": {"id": [f"prefect.flow-run.{run.id}"]},
        },
        "limit": 1,
    }
    return not client.request("POST", "/events/filter", json=wanted).raise_for_status().json()["events"]
