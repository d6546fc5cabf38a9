"""yaoxun init: an office from an empty folder that passes its own check, issues its tables and drafts a bulletin."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from support.config_kit import ANSWERS, NOW, context, new_office
from tasks.config import import_config
from tasks.config_check import check_config
from tasks.draft import draft
from tasks.init_home import init_home
from tasks.init_organisations import NewOrganisation, read_organisations
from tasks.init_text import with_block, with_values, without_sample_talk
from tasks.issue_templates import issue_templates
from tasks.open_windows import open_windows
from yaoxun.cli import app
from yaoxun.context import Context
from yaoxun.errors import RequestError
from yaoxun.home import shipped
from yaoxun.office.loading import load_office
from yaoxun.post.settings import load_mail

APRIL = "2023-04-20T09:00"


def works(ctx: Context, kind: str = "简报", period: str = "2023-03") -> int:
    """The office is sound, issues what is owed and drafts its bulletin; how many workbooks were issued."""
    checked = check_config(ctx)
    assert checked.faults == ()
    import_config(ctx)
    open_windows(ctx)
    issued = issue_templates(ctx)
    drafted = draft(context(ctx.home.root, APRIL), kind, period)
    assert drafted.new and (ctx.home.documents / drafted.file).is_file()
    return issued.written


@pytest.mark.parametrize(
    ("answers", "issued"),
    [
        ({}, 3),
        ({"tables": ()}, 0),
        ({"organisations": ()}, 1),
        ({"organisations": (), "tables": ()}, 0),
        ({"collector": "", "issuer": ""}, 3),
        ({"tables": ("T1", "T2", "T3", "T5", "T7")}, 3),
        ({"periods": ("quarter", "month", "year")}, 3),
        ({"mail": "smtp", "smtp_host": "smtp.mail.example", "mail_from": "a@mail.example"}, 3),
        ({"records_from": date(2021, 1, 1)}, 3),
        ({"name": "某市“数据”办公室: 第#1处"}, 3),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_office_of_any_answers_is_sound_and_works(tmp_path: Path, answers: dict[str, Any], issued: int) -> None:
    ctx = new_office(tmp_path / "office", **answers)
    assert works(ctx) == issued


def test_the_sample_office_is_the_shipped_one_and_everything_in_it_is_marked(tmp_path: Path) -> None:
    ctx = new_office(tmp_path / "office", sample=True, name="", tables=(), organisations=(), mail="folder")
    for path in shipped("config").rglob("*.yaml"):
        assert (ctx.home.config / path.relative_to(shipped("config"))).read_bytes() == path.read_bytes()
    assert check_config(ctx).faults == ()
    assert "示例" in (ctx.home.root / "说明.md").read_text(encoding="utf-8")


def test_an_empty_office_keeps_the_comments_and_nothing_of_the_sample(tmp_path: Path) -> None:
    ctx = new_office(tmp_path / "office", tables=())
    for name in (
        "office",
        "organisations",
        "people",
        "assignments",
        "periods",
        "figures",
        "mail",
        "schedules",
        "limits",
    ):
        ours = (ctx.home.config / f"{name}.yaml").read_text(encoding="utf-8")
        shipped_comments = {
            line for line in (shipped("config") / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
            if line.startswith("#") and "示例" not in line and line != "#"
        }  # fmt: skip
        assert shipped_comments <= set(ours.splitlines()), name
        assert "示例" not in ours.replace("示例单位", "") and "晋" not in ours, name
    assert "晋团" not in (ctx.home.templates / "profiles" / "jianbao.yaml").read_text(encoding="utf-8")


def test_the_answers_stand_in_the_files(tmp_path: Path) -> None:
    ctx = new_office(
        tmp_path / "office", mail="smtp", smtp_host="smtp.mail.example", mail_from="bgs@mail.example", smtp_user="bgs",
        records_from=date(2021, 1, 1), periods=("quarter",),
    )  # fmt: skip
    mail = load_mail(ctx.home.config)
    assert (mail.enabled, mail.host, mail.user, mail.from_address) == (
        True,
        "smtp.mail.example",
        "bgs",
        "bgs@mail.example",
    )
    assert (mail.domain, mail.from_name) == ("mail.example", ANSWERS.name)
    text = (ctx.home.config / "office.yaml").read_text(encoding="utf-8")
    for line in (
        "name: 某市统计办公室",
        "collector: bangongshi",
        "issuer: fawen",
        "pilot_start: 2023-01-01",
        "records_from: 2021-01-01",
    ):
        assert line in text.splitlines()
    assert "1,4,7,10" in (ctx.home.config / "schedules.yaml").read_text(encoding="utf-8")
    assert "danwei01: {A岗: a@danwei.example}" in (ctx.home.config / "people.yaml").read_text(encoding="utf-8")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "office"
    root.mkdir()
    (root / "别人的.txt").write_text("x", encoding="utf-8")
    with pytest.raises(RequestError, match="已经有内容"):
        new_office(root)
    assert [path.name for path in root.iterdir()] == ["别人的.txt"]


def test_an_empty_folder_is_filled_and_stays_the_same_folder(tmp_path: Path) -> None:
    root = tmp_path / "office"
    root.mkdir()
    before = root.stat().st_ino
    new_office(root)
    assert root.stat().st_ino == before
    assert sorted(path.name for path in root.iterdir()) == ["config", "data", "report_templates", "说明.md"]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"tables": ("T99",)}, "T99"),
        ({"name": " "}, "名称"),
        ({"pilot_start": date(2023, 1, 15)}, "1日"),
        ({"mail": "smtp", "smtp_host": "", "mail_from": "a@mail.example"}, "服务器"),
        ({"mail": "smtp", "smtp_host": "smtp.mail.example", "mail_from": "a"}, "发件地址"),
        ({"mail": "smtp", "smtp_host": "发信机", "mail_from": "a@mail.example"}, "发信机"),
        ({"organisations": (NewOrganisation(name="甲/乙局"),)}, "甲/乙局"),
        ({"organisations": (NewOrganisation(name="甲局"), NewOrganisation(name="甲局"))}, "甲局"),
    ],
)
def test_answers_that_do_not_fit_leave_nothing_behind(tmp_path: Path, answers: dict[str, Any], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        new_office(tmp_path / "office", **answers)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("table", sorted(path.stem for path in (shipped("config") / "forms").glob("*.yaml")))
def test_any_shipped_table_can_be_chosen_with_what_it_needs(tmp_path: Path, table: str) -> None:
    ctx = new_office(tmp_path / "office", tables=(table,))
    assert check_config(ctx).faults == ()
    assert (ctx.home.config / "forms" / f"{table}.yaml").is_file()


def test_the_summary_names_the_folder_and_three_steps(tmp_path: Path) -> None:
    said = init_home(context(tmp_path / "office"), replace(ANSWERS, organisations=())).summary()
    assert str(tmp_path / "office") in said
    assert [line[:5] for line in said.splitlines()[2:]] == ["  1. ", "  2. ", "  3. "]
    assert "示例单位" in said


# The list of organisations


def listed(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_organisations_come_from_a_workbook_by_the_words_of_its_header(tmp_path: Path) -> None:
    path = listed(
        tmp_path / "名单.xlsx", ("报送单位名单",), (), ("序号", "单位全称", "简称", "类 别", "代码", "电子邮箱", "备用邮箱"),
        (1, "甲县统计局", "甲县", "县", "jia", "a@jia.example", "b@jia.example"), (2, " 乙局 ", None, None, None, None, None), (None,) * 7,
        (None, "合计"),
    )  # fmt: skip
    assert read_organisations(path) == (
        NewOrganisation(
            name="甲县统计局", short="甲县", kind="县", code="jia", mail="a@jia.example", second="b@jia.example"
        ),
        NewOrganisation(name="乙局"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_organisations_come_from_a_csv(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes("单位名称,邮箱\n甲县统计局,a@jia.example\n乙县统计局,\n".encode(encoding))
    assert [one.name for one in read_organisations(path)] == ["甲县统计局", "乙县统计局"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("编号", "说明")], "单位名称"),
        ([("单位名称",)], "一家单位也没有"),
        (
            [("单位名称", "类别"), ("甲局", "街道（镇）；另有说明")],
            "第 2 行：“街道（镇）；另有说明”不像(?s:.*)如 乡镇、街道、县直部门",
        ),
        ([("单位名称", "邮箱"), ("甲局", "a@oa")], "第 2 行：“a@oa”"),
        ([("单位名称",), ("甲局",), ("甲局",)], "写了两次"),
    ],
)
def test_a_list_that_cannot_be_taken_is_told_with_its_row(
    tmp_path: Path, rows: list[tuple[str, ...]], says: str
) -> None:
    with pytest.raises(RequestError, match=says):
        read_organisations(listed(tmp_path / "名单.xlsx", *rows))


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("县区", "县"),
        ("区", "县"),
        ("县（市、区）", "县"),
        ("部门", "本级部门"),
        ("局", "本级部门"),
        ("高新区", "开发区"),
        ("", "成员单位"),
        ("乡镇", "乡镇"),
        ("街 道", "街道"),
        ("县直部门", "县直部门"),
        ("驻村工作队", "驻村工作队"),
    ],
)
def test_usual_words_for_a_kind_are_understood(tmp_path: Path, written: str, kind: str) -> None:
    (one,) = read_organisations(listed(tmp_path / "名单.xlsx", ("单位名称", "类别"), ("甲", written)))
    assert one.kind == kind


def test_kinds_of_the_list_are_written_into_the_office_and_can_be_named(tmp_path: Path) -> None:
    rows = [
        ("单位名称", "类别", "代码"),
        ("示例一街道办事处", "街道", "JA"),
        ("示例二镇政府", "乡镇", "ZB"),
        ("示例三局", "县直部门", "BC"),
    ]
    organisations = read_organisations(listed(tmp_path / "名单.xlsx", *rows))
    ctx = new_office(tmp_path / "office", organisations=organisations)
    text = (ctx.home.config / "organisations.yaml").read_text(encoding="utf-8")
    assert "\nkinds: [街道, 乡镇, 县直部门]\n" in text
    assignments = ctx.home.config / "assignments.yaml"
    entry = 'assignments:\n  - {orgs: "kind:乡镇", tables: [T3], period: month, duty: 必报}\n'
    assignments.write_text(entry, encoding="utf-8")
    assert check_config(ctx).faults == ()
    assert [(a.org, a.table) for a in load_office(ctx.home.config).assignments] == [("ZB", "T3")]
    changed = text.replace("kind: 乡镇}", "kind: 乡真}")
    (ctx.home.config / "organisations.yaml").write_text(changed, encoding="utf-8")
    fault = next(f for f in check_config(ctx).faults if f.key.startswith("organisations") and f.key.endswith(".kind"))
    assert "没有“乡真”这一类单位" in fault.problem and "乡镇" in fault.remedy and "kinds" in fault.remedy


def test_data_may_run_to_the_end_of_the_month_and_are_due_after_it(tmp_path: Path) -> None:
    ctx = new_office(tmp_path / "office", data_to=31, periods=("month", "quarter"))
    office = load_office(ctx.home.config)
    assert {office.period(label).data_to for label in ("2023-03", "2023Q1")} == {date(2023, 3, 31)}
    assert office.window(office.period("2023-03")).due.date() > date(2023, 3, 31)
    assert works(ctx) == 3
    with pytest.raises(RequestError, match="没有 32 号"):
        new_office(tmp_path / "other", data_to=32)


# The command


def run(*words: str, given: str = "") -> Any:
    return CliRunner().invoke(app, ["init", *words, "--now", NOW], input=given)


def test_the_command_takes_everything_as_options(tmp_path: Path) -> None:
    names = listed(tmp_path / "名单.xlsx", ("单位名称", "邮箱"), ("甲县统计局", "a@jia.example"))
    done = run(
        str(tmp_path / "office"), "--name", "某办", "--periods", "季、月报", "--mail", "smtp", "--smtp-host", "smtp.mail.example",
        "--mail-from", "a@mail.example", "--pilot-start", "2023-01", "--organisations", str(names), "--tables", "T3，T7", "--yes",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    ctx = context(tmp_path / "office")
    assert works(ctx) == 1
    assert "periods: [quarter, month]" in (ctx.home.config / "briefings.yaml").read_text(encoding="utf-8")


def test_without_a_terminal_and_without_yes_it_says_what_to_do(tmp_path: Path) -> None:
    done = run(str(tmp_path / "office"))
    assert isinstance(done.exception, RequestError)
    assert "--yes" in str(done.exception) and not (tmp_path / "office").exists()


def test_what_was_not_said_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    replies = {
        "办公室名称": "某办",
        "哪些报告期": "周",
        "怎么送": "smtp",
        "发信服务器": "smtp.mail.example",
        "发件地址": "a@mail.example",
    }

    def prompt(question: str, default: str | None = None) -> str:
        asked.append(question)
        return next((reply for word, reply in replies.items() if word in question), default or "")

    monkeypatch.setattr("typer.prompt", prompt)
    monkeypatch.setattr("yaoxun.commands.asking.at_terminal", lambda: True)
    done = run(str(tmp_path / "office"), "--collector", "某局")
    assert done.exit_code == 0, done.output
    assert len(asked) == 10 and not any("收表单位" in question for question in asked)
    text = (tmp_path / "office" / "config" / "briefings.yaml").read_text(encoding="utf-8")
    assert "periods: [week]" in text and "issuer: 某局" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--periods", "旬"), "旬"),
        (("--mail", "传真"), "传真"),
        (("--pilot-start", "去年"), "去年"),
        (("--records-from", "从前"), "从前"),
        (("--data-to", "32"), "32"),
        (("--name", " "), "名称"),
    ],
)
def test_an_answer_that_is_none_is_told(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    done = run(str(tmp_path / "office"), "--name", "某办", *words, "--yes")
    assert isinstance(done.exception, RequestError) and says in str(done.exception)


# Text of YAML


def test_values_and_blocks_change_and_comments_stay() -> None:
    text = "# 说明\na: 1   # 为什么\nb:\n  - x\n\n# 关于 c\nc:\n  - y\n"
    assert with_values(text, {"a": "二: #3"}) == "# 说明\na: '二: #3'   # 为什么\nb:\n  - x\n\n# 关于 c\nc:\n  - y\n"
    assert with_block(text, "b", ["- z"], until="c") == "# 说明\na: 1   # 为什么\nb:\n  - z\n\n# 关于 c\nc:\n  - y\n"
    assert with_block(text, "c", ()).endswith("# 关于 c\nc: []\n")
    with pytest.raises(KeyError):
        with_values(text, {"d": 1})


def test_sentences_on_the_sample_go_and_the_rest_of_a_comment_stays() -> None:
    text = "# 只写岗位。地址都是示例（.example）。\n# 这一套是示例：都可以改。\nname: 示例单位\n"
    assert without_sample_talk(text) == "# 只写岗位。\nname: 示例单位\n"


def test_an_issued_workbook_of_a_new_office_names_it(tmp_path: Path) -> None:
    ctx = new_office(tmp_path / "office")
    open_windows(ctx)
    issue_templates(ctx)
    path = next((ctx.home.issued).rglob("甲县*.xlsx"))
    words = {
        str(cell.value) for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row if cell.value
    }
    assert any("某市统计办公室" in word for word in words)
