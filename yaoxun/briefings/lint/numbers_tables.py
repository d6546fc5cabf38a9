"""Tables and charts: 合计 against the column, shares of a column, a chart against its own workbook and against a table
with the same labels, a place in prose (排名第三) against the column 排名.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import ChartData, Finding, TextChart, TextTable
from yaoxun.briefings.lint.numbers_parts import told
from yaoxun.briefings.lint.numbers_reading import NOTHING, TOKEN, Sentence, cell_number, chinese_number
from yaoxun.figures.words import plain

_TOTAL = re.compile("^(?:合计|总计|共计|全部合计)$")
_SUBTOTAL = re.compile("小计|合计|总计|共计")
_WITHIN = re.compile("^(?:其中|#|＃)")
_NOT_ADDED = re.compile(
    "率|%|％|占比|比重|均|排名|名次|位次|序号|编号|增长|增速|增幅|同比|环比|得分|指数|年份|单价|时间|日期|电话|倍"
)
_SHARE = re.compile("占比|比重|构成")
_RANK = re.compile("^(?:排名|名次|位次|排序|总排名|综合排名)$")
_UNIT = re.compile("[（(][^（）()]{0,12}[）)]$")
_PLACE = re.compile(
    rf"([^，。；：、{TOKEN[1:-1]}]{{2,16}}?)(?:排名|位居|位列|列|居)(?:全市|全县|本次|综合|总)?第({TOKEN}|[0-9]{{1,3}}|[一二三四五六七八九十]{{1,3}})(?:位|名)?"
)


def bare(text: str) -> str:
    """A label without blanks and its unit: 合 计 → 合计, 新增就业（人） → 新增就业."""
    return _UNIT.sub("", re.sub(r"\s", "", text.replace("\u3000", "")))


def tables(those: Sequence[TextTable]) -> Iterator[Finding]:
    """Every table by itself."""
    for table in those:
        if len(table.rows) > 2 and len({len(row) for row in table.rows}) == 1:
            yield from totals(table)
            yield from shares(table)


def totals(table: TextTable) -> Iterator[Finding]:
    """Each number of the row 合计 is the sum of its column: of the rows, or of the rows 小计."""
    labels = [bare(row[0]) or bare("".join(row[1:2])) for row in table.rows]
    at = [n for n, label in enumerate(labels) if _TOTAL.match(label)]
    if len(at) != 1:
        return
    first = _first_row(table)
    parts = [n for n in range(first, len(labels)) if n != at[0] and not _WITHIN.match(labels[n])]
    plain_rows = [n for n in parts if not _SUBTOTAL.search(labels[n])]
    groups = [n for n in parts if _SUBTOTAL.search(labels[n])]
    for column in range(1, len(table.rows[0])):
        head = "".join(bare(row[column]) for row in table.rows[:first])
        whole = cell_number(table.rows[at[0]][column])
        if (
            whole is None
            or "%" in table.rows[at[0]][column]
            or _NOT_ADDED.search("".join(r[column] for r in table.rows[:first]))
        ):
            continue
        sums = [_sum(table, rows, column) for rows in (plain_rows, groups) if rows]
        if sums and None not in sums and all(not _is_near(one, whole) for one in sums if one):
            added, _ = sums[0] or (whole, Decimal(0))
            yield _of_table(
                "N-table-total", table, f"“{head}”一列各行相加是{plain(added)}，{labels[at[0]]}写的是{plain(whole)}。", plain(added),
                plain(whole), excerpt=f"{labels[at[0]]}　{plain(whole)}",
            )  # fmt: skip


def _first_row(table: TextTable) -> int:
    """The first row that holds a number; those above are headers."""
    return (
        next((n for n, row in enumerate(table.rows) if any(cell_number(cell) is not None for cell in row[1:])), 1) or 1
    )


def _sum(table: TextTable, rows: Sequence[int], column: int) -> tuple[Decimal, Decimal] | None:
    """(the sum of the rows, what rounding may have hidden); None when a cell is no number."""
    added, slack = Decimal(0), Decimal(0)
    for row in rows:
        text = table.rows[row][column].strip()
        number = cell_number(text)
        if number is None and text not in NOTHING:
            return None
        added += number or 0
        places = -int(number.as_tuple().exponent) if number is not None else 0
        slack += Decimal("0.5").scaleb(-places) if places > 0 else 0
    return added, slack


def _is_near(found_sum: tuple[Decimal, Decimal], whole: Decimal) -> bool:
    return abs(found_sum[0] - whole) <= found_sum[1]


def shares(table: TextTable) -> Iterator[Finding]:
    """A column 占比 does not add up to more than 100% beyond rounding."""
    first = _first_row(table)
    rows = [n for n in range(first, len(table.rows)) if not _SUBTOTAL.search(bare(table.rows[n][0]))]
    for column in range(1, len(table.rows[0])):
        if not _SHARE.search(table.rows[0][column]) or any(_WITHIN.match(bare(table.rows[n][0])) for n in rows):
            continue
        found_sum = _sum(table, rows, column)
        places = {len(table.rows[n][column].strip("%％ ").partition(".")[2]) for n in rows}
        if found_sum and len(rows) > 2 and 100 + Decimal(len(rows)).scaleb(-min(places)) / 2 < found_sum[0] <= 105:
            text = plain(found_sum[0])
            yield _of_table(
                "N-shares",
                table,
                f"“{bare(table.rows[0][column])}”一列相加是{text}%，超过 100%。",
                "100%",
                f"{text}%",
                excerpt=text,
            )


def _of_table(id: str, table: TextTable, problem: str, expected: str, measured: str, *, excerpt: str) -> Finding:
    name = table.caption.strip() or f"第{table.number}个表"
    return found(
        id, f"{name}：{problem}", expected=expected, measured=measured, paragraph=table.paragraph, excerpt=excerpt
    )


def charts(those: Sequence[TextChart], among: Sequence[TextTable]) -> Iterator[Finding]:
    """What a chart shows is what its workbook holds, and what a table with the same labels says."""
    for chart in those:
        if chart.book is not None:
            yield from _against_book(chart, chart.book)
        for table in among:
            yield from _against_table(chart, table)


def _against_book(chart: TextChart, book: ChartData) -> Iterator[Finding]:
    held = {(name, at): value for name, values in book.series for at, value in enumerate(values)}
    for name, values in chart.shown.series:
        for at, value in enumerate(values):
            category = chart.shown.categories[at] if at < len(chart.shown.categories) else str(at + 1)
            in_book = held.get((name, at), "")
            if not _same(value, in_book):
                yield _of_chart("N-chart-book", chart, "内嵌工作簿", f"{name}　{category}", value, other=in_book)
                return


def _against_table(chart: TextChart, table: TextTable) -> Iterator[Finding]:
    rows = {bare(row[0]): row for row in table.rows[1:] if row}
    categories = [bare(category) for category in chart.shown.categories]
    if len(categories) < 2 or not set(categories) <= set(rows):
        return
    heads = [bare(cell) for cell in table.rows[0]]
    for name, values in chart.shown.series:
        if heads.count(bare(name)) != 1 or len(values) != len(categories):
            continue
        column = heads.index(bare(name))
        for category, value in zip(categories, values, strict=True):
            cell = rows[category][column] if column < len(rows[category]) else ""
            if not _same(value, cell):
                where = table.caption.strip() or f"第{table.number}个表"
                yield _of_chart("N-chart-table", chart, where, f"{category}　{bare(name)}", value, other=cell)
                return


def _same(one: str, other: str) -> bool:
    a, b = cell_number(one), cell_number(other)
    if a is None or b is None:
        return (a or 0) == (b or 0)
    return a == b


def _of_chart(id: str, chart: TextChart, where: str, label: str, shown: str, *, other: str) -> Finding:
    name = chart.caption.strip() or "图"
    return found(
        id, f"{name}：“{label}”图里是{shown or '空'}，{where}里是{other or '空'}。", expected=other, measured=shown,
        paragraph=chart.paragraph, excerpt=label,
    )  # fmt: skip


def ranks(sentences: Sequence[Sentence], among: Sequence[TextTable]) -> Iterator[Finding]:
    """甲县排名第三 against the only table with a column 排名 that lists 甲县."""
    places: dict[str, list[tuple[str, TextTable]]] = {}
    for table in among:
        column = (
            next((n for n, cell in enumerate(table.rows[0]) if _RANK.match(bare(cell))), None) if table.rows else None
        )
        for row in table.rows[1:] if column is not None else ():
            for label in row[:2]:
                places.setdefault(bare(label), []).append((row[column or 0], table))
    for sentence in sentences if places else ():
        for match in _PLACE.finditer(sentence.skeleton):
            for name in (n for n in places if n and match[1].startswith(n) and len(places[n]) == 1):
                cell, table = places[name][0]
                said, wanted = _place(sentence, match[2]), cell_number(cell)
                if said is not None and wanted is not None and said != wanted:
                    problem = f"{name}写的是第{plain(said)}，{table.caption.strip() or '表'}里排第{plain(wanted)}。"
                    yield told(
                        "N-rank", sentence, problem, f"第{plain(wanted)}", f"第{plain(said)}", around=match.group()
                    )


def _place(sentence: Sentence, text: str) -> Decimal | None:
    if re.fullmatch(TOKEN, text):
        return sentence.amount(text).value
    return Decimal(text) if text.isdecimal() else chinese_number(text)
