"""The tables of figures: cuts, what stood in them, the values computed from them and where each came from."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from yaoxun.store.types import integer, json_text, metadata, moment, pk, ref, text

cut = Table(
    "cut",
    metadata,
    pk(),
    text("period"),
    moment("known_at"),
    Column("config_snapshot", Text, ForeignKey("config_snapshot.sha"), nullable=False),
    UniqueConstraint("period", "known_at", "config_snapshot", name="uq_cut"),
)
cut_version = Table(
    "cut_version",
    metadata,
    pk(),
    ref("cut", "cut"),
    ref("sheet_version", "sheet_version"),
    UniqueConstraint("cut", "sheet_version", name="uq_cut_version"),
)
figure_value = Table(
    "figure_value",
    metadata,
    pk(),
    ref("cut", "cut"),
    text("figure"),
    text("dims"),
    integer("value", nullable=True),
    integer("scale", nullable=True),
    text("unit"),
    text("words"),
    json_text("coverage"),
    UniqueConstraint("cut", "figure", "dims", name="uq_figure_value"),
)
figure_source = Table(
    "figure_source",
    metadata,
    pk(),
    ref("figure_value", "figure_value"),
    ref("fact", "fact", nullable=True),
    ref("sheet_row", "sheet_row", nullable=True),
    text("column_name"),
    text("list_entry"),
    CheckConstraint(
        "(fact IS NOT NULL) OR (sheet_row IS NOT NULL) OR list_entry <> ''", name="ck_figure_source_something"
    ),
    Index("ix_figure_source_value", "figure_value"),
)
