"""From the columns and labels of a found block to columns of a form: names, kinds, units, formulas, and what is asked.

Proposals only: what the sheet does not say is a question. The text of the definition is written by draft_text.py.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yaoxun.forms.expressions import FUNCTIONS, NEW, WINDOW
from yaoxun.forms.layout.headings import COUNTED, RATE, VALUED
from yaoxun.forms.layout.model import Question
from yaoxun.forms.layout.places import Place, parse_area
from yaoxun.forms.layout.senses import holds_codes
from yaoxun.forms.layout.words import MONEY, PERCENT, half, is_dash
from yaoxun.forms.settings import Kind
from yaoxun.forms.values import number_written

_TAKEN = frozenset({*FUNCTIONS, NEW, *WINDOW, "前"})
_LENGTHS = (500, 1000, 2000, 5000)
_FIXED_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"文号$", "document_no"),
    (r"链接|网址|网站", "link"),
    (r"编号$|编码$|代码$", "code"),
)
_DATE_NAMES = re.compile(r"(?:日期|时间|开工日|竣工日|完成日|截止日|出台日)$")
_MOST_DECIMALS = 6
_ORDINARY_LENGTH = 500

Dropdowns = Mapping[str, Sequence[Mapping[str, Sequence[str]]]]
"""Sheet → its dropdowns, as dropdowns.read_dropdowns gives them."""


@dataclass(frozen=True, kw_only=True)
class DraftColumn:
    """A proposed column. `path` is where it stands in the sheet (() for one that is not in it), `questions` what a
    person must confirm, `options` the words of a dropdown, `attribute` what a locked cell is printed with."""

    name: str
    path: tuple[str, ...] = ()
    address: str = ""
    kind: Kind = "text"
    unit: str = ""
    unit_from: str = ""
    decimals: int | None = None
    required: bool = False
    locked: bool = False
    hidden: bool = False
    attribute: str = ""
    options: tuple[str, ...] = ()
    formula: str = ""
    indicator: bool = False
    negative: bool = False
    not_applicable: bool = False
    contact: bool = False
    max_chars: int = 0
    always_filled: bool = False
    questions: tuple[Question, ...] = ()

    def asking(self, sentence: str) -> "DraftColumn":
        """The column with one more question ('' for none)."""
        if not sentence:
            return self
        return replace(self, questions=(*self.questions, Question(address=self.address, sentence=sentence)))

    @property
    def numeric(self) -> bool:
        return self.kind in ("count", "money", "number", "percent")


def options_at(dropdowns: Sequence[Mapping[str, Sequence[str]]], row: int, col: int) -> tuple[str, ...]:
    """The words of the dropdown that a cell of the sheet has."""
    for dropdown in dropdowns:
        areas = [area for text in dropdown["areas"] if (area := parse_area(text))]
        if any(top <= row <= bottom and left <= col <= right for top, left, bottom, right in areas):
            return tuple(dropdown["options"])
    return ()


def column_names(paths: Sequence[tuple[str, ...]]) -> list[str]:
    """Names for columns: the lowest heading where it stands once, else with the headings above it; unique identifiers."""
    leaves = [_identifier(path[-1]) for path in paths]
    counts = Counter(leaves)
    names: dict[str, None] = {}
    for path, leaf in zip(paths, leaves, strict=True):
        alone = counts[leaf] == 1 and not half(path[-1])[:1].isdigit()
        name = leaf if alone else _identifier("_".join(path))
        base, n = name, 2
        while name in names:
            name, n = f"{base}_{n}", n + 1
        names[name] = None
    return list(names)


def _identifier(text: str) -> str:
    """A text as a name that rules may use."""
    plain = re.sub(r"[^\w]", "", half(text).replace("/", "_")).strip("_")
    if not plain:
        return "栏"
    if plain[0].isdigit():
        plain = f"期{plain}"
    if plain in _TAKEN or not plain.isidentifier():
        plain = f"{plain}_" if plain in _TAKEN else re.sub(r"[^\u4e00-\u9fffA-Za-z0-9_]", "", plain) or "栏"
    return f"{plain}栏" if plain.endswith("_") else plain


def guess(column: DraftColumn, values: Sequence[Place], rows: int) -> DraftColumn:
    """The column with kind, unit, decimals and lengths as its header and its values say. `rows`: how many there are."""
    leaf = half(column.path[-1])
    filled = [p for p in values if p.family not in ("dash", "error", "unknown")]
    column = replace(
        column,
        always_filled=rows > 1 and len(values) == rows,
        not_applicable=any(is_dash(p.text) for p in values),
        contact=bool(re.search(r"电话|手机|联系方式", leaf)),
    )
    if column.options:
        return replace(column, kind="choice")
    numbers = [n for p in filled if p.family == "number" and (n := _number(p)) is not None]
    for pattern, kind in _FIXED_KINDS:
        if re.search(pattern, leaf):
            return replace(column, kind=kind)
    if column.contact or (not column.unit and holds_codes(leaf, filled)):
        return _text(column, filled)
    if column.unit or (numbers and len(numbers) >= len(filled) / 2):
        return _figure(column, leaf, numbers)
    dates = sum(p.family == "date" for p in filled)
    if (filled and dates > len(filled) / 2) or (not filled and _DATE_NAMES.search(leaf)):
        return replace(column, kind="date")
    return _unsure(_text(column, filled), leaf, filled)


def _figure(column: DraftColumn, leaf: str, numbers: Sequence[Decimal]) -> DraftColumn:
    decimals = min(max((_places(n) for n in numbers), default=0), _MOST_DECIMALS)
    # Rates of several organisations or periods are not added up.
    rate = bool(RATE.search(leaf)) or bool(column.unit and PERCENT.fullmatch(column.unit))
    column = replace(column, indicator=not rate, negative=any(n < 0 for n in numbers))
    if column.unit and MONEY.fullmatch(column.unit):
        unit = "" if column.unit == "万元" else column.unit
        return replace(column, kind="money", unit=unit, decimals=decimals if decimals > 2 else None)
    if column.unit and PERCENT.fullmatch(column.unit) and column.unit in ("%", "％"):
        return replace(column, kind="percent", unit="", decimals=decimals if decimals > 2 else None)
    kind: Kind = "number" if decimals or (column.unit_from and not column.unit) else "count"
    column = replace(column, kind=kind, decimals=decimals if kind == "number" and decimals != 2 and decimals else None)
    if column.unit or column.unit_from:
        return column
    return column.asking(_about_unit(leaf, numbers))


def _about_unit(leaf: str, numbers: Sequence[Decimal]) -> str:
    if RATE.search(leaf):
        small = numbers and all(abs(n) <= 1 for n in numbers)
        how = (
            "现有的数不大于1，像是按小数存的百分数；要按百分数报的，表里请改填 85 这样的数，再写 kind: percent"
            if small
            else "是百分数的请写 kind: percent"
        )
        return f"“{leaf}”没有写单位，{how}。"
    if VALUED.search(leaf):
        return f"“{leaf}”像是金额，没有写单位；是万元的请写 kind: money，是元的再加 unit: 元。"
    return f"“{leaf}”没有写计量单位，请补 unit（如 unit: 人）。" if not COUNTED.search(leaf) else ""


def _text(column: DraftColumn, filled: Sequence[Place]) -> DraftColumn:
    longest = max((len(p.text) for p in filled), default=0)
    wanted = next((n for n in _LENGTHS if n >= longest * 2), _LENGTHS[-1])
    return replace(column, kind="text", max_chars=wanted if wanted > _ORDINARY_LENGTH else 0)


def _unsure(column: DraftColumn, leaf: str, filled: Sequence[Place]) -> DraftColumn:
    words = list(dict.fromkeys(p.text.strip() for p in filled))
    if len(filled) >= 6 and 2 <= len(words) <= 5 and max(map(len, words)) <= 10:
        return column.asking(
            f"“{leaf}”只有{len(words)}种写法（{'、'.join(words)}），要做成下拉选项的请写 kind: choice 和 list。"
        )
    return column


def _number(place: Place) -> Decimal | None:
    value = place.cell.value
    return value if isinstance(value, Decimal) else number_written(place.text.strip().rstrip("%％"))


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


# Formulas

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
_SUM = re.compile(r"SUM\(([^()]*)\)", re.I)
_WRAPPED = re.compile(
    r"^(?:ROUND\((?P<round>.*),(?P<digits>\d)\)|IFERROR\((?P<inner>.*),(?:\"\"|0|\"-\"|\"—\")\))$", re.I
)
_PLAIN = re.compile(r"[\w\s+\-*/().]+")


def translate(formula: str, row: int, names: Mapping[str, str]) -> str:
    """A formula of one row as an expression over column names (letters → name); '' where it says anything else."""
    text = formula.replace(" ", "").replace("_xlfn.", "")
    while found := _WRAPPED.match(text):
        text = found["round"] or found["inner"] or ""
    text = _SUM.sub(lambda m: _sum(m[1], row, names), text)
    if "!" in text or "?" in text:
        return ""
    unknown = False

    def named(found: re.Match[str]) -> str:
        nonlocal unknown
        if int(found[2]) != row or found[1] not in names:
            unknown = True
        return names.get(found[1], "")

    text = _REFERENCE.sub(named, text)
    text = re.sub(r"(\d+(?:\.\d+)?)%", lambda m: f"{Decimal(m[1]) / 100}", text)
    text = re.sub(r"([+\-*/])", r" \1 ", text).strip()
    if unknown or not _PLAIN.fullmatch(text) or not set(names.values()) & set(re.findall(r"\w+", text)):
        return ""
    return "" if re.search(r"\b(?!\d)\w+\(", text) else text


def _sum(inside: str, row: int, names: Mapping[str, str]) -> str:
    """SUM(C5:E5,G5) written out; a ? for what it cannot be."""
    parts: list[str] = []
    letters = list(names)
    for piece in inside.split(","):
        ends = [_REFERENCE.fullmatch(end) for end in piece.split(":")]
        if not all(end and int(end[2]) == row for end in ends):
            return "?"
        first, last = (end[1] for end in (ends[0], ends[-1]) if end)
        if first not in letters or last not in letters:
            return "?"
        parts += letters[letters.index(first) : letters.index(last) + 1]
    return "(" + "+".join(f"{letter}{row}" for letter in parts) + ")" if parts else "?"


def common_formula(cells: Iterable[Place], names: Mapping[str, str]) -> tuple[str, bool]:
    """The expression that all formulas of a column say, and whether there are formulas that say anything else."""
    found = [(p.row, p.cell.formula) for p in cells if p.cell.formula]
    said = {translate(formula, row, names) for row, formula in found if formula}
    if len(said) == 1 and (only := said.pop()):
        return only, False
    return "", bool(found)
