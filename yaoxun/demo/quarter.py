"""The quarter as it goes by: what arrives when, and what the office does then. What "doing" means is the stage's: flow
runs on a server in the demo (play.py), plain use cases in the tests.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from yaoxun.demo import mistakes
from yaoxun.demo.fills import fill
from yaoxun.demo.hands import DATA, NOT_INCLUDED, Workbook, issued_path, open_workbook
from yaoxun.demo.sheetful import Sheetful
from yaoxun.demo.story import (
    BULLETIN,
    BUREAUS,
    CORRECTED,
    FAULTY,
    LATE,
    MONTHS,
    NEVER,
    NO_WORKBOOK,
    NOTHING_NEW,
    OLD_FORMAT,
    POLICIES_ALONE,
    QUARTER,
    QUARTERLY,
    REPORTING,
    SECOND_DAY,
    TWICE,
    UNEXPLAINED,
    WEEK,
    Story,
)
from yaoxun.errors import InternalError
from yaoxun.home import Home
from yaoxun.office.office import Office

MARCH = MONTHS[-1]
SIGN_AT, DELIVER_AT = "2023-04-06T08:50", "2023-04-06T09:00"
SETTLED_SECONDS = 60


class Stage(Protocol):
    """Who carries the use cases out, each at a trial's time. `say` tells people what goes on."""

    def say(self, text: str) -> None: ...
    def issue(self, period: str, now: str) -> None: ...
    def collect(self, now: str) -> None: ...
    def collect_through_server(self, now: str) -> None: ...
    def remind(self, now: str) -> None: ...
    def deliver(self, now: str) -> None: ...
    def draft(self, kind: str, period: str, now: str) -> None: ...
    def sign(self, now: str) -> None: ...


@dataclass
class Desks:
    """The reporting organisations at their desks: they take issued workbooks, and drop what they made into 收/."""

    home: Home
    office: Office
    story: Story
    dropped: int = 0
    kept: dict[str, bytes] = field(default_factory=dict)

    def filled(self, org: str, period: str, *, quiet: bool = False) -> Workbook:
        """An organisation's workbook of a month, honestly filled."""
        short = self.office.organisation(org).short
        book = open_workbook(issued_path(self.home.issued, short, period))
        told = self.story.of(org, period)
        return fill(Sheetful(book=book, org=org, short=short, period=period, told=told), quiet=quiet)

    def drop(self, org: str, content: bytes, name: str) -> None:
        """Put a file into the organisation's own folder under 收/, long enough ago to have settled."""
        folder = self.home.inbox / self.office.organisation(org).short
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(content)
        self.dropped += 1
        # In the order dropped; one second apart, all of them in the past.
        moment = path.stat().st_mtime - SETTLED_SECONDS + min(self.dropped * 0.1, SETTLED_SECONDS / 2)
        os.utime(path, (moment, moment))

    def report(
        self, org: str, period: str, *changes: Callable[[Workbook], None], quiet: bool = False, mark: str = ""
    ) -> bytes:
        """Fill, change, drop; the bytes dropped."""
        book = self.filled(org, period, quiet=quiet)
        for change in changes:
            change(book)
        content = book.saved()
        self.drop(org, content, f"{self.office.organisation(org).short}（{period}）报送表{mark}.xlsx")
        return content

    def marked_copy(self, org: str) -> Workbook:
        """The newest marked-up workbook that came back. Raises InternalError when none did."""
        short = self.office.organisation(org).short
        found = sorted((self.home.replies / short).glob("*审核意见-*.xlsx"), key=lambda path: path.stat().st_mtime)
        if not found:
            raise InternalError(f"{short} 没有收到标注了问题的工作簿。")
        return open_workbook(found[-1])


def act(stage: Stage, desks: Desks) -> None:
    """The whole quarter, up to the bulletin signed and delivered and the quarter's circular drafted."""
    for period in MONTHS[:2]:
        _ordinary_month(stage, desks, period)
    _march_on_time(stage, desks)
    _march_overdue(stage, desks)
    _first_week(stage, desks)
    stage.draft(BULLETIN, MARCH, "2023-04-06T08:30")
    stage.sign(SIGN_AT)
    stage.deliver(DELIVER_AT)
    stage.draft(QUARTERLY, QUARTER, "2023-04-08T09:00")


def _first_week(stage: Stage, desks: Desks) -> None:
    stage.say(f"{WEEK}：牵头单位报周例会表")
    stage.issue(WEEK, "2023-04-03T09:00")
    for org in BUREAUS:
        if org != NEVER:
            desks.report(org, WEEK)
    stage.collect("2023-04-04T10:00")
    stage.deliver("2023-04-04T10:30")


def _ordinary_month(stage: Stage, desks: Desks, period: str) -> None:
    stage.say(f"{period}：发表、填报、收件审核、回执")
    stage.issue(period, f"{period}-25T09:00")
    for org in REPORTING:
        desks.report(org, period)
    stage.collect(f"{period}-28T10:00")
    stage.deliver(f"{period}-28T10:30")


def _march_on_time(stage: Stage, desks: Desks) -> None:
    stage.say(f"{MARCH}：多数单位按时报；有的报了两遍，有的先报后改，有的发来的不是表")
    stage.issue(MARCH, f"{MARCH}-25T09:00")
    for org in REPORTING:
        if org not in (LATE, NEVER, *SECOND_DAY):
            _first_day(desks, org)
    desks.drop(NO_WORKBOOK, mistakes.NO_WORKBOOK, mistakes.NO_WORKBOOK_NAME)
    desks.drop(OLD_FORMAT, mistakes.OLD_FORMAT, mistakes.OLD_FORMAT_NAME)
    stage.collect(f"{MARCH}-27T08:30")
    stage.remind(f"{MARCH}-27T09:00")
    stage.deliver(f"{MARCH}-27T09:05")
    changes = {FAULTY: mistakes.spoil, UNEXPLAINED: mistakes.fall_to_zero}
    for org in SECOND_DAY:
        desks.kept[org] = desks.report(org, MARCH, *([changes[org]] if org in changes else []))
    desks.drop(TWICE, desks.kept[TWICE], "三月报送表（再发一次）.xlsx")
    desks.report(CORRECTED, MARCH, mark="（更正）")
    desks.report(POLICIES_ALONE, MARCH, _policies_only, mark="（政策）")
    stage.collect_through_server(f"{MARCH}-28T10:00")


def _first_day(desks: Desks, org: str) -> None:
    changes = {CORRECTED: mistakes.miscount, POLICIES_ALONE: _all_but_policies}
    wanted = [changes[org]] if org in changes else []
    desks.kept[org] = desks.report(org, MARCH, *wanted, quiet=org == NOTHING_NEW)


def _policies_only(book: Workbook) -> None:
    book.declare({table: DATA if table == "T3" else NOT_INCLUDED for table in book.tables})


def _all_but_policies(book: Workbook) -> None:
    book.declare({"T3": NOT_INCLUDED})


def _march_overdue(stage: Stage, desks: Desks) -> None:
    stage.say("截止以后：逐日催报；一家迟报，一家改了还有错，一家始终没有报")
    stage.remind(f"{MARCH}-29T09:00")
    stage.deliver(f"{MARCH}-29T09:05")
    # These come between the making of the day's reminders and their sending: what is accepted is not reminded of.
    stage.remind(f"{MARCH}-30T09:00")
    desks.report(LATE, MARCH)
    mended = desks.marked_copy(FAULTY)
    mistakes.mend_most(mended)
    desks.drop(FAULTY, mended.saved(), "三月报送表（改）.xlsx")
    explained = Workbook(desks.kept[UNEXPLAINED])
    mistakes.explain(explained)
    desks.drop(UNEXPLAINED, explained.saved(), "三月报送表（加说明）.xlsx")
    stage.collect(f"{MARCH}-30T09:01")
    stage.deliver(f"{MARCH}-30T09:02")
    stage.remind(f"{MARCH}-31T09:00")
    stage.deliver(f"{MARCH}-31T09:05")
