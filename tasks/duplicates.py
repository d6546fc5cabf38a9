"""Files whose very bytes are known: one that came before, or one that we made ourselves, is answered and not looked at again.

The answer goes to who sent this one: the organisation in whose folder it lies, else the one that the file itself names. That
the first one was placed by its folder, by staff or by an import says nothing of the sender of the second.
"""

from sqlalchemy import Connection

from tasks.answer import answer_duplicate, known_org
from tasks.case import note_case, open_case
from tasks.desk import Desk
from tasks.examine import Examination
from tasks.import_history import CHANNEL as IMPORT
from tasks.unchanged import says_no_change
from yaoxun.failpoints import failpoint
from yaoxun.returns import arrivals, ledger
from yaoxun.returns.arrivals import Arrival
from yaoxun.returns.placing import BY_THE_FILE, dropped_by
from yaoxun.store.records import blob_kind

OURS = ("template", "marked")


def answer_known(desk: Desk, arrival: Arrival, token: str) -> tuple[str, str] | None:
    """Answer a file whose bytes are known: its state and the reason; None for one that is to be looked at itself."""
    with desk.store.read() as conn:
        kind = blob_kind(conn, arrival.blob) or ""
        if kind == "template" and says_no_change(desk, conn, arrival.blob):
            kind = ""
        if not arrival.duplicate_of and kind not in OURS:
            return None
    with desk.store.write() as conn:
        if not arrivals.still_held(conn, arrival.id, token):
            return "另一进程已审", ""
        first = _first(conn, arrival)
        if first is None and kind not in OURS:
            return None
        if first is not None and not _is_answered_by(desk, conn, arrival, first, kind):
            return None
        if first is not None and (wait := _waits(conn, first)):
            arrivals.release_arrival(conn, arrival.id, token)
            return arrivals.WAITING, f"等第 {wait} 号来件审完"
        return _answer(desk, conn, arrival, first, kind)


def _first(conn: Connection, arrival: Arrival) -> Arrival | None:
    """The one that brought these bytes; of a summary's part the summary."""
    first = arrivals.arrival_by_id(conn, arrival.duplicate_of) if arrival.duplicate_of else None
    return (arrivals.whole_of(conn, first) or first) if first is not None else None


def _is_answered_by(desk: Desk, conn: Connection, arrival: Arrival, first: Arrival, kind: str) -> bool:
    """Whether what became of the first one is what becomes of this. It is not where another organisation reports the same,
    where the first one was not taken or something newer came since, nor where it was past data."""
    if kind not in OURS and (first.channel == IMPORT or _of_another(desk, conn, arrival, first)):
        return False
    ones = arrivals.parts_of(conn, first) or [first]
    settled = all(one.state == arrivals.REJECTED or ledger.still_stands(conn, one.id) for one in ones)
    return settled or bool(_waits(conn, first))


def _waits(conn: Connection, first: Arrival) -> int:
    """The number of the first one, or of a part of it, that has not had its turn; 0 for none."""
    ones = arrivals.parts_of(conn, first) or [first]
    return next((one.id for one in ones if one.state == arrivals.WAITING), 0)


def _of_another(desk: Desk, conn: Connection, arrival: Arrival, first: Arrival) -> bool:
    """Whether this file lies in the folder of another organisation than the one that sent equal bytes first: two may
    report the same."""
    folder = dropped_by(desk.office, arrival.sender)
    return folder is not None and folder.code != known_org(desk, conn, first)


def _answer(desk: Desk, conn: Connection, arrival: Arrival, first: Arrival | None, kind: str) -> tuple[str, str]:
    folder = dropped_by(desk.office, arrival.sender)
    org = folder.code if folder else _told_org(conn, first)
    state = arrivals.DUPLICATE if org or kind in OURS else arrivals.UNCLAIMED
    case = open_case(desk, conn, arrival, Examination(), state)
    reason = answer_duplicate(case, first, kind, org)
    arrivals.settle_arrival(conn, arrival.id, state=state, reason=reason)
    note_case(case, "重复", {"reason": reason})
    failpoint("judge.before_duplicate_commit")
    return state, reason


def _told_org(conn: Connection, first: Arrival | None) -> str:
    """The organisation that the bytes themselves name; '' where the first one was placed otherwise."""
    placed = arrivals.placements_of(conn, first.id) if first is not None else []
    return next((str(p.org) for p in reversed(placed) if p.org and not p.assignment and p.reason in BY_THE_FILE), "")


def as_past_data(desk: Desk, arrival: Arrival, examination: Examination) -> Examination:
    """A look that took nothing of a file, saying so where the same bytes came in as past data."""
    if examination.tables or not arrival.duplicate_of:
        return examination
    with desk.store.read() as conn:
        first = arrivals.first_of_channel(conn, IMPORT, arrival.blob)
        if first is None:
            return examination
        labels = "、".join(dict.fromkeys(str(p.period) for p in arrivals.placements_of(conn, first.id)))
    told = f"这份文件与导入往期数据的《{first.name}》逐字节相同，写的是 {labels}，不是本期的表"
    return Examination(
        org=examination.org, identity=examination.identity, reason=f"{told}。{examination.reason}",
        remedy=f"请核对是不是放错了文件，改放本期的表。{examination.remedy}",
    )  # fmt: skip
