"""The twelve foreign layouts once more, through the definitions that are drafted for them: what is read by a layout's words
is what was understood by evidence, cell by cell; and what a file said goes to nobody when it is issued.
"""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

import openpyxl
import pytest

from support.foreign_sheets import LAYOUTS, Foreign
from tasks.config_load import Loaded, load
from tasks.own_sheets import draft_file
from yaoxun.context import Context, parse_now
from yaoxun.forms.drafts import drafts_of
from yaoxun.forms.envelope import Meta
from yaoxun.forms.layout.draft import Wishes
from yaoxun.forms.layout.filling import fill_own
from yaoxun.forms.layout.settings import PATH
from yaoxun.forms.layout.understanding import understand
from yaoxun.forms.located import Located
from yaoxun.forms.locating import locate
from yaoxun.forms.model import Form, Frame
from yaoxun.forms.values import raw_text
from yaoxun.home import Home, shipped
from yaoxun.office.periods import containing
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import RawWorkbook
from yaoxun.sheets.reader import read_workbook

Cells = Mapping[tuple[str, str], str]


@cache
def drafted(n: int) -> tuple[Foreign, Loaded, Mapping[str, Form], RawWorkbook]:
    """One foreign workbook with the forms that were drafted for it, as a home loads them."""
    foreign = LAYOUTS[n]() if callable(LAYOUTS[n]) else LAYOUTS[n]
    root = Path(mkdtemp())
    for name in ("config", "report_templates"):
        shutil.copytree(shipped(name), root / name)
    file = root / foreign.file_name
    file.write_bytes(foreign.content)
    ctx = Context(home=Home(root), actor="试", occasion="试", fixed_now=parse_now("2023-04-06T09:00"))
    made = draft_file(ctx, file, Wishes(), assign="[chengqu]")
    loaded = load(ctx.home)
    assert not loaded.faults.found, [str(fault) for fault in loaded.faults.found]
    raw = read_workbook(file, load_limits(ctx.home.config))
    assert isinstance(raw, RawWorkbook)
    shutil.rmtree(root)
    return foreign, loaded, {one.id: loaded.forms[one.id] for one in made.forms}, raw


def frame(loaded: Loaded, form: Form, org: str = "chengqu") -> Frame:
    office = loaded.office
    assert office is not None
    label = containing(form.setting.period, office.records_from).label  # type: ignore[arg-type]
    return Frame(form=form, org=office.organisation(org), period=office.period(label), lists=office.code_lists)


def read_by_words(n: int) -> dict[tuple[str, str], tuple[str, str]]:
    """(sheet, address) → the column and the text of every cell that is read."""
    _, loaded, forms, raw = drafted(n)
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for table, places in locate(raw, forms).items():
        for place in places:
            for draft in drafts_of(frame(loaded, forms[table]), place, computed=True):
                for name, cell in draft.cells.items():
                    if cell.text:
                        found[place.sheet.name, cell.address] = (name, cell.text)
    return found


@pytest.mark.parametrize("n", range(len(LAYOUTS)))
def test_what_is_read_by_words_is_what_was_understood(n: int) -> None:
    foreign, _, forms, raw = drafted(n)
    mine = read_by_words(n)
    theirs = {(c.sheet, c.cell): c for c in understand(raw, file_name=foreign.file_name) if c.role == "data"}
    assert mine and {key: text for key, (_, text) in mine.items()} == {key: theirs[key].value for key in mine}
    ignored = {word for form in forms.values() if form.setting.layout for word in form.setting.layout.ignore}
    left = {cell.column.split(PATH)[-1] for key, cell in theirs.items() if key not in mine}
    assert left <= ignored | {"填报单位", "报告期"}


def for_first(one: Frame, place: Located) -> Frame:
    """The frame of the organisation that the first row names, where rows name organisations."""
    column = one.form.organisation_column
    if not column:
        return one
    name = raw_text(place.cell(place.body[0], column))
    return replace(one, org=replace(one.org, name=name, short=name))


@pytest.mark.parametrize("n", range(len(LAYOUTS)))
def test_what_a_file_said_goes_to_nobody(n: int) -> None:
    foreign, loaded, forms, raw = drafted(n)
    own = [form for form in forms.values() if form.own_file]
    places = locate(raw, {form.id: form for form in own})
    frames = [for_first(frame(loaded, form), places[form.id][0]) for form in own]
    meta = Meta(template="t", version=1, org="chengqu")
    data = fill_own(foreign.content, raw, frames, meta=meta, based_on={})
    assert data == fill_own(foreign.content, raw, frames, meta=meta, based_on={})
    book = openpyxl.load_workbook(BytesIO(data))
    for form, place in ((one, place) for one in own for place in places[one.id]):
        for number in place.body:
            for column in form.columns:
                spot = place.spot(number, column.name)
                kept = column.ours or column.name in (*form.setting.key, form.organisation_column)
                if spot is None or spot in place.groups or (kept and form.fixed):
                    continue
                cell = book[place.sheet.name].cell(*spot)
                if column.name == form.organisation_column:
                    continue
                assert cell.data_type == "f" or cell.value in (None, ""), (form.id, cell.coordinate, cell.value)
