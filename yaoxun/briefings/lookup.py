"""A narrative's figures from one cut: each call of the template as printed text. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yaoxun.briefings.calls import Printed
from yaoxun.figures.model import Computed, FigureValue
from yaoxun.figures.settings import FigureSetting
from yaoxun.figures.words import comparison, coverage_sentence, plain


@dataclass(frozen=True, kw_only=True)
class FigureLookup:
    """Implements calls.Lookup. `short_name` gives an organisation's 规范简称 by code."""

    computed: Computed
    settings: Mapping[str, FigureSetting]
    short_name: Callable[[str], str]

    def one(self, name: str, style: str) -> Printed:
        """The only value of a figure in one of the styles. Raises KeyError for an unknown or a split figure."""
        values = self.computed.values[name]
        if len(values) != 1 or self.settings[name].by:
            raise KeyError(name)
        tail = values[0].unit if style in ("值和量词", "词") and values[0].number is not None else ""
        text, number = self._text(values[0], style), values[0].number
        return Printed(text=text, tail=tail, figure=name, dims=values[0].dims, number=number)

    def rows(self, name: str) -> Sequence[Printed]:
        """The values of a figure that is split, in their order. Raises KeyError for an unknown one."""
        return [
            Printed(text=plain(value.number), figure=name, dims=value.dims, label=value.label, number=value.number)
            for value in self.computed.values[name]
        ]

    def has(self, name: str) -> bool:
        """Whether a figure has data and is not nothing. Raises KeyError for an unknown one."""
        return any(value.number for value in self.computed.values[name])

    def comparable(self, name: str, against: str = "上期") -> bool:
        """Whether a figure and its base both have data, of the same organisations. Raises KeyError for an unknown one."""
        return any(
            value.number is not None and (value.against or {}).get(against) is not None and against not in value.uneven
            for value in self.computed.values[name]
        )

    def _text(self, value: FigureValue, style: str) -> str:
        if style in ("上期", "上年同期"):
            return comparison(value, style, self.settings[value.figure].share is not None)
        if style == "覆盖":
            return coverage_sentence(value.coverage, self.short_name) if value.coverage else ""
        return (style == "词" and value.words) or plain(value.number)
