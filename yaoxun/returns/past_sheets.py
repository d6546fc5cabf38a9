"""Sheets of past periods: the office's own, with one organisation or a row for each, and our old templates, as groups that
can be imported. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from yaoxun.errors import RequestError
from yaoxun.forms.drafts import drafts_of
from yaoxun.forms.envelope import Identity
from yaoxun.forms.layout.own_rows import declared_zero, own_drafts
from yaoxun.forms.layout.said import say_of
from yaoxun.forms.layout.totals import check_totals
from yaoxun.forms.layout.words import summed_period
from yaoxun.forms.located import Located
from yaoxun.forms.locating import identify, locate
from yaoxun.forms.model import DECLARATIONS, Declaration, Form, Frame, Table
from yaoxun.forms.values import raw_text
from yaoxun.office.office import Office
from yaoxun.returns.flat import ORG, PERIOD, TABLE, flat_groups, looks_flat
from yaoxun.returns.past import Fault, PastGroup, past_table
from yaoxun.sheets.model import RawWorkbook

_SUMMED = "{what}是几期的合计，不是一个报告期的数，不导入：合计由程序自己加。请删去{where}，只留各期的数。"


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What the person who imports says of the file, '' for as the file says: table, period label, organisation."""

    table: str = ""
    period: str = ""
    org: str = ""


@dataclass(frozen=True, kw_only=True)
class SheetGroup(PastGroup):
    """A table in a sheet, of which `rows` (None: all) are one organisation's. `sums`: the sheet's sums are looked at with
    this group; `declared`: what a cover says."""

    place: Located
    rows: tuple[int, ...] | None = None
    sums: bool = True
    declared: Declaration = "有数据"

    def read(self, frame: Frame, faults: list[Fault]) -> Table:
        drafts = list(drafts_of(frame, self.place, computed=True, rows=self.rows))
        zero = declared_zero(self.place, drafts)
        mine = list(own_drafts(frame, self.place, drafts, []))
        table = past_table(
            frame, self.sheet, self.place.columns, mine, faults, start=self.place.header_row,
            findings=tuple(check_totals(frame, self.place)) if self.sums else (), declared="零报告" if zero and not mine else self.declared,
        )  # fmt: skip
        return replace(table, end_row=self.place.end_row)


def past_groups(
    raw: RawWorkbook, forms: Mapping[str, Form], office: Office, stated: Stated, faults: list[Fault]
) -> list[PastGroup]:
    """Every group of a file; sheets that nothing is known of are left out, a file without any group is a fault."""
    asked = {stated.table: forms[stated.table]} if stated.table in forms else dict(forms)
    flat = {sheet.name for sheet in raw.sheets if looks_flat(sheet)}  # a table's headers may stand in it, too
    found = {
        table: left
        for table, places in locate(raw, asked).items()
        if (left := [place for place in places if place.sheet.name not in flat])
    }
    identity = identify(raw, asked)
    groups: list[PastGroup] = []
    for table, places in found.items():
        for place in places:
            groups += _of_place(forms[table], place, identity, office, stated, faults)
    taken = {place.sheet.name for places in found.values() for place in places}
    rest = [s for s in raw.sheets if s.state == "visible" and s.cells and s.name not in taken]
    for sheet in rest:
        if looks_flat(sheet) or not (found or len(rest) > 1):
            groups += flat_groups(sheet, faults)
    if not groups and not faults:
        say = f"没有认出可导入的表。扁平表第一行写{TABLE}、{PERIOD}、{ORG}和各列列名；自己的表请先做好 layout（yaoxun forms draft）。"
        faults.append(Fault(sheet=raw.sheets[0].name if raw.sheets else "", cell="A1", say=say))
    return groups


def _of_place(  # noqa: PLR0917 (a table, and what is known of its file)
    form: Form, place: Located, identity: Identity, office: Office, stated: Stated, faults: list[Fault]
) -> Iterator[SheetGroup]:
    said = say_of(place, form)
    sheet, at = place.sheet.name, place.address(place.header_row)
    told = identity.period_of(form.id) or identity.cover.fields.get("报告期", "") or said.period
    period, say = _period_of(form, office, told, stated.period)
    if say and summed_period(sheet):
        say = _SUMMED.format(what=f"工作表“{sheet}”", where="这张工作表")
    if say:
        faults.append(Fault(sheet=sheet, cell=said.period_at or at, say=say))
        return
    places = {PERIOD: said.period_at or at, TABLE: at}
    column = form.organisation_column
    if column and column in place.columns:
        yield from _of_rows(form, place, office, (period, stated.org), faults)
        return
    meta = identity.meta.org if identity.meta else ""
    org = meta or stated.org or identity.cover.fields.get("填报单位", "") or said.organisation
    if not org:
        say = "整张表看不出是哪家单位的，请在表的上方写“填报单位：…”，或导入时加 --org。"
        faults.append(Fault(sheet=sheet, cell="", say=say))
        return
    places[ORG] = said.organisation_at or at
    told = identity.cover.declared.get(form.id, "")
    if told != "本次不含":
        declared: Declaration = next((d for d in DECLARATIONS if d == told), "有数据")
        yield SheetGroup(key=(form.id, period, org), sheet=sheet, places=places, place=place, declared=declared)


def _period_of(form: Form, office: Office, told: str, stated: str) -> tuple[str, str]:
    """The period that a sheet or, where it is silent, a person says; and why there is none."""
    if stated and told and not _same_period(office, told, stated):
        return "", f"{form.title}写的是{told}，--period 写的是{stated}。请核对：表上写错的改表，写对的不加 --period。"
    if not (told or stated):
        return "", f"看不出{form.title}是哪一期的，请在表上写明（如 2023年3月），或加 --period。"
    return told or stated, ""


def _same_period(office: Office, one: str, other: str) -> bool:
    """Whether two labels are one period; a label that is none is told elsewhere."""
    try:
        return office.period(one) == office.period(other)
    except RequestError:
        return True


def _of_rows(
    form: Form, place: Located, office: Office, asked: tuple[str, str], faults: list[Fault]
) -> Iterator[SheetGroup]:
    """One group for each organisation whose rows hold anything."""
    period, only = asked
    column = form.organisation_column
    inputs = [c.name for c in form.columns if not c.ours and c.name != column]
    rows: dict[str, list[int]] = {}
    for number in place.body:
        if not place.is_filled(number, inputs):
            continue
        name, spot = raw_text(place.cell(number, column)).strip(), place.address(number, column)
        org = office.find_organisation(name) if name else None
        if org is None:
            say = (
                f"没有单位“{name}”，请按 config/organisations.yaml 的名称（或别名）改正。"
                if name
                else f"{column}没有写。"
            )
            faults.append(Fault(sheet=place.sheet.name, cell=spot, say=say))
        elif not only or office.find_organisation(only) == org:
            rows.setdefault(org.code, []).append(number)
    top = place.address(place.header_row)
    for n, (code, numbers) in enumerate(rows.items()):
        places = {ORG: place.address(numbers[0], column), PERIOD: top, TABLE: top}
        yield SheetGroup(
            key=(form.id, period, code), sheet=place.sheet.name, places=places, place=place, rows=tuple(numbers), sums=n == 0
        )  # fmt: skip


def checked_key(group: PastGroup, forms: Mapping[str, Form], office: Office, faults: list[Fault]) -> bool:
    """Whether table, period and organisation of a group exist and belong together; what does not is a fault."""
    table, label, named = group.key
    before = len(faults)
    form = forms.get(table)
    if form is None:
        faults.append(group.fault(TABLE, f"没有报表“{table}”，请写：{'、'.join(forms)}。"))
    if office.find_organisation(named) is None:
        faults.append(group.fault(ORG, f"没有单位“{named}”，请按 config/organisations.yaml 的名称（或别名）改正。"))
    try:
        period = office.period(label)
    except RequestError as err:
        say = (
            _SUMMED.format(what=f"“{label}”", where="这一行") if summed_period(label) else f"{err.message}{err.remedy}"
        )
        faults.append(group.fault(PERIOD, say))
    else:
        if form is not None and period.kind not in ("baseline", form.setting.period):
            kinds = {"week": "周", "month": "月", "quarter": "季", "half": "半年", "year": "年"}
            say = f"{form.id} 按{kinds.get(form.setting.period, '')}报，“{label}”不是这样的报告期。"
            faults.append(group.fault(PERIOD, say))
    return len(faults) == before
