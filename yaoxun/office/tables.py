"""The office's tables: people, contacts, obligations and issued templates. Statements stand in ledger.py."""

from sqlalchemy import Boolean, Column, ForeignKey, Table, Text, UniqueConstraint

from yaoxun.store.types import integer, json_text, metadata, moment, pk, text

person = Table(
    "person",
    metadata,
    pk(),
    text("login"),
    text("valid_from"),
    text("valid_to", nullable=True),
    text("org"),
    text("title"),
    json_text("roles"),
    text("actor"),
    moment("at"),
    UniqueConstraint("login", "valid_from", name="uq_person"),
)
contact = Table(
    "contact",
    metadata,
    pk(),
    text("org"),
    text("kind"),
    text("address"),
    text("valid_from"),
    text("valid_to", nullable=True),
    text("actor"),
    moment("at"),
    UniqueConstraint("org", "kind", "address", "valid_from", name="uq_contact"),
)
obligation = Table(
    "obligation",
    metadata,
    pk(),
    text("org"),
    text("table_id"),
    text("period"),
    text("row_scope"),
    Column("required", Boolean, nullable=False),
    moment("opens", nullable=True),
    moment("due", nullable=True),
    moment("locks", nullable=True),
    moment("made_at"),
    UniqueConstraint("org", "table_id", "period", "row_scope", name="uq_obligation"),
)
template_issue = Table(
    "template_issue",
    metadata,
    pk(),
    text("org"),
    text("bundle"),
    integer("n"),
    Column("config_snapshot", Text, ForeignKey("config_snapshot.sha"), nullable=False),
    Column("blob", Text, ForeignKey("blob.sha256"), nullable=False),
    text("path"),
    text("actor"),
    moment("at"),
    UniqueConstraint("org", "bundle", "n", name="uq_template_issue"),
)
