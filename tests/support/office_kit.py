"""A small office for the tests of use cases: a home in a folder, issued templates, workbooks filled as people do and
dropped into 收/, use cases at a fixed time. What became of it all is told by end_state.py.
"""

import os
import random
import re
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy import text

from tasks.config import import_config
from tasks.issue_templates import issue_templates
from tasks.judge import JudgedBatch, judge_batch, waiting
from tasks.open_windows import open_windows
from tasks.take_in import TakenIn, take_in
from yaoxun.context import Context, parse_now
from yaoxun.demo.smtp_server import PASSWORD, USER
from yaoxun.forms.locating import bare_header
from yaoxun.forms.template import COVER_SHEET
from yaoxun.forms.template_sheet import END_MARK
from yaoxun.home import Home, shipped
from yaoxun.store.engine import Store, open_store

MARCH = "2023-03"
OPEN = "2023-03-25T10:00"  # the window has opened; due on 2023-03-28 at 17:30
MORNING = "2023-03-27T10:00"
OVERDUE = "2023-03-29T09:30"
SIGNER = "qfr"
COUNTY, OTHER_COUNTY, BUREAU, OTHER_BUREAU = "chengqu", "zezhou", "danwei01", "danwei02"
FOUR = (COUNTY, OTHER_COUNTY, BUREAU, OTHER_BUREAU)

# Names that no rule takes for one another.
_POLICY = (
    "租房补贴",
    "创业贷款",
    "托育服务",
    "心理咨询",
    "夜校课程",
    "体育场馆",
    "人才驿站",
    "婚恋交友",
    "就业见习",
    "志愿风采",
)
_PAPER = ("实施细则", "管理办法", "三年规划", "申领指南", "工作方案", "若干举措")

Row = Mapping[str, Any]


def _policy_name(n: int) -> str:
    if n < len(_POLICY) * len(_PAPER):
        return _POLICY[n % 10] + _PAPER[n // 10]
    letters = random.Random(n)  # noqa: S311 (beyond what sounds like anything: eight characters that nobody else has)
    return "".join(chr(letters.randrange(0x4E00, 0x9000)) for _ in range(8))


def policy(n: int, **changes: Any) -> dict[str, Any]:
    """The n-th policy that a bureau reports for March."""
    usual = {
        "文号": f"晋市示例发〔2023〕{n}号", "政策名称": _policy_name(n), "发文单位": "示例单位", "层级": "市",
        "出台日期": datetime(2023, 3, 10), "对应措施": "优化城市居住环境", "政策要点": "发放补贴", "公开属性": "公开",
        "状态": "有效",
    }  # fmt: skip
    return usual | changes


@dataclass(frozen=True)
class OfficeKit:
    """One home with its hands. `now` is the office time of every use case that is not told another one."""

    home: Home
    now: str = MORNING

    def ctx(self, now: str = "", actor: str = "手工") -> Context:
        return Context(home=self.home, actor=actor, occasion="试", fixed_now=parse_now(now or self.now))

    @property
    def store(self) -> Store:
        """The database, for looking; the caller closes it."""
        return open_store(self.home.database_url)

    def issue(self, period: str = MARCH, now: str = OPEN) -> None:
        open_windows(self.ctx(now), period)
        issue_templates(self.ctx(now), period)

    def template(self, org: str, period: str = MARCH) -> bytes:
        """The issued workbook of an organisation."""
        (path,) = (self.home.issued / period).glob(f"{self.short(org)}-{period}.xlsx")
        return path.read_bytes()

    def short(self, org: str) -> str:
        from tasks.desk import load_config

        return load_config(self.home).office.organisation(org).short

    def filled(self, org: str, period: str = MARCH, **how: Any) -> bytes:
        """A workbook of an organisation that is accepted: see `fill` for what can be changed."""
        return fill(self.template(org, period), **how)

    def drop(self, content: bytes, name: str, age_s: float = 60) -> Path:
        """Put a file into 收/ as if it had been lying there for a while; the older one is taken first."""
        path = self.home.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        moment = time.time() - age_s
        os.utime(path, (moment, moment))
        return path

    def drop_in_order(self, files: Iterable[tuple[bytes, str]]) -> None:
        """Put several files, the first being the oldest."""
        for n, (content, name) in enumerate(files):
            self.drop(content, name, age_s=600 - n)

    def take_in(self, now: str = "") -> TakenIn:
        return take_in(self.ctx(now))

    def collect(self, now: str = "") -> JudgedBatch:
        """Take in and judge until nothing waits."""
        take_in(self.ctx(now))
        judged: list[Any] = []
        while left := waiting(self.ctx(now)):
            judged += judge_batch(self.ctx(now), left).judged
        return JudgedBatch(judged=tuple(judged))

    def expire_leases(self) -> None:
        """Let the wall clock pass every lease, as waiting three minutes would."""
        expire_leases(self.home.database_url)

    def query(self, sql: str, **values: Any) -> list[Any]:
        """Rows of the database, for looking."""
        store = self.store
        try:
            with store.read() as conn:
                return list(conn.execute(text(sql), values))
        finally:
            store.close()


def expire_leases(url: str) -> None:
    long_ago = parse_now("2000-01-01T00:00")
    store = open_store(url)
    with store.write() as conn:
        from yaoxun.post.tables import recipient
        from yaoxun.returns.tables import arrival
        from yaoxun.store.records import run

        for table in (arrival, recipient, run):
            conn.execute(table.update().where(table.c.lease_until.is_not(None)).values(lease_until=long_ago))
    store.close()


def make_office(folder: Path, orgs: Sequence[str] = FOUR, *, now: str = MORNING, issued: bool = True) -> OfficeKit:
    """A home whose reporting organisations are `orgs` only, with people on record and March's templates issued."""
    shutil.copytree(shipped("config"), folder / "config")
    shutil.copytree(shipped("report_templates"), folder / "report_templates")
    _assign(folder / "config" / "assignments.yaml", orgs)
    _fewer_readers(folder / "config" / "briefings.yaml")
    kit = OfficeKit(Home(folder.resolve()), now)
    import_config(kit.ctx(OPEN))
    if issued:
        kit.issue()
    return kit


def _assign(path: Path, orgs: Sequence[str]) -> None:
    """The shipped assignments, narrowed to these organisations."""
    bureaus = [org for org in orgs if org.startswith("danwei")]
    narrowed = path.read_text(encoding="utf-8").replace("orgs: all", f"orgs: [{', '.join(orgs)}]")
    if bureaus:
        narrowed = narrowed.replace('orgs: "kind:成员单位"', f"orgs: [{', '.join(bureaus)}]")
    else:
        narrowed = re.sub(r".*kind:成员单位.*\n", "", narrowed)
    path.write_text(narrowed, encoding="utf-8")


def _fewer_readers(path: Path) -> None:
    """A bulletin for four: what holds for four mails holds for ten."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    dropped = ("srdbgt@", "szfbgt@", "szxbgt@", "gsdw@", "tswbz@", "jgbm@")
    path.write_text("".join(line for line in lines if not any(d in line for d in dropped)), encoding="utf-8")


def use_mail_server(folder: Path, server: Any) -> None:
    """Lead a home's mail to a demo server by its own config; the password comes from a file in the home."""
    path = folder / "config" / "mail.yaml"
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    changes = {"enabled": "true", "host": server.host, "port": server.port, "security": server.security,
               "user": USER, "password_env": '""', "password_file": "password", "ca_file": server.ca_file}  # fmt: skip
    body = path.read_text(encoding="utf-8")
    for key, value in changes.items():
        body = re.sub(rf"^{key}:.*$", f"{key}: {value}", body, flags=re.MULTILINE)
    path.write_text(body, encoding="utf-8")


# ---- filling a workbook ----


def fill(
    template: bytes,
    *,
    declared: Mapping[str, str] | None = None,
    rows: Mapping[str, Sequence[Row]] | None = None,
    typed: Mapping[str, Mapping[str, Any]] | None = None,
    change: Any = None,
    person: str = "示例联络员",
) -> bytes:
    """Fill a workbook so that it is accepted, and save it.

    declared: table → 本期情况, where it is not the usual one (有数据 for T1, T2 and what has rows; else 零报告).
    rows: register → new rows. typed: table → column → what to type in its printed rows in place of the usual.
    change: called with the openpyxl workbook before it is saved, for what people do besides.
    """
    book = _open(template)
    sheets = _sheets(book)
    usual = {"T1": {"本期完成": 3}, "T2": {"里程碑": _first_milestone, "本期进展": "已印发方案并组织实施"}}
    for table, sheet in sheets.items():
        columns = _columns(sheet)
        for row in _printed(sheet):
            for column, value in {**usual.get(table, {}), **(typed or {}).get(table, {})}.items():
                sheet.cell(row, columns[column]).value = value(book, sheet, row) if callable(value) else value
            if table == "T2":
                sheet.cell(row, columns["说明"]).value = "按计划推进，下月加快"
        first = _first_blank(sheet)
        for n, new in enumerate((rows or {}).get(table, ())):
            for column, value in new.items():
                sheet.cell(first + n, columns[column]).value = value
    words = {t: "有数据" if t in ("T1", "T2") or (rows or {}).get(t) else "零报告" for t in sheets}
    _write_cover(book[COVER_SHEET], words | dict(declared or {}), person)
    if change is not None:
        change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def only(table: str, tables: Sequence[str] = ("T1", "T2", "T3", "T5", "T7")) -> dict[str, str]:
    """The cover of a file that brings one table alone."""
    return {t: "有数据" if t == table else "本次不含" for t in tables}


def _open(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


def _sheets(book: Any) -> dict[str, Any]:
    found = {}
    for sheet in book.worksheets:
        mark = str(sheet.cell(3, 1).value or "")
        if re.fullmatch(r"#T\d+", mark):
            found[mark[1:]] = sheet
    return found


def sheet_of(book: Any, table: str) -> Any:
    """The sheet of a table, for `change`."""
    return _sheets(book)[table]


def _columns(sheet: Any) -> dict[str, int]:
    return {bare_header(str(c.value or "")).split("/")[0]: c.column for c in sheet[3] if c.column > 1}


def column_of(sheet: Any, column: str) -> int:
    """The number of a column, for `change`."""
    return _columns(sheet)[column]


def _printed(sheet: Any) -> list[int]:
    return [r for r in range(4, _end(sheet)) if sheet.cell(r, 1).value]


def _first_blank(sheet: Any) -> int:
    return next((r for r in range(4, _end(sheet)) if not sheet.cell(r, 1).value), _end(sheet))


def _end(sheet: Any) -> int:
    return next(r for r in range(4, sheet.max_row + 1) if sheet.cell(r, 1).value == END_MARK)


def _first_milestone(book: Any, sheet: Any, row: int) -> str:
    """The second option of the row's dropdown: something has been done."""
    column = _columns(sheet)["里程碑"]
    place = sheet.cell(row, column).coordinate
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list" and place in rule.sqref:
            name, _, cells = str(rule.formula1).lstrip("=").rpartition("!")
            letters, top = re.match(r"\$([A-Z]+)\$(\d+)", cells).groups()  # type: ignore[union-attr]
            return str(book[name.strip("'")][f"{letters}{int(top) + 2}"].value)
    raise AssertionError(f"no dropdown at {place}")


def _write_cover(cover: Any, declared: Mapping[str, str], person: str) -> None:
    words = {"填报人": person, "审核人": "示例审核岗", "负责人": "示例分管领导", "电话": "0356-0000000",
             "日期": date(2023, 3, 27).isoformat()}  # fmt: skip
    for (label,) in cover.iter_rows(min_col=2, max_col=2):
        text_ = str(label.value or "")
        if text_ in words:
            cover.cell(label.row, 3).value = words[text_]
        if (table := text_.split(" ", maxsplit=1)[0]) in declared:
            cover.cell(label.row, 4).value = declared[table]
