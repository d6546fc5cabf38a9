"""The calls of a narrative: what each prints, and where figures come from. How a template is rendered stands in
narrative.py, what a template may do with what is printed in placeholders.py.

    数('policies_city')     87          数量(…)  87个          词('products_total')  40余
    比上期(…) 比同期(…)      比上期增加5个，增长6.1%            覆盖(…)  应报26家，实报24家，未报：…
    有(…)  可比(…)  可比(…, '上年同期')   whether there is anything, and anything to compare with; for {% if %}
    行('policies_by_county')    rows with .名 .值 .有;  值('deeds_by_county', 县.名)  another figure's
    排名('policies_by_county')   the same, the highest first, with .名次; 升序=true the lowest first, 末位=true those without
                                 data after all others
    日期(…) 序(…) 定数(…)  a numeral that is no figure
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from yaoxun.briefings.model import Origin
from yaoxun.briefings.placeholders import Placeholder, Untraceable, holds_placeholder
from yaoxun.figures.ranking import ranked
from yaoxun.figures.words import plain

# The calls that print a figure, with the style of each, and those that print what is no figure.
_STYLES = {"数": "值", "数量": "值和量词", "词": "词", "比上期": "上期", "比同期": "上年同期", "覆盖": "覆盖"}
_NUMBERS = frozenset({"值", "值和量词"})
_OWN: Mapping[str, Origin] = {"日期": "date", "序": "ordinal", "定数": "declared"}
_RANKING = _ASCENDING, _LAST = ("升序", "末位")
_AGAINST = ("上期", "上年同期")
FIGURE_CALLS = frozenset({*_STYLES, "行", "排名", "值", "有", "可比"})
"""The calls whose first argument is the name of a figure."""
CALLS = FIGURE_CALLS | {*_OWN}
PRIVATE = str.maketrans("", "", "\ue000\ue001\ue002\ue003")
"""Takes out of data what our tokens and marks are made of."""


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A figure in print: its text, what follows it (a measure word), and which value of which figure it is. `number`: what
    it sorts and compares by; None for no data."""

    text: str
    figure: str
    tail: str = ""
    dims: str = ""
    label: str = ""
    number: Decimal | None = None


class Lookup(Protocol):
    """Where a narrative's figures come from. Raises KeyError for an unknown name."""

    def one(self, name: str, style: str) -> Printed: ...
    def rows(self, name: str) -> Sequence[Printed]: ...
    def has(self, name: str) -> bool: ...
    def comparable(self, name: str, against: str = "上期") -> bool: ...


class Pen(Protocol):
    """What writes: `token` keeps a text with its origin, figure and dims for print, `data` what is no figure."""

    def token(self, text: str, origin: Origin, figure: str = "", dims: str = "") -> str: ...
    def data(self, text: str) -> str: ...


class Calls:
    """The calls as a template sees them; each leaves placeholders."""

    def __init__(self, figures: Lookup, pen: Pen) -> None:
        self._figures, self._pen = figures, pen

    def named(self) -> dict[str, Any]:
        """Every call by its name in templates."""
        calls: dict[str, Any] = {name: self._printing(style) for name, style in _STYLES.items()}
        calls |= {name: self._own(name, origin) for name, origin in _OWN.items()}
        return calls | {
            "行": self._rows,
            "排名": self._ranking,
            "值": self._value,
            "有": self._has,
            "可比": self._comparable,
        }

    def _printing(self, style: str) -> Any:
        def call(name: str) -> Placeholder:
            try:
                printed = self._figures.one(name, style)
            except KeyError as err:
                raise _unknown(name) from err
            if not printed.text:
                raise Untraceable(f"指标“{name}”没有{style}可印", "它不是从报表收来的数，请从模板里去掉这个调用。")
            token = self._pen.token(printed.text, "figure", printed.figure, printed.dims) + self._pen.data(printed.tail)
            return Placeholder(token, printed.number, is_number=style in _NUMBERS)

        return call

    def _own(self, name: str, origin: Origin) -> Any:
        def call(value: Any) -> Placeholder:
            if holds_placeholder(value):
                raise Untraceable(f"{name}(…) 里已经是要印的数", f"请直接写 {{{{ 县.名次 }}}}，不要再套 {name}(…)。")
            return Placeholder(self._pen.token(date_text(value), origin), is_number=False)

        return call

    def _has(self, name: str) -> bool:
        try:
            return self._figures.has(name)
        except KeyError as err:
            raise _unknown(name) from err

    def _comparable(self, name: str, against: str = "上期") -> bool:
        if against not in _AGAINST:
            raise Untraceable(f"可比(…) 里的“{against}”没有可比的", "请写 可比('指标') 或 可比('指标', '上年同期')。")
        try:
            return self._figures.comparable(name, against)
        except KeyError as err:
            raise _unknown(name) from err

    def _split(self, name: str) -> Sequence[Printed]:
        try:
            return self._figures.rows(name)
        except KeyError as err:
            raise _unknown(name) from err

    def _row(self, row: Printed) -> dict[str, Any]:
        token = self._pen.token(row.text, "figure", row.figure, row.dims)
        return {"名": row.label.translate(PRIVATE), "值": Placeholder(token, row.number), "有": row.number is not None}

    def _rows(self, name: str) -> list[dict[str, Any]]:
        return [self._row(row) for row in self._split(name)]

    def _ranking(self, name: str, **asked: object) -> list[dict[str, Any]]:
        """Rows with 名次, ties sharing one. `末位`: those without data come last, without a 名次; else they are left out."""
        if unknown := [key for key, value in asked.items() if key not in _RANKING or not isinstance(value, bool)]:
            remedy = "请写 升序=true 或 末位=true，或不写；不写的从高到低排，没有数据的不列。"
            raise Untraceable(f"排名(…) 里的“{unknown[0]}”不能这样写", remedy)
        rows = self._split(name)
        if not all(row.label for row in rows):
            raise _unknown(name)
        found = []
        for at, rank in ranked([row.number for row in rows], ascending=bool(asked.get(_ASCENDING))):
            if rank is not None:
                token = self._pen.token(str(rank), "ordinal")
                found.append(self._row(rows[at]) | {"名次": Placeholder(token, Decimal(rank))})
            elif asked.get(_LAST):
                found.append(self._row(rows[at]) | {"名次": Placeholder(self._pen.data(plain(None)))})
        return found

    def _value(self, name: str, label: str) -> str:
        """The value of a split figure for one label; nothing where it has none."""
        return next((self._row(row)["值"] for row in self._split(name) if row.label.translate(PRIVATE) == label), "")


def date_text(value: Any) -> str:
    """2023年4月6日; anything else as it is."""
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else str(value)


def _unknown(name: str) -> Untraceable:
    remedy = "请在 config/figures.yaml 补上这个指标（按类分开的用 行(…)、排名(…)），或从模板里去掉它。"
    return Untraceable(f"用到了指标“{name}”，config/figures.yaml 里没有，或不能这样用", remedy)
