"""What a found table is drafted as."""

import pytest
from layout_kit import sheet_of

from yaoxun.forms.layout.draft import DraftForm, Wishes, draft_forms, next_id
from yaoxun.forms.layout.draft_columns import column_names, translate
from yaoxun.sheets.model import RawWorkbook

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
