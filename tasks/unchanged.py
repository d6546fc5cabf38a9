"""Whether a file that we issued may come back as it is: one of the office's own workbooks has no cover to declare 零报告 on,
so that one with known entries in it says, unchanged, that nothing is new. Reads only.
"""

from sqlalchemy import Connection

from tasks.desk import Desk
from tasks.history import build_frame
from yaoxun.office.ledger import template_by_blob


def says_no_change(desk: Desk, conn: Connection, blob: str) -> bool:
    """Whether this issued workbook is the office's own and holds a register with entries."""
    issue = template_by_blob(conn, blob)
    labels, _, file = issue.bundle.partition("/") if issue is not None else ("", "", "")
    forms = [form for form in desk.config.forms.values() if file and form.own_file == file and not form.fixed]
    periods = [desk.office.period(label) for label in labels.split("+")] if forms else []
    org = desk.office.find_organisation(issue.org) if issue is not None else None
    return org is not None and any(build_frame(desk, conn, f, org, p).prefill for f in forms for p in periods)
