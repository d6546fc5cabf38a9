"""Writes a drafted form as commented YAML, as an office edits it: every question stands at the line that it is about."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from yaoxun.forms.layout.draft_columns import DraftColumn
from yaoxun.forms.layout.model import Question

_SAFE = re.compile(r"[\u4e00-\u9fff_A-Za-z（〔][\u4e00-\u9fffA-Za-z0-9_/（）〔〕·、。，；？“”]*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
ASKED = "？请确认："


def scalar(text: str) -> str:
    """A text as a YAML scalar that stays text in a flow mapping."""
    plain = text.strip()
    return plain if _SAFE.fullmatch(plain) and plain.lower() not in _WORDS else json.dumps(plain, ensure_ascii=False)


def flow_list(items: Iterable[str]) -> str:
    """Texts as a YAML list on one line."""
    return "[" + ", ".join(scalar(item) for item in items) + "]"


def flow_map(entries: Mapping[str, str]) -> str:
    """Entries whose values are YAML already."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"


def column_lines(column: DraftColumn, lists: Mapping[str, str]) -> list[str]:
    """A column's questions and its line. `lists`: column name → the drafted code list of its options."""
    lines = [f"  # {ASKED}{place(q.address)}{q.sentence}" for q in column.questions]
    entries = {"name": scalar(column.name)}
    header = "/".join(column.path)
    if header and header != column.name:
        entries["header"] = scalar(header)
    if column.kind != "text":
        entries["kind"] = column.kind
    if column.options:
        entries["list"] = lists[column.name]
    for key, value in (("unit", column.unit), ("unit_from", column.unit_from), ("formula", column.formula)):
        if value:
            entries[key] = scalar(value)
    if column.decimals is not None:
        entries["decimals"] = str(column.decimals)
    if column.attribute:
        entries["prefill"] = flow_map({"attribute": column.attribute})
    if column.kind == "text" and column.max_chars and not column.locked:
        entries["max_chars"] = str(column.max_chars)
    flags = {"required": column.required, "locked": column.locked, "hidden": column.hidden, "indicator": column.indicator, "allow_negative": column.negative,
             "allow_na": column.not_applicable and column.numeric, "contact": column.contact}  # fmt: skip
    entries |= {key: "true" for key, on in flags.items() if on}
    return [*lines, f"  - {flow_map(entries)}"]


def place(address: str) -> str:
    """An address before its sentence; '' for none."""
    return f"{address} " if address else ""


def form_text(
    *,
    heads: Sequence[str],
    questions: Sequence[Question],
    facts: Mapping[str, str],
    columns: Sequence[DraftColumn],
    layout: Mapping[str, str],
    lists: Mapping[str, str],
) -> str:
    """The whole definition. `facts`: its keys before the columns, `layout`: those of the layout but for its columns, as YAML;
    `lists`: column name → the drafted code list of its options."""
    lines = [*heads, *(f"# {ASKED}{place(q.address)}{q.sentence}" for q in questions)]
    lines += [f"{key}: {value}" for key, value in facts.items()]
    if full := [c.name for c in columns if c.always_filled and not (c.locked or c.formula or c.required)]:
        lines.append(f"# 下列各列现在每行都填了，必填的请加 required: true：{'、'.join(full)}")
    if any(c.indicator for c in columns):
        lines.append("# indicator: true 的列计入指标，可在 figures.yaml 里汇总；不汇总的请删去。")
    lines.append("columns:")
    for column in columns:
        lines += column_lines(column, lists)
    lines += ["layout:", *(f"  {key}: {value}" for key, value in layout.items())]
    lines.append("  columns:  # 列名: 表头（或标签）从上到下的字")
    lines += [f"    {scalar(c.name)}: {scalar('/'.join(c.path))}" for c in columns if c.path]
    return "\n".join(lines) + "\n"


def list_text(title: str, attributes: Mapping[str, str], entries: Sequence[Mapping[str, str]], note: str) -> str:
    """A code list's file. `attributes`: name → title; an entry holds code, name and the attributes that it has."""
    lines = [f"# {note}", "", f"title: {scalar(title)}"]
    if attributes:
        lines += [
            "",
            "attributes:",
            *(f"  {name}: {flow_map({'title': scalar(shown)})}" for name, shown in attributes.items()),
        ]
    lines += ["", "entries:"]
    lines += [f"  - {flow_map({key: scalar(value) for key, value in entry.items() if value})}" for entry in entries]
    return "\n".join(lines) + "\n"
