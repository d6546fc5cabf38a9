"""Numbers in words: values, measure words, approximate words, comparisons, coverage. Pure; half is rounded up."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from yaoxun.figures.model import Coverage, FigureValue
from yaoxun.figures.settings import Words

SMALL_BASE = 5


def half_up(number: Decimal, decimals: int) -> Decimal:
    """Rounded half up, as printed figures are."""
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def plain(number: Decimal | None) -> str:
    """87, 12.5, —; no exponent, no trailing zeros."""
    if number is None:
        return "—"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def approximate(number: Decimal, words: Words) -> str:
    """42 with 余 and step 10 → 40余; an exact multiple stays the number, and so does one that is not near (近 takes the
    last fifth of a step)."""
    rest = number % words.step
    if rest == 0:
        return plain(number)
    floor = number - rest
    if words.kind == "近":
        return f"近{plain(floor + words.step)}" if rest * 5 >= words.step * 4 else plain(number)
    if floor == 0:
        return plain(number)
    return f"{plain(floor)}余" if words.kind == "余" else f"超{plain(floor)}"


def comparison(value: FigureValue, against: str, rate: bool) -> str:
    """比上期增加5个，增长6.1% · 与上期持平 · 上期无数据 · 由上期的0增至3个 · 上期报送单位不同，不可比. `rate` figures differ by
    个百分点."""
    base = (value.against or {}).get(against)
    if value.number is None or base is None or against in value.uneven:
        nothing = "本期" if value.number is None else against if base is None else ""
        return f"{nothing}无数据" if nothing else f"{against}报送单位不同，不可比"
    change = value.number - base.number
    if change == 0:
        return f"与{against}持平"
    if rate:
        return f"比{against}{'提高' if change > 0 else '下降'}{plain(abs(change))}个百分点"
    if base.number == 0:
        return f"由{against}的0增至{plain(value.number)}{value.unit}"
    verb = "增加" if change > 0 else "减少"
    phrase = f"比{against}{verb}{plain(abs(change))}{value.unit}"
    if base.number < SMALL_BASE:
        return phrase
    percent = half_up(abs(change) * 100 / base.number, 1)
    return f"{phrase}，{'增长' if change > 0 else '下降'}{plain(percent)}%"


def coverage_sentence(coverage: Coverage, short_name: Callable[[str], str]) -> str:
    """应报26家，实报24家，未报：高平市、示例单位07."""
    sentence = f"应报{len(coverage.expected)}家，实报{len(coverage.reported)}家"
    if coverage.missing:
        sentence += "，未报：" + "、".join(short_name(org) for org in coverage.missing)
    return sentence
