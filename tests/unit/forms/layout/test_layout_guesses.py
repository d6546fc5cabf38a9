"""What a draft guesses silently, and what it asks: titles, codes, units of several, rates, keys."""

import pytest
from test_layout_draft import drafted

N = None
PEOPLE: list[list[object]] = [
    ["姓名", "证件号后四位", "人口", "金额（元）"], ["某甲", "0231", 4, 3000], ["某乙", "1147", 2, 1000], ["某丙", "002X", 5, 2500],
]  # fmt: skip


def kinds(rows: list[list[object]], merges: tuple[str, ...] = (), **wishes: object) -> dict[str, tuple[str, str, bool]]:
    return {c.name: (c.kind, c.unit, c.indicator) for c in drafted(rows, merges, **wishes).columns}


@pytest.mark.parametrize(
    "line", ["乡镇（街道）：柳林镇", "街道（乡镇）：柳林镇", "上报单位：柳林镇", "责任片区：柳林镇"]
)
@pytest.mark.parametrize("beside", [[N, "金额单位：元"], []])
def test_the_line_that_names_an_organisation_is_no_title(line: str, beside: list[object]) -> None:
    draft = drafted([["救助台账"], [line, *beside], *PEOPLE], ("A1:D1",), organisations=("柳林镇",))
    assert draft.title == "救助台账" and "救助台账" in draft.text
    assert any("柳林镇" in note for note in draft.notes) and "# A2" in draft.text


def test_a_line_with_an_unknown_label_and_name_is_asked_about_and_no_title() -> None:
    draft = drafted([["救助台账"], ["责任片区：柳林镇"], *PEOPLE], ("A1:D1",))
    assert draft.title == "救助台账"
    assert [q.address for q in draft.questions if "像是写着填报单位" in q.sentence] == ["A2"]


def test_a_title_with_a_colon_stays_a_title() -> None:
    assert drafted([["附件：救助对象基本情况表"], *PEOPLE], ("A1:D1",)).title == "救助对象基本情况表"


def test_codes_are_text_whatever_line_of_units_stands_above() -> None:
    found = kinds([["救助台账"], ["金额单位：元"], *PEOPLE], ("A1:D1",))
    assert found["证件号后四位"] == ("text", "", False)
    assert found["金额"] == ("money", "元", True)


@pytest.mark.parametrize(
    ("heading", "values", "kind"),
    [
        ("门牌号", (101, 102, 203), "text"), ("邮政编码", (48000, 48001, 48002), "code"), ("办公电话", (2020001, 2020002, 2020003), "text"),
        ("证号", ("01", "02", "13"), "text"), ("批次", ("0231", "1147", "3312"), "text"), ("排列", ("A12", "B7", "33"), "text"),
        ("老年证", ("231", "114", "33"), "text"), ("老年证", (231, 114, 33), "count"), ("核定床位", (20, 30, 50), "count"),
        ("岗位（个）", (20, 30, 50), "count"), ("人数", ("12", "30", "0"), "count"), ("比重", ("0.5", "0.25", "0.25"), "number"),
    ],
)  # fmt: skip
def test_a_column_of_codes_is_told_by_its_heading_or_its_zeros_and_letters(
    heading: str, values: tuple[object, ...], kind: str
) -> None:
    rows = [["名称", heading], *([f"示例{n}", value] for n, value in enumerate(values))]
    found = kinds([["情况表"], *rows], ("A1:B1",))
    assert next(kind for name, (kind, *_) in found.items() if name != "名称") == kind


def test_units_of_a_line_go_to_the_columns_that_name_them() -> None:
    heads = ["乡镇", "户数", "人数", "支出资金", "救助人次", "供养人数", "投资", "个案"]
    draft = drafted(
        [["月报表"], ["单位：户、人、万元"], heads, ["甲乡", 1, 2, 3.5, 4, 5, 6, 7], ["乙乡", 1, 2, 3.5, 4, 5, 6, 7]],
        ("A1:H1",),
    )
    units = {c.name: (c.kind, c.unit) for c in draft.columns[1:7]}
    assert units == {
        "户数": ("count", "户"), "人数": ("count", "人"), "支出资金": ("money", ""), "救助人次": ("count", "人次"),
        "供养人数": ("count", "人"), "投资": ("money", ""),
    }  # fmt: skip
    assert {q.address for c in draft.columns for q in c.questions} == {"H3"}


def test_rates_are_not_to_be_added_up() -> None:
    rows: list[list[object]] = [
        ["单位", "床位使用率（%）", "达标率（%）", "床位（张）"], ["甲县", 85.5, 90, 10], ["乙县", 70, 80, 20],
    ]  # fmt: skip
    assert {name: indicator for name, (_, _, indicator) in kinds(rows).items()} == {
        "单位": False, "床位使用率": False, "达标率": False, "床位": True,
    }  # fmt: skip


def about_key(rows: list[list[object]]) -> list[str]:
    return [q.sentence for q in drafted(rows).questions if "key" in q.sentence]


def test_a_key_that_names_people_is_asked_about_with_the_column_that_would_help() -> None:
    (said,) = about_key([["救助台账"], *PEOPLE])
    assert "重名" in said and "“证件号后四位”" in said


def test_a_key_that_the_sample_does_not_prove_is_asked_about() -> None:
    head: list[object] = ["项目名称", "开工日期", "状态"]
    assert "数据少" in about_key([head])[0]
    assert "数据少" in about_key([head, ["甲项目", "2023-03-01", "在建"]])[0]
    assert about_key([head, ["甲项目", "2023-03-01", "在建"], ["乙项目", "2023-03-02", "在建"]]) == []
    assert "有重复" in about_key([head, ["甲项目", "2023-03-01", "在建"], ["甲项目", "2023-03-02", "在建"]])[0]


def test_what_the_blank_says_of_one_organisation_and_its_people_is_told() -> None:
    rows: list[list[object]] = [
        ["月报表"], ["填报单位：市统计局", N, "2023年3月"], ["县区", "人数（人）", "户数（户）"], ["甲县", 1, 2], ["乙县", 3, 4],
        ["填表人：某甲", N, "填报日期：2023年3月28日"],
    ]  # fmt: skip
    name, signed = drafted(rows, ("A1:C1",)).notes
    assert name.startswith("A2") and "市统计局" in name and "各单位自己的名称" in name
    assert signed.startswith("A6、C6") and "清空" in signed
