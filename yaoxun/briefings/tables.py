"""The tables of briefings: documents, versions, steps, numerals, series and issue numbers."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from yaoxun.store.types import integer, metadata, moment, pk, ref, text

document = Table(
    "document",
    metadata,
    pk(),
    text("kind"),
    text("issuer"),
    text("period"),
    text("occasion"),
    ref("corrects", "document", nullable=True),
    text("actor"),
    moment("at"),
    UniqueConstraint("kind", "issuer", "period", "occasion", name="uq_document"),
)
document_version = Table(
    "document_version",
    metadata,
    pk(),
    ref("document", "document"),
    integer("n"),
    text("title"),
    ref("cut", "cut", nullable=True),
    text("content_sha"),
    Column("blob", Text, ForeignKey("blob.sha256"), nullable=False),
    Column("frozen_blob", Text, ForeignKey("blob.sha256"), nullable=True),
    text("origin"),
    text("actor"),
    moment("at"),
    UniqueConstraint("document", "n", name="uq_document_version"),
)
document_step = Table(
    "document_step",
    metadata,
    pk(),
    ref("document_version", "document_version"),
    integer("seq"),
    text("step"),
    text("remark"),
    text("content_sha"),
    text("actor"),
    moment("at"),
    UniqueConstraint("document_version", "seq", name="uq_document_step"),
    Index(
        "uq_document_step_signed",
        "document_version",
        unique=True,
        sqlite_where=sql("step = '签发'"),
        postgresql_where=sql("step = '签发'"),
    ),
)
numeral = Table(
    "numeral",
    metadata,
    pk(),
    ref("document_version", "document_version"),
    integer("seq"),
    text("text"),
    text("origin"),
    ref("figure_value", "figure_value", nullable=True),
    text("bookmark"),
    UniqueConstraint("document_version", "seq", name="uq_numeral"),
)
series = Table(
    "series",
    metadata,
    pk(),
    text("series"),
    integer("year"),
    integer("first_n"),
    UniqueConstraint("series", "year", name="uq_series"),
)
issue_number = Table(
    "issue_number",
    metadata,
    pk(),
    text("series"),
    integer("year"),
    integer("n"),
    ref("document", "document"),
    text("state"),
    moment("at"),
    Index(
        "uq_issue_number_live",
        "series",
        "year",
        "n",
        unique=True,
        sqlite_where=sql("state = '在用'"),
        postgresql_where=sql("state = '在用'"),
    ),
    Index(
        "uq_issue_number_document",
        "document",
        unique=True,
        sqlite_where=sql("state = '在用'"),
        postgresql_where=sql("state = '在用'"),
    ),
)
