"""import_history: past periods come in from a flat table, as an arrival of channel import with provenance of its own.

They stand on obligations that are not required, under their own period or under the baseline 试点前. A file is taken
whole or not at all, and once: its hash is its channel key. A later file replaces what an earlier one said of the same
table, organisation and period.
"""

import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from openpyxl import Workbook
from openpyxl.utils.exceptions import IllegalCharacterError
from sqlalchemy import Connection

from tasks.desk import Desk, open_desk
from tasks.examine import Examined
from tasks.history import build_frame
from tasks.judge import write_content
from yaoxun.context import Context
from yaoxun.errors import NotNowError, RequestError
from yaoxun.forms.checking import check
from yaoxun.forms.facts import facts_of
from yaoxun.forms.model import Finding, Table
from yaoxun.office.ledger import add_obligation, obligations
from yaoxun.returns import arrivals, ledger
from yaoxun.returns.contents import content_sha
from yaoxun.returns.flat import Group, read_groups, read_table
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.sandbox import Sandbox
from yaoxun.store.blobs import put_blob
from yaoxun.store.records import note_event, put_blob_row

CHANNEL = "import"


@dataclass(frozen=True, kw_only=True)
class ImportedHistory:
    """How many groups (table × organisation × period) and rows came in; nothing when the file had come before."""

    groups: int
    rows: int
    arrival: int

    def summary(self) -> str:
        if not self.groups:
            return f"这份文件早已导入（第 {self.arrival} 号来件），没有重复导入。"
        return f"导入历史：{self.groups} 组，{self.rows} 行（第 {self.arrival} 号来件）。"


def import_history(ctx: Context, file: Path) -> ImportedHistory:
    """Import one file. Raises RequestError naming sheet, row and remedy when anything in it cannot be taken."""
    try:
        data = file.read_bytes()
    except OSError as err:
        raise RequestError(f"读不了文件 {file}：{err.strerror}", "请核对路径。") from err
    with open_desk(ctx) as desk:
        groups = read_groups(_open(desk, file, data))
        sha = put_blob(ctx.home.blobs, data)
        with desk.store.write() as conn:
            put_blob_row(conn, sha256=sha, size=len(data), kind="import", at=ctx.now())
            key, known = _channel_key(conn, sha)
            if known is not None:
                return ImportedHistory(groups=0, rows=0, arrival=known)
            arrival = arrivals.add_arrival(
                conn, channel=CHANNEL, channel_key=key, name=file.name, sha=sha, now=ctx.now(), sender=ctx.actor
            )
            if arrival is None:
                raise NotNowError("另一进程正在导入这份文件。", "请稍后再试。")
            _, _ = arrivals.add_judgement(
                conn, arrival, snapshot=desk.config.sha, outcome="导入", actor=ctx.actor, now=ctx.now()
            )
            ledger.lock_tables(conn, _locks(desk, groups))
            ordered = sorted(groups, key=lambda g: desk.office.period(g.key[1]).sort)
            rows = sum(_import_group(desk, conn, arrival, group) for group in ordered)
            arrivals.settle_arrival(conn, arrival, state=arrivals.JUDGED, reason="导入历史")
            payload = {"groups": len(groups), "rows": rows}
            subject = f"arrival:{arrival}"
            note_event(conn, actor=ctx.actor, at=ctx.now(), verb="导入历史", subject=subject, payload=payload)
        return ImportedHistory(groups=len(groups), rows=rows, arrival=arrival)


def _channel_key(conn: Connection, sha: str) -> tuple[str, int | None]:
    """The key of a new import of these bytes, or the arrival that brought them and still stands. A file whose figures were
    replaced by another since may be imported again."""
    key, n = sha, 1
    while (known := arrivals.arrival_by_key(conn, CHANNEL, key)) is not None:
        if ledger.still_stands(conn, known.id):
            return key, known.id
        n += 1
        key = f"{sha}:{n}"
    return key, None


def _locks(desk: Desk, groups: list[Group]) -> list[str]:
    """What judge locks for the same tables."""
    names = []
    for table, _, named in (group.key for group in groups):
        org = desk.office.find_organisation(named)
        names += [table, f"{table}:{org.code if org else named}"]
    return names


def _open(desk: Desk, file: Path, data: bytes) -> RawWorkbook:
    with Sandbox(desk.config.limits) as sandbox:
        if file.suffix.lower() != ".csv":
            raw = sandbox.open(file)
        else:
            with NamedTemporaryFile(suffix=".xlsx", dir=desk.ctx.home.data) as converted:
                _csv_as_workbook(data, Path(converted.name))
                raw = sandbox.open(Path(converted.name))
    if isinstance(raw, Refusal):
        raise RequestError(f"{file.name}：{raw.sentence}", raw.remedy)
    return raw


def _csv_as_workbook(data: bytes, out: Path) -> None:
    """A CSV as a workbook of text cells, so that it is read by the same hands."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decoded(data)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("csv")
    try:
        for row in csv.reader(StringIO(text)):
            sheet.append([cell or None for cell in row])
    except (csv.Error, IllegalCharacterError) as err:
        raise RequestError("这个 CSV 里有不能读的字符。", "请用 Excel 打开，另存为 .xlsx 后再导入。") from err
    book.save(out)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as err:
        raise RequestError(
            "这个 CSV 既不是 UTF-8，也不是 GB18030 编码。", "请用 Excel 另存为 .xlsx 后再导入。"
        ) from err


def _checked(desk: Desk, conn: Connection, group: Group) -> tuple[Table, tuple[Finding, ...]]:
    """A group as a table without an error. Raises RequestError."""
    table_id, label, named = group.key
    org = desk.office.find_organisation(named)
    form = desk.config.forms.get(table_id)
    if org is None or form is None:
        what = f"没有单位“{named}”" if org is None else f"没有报表“{table_id}”"
        raise RequestError(f"工作表“{group.sheet}”第 {group.rows[0][0]} 行：{what}。", "请按 config/ 里的名称改正。")
    table = read_table(group, build_frame(desk, conn, form, org, desk.office.period(label)))
    findings = check(table)
    wrong = [f for f in findings if f.level == "强制"]
    if wrong:
        more = f"（共 {len(wrong)} 处）" if len(wrong) > 1 else ""
        raise RequestError(f"没有导入。{wrong[0].sentence}{more}", "请改正文件后再导入，整份文件一次导入。")
    return table, tuple(findings)


def _still_reported(desk: Desk, table: Table) -> bool:
    """Whether the organisation owes, or will owe, this table for this period by a workbook of its own: an import would
    take the duty away."""
    period, org = table.frame.period, table.frame.org
    if period.kind == "baseline" or desk.ctx.now() > desk.office.window(period).locks:
        return False
    return any(e.org.code == org.code and e.table == table.form.id for e in desk.office.expected(period))


def _import_group(desk: Desk, conn: Connection, arrival: int, group: Group) -> int:
    """Write one group; how many rows it has."""
    table, findings = _checked(desk, conn, group)
    form, org, period, now = table.form, table.frame.org, table.frame.period, desk.ctx.now()
    if _still_reported(desk, table):
        problem = f"{org.short} {period.label} 的 {form.id} 应由单位用报表报送，还没有锁定，不能导入。"
        raise NotNowError(problem, "请核对报告期；确是本期的，请收该单位的报表。")
    key = {"org": org.code, "table": form.id, "period": period.label}
    add_obligation(conn, **key, required=False, opens=None, due=None, locks=None, now=now)
    obligation = obligations(conn, **key)[0]
    if obligation.opens is not None:
        raise NotNowError(f"{org.short} {period.label} 的 {form.id} 正常在报，不能再导入。", "请用报表更正。")
    version = ledger.add_version(
        conn, obligation_id=obligation.id, arrival_id=arrival, declared="有数据", cover={}, based_on="",
        sheet=group.sheet, content_sha=content_sha(table), snapshot=desk.config.sha, received_at=now, now=now,
    )  # fmt: skip
    if version is None:
        problem = f"{org.short} {period.label} 的 {form.id} 分在了两张工作表里。"
        raise RequestError(problem, "请并到一张工作表后再导入。")
    ledger.add_decision(
        conn, version, judgement=None, verdict=ledger.ACCEPTED, reason="导入", actor=desk.ctx.actor, now=now
    )
    facts = facts_of(table)
    examined = Examined(
        table=table, obligation=obligation, findings=findings, facts=facts, verdict=ledger.ACCEPTED, mark=(0, 0)
    )
    write_content(conn, version, examined, accepted=True)
    return len(table.rows)
