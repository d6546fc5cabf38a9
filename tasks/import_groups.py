"""The groups of a file of history (table × period × organisation) on their way into the ledger: read, checked, written as
versions with rows, facts, findings and placements, in the caller's transaction.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from tasks.desk import Desk
from tasks.examine import Examined
from tasks.history import build_frame
from tasks.write_versions import write_content
from yaoxun.errors import NotNowError
from yaoxun.forms.checking import check
from yaoxun.forms.facts import facts_of
from yaoxun.forms.model import Finding, Table
from yaoxun.forms.values import show
from yaoxun.office.ledger import add_obligation, obligations
from yaoxun.returns import arrivals, ledger
from yaoxun.returns.contents import content_sha
from yaoxun.returns.past import Fault, PastGroup
from yaoxun.returns.registers import official_numbers
from yaoxun.returns.states import counted
from yaoxun.store.records import note_event


class GroupImport:
    """One file's groups on their way into the ledger, in one transaction. A group with a fault is not written, and what
    is wrong with the others is still looked for."""

    def __init__(self, desk: Desk, conn: Connection, arrival: int, faults: list[Fault]) -> None:
        self.desk, self.conn, self.arrival, self.faults = desk, conn, arrival, faults
        self.rows = 0
        self.findings: list[Finding] = []
        self._seen: dict[tuple[str, str, str], str] = {}

    def take(self, group: PastGroup) -> None:
        """Read, check and write one group."""
        before = len(self.faults)
        table = self._read(group)
        findings = check(table)
        self.faults += [Fault(sheet=f.sheet, cell=f.cell, say=f.message) for f in findings if f.level == "强制"]
        numbers = self._numbers(table)
        self._check_place(group, table)
        if len(self.faults) == before:
            self._write(group, table, findings, numbers)
            self.findings += findings

    def settle(self, groups: int) -> None:
        """Close the arrival: its look, its findings, its place in the journal."""
        conn, ctx = self.conn, self.desk.ctx
        judgement, _ = arrivals.add_judgement(
            conn, self.arrival, snapshot=self.desk.config.sha, outcome="导入", actor=ctx.actor, now=ctx.now()
        )
        arrivals.add_findings(conn, judgement, self.findings)
        arrivals.settle_arrival(conn, self.arrival, state=arrivals.JUDGED, reason="导入历史")
        payload, subject = {"groups": groups, "rows": self.rows}, f"arrival:{self.arrival}"
        note_event(conn, actor=ctx.actor, at=ctx.now(), verb="导入历史", subject=subject, payload=payload)

    def _read(self, group: PastGroup) -> Table:
        office, (table_id, label, named) = self.desk.office, group.key
        org = office.find_organisation(named)
        assert org is not None  # noqa: S101 (narrowing; its key was checked)
        form = self.desk.config.forms[table_id]
        return group.read(build_frame(self.desk, self.conn, form, org, office.period(label)), self.faults)

    def _check_place(self, group: PastGroup, table: Table) -> None:
        """Nothing is brought in beside what is reported, nor twice by one file."""
        org, period, form = table.frame.org, table.frame.period, table.form
        what = f"{org.short} {period.label} 的 {form.id}"
        other = self._seen.setdefault((form.id, period.label, org.code), group.sheet)
        if other != group.sheet:
            self.faults.append(group.fault("单位", f"{what} 在“{other}”里已有一份，请并到一张工作表。"))
        if self._still_reported(table):
            say = f"{what} 应由单位用报表报送，还没有锁定，不能导入。请核对报告期；确是本期的，请收该单位的报表。"
            self.faults.append(group.fault("报告期", say))
        found = obligations(self.conn, period=period.label, org=org.code, table=form.id)
        asked = found and found[0].opens is not None
        # What was opened before the assignments were corrected, and that nobody answered, is nobody's any more.
        if asked and counted(
            self.desk.office, found, ledger.versions(self.conn, period=period.label, org=org.code, table=form.id)
        ):
            self.faults.append(group.fault("报告期", f"{what} 正常在报，不能再导入，请用报表更正。"))

    def _still_reported(self, table: Table) -> bool:
        """Whether the organisation owes, or will owe, this table for this period by a workbook of its own: an import would
        take the duty away."""
        period, org, office = table.frame.period, table.frame.org, self.desk.office
        if period.kind == "baseline" or self.desk.ctx.now() > office.window(period).locks:
            return False
        return any(e.org.code == org.code and e.table == table.form.id for e in office.expected(period))

    def _numbers(self, table: Table) -> Mapping[str, str]:
        """uid → the office's own number that the file states; one that is another entry's is a fault."""
        column = table.form.number_column
        stated = {row.uid: show(row.value(column)) for row in table.rows if column and row.value(column)}
        if not stated:
            return {}
        numbers = official_numbers(self.conn, table.form.id)
        holders = {number: uid for uid, number in numbers.items() if number}
        for row in table.rows:
            number = stated.get(row.uid, "")
            if not number:
                continue
            say = ""
            if numbers.get(row.uid, "") not in ("", number):
                say = f"这一项的{column}已是{numbers[row.uid]}，文件里写的是{number}，请改成一致。"
            elif holders.setdefault(number, row.uid) != row.uid:
                say = f"{column}{number}已是另一项的，请核对。"
            if say:
                self.faults.append(Fault(sheet=table.sheet, cell=table.place(row, column), say=say))
        return stated

    def _write(self, group: PastGroup, table: Table, findings: tuple[Finding, ...], numbers: Mapping[str, str]) -> None:
        conn, desk, now = self.conn, self.desk, self.desk.ctx.now()
        form, org, period = table.form, table.frame.org, table.frame.period
        key = {"org": org.code, "table": form.id, "period": period.label}
        add_obligation(conn, **key, required=False, opens=None, due=None, locks=None, now=now)
        obligation = obligations(conn, **key)[0]
        version = ledger.add_version(
            conn, obligation_id=obligation.id, arrival_id=self.arrival, declared=table.declared, cover={}, based_on="",
            sheet=group.sheet, content_sha=content_sha(table), snapshot=desk.config.sha, received_at=now, now=now,
        )  # fmt: skip
        if version is None:
            raise NotNowError(f"{org.short} {period.label} 的 {form.id} 在这份文件里有两份。", "请并到一处后再导入。")
        actor = desk.ctx.actor
        ledger.add_decision(conn, version, judgement=None, verdict=ledger.ACCEPTED, reason="导入", actor=actor, now=now)
        arrivals.add_placement(
            conn, self.arrival, org=org.code, table=form.id, period=period.label, sheet=group.sheet, reason="导入历史",
            actor=actor, now=now,
        )  # fmt: skip
        examined = Examined(
            table=table, obligation=obligation, findings=findings, facts=facts_of(table), verdict=ledger.ACCEPTED,
            mark=(0, 0),
        )  # fmt: skip
        write_content(conn, version, examined, accepted=True, numbers=numbers)
        self.rows += len(table.rows)
