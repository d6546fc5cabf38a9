from pathlib import Path

import pytest
from office_kit import FILES, edited, office, write_office

from yaoxun.errors import ConfigError
from yaoxun.office.loading import load_office
from yaoxun.office.people import load_people


def refused(folder: Path, **changed: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_people(folder, office(folder, **changed))
    return caught.value


@pytest.mark.parametrize(
    ("file", "right", "wrong", "key"),
    [
        ("office.yaml", "issuer", "isuer", "isuer"),
        ("office.yaml", "pilot_start", "pilot_strat", "pilot_strat"),
        ("organisations.yaml", "short", "shrt", "organisations.3.shrt"),
        ("lists/measure.yaml", "aliases", "aliasses", "entries.2.aliasses"),
        ("lists/task.yaml", "attributes", "atributes", "atributes"),
        ("lists/measure.yaml", "one_of", "oneof", "attributes.group.oneof"),
        ("assignments.yaml", "valid_from", "vaild_from", "assignments.2.vaild_from"),
        ("periods.yaml", "newcomer_workdays", "newcomer_workday", "newcomer_workday"),
        ("people.yaml", "title", "titl", "staff.1.titl"),
    ],
)
def test_a_misspelt_key_is_refused_with_file_key_and_the_likely_word(
    tmp_path: Path, file: str, right: str, wrong: str, key: str
) -> None:
    error = refused(tmp_path, **edited(file, f"{right}:", f"{wrong}:"))
    assert (error.file, error.key) == (str(tmp_path / file), key)
    assert f"“{right}”" in error.remedy
    assert error.line


def test_a_misspelt_further_column_of_an_entry_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, **edited("lists/task.yaml", "co: 城区", "cco: 城区"))
    assert error.key == "entries.1.cco"
    assert "“co”" in error.remedy


def test_a_misspelt_key_of_the_calendar_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, calendar="day_off: [2023-03-28]\n")
    assert (Path(error.file).name, error.key) == ("calendar.yaml", "day_off")
    assert "days_off" in error.remedy


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "says"),
    [
        ("office.yaml", "collector: tsw", "collector: nobody", "collector", "nobody"),
        ("office.yaml", "2022-06-01", "2022-06-15", "", "1日"),
        ("organisations.yaml", "code: dw2", "code: dw1", "organisations.5.code", "dw1"),
        ("organisations.yaml", "示例单位二（市级）", "城区 (示例)", "organisations.5", "既指"),
        ("organisations.yaml", "parent: sw", "parent: nobody", "organisations.2.parent", "nobody"),
        ("organisations.yaml", "name: 示例省委, kind: 省", "name: 示例省委, kind: 省, parent: tsw", "organisations.1.parent", "上级"),
        ("organisations.yaml", "kind: 县", "kind: 乡", "organisations.3.kind", "乡"),
        ("organisations.yaml", "kind: 县", "kind: 县, valid_from: 2023-02-01, valid_to: 2023-01-01", "organisations.3", "晚于"),
        ("lists/measure.yaml", "code: G5", "code: X1", "entries.2.code", "同时有两条"),
        ("lists/measure.yaml", "aliases: [青·靚]", "aliases: [规划]", "entries.2.aliases", "既指"),
        ("lists/measure.yaml", "group: 工程}", "group: 项目}", "entries.2.group", "项目"),
        ("lists/measure.yaml", ", group: 工程}", "}", "entries.2.group", "不能空"),
        ("lists/measure.yaml", "code: X1", "code: 01", "entries.1.code", "文字"),
        ("lists/measure.yaml", "attributes:\n  group:", "attributes:\n  name: {}\n  group:", "attributes.name", "本来就有"),
        ("lists/task.yaml", "owner: dw1", "owner: 示例单位九", "entries.1.owner", "示例单位九"),
        ("lists/task.yaml", "城区、示例单位二", "城区、乡镇", "entries.1.co", "乡镇"),
        ("lists/task.yaml", "measure: X1", "measure: X9", "entries.1.measure", "X9"),
        ("lists/task.yaml", "holds: measure", "holds: measures", "attributes.measure.holds", "measures"),
        ("lists/task.yaml", "target: 20.5", "target: 二十", "entries.2.target", "二十"),
        ("lists/task.yaml", "valid_to: 2023-12-31", "valid_to: 2022-12-31", "", "晚于"),
        ("lists/task.yaml", "measure: X1}", "measure: X1, valid_from: 2024-02-01}", "entries.1", "有效期"),
        ("assignments.yaml", "orgs: all", "orgs: [dw1, dw9]", "assignments.1.orgs", "dw9"),
        ("assignments.yaml", "kind:成员单位", "kind:开发区", "assignments.2.orgs", "开发区"),
        ("assignments.yaml", "orgs: all", "orgs: 全部", "assignments.1.orgs", "全部"),
        ("assignments.yaml", "tables: [T4]", "tables: [T1]", "assignments.2.period", "quarter"),
        ("assignments.yaml", "duty: 必报", "duty: 应报", "assignments.1.duty", "应报"),
        ("assignments.yaml", "valid_from: 2023-01-01", "valid_from: 2023-02-30", "", "日期"),
        ("periods.yaml", '"17:30"', "17:30", "month.due.at", "引号"),
        ("periods.yaml", "day: 28", "day: 28, workday: 3", "month.due", "恰好"),
        ("periods.yaml", '"17:30"', '"25:30"', "month.due.at", "时间"),
        ("periods.yaml", "day: 28", "day: 40", "month.due.day", "数太大"),
        ("organisations.yaml", "code: dw2", "code: 单位二", "organisations.5.code", "字母"),
        ("organisations.yaml", "short: 城区", "short: 城区/新城", "organisations.3.short", "“/”不能用在文件名里"),
        ("organisations.yaml", "short: 城区", "short: '城区:新'", "organisations.3.short", "文件名"),
        ("organisations.yaml", "short: 城区", "short: '城区.'", "organisations.3.short", "结尾"),
        ("organisations.yaml", "short: 城区", "short: '城区 '", "organisations.3.short", "结尾"),
        ("organisations.yaml", "name: 示例省委", "name: 示例省委*", "organisations.1.name", "文件名"),
        ("organisations.yaml", "short: 城区", f"short: {'城' * 61}", "organisations.3.short", "太长"),
        ("organisations.yaml", "name: 示例省委", 'name: ""', "organisations.1.name", "不能空"),
        ("people.yaml", "roles: [拟稿人]", "roles: []", "staff.1.roles", "不能空"),
        ("people.yaml", "org: tsw", "org: nobody", "staff.1.org", "nobody"),
        ("people.yaml", "  dw1:", "  dw9:", "contacts.dw9", "dw9"),
        ("people.yaml", "a@dw1.example", "dw1.example", "contacts.dw1.A岗", "邮件地址"),
        ("people.yaml", "a@dw1.example", "a@oa", "contacts.dw1.A岗", "邮件地址"),
        ("people.yaml", "a@dw1.example", "a＠dw1.example", "contacts.dw1.A岗", "邮件地址"),
        ("people.yaml", "y@dw1.example", "x@dw1.example", "contacts.dw1.允许发件", "两次"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_file_key_and_remedy(  # noqa: PLR0917 (pytest passes by name)
    tmp_path: Path, file: str, old: str, new: str, key: str, says: str
) -> None:
    error = refused(tmp_path, **edited(file, old, new))
    assert (error.file, error.key) == (str(tmp_path / file), key)
    assert says in str(error)
    assert error.remedy


def test_a_login_given_twice_is_refused(tmp_path: Path) -> None:
    twice = FILES["people.yaml"].replace(
        "contacts:", "  - {login: ngr, org: tsw, title: 另一岗, roles: [核稿人]}\ncontacts:"
    )
    assert refused(tmp_path, people=twice).key == "staff.2.login"


def test_a_day_both_off_and_worked_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, calendar="days_off: [2023-03-28]\nworkdays: [2023-03-28]\n")
    assert "2023-03-28" in error.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (write_office(tmp_path) / "periods.yaml").unlink()
    with pytest.raises(ConfigError, match="文件不存在") as caught:
        load_office(tmp_path)
    assert caught.value.file == str(tmp_path / "periods.yaml")


def test_people_and_contacts_are_seeds_with_their_dates(tmp_path: Path) -> None:
    people = load_people(tmp_path, office(tmp_path))
    assert [(p.login, p.org, p.roles, str(p.valid_from)) for p in people.people] == [
        ("ngr", "tsw", ("拟稿人",), "2022-06-01")
    ]
    assert [(c.org, c.kind, c.address) for c in people.contacts] == [
        ("dw1", "A岗", "a@dw1.example"), ("dw1", "允许发件", "x@dw1.example"), ("dw1", "允许发件", "y@dw1.example"),
    ]  # fmt: skip
