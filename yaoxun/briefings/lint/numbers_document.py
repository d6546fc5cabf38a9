"""One document tied to itself: the headline's numbers against the text, one labelled quantity with two values, prose against
tables, and the records of our own documents against what is printed.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from yaoxun.briefings.lint.catalogue import found
from yaoxun.briefings.lint.model import Finding, TextTable, WordText
from yaoxun.briefings.lint.numbers_parts import told
from yaoxun.briefings.lint.numbers_reading import HAN_RUN, TOKEN, Amount, Sentence, cell_number
from yaoxun.briefings.lint.numbers_tables import bare
from yaoxun.figures.words import plain

_TIMES = re.compile(
    "[0-9]{4}年|[0-9]{1,2}月|季度|上年|去年|今年|上月|上期|同期|前年|月底|年底|年初|上半年|下半年|截至|目前|累计"
)
_OTHER = re.compile(
    "上年|去年|上月|上期|同期|前年|原有|原来|计划|目标|力争|预计|拟|比|较|其中|分别|由|从|增至|平均|人均|每"
)
_SCOPE = re.compile("全市|全省|全县|全区|全国|全年|本月|本季度|本期|共|累计|目前|截至")
_LABELLED = re.compile(rf"({HAN_RUN}{{4,14}}?)(?:共|达到?|为|了)?({TOKEN})")
_FIXED = re.compile("年|月|日|天|周|季度|届|级|期|岁|点|分|大")


def headline(among: Sequence[Sentence], tables: Sequence[TextTable]) -> Iterator[Finding]:
    """Every number of the title stands in the text or a table, too."""
    titles = [s for s in among if s.line.role == "title"]
    rest = [
        s for s in among if s.line.role not in ("title", "masthead", "issue_number", "date_line", "colophon", "footer")
    ]
    if not rest or not titles:
        return
    values = {amount.value for sentence in rest for amount in sentence.amounts}
    values |= {n for table in tables for row in table.rows for cell in row if (n := cell_number(cell)) is not None}
    for sentence in titles:
        for amount in sentence.amounts:
            is_quantity = amount.unit and not (_FIXED.match(amount.unit) and amount.unit != "大") and not amount.about
            if is_quantity and amount.value not in values:
                problem = f"标题里的“{amount.text}”正文和表里都没有。"
                yield told("N-headline", sentence, problem, "标题与正文一致", amount.text)


def two_values(among: Sequence[Sentence]) -> Iterator[Finding]:
    """全市新增就业120人 here and 全市新增就业121人 there: same label, same scope, same time, same measure word."""
    seen: dict[tuple[str, str, frozenset[str], frozenset[str]], tuple[Sentence, Amount]] = {}
    for sentence in among:
        if sentence.line.role not in ("body", "title", "item", "remark", "heading2", "heading3"):
            continue
        for clause in re.split("[；，]", sentence.skeleton):
            if len(re.findall(TOKEN, clause)) != 1 or _OTHER.search(sentence.skeleton) or not _SCOPE.search(clause):
                continue
            match = _LABELLED.search(clause)
            amount = sentence.amount(match[2]) if match else None
            if match is None or amount is None or amount.about or not amount.unit or _FIXED.match(amount.unit):
                continue
            scope, times = frozenset(_SCOPE.findall(clause)), frozenset(_TIMES.findall(sentence.text))
            key = (match[1], amount.unit, scope, times)
            before, value = seen.setdefault(key, (sentence, amount))
            if value.value != amount.value and not _rounds(value, amount):
                problem = f"“{match[1]}”前后两个数：第{before.line.number}段是{value.text}，这里是{amount.text}。"
                yield told("N-two-values", sentence, problem, value.text, amount.text, around=clause)


def _rounds(one: Amount, other: Amount) -> bool:
    return one.low <= other.high and other.low <= one.high


def prose_and_tables(among: Sequence[Sentence], tables: Sequence[TextTable]) -> Iterator[Finding]:
    """A clause with one row's label and a column's head right before its number says what the cell says."""
    index = [entry for table in tables for entry in _entries(table)]
    by_label: dict[str, list[tuple[str, str, TextTable]]] = {}
    for label, head, cell, table in index:
        by_label.setdefault(label, []).append((head, cell, table))
    for sentence in among:
        if sentence.line.role not in ("body", "title", "remark", "heading2", "heading3") or not sentence.amounts:
            continue
        for clause in re.split("[；，]", sentence.skeleton) if not _OTHER.search(sentence.skeleton) else ():
            names = [label for label in by_label if label in clause] if len(by_label) <= 3000 else []
            if len(names) == 1 and len(by_label[names[0]]) < 40:
                yield from _against_cells(sentence, clause, names[0], by_label[names[0]])


def _entries(table: TextTable) -> Iterator[tuple[str, str, str, TextTable]]:
    """(row label, head of the column or '' when there is one only, cell, table) of every number of a simple table."""
    if (
        len(table.rows) < 3
        or len({len(row) for row in table.rows}) != 1
        or any(cell_number(c) is not None for c in table.rows[0])
    ):
        return
    heads = [bare(cell) for cell in table.rows[0]]
    labels = [bare(row[0]) for row in table.rows[1:]]
    if len(set(labels)) != len(labels) or len(set(heads)) != len(heads):
        return
    for label, row in zip(labels, table.rows[1:], strict=True):
        for head, cell in zip(heads[1:], row[1:], strict=True):
            if len(label) > 1 and len(head) > 1 and cell_number(cell) is not None:
                yield label, head, cell, table


def _against_cells(
    sentence: Sentence, clause: str, label: str, cells: Sequence[tuple[str, str, TextTable]]
) -> Iterator[Finding]:
    for match in re.finditer(TOKEN, clause):
        amount = sentence.amount(match[0])
        before = re.sub("(?:共|达到?|为|了|是)$", "", clause[: match.start()])
        fitting = [(cell, table) for head, cell, table in cells if before.endswith(head) and label + head in before]
        if len(fitting) != 1 or amount.about or clause[match.end() :].startswith(("以上", "左右")):
            continue
        cell, table = fitting[0]
        value = cell_number(cell)
        is_same_time = set(_TIMES.findall(sentence.text)) <= set(_TIMES.findall(table.caption))
        if value is None or not is_same_time or _scaled(amount, value, table):
            continue
        where = table.caption.strip() or f"第{table.number}个表"
        problem = f"正文的“{sentence.written(clause).strip()}”与{where}不符，表里是{plain(value)}。"
        yield told("N-prose-table", sentence, problem, plain(value), amount.text, around=clause)


def _scaled(amount: Amount, value: Decimal, table: TextTable) -> bool:
    """Whether the number of the prose is the cell's, in the table's unit or ten thousand times smaller or larger."""
    return any(
        amount.low <= value * scale <= amount.high
        for scale in (Decimal(1), Decimal(10**4), Decimal(10**8), Decimal("0.0001"))
    )


def records(text: WordText) -> Iterator[Finding]:
    """Our own records: one figure printed with two values, and a number that was typed over."""
    values: dict[tuple[str, str, str], str] = {}
    for record in text.numerals:
        if record.figure:
            key = (record.figure, record.dims, record.unit)
            first = values.setdefault(key, record.value)
            if _differ(first, record.value):
                yield found(
                    "N-two-values", f"同一指标前后两个数：{first}和{record.value}。", expected=first, measured=record.value,
                    paragraph=_place(text, record.id), excerpt=record.text,
                )  # fmt: skip
    yield from _typed_over(text)


def _differ(one: str, other: str) -> bool:
    a, b = cell_number(one), cell_number(other)
    return a is not None and b is not None and a != b


def _place(text: WordText, bookmark: str) -> int | None:
    return next((p.number for p in text.paragraphs if bookmark in p.bookmarks), None)


def _typed_over(text: WordText) -> Iterator[Finding]:
    printed = {record.id: record.text for record in text.numerals}
    for paragraph in text.paragraphs:
        for name, (start, end) in paragraph.bookmarks.items():
            now = paragraph.text[start:end]
            if name in printed and re.sub(r"\s", "", now) != re.sub(r"\s", "", printed[name]):
                yield found(
                    "N-typed-over", f"取自数据的数被改过：记录是“{printed[name]}”，现在印的是“{now}”。", expected=printed[name],
                    measured=now, paragraph=paragraph.number, excerpt=paragraph.text[max(0, start - 12) : end + 12],
                )  # fmt: skip
