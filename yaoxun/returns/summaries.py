"""A summary: one own sheet with the rows of many organisations, sent by one of them. Who is named in it, what is wrong with
it as a whole, and the workbook as one organisation's part of it. Pure; who may send one is looked at by the use case.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from yaoxun.forms.envelope import Identity
from yaoxun.forms.findings import at
from yaoxun.forms.layout.totals import check_totals
from yaoxun.forms.located import Located, Spot
from yaoxun.forms.locating import locate
from yaoxun.forms.model import Finding, Form, Frame
from yaoxun.forms.values import raw_text
from yaoxun.office.model import Organisation, Period
from yaoxun.office.office import Office
from yaoxun.sheets.model import RawWorkbook


def organisations_in(identity: Identity, office: Office) -> tuple[Organisation, ...]:
    """The organisations whose rows are filled, in the order of the rows."""
    named = (office.find_organisation(name) for said in identity.own.values() for name in said.named)
    return tuple({org.code: org for org in named if org is not None}.values())


def whole_findings(
    raw: RawWorkbook, forms: Mapping[str, Form], office: Office, periods: Mapping[str, Period]
) -> Iterator[Finding]:
    """What is told once of a summary: its sums, and filled rows of nobody that is known."""
    for table, places in locate(raw, forms).items():
        form, place = forms[table], places[0]
        frame = Frame(form=form, org=office.collector, period=periods[table], lists=office.code_lists)
        yield from check_totals(frame, place)
        for number in place.body:
            name = _name(form, place, number)
            if office.find_organisation(name) is None and place.is_filled(number, _inputs(form)):
                yield _of_nobody(form, place, number, name)


def _of_nobody(form: Form, place: Located, number: int, name: str) -> Finding:
    column = form.organisation_column
    why = f"“{name}”不在单位名录里" if name else f"没有写{column}"
    message = f"第{number}行{why}，这一行没有收。请按名录里的名称改正，把整份汇总表重报一次。"
    where = {"table": form.id, "column": column, "row_uid": f"row{number}", "found": name}
    return at("C02", place.sheet.name, place.address(number, column), message, **where)


def part_of(raw: RawWorkbook, forms: Mapping[str, Form], office: Office, org: Organisation) -> RawWorkbook:
    """The workbook with the figures of one organisation only: those of the others' rows and the sums are blank, their names
    stay, so that the table is found as it stands in the whole."""
    gone: dict[str, set[Spot]] = {}
    for table, places in locate(raw, forms).items():
        for place in places:
            gone.setdefault(place.sheet.name, set()).update(_others_spots(forms[table], place, office, org))
    sheets = tuple(
        replace(sheet, cells={spot: cell for spot, cell in sheet.cells.items() if spot not in gone[sheet.name]})
        if gone.get(sheet.name)
        else sheet
        for sheet in raw.sheets
    )
    return replace(raw, sheets=sheets)


def _others_spots(form: Form, place: Located, office: Office, org: Organisation) -> Iterator[Spot]:
    owner = place.columns.get(form.organisation_column, 0)
    cols = {col for col in (*place.columns.values(), *(col for _, col in place.unknown)) if col and col != owner}
    others = [n for n in place.body if office.find_organisation(_name(form, place, n)) != org]
    yield from ((row, col) for row in (*others, *place.totals) for col in cols)


def _name(form: Form, place: Located, number: int) -> str:
    return raw_text(place.cell(number, form.organisation_column)).strip()


def _inputs(form: Form) -> list[str]:
    return [c.name for c in form.columns if not c.ours and c.name != form.organisation_column]
