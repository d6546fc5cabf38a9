"""The workbook that goes out: 封面, one sheet a table, 填报说明, the hidden lists and `_meta`. Same input, same bytes.

What a table sheet looks like stands in template_sheet.py, the manual page in template_manual.py.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from yaoxun.forms.envelope import Heading, Meta, SheetMeta
from yaoxun.forms.model import DECLARATIONS, Form, Frame
from yaoxun.forms.template_manual import write_manual
from yaoxun.forms.template_sheet import Dropdowns, Formats, QuickSheet, write_table

META_SHEET, LIST_SHEET, COVER_SHEET, MANUAL_SHEET = "_meta", "_lists", "封面", "填报说明"
COVER_INPUTS = ("填报人", "审核人", "负责人", "电话", "日期")
COVER_FIELDS = ("填报单位", "报告期", *COVER_INPUTS, "依据文号", "频次", "有效期", "报送截止")
DECLARED_HEADER = "本期情况"


def rules_hash(forms: Sequence[Form]) -> str:
    """Changes whenever a definition changes; printed in `_meta`."""
    content = f"[{', '.join(form.setting.as_json for form in forms)}]"
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def sheet_name(form: Form) -> str:
    """The sheet that a template gives to a table."""
    return f"{form.id} {form.title}"[:31]


def build_template(
    frames: Sequence[Frame], *, heading: Heading, meta: Meta, based_on: Mapping[str, str] | None = None
) -> bytes:
    """One organisation's workbook, as xlsx bytes. The frames (one a table) may be of different periods; `meta` comes
    without sheets and rule hash, which are filled in; `based_on`: table → the sheet version that it continues."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"author": heading.office, "title": heading.title, "created": datetime(2000, 1, 1)})
    formats, lists = Formats(book), Dropdowns(LIST_SHEET)
    _write_cover(book, formats, frames, heading)
    for frame in frames:
        sheet = book.add_worksheet(sheet_name(frame.form), worksheet_class=QuickSheet)
        write_table(book, sheet, frame, formats, lists)
    write_manual(
        book.add_worksheet(MANUAL_SHEET, worksheet_class=QuickSheet), [frame.form for frame in frames], frames, formats
    )
    lists.write(book.add_worksheet(LIST_SHEET))
    _write_meta(book.add_worksheet(META_SHEET), frames, meta, based_on or {})
    book.close()
    return stream.getvalue()


def _write_cover(book: Any, formats: "Formats", frames: Sequence[Frame], heading: Heading) -> None:
    sheet = book.add_worksheet(COVER_SHEET)
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 4, 24)
    sheet.merge_range(0, 1, 0, 4, heading.title, formats.title)
    given = {
        "填报单位": frames[0].org.name, "报告期": "、".join(dict.fromkeys(f.period.label for f in frames)),
        "依据文号": heading.basis, "频次": heading.frequency, "有效期": heading.valid_until, "报送截止": heading.due,
    }  # fmt: skip
    for n, label in enumerate(COVER_FIELDS, start=2):
        sheet.write_string(n, 1, label, formats.header)
        sheet.write_string(n, 2, given.get(label, ""), formats.input if label in COVER_INPUTS else formats.locked)
    first = len(COVER_FIELDS) + 4
    for col, words in enumerate(("报表", "报告期", DECLARED_HEADER, "截止时间"), start=1):
        sheet.write_string(first - 1, col, words, formats.header)
    for n, frame in enumerate(frames):
        sheet.write_string(first + n, 1, sheet_name(frame.form), formats.locked)
        sheet.write_string(first + n, 2, frame.period.label, formats.locked)
        sheet.write_blank(first + n, 3, None, formats.input)
        sheet.write_string(first + n, 4, heading.due_of.get(frame.form.id, heading.due), formats.locked)
    sheet.data_validation(
        first, 3, first + len(frames) - 1, 3,
        {"validate": "list", "source": list(DECLARATIONS), "input_title": DECLARED_HEADER,
         "input_message": "每张表都请选择一项。本期没有新增或变化的选零报告，本工作簿不报这张表的选本次不含。",
         "error_title": "请从列表中选择", "error_message": "只能选：" + "、".join(DECLARATIONS)},
    )  # fmt: skip
    words = f"填好后保存，原样发回{heading.office}即可，文件名可以改；请勿另建新表。涉密内容不得填报。"
    sheet.write_string(first + len(frames) + 1, 1, words, formats.note)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, first + len(frames) + 1, 4)


def _write_meta(sheet: Any, frames: Sequence[Frame], meta: Meta, based_on: Mapping[str, str]) -> None:
    sheets = {frame.form.id: sheet_name(frame.form) for frame in frames}
    for n, line in enumerate(meta_lines(frames, meta, based_on, sheets)):
        for col, text in enumerate(line):
            sheet.write_string(n, col, text)
    sheet.very_hidden()


def meta_lines(
    frames: Sequence[Frame], meta: Meta, based_on: Mapping[str, str], sheets: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """The rows of `_meta`. sheets: table → the name of its sheet."""
    lines: list[tuple[str, ...]] = [
        ("template", meta.template), ("version", str(meta.version)), ("org", meta.org), ("issue", meta.issue),
        ("rules", rules_hash([frame.form for frame in frames])),
    ]  # fmt: skip
    for frame in frames:
        table = frame.form.id
        lines.append(("sheet", table, frame.period.label, sheets[table], based_on.get(table, "")))
    return lines


def parse_meta(lines: Sequence[Sequence[str]]) -> Meta | None:
    """The content of `_meta` from its cells' text, row by row; None where it is damaged."""
    single = {line[0]: line[1] for line in lines if len(line) >= 2 and line[0] != "sheet"}
    if not {"template", "version", "org"} <= single.keys() or not single["version"].isdigit():
        return None
    sheets = tuple(
        SheetMeta(table=line[1], period=line[2], sheet=line[3], based_on=line[4] if len(line) > 4 else "")
        for line in lines
        if line and line[0] == "sheet" and len(line) >= 4
    )
    return Meta(
        template=single["template"], version=int(single["version"]), org=single["org"], issue=single.get("issue", ""),
        rules=single.get("rules", ""), sheets=sheets,
    )  # fmt: skip
