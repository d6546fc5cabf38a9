"""A real mail server for the demo and the tests, as a process of its own: TLS, login, every accepted mail on disk before
it is answered. `python -m yaoxun.demo.smtp_server --folder DIR`, or `start_server(DIR)` from Python.

    DIR/server.pem   its certificate, made at start, for 127.0.0.1 and localhost; the client's ca_file
    DIR/NNNN.eml     one accepted mail each
    DIR/mails.jsonl  one line each: file, connection, message_id, sender, rcpt, at

Without encryption (plain-loopback-only) it asks for no login, but for a greeting (EHLO). It can misbehave on request. It
never sends anything on, and ends when told to or when the process that started it does.
"""

import argparse
import asyncio
import json
import logging
import os
import signal
import ssl
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any, Literal, Self

from yaoxun.context import wall_clock
from yaoxun.demo.certificate import make_certificate
from yaoxun.errors import OutsideError
from yaoxun.store.blobs import write_durably

HOST = "127.0.0.1"
PLAIN = "plain-loopback-only"
USER = "yaoxun@mail.example"
PASSWORD = "yanshi-koulin"  # noqa: S105 (of a server that lives for one demo, on loopback)


@dataclass(frozen=True, kw_only=True)
class Misbehaviour:
    """What the server does wrong, by recipient, and after how many mails a connection is closed (0: never)."""

    refuse: tuple[str, ...] = ()
    busy_first: tuple[str, ...] = ()
    drop_after_data: tuple[str, ...] = ()
    close_after: int = 0

    def as_arguments(self) -> list[str]:
        """The same on a command line."""
        by_option = {
            "--refuse": self.refuse,
            "--busy-first": self.busy_first,
            "--drop-after-data": self.drop_after_data,
        }
        words = [word for option, addresses in by_option.items() for address in addresses for word in (option, address)]
        return [*words, "--close-after", str(self.close_after)]


@dataclass(frozen=True, kw_only=True)
class ReceivedMail:
    """One accepted mail as the server wrote it down."""

    file: Path
    connection: int
    message_id: str
    sender: str
    rcpt: tuple[str, ...]


class PostRoom:
    """What all connections share: the folder, the misbehaviour and what has been seen."""

    def __init__(self, folder: Path, misbehaviour: Misbehaviour) -> None:
        self.folder, self.misbehaviour = folder, misbehaviour
        self.count = max((int(p.stem) for p in folder.glob("[0-9]*.eml")), default=0)
        self.connections = 0
        self.seen: Counter[str] = Counter()

    def first_time(self, what: str, address: str) -> bool:
        self.seen[f"{what} {address}"] += 1
        return self.seen[f"{what} {address}"] == 1

    def keep(self, envelope: Any, connection: int) -> None:
        """Mail first, then its line in the journal, both durable."""
        self.count += 1
        path = self.folder / f"{self.count:04d}.eml"
        write_durably(path, envelope.original_content)
        found = message_from_bytes(envelope.original_content)["Message-ID"]
        line = {"file": path.name, "connection": connection, "message_id": str(found or "").strip(),
                "sender": envelope.mail_from, "rcpt": envelope.rcpt_tos, "at": wall_clock().isoformat()}  # fmt: skip
        with (self.folder / "mails.jsonl").open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(line, ensure_ascii=False) + "\n")
            journal.flush()
            os.fsync(journal.fileno())


class Visit:
    """The handler of one connection; aiosmtpd calls its hooks by name."""

    def __init__(self, room: PostRoom) -> None:
        room.connections += 1
        self.room, self.number, self.mails = room, room.connections, 0

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if 0 < self.room.misbehaviour.close_after <= self.mails:
            asyncio.get_running_loop().call_soon(server.transport.close)
            return "421 4.7.0 Too many mails on this connection"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.room.misbehaviour.refuse:
            return "550 5.1.1 No such user"
        if address in self.room.misbehaviour.busy_first and self.room.first_time("busy", address):
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails += 1
        self.room.keep(envelope, self.number)
        dropped = [a for a in envelope.rcpt_tos if a in self.room.misbehaviour.drop_after_data]
        if dropped and self.room.first_time("drop", dropped[0]):
            server.transport.abort()
            await asyncio.Event().wait()  # cancelled with the connection: the mail is kept, the answer never goes
        return f"250 OK {self.room.count:04d}"


def _authenticate(user: str, password: str) -> Any:
    from aiosmtpd.smtp import AuthResult

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        right = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return check


async def _serve(args: argparse.Namespace) -> None:
    folder: Path = args.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = make_certificate(folder, wall_clock())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()
    outer = context if args.security == "tls" else None
    server = await loop.create_server(_reception(folder, args, context), HOST, args.port, ssl=outer)
    done = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    port = server.sockets[0].getsockname()[1]
    ready = json.dumps({"host": HOST, "port": port, "ca_file": str(certificate), "pid": os.getpid()})
    if args.ready_file:
        write_durably(args.ready_file, ready.encode())
    print(ready, flush=True)
    await _until(done, os.getppid())
    server.close()


def _reception(folder: Path, args: argparse.Namespace, context: ssl.SSLContext) -> Callable[[], Any]:
    """What makes the protocol of each new connection."""
    from aiosmtpd.smtp import SMTP

    misbehaviour = Misbehaviour(
        refuse=tuple(args.refuse),
        busy_first=tuple(args.busy_first),
        drop_after_data=tuple(args.drop_after_data),
        close_after=args.close_after,
    )
    room = PostRoom(folder, misbehaviour)
    # With implicit TLS aiosmtpd does not know that the line is encrypted, so it must not insist on it.
    inside = {"tls_context": context, "require_starttls": True}
    options: dict[str, Any] = inside if args.security == "starttls" else {"auth_require_tls": False}
    options["hostname"] = "localhost"
    if args.security != PLAIN:
        options |= {"auth_required": True, "authenticator": _authenticate(args.user, args.password)}
    return lambda: SMTP(Visit(room), **options)


async def _until(done: asyncio.Event, parent: int) -> None:
    """Wait for a signal, or for the parent to be gone: an orphan has a new one."""
    while not done.is_set() and os.getppid() == parent:
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), 0.5)


@dataclass(frozen=True, kw_only=True)
class ServerHandle:
    """A running server; also a context manager that stops it. `process` may be killed by a test."""

    folder: Path
    host: str
    port: int
    ca_file: Path
    security: str
    user: str
    process: subprocess.Popen[bytes]

    def environment(self) -> dict[str, str]:
        """What a client process needs in its environment to send through this server."""
        return {
            "YAOXUN_SMTP_ENABLED": "true", "YAOXUN_SMTP_HOST": self.host, "YAOXUN_SMTP_PORT": str(self.port),
            "YAOXUN_SMTP_SECURITY": self.security, "YAOXUN_SMTP_CA_FILE": str(self.ca_file),
            "YAOXUN_SMTP_USER": self.user, "YAOXUN_SMTP_PASSWORD": PASSWORD,
        }  # fmt: skip

    def stop(self) -> None:
        """End the server and wait for it; a second time does nothing."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start_server(
    folder: Path,
    *,
    security: Literal["tls", "starttls", "plain-loopback-only"] = "tls",
    user: str = USER,
    port: int = 0,
    misbehaviour: Misbehaviour | None = None,
    wait_s: float = 20,
) -> ServerHandle:
    """Start a server as a child process and wait until it listens. Raises OutsideError when it does not.

    A server started again in the same folder goes on counting, with a new certificate.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "yaoxun.demo.smtp_server", "--folder", str(folder), "--port", str(port)]
    command += ["--security", security, "--user", user, "--ready-file", str(ready)]
    with (folder / "server.log").open("ab") as log:
        words = (misbehaviour or Misbehaviour()).as_arguments()
        process = subprocess.Popen(command + words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    _wait_for(ready, process, wait_s)
    told = json.loads(ready.read_text(encoding="utf-8"))
    where = {"host": told["host"], "port": told["port"], "ca_file": Path(told["ca_file"])}
    return ServerHandle(folder=folder, security=security, user=user, process=process, **where)


def _wait_for(ready: Path, process: subprocess.Popen[bytes], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait(5)
            raise OutsideError("示例邮件服务器没有启动。", f"请查看 {ready.parent / 'server.log'}。")
        time.sleep(0.05)


def received_mails(folder: Path) -> list[ReceivedMail]:
    """Every mail the server in `folder` has accepted, in order."""
    journal = folder / "mails.jsonl"
    lines = journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []
    return [
        ReceivedMail(file=folder / m["file"], connection=m["connection"], message_id=m["message_id"],
                     sender=m["sender"], rcpt=tuple(m["rcpt"]))
        for m in map(json.loads, lines)
    ]  # fmt: skip


def main(argv: Sequence[str] | None = None) -> None:
    """The server as a program."""
    parser = argparse.ArgumentParser(prog="python -m yaoxun.demo.smtp_server", description="示例邮件服务器（只在本机）")
    parser.add_argument("--folder", type=Path, required=True, help="收到的邮件放在这里")
    parser.add_argument("--port", type=int, default=0, help="端口，0 为任选")
    parser.add_argument("--security", choices=("tls", "starttls", PLAIN), default="tls")
    parser.add_argument("--ready-file", type=Path, help="开始监听后写下端口和证书位置的文件")
    parser.add_argument("--user", default=USER)
    parser.add_argument("--password", default=PASSWORD)
    parser.add_argument("--refuse", action="append", default=[], metavar="地址", help="一律拒收（550）")
    parser.add_argument("--busy-first", action="append", default=[], metavar="地址", help="第一次暂不收（451）")
    parser.add_argument(
        "--drop-after-data", action="append", default=[], metavar="地址", help="第一次收下但不答复就断开"
    )
    parser.add_argument("--close-after", type=int, default=0, metavar="N", help="一次连接收满 N 封就断开（421）")
    args = parser.parse_args(argv)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="aiosmtpd", message="Requiring AUTH")
    asyncio.run(_serve(args))


if __name__ == "__main__":
    main()
