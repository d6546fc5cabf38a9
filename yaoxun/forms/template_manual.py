"""The sheet 填报说明, written from the definitions: every column's meaning and allowed values, every rule with its id,
sentence and example. The same lines make the manual page (`manual_lines`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from yaoxun.forms.loading import as_value
from yaoxun.forms.model import Form, Frame
from yaoxun.forms.row_heights import row_height
from yaoxun.forms.rules.catalogue import COMMON, catalogue, reference_words
from yaoxun.forms.settings import ColumnSetting
from yaoxun.forms.values import show

_KINDS = {
    "text": "文字", "count": "不小于0的整数", "money": "金额，万元，两位小数", "number": "数字", "percent": "百分数，填0至100的数",
    "date": "日期，如 2023-04-06", "choice": "下拉选一项", "choices": "下拉选择，可多项，用顿号隔开", "code": "编号",
    "document_no": "文号，如 晋市青发〔2023〕3号", "link": "网址",
}  # fmt: skip
_WIDTHS = (18, 8, 48, 48, 28)
_HEADS = {
    "columns": ("列名", "必填", "含义", "允许的值", "示例"),
    "rules": ("规则", "级别", "内容", "正确示例", "会被指出的示例"),
}


def allowed_words(column: ColumnSetting, options: Sequence[str] = ()) -> str:
    """What may be written in a column, in Chinese."""
    if column.formula:
        return "由系统计算"
    if column.ours:
        return "由系统预填"
    words = _KINDS[column.kind]
    if options:
        words += "：" + "、".join(options)
    words += f"，{reference_words(column)}".removesuffix("。") if column.refers else ""
    if column.kind == "text":
        words += f"，不超过{column.max_chars}字"
    if column.allow_negative:
        words += "，可为负数"
    if column.words:
        words += "，或填" + "、".join(column.words)
    if column.occurs == "past":
        words += "，不晚于数据截止日"
    return words


def manual_lines(form: Form, frame: Frame | None = None) -> Iterator[tuple[str, ...]]:
    """The page of one table as rows of five texts: its columns, then its own rules. With a frame, options are listed."""
    yield (f"{form.id} {form.title}",)
    yield _HEADS["columns"]
    for column in form.columns:
        if column.hidden:
            continue
        options = frame.options(column, None) if frame and column.list else ()
        sample = show(as_value(column, form.setting.sample.get(column.name)))
        required = "必填" if column.required else ""
        yield (column.header or column.name, required, column.meaning, allowed_words(column, options), sample)
    own = [rule for rule in catalogue(form) if rule.id not in COMMON]
    if own:
        yield _HEADS["rules"]
        yield from ((rule.id, rule.level, rule.say, rule.example, rule.counter) for rule in own)


def common_lines() -> Iterator[tuple[str, ...]]:
    """The rules that hold for every table."""
    yield ("各表通用规则",)
    yield _HEADS["rules"]
    yield from ((rule.id, rule.level, rule.say, rule.example, "") for rule in COMMON.values())


def manual_page(form: Form) -> str:
    """The manual page of one table in Markdown."""
    parts: list[str] = []
    for line in manual_lines(form):
        cells = [text.replace("|", "\\|").replace("\n", " ") for text in line]
        if len(cells) == 1:
            parts.append(f"## {cells[0]}")
        elif line in _HEADS.values():
            parts += ["", "| " + " | ".join(cells) + " |", "|" + "---|" * len(cells)]
        else:
            parts.append("| " + " | ".join(cells) + " |")
    return "\n".join(parts) + "\n"


def write_manual(sheet: Any, forms: Sequence[Form], frames: Sequence[Frame], formats: Any) -> None:
    """Fill the sheet 填报说明."""
    for col, width in enumerate(_WIDTHS):
        sheet.set_column(col, col, width)
    by_form = {frame.form.id: frame for frame in frames}
    at = 0
    lines = [line for form in forms for line in manual_lines(form, by_form.get(form.id))]
    for line in [*lines, *common_lines()]:
        if len(line) == 1:
            at += 1
            sheet.write_string(at, 0, line[0], formats.title)
        else:
            style = formats.header if line in _HEADS.values() else formats.text
            sheet.set_row(at, row_height(line, _WIDTHS))
            for col, text in enumerate(line):
                sheet.write_string(at, col, text, style)
        at += 1
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, at, 4)
