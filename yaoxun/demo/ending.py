"""How the quarter ended, read back through the use cases, and where that differs from the story. Reads only."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tasks.cut import make_cut
from tasks.desk import open_desk
from tasks.documents import DocumentRow, list_documents
from tasks.outbox import OutboxRow, list_outbox
from tasks.status import Status, status
from tasks.trace import TracedNumeral, trace
from yaoxun.context import Context
from yaoxun.demo.story import (
    EXPECTED,
    EXPECTED_WORDS,
    FAULTY,
    LATE,
    MONTHS,
    NEVER,
    NO_WORKBOOK,
    OLD_FORMAT,
    POLICIES_ALONE,
    QUARTER,
    REPORTING,
    TWICE,
    UNEXPLAINED,
)
from yaoxun.post.model import RecipientState
from yaoxun.returns.arrivals import DUPLICATE, JUDGED, OUR_FAULT, UNCLAIMED, WAITING, Arrival, arrivals_in_state
from yaoxun.returns.ledger import Version, versions

ISSUE = "〔2023〕第4期"
IMPORTED = "import"
UNCERTAIN, SENT = RecipientState.UNKNOWN.value, RecipientState.ACCEPTED.value


@dataclass(frozen=True, kw_only=True)
class Ending:
    """Everything the summary tells and the check compares; `numerals` are those of the first document, the bulletin."""

    figures: Mapping[str, Decimal | None]
    words: Mapping[str, str]
    arrivals: tuple[Arrival, ...]
    versions: tuple[Version, ...]
    status: Status
    documents: tuple[DocumentRow, ...]
    numerals: tuple[TracedNumeral, ...]
    outbox: tuple[OutboxRow, ...]

    def count(self, state: str) -> int:
        """Files of the quarter in a state; what was imported is not among them."""
        return sum(a.state == state and a.channel != IMPORTED for a in self.arrivals)

    def decisions(self) -> Counter[str]:
        """Tables of the quarter by the decision they met."""
        return Counter(v.decision for v in self.versions)

    def state(self, org: str, table: str) -> str:
        """How a table of March stands; '' where it is not owed."""
        found = (s.state for s in self.status.standings if (s.obligation.org, s.obligation.table) == (org, table))
        return next(found, "")

    def reminded(self) -> list[OutboxRow]:
        """One line for each recipient of a reminder."""
        return [row for row in self.outbox if row.kind == "催报"]


def read_ending(ctx: Context) -> Ending:
    """The state of a home after the quarter."""
    with open_desk(ctx) as desk, desk.store.read() as conn:
        cut = make_cut(desk, conn, desk.office.period(MONTHS[-1]), ctx.now())
        whole = {k: v[0] for k, v in cut.computed.values.items() if len(v) == 1 and not v[0].dims}
        arrivals = arrivals_in_state(conn, WAITING, JUDGED, UNCLAIMED, DUPLICATE, OUR_FAULT)
        collected = tuple(v for v in versions(conn) if v.period in MONTHS)
    documents = tuple(list_documents(ctx))
    return Ending(
        figures={k: v.number for k, v in whole.items()},
        words={k: v.words for k, v in whole.items()},
        arrivals=tuple(arrivals),
        versions=collected,
        status=status(ctx, MONTHS[-1]),
        documents=documents,
        numerals=tuple(trace(ctx, documents[0].number)) if documents else (),
        outbox=tuple(list_outbox(ctx)),
    )


def differences(ending: Ending) -> list[str]:
    """Where the quarter did not come out as told, one Chinese sentence each."""
    return [*_figures(ending), *_march(ending), *_files(ending), *_bulletin(ending), *_outbox(ending)]


def _figures(ending: Ending) -> Iterator[str]:
    for figure, wanted in EXPECTED.items():
        found = ending.figures.get(figure)
        if found != wanted:
            yield f"指标 {figure} 应为 {wanted}，实为 {found}"
    for figure, words in EXPECTED_WORDS.items():
        if ending.words.get(figure) != words:
            yield f"指标 {figure} 应写作“{words}”，实为“{ending.words.get(figure, '')}”"


def _march(ending: Ending) -> Iterator[str]:
    wanted = {(NEVER, "T1"): "逾期", (NEVER, "T2"): "逾期", (FAULTY, "T1"): "退回待改", (FAULTY, "T3"): "已报",
              (LATE, "T1"): "已报", (UNEXPLAINED, "T1"): "已报", (POLICIES_ALONE, "T1"): "已报",
              (POLICIES_ALONE, "T3"): "已报"}  # fmt: skip
    for (org, table), state in wanted.items():
        if ending.state(org, table) != state:
            yield f"3月 {org} 的 {table} 应为“{state}”，实为“{ending.state(org, table)}”"
    for org in REPORTING:
        if org not in (NEVER, FAULTY) and ending.state(org, "T1") != "已报":
            yield f"3月 {org} 的 T1 应为“已报”，实为“{ending.state(org, 'T1')}”"
    late = {s.obligation.org for s in ending.status.late()}
    if late != {LATE}:
        yield f"迟报的应为 {LATE}，实为 {'、'.join(sorted(late))}"


def _files(ending: Ending) -> Iterator[str]:
    if stuck := [a for a in ending.arrivals if a.state in (WAITING, OUR_FAULT)]:
        yield f"有 {len(stuck)} 份来件没有办完：{stuck[0].name}（{stuck[0].state}）"
    unclaimed, twice = ending.count(UNCLAIMED), ending.count(DUPLICATE)
    if unclaimed != len((NO_WORKBOOK, OLD_FORMAT)):
        yield f"待认领应为 2 份，实为 {unclaimed} 份"
    if twice != len((TWICE,)):
        yield f"重复应为 1 份，实为 {twice} 份"


def _bulletin(ending: Ending) -> Iterator[str]:
    issues = [row.issue for row in ending.documents if row.issue]
    if issues != [ISSUE]:
        yield f"应有一期要讯{ISSUE}，实为 {'、'.join(issues) or '没有'}"
    if not [row for row in ending.documents if row.period == QUARTER]:
        yield f"应有一份{QUARTER}的季度通报草稿，实为没有"
    printed = {n.figure.split("（")[0]: n.text for n in reversed(ending.numerals) if n.figure}
    for figure in ("policies_city", "policies_since_pilot", "deeds_total"):
        if printed.get(figure) != str(EXPECTED[figure]):
            yield f"要讯里 {figure} 应印 {EXPECTED[figure]}，实印 {printed.get(figure)}"


def _outbox(ending: Ending) -> Iterator[str]:
    if unsure := [row for row in ending.outbox if row.state == UNCERTAIN]:
        yield f"有 {len(unsure)} 件投递状态不明"
    overtaken = [f"{org}:{MONTHS[-1]}-30" for org in (LATE, UNEXPLAINED)]
    if sent := [row for row in ending.reminded() if row.subject in overtaken and row.state == SENT]:
        yield f"{sent[0].subject} 的催报不该发出：发出之前已经报来"
