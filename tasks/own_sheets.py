"""own_sheets: an office's own workbook is looked at (forms try) and made into form definitions (forms draft). No database.

Understanding and drafting are pure and stand in forms/layout; here files are opened in the sandbox and written.
"""

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tasks.config_load import Loaded, load
from tasks.own_assignments import orgs_reporting, orgs_typed, with_assignments
from yaoxun.context import Context
from yaoxun.errors import ConfigError, NotNowError, RequestError
from yaoxun.forms.layout.blank_lines import told_by_blank, wholly_of
from yaoxun.forms.layout.draft import DraftForm, Wishes, draft_forms, next_id
from yaoxun.forms.layout.filling import own_places
from yaoxun.forms.layout.model import UnderstoodCell
from yaoxun.forms.layout.placing import place_forms
from yaoxun.forms.layout.structure import take_apart
from yaoxun.forms.layout.understanding import understand
from yaoxun.forms.loading import load_form
from yaoxun.forms.model import Form
from yaoxun.home import Home, shipped
from yaoxun.office.lists import load_lists
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import RawWorkbook, Refusal
from yaoxun.sheets.sandbox import shared_sandbox

_KEYS = ("sheet", "cell", "organisation", "period", "column", "value", "unit", "role", "asked", "finding")
_COLOUR = "yaoxun.forms.layout.colouring:colour"
_LOST = (
    "照这个 layout 在表里找不回全部的列，没有设为发放用的空表。常见原因：几张表并排放、上级表头没有合并单元格。"
    "请在表里改好后重新起草。"
)
_DROPDOWNS = "yaoxun.forms.layout.dropdowns:read_dropdowns"


@dataclass(frozen=True, kw_only=True)
class Tried:
    """How a workbook was understood. `forms`: table → title of the office's forms that fit; `copy` the coloured copy,
    `notes` what of it does not go out when it is issued."""

    file: str
    cells: tuple[UnderstoodCell, ...]
    forms: dict[str, str]
    copy: Path | None = None
    notes: tuple[str, ...] = ()

    def as_json(self) -> list[dict[str, str]]:
        """One entry a filled cell; a header counts as title."""
        plain = (asdict(cell) for cell in self.cells)
        return [{key: "title" if (key, c[key]) == ("role", "header") else c[key] for key in _KEYS} for c in plain]


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """What was drafted and written. `added`: the assignments went into assignments.yaml."""

    forms: tuple[DraftForm, ...]
    files: tuple[Path, ...]
    assignments: tuple[str, ...]
    added: bool = False


def try_file(ctx: Context, file: Path, copy: Path | None = None) -> Tried:
    """Understand every filled cell of a workbook. Raises RequestError where it cannot be opened or the copy not written."""
    loaded = load(ctx.home)
    raw = _open(loaded, file)
    cells = understand(raw, file_name=file.name, organisations=_names(loaded))
    cells, fitting = _named_by_forms(raw, cells, loaded.forms.values())
    if copy is not None:
        _colour(loaded, raw, file, cells, copy)
    return Tried(file=file.name, cells=cells, forms=fitting, copy=copy, notes=_notes(raw, _names(loaded)))


def _notes(raw: RawWorkbook, known: frozenset[str]) -> tuple[str, ...]:
    """What the lines of each visible sheet say of one organisation and its people."""
    found: list[str] = []
    for sheet in (sheet for sheet in raw.sheets if sheet.state == "visible"):
        anatomy = take_apart(sheet, known)
        within = {row for block in anatomy.blocks for row in wholly_of(block)}
        told = told_by_blank(anatomy.grid, within, known) if anatomy.blocks else ()
        found += [f"{sheet.name}!{note}" for note in told]
    return tuple(found)


def draft_file(
    ctx: Context, file: Path, wishes: Wishes, *, out: Path | None = None, force: bool = False, assign: str = ""
) -> Drafted:
    """Draft a form for every table of a workbook and write what it needs below config/ (or `out`).

    assign: the organisations for assignments.yaml ('' to leave it). Raises RequestError, NotNowError where a file is
    there already and `force` is not set.
    """
    loaded = load(ctx.home)
    base = out or _own_config(ctx.home)
    raw = _open(loaded, file)
    known = {path.stem for path in (ctx.home.config / "forms").glob("*.yaml")} | set(loaded.forms)
    first = wishes.first_id or next_id(known)
    plain = file.suffix.lower() == ".xlsx" and not raw.lossy
    wishes = replace(
        wishes, first_id=first, own_file=f"own/{first}.xlsx" if plain else "", no_file="" if plain else _why_not(raw),
        organisations=_names(loaded), dropdowns=_dropdowns(loaded, file),
    )  # fmt: skip
    drafts = draft_forms(raw, file_name=file.name, known_ids=known, wishes=wishes)
    if not drafts:
        raise RequestError(f"{file.name} 里没有找到表。", "请先运行 yaoxun forms try 看各格是怎样认的。")
    drafts = _tried(drafts, raw, loaded)
    blank = (
        base / wishes.own_file if any(wishes.own_file and wishes.own_file in draft.text for draft in drafts) else None
    )
    orgs = orgs_typed(assign, loaded)
    lines = tuple(draft.assignment(orgs or orgs_reporting(draft, loaded)) for draft in drafts)
    duties = base / "assignments.yaml"
    added = with_assignments(duties, lines) if assign else ""
    files = _write(base, drafts, file, blank, force=force)
    if assign:
        duties.write_text(added, encoding="utf-8")
    return Drafted(forms=drafts, files=files, assignments=lines, added=bool(assign))


def _write(base: Path, drafts: Sequence[DraftForm], file: Path, blank: Path | None, *, force: bool) -> tuple[Path, ...]:
    """The definitions, their code lists and the workbook that is issued; all or, where one is there already, none."""
    texts = _texts(base, drafts)
    paths = (*texts, *((blank,) if blank else ()))
    there = [path.name for path in paths if path.exists()]
    if there and not force:
        raise NotNowError(f"已经有 {'、'.join(there)}，没有改动。", "要覆盖请加 --force；要另起表号请加 --id。")
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    if blank is not None and blank.resolve() != file.resolve():
        shutil.copyfile(file, blank)
    return paths


def _open(loaded: Loaded, file: Path) -> RawWorkbook:
    if not file.is_file():
        where = "是一个目录，不是文件" if file.is_dir() else "不存在"
        raise RequestError(f"文件“{file}”{where}。", f"请核对路径和文件名；相对路径从 {Path.cwd()} 算起。")
    raw = shared_sandbox(loaded.limits or load_limits(shipped("config"))).open(file)
    if isinstance(raw, Refusal):
        raise RequestError(f"{file.name}：{raw.sentence}", raw.remedy)
    return raw


def _names(loaded: Loaded) -> frozenset[str]:
    """All names that organisations go by."""
    if loaded.office is None:
        return frozenset()
    return frozenset(name for o in loaded.office.organisations for name in (o.name, o.short, *o.aliases))


def _named_by_forms(
    raw: RawWorkbook, cells: Sequence[UnderstoodCell], forms: Collection[Form]
) -> tuple[tuple[UnderstoodCell, ...], dict[str, str]]:
    """The cells with the office's own column names and units where one of its layouts fits the sheet."""
    own = [form for form in forms if form.setting.layout]
    found: dict[tuple[str, str], tuple[str, str]] = {}
    fitting: dict[str, str] = {}
    for sheet in raw.sheets if own else ():
        for form, located in place_forms(sheet, own):
            fitting[form.id] = form.title
            named = form.setting.layout.columns if form.setting.layout else {}
            for name in (name for name in located.columns if name in named):
                column = form.by_name[name]
                for row in (*located.body, *located.totals) if not located.spots else (0,):
                    found[sheet.name, located.address(row, name)] = (name, "" if column.unit_from else column.measure)
    return tuple(_as_defined(cell, found) for cell in cells), fitting


def _as_defined(cell: UnderstoodCell, found: Mapping[tuple[str, str], tuple[str, str]]) -> UnderstoodCell:
    name, unit = found.get((cell.sheet, cell.cell), ("", ""))
    return replace(cell, column=name, unit=unit or cell.unit) if name and cell.column else cell


def _colour(loaded: Loaded, raw: RawWorkbook, file: Path, cells: Sequence[UnderstoodCell], out: Path) -> None:
    if out.resolve() == file.resolve():
        raise RequestError("涂色副本不能写回原文件。", "请换一个文件名。")
    if out.suffix.lower() != ".xlsx":
        raise RequestError(f"涂色副本“{out.name}”要写成 .xlsx。", "请换一个文件名，如 试读.xlsx。")
    sandbox = shared_sandbox(loaded.limits or load_limits(shipped("config")))
    keeps = file.suffix.lower() == ".xlsx" and not raw.lossy
    out.parent.mkdir(parents=True, exist_ok=True)
    done = sandbox.call(
        _COLOUR, source_path=str(file.absolute()), cells=[asdict(c) for c in cells], out_path=str(out.absolute()), keeps=keeps
    )  # fmt: skip
    if isinstance(done, Refusal):
        raise RequestError(f"涂色副本没有写成：{done.sentence}", done.remedy)


def _dropdowns(loaded: Loaded, file: Path) -> dict[str, list[dict[str, list[str]]]]:
    """The workbook's dropdowns; none where it cannot be had."""
    if file.suffix.lower() not in (".xlsx", ".xlsm"):
        return {}
    found = shared_sandbox(loaded.limits or load_limits(shipped("config"))).call(_DROPDOWNS, path=str(file.absolute()))
    return {} if isinstance(found, Refusal) else found


def _why_not(raw: RawWorkbook) -> str:
    what = f"表里有{'、'.join(raw.lossy)}，程序填写后会丢失" if raw.lossy else "不是 .xlsx 文件"
    return f"{what}，没有设为发放用的空表（layout.file）；要按原样发放，请另存为普通的 .xlsx 再起草。"


def _own_config(home: Home) -> Path:
    if home.config != home.root / "config":
        raise RequestError(
            f"{home.root} 没有自己的 config/。", "请先运行 yaoxun init 建办公室，或用 --out 指定写到哪里。"
        )
    return home.config


def _texts(base: Path, drafts: Sequence[DraftForm]) -> dict[Path, str]:
    texts = {base / "forms" / f"{draft.id}.yaml": draft.text for draft in drafts}
    for draft in drafts:
        texts |= {base / "lists" / f"{name}.yaml": text for name, text in draft.lists.items()}
    return texts


def _tried(drafts: Sequence[DraftForm], raw: RawWorkbook, loaded: Loaded) -> tuple[DraftForm, ...]:
    """The drafts, each tried as the program will use it: what does not load, or is not found again in the workbook, is
    among the questions, and such a table is not issued."""
    tried = {draft.id: draft for draft in drafts}
    with TemporaryDirectory() as folder:
        base = Path(folder)
        for path, text in _texts(base, drafts).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (base / "lists").mkdir(exist_ok=True)
        lists = dict(loaded.office.code_lists) if loaded.office else {}
        forms: list[Form] = []
        try:
            lists |= load_lists(base / "lists", frozenset())
        except ConfigError as err:
            tried = {key: draft.asking(_fault(err), without_file=True) for key, draft in tried.items()}
        for draft in drafts:
            try:
                forms.append(load_form(base / "forms" / f"{draft.id}.yaml", lists))
            except ConfigError as err:
                tried[draft.id] = draft.asking(_fault(err), without_file=False)
    for lost in _not_found(raw, [form for form in forms if form.own_file]):
        tried[lost] = tried[lost].asking(_LOST, without_file=True)
    return tuple(tried.values())


def _fault(err: ConfigError) -> str:
    return f"起草的定义还不能用：{err.message.split('，', 1)[-1]}。"


def _not_found(raw: RawWorkbook, forms: list[Form]) -> Iterator[str]:
    """Tables that their own layout does not find again in the workbook."""
    while forms:
        try:
            own_places(raw, forms)
        except ConfigError as err:
            lost = Path(err.file).stem
            yield lost
            forms = [form for form in forms if form.id != lost]
        else:
            return


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """One table of the office for a list; `own_file` is the workbook that is issued for it ('' for ours)."""

    id: str
    title: str
    kind: str
    period: str
    own_file: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def list_forms(ctx: Context) -> tuple[FormRow, ...]:
    """The tables that can be used, in order of id."""
    return tuple(
        FormRow(
            id=form.id, title=form.title, kind=form.setting.kind, period=form.setting.period, own_file=form.own_file
        )
        for form in load(ctx.home).forms.values()
    )  # fmt: skip
