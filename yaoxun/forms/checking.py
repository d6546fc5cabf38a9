"""Judges a table: every finding at once, then the decision. Pure: the table carries its frame and its history."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from yaoxun.forms.envelope import ReadWorkbook, Said
from yaoxun.forms.findings import at
from yaoxun.forms.model import Decision, Finding, Table
from yaoxun.forms.rules.agreement import check_parts, check_periods
from yaoxun.forms.rules.cells import check_cells, check_keys
from yaoxun.forms.rules.flows import check_flows
from yaoxun.forms.rules.references import check_claims, check_lists, check_references
from yaoxun.forms.rules.series import check_series
from yaoxun.forms.rules.similar import check_similar
from yaoxun.forms.rules.table import check_rules
from yaoxun.forms.rules.whole import check_declaration, check_same
from yaoxun.office.model import Organisation, Period

_CHECKS = (
    check_cells, check_keys, check_flows, check_series, check_similar, check_rules, check_same, check_lists,
    check_periods, check_parts,
)  # fmt: skip
_ALONE: Mapping[str, Table] = {}
_NOBODY: Mapping[str, str] = {}
_NO_PERIODS: Mapping[str, Period] = {}
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


def check(
    table: Table, *, workbook: Mapping[str, Table] = _ALONE, owners: Mapping[str, str] = _NOBODY
) -> tuple[Finding, ...]:
    """Every finding on a table, those of reading among them, in the order of their cells.

    workbook: the tables that came with it, by id; owners: whose the official numbers are that it claims (see
    `claimed_numbers`), number → short name.
    One finding for each (rule, row, column). A table declared 零报告 or 不适用 is only checked for having no rows.
    """
    found = [*table.findings, *check_declaration(table)]
    if not table.absent and table.declared not in ("零报告", "不适用"):
        for one in _CHECKS:
            found += one(table)
        found += [*check_references(table, workbook), *check_claims(table, owners)]
    return tuple(sorted(_once(found), key=_position))


def decide(findings: Iterable[Finding]) -> Decision:
    """退回 with any 强制, 待说明 with any 须说明 that is not explained, else 接收."""
    levels = {f.level for f in findings if not (f.level == "须说明" and f.explained)}
    if "强制" in levels:
        return "退回"
    return "待说明" if "须说明" in levels else "接收"


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The natural key of a finding is rule, row and column; further ones of the same key are counted in the first."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.rule, finding.row_uid, finding.column), []).append(finding)
    seen: set[tuple[str, str, str, str, bool]] = set()
    for group in groups.values():
        first = group[0]
        said = (first.rule, first.sheet, first.cell, first.message, first.explained)
        if said in seen:  # several rows share a merged cell
            continue
        seen.add(said)
        more = [f"{f.cell}" for f in group[1:]]
        yield replace(group[0], message=f"{group[0].message}（另见{'、'.join(more[:5])}）") if more else group[0]


def _position(finding: Finding) -> tuple[str, int, int, str, str]:
    found = _ADDRESS.match(finding.cell)
    letters, row = (found[1], int(found[2])) if found else ("", 0)
    return (finding.sheet, row, len(letters) * 100 + ord(letters[-1:] or "A"), letters, finding.rule)


def check_identity(
    read: ReadWorkbook,
    *,
    org: Organisation,
    sender: str = "",
    sender_org: Organisation | None = None,
    find: Callable[[str], Organisation | None] = lambda _: None,
    periods: Mapping[str, Period] = _NO_PERIODS,
) -> tuple[Finding, ...]:
    """C01: `_meta`, the cover, the lines of own sheets and the sender name the organisation that the file was placed under,
    and the lines of own sheets the period.

    sender: the address it came from, '' where there is none (folder, hand); sender_org: whose address that is.
    periods: table → the period that it was placed under. find: the organisation of a name; a line that names none that is known (a stamp's words) is let pass.
    """
    cover, meta = read.identity.cover, read.identity.meta
    own = tuple(read.identity.own.values())
    place = (own[0].sheet, own[0].organisation_at or "A1") if own else ("封面", "A1")
    place = (cover.sheet, cover.places["填报单位"]) if "填报单位" in cover.places else place
    found: list[Finding] = []
    if meta is not None and meta.org != org.code:
        message = f"这份工作簿不是发给{org.short}的，请用发给本单位的表填报。"
        found.append(at("C01", *place, message, column="_meta", found=meta.org, allowed=org.code))
    written = cover.fields.get("填报单位", "")
    names = {re.sub(r"\s", "", name) for name in (org.name, org.short, org.code, *org.aliases)}
    if written and re.sub(r"\s", "", written) not in names:
        message = f"封面填报单位是“{written}”，应为“{org.name}”，请改正。"
        found.append(at("C01", *place, message, column="填报单位", found=written, allowed=org.name))
    found += _borrowed(own, org, find)
    for table, said in read.identity.own.items():
        if said.period_at and table in periods and said.period != periods[table].label:
            found.append(_of_another_period(table, said, periods[table]))
    if sender_org is not None and sender_org.code != org.code:
        message = f"本件由{sender_org.short}的地址{sender}发来，报的却是{org.short}的表。请由本单位登记的地址发送，或联系办公室代收。"
        found.append(at("C01", *place, message, column="sender", found=sender, allowed=org.short))
    return tuple(found)


def _of_another_period(table: str, said: Said, period: Period) -> Finding:
    message = (
        f"表上写的报告期是{said.period}，这份工作簿是发给{period.label}的。报{period.label}的请把表上改回{period.label}；"
        f"报{said.period}的请用{said.period}发放的表。"
    )
    more = {"found": said.period, "allowed": period.label, "row_uid": table}
    return at("C01", said.sheet, said.period_at, message, column="报告期", **more)


def _borrowed(own: Iterable[Said], org: Organisation, find: Callable[[str], Organisation | None]) -> Iterator[Finding]:
    """A line 填报单位：… of an own sheet that names another organisation."""
    for said in own:
        other = find(said.organisation) if said.organisation else None
        if other is not None and other.code != org.code:
            message = f"表上填报单位是“{said.organisation}”，应为“{org.name}”，请改正；发给别家的表请勿借用。"
            more = {"found": said.organisation, "allowed": org.name}
            yield at("C01", said.sheet, said.organisation_at, message, column="填报单位", **more)
