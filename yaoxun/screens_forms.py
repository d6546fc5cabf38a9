"""How the office's own sheets look on a screen: what every cell was taken for, what was drafted. Nothing is computed here."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from yaoxun.screens import console

if TYPE_CHECKING:
    from tasks.own_sheets import Drafted, FormRow, Tried
    from yaoxun.forms.layout.draft import DraftForm
    from yaoxun.forms.layout.model import UnderstoodCell

_COLUMNS = ("格", "认作", "哪家单位", "报告期", "列", "内容", "计量单位", "要确认的或问题")
_ROLES = {"data": "数据", "total": "合计", "note": "附注", "title": "标题", "header": "表头"}
_PERIODS = {"week": "周", "month": "月", "quarter": "季", "half": "半年", "year": "年"}
_KINDS = {"text": "文字", "count": "个数", "money": "金额", "number": "数", "percent": "百分数", "date": "日期", "choice": "选项",
          "choices": "多选", "code": "编号", "document_no": "文号", "link": "链接"}  # fmt: skip


def show_tried(tried: "Tried") -> None:
    """Every filled cell, one a line, and what a person must look at."""
    out = console()
    for sheet in dict.fromkeys(cell.sheet for cell in tried.cells):
        table = Table(*_COLUMNS, title=escape(sheet))
        for cell in tried.cells:
            if cell.sheet == sheet:
                table.add_row(
                    *map(escape, _cells(cell)), style="red" if cell.finding else "yellow" if cell.asked else None
                )
        out.print(table)
    roles = Counter(_ROLES[cell.role] for cell in tried.cells)
    asked, wrong = sum(bool(c.asked) for c in tried.cells), sum(bool(c.finding) for c in tried.cells)
    counts = "，".join(f"{role} {n}" for role, n in roles.items())
    out.print(f"共 {len(tried.cells)} 格：{counts or '没有内容'}。要确认的 {asked} 格，有问题的 {wrong} 格。")
    for note in tried.notes:
        out.print(escape(note), soft_wrap=True)
    for table_id, title in tried.forms.items():
        out.print(f"本办公室的 {table_id}（{escape(title)}）合这张表，列名和计量单位按它的定义。")
    if tried.copy:
        out.print(f"涂色副本：{escape(str(tried.copy))}", soft_wrap=True)
    elif asked or wrong:
        out.print("加 --copy 试读.xlsx 可得一份涂色副本，要确认的格带批注。")


def _cells(cell: "UnderstoodCell") -> tuple[str, ...]:
    said = "；".join(filter(None, (cell.finding, cell.asked)))
    return (cell.cell, _ROLES[cell.role], cell.organisation, cell.period, cell.column, cell.value[:40], cell.unit, said)


def show_drafted(drafted: "Drafted") -> None:
    """What was understood, what is asked, and what to do next."""
    out = console()
    for form in drafted.forms:
        out.print(_columns(form))
        for n, question in enumerate(form.questions, start=1):
            where = f"{question.address} " if question.address else ""
            out.print(f"  [yellow]？{n}[/] {escape(where + question.sentence)}", soft_wrap=True)
        for note in form.notes:
            out.print(f"  {escape(note)}", soft_wrap=True)
    out.print("写好的文件：")
    for path in drafted.files:
        out.print(f"  {escape(str(path))}", soft_wrap=True)
    asked = sum(len(form.questions) for form in drafted.forms)
    out.print("下一步：")
    out.print(f"  1. 打开上面的 .yaml，核对标有“？请确认”的地方（共 {asked} 条）。")
    lines = "\n".join(map(escape, drafted.assignments))
    if drafted.added:
        out.print(f"  2. 已写入 assignments.yaml，请核对由谁报、必报还是有则报：\n{lines}", soft_wrap=True)
    else:
        how = r"orgs 写由谁报：all、“kind:类别”，或几家的代码 \[D01, D02]；原来是 assignments: \[] 的，先改成 assignments:"
        out.print(f"  2. 在 config/assignments.yaml 末尾照样加上（{how}）：\n{lines}", soft_wrap=True)
    out.print("  3. 运行 yaoxun config check，再运行 yaoxun templates issue 发放。")


def show_forms(rows: "Sequence[FormRow]") -> None:
    """The office's tables, one a line."""
    table = Table("表号", "名称", "行", "报告期", "空表")
    for row in rows:
        kind = "登记册" if row.kind == "register" else "固定"
        table.add_row(*map(escape, (row.id, row.title, kind, _PERIODS[row.period], row.own_file or "程序生成")))
    console().print(table if rows else "没有报表。")


def _columns(form: "DraftForm") -> Table:
    shape = (
        {"fixed": "行固定", "register": "登记册，每期可有多行"}[form.kind]
        if form.shape == "table"
        else "标签在旁，一家一份"
    )
    table = Table("列名", "表头", "类型", "计量单位", "说明", title=escape(f"{form.id} {form.title}（{shape}）"))
    for c in form.columns:
        notes = [
            f"= {c.formula}" if c.formula else "",
            "办公室填好，锁定" if c.locked else "",
            "、".join(c.options)[:40],
        ]
        unit = (
            c.unit or {"money": "万元", "percent": "%"}.get(c.kind, "") or (f"见{c.unit_from}" if c.unit_from else "")
        )
        row = (c.name, "/".join(c.path) or "（不在表里）", _KINDS[c.kind], unit, "；".join(filter(None, notes)))
        table.add_row(*map(escape, row))
    return table
