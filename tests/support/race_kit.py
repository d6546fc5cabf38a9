"""Processes that work at the same time or are stopped in mid-work, a busy day for them, and what must hold after it."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from support.filling import policy
from support.office_kit import (
    FOUR,
    MORNING,
    OfficeKit,
)
from tasks.cut import make_cut
from tasks.desk import open_desk
from tasks.draft import draft
from yaoxun.demo.smtp_server import ServerHandle, received_mails

ROOT = Path(__file__).resolve().parents[2]
EIGHT = 8
PLACE = "from sheet_version v join obligation o on o.id = v.obligation join arrival a on a.id = v.arrival"


def start(kit: OfficeKit, count: int, what: str, *rest: Any, now: str = MORNING, stop_at: str = "") -> Any:
    command = [
        sys.executable,
        str(ROOT / "tests" / "support" / "at_once.py"),
        str(kit.home.root),
        str(count),
        what,
        now,
    ]
    command += [str(word) for word in rest] + (["--stop-at", stop_at] if stop_at else [])
    env = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def results_of(process: Any) -> list[Any]:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    results: list[Any] = json.loads(out)
    assert [r for r in results if isinstance(r, dict) and "error" in r] == []
    return results


def at_once(kit: OfficeKit, what: str, *rest: Any, now: str = MORNING) -> list[Any]:
    return results_of(start(kit, EIGHT, what, *rest, now=now))


class Stopped:
    """A process that has stopped itself at a failpoint and may be let go on."""

    def __init__(self, kit: OfficeKit, what: str, *rest: Any, at: str, now: str = MORNING) -> None:
        self.process = start(kit, 1, what, *rest, now=now, stop_at=at)
        _, status = os.waitpid(self.process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), self.process.communicate()[1]

    def go_on(self) -> Any:
        os.kill(self.process.pid, signal.SIGCONT)
        return results_of(self.process)[0]


def mails_on(server: ServerHandle, kit: OfficeKit) -> Counter[tuple[str, str]]:
    """Copies on the server for every mail recipient of this home."""
    asked = kit.query("select m.message_id, r.address from message m join recipient r on r.message = m.id"
                      " where r.address not like '回/%'")  # fmt: skip
    got = Counter((mail.message_id, to) for mail in received_mails(server.folder) for to in mail.rcpt)
    return Counter({(m.message_id, m.address): got[(m.message_id, m.address)] for m in asked})


def a_busy_day(kit: OfficeKit, orgs: tuple[str, ...] = FOUR) -> int:
    """Two files of each organisation, the second one different; a repetition and a file that is none. How many."""
    files = []
    for nth in (1, 2):
        for n, org in enumerate(orgs):
            level = "市" if org.startswith("danwei") else "县"
            rows = {"T3": [policy(10 * n + k, 层级=level) for k in range(1, nth + 2)]}
            # A bureau tells no less than all counties together, or Z01 would ask about it.
            typed = {"T1": {"本期完成": 60}} if level == "市" else {}
            files.append((kit.filled(org, rows=rows, typed=typed), f"{org}-{nth}.xlsx"))
    files += [(files[-1][0], "再报一次.xlsx"), (b"no workbook", "杂件.xlsx")]
    kit.drop_in_order(files)
    return len(files)


def check_a_busy_day(kit: OfficeKit, server: ServerHandle, files: int, orgs: tuple[str, ...] = FOUR) -> None:
    states = Counter(row.state for row in kit.query("select state from arrival"))
    assert states == {"已判": 2 * len(orgs), "重复": 1, "待认领": 1}
    assert {r.n for r in kit.query("select count(*) as n from judgement group by arrival")} == {1}
    assert kit.query("select count(*) as n from judgement")[0].n == files
    _check_versions(kit, orgs)
    numbers = sorted(
        row.official_no for row in kit.query("select official_no from register_entry where register = 'T3'")
    )
    assert numbers == [f"ZC{n:04d}" for n in range(1, 3 * len(orgs) + 1)]
    check_post(kit, server)
    assert not [p for p in kit.home.inbox.rglob("*") if p.is_file()]
    assert len([p for p in kit.home.received.rglob("*") if p.is_file()]) == files


def _check_versions(kit: OfficeKit, orgs: tuple[str, ...]) -> None:
    """Numbers without gap or double; the later file is current wherever it said something new."""
    rows = kit.query(f"select o.org, o.table_id, v.n, a.name, a.id {PLACE} order by v.received_at, v.arrival")
    by_table: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        by_table.setdefault((row.org, row.table_id), []).append(row)
    for (org, table), versions in by_table.items():
        assert sorted(v.n for v in versions) == list(range(1, len(versions) + 1))
        if table == "T3":
            assert [v.name for v in versions] == [f"{org}-1.xlsx", f"{org}-2.xlsx"]
        else:
            assert len(versions) == 1  # the second file says the same
    assert {org for org, _ in by_table} == set(orgs)
    with open_desk(kit.ctx()) as desk, desk.store.read() as conn:
        cut = make_cut(desk, conn, desk.office.period("2023-03"), kit.ctx().now())
    bureaus = [org for org in orgs if org.startswith("danwei")]
    counted = _figure(cut, "policies_city")
    assert counted == 3 * len(bureaus)


def _figure(cut: Any, name: str) -> int:
    (value,) = [v for v in cut.computed.all() if v.figure == name]
    return int(value.value.number)


def check_post(kit: OfficeKit, server: ServerHandle) -> None:
    """Every mail once, every file under 回/ once, nobody left over."""
    assert Counter(r.state for r in kit.query("select state from recipient")).keys() == {"服务器已接收"}
    assert set(mails_on(server, kit).values()) == {1}
    paths = sorted(r.address for r in kit.query("select address from recipient where address like '回/%'"))
    on_disk = sorted(p.relative_to(kit.home.data).as_posix() for p in kit.home.replies.rglob("*") if p.is_file())
    assert on_disk == paths


def several_documents(kit: OfficeKit, count: int) -> list[int]:
    """Drafts of several kinds that share one series."""
    path = kit.home.config / "briefings.yaml"
    body = path.read_text(encoding="utf-8")
    kind = "  要讯:" + body.partition("  要讯:")[2].partition("\n\n")[0] + "\n"
    copies = [kind.replace("  要讯:", f"  要讯{n}:", 1) for n in range(1, count)]
    path.write_text(body.rstrip("\n") + "\n" + "".join(copies), encoding="utf-8")
    kinds = ["要讯", *(f"要讯{n}" for n in range(1, count))]
    return [draft(kit.ctx(), name, "2023-03").document for name in kinds]
