"""What paragraphs of a Markdown text mean by where they stand and how they begin. Pure.

    表：名称（单位：个）  before a pipe table: its caption. 图： 柱形图： 折线图： 饼图： make the table a chart instead
    标题：名称           a further item of the same issue; headings, tables and charts are counted anew
    附件：名称           what follows is an attachment
    本期要目             alone: the list of all items

A heading that does not bear its number is given it; captions are numbered 表1, 图1.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from yaoxun.briefings.charts import MOST_SERIES, MOST_SLICES
from yaoxun.briefings.model import (
    Attachment,
    Block,
    Chart,
    Contents,
    Heading,
    Item,
    Paragraph,
    Remark,
    Run,
    Shape,
    Table,
    text_of,
)

Refuse = Callable[[int, str], Exception]
"""`refuse(line, what)` makes the error that is raised for something a bulletin cannot hold (line counts from 1)."""
Placed = tuple[int, Block]
"""A block and the line on which it begins."""

_CAPTION = re.compile(r"^(表|图|柱形图|折线图|饼图)[：:]\s*(.+?)(?:[（(]单位[：:]\s*(.+?)[）)])?$")
_SHAPES: dict[str, Shape] = {"图": "柱", "柱形图": "柱", "折线图": "折线", "饼图": "饼"}
_NUMBERED = (
    re.compile(r"^[一二三四五六七八九十百零]+、"),
    re.compile(r"^[（(][一二三四五六七八九十百零]+[）)]"),
    re.compile(r"^\d+[.．]"),
)
_CHARTED = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?%?|—?")
_MOST_DIGITS = 15  # what a cell of the workbook inside a chart holds


def arranged(blocks: Sequence[Placed], refuse: Refuse) -> Iterator[Block]:
    """The blocks of an issue; a paragraph of nothing but spaces is none. Raises what `refuse` makes for a title without
    text and for a chart that cannot be drawn."""
    filled = [placed for placed in blocks if not (isinstance(placed[1], Paragraph | Remark) and _is_blank(placed[1]))]
    return _numbered(_captioned(_marked(filled, refuse), refuse))


def _is_blank(block: Paragraph | Remark | Heading) -> bool:
    return not text_of(block.runs).strip()


def _marked(blocks: Sequence[Placed], refuse: Refuse) -> Iterator[Placed]:
    """Paragraphs that announce an item, an attachment or the contents."""
    attachments = sum(_starts_attachment(blocks, n) for n in range(len(blocks)))
    seen = 0
    for n, (line, block) in enumerate(blocks):
        runs = block.runs if isinstance(block, Paragraph) else ()
        text = text_of(runs).strip()
        if text == "本期要目":
            yield line, Contents()
        elif text == "标题：" or (isinstance(block, Heading) and _is_blank(block)):
            raise refuse(line, "没有字的标题")
        elif text.startswith("标题："):
            yield line, Item(runs=_after(runs, "标题："))
        elif _starts_attachment(blocks, n):
            seen += 1
            yield line, Attachment(number=seen if attachments > 1 else 0, runs=_after(runs, "附件："))
        else:
            yield line, block


def _starts_attachment(blocks: Sequence[Placed], n: int) -> bool:
    """附件：名称 with something after it; a last line 附件：1. … only names what is sent apart."""
    block = blocks[n][1]
    return (
        isinstance(block, Paragraph)
        and re.match(r"附件：\s*[^\s\d]", text_of(block.runs)) is not None
        and n + 1 < len(blocks)
    )


def _after(runs: tuple[Run, ...], mark: str) -> tuple[Run, ...]:
    text = text_of(runs)
    start = text.index(mark) + len(mark)
    return cut_runs(runs, start + len(text[start:]) - len(text[start:].lstrip()), len(text.rstrip()))


def _captioned(blocks: Iterator[Placed], refuse: Refuse) -> Iterator[Block]:
    """A caption paragraph and the table after it become one table or chart."""
    held: Paragraph | None = None
    counts = {"表": 0, "图": 0}
    for line, block in blocks:
        found = _CAPTION.match(text_of(held.runs).strip()) if held else None
        if held is not None and found and isinstance(block, Table):
            sort = "表" if found[1] == "表" else "图"
            counts[sort] += 1
            table = _with_caption(block, held, found, f"{sort}{counts[sort]}\u3000")
            yield _one_precision(table) if sort == "表" else _chart(table, _SHAPES[found[1]], line, refuse)
            held = None
            continue
        if held is not None:
            yield held
        held = block if isinstance(block, Paragraph) else None
        if isinstance(block, Item):
            counts = {"表": 0, "图": 0}
        if held is None:
            yield _one_precision(block) if isinstance(block, Table) else block
    if held is not None:
        yield held


def _with_caption(table: Table, paragraph: Paragraph, found: re.Match[str], number: str) -> Table:
    text = text_of(paragraph.runs)
    blank = len(text) - len(text.lstrip())
    name = cut_runs(paragraph.runs, blank + found.start(2), blank + found.end(2))
    return replace(table, caption=joined((Run(text=number), *name)), unit=found[3] or "")


def _one_precision(table: Table) -> Table:
    """Numbers of one column with the same decimals."""
    columns = zip(*table.rows, strict=True)
    return replace(table, rows=tuple(zip(*map(_aligned, columns), strict=True)))


def _aligned(column: tuple[tuple[Run, ...], ...]) -> tuple[tuple[Run, ...], ...]:
    texts = [text_of(cell).strip() for cell in column]
    if not all(_CHARTED.fullmatch(text) for text in texts):
        return column
    places = max(len(text.rstrip("%").partition(".")[2]) for text in texts)
    return tuple(_padded(cell, places) for cell in column)


def _padded(cell: tuple[Run, ...], places: int) -> tuple[Run, ...]:
    """The cell's last run that holds digits, with zeros up to `places` decimals."""
    text = text_of(cell).strip().rstrip("%")
    missing = places - len(text.partition(".")[2])
    n = max((n for n, run in enumerate(cell) if re.search(r"\d", run.text)), default=None)
    if n is None or missing == 0:
        return cell
    zeros = ("" if "." in text else ".") + "0" * missing
    return (*cell[:n], replace(cell[n], text=re.sub(r"(?<=\d)(?=\D*$)", zeros, cell[n].text, count=1)), *cell[n + 1 :])


def _chart(table: Table, shape: Shape, line: int, refuse: Refuse) -> Chart:
    series = [[text_of(cell).strip() for cell in column] for column in list(zip(*table.rows, strict=True))[1:]]
    for what in _undrawable(series, shape):
        raise refuse(line, what)
    return Chart(shape=shape, caption=table.caption, unit=table.unit, header=table.header, rows=table.rows)


def _undrawable(series: Sequence[Sequence[str]], shape: Shape) -> Iterator[str]:
    """What is wrong with the data of a chart."""
    values = [value for one in series for value in one]
    if not values:
        yield "没有数据的图（图下的表至少要有两列、一行数据）"
    if bad := next((value for value in values if not _CHARTED.fullmatch(value)), ""):
        yield f"不是数的“{bad}”作图（图下的表从第二列起只写数，没有数的留空）"
    if any(sum(map(str.isdigit, value)) > _MOST_DIGITS for value in values):
        yield f"超过 {_MOST_DIGITS} 位的数作图（请换大一些的单位）"
    if any(len({value.endswith("%") for value in one if value.strip("—")}) > 1 for one in series):
        yield "一列里有的带 % 有的不带的数作图（请写成一样的）"
    if shape == "饼" and (len(series) > 1 or any(value.startswith("-") for value in values)):
        yield "这样的饼图（只能有一列数，且不能是负数）"
    if shape == "饼" and len(values) > MOST_SLICES:
        yield f"超过 {MOST_SLICES} 块的饼图（看不清，请用柱形图）"
    if len(series) > MOST_SERIES:
        yield f"超过 {MOST_SERIES} 列数的图（印出来分不清，请分成几张图）"


def _numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    counts = [0, 0, 0]
    for block in blocks:
        if isinstance(block, Item | Attachment):
            counts = [0, 0, 0]
        if not isinstance(block, Heading):
            yield block
            continue
        level = block.level
        counts[level - 1] += 1
        counts[level:] = [0] * (3 - level)
        if _NUMBERED[level - 1].match(text_of(block.runs)):
            yield block
            continue
        number = chinese(counts[level - 1])
        gap = " " if text_of(block.runs)[:1].isdigit() else ""  # 1. 2023年
        mark = (f"{number}、", f"（{number}）", f"{counts[2]}.{gap}")[level - 1]
        yield Heading(level=level, runs=joined([Run(text=mark), *block.runs]))


def cut_runs(runs: Sequence[Run], start: int, end: int) -> tuple[Run, ...]:
    """The runs of a stretch of their text."""
    cut, at = [], 0
    for run in runs:
        text = run.text[max(0, start - at) : max(0, end - at)]
        cut += [replace(run, text=text)] if text else []
        at += len(run.text)
    return tuple(cut)


def joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Runs that look alike and print no numeral as one; none without text."""
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else None
        if last is not None and not last.numeral and not run.numeral and last.strong == run.strong:
            found[-1] = Run(text=last.text + run.text, strong=run.strong)
        elif run.text:
            found.append(run)
    return tuple(found)


def chinese(n: int) -> str:
    """1 → 一, 12 → 十二, 105 → 一百零五; digits from 1000 on."""
    digits = "零一二三四五六七八九"
    hundreds, below = divmod(n, 100)
    tens, ones = divmod(below, 10)
    if hundreds > 9:
        return str(n)
    head = f"{digits[hundreds]}百" if hundreds else ""
    middle = f"{digits[tens]}十" if tens > 1 or (tens and head) else "十" if tens else "零" if head and ones else ""
    return head + middle + (digits[ones] if ones or n == 0 else "")
