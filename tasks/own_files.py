"""The office's own blank workbooks (layout.file): opened with the limits of every file, and refused where issuing them
would lose something that the office put in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from yaoxun.errors import ConfigError
from yaoxun.forms.drafts import drafts_of
from yaoxun.forms.envelope import Identity, Meta
from yaoxun.forms.identity import assign
from yaoxun.forms.layout.draft_text import ASKED
from yaoxun.forms.layout.filling import fill_own, own_places
from yaoxun.forms.layout.own_rows import names_of
from yaoxun.forms.layout.said import say_of
from yaoxun.forms.located import Located
from yaoxun.forms.locating import identify
from yaoxun.forms.model import Form, Frame, History, KnownRow
from yaoxun.forms.values import raw_text
from yaoxun.office.office import Office, bare_name
from yaoxun.office.periods import containing
from yaoxun.settings import Faults
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.sandbox import shared_sandbox

if TYPE_CHECKING:
    from tasks.desk import Config

_MANY = 60
"""Entries of a register with which filling is tried: more than a blank register has rows."""


def open_own(config: Path, form: Form, limits: Limits) -> tuple[bytes, RawWorkbook]:
    """A form's own workbook: its bytes, and as read. Raises ConfigError where it is not there, cannot be read, or has
    something in it that would be lost when it is filled."""
    path = config / form.own_file
    try:
        data = path.read_bytes()
    except OSError as err:
        problem, remedy = f"没有文件 config/{form.own_file}", "请把空白的表放在这里，或改正 layout.file。"
        raise ConfigError(file=form.file, key="layout.file", problem=problem, remedy=remedy) from err
    raw = _read(path, data, limits)
    if isinstance(raw, Refusal):
        problem = f"config/{form.own_file} 读不了：{raw.sentence}"
        raise ConfigError(file=form.file, key="layout.file", problem=problem, remedy=raw.remedy)
    if path.suffix.lower() != ".xlsx" or raw.lossy:
        what = f"里有{'、'.join(raw.lossy)}，填写后会丢失" if raw.lossy else "不是 .xlsx 文件，填写后版式会变"
        remedy = "请去掉这些内容，或另存为 .xlsx 后再放进来。"
        raise ConfigError(file=form.file, key="layout.file", problem=f"config/{form.own_file} {what}", remedy=remedy)
    return data, raw


@lru_cache(maxsize=16)
def _read(path: Path, data: bytes, limits: Limits) -> RawWorkbook | Refusal:
    """What these bytes hold, whatever becomes of the file meanwhile."""
    with NamedTemporaryFile(suffix=path.suffix) as copy:
        copy.write(data)
        copy.flush()
        return shared_sandbox(limits).open(Path(copy.name))


def by_file(forms: Mapping[str, Form]) -> dict[str, list[Form]]:
    """The own workbooks with the forms that stand in each."""
    found: dict[str, list[Form]] = {}
    for form in forms.values():
        if form.own_file:
            found.setdefault(form.own_file, []).append(form)
    return found


def identified(raw: RawWorkbook, config: "Config") -> Identity:
    """What a file says of itself. A name that is printed in the office's own blank is no statement of the sender, nor is that
    of the collector or issuer where it owes no such table: such lines were left as they stood."""
    identity = identify(raw, config.forms, config.office.names)
    own = {
        table: replace(said, organisation="") if _is_printed(said.organisation, config, table) else said
        for table, said in identity.own.items()
    }
    return replace(identity, own=own)


def _is_printed(name: str, config: "Config", table: str) -> bool:
    if not name:
        return False
    office, form = config.office, config.forms[table]
    org = office.find_organisation(name)
    of_office = org is not None and org.code in (office.collector.code, office.issuer.code)
    if of_office and not any(a.org == org.code and a.table == table for a in office.assignments if org):
        return True
    if not form.own_file:
        return False
    try:
        _, blank = open_own(form.file.parent.parent, form, config.limits)
        places = own_places(blank, [form])[form.id]
    except ConfigError:
        return False  # a blank that cannot be used prints nothing; config check tells of it
    return any(say_of(place, form, office.names).organisation == name for place in places)


def open_questions(form: Form) -> tuple[int, ...]:
    """The lines of a form's file that still ask what drafting could not decide."""
    lines = form.file.read_text(encoding="utf-8").splitlines()
    return tuple(n for n, line in enumerate(lines, start=1) if line.lstrip().startswith(f"# {ASKED}"))


def check_own_files(config: Path, forms: Mapping[str, Form], office: Office, limits: Limits, day: date) -> Faults:
    """Every own workbook opens, has what its layouts ask for, and prints no row that the code list does not know on that
    day; what is wrong otherwise."""
    faults = Faults()
    for together in by_file(forms).values():
        with faults.gathered():
            data, raw = open_own(config, together[0], limits)
            places = own_places(raw, together)
            for form in together:
                with faults.gathered():
                    _check_rows(form, places[form.id][0], office, day)
                    _check_organisations(form, places[form.id][0], office)
            with faults.gathered():
                _try_filling(data, raw, together, office, day)
    return faults


def _try_filling(data: bytes, raw: RawWorkbook, forms: Sequence[Form], office: Office, day: date) -> None:
    """Issue the file for nobody: with nothing known, and with more entries of each register than it has rows."""
    meta = Meta(template="", version=1, org=office.collector.code)
    for known in (0, _MANY):
        frames = [_frame(form, office, day, known) for form in forms if not _has_rows_of_others(form)]
        if frames:
            fill_own(data, raw, frames, meta=meta, based_on={}, known=office.names)


def _has_rows_of_others(form: Form) -> bool:
    rows = form.setting.rows
    return bool(rows and (rows.owner or form.organisation_column)) or form.setting.period == "baseline"


def _frame(form: Form, office: Office, day: date, known: int) -> Frame:
    """What a form is filled with where that many entries are known of a register."""
    assert form.setting.period != "baseline"  # noqa: S101 (narrowing; the caller looked)
    period = office.period(containing(form.setting.period, max(day, office.records_from)).label)
    uids = [f"n{n}" for n in range(known if not form.fixed else 0)]
    rows = {uid: KnownRow(uid=uid, values=dict.fromkeys(form.setting.key, uid), number=uid) for uid in uids}
    return Frame(
        form=form, org=office.collector, period=period, lists=office.code_lists, history=History(rows=rows),
        pilot_start=office.pilot_start,
    )  # fmt: skip


def _check_organisations(form: Form, place: Located, office: Office) -> None:
    """Of a table with a row for each organisation: everyone that owes it has one, or finds a blank one."""
    column = form.organisation_column
    if not column or not form.fixed:
        return
    texts = {bare_name(raw_text(place.cell(number, column))) for number in place.body}
    owing = dict.fromkeys(a.org for a in office.assignments if a.table == form.id)
    orgs = [org for org in map(office.organisation, owing) if not names_of(org) & texts]
    blank = place.end_row - place.header_row - 1 - len(place.body) - len(place.aside)
    if orgs and blank < 1:
        names = "、".join(org.short for org in orgs[:5]) + ("等" if len(orgs) > 5 else "")
        problem = f"config/{form.own_file} 里没有{names}的行"
        remedy = "请在表里加上这些单位的行（名称同 organisations.yaml，别的叫法写进 aliases），或空一行。"
        raise ConfigError(file=form.file, key="layout.file", problem=problem, remedy=remedy)


def _check_rows(form: Form, place: Located, office: Office, day: date) -> None:
    rows = form.setting.rows
    if rows is None or rows.owner or rows.organisation or form.organisation_column or form.setting.period == "baseline":
        return
    frame = _frame(form, office, day, 0)
    drafts = list(drafts_of(frame, place))
    assign(frame, drafts)
    lost = [draft for draft in drafts if not draft.uid]
    if lost:
        names = "、".join(
            f"第{d.number}行“{' '.join(d.cells[n].text for n in form.setting.key if n in d.cells)}”" for d in lost[:5]
        )
        problem = f"config/{form.own_file} 里的{names}不在代码表 {rows.list} 里"
        remedy = "请在代码表里补上（写法不同的写进 aliases），或从文件里删去这一行。"
        raise ConfigError(file=form.file, key="rows.list", problem=problem, remedy=remedy)
