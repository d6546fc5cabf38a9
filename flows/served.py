"""The process that runs what is scheduled: registers config/schedules.yaml with the server, settles what the last life
left, then runs. Started by flows/serving.py alone, which gives it its environment.
"""

import asyncio
import importlib
import signal
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.runner import Runner
from prefect.schedules import Cron, Interval
from prefect.types.entrypoint import EntrypointType

from flows.broken_runs import OURS, settle_last_life, settle_missed
from yaoxun.context import SHANGHAI
from yaoxun.home import find_home
from yaoxun.schedules import Schedule, load_schedules
from yaoxun.server import ServerFolder

_ENTRY = {
    "issuing": "issue",
    "collecting": "collect",
    "drafting": "write_draft",
    "delivering": "deliver",
    "reminding": "remind_owing",
    "housekeeping": "keep_house",
}
_OFFICE_ZONE = "Asia/Shanghai"
_ANCHOR = datetime(2020, 1, 1, tzinfo=SHANGHAI)  # so that intervals fall on the same times after every start
_RUNS_AT_ONCE = 2
_HEARTBEAT_SECONDS = 30
_ZOMBIES = "要讯：没有动静的运行记为中断"


def deployment_of(schedule: Schedule) -> RunnerDeployment:
    """One schedule as a deployment whose entry is a module path, so that a run imports it like any program."""
    run: Flow[..., str] = getattr(importlib.import_module(f"flows.{schedule.flow}"), _ENTRY[schedule.flow])
    when = (
        Cron(schedule.cron, timezone=_OFFICE_ZONE, day_or=False)
        if schedule.cron
        else Interval(timedelta(seconds=schedule.interval or 0), anchor_date=_ANCHOR, timezone=_OFFICE_ZONE)
    )
    deployment = run.to_deployment(
        name=schedule.name,
        schedules=[when],
        parameters={str(name): value for name, value in schedule.parameters.items()},
        paused=not schedule.enabled,
        tags=[OURS, f"flow:{schedule.flow}"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return cast(RunnerDeployment, deployment)  # called from no event loop, so no coroutine


def forget_others(client: SyncPrefectClient, served: set[UUID]) -> None:
    """Take deployments off the server that the office's file no longer has."""
    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[OURS]))
    for deployment in client.read_deployments(deployment_filter=ours, limit=200):
        if deployment.id not in served:
            client.delete_deployment(deployment.id)


def watch_for_zombies(client: SyncPrefectClient) -> None:
    """Have the server itself call a run crashed whose heartbeats stop: four missed in a row."""
    if client.read_automations_by_name(_ZOMBIES):
        return
    over = {f"prefect.flow-run.{word}" for word in ("Completed", "Failed", "Cancelled", "Crashed", "heartbeat")}
    trigger = EventTrigger(
        match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
        after={"prefect.flow-run.heartbeat"},
        expect=over,
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=timedelta(seconds=4 * _HEARTBEAT_SECONDS),
    )
    crashed = ChangeFlowRunState(state=StateType.CRASHED, message="两分钟没有动静")
    client.create_automation(AutomationCore(name=_ZOMBIES, trigger=trigger, actions=[crashed]))


async def _run(runner: Runner, folder: ServerFolder) -> None:
    """Run until SIGTERM. The engine's own handler leaves before it has settled its runs, so ours takes its place."""
    serving = asyncio.create_task(runner.start())
    while not runner.started and not serving.done():
        await asyncio.sleep(0.05)
    stops: list[asyncio.Future[None]] = []
    asyncio.get_running_loop().add_signal_handler(
        signal.SIGTERM, lambda: stops.append(asyncio.ensure_future(runner.astop()))
    )
    folder.ready.touch()
    await serving


def main() -> None:
    """Register, settle, say ready, run until SIGTERM."""
    home = find_home()
    runner = Runner(
        name="yaoxun", pause_on_shutdown=False, limit=_RUNS_AT_ONCE, heartbeat_seconds=_HEARTBEAT_SECONDS
    )  # fmt: skip
    schedules = load_schedules(home).schedules
    served = {cast(UUID, runner.add_deployment(deployment_of(schedule))): schedule.missed for schedule in schedules}
    with get_client(sync_client=True) as client:
        forget_others(client, set(served))
        watch_for_zombies(client)
        settle_missed(client, served)
        settle_last_life(client)
    asyncio.run(_run(runner, ServerFolder(home)))


if __name__ == "__main__":
    main()
