"""C07 and C09: what the cover declares against what the rows say, and a table that equals last period's."""

from collections.abc import Iterator
from itertools import islice

from yaoxun.forms.changes import is_changed
from yaoxun.forms.findings import at
from yaoxun.forms.model import Finding, Table
from yaoxun.forms.settings import EXPLANATION


def check_declaration(table: Table) -> Iterator[Finding]:
    """C07: 零报告 (and 不适用) ⇔ no new or changed rows."""
    if table.absent:
        return
    # The first ones are told; whether there are more need not be known.
    changed, form = list(islice((row for row in table.rows if is_changed(table.frame, row)), 5)), table.form
    if table.declared in ("零报告", "不适用") and changed:
        rows = "、".join(str(row.number) for row in changed)
        message = (
            f"封面选了“{table.declared}”，“{table.sheet}”第{rows}行却有新增或变化。"
            "有数据请把封面改为“有数据”；确无数据请恢复这些行。"
            if not form.setting.layout
            else f"表上写了“{table.declared}”，第{rows}行却有新增或变化。有数据请删去“{table.declared}”；确无数据请恢复这些行。"
        )
        yield _declared(table, message)
    elif table.declared == "有数据" and not changed and not (form.fixed and table.rows):
        message = f"封面选了“有数据”，“{table.sheet}”却没有新增或变化的行。请补填；本期确无数据请把封面改为“零报告”。"
        yield _declared(table, message)
    elif not table.declared and not any(f.rule == "C07" for f in table.findings):
        message = (
            f"封面没有为“{form.id} {form.title}”选择本期情况，表里也没有新增或变化。请选“零报告”“不适用”，或补填。"
        )
        yield _declared(table, message)


def _declared(table: Table, message: str) -> Finding:
    where = {"table": table.form.id, "column": "declared", "found": table.declared}
    return at("C07", *table.declared_at, message, **where)


def check_same(table: Table) -> Iterator[Finding]:
    """C09: every input cell equals last period's (fixed tables; registers have C07)."""
    if not table.form.fixed or not table.rows or any(row.known is None for row in table.rows):
        return
    names = [c.name for c in table.form.columns if not c.ours and c.name != EXPLANATION and table.columns.get(c.name)]
    pairs = [(row.value(n), row.known.values.get(n)) for row in table.rows if row.known for n in names]
    if names and all(now == then for now, then in pairs) and any(now is not None for now, _ in pairs):
        spot = table.place(table.rows[0], names[0])
        message = "各行与上期完全相同，请核对是否忘了更新。"
        yield at("C09", table.sheet, spot, message, table=table.form.id, row_uid=table.rows[0].uid, column=names[0])
