"""One arrival under judgement, as the parts of a judgement hand it to each other inside one transaction."""

from dataclasses import dataclass

from sqlalchemy import Connection

from tasks.desk import Desk
from tasks.examine import Examination
from yaoxun.returns.arrivals import Arrival


@dataclass(frozen=True, kw_only=True)
class Case:
    """The desk, the transaction, the arrival with its judgement (id and number), and what the look at it found."""

    desk: Desk
    conn: Connection
    arrival: Arrival
    judgement: int
    seq: int
    examination: Examination
