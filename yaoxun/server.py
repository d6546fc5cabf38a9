"""The engine's server as everybody but flows/ sees it: where its files lie, whether it is up, and how a run is asked
for over its REST interface; with no server up, the same run as a child process. Prefect is never imported here.

Nothing here starts or stops a server; that is flows/serving.py.
"""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import httpx

from yaoxun.errors import NotNowError, OutsideError
from yaoxun.home import Home
from yaoxun.schedules import FlowName

_TIMEOUT_SECONDS = 15.0
_PAUSES_SECONDS = (0.2, 0.4, 0.8, 1.6, 3.2, 3.8)


@dataclass(frozen=True)
class ServerFolder:
    """data/prefect/ of one home: the engine's own database, logs, secret, and the note that it is up."""

    home: Home

    @property
    def path(self) -> Path:
        return self.home.data / "prefect"

    @property
    def note(self) -> Path:
        """up.json: pid and address of the running server; gone after a clean stop."""
        return self.path / "up.json"

    def lock(self, name: str) -> Path:
        return self.path / f"{name}.lock"

    def log(self, name: str) -> Path:
        return self.path / f"{name}.log"

    @property
    def ready(self) -> Path:
        """Touched by the process that runs the schedules, once it does."""
        return self.path / "runner.ready"

    @property
    def secret(self) -> Path:
        return self.path / "secret"

    def credentials(self) -> str:
        """`user:password` for the server, made at the first call and readable by this account alone."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(self.secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            if text := self.secret.read_text(encoding="ascii").strip():
                return text
            handle = os.open(self.secret, os.O_WRONLY)  # a kill came between making and filling it
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"yaoxun:{secrets.token_urlsafe(24)}\n")
        return self.secret.read_text(encoding="ascii").strip()


def environment(home: Home, api_url: str | None) -> dict[str, str]:
    """The environment in which the engine, quiet and kept to itself, works for this home.

    api_url None: no server; the process brings one up for itself as long as it runs.
    """
    folder = ServerFolder(home)
    credentials = folder.credentials()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return inherited | {
        "YAOXUN_HOME": str(home.root),
        "PREFECT_HOME": str(folder.path),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{folder.path / 'prefect.db'}",
        "PREFECT_SERVER_API_AUTH_STRING": credentials,
        "PREFECT_API_AUTH_STRING": credentials,
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "60",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_RUNNER_POLL_FREQUENCY": "5",
        "PREFECT_CLI_PROMPT": "false",
        **({"PREFECT_API_URL": api_url} if api_url else {}),
    }


@dataclass(frozen=True)
class RunState:
    """How a run stands. kind: the engine's word in capitals (SCHEDULED, RUNNING, COMPLETED, FAILED, CRASHED …).
    message: once over, what the run has to say: its summary or what went wrong."""

    kind: str
    message: str

    @property
    def is_over(self) -> bool:
        return self.kind in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}

    @property
    def succeeded(self) -> bool:
        return self.kind == "COMPLETED"


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that answered. Every method raises OutsideError when it no longer does."""

    pid: int
    api_url: str
    credentials: str = field(repr=False)

    def start_run(self, flow: FlowName, parameters: Mapping[str, str], actor: str) -> str:
        """Ask for one run now; returns its id. Raises NotNowError when no schedule of that flow is served."""
        with self._client() as client:
            wanted = {"deployments": {"tags": {"all_": [f"flow:{flow}"]}}, "limit": 1}
            deployments = _call(client, "POST", "/deployments/filter", wanted)
            if not deployments:
                raise NotNowError(f"调度服务没有登记流程 {flow}。", "请在 config/schedules.yaml 中加上它，再重新启动。")
            body = {
                "parameters": dict(parameters),
                "state": {"type": "SCHEDULED"},
                "tags": [f"actor:{actor}"],
                "idempotency_key": str(uuid4()),
            }
            return str(_call(client, "POST", f"/deployments/{deployments[0]['id']}/create_flow_run", body)["id"])

    def state_of(self, run_id: str) -> RunState:
        """How the run with this id stands."""
        with self._client() as client:
            state = _call(client, "GET", f"/flow_runs/{run_id}").get("state") or {}
        return RunState(kind=state.get("type", "PENDING"), message=state.get("message") or "")

    def planned_runs(self) -> int:
        """How many runs stand on the calendar; 0 with schedules in force means that the engine does not do its work."""
        with self._client() as client:
            return int(
                _call(client, "POST", "/flow_runs/count", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}})
            )

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        user, _, password = self.credentials.partition(":")
        name = str(uuid4())
        with httpx.Client(
            base_url=self.api_url, auth=(user, password), timeout=_TIMEOUT_SECONDS, trust_env=False
        ) as client:  # fmt: skip
            token = _call(client, "GET", f"/csrf-token?client={name}")["token"]
            client.headers.update({"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": name})
            yield client


def find_server(home: Home) -> Server | None:
    """The server that `up` runs for this home, if it answers; None when none is up."""
    folder = ServerFolder(home)
    try:
        note = json.loads(folder.note.read_text(encoding="utf-8"))
        server = Server(pid=int(note["pid"]), api_url=str(note["api_url"]), credentials=folder.credentials())
        httpx.get(f"{server.api_url}/health", timeout=2.0, trust_env=False).raise_for_status()
    except (OSError, ValueError, KeyError, httpx.HTTPError):
        return None
    return server


def run_as_child(
    home: Home, flow: FlowName, parameters: Mapping[str, str], actor: str, heard: Callable[[str], None] | None = None
) -> int:
    """Run one flow to its end as a child process; returns its exit status. Its sentences go to `heard`, line by line, or to
    our own output."""
    server = find_server(home)
    words = [word for name, value in parameters.items() if value for word in (f"--{name.replace('_', '-')}", value)]
    command = [sys.executable, "-m", f"flows.{flow}", "--home", str(home.root), "--actor", actor, *words]
    env = environment(home, server.api_url if server else None)
    if heard is None:
        return subprocess.run(command, env=env, check=False).returncode
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout or ():
            heard(line.rstrip("\n"))
    return child.returncode


def _call(client: httpx.Client, method: Literal["GET", "POST"], path: str, body: Any = None) -> Any:
    """One request. 503 is how the server says that its database was locked for a moment: asked again, for ten seconds.
    Safe, since every request here either only reads or carries its own key."""
    try:
        for pause in _PAUSES_SECONDS:
            response = client.request(method, path, json=body)
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(pause)
        return response.raise_for_status().json()
    except httpx.HTTPStatusError as err:
        raise OutsideError(
            f"调度服务没有接受这次请求（{err.response.status_code}）。", "请查看办公室目录 data/prefect/server.log。"
        ) from err  # fmt: skip
    except httpx.HTTPError as err:
        raise _unreachable(str(client.base_url)) from err


def _unreachable(address: str) -> OutsideError:
    return OutsideError(f"调度服务没有应答：{address}", "请确认 yaoxun up 正在运行，稍后再试。")
