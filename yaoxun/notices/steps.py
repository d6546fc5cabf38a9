"""When each reminder of an obligation is due. Pure."""

from datetime import datetime

from yaoxun.context import SHANGHAI
from yaoxun.notices.settings import ReminderSteps
from yaoxun.office.office import Office


def step_name(workdays: int) -> str:
    """−3 → 截止前3日, 1 → 逾期1日."""
    return f"截止前{-workdays}日" if workdays < 0 else f"逾期{workdays}日"


def due_steps(steps: ReminderSteps, office: Office, due: datetime, now: datetime) -> list[tuple[str, datetime]]:
    """The steps whose time has come, oldest first: (name, aware time)."""
    day = due.astimezone(SHANGHAI).date()
    found = []
    for workdays in steps.workdays:
        on = office.workday_add(day, workdays)
        at = datetime.combine(on, steps.at, SHANGHAI)
        if at <= now:
            found.append((step_name(workdays), at))
    return found
