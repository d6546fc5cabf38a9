"""Markdown → blocks, through markdown-it-py. What a bulletin has no use for is refused by line.

`#`, `##`, `###` are 一、（一） 1.; a table is a pipe table; `> ` is 按语. Tokens that narrative.py puts in for numerals stay
whole and become runs of their own. What captions, titles of items and attachments mean is said in arranging.py.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from yaoxun.briefings.arranging import Placed, Refuse, arranged, joined
from yaoxun.briefings.model import Block, Heading, Paragraph, Remark, Run, Table, legal

TOKEN = re.compile("\ue000(\\d+)\ue001")
_LATIN = re.compile("[!-~]{2}")
_REFUSED = {
    "html_block": "HTML", "html_inline": "HTML", "image": "图片", "link_open": "链接", "fence": "代码块",
    "code_block": "缩进的代码块（行首空格太多）", "code_inline": "行内代码", "bullet_list_open": "项目符号列表",
    "ordered_list_open": "自动编号的列表（要编号请写成 1．并另起一段，或用 ### 标题）", "hr": "分隔线",
    "em_open": "斜体（* 或 _ 括起的字；要印星号请写 \\*）",
}  # fmt: skip

Printed = Mapping[int, Run]


def parse_blocks(text: str, printed: Printed, refuse: Refuse) -> tuple[Block, ...]:
    """Blocks of a Markdown text. `printed` gives the run of each numeral token; `refuse(line, what)` makes the error that
    is raised for something a bulletin cannot hold (line counts from 1)."""
    text = legal(text)  # Markdown prints a sign of its own for some of the others
    env: dict[str, Any] = {}
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text, env)
    for definition in env.get("references", {}).values():  # Markdown would drop the line in silence
        raise refuse(definition["map"][0] + 1, "链接定义（行首的“[…]:”）")
    lines = text.split("\n")
    for token in tokens:
        _check(token, token, refuse)
        _check_cells(token, lines, refuse)
    return tuple(arranged(list(_blocks(tokens, printed, refuse)), refuse))


def _check(token: Token, place: Token, refuse: Refuse) -> None:
    if token.type in _REFUSED:
        line = (place.map or [0])[0] + 1
        raise refuse(line, _REFUSED[token.type])
    if token.type == "heading_open" and token.tag not in ("h1", "h2", "h3"):
        raise refuse((token.map or [0])[0] + 1, "三级以下的标题")
    if token.type == "heading_open" and token.markup in ("=", "-"):
        raise refuse((token.map or [0, 1])[1], "下划线式的标题（标题请写 #，正文与横线之间空一行）")
    if token.type == "text" and "**" in token.content:
        raise refuse((place.map or [0])[0] + 1, "不起作用的 **（紧挨着汉字和引号时加重不了，请把引号放到 ** 外面）")
    for child in token.children or ():
        _check(child, place, refuse)


def _check_cells(token: Token, lines: Sequence[str], refuse: Refuse) -> None:
    """Markdown drops the cells of a row that has more than the header."""
    if token.type == "table_open" and token.map:
        first, end = token.map
        columns = _cell_count(lines[first])
        for n in range(first + 2, end):
            if _cell_count(lines[n]) > columns:
                raise refuse(n + 1, "比表头多的单元格（格里的竖线请写 \\|）")


def _cell_count(line: str) -> int:
    cells = escapedSplit(line.strip())
    return len(cells) - (cells[0] == "") - (len(cells) > 1 and cells[-1] == "")


def _blocks(tokens: Sequence[Token], printed: Printed, refuse: Refuse) -> Iterator[Placed]:
    n, quoted = 0, False
    while n < len(tokens):
        token = tokens[n]
        line = (token.map or [0])[0] + 1
        if token.type in ("blockquote_open", "blockquote_close"):
            quoted = token.type == "blockquote_open"
        elif quoted and token.type in ("heading_open", "table_open"):
            raise refuse(line, "按语（> 开头的）里的标题和表格")
        elif token.type == "heading_open":
            yield line, Heading(level=int(token.tag[1]), runs=_runs(tokens[n + 1], printed))
        elif token.type == "paragraph_open":
            runs = _runs(tokens[n + 1], printed)
            yield line, Remark(runs=runs) if quoted else Paragraph(runs=runs)
        elif token.type == "table_open":
            end = next(m for m in range(n, len(tokens)) if tokens[m].type == "table_close")
            yield line, _table(tokens[n:end], printed)
            n = end
        n += 1


def _table(tokens: Sequence[Token], printed: Printed) -> Table:
    rows: list[tuple[tuple[Run, ...], ...]] = []
    row: list[tuple[Run, ...]] = []
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append(_runs(token, printed))
        elif token.type == "tr_close":
            rows.append(tuple(row))
    return Table(caption=(), unit="", header=rows[0], rows=tuple(rows[1:]))


def _runs(inline: Token, printed: Printed) -> tuple[Run, ...]:
    runs: list[Run] = []
    strong = False
    for child in inline.children or ():
        if child.type in ("strong_open", "strong_close"):
            strong = child.type == "strong_open"
        elif child.type == "text":
            runs += _split(child.content, printed, strong)
        elif child.type in ("softbreak", "hardbreak"):
            runs.append(Run(text="\n"))
    return joined(_unwrapped(runs))


def _unwrapped(runs: Sequence[Run]) -> list[Run]:
    """A line break inside a paragraph is no space, but between two Latin words."""
    found: list[Run] = []
    for n, run in enumerate(runs):
        if run.text != "\n" or run.numeral:
            found.append(run)
        elif 0 < n < len(runs) - 1 and _LATIN.fullmatch(runs[n - 1].text[-1:] + runs[n + 1].text[:1]):
            found.append(Run(text=" ", strong=runs[n - 1].strong and runs[n + 1].strong))
    return found


def _split(text: str, printed: Printed, strong: bool) -> Iterator[Run]:
    at = 0
    for found in TOKEN.finditer(text):
        if found.start() > at:
            yield Run(text=text[at : found.start()], strong=strong)
        run = printed.get(int(found[1]), Run(text=""))
        yield Run(text=run.text, numeral=run.numeral, strong=strong)
        at = found.end()
    if at < len(text):
        yield Run(text=text[at:], strong=strong)
