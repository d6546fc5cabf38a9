"""核稿 as an office switches it on: nothing is signed before somebody with that role has seen what it says now."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from support.filling import only, policy
from support.office_kit import BUREAU, SIGNER, OfficeKit, make_office
from tasks.documents import list_documents
from tasks.draft import draft
from tasks.review import review
from tasks.sign import sign
from yaoxun.cli import app
from yaoxun.errors import ConfigError, NotNowError, RequestError

DRAFTED, NEWER = "2023-03-27T11:00", "2023-03-27T12:00"
REVIEWER = "hgr"


def change(kit: OfficeKit, old: str, new: str) -> None:
    path = kit.home.config / "briefings.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def state(kit: OfficeKit, document: int = 1) -> str:
    return next(row.state for row in list_documents(kit.ctx(NEWER)) if row.number == document)


def report(kit: OfficeKit, policies: int, now: str = "") -> None:
    rows = {"T3": [policy(n) for n in range(1, policies + 1)]}
    kit.drop(kit.filled(BUREAU, rows=rows, declared=only("T3")), f"{policies}.xlsx")
    kit.collect(now)


@pytest.fixture
def office(tmp_path: Path) -> OfficeKit:
    """A drafted bulletin, document 1, of a kind that is reviewed."""
    kit = make_office(tmp_path / "home")
    change(kit, "    signed_by: 签发人", "    steps: [核稿]\n    signed_by: 签发人")
    report(kit, 2)
    assert draft(kit.ctx(DRAFTED), "要讯", "2023-03").document == 1
    return kit


def test_a_draft_is_signed_only_after_it_was_reviewed_and_the_list_says_where_it_stands(office: OfficeKit) -> None:
    assert state(office) == "草稿待核稿"
    with pytest.raises(NotNowError, match="还没有核稿") as caught:
        sign(office.ctx(NEWER, SIGNER), 1)
    assert "yaoxun review 1" in caught.value.remedy
    assert state(office) == "草稿待核稿", "nothing was signed"
    assert "已核稿" in review(office.ctx(NEWER, REVIEWER), 1, remark="看过").summary()
    assert state(office) == "已核稿待签发"
    heard: list[str] = []
    assert sign(office.ctx(NEWER, SIGNER), 1, told=heard.append).number == "〔2023〕第4期"
    assert state(office) == "已定稿"
    assert heard == [], "it has recipients"
    steps = office.query("select step, remark, actor from document_step order by id")
    assert [(s.step, s.remark, s.actor) for s in steps] == [("核稿", "看过", REVIEWER), ("签发", "", SIGNER)]


def test_a_new_version_is_reviewed_anew(office: OfficeKit) -> None:
    review(office.ctx(DRAFTED, REVIEWER), 1)
    report(office, 3, NEWER)
    assert draft(office.ctx(NEWER), "要讯", "2023-03").version == 2
    assert state(office) == "草稿待核稿"
    with pytest.raises(NotNowError, match="第 2 版还没有核稿"):
        sign(office.ctx(NEWER, SIGNER), 1)
    assert review(office.ctx(NEWER, REVIEWER), 1).version == 2
    assert sign(office.ctx(NEWER, SIGNER), 1).number


def test_a_second_review_of_the_same_version_changes_nothing(office: OfficeKit) -> None:
    review(office.ctx(NEWER, REVIEWER), 1)
    again = review(office.ctx(NEWER, REVIEWER), 1)
    assert again.before and "先前已核稿" in again.summary()
    assert len(office.query("select id from document_step")) == 1


def test_only_a_person_with_that_role_reviews(office: OfficeKit) -> None:
    for actor in (SIGNER, "nobody", ""):
        with pytest.raises(NotNowError, match="不能核稿") as caught:
            review(office.ctx(NEWER, actor), 1)
        assert "核稿人" in caught.value.remedy
    assert office.query("select id from document_step") == []


def test_what_is_not_there_is_signed_or_only_looked_at_is_not_reviewed(office: OfficeKit) -> None:
    with pytest.raises(RequestError, match="没有第 9 号"):
        review(office.ctx(NEWER, REVIEWER), 9)
    review(office.ctx(NEWER, REVIEWER), 1)
    sign(office.ctx(NEWER, SIGNER), 1)
    with pytest.raises(NotNowError, match="已经签发"):
        review(office.ctx(NEWER, REVIEWER), 1)
    back = draft(office.ctx(NEWER), "要讯", "2023-03", as_of=DRAFTED).document
    with pytest.raises(NotNowError, match="回看"):
        review(office.ctx(NEWER, REVIEWER), back)


def test_a_kind_without_the_step_says_how_to_switch_it_on(office: OfficeKit) -> None:
    change(office, "    steps: [核稿]\n", "")
    assert state(office) == "草稿"
    with pytest.raises(NotNowError, match="没有核稿这一步") as caught:
        review(office.ctx(NEWER, REVIEWER), 1)
    assert "steps: [核稿]" in caught.value.remedy
    assert sign(office.ctx(NEWER, SIGNER), 1).number


def test_a_step_that_nobody_knows_stops_the_start(office: OfficeKit) -> None:
    change(office, "steps: [核稿]", "steps: [会签]")
    with pytest.raises(ConfigError, match=r"briefings\.yaml"):
        list_documents(office.ctx(NEWER))


def test_the_command_says_what_was_done(office: OfficeKit) -> None:
    words = ["review", "1", "--as", REVIEWER, "--remark", "看过", "--now", NEWER, "--home", str(office.home.root)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0 and "第 1 号文稿第 1 版" in done.stdout and "已核稿" in done.stdout


def test_a_signed_draft_that_was_corrected_is_listed_as_superseded(office: OfficeKit) -> None:
    change(office, "    steps: [核稿]\n", "")
    report(office, 3, NEWER)
    assert sign(office.ctx(NEWER, SIGNER), 1).waits
    assert state(office) == "已签发待取号"
    second = draft(office.ctx(NEWER), "要讯", "2023-03").document
    assert (state(office), state(office, second)) == ("已签发待取号", "草稿")
    sign(office.ctx(NEWER, SIGNER), second)
    assert (state(office), state(office, second)) == ("已被更正取代", "已定稿")


def test_a_kind_that_is_mailed_to_nobody_says_so_at_the_draft_and_before_it_has_a_number(office: OfficeKit) -> None:
    path = office.home.config / "briefings.yaml"
    text = path.read_text(encoding="utf-8")
    colophon = "    colophon:\n      - {mark: 发, to: [{name: 各报送单位}]}\n"
    path.write_text(text[: text.index("    colophon:")].replace("    steps: [核稿]\n", "") + colophon, encoding="utf-8")
    warned = draft(office.ctx(NEWER), "要讯", "2023-03")
    nobody = "版记没有一个收件邮箱，签发后不会寄给任何人。"
    assert f"注意：{nobody}" in warned.summary()
    heard: list[tuple[str, int]] = []

    def hear(said: str) -> None:
        heard.append((said, len(office.query("select id from issue_number"))))

    assert sign(office.ctx(NEWER, SIGNER), 1, told=hear).number
    assert heard == [(f"注意：{nobody}", 0)]
