"""Builders of the tests of forms: code lists by hand, frames, a filled workbook, and a tiny opener of xlsx files."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from yaoxun.forms.envelope import Heading, Meta, ReadWorkbook
from yaoxun.forms.loading import load_forms
from yaoxun.forms.locating import lines_of, locate
from yaoxun.forms.model import Form, Frame, History, KnownRow, Table
from yaoxun.forms.reading import read_tables
from yaoxun.forms.template import build_template
from yaoxun.office.model import CodeList, ListEntry, Organisation, Period
from yaoxun.sheets.model import RawCell, RawSheet, RawWorkbook

CONFIG = Path(__file__).parents[3] / "config"
ORG = Organisation(code="zjj", name="示例市住房和城乡建设局", short="示例住建局", kind="成员单位", order=10)
OTHER = Organisation(code="rsj", name="示例市人力资源和社会保障局", short="示例人社局", kind="成员单位", order=11)
APRIL = Period(
    label="2023-04", kind="month", year=2023, ordinal=4, first_day=date(2023, 4, 1), last_day=date(2023, 4, 30),
    data_from=date(2023, 3, 26), data_to=date(2023, 4, 25),
)  # fmt: skip
JANUARY = Period(
    label="2023-01", kind="month", year=2023, ordinal=1, first_day=date(2023, 1, 1), last_day=date(2023, 1, 31),
    data_from=date(2022, 12, 26), data_to=date(2023, 1, 25),
)  # fmt: skip


def code_list(name: str, *names: str) -> CodeList:
    return CodeList(
        name=name, title=name, entries=tuple(ListEntry(code=n, name=n, order=i) for i, n in enumerate(names))
    )


def _entry(code: str, name: str, order: int, *aliases: str, **attributes: str) -> ListEntry:
    return ListEntry(code=code, name=name, order=order, aliases=aliases, attributes=attributes)


_MILESTONES = "方案印发（20%）；组织实施（60%）；全面完成（100%）"
LISTS: Mapping[str, CodeList] = {
    "measure": CodeList(
        name="measure", title="措施",
        entries=(
            _entry("X3", "优化城市就业环境", 3), _entry("X4", "优化城市居住环境", 4, "居住环境"), _entry("G5", "青·靓", 12),
        ),
    ),
    "indicator": CodeList(
        name="indicator", title="指标",
        entries=(
            _entry("I01", "新增保障性租赁住房", 1, owner="zjj", measure="X4", scope="全市", unit="套", target="1000", nature="流量"),
            _entry("I02", "青年驿站床位数", 2, owner="zjj", measure="X4", scope="全市", unit="张", target="200", nature="期末数"),
            _entry("I03", "就业见习岗位", 3, owner="rsj", measure="X3", scope="全市", unit="个", target="500", nature="流量"),
        ),
    ),
    "task": CodeList(
        name="task", title="任务",
        entries=(
            _entry("R01", "示例任务01", 1, owner="zjj", measure="X4", traction="Q1", target="建成3处", co="示例人社局",
                   plan_q1="10", plan_q2="40", plan_q3="70", plan_q4="100", milestones=_MILESTONES),
            _entry("R02", "示例任务02", 2, owner="zjj", measure="G5", traction="Q1", target="完成改造",
                   plan_q1="0", plan_q2="30", plan_q3="60", plan_q4="100", milestones=_MILESTONES),
        ),
    ),
    "traction": CodeList(name="traction", title="牵引性行动", entries=(_entry("Q1", "示例行动一", 1),)),
    "organise_aspect": code_list("organise_aspect", "引领城市文明风尚", "投身创新创业热潮"),
    "deed_field": code_list("deed_field", "住房安居", "创新创业", "养老育幼", "身心健康", "文化服务", "品质生活"),
    "progress_state": code_list(
        "progress_state", "未启动", "未达序时", "按序时", "超序时", "提前完成", "已完成", "长期坚持", "已调整"
    ),
    "policy_state": code_list("policy_state", "有效", "已修改", "废止", "失效", "误报"),
    "level": code_list("level", "市", "县"),
    "policy_type": code_list("policy_type", "普惠", "专项", "长效"),
    "disclosure": code_list("disclosure", "公开", "内部"),
    "deed_state": code_list("deed_state", "未启动", "推进中", "已完成", "误报"),
    "event_kind": code_list("event_kind", "征集", "活动", "专栏", "宣传片", "海报文创", "公交户外", "课题", "其他"),
    "media_level": code_list("media_level", "国家级", "省级", "市级", "县级"),
    "yes_no": code_list("yes_no", "是", "否"),
    "unit_kind": code_list("unit_kind", "学校", "机关", "企业", "社区", "园区", "街区", "空间"),
    "county": code_list("county", "城区", "泽州县"),
    "unit_stage": code_list("unit_stage", "申报", "培育", "验收", "限期整改", "授牌", "退出"),
    "aspect_state": code_list("aspect_state", "未开展", "推进中", "已达标"),
    "problem_source": code_list("problem_source", "任务推进", "联合督查"),
    "problem_state": code_list("problem_state", "新报", "拟会商", "已会商", "整改中", "销号"),
    "urgency": code_list("urgency", "一般", "较急", "紧急"),
    "opinion_channel": code_list("opinion_channel", "线上征集", "座谈会"),
    "opinion_result": code_list("opinion_result", "采纳", "部分采纳", "留作参考", "不采纳", "办理中"),
}  # fmt: skip


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    return load_forms(CONFIG, LISTS)


def frame(table: str, *, history: History | None = None, period: Period = APRIL, form: Form | None = None) -> Frame:
    return Frame(
        form=form or forms()[table], org=ORG, period=period, lists=LISTS, history=history or History(elsewhere=ELSEWHERE),
        pilot_start=date(2022, 6, 1),
    )  # fmt: skip


def known(uid: str, *, number: str = "", year: int = 2023, period: str = "2023-03", **values: Any) -> KnownRow:
    return KnownRow(uid=uid, values=values, number=number, period=period, year=year, first_period=period)


def policy(uid: str = "p1", number: str = "ZC0001", **changes: Any) -> KnownRow:
    """A policy that was accepted in March."""
    values: dict[str, Any] = {
        "文号": "晋市建发〔2023〕1号", "政策名称": "示例公租房保障办法", "发文单位": "示例住建局", "层级": "市",
        "出台日期": date(2023, 3, 10), "失效日": "长期", "类别": "普惠", "对应措施": ("优化城市居住环境",),
        "政策要点": "降低租金", "公开属性": "公开", "状态": "有效",
    }  # fmt: skip
    return known(uid, number=number, **(values | changes))


NEW_POLICY: Mapping[str, Any] = {
    "文号": "晋市建发〔2023〕9号", "政策名称": "示例青年安居补贴细则", "发文单位": "示例住建局", "层级": "市",
    "出台日期": date(2023, 4, 6), "对应措施": "优化城市居住环境", "政策要点": "发放补贴", "公开属性": "公开", "状态": "有效",
}  # fmt: skip


ELSEWHERE: Mapping[str, frozenset[str]] = {"T3.政策编号": frozenset({"ZC0001", "ZC0002"})}
"""What other tables of the organisation hold."""


def history(*rows: KnownRow, **more: Any) -> History:
    return History(rows={row.uid: row for row in rows}, previous="2023-03", **({"elsewhere": ELSEWHERE} | more))


def template(*frames: Frame) -> bytes:
    return build_template(
        frames, heading=Heading(office="示例办公室"), meta=Meta(template="每月一套表", version=1, org=ORG.code, issue="7"),
        based_on={},
    )  # fmt: skip


class Filler:
    """A submitter's hands: opens an issued template, types into cells by table, row and header."""

    def __init__(self, *frames: Frame, book: Any = None) -> None:
        self.frames = {f.form.id: f for f in frames}
        self.book = book or openpyxl.load_workbook(BytesIO(template(*frames)))

    def sheet(self, table: str) -> Worksheet:
        return next(ws for ws in self.book.worksheets if self._mark(ws, table))

    @staticmethod
    def _mark(sheet: Worksheet, table: str) -> Any:
        return next((c for row in sheet.iter_rows() for c in row if c.value == f"#{table}"), None)

    def col(self, table: str, column: str) -> int:
        found = locate(self.raw(table), {table: self.frames[table].form})[table][0]
        return found.columns[column]

    def row(self, table: str, n: int) -> int:
        """The sheet row of the table's n-th row, from 0."""
        return int(self._mark(self.sheet(table), table).row) + 1 + n

    def type(self, table: str, n: int, values: Mapping[str, Any]) -> "Filler":
        sheet = self.sheet(table)
        for column, value in values.items():
            shown = "、".join(value) if isinstance(value, tuple) else value
            sheet.cell(self.row(table, n), self.col(table, column)).value = (
                float(shown) if isinstance(shown, Decimal) else shown
            )
        return self

    def declare(self, **declared: str) -> "Filler":
        cover = self.book["封面"]
        for row in cover.iter_rows():
            for cell in row:
                table = str(cell.value or "").split(" ")[0]
                if cell.column == 2 and table in declared:
                    cover.cell(cell.row, 4).value = declared[table]
        return self

    def declare_all(self, words: str = "有数据") -> "Filler":
        return self.declare(**dict.fromkeys(self.frames, words))

    def raw(self, table: str = "") -> RawWorkbook:
        """What an opener of the saved file would give; of one table's sheet only where it is named."""
        sheets = [self.sheet(table)] if table else self.book.worksheets
        return RawWorkbook(sheets=tuple(_sheet(ws) for ws in sheets))

    def read(self) -> ReadWorkbook:
        return read_tables(self.raw(), forms() | {t: f.form for t, f in self.frames.items()}, self.frames)

    def table(self, table: str) -> Table:
        return self.read().tables[table]


def open_bytes(content: bytes) -> RawWorkbook:
    book = openpyxl.load_workbook(BytesIO(content))
    return RawWorkbook(sheets=tuple(_sheet(ws) for ws in book.worksheets))


def _sheet(ws: Worksheet) -> RawSheet:
    cells = {(c.row, c.column): _cell(c) for row in ws.iter_rows() for c in row if c.value is not None}
    hidden = frozenset(n for n, d in ws.row_dimensions.items() if d.hidden)
    state: Any = ws.sheet_state
    return RawSheet(
        name=ws.title, state=state, cells=cells, hidden_rows=hidden, max_row=ws.max_row, max_col=ws.max_column
    )


def _cell(cell: Any) -> RawCell:
    value, formula = cell.value, None
    kinds: dict[str, Callable[[Any], Any]] = {"n": lambda v: Decimal(str(v)), "b": bool}
    if cell.data_type == "f":
        return RawCell(cell.row, cell.column, "text", "", str(value)[1:])
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if isinstance(value, datetime):
        return RawCell(cell.row, cell.column, "date", value, formula)
    if cell.data_type == "e":
        return RawCell(cell.row, cell.column, "error", str(value), formula)
    kind: Any = {"n": "number", "b": "bool"}.get(cell.data_type, "text")
    return RawCell(cell.row, cell.column, kind, kinds.get(cell.data_type, str)(value), formula)


def raw_value(raw: RawWorkbook, sheet: str, place: str) -> Any:
    """What stands at a printed address."""
    found = raw.sheet(sheet)
    assert found is not None
    return next((c.value for line in lines_of(found).values() for c in line.values() if c.address == place), None)
