"""An office corrects who owes a table after its windows have opened: what nobody answered is nobody's any more."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from support.office_kit import (
    BUREAU,
    COUNTY,
    MARCH,
    OPEN,
    OTHER_COUNTY,
    OVERDUE,
    OfficeKit,
    make_office,
    use_mail_server,
)
from tasks.cut import make_cut
from tasks.desk import open_desk
from tasks.history import build_frame
from tasks.issue_templates import issue_templates
from tasks.outbox import list_outbox
from tasks.remind import remind
from tasks.send import send
from tasks.status import status
from yaoxun.demo.smtp_server import ServerHandle

APRIL = "2023-04"


def correct(kit: OfficeKit, *groups: str) -> None:
    """One county and one bureau are taken out of T1 and of T3, T5, T7, T8."""
    path = kit.home.config / "assignments.yaml"
    text = path.read_text(encoding="utf-8")
    for tables in groups or ("[T1]", "[T3,"):
        before = f"- {{orgs: [chengqu, zezhou, danwei01, danwei02], tables: {tables}"
        assert before in text
        text = text.replace(before, before.replace("zezhou, danwei01, ", ""))
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def kit(tmp_path: Path) -> OfficeKit:
    """March is open; the bureau has reported."""
    made = make_office(tmp_path / "home")
    made.drop(made.filled(BUREAU), "示例单位01.xlsx")
    made.collect()
    return made


def sheets(content: bytes) -> list[str]:
    return openpyxl.load_workbook(BytesIO(content)).sheetnames


def test_the_table_is_not_issued_again(kit: OfficeKit) -> None:
    assert any(name.startswith("T1") for name in sheets(kit.template(OTHER_COUNTY)))
    correct(kit, "[T1]")
    issue_templates(kit.ctx(OPEN), MARCH)
    again = sheets(kit.template(OTHER_COUNTY))
    assert not any(name.startswith("T1") for name in again)
    assert any(name.startswith("T4") for name in again)
    assert any(name.startswith("T1") for name in sheets(kit.template(COUNTY)))


def test_a_table_that_is_assigned_to_nobody_any_more_is_in_no_workbook(kit: OfficeKit) -> None:
    path = kit.home.config / "assignments.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("T7, T8]", "T7]"), encoding="utf-8")
    issue_templates(kit.ctx(OPEN), MARCH)
    assert not any(name.startswith("T8") for name in sheets(kit.template(COUNTY)))


def test_nobody_is_reminded_of_it(kit: OfficeKit) -> None:
    correct(kit)
    assert OTHER_COUNTY not in remind(kit.ctx(OVERDUE)).organisations
    assert COUNTY in remind(kit.ctx("2023-03-30T09:30")).organisations


def test_a_reminder_that_waits_is_withdrawn(kit: OfficeKit, server: ServerHandle) -> None:
    use_mail_server(kit.home.root, server)
    assert OTHER_COUNTY in remind(kit.ctx(OVERDUE)).organisations
    correct(kit)
    send(kit.ctx(OVERDUE))
    states = {r.state for r in list_outbox(kit.ctx()) if r.kind == "催报" and f"@{OTHER_COUNTY}" in r.address}
    assert states == {"已撤"}


def test_it_is_no_longer_counted_but_what_was_reported_stays_on_record(kit: OfficeKit) -> None:
    def first() -> dict[str, str]:
        standings = status(kit.ctx(OVERDUE), MARCH).standings
        return {s.obligation.org: s.state for s in standings if s.obligation.table == "T1"}

    assert set(first()) == {COUNTY, OTHER_COUNTY, BUREAU, "danwei02"}
    correct(kit)
    assert first() == {COUNTY: "逾期", BUREAU: "已报", "danwei02": "逾期"}


def test_the_figures_do_not_miss_it(kit: OfficeKit) -> None:
    correct(kit)
    with open_desk(kit.ctx(OVERDUE)) as desk, desk.store.read() as conn:
        computed = make_cut(desk, conn, desk.office.period(MARCH), kit.ctx(OVERDUE).now()).computed
    cover = computed.values["policies_city"][0].coverage
    assert cover is not None
    assert (cover.expected, cover.reported) == ((COUNTY, BUREAU, "danwei02"), (BUREAU,))


def test_a_later_period_does_not_miss_it(kit: OfficeKit) -> None:
    def missing() -> tuple[str, ...]:
        with open_desk(kit.ctx("2023-04-26T10:00")) as desk, desk.store.read() as conn:
            office = desk.office
            org, period = office.organisation(OTHER_COUNTY), office.period(APRIL)
            return build_frame(desk, conn, desk.config.forms["T1"], org, period).history.missing

    assert missing() == (MARCH,)
    correct(kit)
    assert missing() == ()
