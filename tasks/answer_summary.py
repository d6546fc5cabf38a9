"""The one answer to who sent a summary: what became of each organisation's part, and every finding with its organisation and
cell. It is intended when no part waits any more, in the transaction of the last one, and again when one is decided anew.
The organisations themselves are told nothing of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from tasks.answer import SHOWN_PROBLEMS, Letter, marked_name, put_letter
from tasks.desk import Desk
from tasks.examine import Examination
from yaoxun.forms.model import Finding
from yaoxun.post.model import MessageKind
from yaoxun.returns import arrivals, ledger
from yaoxun.returns.arrivals import Arrival

_OPEN = ("强制", "须说明")


@dataclass(frozen=True, kw_only=True)
class Part:
    """What became of one organisation's part. `looks`: how often it was looked at."""

    arrival: Arrival
    org: str
    looks: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A summary and its parts, as they stand. `own`: what is told of the whole."""

    whole: Arrival
    parts: tuple[Part, ...]
    own: tuple[Finding, ...]

    @property
    def waits(self) -> bool:
        return any(part.arrival.state == arrivals.WAITING for part in self.parts)

    @property
    def faults(self) -> int:
        return sum(part.arrival.state == arrivals.OUR_FAULT for part in self.parts)

    def besides(self, arrival: int) -> tuple[tuple[int, str, int], ...]:
        """What must not have moved while one part is looked at: state and looks of the others."""
        return tuple((p.arrival.id, p.arrival.state, p.looks) for p in self.parts if p.arrival.id != arrival)

    def findings(self, instead: Sequence[Finding] = (), of: int = 0) -> tuple[Finding, ...]:
        """All findings, those of several parts on one cell once, the others with their organisation. `instead` are those
        of the part `of` in place of what is on record."""
        by_part = [(p, tuple(instead) if p.arrival.id == of else p.findings) for p in self.parts]
        seen: dict[tuple[str, str, str, str], set[str]] = {}
        for part, found in by_part:
            for f in found:
                seen.setdefault(_key(f), set()).add(part.org)
        told: dict[tuple[str, str, str, str], Finding] = {_key(f): f for f in self.own}
        for part, found in by_part:
            for f in found:
                shared = len(seen[_key(f)]) > 1
                told.setdefault(_key(f), f if shared else _named(f, part.org))
        return tuple(told.values())


def _key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.rule, finding.sheet, finding.cell, finding.message


def _named(finding: Finding, org: str) -> Finding:
    return replace(finding, message=f"{org}：{finding.message}")


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What one part was looked at beside: the other parts, and what is marked in the copy of the whole when it is the last."""

    part: int
    others: tuple[tuple[int, str, int], ...]
    to_mark: tuple[Finding, ...]

    def holds(self, desk: Desk, conn: Connection, whole: Arrival) -> bool:
        """Whether the others still stand so; the row of the whole is held from now on."""
        held = arrivals.hold_arrival(conn, whole.id)
        return standing_of(desk, conn, held, but=self.part).besides(self.part) == self.others


def beside_of(standing: Standing, part: int, examination: Examination) -> Beside:
    """What a look at one part stands beside."""
    others = standing.besides(part)
    mine = [*examination.findings, *(f for one in examination.tables for f in one.findings)]
    is_last = all(state != arrivals.WAITING for _, state, _ in others)
    found = standing.findings(mine, of=part) if is_last else ()
    open_ones = any(_is_open(f) for f in found)
    return Beside(part=part, others=others, to_mark=found if open_ones else ())


def standing_of(desk: Desk, conn: Connection, whole: Arrival, *, but: int = 0) -> Standing:
    """A summary as it stands; with its row held, nothing moves. Names and findings are looked up when no part waits any
    more (`but`: besides this one): a summary of two hundred parts is looked at two hundred times."""
    found = arrivals.parts_of(conn, whole)
    done = all(part.state != arrivals.WAITING or part.id == but for part in found)
    looks = arrivals.looks_at(conn, [part.id for part in found])
    parts = tuple(
        Part(
            arrival=part, looks=looks.get(part.id, 0), findings=_last_findings(conn, part) if done else (),
            org=desk.office.organisation(arrivals.placed_org(conn, part.id)).short if done else "",
        )
        for part in found
    )  # fmt: skip
    return Standing(whole=whole, parts=parts, own=_last_findings(conn, whole) if done else ())


def _last_findings(conn: Connection, arrival: Arrival) -> tuple[Finding, ...]:
    looks = arrivals.judgements_of(conn, arrival.id)
    return _findings(conn, looks[-1].id) if looks else ()


def _findings(conn: Connection, judgement: int) -> tuple[Finding, ...]:
    """Those of one look, but that the file is not the one that was issued: no summary is."""
    return tuple(
        Finding(rule=f.rule, level=f.level, table=f.table_id, sheet=f.sheet, cell=f.cell, message=f.message,
                row_uid=f.row_uid, column=f.column_name, found=f.found, explained=f.explained)
        for f in arrivals.findings_of(conn, judgement)
        if (f.rule, f.column_name) != ("S05", "_meta")
    )  # fmt: skip


def answer_summary(
    desk: Desk, conn: Connection, whole: Arrival, marked_sha: str = "", *, list_only: bool = False
) -> None:
    """Intend the answer where no part waits. The caller holds the row of the whole."""
    standing = standing_of(desk, conn, whole)
    if standing.waits:
        return
    tables = [line for part in standing.parts for line in _lines(desk, conn, part)]
    untaken = [f"{part.org}：没有收。{part.arrival.reason}" for part in standing.parts if not _is_judged(part)]
    findings = standing.findings()
    returned = any(line["decision"] != ledger.ACCEPTED for line in tables)
    problems = [f for f in findings if _is_open(f)]
    attachments = (
        [{"name": marked_name(whole.name), "blob": marked_sha, "list_only": list_only}]
        if marked_sha and returned
        else []
    )
    params: dict[str, Any] = {
        "headline": _headline(standing, tables),
        "tables": tables,
        "notes": [*untaken, *_notes(findings, problems if not returned else ())],
        "problems": [_problem(f) for f in problems[:SHOWN_PROBLEMS]] if returned else [],
        "problem_count": len(problems),
        "attachments": attachments,
    }
    looks, faults = sum(part.looks for part in standing.parts), standing.faults
    mark = f"{looks}故障{faults}" if faults else f"{looks}"
    kind = MessageKind.RETURN if returned else MessageKind.RECEIPT
    title, org = "审核意见" if returned else "回执", arrivals.placed_org(conn, whole.id)
    letter = Letter(mark=mark, subject=f"汇总:{mark}", title=title, org=org, kind=kind)
    put_letter(desk, conn, whole, letter, params)


def _is_judged(part: Part) -> bool:
    return part.arrival.state == arrivals.JUDGED


def _is_open(finding: Finding) -> bool:
    return finding.level == "强制" or (finding.level == "须说明" and not finding.explained)


def _headline(standing: Standing, tables: Sequence[dict[str, str]]) -> str:
    counts: dict[str, int] = {}
    for line in tables:
        counts[line["decision"]] = counts.get(line["decision"], 0) + 1
    untaken = sum(not _is_judged(part) for part in standing.parts)
    counts |= {"没有收": untaken} if untaken else {}
    said = "，".join(f"{what} {count}" for what, count in counts.items())
    return f"汇总表拆成 {len(standing.parts)} 家：{said}"


def _lines(desk: Desk, conn: Connection, part: Part) -> Iterable[dict[str, str]]:
    """One line for every table of a part that was judged."""
    if not _is_judged(part):
        return
    own = {v.table: v for v in ledger.standing_of(conn, part.arrival.id)}
    placed = [p for p in arrivals.placements_of(conn, part.arrival.id) if not p.assignment]
    for table, period in dict.fromkeys((p.table_id, p.period) for p in placed if p.table_id in own or not own):
        form, version = desk.config.forms[table], own.get(table)
        decision = version.decision if version else ledger.ACCEPTED
        errors = sum(_is_open(f) for f in part.findings if f.table in ("", table))
        note = "内容与已收的相同" if version is None else f"第 {version.n} 版{_replaced(conn, version)}"
        note = note if decision == ledger.ACCEPTED else f"有 {errors} 处要改正或说明，改好后把整份汇总表重报"
        yield {
            "table": table,
            "title": f"{part.org} {form.title}",
            "period": period,
            "decision": decision,
            "note": note,
        }


def _replaced(conn: Connection, version: ledger.Version) -> str:
    """That another file's version counted until now: the organisation may have sent its own."""
    known = ledger.versions(conn, period=version.period, org=version.org, table=version.table)
    before = ledger.current_of(v for v in known if v.n < version.n).get(version.obligation)
    return f"，替换原来收的第 {before.n} 版" if before is not None else ""


def _notes(findings: Iterable[Finding], problems: Iterable[Finding]) -> list[str]:
    """Hints, and of a summary whose parts were all accepted what else is to be put right (a row of nobody)."""
    told = [*problems, *(f for f in findings if f.level not in _OPEN)]
    notes = [f"{f.sheet}!{f.cell}：{f.message}" for f in told[:SHOWN_PROBLEMS]]
    return [*notes, f"另有 {len(told) - SHOWN_PROBLEMS} 条从略"] if len(told) > SHOWN_PROBLEMS else notes


def _problem(finding: Finding) -> dict[str, str]:
    return {"sheet": finding.sheet, "cell": finding.cell, "rule": finding.rule, "level": finding.level,
            "message": finding.message}  # fmt: skip
