"""Drafts form definitions for the tables of an office's own workbook: one for every table or form that stands in it.

What a table becomes is decided in draft_table.py, its columns are guessed in draft_columns.py, the text is written by
draft_text.py.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from yaoxun.forms.layout.blank_lines import told_by_blank, wholly_of
from yaoxun.forms.layout.draft_columns import DraftColumn, Dropdowns, column_names, guess, options_at
from yaoxun.forms.layout.draft_table import TableDraft, draft_table
from yaoxun.forms.layout.draft_text import ASKED, flow_list, form_text, list_text, scalar
from yaoxun.forms.layout.headers import is_index_line, is_unit_line
from yaoxun.forms.layout.info import names_organisation, names_period
from yaoxun.forms.layout.model import Block, Question, Spot
from yaoxun.forms.layout.reports import Report, report_of
from yaoxun.forms.layout.senses import unit_for
from yaoxun.forms.layout.settings import Layout
from yaoxun.forms.layout.structure import Anatomy, take_apart
from yaoxun.forms.layout.words import tidy, without_period
from yaoxun.office.periods import parse_label
from yaoxun.sheets.model import RawWorkbook

PERIOD_KINDS = {"week": "周", "month": "月", "quarter": "季", "half": "半年", "year": "年"}
_OWN = ("单位", "填报单位名称")
_MOST_LEVELS = 5
_ENDS: tuple[str, ...] = Layout.model_fields["end"].default


@dataclass(frozen=True, kw_only=True)
class DraftForm:
    """One drafted form. `text` is its YAML, `lists` the code lists that it needs (name → YAML), `questions` everything
    that is marked in the text, `organisations` the names that its rows are known by ('' rows have none), `notes` what the
    sheet says of one organisation and its people that does not go out."""

    id: str
    title: str
    sheet: str
    kind: str
    shape: str
    period: str
    columns: tuple[DraftColumn, ...]
    text: str
    lists: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    organisations: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def assignment(self, orgs: str) -> str:
        """The entry for assignments.yaml."""
        duty = "必报" if self.kind == "fixed" else "有则报"
        return f"  - {{orgs: {orgs}, tables: [{self.id}], period: {self.period}, duty: {duty}}}"

    def asking(self, sentence: str, *, without_file: bool) -> "DraftForm":
        """The draft with one more question at its head; without the workbook to be issued where that cannot be used."""
        lines = [line for line in self.text.splitlines() if not (without_file and line.startswith("  file:"))]
        at = next(n for n, line in enumerate(lines) if line.startswith("id:"))
        text = "\n".join([*lines[:at], f"# {ASKED}{sentence}", *lines[at:]]) + "\n"
        return replace(self, text=text, questions=(*self.questions, Question(address="", sentence=sentence)))


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the caller says: the first id, the kind of period, the sheets (() for all), the file in config/ that is
    issued ('' for none) and why there is none, known organisations, dropdowns of the workbook."""

    first_id: str = ""
    period: str = ""
    sheets: tuple[str, ...] = ()
    own_file: str = ""
    no_file: str = ""
    organisations: Collection[str] = ()
    dropdowns: Dropdowns = field(default_factory=dict)


def draft_forms(
    raw: RawWorkbook, *, file_name: str, known_ids: Collection[str], wishes: Wishes | None = None
) -> tuple[DraftForm, ...]:
    """A form for every table of the visible sheets; tables of the same columns (a sheet a month) make one."""
    wishes = wishes or Wishes()
    found: list[tuple[Anatomy, Block]] = []
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for sheet in raw.sheets:
        if sheet.state != "visible" or (wishes.sheets and sheet.name not in wishes.sheets):
            continue
        anatomy = take_apart(sheet, wishes.organisations)
        for block in anatomy.blocks:
            if (paths := _paths(block)) and paths not in alike:
                found.append((anatomy, block))
            if paths:
                alike.setdefault(paths, []).append(sheet.name)
    ids = _ids(wishes.first_id, known_ids)
    drafts = []
    for anatomy, block in found:
        titled = sum(other.sheet == block.sheet for _, other in found) > 1
        alone = len(set(alike[_paths(block)])) == 1 and len(raw.sheets) > 1
        drafter = _Drafter(anatomy, block, next(ids), file_name, wishes)
        drafts.append(drafter.draft(block.sheet if alone else "", titled=titled))
    return tuple(drafts)


def next_id(known: Collection[str]) -> str:
    """The next free T number."""
    return next(_ids("", known))


def _ids(first: str, known: Collection[str]) -> Iterator[str]:
    """The first id and those after it; without one the free T numbers."""
    found = re.fullmatch(r"(.*?)(\d+)", first)
    if first and not found:
        yield first
        found = re.fullmatch(r"(.*?)(\d+)", f"{first}2")
    stem, number = (found[1], int(found[2])) if found else ("T", 1)
    while True:
        if first or f"{stem}{number}" not in known:
            yield f"{stem}{number}"
        number += 1


def _paths(block: Block) -> tuple[tuple[str, ...], ...]:
    return tuple(c.path for c in block.columns) or tuple(s.path for s in block.spots)


class _Drafter:
    """One block."""

    def __init__(self, anatomy: Anatomy, block: Block, form_id: str, file_name: str, wishes: Wishes) -> None:
        self.placed, self.notes, self.block, self.id = anatomy.grid, anatomy.notes, block, form_id
        self.file_name, self.wishes = file_name, wishes
        self.report: Report = report_of(block, block.sheet, file_name, wishes.organisations)
        self.questions: list[Question] = list(block.questions)
        self.lists: dict[str, str] = {}

    def draft(self, sheet_name: str, *, titled: bool) -> DraftForm:
        title = without_period(self.block.title) or tidy(self.block.sheet)
        period = self._period()
        made = self._labels() if self.block.shape == "labels" else self._table(title)
        self.questions += made.questions
        layout = self._where(sheet_name, without_period(self.block.title) if titled else "") | dict(made.layout)
        layout |= self._end()
        options = {c.name: self._option_list(n, c) for n, c in enumerate(made.columns, start=1) if c.options}
        heads = [
            f"# {title}：由{self.file_name}的工作表“{self.block.sheet}”起草。",
            "# 带“？请确认”的请逐条核对，改好后删去该行；再运行 yaoxun config check。",
        ]
        notes = told_by_blank(self.placed, wholly_of(self.block), self.wishes.organisations)
        heads += [f"# {note}" for note in notes]
        facts = {"id": scalar(self.id), "title": scalar(title), "kind": made.kind,
                 "period": f"{period}  # {PERIOD_KINDS[period]}报", **made.facts}  # fmt: skip
        text = form_text(
            heads=heads, questions=self.questions, facts=facts, columns=made.columns, layout=layout, lists=options
        )  # fmt: skip
        asked = [*self.questions, *(q for c in made.columns for q in c.questions)]
        return DraftForm(
            id=self.id, title=title, sheet=self.block.sheet, kind=made.kind, shape=self.block.shape, period=period,
            columns=made.columns, text=text, lists=self.lists, questions=tuple(asked), organisations=made.organisations,
            notes=notes,
        )  # fmt: skip

    def _ask(self, address: str, sentence: str) -> None:
        self.questions.append(Question(address=address, sentence=sentence))

    def _period(self) -> str:
        if self.wishes.period:
            return self.wishes.period
        if self.report.period:
            return parse_label(self.report.period).kind
        self._ask("", "表里没有写报告期，先按月报（period: month）；不是的请改。")
        return "month"

    def _where(self, sheet_name: str, title: str) -> dict[str, str]:
        """The part of the layout that says where the table stands."""
        if self.wishes.no_file:
            self._ask("", self.wishes.no_file)
        layout = {"file": self.wishes.own_file, "sheet": sheet_name, "title": title}
        shown = {key: scalar(value) for key, value in layout.items() if value}
        if self.block.shape == "labels":
            return shown | {"shape": "labels"}
        return shown | {"header_rows": str(self._depth())}

    def _depth(self) -> int:
        """How many rows the header has, column numbers and units not counted."""
        bottom = self.block.header_row
        for row in range(bottom, self.block.first_row, -1):
            line = self.placed.lines.get(row, ())
            if is_unit_line(self.placed, line):
                sentence = "这一行是各列的计量单位，请把单位并到表头里（如“人数（人）”），否则会当成数据行。"
                self._ask(line[0].address, sentence)
            elif not is_index_line(line):
                break
            bottom = row - 1
        return min(bottom - self.block.first_row + 1, _MOST_LEVELS)

    def _end(self) -> dict[str, str]:
        """The word that stands below the table, where it is none of the usual ones."""
        below = [line for row, line in sorted(self.placed.lines.items()) if row > self.block.last_row]
        first = next((p for line in below[:1] for p in line[:1] if (p.row, p.col) in self.notes), None)
        word = re.match(r"[\u4e00-\u9fff]{1,8}(?=[:：（(]|$)", tidy(first.text)) if first else None
        if self.block.shape == "labels" or not word or word[0].startswith(_ENDS):
            return {}
        return {"end": flow_list((*_ENDS, word[0]))}

    def _table(self, title: str) -> TableDraft:
        made = draft_table(self.placed, self.block, self.report, self.wishes.organisations, self.wishes.dropdowns)
        if not made.rows:
            return made
        name = f"{self.id.lower()}_rows"
        note = f"{self.id} 的行，每家单位都报这些行；由{self.file_name}起草。改了名称，表里的字也要一样。"
        self.lists[name] = list_text(f"{title}的行", made.attributes, made.rows, note)
        return replace(
            made,
            facts={
                "rows": f'{{list: {name}, owner: ""}}  # 每家都报这些行；各家不同的，在代码表里写 owner，或改成 register'
            }
            | dict(made.facts),
        )

    def _labels(self) -> TableDraft:
        asked = [s for s in self.block.spots if not self._is_frame(s)]
        names = column_names([s.path for s in asked])
        own = next(name for name in _OWN if name not in names)
        columns = [DraftColumn(name=own, locked=True, hidden=True, attribute="name")]
        columns += [self._spot(spot, name) for spot, name in zip(asked, names, strict=True)]
        ignored = list(dict.fromkeys(s.path[-1] for s in self.block.spots if self._is_frame(s)))
        layout = {"ignore": flow_list(("序号", *ignored))} if ignored else {}
        facts = {"rows": "{organisation: true}", "key": f"[{own}]  # 一家一份，凭来件认出是谁的"}
        return TableDraft(kind="fixed", columns=tuple(columns), facts=facts, layout=layout)

    def _is_frame(self, spot: Spot) -> bool:
        """A label that the program fills and reads itself: 填报单位, 报告期."""
        value = self.placed.own(spot.row, spot.col)
        return names_organisation(spot.path[-1]) or names_period(spot.path[-1], value.text if value else "")

    def _spot(self, spot: Spot, name: str) -> DraftColumn:
        value = self.placed.own(spot.row, spot.col)
        unit, doubt = spot.unit, ""
        if not unit and value is not None and value.family == "number":
            unit, doubt = unit_for(spot.path, self.block.unit)
        options = options_at(self.wishes.dropdowns.get(self.block.sheet, ()), spot.row, spot.col)
        column = DraftColumn(name=name, path=spot.path, address=spot.address, unit=unit, options=options)
        column = guess(column, [value] if value is not None else [], 1)
        return column.asking(f"{doubt}。") if doubt else column

    def _option_list(self, number: int, column: DraftColumn) -> str:
        name = f"{self.id.lower()}_options{number}"
        entries = [{"code": f"{n:02}", "name": option} for n, option in enumerate(column.options, start=1)]
        note = f"{self.id} “{column.name}”的选项，取自{self.file_name}的下拉。"
        self.lists[name] = list_text(column.name, {}, entries, note)
        return name
