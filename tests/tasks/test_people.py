"""People and contacts are rows; the configuration seeds them, and is followed only when a person says so."""

from pathlib import Path

from support.office_kit import COUNTY, make_office
from tasks.config import import_config
from yaoxun.office.ledger import contacts_of, find_person


def test_a_changed_role_and_address_hold_from_the_day_they_are_imported_with_update(tmp_path: Path) -> None:
    kit = make_office(tmp_path / "home", issued=False)
    path = kit.home.config / "people.yaml"
    body = path.read_text(encoding="utf-8").replace("roles: [经办人]", "roles: [经办人, 签发人]")
    path.write_text(body.replace("a@chengqu.example", "new@chengqu.example"), encoding="utf-8")
    plain = import_config(kit.ctx())
    assert (plain.changed, plain.left) == (0, 2)
    assert "--update" in plain.summary()
    done = import_config(kit.ctx(), update=True)
    assert (done.changed, done.left) == (2, 0)
    store = kit.store
    today, before = kit.ctx().local_now().date(), kit.ctx("2023-03-26T09:00").local_now().date()
    with store.read() as conn:
        bgs = find_person(conn, "bgs", today)
        assert bgs is not None and "签发人" in bgs.roles
        earlier = find_person(conn, "bgs", before)
        assert earlier is not None and "签发人" not in earlier.roles
        assert [c.address for c in contacts_of(conn, COUNTY, today, ["A岗"])] == ["new@chengqu.example"]
        assert "a@chengqu.example" in [c.address for c in contacts_of(conn, COUNTY, before, ["A岗"])]
    store.close()
    assert import_config(kit.ctx(), update=True).changed == 0
