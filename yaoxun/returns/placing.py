"""Whose file is it: the organisation and period of each of its tables, from what the file says of itself, and over that
from what staff say. Pure.

Whether the envelope agrees is looked at by the use case, and never preferred to what the file says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yaoxun.errors import RequestError
from yaoxun.forms.envelope import Identity
from yaoxun.forms.locating import locate
from yaoxun.forms.model import Form
from yaoxun.office.model import Organisation, Period
from yaoxun.office.office import Office
from yaoxun.sheets.model import RawWorkbook


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """Where staff say that an arrival belongs: codes and labels; '' and no sheets: as the file says. `sheets`: table → the
    sheet that holds it. `late`: taken though it came after the lock. `part`: of a summary, only this organisation's rows."""

    org: str = ""
    period: str = ""
    sheets: Mapping[str, str] = field(default_factory=dict)
    late: bool = False
    part: bool = False


AS_THE_FILE_SAYS = Assigned()
BY_META, BY_COVER, BY_LINES = "按模板身份页", "按封面填报单位", "按表上填报单位"
BY_THE_FILE = frozenset({BY_META, BY_COVER, BY_LINES})
"""How a file was placed where it says itself whose it is."""
_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where the tables of a file belong, and what it says of itself. `org` None or no periods: 待认领, for `reason`, with `remedy`."""

    identity: Identity
    org: Organisation | None = None
    periods: Mapping[str, Period]
    how: str = ""
    reason: str = ""
    remedy: str = ""


def dropped_by(office: Office, folder: str) -> Organisation | None:
    """The organisation in whose folder of 收/, or below it, a file lay; the innermost that is one. None for no such folder."""
    named = (office.find_organisation(part) for part in reversed(folder.split("/")) if part)
    return next((org for org in named if org is not None), None)


def as_stated(raw: RawWorkbook, forms: Mapping[str, Form], sheets: Mapping[str, str]) -> RawWorkbook:
    """The workbook without the sheets that hold nothing but tables of which `sheets` says that they stand in another."""
    held: dict[str, set[str]] = {}
    for table, places in locate(raw, forms).items() if sheets else ():
        for place in places:
            held.setdefault(place.sheet.name, set()).add(table)
    out = {name for name, tables in held.items() if all(sheets.get(table, name) != name for table in tables)}
    return replace(raw, sheets=tuple(sheet for sheet in raw.sheets if sheet.name not in out))


def place(
    identity: Identity, office: Office, assigned: Assigned = AS_THE_FILE_SAYS, folder: Organisation | None = None
) -> Placed:
    """Place a file as staff say, else by `_meta`, else by its cover; by the folder it lay in where all these are silent."""
    if not identity.tables:
        reason = "工作簿里没有认得出的报表"
        remedy = "请在办公室发放的模板上填报；如确是本单位报表，请与办公室联系认领。"
        return Placed(identity=identity, periods={}, reason=reason, remedy=remedy)
    for table, sheet in assigned.sheets.items():
        if identity.tables.get(table) != sheet:
            reason = f"工作表“{sheet}”里认不出 {table}"
            remedy = "请核对工作表名，或请单位在发放的模板上填报。"
            return Placed(identity=identity, periods={}, reason=reason, remedy=remedy)
    org, how = _organisation(identity, office, assigned, folder)
    if org is None:
        reason, remedy = _of_nobody(identity, office)
        return Placed(identity=identity, periods={}, reason=reason, remedy=remedy)
    periods, problem = _periods(identity, office, assigned)
    if not periods:
        where = "表上" if identity.own and not identity.cover.sheet else "封面"
        remedy = f"请用本期发放的模板填报；如报告期有误，请在{where}改正后重报。"
        return Placed(identity=identity, org=org, periods={}, how=how, reason=problem, remedy=remedy)
    return Placed(identity=identity, org=org, periods=periods, how=how)


def _of_nobody(identity: Identity, office: Office) -> tuple[str, str]:
    """Why no organisation is known, and what to do."""
    named = [office.find_organisation(name) for said in identity.own.values() for name in said.named]
    orgs = list({org.code: org for org in named if org is not None}.values())
    if len(orgs) > 1 and identity.meta is None:
        shown = "、".join(org.short for org in orgs[:_SHOWN]) + ("等" if len(orgs) > _SHOWN else "")
        reason = f"表里填了{shown}共{len(orgs)}家单位的行，一份来件只能记在一家名下"
        return reason, f"请各单位各报一份，只填自己的行。{summary_hint(identity)}"
    reason = "看不出是哪家单位报的（隐藏的身份页已丢失，封面或表上的“填报单位”空缺或不在名录内）"
    where = "表上的“填报单位”" if identity.own and not identity.cover.sheet else "封面"
    return reason, f"请在{where}填写单位全称后重报，或由办公室认领。"


def summary_hint(identity: Identity) -> str:
    """What the office does with a file that holds the rows of many organisations."""
    files = "、".join(f"config/forms/{table}.yaml" for table in identity.own)
    return (
        "本期的汇总表，由办公室拆成一家一份：yaoxun intake assign 号 --split；"
        f"每期都由一家汇总报来的，在 {files} 的 layout 里写 summaries_from: [那一家的代码]，以后自动拆开；"
        "往期的用 yaoxun import history 导入。"
    )


def _organisation(
    identity: Identity, office: Office, assigned: Assigned, folder: Organisation | None
) -> tuple[Organisation | None, str]:
    if assigned.org:
        return office.organisation(assigned.org), "按办公室认领"
    if identity.meta is not None and identity.meta.org:
        org = office.find_organisation(identity.meta.org)
        if org is not None:
            return org, BY_META
    named = identity.cover.fields.get("填报单位", "").strip()
    own = _on_own_sheets(identity, office)
    silent = not named and not any(said.organisation or said.named for said in identity.own.values())
    if silent and identity.meta is None and folder is not None:
        return folder, "按所在文件夹"
    return (office.find_organisation(named), BY_COVER) if named else (own, BY_LINES)


def _on_own_sheets(identity: Identity, office: Office) -> Organisation | None:
    """The organisation that the lines of own sheets name, else the one and only whose rows are filled."""
    lines = [office.find_organisation(said.organisation) for said in identity.own.values() if said.organisation]
    rows = [office.find_organisation(name) for said in identity.own.values() for name in said.named]
    known = {org.code: org for org in (lines or rows) if org is not None}
    return next(iter(known.values())) if len(known) == 1 else None


def _periods(identity: Identity, office: Office, assigned: Assigned) -> tuple[dict[str, Period], str]:
    """The period of every table: as staff say where it is of that kind, else from _meta or, where that is lost, from the
    cover."""
    said = office.period(assigned.period) if assigned.period else None
    placed: dict[str, Period] = {}
    wrong: dict[str, None] = {}
    problem = "看不出报告期（隐藏的身份页已丢失，封面或表上的报告期空缺）"
    for table in identity.tables:
        if said is not None and office.table_kinds.get(table) == said.kind:
            placed[table] = said
            continue
        own = identity.own[table].period if table in identity.own else ""
        label = identity.period_of(table) or identity.cover.period_of(table) or own
        try:
            placed[table] = office.period(label)
        except RequestError:
            wrong |= {label: None} if label else {}
    return placed, f"报告期{'、'.join(f'“{label}”' for label in wrong)}不存在" if wrong else problem


def seen_of(identity: Identity | None, org: Organisation | None) -> dict[str, str]:
    """What a file told of itself, for people who have to place it: 单位, 报表, 报告期; '' for what it does not say."""
    if identity is None:
        return {}
    cover, own = identity.cover, tuple(identity.own.values())
    named = (cover.fields.get("填报单位", "").strip(), identity.meta.org if identity.meta else "")
    orgs = (org.short if org else "", *named, *(said.organisation for said in own))
    labels = [identity.period_of(table) or cover.period_of(table) for table in identity.tables]
    labels += [said.period for said in own]
    return {
        "org": next((name for name in orgs if name), ""),
        "tables": "、".join(identity.tables),
        "period": "、".join(dict.fromkeys(label for label in labels if label)),
    }
