"""What a found table becomes: fixed rows or a register, whose rows they are, how the same row is known again."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from yaoxun.forms.layout.draft_columns import DraftColumn, Dropdowns, column_names, common_formula, guess, options_at
from yaoxun.forms.layout.draft_keys import carry_doubt, key_doubt
from yaoxun.forms.layout.draft_text import flow_list, scalar
from yaoxun.forms.layout.headings import PERCENTAGE
from yaoxun.forms.layout.model import Block, Question
from yaoxun.forms.layout.places import Place, PlacedSheet
from yaoxun.forms.layout.reports import Report
from yaoxun.forms.layout.senses import Sense, TableSense, make_sense
from yaoxun.forms.layout.settings import Layout
from yaoxun.forms.layout.words import half, split_unit, tidy
from yaoxun.sheets.model import address, column_letters

_NAMED = re.compile(r"名称|项目|文号|姓名|事项|任务|标题|指标|内容")
_THING = re.compile(r"(?<!指标)(?<!项目)(?<!栏目)名称$|姓名$|企业$|人员$|基地$")
_OWN_TITLE = re.compile(r"台账|名册|登记册|清单|名单|明细|花名|一览")
_REMARK = re.compile(r"备注|说明|附注")
_TOTALS: tuple[str, ...] = Layout.model_fields["totals"].default
_UNKNOWN_SHOWN = 5
_CARRIED = re.compile(r"(?:上月|上期|上季|上季度|截至上月|截至上期|截止上月)(?:末)?(?:本年)?累计(?:数|完成)?")
_RUNNING = frozenset({"累计", "本年累计", "累计完成", "累计数", "年度累计", "本期累计"})


@dataclass(frozen=True, kw_only=True)
class TableDraft:
    """A drafted table. `facts` are further keys of the form (rows, register, key) as YAML, `layout` of its layout. `rows`
    and `attributes` are the entries and further columns of a code list of given rows; `organisations` the names in the
    column that names them."""

    kind: str
    columns: tuple[DraftColumn, ...]
    facts: Mapping[str, str]
    layout: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    organisations: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


def draft_table(
    placed: PlacedSheet, block: Block, report: Report, known: Collection[str], dropdowns: Dropdowns
) -> TableDraft:
    """Decide for one block of shape table."""
    return _Table(placed, block, make_sense(placed, block, known, report.year), known, dropdowns).draft()


class _Table:
    """One block. `columns` are by the column's number in the sheet, running numbers left out."""

    def __init__(
        self, placed: PlacedSheet, block: Block, sense: TableSense, known: Collection[str], dropdowns: Dropdowns
    ) -> None:
        self.placed, self.block, self.sense = placed, block, sense
        self.known, self.dropdowns = known, dropdowns
        self.data = [row.number for row in block.rows if row.role == "data"]
        self.questions: list[Question] = list(sense.questions)
        first: dict[tuple[str, ...], Sense] = {}
        for one in sense.columns.values():
            if one.holds != "serial":
                first.setdefault(one.column.path, one)
        self.senses = {one.column.col: one for one in first.values()}
        names = column_names(list(first))
        self.columns = {
            col: self._column(one, name) for (col, one), name in zip(self.senses.items(), names, strict=True)
        }

    def draft(self) -> TableDraft:
        self._units_from_row()
        owner = self.columns.get(self.sense.owner)
        ignored = [tidy(s.column.path[-1]) for s in self.sense.columns.values() if s.holds == "serial"]
        made = self._by_organisation(owner, ignored) if owner else self._by_rows()
        self._formulas()
        self._about_headings()
        self._about_carried()
        self._about_hidden()
        layout = {"organisation": scalar(owner.name)} if owner else {}
        ignored = list(dict.fromkeys(("序号", *ignored)))
        if ignored != ["序号"]:
            layout["ignore"] = flow_list(ignored)
        return replace(
            made, columns=tuple(self.columns.values()), layout=layout | self._totals(), questions=tuple(self.questions)
        )  # fmt: skip

    def _ask(self, address: str, sentence: str) -> None:
        self.questions.append(Question(address=address, sentence=sentence))

    def _column(self, sense: Sense, name: str) -> DraftColumn:
        col, unit = sense.column.col, sense.unit if sense.holds == "figure" else sense.column.unit
        leaf = half(sense.column.path[-1])
        if sense.holds == "figure" and not unit and "%" in leaf:
            unit = "%"
        first = self.data[0] if self.data else self.block.header_row + 1
        options = options_at(self.dropdowns.get(self.block.sheet, ()), first, col)
        column = DraftColumn(
            name=name, path=sense.column.path, address=sense.column.address, unit=unit, options=options
        )
        by_row = bool(self.sense.unit) or self._named_units
        if sense.holds == "figure" and not unit and by_row and not PERCENTAGE.search(leaf):
            column = replace(column, unit_from="?")
        column = guess(column, self._values(col), len(self.data))
        told = any("按小数存" in question.sentence for question in column.questions)
        return column.asking(f"{sense.doubt}。") if sense.doubt and not told else column

    def _units_from_row(self) -> None:
        unit = self.columns.get(self.sense.unit)
        for col, column in self.columns.items():
            if column.unit_from:
                self.columns[col] = replace(column, unit_from=unit.name if unit else "")

    @cached_property
    def _named_units(self) -> bool:
        """Whether the names of the rows say their units: 招聘会（场）."""
        return any(split_unit(row.label)[1] for row in self.block.rows if row.role == "data")

    def _values(self, col: int) -> list[Place]:
        found = (self.placed.at(row, col) for row in self.data)
        return [p for p in found if p is not None and p.col <= col]

    def _texts(self, col: int) -> list[str]:
        return [tidy(p.text) for p in self._values(col)]

    def _mostly_figures(self) -> bool:
        """Whether rows are names with figures beside them, or with blanks for figures."""
        figures = sum(c.numeric for c in self.columns.values())
        words = sum(not c.numeric and not _REMARK.search(c.path[-1]) for c in self.columns.values())
        return figures >= max(1, words - 1)

    # Rows that name organisations

    def _by_organisation(self, owner: DraftColumn, ignored: list[str]) -> TableDraft:
        names = self._texts(self.sense.owner)
        if unknown := [name for name in dict.fromkeys(names) if self.known and name not in self.known]:
            shown = "、".join(unknown[:_UNKNOWN_SHOWN]) + ("等" if len(unknown) > _UNKNOWN_SHOWN else "")
            self._ask(
                owner.address,
                f"“{owner.name}”里的{shown}（{len(unknown)}家）不在 organisations.yaml 里，请补上单位，或把这个叫法写进它的 aliases。",
            )
        organisations = tuple(dict.fromkeys(names))
        if self.data and len(organisations) == len(self.data) and self._mostly_figures():
            self.columns[self.sense.owner] = replace(owner, locked=True, attribute="name")
            ignored += self._given_beside(owner)
            facts = {"rows": "{organisation: true}  # 一家单位一行", "key": flow_list([owner.name])}
            return TableDraft(kind="fixed", columns=(), facts=facts, organisations=organisations)
        if self.data:
            self._ask(
                owner.address,
                f"一家单位可以有几行，按登记册（register）起草：每家只收“{owner.name}”写着自己的行；一家只有一行的请改成 kind: fixed、rows: {{organisation: true}}。",
            )
        return self._register(owner, organisations)

    def _given_beside(self, owner: DraftColumn) -> list[str]:
        """Words left of the figures that stand in every row belong to the sheet: neither read nor filled."""
        first = min((col for col, c in self.columns.items() if c.numeric), default=0)
        given = [
            col for col, c in self.columns.items()
            if col < first and c.kind == "text" and c.name != owner.name and len(self._values(col)) == len(self.data)
        ]  # fmt: skip
        return ["/".join(self.columns.pop(col).path) for col in given]

    # Rows that the sheet gives, and registers

    def _by_rows(self) -> TableDraft:
        label = next((col for col, s in self.senses.items() if s.holds == "words" and not self.columns[col].options), 0)
        texts = self._texts(label) if label else []
        if not self.data or len(texts) != len(self.data) or not self._mostly_figures():
            return self._register(None, ())
        if self._is_own_register(label):
            return self._register(None, ())
        given = {label: "name"}
        if len(set(texts)) < len(texts):
            second = next((c for c in self.senses if c != label and len(self._values(c)) == len(self.data)), 0)
            if not second or len(set(zip(texts, self._texts(second), strict=True))) < len(texts):
                return self._register(None, ())
            given = {label: "part", second: "name"}
        elif group := next((c for c in self.senses if c < label and len(self._values(c)) == len(self.data)), 0):
            given[group] = "part"
        if self.sense.unit in self.columns:
            given[self.sense.unit] = "unit"
        return self._fixed(given)

    def _is_own_register(self, label: int) -> bool:
        """Whether the rows are one organisation's own things, which are nobody else's to fill; asked about where only some
        of it says so. Dates and words beside the figures tell of things, as do the heading and the title."""
        beside = [col for col in self.senses if col > label and not _REMARK.search(self.columns[col].path[-1])]
        told = [self.senses[col].holds in ("date", "words") and not self.columns[col].options for col in beside]
        signs = (
            any(told), bool(_THING.search(self.columns[label].path[-1])), bool(_OWN_TITLE.search(self.block.title)),
        )  # fmt: skip
        owner = self.block.organisation
        if sum(signs) < (1 if owner else 2) or (self.sense.unit and not signs[2]):
            return False
        if sum(signs) + bool(owner) < len(signs):
            whose = f"{owner}自己的" if owner else "一家单位自己的"
            say = f"这些行像是{whose}，按登记册起草：各家自己写行，这份表里的行不发给别家；如果每家都报这几行，请改成 kind: fixed 和代码表。"
            self._ask(self.columns[label].address, say)
        return True

    def _fixed(self, given: Mapping[int, str]) -> TableDraft:
        """A code list holds the rows: what stands in them, what is merged down beside them, their units."""
        rows: list[Mapping[str, str]] = []
        for n, row in enumerate(self.data, start=1):
            found = {attribute: self.placed.at(row, col) for col, attribute in given.items()}
            entry = {"code": f"R{n:02}"} | {key: p.text.strip() if p else "" for key, p in found.items()}
            rows.append({key: entry[key] for key in ("code", "name", "part", "unit") if key in entry})
        for col, attribute in given.items():
            self.columns[col] = replace(self.columns[col], locked=True, attribute=attribute, questions=())
        attributes = {attribute: self.columns[col].name for col, attribute in given.items() if attribute != "name"}
        key = [self.columns[col].name for col, attribute in sorted(given.items()) if attribute != "unit"]
        facts = {"key": f"{flow_list(key)}  # 凭这几列认出同一行"}
        return TableDraft(kind="fixed", columns=(), facts=facts, rows=tuple(rows), attributes=attributes)

    def _register(self, owner: DraftColumn | None, organisations: tuple[str, ...]) -> TableDraft:
        words = {
            c: column for c, column in self.columns.items() if column is not owner and not column.numeric
        } or self.columns
        col = next((c for c, column in words.items() if _NAMED.search(column.path[-1])), next(iter(words)))
        self.columns[col] = replace(words[col], required=True)
        if doubt := key_doubt(words[col], self._texts(col), self.columns.values()):
            self._ask(words[col].address, doubt)
        if doubt := carry_doubt(self.columns.values()):
            self._ask(words[col].address, doubt)
        facts = {
            "register": "{}  # 登记册：每期可有多行",
            "key": f"{flow_list([words[col].name])}  # 凭这几列认出同一条",
        }
        return TableDraft(kind="register", columns=(), facts=facts, organisations=organisations)

    # What else the sheet says

    def _formulas(self) -> None:
        letters = {column_letters(col): c.name for col, c in sorted(self.columns.items()) if c.numeric}
        for col, column in self.columns.items():
            said, other = common_formula(self._values(col), letters)
            if said and column.numeric and column.name not in re.findall(r"\w+", said):
                self.columns[col] = replace(column, formula=said, negative=False)
            elif other:
                self.columns[col] = column.asking("这一列有公式，但不能写成本行各列的算式，先按手填起草。")

    def _about_carried(self) -> None:
        """上期累计 beside 累计: the program can print it from what was accepted last."""
        for col, column in self.columns.items():
            totals = [
                c for c in self.columns.values() if c.path[:-1] == column.path[:-1] and half(c.path[-1]) in _RUNNING
            ]
            if _CARRIED.fullmatch(half(column.path[-1])) and totals:
                how = f"locked: true, prefill: {{previous: {totals[0].name}}}"
                self.columns[col] = column.asking(f"这一列如果就是上期的“{totals[0].name}”，可由程序预填，请加 {how}。")

    def _about_hidden(self) -> None:
        """Hidden rows and columns would be filled and read by nobody's eyes."""
        sheet = self.placed.sheet
        rows = [str(row) for row in self.data if row in sheet.hidden_rows]
        cols = [column_letters(col) for col in self.columns if col in sheet.hidden_cols]
        if rows:
            self._ask(f"A{rows[0]}", f"第{'、'.join(rows)}行是隐藏的，也按数据行起草；不收的请从表里删去。")
        if cols:
            self._ask(
                f"{cols[0]}{self.block.header_row}",
                f"{'、'.join(cols)}列是隐藏的，也起草了；不收的请从 columns 里删去。",
            )

    def _about_headings(self) -> None:
        across = [s.organisation for s in self.senses.values() if s.organisation]
        if across:
            self._ask(
                address(self.block.header_row, min(self.columns)),
                f"{'、'.join(across[:5])}横排在表头里。要分家收表，请把表改成一行一家单位再起草；现在这样，每家都会填到全部列。",
            )
        dated = [s for s in self.senses.values() if s.period]
        labels = sorted({s.period for s in dated})
        if len(labels) > 1:
            sentence = f"各列分属{len(labels)}个报告期（{'、'.join(labels)}）。逐期收表的，请只留本期的列；往期的数请用“导入历史数据”。"
            self._ask(dated[0].column.address, sentence)

    def _totals(self) -> dict[str, str]:
        own = [half(row.label) for row in self.block.rows if row.role == "total"]
        extra = [w for w in dict.fromkeys(own) if w and not any(w.startswith(t) or w.endswith(t) for t in _TOTALS)]
        section = next((row for row in self.block.rows if row.role == "section"), None)
        if section is not None:
            self._ask(f"A{section.number}", "表中间有分节的标题行，这些行不收数。")
        return {"totals": flow_list((*_TOTALS, *extra))} if extra else {}
