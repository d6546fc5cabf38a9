"""Whose file is it: the organisation and period of each of its tables, from what the file says of itself. Pure.

Whether the envelope agrees is looked at by the use case, and never preferred to what the file says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from yaoxun.errors import RequestError
from yaoxun.forms.envelope import Identity
from yaoxun.office.model import Organisation, Period
from yaoxun.office.office import Office


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where the tables of a file belong, and what it says of itself. `org` None or no periods: 待认领, for `reason`, with `remedy`."""

    identity: Identity
    org: Organisation | None = None
    periods: Mapping[str, Period]
    how: str = ""
    reason: str = ""
    remedy: str = ""


def place(identity: Identity, office: Office) -> Placed:
    """Place a file by `_meta`, else by its cover."""
    if not identity.tables:
        reason = "工作簿里没有认得出的报表"
        remedy = "请在办公室发放的模板上填报；如确是本单位报表，请与办公室联系认领。"
        return Placed(identity=identity, periods={}, reason=reason, remedy=remedy)
    org, how = _organisation(identity, office)
    if org is None:
        reason = "看不出是哪家单位报的（隐藏的身份页已丢失，封面“填报单位”空缺或不在名录内）"
        return Placed(
            identity=identity, periods={}, reason=reason, remedy="请在封面填写单位全称后重报，或由办公室认领。"
        )
    periods, problem = _periods(identity, office)
    if not periods:
        remedy = "请用本期发放的模板填报；如报告期有误，请在封面改正后重报。"
        return Placed(identity=identity, org=org, periods={}, how=how, reason=problem, remedy=remedy)
    return Placed(identity=identity, org=org, periods=periods, how=how)


def _organisation(identity: Identity, office: Office) -> tuple[Organisation | None, str]:
    if identity.meta is not None and identity.meta.org:
        org = office.find_organisation(identity.meta.org)
        if org is not None:
            return org, "按模板身份页"
    named = identity.cover.fields.get("填报单位", "").strip()
    return (office.find_organisation(named) if named else None), "按封面填报单位"


def _periods(identity: Identity, office: Office) -> tuple[dict[str, Period], str]:
    """The period of every table, from _meta or, where that is lost, from the cover."""
    placed: dict[str, Period] = {}
    problem = "看不出报告期（隐藏的身份页已丢失，封面“报告期”空缺）"
    for table in identity.tables:
        label = identity.period_of(table) or identity.cover.fields.get("报告期", "").strip()
        try:
            placed[table] = office.period(label)
        except RequestError as err:
            problem = f"报告期“{label}”不存在" if label else problem
            del err
    return placed, problem
