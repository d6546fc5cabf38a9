"""What a found table is drafted as."""

import pytest
from layout_kit import sheet_of

from yaoxun.forms.layout.draft import DraftForm, Wishes, draft_forms, next_id
from yaoxun.forms.layout.draft_columns import column_names, translate
from yaoxun.sheets.model import RawWorkbook, address

N = None


def drafted(rows: list[list[object]], merges: tuple[str, ...] = (), **wishes: object) -> DraftForm:
    raw = RawWorkbook(sheets=(sheet_of(rows, merges, formulas=wishes.pop("formulas", None)),))  # type: ignore[arg-type]
    (draft,) = draft_forms(raw, file_name="表.xlsx", known_ids=(), wishes=Wishes(**wishes))  # type: ignore[arg-type]
    return draft


def test_names_are_identifiers_once_each() -> None:
    names = column_names(
        [("就业", "本月"), ("住房", "本月"), ("县（市、区）",), ("2023年", "1月"), ("月",), ("备注",), ("备注",)]
    )
    assert names == ["就业_本月", "住房_本月", "县市区", "期2023年_1月", "月_栏", "备注", "备注_2"]
    assert all(name.isidentifier() for name in names)


@pytest.mark.parametrize(
    ("formula", "expression"),
    [
        ("C5+D5", "甲 + 乙"),
        ("$C5-D5*2", "甲 - 乙 * 2"),
        ("SUM(C5:E5)", "(甲 + 乙 + 丙)"),
        ("ROUND(C5/D5*100,2)", "甲 / 乙 * 100"),
        ('IFERROR(C5/D5,"")', "甲 / 乙"),
        ("C4+D5", ""),
        ("SUM(C5:C9)", ""),
        ("Sheet2!C5", ""),
        ("VLOOKUP(C5,D5,1)", ""),
        ("F5+C5", ""),
        ("1+1", ""),
    ],
)
def test_formulas_within_a_row_become_expressions_and_others_do_not(formula: str, expression: str) -> None:
    assert translate(formula, 5, {"C": "甲", "D": "乙", "E": "丙"}) == expression


def test_a_computed_column_keeps_its_formula() -> None:
    rows: list[list[object]] = [["项目", "上期（人）", "本期（人）", "累计（人）"], ["甲", 1, 2, 3], ["乙", 3, 4, 7]]
    draft = drafted(rows, formulas={"D2": "B2+C2", "D3": "B3+C3"})
    assert draft.columns[3].formula == "上期 + 本期"
    assert "formula: " in draft.text


def test_one_organisation_a_row_is_fixed_by_the_organisation() -> None:
    draft = drafted([["县区", "人数（人）"], ["甲县", 1], ["乙县", 2], ["合计", 3]])
    assert draft.kind == "fixed" and draft.organisations == ("甲县", "乙县")
    assert "rows: {organisation: true}" in draft.text and "organisation: 县区" in draft.text


def test_given_rows_become_a_code_list_with_their_units() -> None:
    draft = drafted([["指标", "计量单位", "本月"], ["就业", "人", 1], ["资金", "万元", 2.5]])
    (text,) = draft.lists.values()
    assert "{code: R01, name: 就业, unit: 人}" in text
    assert draft.columns[2].unit_from == "计量单位"


def test_many_words_and_dates_make_a_register() -> None:
    draft = drafted([["序号", "文号", "政策名称", "印发日期"], [1, "甲发〔2023〕1号", "示例办法", "2023-03-01"]])
    assert draft.kind == "register"
    assert [c.kind for c in draft.columns] == ["document_no", "text", "date"]


def test_an_empty_register_is_drafted_from_its_header() -> None:
    draft = drafted([["项目台账"], ["序号", "项目名称", "开工日期", "投资（万元）"]])
    assert draft.kind == "register" and [c.kind for c in draft.columns] == ["text", "date", "money"]


def test_dropdowns_become_code_lists() -> None:
    dropdowns = {"Sheet1": [{"areas": ["B2:B9"], "options": ["在建", "完工"]}]}
    draft = drafted([["项目名称", "状态"], ["甲", "在建"]], dropdowns=dropdowns)
    assert draft.columns[1].kind == "choice" and "name: 完工" in "".join(draft.lists.values())


def test_what_is_not_known_is_asked_in_the_text_and_in_the_list() -> None:
    draft = drafted([["项目", "资金", "完成率"], ["甲", 1.5, 0.5], ["乙", 2.5, 0.75]])
    assert len(draft.questions) == 3, [q.sentence for q in draft.questions]
    assert draft.text.count("？请确认：") == 3
    assert any("不大于1" in q.sentence for q in draft.questions)


def test_sheets_of_the_same_columns_make_one_form() -> None:
    rows: list[list[object]] = [["项目", "数（个）"], ["甲", 1]]
    raw = RawWorkbook(sheets=(sheet_of(rows, name="1月"), sheet_of(rows, name="2月")))
    (draft,) = draft_forms(raw, file_name="表.xlsx", known_ids=("T1",))
    assert draft.id == "T2" and "sheet:" not in draft.text


def test_ids_go_on_from_the_one_that_was_asked_for() -> None:
    rows: list[list[object]] = [
        ["表一"],
        ["项目", "数（个）"],
        ["甲", 1],
        [N],
        ["表二"],
        ["县区", "数（个）"],
        ["甲县", 1],
    ]
    raw = RawWorkbook(sheets=(sheet_of(rows),))
    drafts = draft_forms(raw, file_name="表.xlsx", known_ids=(), wishes=Wishes(first_id="T10"))
    assert [d.id for d in drafts] == ["T10", "T11"]
    assert next_id(("T1", "T2", "T4")) == "T3"


def test_a_title_is_kept_without_its_period() -> None:
    draft = drafted([["2023年3月示例汇总表"], ["县区", "人数（人）"], ["甲县", 1]])
    assert (draft.title, draft.period) == ("示例汇总表", "month")


COUNTS = {
    "笔数": "笔", "贷款笔数": "笔", "受助户数": "户", "帮扶企业": "家", "出台政策": "条", "受理案件": "件", "在建项目": "项", "培训场次": "场次",
    "慰问次数": "次", "维修": "处", "宿舍": "所", "服务青年": "人次", "用工": "人天", "造林": "亩", "修路": "公里", "收粮": "吨", "团员": "人",
    "岗位": "个", "活动": "场", "住房": "套", "名额": "名", "简报": "期", "信息": "篇", "文件": "份", "设备": "台", "车辆": "辆", "床位": "张",
    "站点": "座", "房屋": "间", "楼房": "栋", "管网": "米", "饲料": "公斤", "用电": "度", "开放": "天", "志愿服务": "小时", "土方": "立方米",
    "绿地": "公顷", "结对": "对", "批次": "批", "采购": "宗", "事故": "起", "培训班": "班", "队伍": "支", "图书": "册", "授课": "课时",
    "出动": "车次", "母牛": "头", "苗木": "株", "装机": "千瓦", "周期": "个月", "课程": "门", "讲座": "讲", "直播": "次/月", "面积": "平方米",
}  # fmt: skip
OTHERS = {"贷款金额": ("万元", "money"), "补贴": ("元", "money"), "完成率": ("%", "percent"), "投资": ("亿元", "money")}


@pytest.mark.parametrize("upper", ["", "创业扶持/创业贷款"])
def test_the_unit_in_a_heading_is_its_columns_and_no_part_of_its_name(upper: str) -> None:
    wanted = {name: (unit, "count") for name, unit in COUNTS.items()} | OTHERS
    groups = [*upper.split("/")] if upper else []
    heads: list[list[object]] = [[N, word, *[N] * (len(wanted) - 1)] for word in groups]
    heads.append([N, *(f"{name}（{unit}）" for name, (unit, _) in wanted.items())])
    body: list[list[object]] = [[county, *range(1, len(wanted) + 1)] for county in ("甲县", "乙县")]
    last = address(1, len(wanted) + 1).rstrip("1")
    merges = tuple(f"B{n}:{last}{n}" for n, _ in enumerate(groups, start=1))
    merges += (f"A1:A{len(groups) + 1}",) if groups else ()
    heads[0][0] = "县区"
    draft = drafted([*heads, *body], merges)
    shown = {"万元": "", "%": ""}
    assert {c.name: (c.kind, c.unit) for c in draft.columns[1:]} == {
        name: (kind, shown.get(unit, unit)) for name, (unit, kind) in wanted.items()
    }


def test_a_count_below_a_heading_of_money_is_no_amount() -> None:
    rows: list[list[object]] = [
        ["单位：户、万元"],
        ["县区", "小额贷款", N],
        [N, "户数", "余额"],
        ["甲县", 3, 5],
        ["乙县", 4, 6],
    ]
    draft = drafted(rows, ("A2:A3", "B2:C2"))
    assert [(c.name, c.kind, c.unit) for c in draft.columns[1:]] == [("户数", "count", "户"), ("余额", "money", "")]


TEAMS: list[list[object]] = [
    ["填报单位：甲县"], ["突击队名称", "组建日期", "人数（人）"], ["示例一队", "2023-03-01", 3], ["示例二队", "2023-03-02", 4],
]  # fmt: skip


def test_one_organisations_own_things_are_a_register() -> None:
    draft = drafted([["突击队台账"], *TEAMS])
    assert draft.kind == "register" and not draft.lists
    assert "{name: 突击队名称, required: true}" in draft.text
    assert not [q for q in draft.questions if "登记册" in q.sentence]


def test_where_only_some_of_it_says_so_a_register_is_drafted_and_asked_about() -> None:
    rows: list[list[object]] = [
        ["填报单位：甲县"],
        ["社区名称", "人数（人）", "户数（户）"],
        ["一社区", 3, 2],
        ["二社区", 4, 2],
    ]
    draft = drafted(rows)
    assert draft.kind == "register" and any("像是甲县自己的" in q.sentence for q in draft.questions)


def test_indicators_that_one_organisation_reports_are_given_rows() -> None:
    draft = drafted([["填报单位：甲县"], ["指标名称", "计量单位", "本月"], ["就业", "人", 1], ["资金", "万元", 2.5]])
    assert draft.kind == "fixed" and len(draft.lists) == 1


@pytest.mark.parametrize(
    "line",
    [
        ["填表人", N, "审核人", N, "联系电话", N],
        ["填表人", "某", "审核人", "某", "联系电话", "0300-1"],
        ["填表人：", N, "审核人：", N, "填报日期：", N],
        ["负责人", N, N, "填报日期", N, N],
    ],
)
@pytest.mark.parametrize("note", [[], [["说明：每月填一份。"]]], ids=["", "after a note"])
def test_a_line_of_signatures_is_no_table_and_no_form(line: list[object], note: list[list[object]]) -> None:
    rows: list[list[object]] = [
        ["登记表"], ["开放天数（天）", 26, "服务青年（人次）", 1840, "活动场次（场）", 9], ["志愿者（人）", 3, "经费（万元）", 2.5, "示范点", "是"],
        ["主要做法", "好。", N, N, N, N], *note, line,
    ]  # fmt: skip
    draft = drafted(rows, ("B4:F4",))
    assert [c.name for c in draft.columns] == [
        "单位", "开放天数", "服务青年", "活动场次", "志愿者", "经费", "示范点", "主要做法",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "label", ["填报月份", "统计月份", "填表时间", "所属期", "报告期", "数据所属期", "填报期（月）"]
)
def test_the_reports_period_is_the_programs_to_fill_by_whatever_label(label: str) -> None:
    rows: list[list[object]] = [
        ["情况表"],
        ["填报单位", "甲县", label, "2023年3月"],
        ["人数（人）", 5, "联系地址", "某路"],
    ]
    draft = drafted(rows)
    assert [c.name for c in draft.columns] == ["单位", "人数", "联系地址"] and draft.period == "month"


def test_labels_under_headings_merged_down_at_the_left_are_a_form_though_all_is_blank() -> None:
    rows: list[list[object]] = [
        ["情况表", N, N], ["填报单位：", N, "2023年3月"], ["基本情况", "青年人数（人）", N], [N, "团组织数（个）", N],
        ["经费情况", "专项经费（万元）", N], [N, "县级（万元）", N], ["主要做法", N, N], ["填表人：", N, N],
    ]  # fmt: skip
    draft = drafted(rows, ("A1:C1", "A3:A4", "A5:A6", "B7:C7"))
    assert draft.shape == "labels"
    assert [c.name for c in draft.columns][1:] == ["青年人数", "团组织数", "专项经费", "县级", "主要做法"]
