"""取号 asks again, in the transaction that numbers, what the look before it had let through."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.filling import only, policy
from support.office_kit import BUREAU, SIGNER, OfficeKit, make_office
from tasks import sign as signing
from tasks.draft import draft
from tasks.sign import number_signed, sign
from tasks.typeset import Typeset
from yaoxun.errors import ConfigError, NotNowError

DRAFTED, NEWER = "2023-03-27T11:00", "2023-03-27T12:00"


@pytest.fixture
def office(tmp_path: Path) -> OfficeKit:
    """A drafted bulletin, document 1, in which one organisation's two policies stand."""
    kit = make_office(tmp_path / "home")
    kit.drop(kit.filled(BUREAU, rows={"T3": [policy(1), policy(2)]}), "一.xlsx")
    kit.collect()
    assert draft(kit.ctx(DRAFTED), "要讯", "2023-03").document == 1
    return kit


def newer_data(kit: OfficeKit) -> None:
    kit.drop(kit.filled(BUREAU, rows={"T3": [policy(1), policy(2), policy(3)]}, declared=only("T3")), "二.xlsx")
    kit.collect(NEWER)


def numbers(kit: OfficeKit) -> list[int]:
    return [row.n for row in kit.query("select n from issue_number")]


def test_data_that_comes_while_the_file_is_made_keeps_the_document_from_its_number(
    office: OfficeKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    typeset: Callable[..., Typeset] = signing.typeset

    def typeset_slowly(*args: Any, **given: Any) -> Typeset:
        newer_data(office)
        return typeset(*args, **given)

    monkeypatch.setattr(signing, "typeset", typeset_slowly)
    done = sign(office.ctx(NEWER, SIGNER), 1)
    assert "新的数据" in done.waits and done.number == ""
    assert numbers(office) == [] and office.query("select id from message where kind = 'bulletin'") == []
    monkeypatch.undo()
    assert sign(office.ctx(NEWER, SIGNER), 1, keep=True).number == "〔2023〕第4期"


def test_a_signed_document_whose_kind_is_gone_names_the_file_that_lost_it(office: OfficeKit) -> None:
    newer_data(office)
    sign(office.ctx(NEWER, SIGNER), 1)
    path = office.home.config / "briefings.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  要讯:", "  快讯:"), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        sign(office.ctx(NEWER, SIGNER), 1)
    assert "briefings.yaml" in str(caught.value) and "要讯" in str(caught.value)
    (waiting,) = number_signed(office.ctx(NEWER)).documents
    assert "briefings.yaml" in waiting.waits, "said, and the mail that follows is not held up"


def test_newer_data_that_changes_no_word_holds_nothing_up(office: OfficeKit) -> None:
    file = office.filled(BUREAU, typed={"T1": {"本期完成": 4}}, declared=only("T1"))
    office.drop(file, "二.xlsx")
    office.collect(NEWER)
    assert sign(office.ctx(NEWER, SIGNER), 1).number == "〔2023〕第4期"


def test_a_superseded_document_is_never_numbered_though_its_figures_come_back(office: OfficeKit) -> None:
    newer_data(office)
    assert sign(office.ctx(NEWER, SIGNER), 1).waits
    second = draft(office.ctx(NEWER), "要讯", "2023-03")
    assert second.corrects == 1
    assert sign(office.ctx(NEWER, SIGNER), second.document).number == "〔2023〕第4期"
    back = office.filled(BUREAU, rows={"T3": [policy(1), policy(2)]}, declared=only("T3"), person="另一位联络员")
    office.drop(back, "三.xlsx")
    office.collect("2023-03-27T13:00")
    assert number_signed(office.ctx("2023-03-27T13:00")).documents == ()
    for keep in (False, True):
        with pytest.raises(NotNowError, match="取代"):
            sign(office.ctx("2023-03-27T13:00", SIGNER), 1, keep=keep)
    assert numbers(office) == [4]


def test_the_mail_bears_the_title_of_the_version_that_was_signed(tmp_path: Path) -> None:
    kit = make_office(tmp_path / "home")
    path = kit.home.templates / "yaoxun" / "narrative.md.j2"
    body = path.read_text(encoding="utf-8")
    title = next(line for line in body.splitlines() if line.startswith("标题："))
    path.write_text(body.replace(title, "标题：已出台政策{{ 数量('policies_city') }}"), encoding="utf-8")
    kit.drop(kit.filled(BUREAU, rows={"T3": [policy(1), policy(2)]}), "一.xlsx")
    kit.collect()
    draft(kit.ctx(DRAFTED), "要讯", "2023-03")
    newer_data(kit)
    draft(kit.ctx(NEWER), "要讯", "2023-03")
    assert sign(kit.ctx(NEWER, SIGNER), 1).title == "已出台政策3个"
    (params,) = (row.params for row in kit.query("select params from message where kind = 'bulletin'"))
    assert "已出台政策3个" in params
