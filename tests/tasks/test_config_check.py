"""config check tells every fault of every file: file, line, key, problem, remedy; and what is idle as a hint."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from support.config_kit import GONE, Planted, copied, new_office
from support.office_kit import BUREAU, COUNTY, OVERDUE, make_office
from tasks.desk import load_config
from tasks.remind import remind
from tasks.send import send
from tasks.trial_templates import NOTICES
from yaoxun.cli import app
from yaoxun.errors import ConfigError
from yaoxun.home import Home
from yaoxun.notices.settings import TEMPLATES


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("office") / "office"
    new_office(root)
    return root


@pytest.fixture
def office(sound: Path, tmp_path: Path) -> Planted:
    return copied(sound, tmp_path / "office")


def test_a_new_office_has_no_fault_and_no_hint(office: Planted) -> None:
    checked = office.check()
    assert (checked.faults, checked.hints) == ((), ())
    assert "配置无误：单位 5 家，报表 2 张" in checked.summary()


T3, T7 = "config/forms/T3.yaml", "config/forms/T7.yaml"
STORY = "report_templates/jianbao/narrative.md.j2"
PROFILE = "report_templates/profiles/jianbao.yaml"
TWICE = {"name": "又一个", "flow": "housekeeping", "interval": 60}

# (file below the office, place, value there, key that is told, what the problem says)
BY_PLACE: list[tuple[str, list[str | int], Any, str, str]] = [
    ("config/office.yaml", ["name"], GONE, "name", "缺少"),
    ("config/office.yaml", ["nmae"], "某办", "nmae", "不认识"),
    ("config/office.yaml", ["collector"], "nobody", "collector", "nobody"),
    ("config/office.yaml", ["issuer"], "nobody", "issuer", "nobody"),
    ("config/office.yaml", ["pilot_start"], "昨天", "pilot_start", "日期"),
    ("config/office.yaml", ["records_from"], "2021-01-15", "", "1日"),
    ("config/organisations.yaml", ["organisations", 5], {"code": "jia", "name": "丙县", "kind": "县"}, "organisations.6.code", "写了两次"),
    ("config/organisations.yaml", ["organisations", 2, "kind"], "乡", "organisations.3.kind", "乡"),
    ("config/organisations.yaml", ["organisations", 2, "parent"], "nobody", "organisations.3.parent", "nobody"),
    ("config/organisations.yaml", ["organisations", 2, "short"], "甲/县", "organisations.3.short", "文件名"),
    ("config/organisations.yaml", ["organisations", 2, "aliases"], ["乙县"], "organisations.4", "既指"),
    ("config/organisations.yaml", ["organisations", 2, "shrt"], "甲", "organisations.3.shrt", "不认识"),
    ("config/organisations.yaml", ["organisations", 2, "code"], "甲 县", "organisations.3.code", "字母"),
    ("config/people.yaml", ["staff", 0, "org"], "nobody", "staff.1.org", "nobody"),
    ("config/people.yaml", ["staff", 1, "login"], "bgs", "staff.2.login", "写了两次"),
    ("config/people.yaml", ["staff", 0, "roles"], [], "staff.1.roles", "空"),
    ("config/people.yaml", ["contacts", "nobody"], {"A岗": "a@x.example"}, "contacts.nobody", "nobody"),
    ("config/people.yaml", ["contacts", "jia", "A岗"], "a@oa", "contacts.jia.A岗", "a@oa"),
    ("config/people.yaml", ["contacts", "jia", "C岗"], "a@x.example", "contacts.jia.C岗", "C岗"),
    ("config/assignments.yaml", ["assignments", 0, "orgs"], ["jia", "nobody"], "assignments.1.orgs", "nobody"),
    ("config/assignments.yaml", ["assignments", 0, "orgs"], "kind:开发区", "assignments.1.orgs", "开发区"),
    ("config/assignments.yaml", ["assignments", 0, "tables"], ["T3", "T7", "T99"], "tables", "T99"),
    ("config/assignments.yaml", ["assignments", 0, "period"], "quarter", "period", "quarter"),
    ("config/assignments.yaml", ["assignments", 0, "duty"], "选报", "assignments.1.duty", "选报"),
    ("config/periods.yaml", ["month", "due"], GONE, "month.due", "缺少"),
    ("config/periods.yaml", ["month", "due", "at"], 1050, "month.due.at", "引号"),
    ("config/periods.yaml", ["month", "due", "day"], 2, "month.due", "次序"),
    ("config/periods.yaml", ["week", "on_day_off"], "提早", "week.on_day_off", "提早"),
    ("config/periods.yaml", ["year", "data_to"], 40, "year.data_to", "太大"),
    ("config/periods.yaml", ["half", "opens", "workday"], 2, "half.opens", "恰好写一个"),
    ("config/figures.yaml", ["figures", "entries_T3", "count"], "T99", "figures.entries_T3", "T99"),
    ("config/figures.yaml", ["figures", "entries_T3", "size_of"], "measure", "figures.entries_T3", "恰好写一个"),
    ("config/figures.yaml", ["figures", "entries_T3", "where"], {"层极": "县"}, "figures.entries_T3.where", "层极"),
    ("config/figures.yaml", ["figures", "entries_T7", "where"], {"类别": "集会"}, "figures.entries_T7.where.类别", "集会"),
    ("config/figures.yaml", ["figures", "units_total", "size_of"], "nolist", "figures.units_total.size_of", "nolist"),
    ("config/figures.yaml", ["figures", "entries_T3", "coumt"], "T3", "figures.entries_T3.coumt", "不认识"),
    ("config/figures.yaml", ["figures", "s"], {"name": "占比", "share": {"of": "units_total", "within": "none"}}, "figures.s.share", "none"),
    ("config/briefings.yaml", ["kinds", "简报", "folder"], "nofolder", "kinds.简报.folder", "nofolder"),
    ("config/briefings.yaml", ["kinds", "简报", "signed_by"], "签发入", "kinds.简报.signed_by", "签发入"),
    ("config/briefings.yaml", ["kinds", "简报", "colophon", 0, "to", 0, "mail"], "a@oa", "kinds.简报.colophon.1.to.1.mail", "a@oa"),
    ("config/briefings.yaml", ["kinds", "简报", "periods"], ["monthly"], "kinds.简报.periods.1", "monthly"),
    ("config/notices.yaml", ["reminders", "workdays"], [3, 1], "reminders", "从小到大"),
    ("config/notices.yaml", ["signature"], GONE, "signature", "缺少"),
    ("config/notices.yaml", ["to"], ["C岗"], "to.1", "C岗"),
    ("config/mail.yaml", ["port"], 99999, "port", "端口"),
    ("config/mail.yaml", ["domain"], "域名", "domain", "域名"),
    ("config/mail.yaml", ["security"], "ssl", "security", "ssl"),
    ("config/mail.yaml", ["timeout_s"], 600, "timeout_s", "60"),
    ("config/limits.yaml", ["wall_seconds"], 100, "wall_seconds", "太大"),
    ("config/limits.yaml", ["members"], GONE, "members", "缺少"),
    ("config/schedules.yaml", ["schedules", 0, "cron"], "5 25 * * *", "schedules.1.cron", "五段"),
    ("config/schedules.yaml", ["schedules", 0, "flow"], "isuing", "schedules.1.flow", "isuing"),
    ("config/schedules.yaml", ["schedules", 0, "interval"], 60, "schedules.1", "只写一个"),
    ("config/schedules.yaml", ["schedules", 2, "parameters", "kind"], "简抱", "schedules.3.parameters.kind", "简抱"),
    ("config/schedules.yaml", ["schedules", 0, "name"], "每日催报", "", "不止一次"),
    (T7, ["columns", 0, "kind"], "txt", "columns.1.kind", "txt"),
    (T7, ["columns", 1, "list"], "nolist", "columns.类别.list", "nolist"),
    (T7, ["columns", 4, "formula"], "阅读良 + 1", "columns.参与人次.formula", "阅读良"),
    (T7, ["columns", 0, "requird"], True, "columns.1.requird", "不认识"),
    (T7, ["key"], ["名子"], "key", "名子"),
    (T7, ["rules", 0, "example"], {"链接": "没有网址"}, "rules.T7-01.example", "应当通过"),
    (T7, ["rules", 0, "counter"], {"链接": "https://a.example"}, "rules.T7-01.counter", "应当不通过"),
    (T7, ["rules", 0, "message"], "{连接}不对", "rules.T7-01.message", "连接"),
    (T7, ["rules", 0, "must"], "开头(连接, 'http')", "rules.T7-01.must", "连接"),
    (T7, ["id"], "T3", "id", "已被"),
    ("config/lists/event_kind.yaml", ["entries", 1, "code"], "", "entries.2.code", "字母"),
    ("config/lists/event_kind.yaml", ["entries", 0, "colour"], "红", "entries.1.colour", "不认识"),
    ("config/lists/event_kind.yaml", ["title"], GONE, "title", "缺少"),
    ("config/lists/event_kind.yaml", ["attributes"], {"owner": {"holds": "nolist"}}, "attributes.owner.holds", "nolist"),
    ("config/lists/event_kind.yaml", ["attributes"], {"owner": {"required": True}}, "entries.1.owner", "不能空"),
    (PROFILE, ["fonts"], "宋体", "fonts", "宋体"),
    (PROFILE, ["masthead", "size_pt"], "二号", "masthead.size_pt", "整数"),
]  # fmt: skip


@pytest.mark.parametrize("planted", BY_PLACE, ids=lambda one: f"{Path(one[0]).stem} {one[1]}")
def test_a_planted_fault_is_told_with_file_line_key_and_remedy(
    office: Planted, planted: tuple[str, list[str | int], Any, str, str]
) -> None:
    file, place, value, key, says = planted
    office.set(file, place, value)
    checked = office.check()
    assert checked.faults, "nothing was found"
    (fault, *_) = [f for f in checked.faults if f.key == key] or [checked.faults[0]]
    assert (fault.file, fault.key) == (str(office.root / file), key)
    assert says in fault.problem + fault.remedy and fault.remedy
    assert {f.file for f in checked.faults} == {fault.file}, "one slip is told in one file"
    if key and key not in ("tables", "period") and not (value is GONE and len(place) == 1):
        assert fault.line


def test_there_are_faults_for_every_file() -> None:
    assert len(BY_PLACE) + len(BY_TEXT) >= 80
    assert {file for file, *_ in BY_PLACE} >= {f"config/{name}.yaml" for name in (
        "office", "organisations", "people", "assignments", "periods", "figures", "briefings", "notices", "mail", "limits", "schedules",
    )}  # fmt: skip


# (file, words, what stands there instead, the line that is told, what the problem says)
BY_TEXT: list[tuple[str, str, str, str, str]] = [
    (STORY, "数量('units_total')", "数量('units_totl')", "units_totl", "units_totl"),
    (STORY, "覆盖('entries_T3')", "覆盖('entries_T4')", "entries_T4", "entries_T4"),
    (STORY, "{{ 日期(数据截止日) }}", "{{ 日期(截止日) }}", "截止日", "“截止日”"),
    (STORY, "{{ 日期(报告期名) }}报表", "{{ 日期(报告期名)|upercase }}报表", "upercase", "upercase"),
    (STORY, "{% endif %}。", "{% endfi %}。", "endfi", "语法"),
    (STORY, "标题：", "题目：", "题目：", "标题"),
    (STORY, "# 报送情况", f"# 报送情况\n\n表：宽表\n\n|{' 甲 |' * 40}\n|{'---|' * 40}", "", "“表1\u3000宽表”有 40 列"),
    (STORY, "# 报送情况", "# 报送情况\n\n共有42家参加。", "42家", "42"),
    (STORY, "# 报送情况", "# 报送情况\n\n{{ 1 + 1 }}", "1 + 1", "没有来历"),
    (STORY, "# 报送情况", "# 报送情况\n\n{% if 有('entrys_T3') %}没有人走的岔路{% endif %}", "entrys_T3", "entrys_T3"),
    ("report_templates/notices/receipt.md.j2", "{{ headline }}", "{{ headlin }}", "headlin }}", "headlin"),
    ("report_templates/notices/receipt.md.j2", "table.decision", "table.decison", "table.decison", "decison"),
    ("report_templates/notices/return.md.j2", "p.cell", "p.cel", "p.cel ", "cel"),
    ("report_templates/notices/reminder.md.j2", "tables|length", "tables|lenght", "lenght", "lenght"),
    ("report_templates/notices/unclaimed.md.j2", "{{ reason }}", "{{ reason", "", "语法"),
    ("report_templates/notices/bulletin.md.j2", "{{ issuer }}", "{{ isuer }}", "isuer", "isuer"),
    ("config/office.yaml", "name: ", "name:\n  - : [", "", "YAML"),
    ("config/mail.yaml", "port: ", "port: 25\nport: ", "", "出现了两次"),
    ("config/calendar.yaml", "# ", "day_off: [2023-09-01]\n# ", "day_off", "不认识"),
    ("config/calendar.yaml", "# ", "days_off: [2023-02-30]\n# ", "", "日期"),
]  # fmt: skip


@pytest.mark.parametrize("slip", BY_TEXT, ids=lambda slip: f"{Path(slip[0]).stem} {slip[2][:20]}")
def test_a_slip_in_a_text_is_told_with_its_line(office: Planted, slip: tuple[str, str, str, str, str]) -> None:
    file, old, new, line, says = slip
    office.write(file, old, new)
    fault, *others = office.check().faults
    assert fault.file == str(office.root / file)
    assert says in fault.problem and fault.remedy
    assert {f.file for f in others} <= {fault.file}
    if line:
        assert fault.line
        assert line in (office.root / file).read_text(encoding="utf-8").splitlines()[fault.line - 1]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("config/office.yaml", "不存在"),
        ("config/people.yaml", "不存在"),
        ("config/schedules.yaml", "不存在"),
        ("report_templates/notices/return.md.j2", "缺少"),
    ],
)
def test_a_file_that_is_gone_is_told(office: Planted, file: str, says: str) -> None:
    (office.root / file).unlink()
    assert [(f.file, says in f.problem) for f in office.check().faults] == [(str(office.root / file), True)]


def test_a_file_in_another_encoding_is_told(office: Planted) -> None:
    (office.root / "config/notices.yaml").write_bytes("signature: 某办".encode("gb18030"))
    (fault,) = office.check().faults
    assert (Path(fault.file).name, "UTF-8" in fault.remedy) == ("notices.yaml", True)


TWELVE: list[tuple[str, list[str | int], Any, str]] = [
    ("config/office.yaml", ["nmae"], "x", "nmae"),
    ("config/people.yaml", ["staff", 0, "org"], "nobody", "staff.1.org"),
    ("config/people.yaml", ["contacts", "jia", "A岗"], "a@oa", "contacts.jia.A岗"),
    ("config/assignments.yaml", ["assignments", 0, "orgs"], ["nobody"], "assignments.1.orgs"),
    ("config/periods.yaml", ["month", "due", "day"], 2, "month.due"),
    ("config/figures.yaml", ["figures", "entries_T3", "where"], {"层极": "县"}, "figures.entries_T3.where"),
    ("config/briefings.yaml", ["kinds", "简报", "signed_by"], "签发入", "kinds.简报.signed_by"),
    ("config/mail.yaml", ["port"], 99999, "port"),
    ("config/mail.yaml", ["timeout_s"], 600, "timeout_s"),
    ("config/schedules.yaml", ["schedules", 2, "parameters", "kind"], "简抱", "schedules.3.parameters.kind"),
    (T7, ["rules", 0, "must"], "开头(连接, 'http')", "rules.T7-01.must"),
    ("config/lists/event_kind.yaml", ["entries", 0, "colour"], "红", "entries.1.colour"),
]


def test_twelve_faults_at_once_are_all_told_in_the_order_of_the_files(office: Planted) -> None:
    for file, place, value, _ in TWELVE:
        office.set(file, place, value)
    office.write(STORY, "数量('units_total')", "数量('units_totl')")
    found = office.check()
    told = [(Path(f.file).relative_to(office.root).as_posix(), f.key) for f in found.faults]
    assert set(told) == {*((file, key) for file, _, _, key in TWELVE), (STORY, "")}
    assert len(told) == len(set(told)) == 13
    assert [file for file, _ in told] == sorted(file for file, _ in told)
    assert "13 处，在 11 个文件里" in found.summary()


def test_a_faulty_list_of_organisations_does_not_hide_the_other_files(office: Planted) -> None:
    office.set("config/organisations.yaml", ["organisations", 2, "kind"], "乡")
    office.set("config/mail.yaml", ["port"], 99999)
    office.set("config/lists/event_kind.yaml", ["entries", 0, "colour"], "红")
    office.set(T3, ["key"], ["名子"])
    assert {Path(f.file).name for f in office.check().faults} == {
        "organisations.yaml", "mail.yaml", "event_kind.yaml", "T3.yaml",
    }  # fmt: skip


def test_the_command_numbers_several_faults_and_ends_with_status_1(office: Planted) -> None:
    office.set("config/mail.yaml", ["port"], 99999)
    office.set("config/notices.yaml", ["signature"], GONE)
    done = CliRunner().invoke(app, ["config", "check", "--home", str(office.root)])
    assert done.exit_code == 1
    assert "1. 配置有误" in done.stderr and "2. 配置有误" in done.stderr and "另有" not in done.stderr
    told = json.loads(CliRunner().invoke(app, ["config", "check", "--home", str(office.root), "--json"]).stdout)
    assert told["ok"] is False
    assert [(f["file"], f["key"]) for f in told["faults"]] == [
        ("config/mail.yaml", "port"),
        ("config/notices.yaml", "signature"),
    ]
    assert all(f["line"] or f["key"] == "signature" for f in told["faults"])


def test_any_other_command_stops_at_the_first_and_says_how_many_there_are(office: Planted) -> None:
    office.set("config/mail.yaml", ["port"], 99999)
    office.set("config/mail.yaml", ["timeout_s"], 600)
    office.set("config/notices.yaml", ["signature"], GONE)
    with pytest.raises(ConfigError) as caught:
        load_config(Home(office.root))
    assert "另有 2 处，见 yaoxun config check" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2


def test_the_trial_data_of_notices_are_what_the_program_really_says(tmp_path: Path) -> None:
    """A name that only the trial knows would pass the check and fail on the day."""
    kit = make_office(tmp_path / "home")
    kit.drop(kit.filled(COUNTY), "好.xlsx")
    kit.drop(kit.filled(BUREAU, rows={"T3": [{"政策名称": "示例办法"}]}), "缺.xlsx")
    kit.drop(b"no workbook", "不明.xlsx")
    kit.collect()
    remind(kit.ctx(OVERDUE))
    send(kit.ctx(OVERDUE))
    said: dict[str, set[str]] = {}
    for row in kit.query("select kind, params from message where frozen_at is not null"):
        params = json.loads(row.params) if isinstance(row.params, str) else row.params
        said.setdefault(params.get("template", row.kind), set()).update(params)
    assert {"receipt", "return", "unclaimed"} <= set(said)
    for name, keys in said.items():
        assert set(NOTICES[name]) - {"signature"} <= keys, name
    assert set(NOTICES) == set(TEMPLATES)


def _idle_table(office: Planted) -> None:
    office.set("config/assignments.yaml", ["assignments", 0, "tables"], ["T3"])


def _idle_figure(office: Planted) -> None:
    office.set("config/figures.yaml", ["figures", "spare"], {"name": "多余", "count": "T3"})


def _idle_list(office: Planted) -> None:
    path = office.root / "config/lists/spare.yaml"
    path.write_text("title: 多余\nentries: []\n", encoding="utf-8")


def _no_contact(office: Planted) -> None:
    office.set("config/people.yaml", ["contacts", "jia"], GONE)


def _idle_folder(office: Planted) -> None:
    (office.root / "report_templates/old").mkdir()


def _never_compared(office: Planted) -> None:
    office.write(STORY, "# 报送情况", "# 报送情况\n\n{{ 比上期('entries_T3') }}。")


def _compared(office: Planted, text: str) -> None:
    office.write("config/figures.yaml", "count: T3}", "count: T3, compare: [上期, 上年同期]}")
    office.write(STORY, "# 报送情况", f"# 报送情况\n\n{text}。")


def _unguarded(office: Planted) -> None:
    _compared(office, "{% if 可比('entries_T3') %}{{ 比上期('entries_T3') }}，{{ 比同期('entries_T3') }}{% endif %}")


@pytest.mark.parametrize(
    ("idle", "file", "says"),
    [
        (_idle_table, "config/forms/T7.yaml", "没有单位报"),
        (_idle_figure, "config/figures.yaml", "没有模板用到"),
        (_idle_list, "config/lists/spare.yaml", "没有报表"),
        (_no_contact, "config/people.yaml", "甲县"),
        (_idle_folder, "report_templates/old", "没有文种"),
        (_never_compared, STORY, "compare"),
        (_unguarded, STORY, "{% if 可比('entries_T3', '上年同期') %}"),
    ],
)
def test_what_is_idle_or_unreachable_is_a_hint_and_no_fault(
    office: Planted, idle: Callable[[Planted], None], file: str, says: str
) -> None:
    idle(office)
    checked = office.check()
    assert not checked.faults
    (hint,) = checked.hints
    assert hint.file.startswith(file) and says in hint.say
    done = CliRunner().invoke(app, ["config", "check", "--home", str(office.root)])
    assert done.exit_code == 0 and hint.sentence() in done.stdout


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("{% if 可比('entries_T3', '上年同期') %}{{ 比同期('entries_T3') }}{% endif %}", 0),
        ("{{ 比同期('entries_T3') if 有('entries_T3') and 可比('entries_T3', against='上年同期') }}", 0),
        ("{% if 可比('entries_T3') %}好{% else %}{{ 比上期('entries_T3') }}{% endif %}", 1),
        ("{% if not 可比('entries_T3') %}{{ 比上期('entries_T3') }}{% endif %}", 1),
        ("{% if 有('entries_T3') %}{{ 比上期('entries_T3') }}{% endif %}{{ 比同期('entries_T3') }}", 2),
    ],
)
def test_a_comparison_that_is_not_asked_for_first_is_a_hint(office: Planted, text: str, hints: int) -> None:
    _compared(office, text)
    checked = office.check()
    assert not checked.faults
    assert ["没有先问能不能比" in hint.say for hint in checked.hints] == [True] * hints


def test_a_ranking_of_what_is_not_split_is_told_before_it_is_needed(office: Planted) -> None:
    office.write(STORY, "# 报送情况", "# 报送情况\n\n{{ 排名('entries_T3')[0].名 }}。")
    (fault,) = office.check().faults
    assert "entries_T3" in fault.problem and fault.line
