"""Who does something, where, when and on which occasion: the only clock of the program.

Every use case of tasks/ takes a `Context`. Its `now()` is fresh at each call, or fixed for trials (`--now`). Leases
go by `wall_clock()`, because a trial's fixed clock never lets one expire. Files settle by their real mtime, which is
read in returns/folder.py and nowhere else.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from yaoxun.errors import RequestError
from yaoxun.home import Home

SHANGHAI = ZoneInfo("Asia/Shanghai")

Tell = Callable[[int, int, str], None]
"""How far a use case is: (done, total, what is at hand). It must come back at once and raise nothing."""


def _silent(_done: int, _total: int, _what: str) -> None:
    return


def wall_clock() -> datetime:
    """The real time in UTC, for leases only."""
    return datetime.fromtimestamp(time.time(), UTC)


@dataclass(frozen=True, kw_only=True)
class Context:
    """The frame of one use case.

    actor: a person's login, or "定时" for the schedule. occasion: the planned time of a run or the id of a hand's
    request. fixed_now: an aware time that replaces the clock in trials. tell: whom to tell how far the work is; a use
    case that may take seconds calls `ctx.tell(done, total, what)`, and a command shows it as a bar.
    """

    home: Home
    actor: str = "定时"
    occasion: str = ""
    scheduled_for: datetime | None = None
    fixed_now: datetime | None = None
    tell: Tell = field(default=_silent, compare=False, repr=False)

    def now(self) -> datetime:
        """The present time in UTC, aware."""
        return self.fixed_now if self.fixed_now is not None else wall_clock()

    def local_now(self) -> datetime:
        """The present time as the office's wall shows it."""
        return self.now().astimezone(SHANGHAI)

    def as_actor(self, login: str) -> "Context":
        """The same frame with another person acting."""
        return replace(self, actor=login)


def parse_now(text: str | None) -> datetime | None:
    """A trial's time as typed (`2023-04-06T09:00`, office time unless an offset is given) in UTC; None for none.

    Raises RequestError when the text is no time.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise RequestError(f"时间“{text}”无法识别。", "请写成 2023-04-06T09:00 的形式。") from err
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(UTC)
