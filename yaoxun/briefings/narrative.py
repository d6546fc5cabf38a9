"""The narrative: a Markdown template with sandboxed Jinja in which every number from data is a call.

A call (calls.py) leaves a private-use token that survives Markdown and becomes a run with the numeral's id; data can
therefore never become markup. A digit that is neither from a call nor plainly a date or an ordinal stops the draft. What
stands for a printed number while a template renders, and what may be done with it, is said in placeholders.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

from yaoxun.briefings.calls import PRIVATE, Calls, Lookup, date_text
from yaoxun.briefings.markdown import TOKEN, parse_blocks
from yaoxun.briefings.model import Block, Numeral, Origin, Run, legal, map_runs
from yaoxun.briefings.placeholders import PlaceholderSandbox, Untraceable
from yaoxun.briefings.template_lines import Rendered, line_in_template, marked
from yaoxun.errors import ConfigError

_KNOWN = re.compile(
    r"(?P<date>(?:(?:19|20)\d{2}[—－至])?(?:19|20)\d{2}年(?:(?:1[0-2]|0?[1-9])月(?:(?:3[01]|[12]\d|0?[1-9])日)?)?度?"
    r"|(?<!\d)(?:1[0-2]|0?[1-9])月(?:(?:3[01]|[12]\d|0?[1-9])日)?)"
    r"|(?P<ordinal>第\d+|^\d+\.(?!\d)|^[表图]\d+|〔\d{4}〕第?\d+号?)"
    r"|(?P<loose>\d+(?:[.,]\d+)*%?)"
)


# Data that is nothing but a number, perhaps with its measure word; a name such as 示例单位19 is no number.
_BARE_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*\W?\w{0,1}")
_NO_SOURCE = "来自数据的数请写成 {{ 数('指标名') }}，序号写成 {{ 序(…) }}，确定不变的数写成 {{ 定数('…') }}。"

# What a template can run into while it renders; anything else is our own fault.
_FAULTS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


@dataclass(frozen=True, kw_only=True)
class Narrated:
    """A rendered narrative."""

    headline: tuple[Run, ...]
    blocks: tuple[Block, ...]
    numerals: tuple[Numeral, ...]


def render_narrative(path: Path, figures: Lookup, variables: Mapping[str, Any]) -> Narrated:
    """Render a template; its first line `标题：…` is the title. Raises ConfigError naming file, line and remedy."""
    pen = _Pen(path)
    env = PlaceholderSandbox(pen.literal)
    given = {name: value.translate(PRIVATE) if isinstance(value, str) else value for name, value in variables.items()}
    try:
        text = env.from_string(marked(path.read_text(encoding="utf-8-sig"))).render(
            **given, **Calls(figures, pen).named()
        )
    except TemplateSyntaxError as err:
        raise pen.fault(f"模板语法有误：{err.message}", "请对照随附的模板改正。", err.lineno) from err
    except Untraceable as err:
        raise pen.fault(err.problem, err.remedy, line_in_template(err)) from err
    except _FAULTS as err:
        raise pen.fault(f"模板用不成：{_said(err)}", "可用的调用见模板开头的注释。", line_in_template(err)) from err
    pen.rendered = rendered = Rendered.of(text)
    first = len(rendered.text) - len(rendered.text.lstrip())
    before = rendered.text.count("\n", 0, first) + 1
    head, _, body = rendered.text[first:].partition("\n")
    if not head.startswith("标题："):
        raise pen.fault("第一行要写“标题：…”", "请在模板第一行写标题。", rendered.places[before - 1])
    blocks = parse_blocks(
        body, pen.runs, lambda n, what: pen.fault(f"不能用{what}", "请改写。", rendered.places[before + n - 1])
    )
    return pen.finish(head.removeprefix("标题：").strip(), blocks)


class _Pen:
    """Writes tokens while the template renders, and numerals when the blocks are known."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rendered = Rendered(text="", places=())
        self._printed: list[tuple[str, Origin, str, str]] = []

    def fault(self, problem: str, remedy: str, line: int | None = None) -> ConfigError:
        return ConfigError(file=self.path, key="", problem=problem, remedy=remedy, line=line)

    @property
    def runs(self) -> Mapping[int, Run]:
        return {n: Run(text=text, numeral=f"token{n}") for n, (text, *_) in enumerate(self._printed)}

    def literal(self, value: Any) -> str:
        """Anything the template prints that is not a call's token is data: it goes in as a run of its own. A number
        that was computed in the template has no source and is refused."""
        if isinstance(value, date):
            return self.token(date_text(value), "date")
        if isinstance(value, int | float | Decimal):
            raise Untraceable(f"数 {value} 没有来历", _NO_SOURCE)
        if value is None:
            raise Untraceable("要印的值是空的", "请在模板里先判断它有没有值。")
        text, at, parts = str(value), 0, []
        for found in TOKEN.finditer(text):
            parts += [self.data(text[at : found.start()]), found[0] if int(found[1]) < len(self._printed) else ""]
            at = found.end()
        return "".join(parts) + self.data(text[at:])

    def data(self, text: str) -> str:
        if (known := _KNOWN.fullmatch(text)) and known["date"]:
            return self.token(text, "date")
        if _BARE_NUMBER.fullmatch(text.strip()):
            raise Untraceable(f"数 {text} 没有来历", _NO_SOURCE)
        return self.token(text, "declared") if text else ""

    def token(self, text: str, origin: Origin, figure: str = "", dims: str = "") -> str:
        self._printed.append((legal(text.translate(PRIVATE)), origin, figure, dims))
        return f"\ue000{len(self._printed) - 1}\ue001"

    def finish(self, title: str, blocks: tuple[Block, ...]) -> Narrated:
        """Give every numeral its number in reading order, those of dates and ordinals among them."""
        numerals: list[Numeral] = []
        headline = self._number(_split_title(title, self.runs), numerals)
        done = tuple(map_runs(block, lambda runs: self._number(runs, numerals)) for block in blocks)
        return Narrated(headline=headline, blocks=done, numerals=tuple(numerals))

    def _number(self, runs: tuple[Run, ...], numerals: list[Numeral]) -> tuple[Run, ...]:
        numbered: list[Run] = []
        for run in runs:
            if run.numeral:
                _, origin, figure, dims = self._printed[int(run.numeral.removeprefix("token"))]
                if origin != "declared" or re.search(r"\d", run.text):
                    numeral = self._add(numerals, run.text, origin, (figure, dims))
                    name = numeral.id if origin == "figure" else ""
                    numbered.append(Run(text=run.text, numeral=name, strong=run.strong))
                    continue
            else:
                self._plain(run.text, numerals)
            numbered.append(Run(text=run.text, strong=run.strong))
        return tuple(numbered)

    def _plain(self, text: str, numerals: list[Numeral]) -> None:
        for found in _KNOWN.finditer(text):
            if found["loose"]:
                near = text[max(0, found.start() - 8) : found.end() + 8]
                remedy = "来自数据的数请写成 {{ 数('指标名') }}，确定不变的数写成 {{ 定数('…') }}。"
                line = self.rendered.line_of(text, found.start(), found.end() - found.start())
                raise self.fault(f"“{near}”里的数 {found['loose']} 没有来历", remedy, line)
            self._add(numerals, found[0].strip(), "date" if found["date"] else "ordinal", ("", ""))

    @staticmethod
    def _add(numerals: list[Numeral], text: str, origin: Origin, figure: tuple[str, str]) -> Numeral:
        seq = len(numerals) + 1
        numeral = Numeral(seq=seq, id=f"num_{seq:03d}", text=text, origin=origin, figure=figure[0], dims=figure[1])
        numerals.append(numeral)
        return numeral


def _said(err: Exception) -> str:
    """What Jinja says most often, in Chinese; its own words for the rest."""
    if isinstance(err, UndefinedError) and (name := re.search(r"'([^']*)'(?: is undefined)?$", str(err))):
        return f"没有“{name[1]}”可用（行(…) 的每行有 .名、.值、.有，排名(…) 的另有 .名次）"
    if isinstance(err, UndefinedError):
        return "没有这么多行"
    return str(err)


def _split_title(title: str, runs: Mapping[int, Run]) -> tuple[Run, ...]:
    parts: list[Run] = []
    at = 0
    for found in TOKEN.finditer(title):
        parts += [Run(text=title[at : found.start()]), runs[int(found[1])]]
        at = found.end()
    return tuple(run for run in (*parts, Run(text=title[at:])) if run.text)
