"""One organisation's workbook on its desk: what fills.py and fills_more.py type into."""

import random
from dataclasses import dataclass
from datetime import date

from yaoxun.demo.hands import Workbook
from yaoxun.demo.story import WEEK, Month

SEED = 202304
_CUT_OFF = {
    "2023-01": date(2023, 1, 25),
    "2023-02": date(2023, 2, 25),
    "2023-03": date(2023, 3, 25),
    WEEK: date(2023, 4, 4),
}


@dataclass(frozen=True, kw_only=True)
class Sheetful:
    """One organisation's workbook for one month while it is being filled."""

    book: Workbook
    org: str
    short: str
    period: str
    told: Month

    @property
    def dice(self) -> random.Random:
        """The same throws for the same organisation and month."""
        return random.Random(f"{SEED} {self.org} {self.period}")

    @property
    def cut_off(self) -> date:
        return _CUT_OFF[self.period]
