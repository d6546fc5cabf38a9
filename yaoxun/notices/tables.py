"""The reminder ledger: one row for each obligation and step, whether it led to a message or was stopped."""

from sqlalchemy import Table, UniqueConstraint

from yaoxun.store.types import metadata, moment, pk, ref, text

reminder = Table(
    "reminder",
    metadata,
    pk(),
    ref("obligation", "obligation"),
    text("step"),
    moment("due_at"),
    ref("message", "message", nullable=True),
    text("stopped_why"),
    UniqueConstraint("obligation", "step", name="uq_reminder"),
)
