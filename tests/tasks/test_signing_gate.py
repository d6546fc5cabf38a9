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
from yaoxun.errors import ConfigError

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
    build: Callable[..., bytes] = signing.build_docx

    def build_slowly(*args: Any) -> bytes:
        newer_data(office)
        return build(*args)

    monkeypatch.setattr(signing, "build_docx", build_slowly)
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
    for use_case in (lambda: sign(office.ctx(NEWER, SIGNER), 1), lambda: number_signed(office.ctx(NEWER))):
        with pytest.raises(ConfigError) as caught:
            use_case()
        assert "briefings.yaml" in caught.value.file and "要讯" in caught.value.message


def test_newer_data_that_changes_no_word_holds_nothing_up(office: OfficeKit) -> None:
    file = office.filled(BUREAU, typed={"T1": {"本期完成": 4}}, declared=only("T1"))
    office.drop(file, "二.xlsx")
    office.collect(NEWER)
    assert sign(office.ctx(NEWER, SIGNER), 1).number == "〔2023〕第4期"
