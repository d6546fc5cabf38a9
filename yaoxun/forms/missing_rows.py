"""Rows that a table was printed with and that did not come back: of a fixed table they are asked for again (S08), of a
register an emptied one is asked about (S12), and those that are gone altogether are told (S13). What was accepted before
stays either way: a row is withdrawn by its state, never by its absence.
"""

from collections.abc import Iterator, Mapping, Sequence

from yaoxun.forms.findings import at
from yaoxun.forms.identity import Draft
from yaoxun.forms.located import Located
from yaoxun.forms.model import Finding, Frame
from yaoxun.forms.review_list import Explained
from yaoxun.forms.settings import EXPLANATION
from yaoxun.forms.values import raw_text, show

_NAMED = 5


def take_out_emptied(frame: Frame, place: Located, drafts: list[Draft]) -> dict[str, int]:
    """uid → row, of the register's rows in which nothing but our own cells and an explanation is left; they are taken out
    of the drafts, as is a row of an own sheet that names the organisation and nothing else."""
    if frame.form.fixed:
        return {}
    inputs = [c.name for c in frame.form.columns if not c.ours and c.name != EXPLANATION]
    known = {k.number: uid for uid, k in frame.history.rows.items() if k.number}
    emptied: dict[str, int] = {}
    for draft in [d for d in drafts if not place.is_filled(d.number, inputs)]:
        number = draft.cells.get(frame.form.number_column)
        uid = draft.hint if draft.hint in frame.prefill else known.get(number.text.strip() if number else "", "")
        said = {name for name, cell in draft.cells.items() if cell.text.strip()}
        if uid in frame.prefill:
            emptied.setdefault(uid, draft.number)
            drafts.remove(draft)
        elif said == {frame.form.organisation_column}:
            drafts.remove(draft)
    return emptied


def missing_rows(
    frame: Frame, place: Located, there: Mapping[str, int], emptied: Mapping[str, int], told: Explained, *, issued: bool
) -> Iterator[Finding]:
    """What is to be said of the rows that a table opens with and that are not `there` (uid → row). `emptied` are known by
    their marks; in an own sheet that we `issued`, which has none, a blank row is known by those beside it."""
    if frame.form.fixed:
        yield from _asked_again(frame, place, there)
        return
    missing = [uid for uid in frame.prefill if uid not in there]
    found = {uid: n for uid, n in emptied.items() if uid in missing}
    if place.layout is None and place.mark_col:
        found |= _marked(frame, place, missing)
    elif place.layout is not None and issued and not place.spots:
        found |= _beside(frame, place, there, [uid for uid in missing if uid not in found])
    for uid, number in found.items():
        yield _emptied(frame, place, uid, number, told)
    gone = [uid for uid in missing if uid not in found]
    if gone:
        names = "、".join(f"“{_name(frame, uid)}”" for uid in gone[:_NAMED]) + ("等" if len(gone) > _NAMED else "")
        message = f"以前报过、还没有办结的有{len(gone)}行不在表里（{names}），仍按上次所报计。不再有效的请恢复这一行并改状态。"
        yield at("S13", place.sheet.name, place.address(place.header_row), message, table=frame.form.id, column="rows")


def _asked_again(frame: Frame, place: Located, there: Mapping[str, int]) -> Iterator[Finding]:
    for uid, known in frame.prefill.items():
        if uid not in there:
            name = known.entry.name if known.entry else uid
            message = f"缺少“{name}”这一行，请恢复；没有数据的留空。"
            yield at("S08", place.sheet.name, place.address(place.end_row), message, table=frame.form.id, row_uid=uid)


def _marked(frame: Frame, place: Located, missing: Sequence[str]) -> dict[str, int]:
    """Rows of our own template of which only the hidden uid is left."""
    names = [c.name for c in frame.form.columns if not c.formula]
    wanted = set(missing)
    found: dict[str, int] = {}
    for number in place.body:
        uid = raw_text(place.lines[number].get(place.mark_col)).strip()
        if uid in wanted and not place.is_filled(number, names):
            found.setdefault(uid, number)
    return found


def _beside(frame: Frame, place: Located, there: Mapping[str, int], missing: Sequence[str]) -> dict[str, int]:
    """Blank rows of an own sheet where, counted from the rows before or behind, the missing ones were printed."""
    stop = place.end_row if place.end_row < place.limit else place.end_row + len(frame.prefill)
    slots = [n for n in range(place.header_row + 1, stop) if n not in place.aside]
    inputs = [c.name for c in frame.form.columns if not c.ours and c.name != EXPLANATION]
    blank = {n for n in slots if not place.is_filled(n, inputs)} - set(there.values())
    order = {uid: n for n, uid in enumerate(frame.prefill)}
    slot_of = {n: slot for slot, n in enumerate(slots)}
    at_slot = {order[uid]: slot_of[n] for uid, n in there.items() if uid in order and n in slot_of}
    found: dict[str, int] = {}
    for uid in missing:
        here = order[uid]
        before = max((n for n in at_slot if n < here), default=None)
        behind = min((n for n in at_slot if n > here), default=None)
        guesses = [here if before is None else at_slot[before] + here - before]  # the first stands below the header
        guesses += [] if behind is None else [at_slot[behind] - (behind - here)]
        for slot in guesses:
            if 0 <= slot < len(slots) and slots[slot] in blank:
                found[uid] = slots[slot]
                blank.remove(slots[slot])
                break
    return found


def _emptied(frame: Frame, place: Located, uid: str, number: int, told: Explained) -> Finding:
    key = next((name for name in frame.form.setting.key if name in place.columns), "")
    spot = place.address(number, key)
    said = raw_text(place.cell(number, EXPLANATION)).strip() or told.get((place.sheet.name, spot), "")
    message = (
        f"第{number}行原为“{_name(frame, uid)}”，现在是空的，仍按上次所报计。误删的请恢复；不再有效的请恢复后改状态"
        "（如 误报、终止）；不在表里改的，请写明原因。"
    )
    more = {"table": frame.form.id, "row_uid": uid, "column": key, "found": said}
    return at("S12", place.sheet.name, spot, message, explained=said not in ("", "—"), **more)


def _name(frame: Frame, uid: str) -> str:
    values = frame.prefill[uid].values
    return " ".join(text for text in (show(values.get(name)) for name in frame.form.setting.key) if text) or uid
