"""The names that are kept in memory say what a fresh look at the ledger says, whatever was decided in between."""

from pathlib import Path

from support.filling import only, policy
from support.office_kit import BUREAU, OTHER_BUREAU, SIGNER, OfficeKit, make_office
from tasks import others
from tasks.desk import open_desk
from tasks.intake import reject
from tasks.others import others_like

NAMES = [(str(policy(n)["政策名称"]), "") for n in range(1, 6)]


def seen_by(kit: OfficeKit, org: str, numbers: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """(organisation, name) of what new rows of these names are compared with; asked twice, of the memory and afresh."""
    wanted = [*NAMES, *(("", number) for number in numbers)]

    def ask() -> list[tuple[str, str]]:
        with open_desk(kit.ctx()) as desk, desk.store.read() as conn:
            found = others_like(desk, conn, desk.config.forms["T3"], org, wanted)
            return sorted((row.org, row.values["政策名称"]) for row in found)

    remembered = ask()
    kept = dict(others._kept)
    others._kept.clear()
    assert ask() == remembered
    others._kept.clear()
    others._kept.update(kept)
    return remembered


def test_what_is_remembered_follows_acceptance_replacement_and_withdrawal(tmp_path: Path) -> None:
    kit = make_office(tmp_path, (BUREAU, OTHER_BUREAU))
    assert seen_by(kit, OTHER_BUREAU) == []
    kit.drop(kit.filled(BUREAU, rows={"T3": [policy(1), policy(2)]}), "一.xlsx")
    kit.collect()
    both = [(kit.short(BUREAU), str(policy(n)["政策名称"])) for n in (1, 2)]
    assert seen_by(kit, OTHER_BUREAU) == sorted(both) and seen_by(kit, BUREAU) == []
    assert seen_by(kit, OTHER_BUREAU, ("晋市示例发〔2023〕2号",)) == sorted(both)
    kit.drop(kit.filled(BUREAU, rows={"T3": [policy(3)]}, declared=only("T3")), "二.xlsx")
    (second,) = kit.collect().judged
    assert seen_by(kit, OTHER_BUREAU) == [(kit.short(BUREAU), str(policy(3)["政策名称"]))]
    reject(kit.ctx(actor=SIGNER), second.arrival, "报错了")
    assert seen_by(kit, OTHER_BUREAU) == sorted(both)


def test_another_database_at_the_same_place_is_not_taken_for_the_one_before(tmp_path: Path) -> None:
    kit = make_office(tmp_path, (BUREAU, OTHER_BUREAU))
    before = (tmp_path / "data" / "yaoxun.db").read_bytes()
    kit.drop(kit.filled(BUREAU, rows={"T3": [policy(1)]}), "一.xlsx")
    kit.collect()
    assert len(seen_by(kit, OTHER_BUREAU)) == 1
    for left in (tmp_path / "data").glob("yaoxun.db*"):
        left.unlink()
    (tmp_path / "data" / "yaoxun.db").write_bytes(before)
    assert seen_by(kit, OTHER_BUREAU) == []
    kit.drop(kit.filled(BUREAU, rows={"T3": [policy(2)]}), "二.xlsx")
    kit.collect()
    assert seen_by(kit, OTHER_BUREAU) == [(kit.short(BUREAU), str(policy(2)["政策名称"]))]
