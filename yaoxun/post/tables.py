"""The outbox: messages, their recipients and what happened to each. Knows nothing of what a message is about."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from yaoxun.store.types import integer, json_text, metadata, moment, pk, ref, text

message = Table(
    "message",
    metadata,
    pk(),
    text("kind"),
    text("subject"),
    integer("version"),
    text("message_id"),
    json_text("params"),
    Column("eml", Text, ForeignKey("blob.sha256"), nullable=True),
    moment("not_before"),
    moment("frozen_at", nullable=True),
    moment("at"),
    UniqueConstraint("kind", "subject", "version", name="uq_message"),
    UniqueConstraint("message_id", name="uq_message_id"),
)
recipient = Table(
    "recipient",
    metadata,
    pk(),
    ref("message", "message"),
    text("address"),
    text("role"),
    text("state"),
    moment("lease_until", nullable=True),
    text("lease_token"),
    integer("attempts"),
    moment("retry_at", nullable=True),
    text("diverted_to"),
    Column("eml", Text, ForeignKey("blob.sha256"), nullable=True),
    UniqueConstraint("message", "address", name="uq_recipient"),
    Index("ix_recipient_state", "state"),
)
recipient_event = Table(
    "recipient_event",
    metadata,
    pk(),
    ref("recipient", "recipient"),
    integer("seq"),
    text("what"),
    text("raw"),
    moment("at"),
    UniqueConstraint("recipient", "seq", name="uq_recipient_event"),
)
mail_switch = Table(
    "mail_switch",
    metadata,
    pk(),
    text("state"),
    text("reason"),
    text("actor"),
    moment("effective_at"),
    moment("at"),
)
