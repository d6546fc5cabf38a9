"""config/briefings.yaml is closed; an address in it can be sent to."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from yaoxun.briefings.settings import BriefingKind, load_briefings
from yaoxun.errors import ConfigError

ROOT = Path(__file__).parents[3]
SHIPPED = (ROOT / "config" / "briefings.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("swbgt@sheng.example", "swbgt@oa", "kinds.要讯.colophon.1.to.1.mail"),
        ("swbgt@sheng.example", "swbgt＠sheng.example", "kinds.要讯.colophon.1.to.1.mail"),
        ("swbgt@sheng.example", '"swbgt@sheng.example "', "kinds.要讯.colophon.1.to.1.mail"),
        ("periods: [month]", "periods: []", "kinds.要讯.periods"),
        ("signed_by:", "singed_by:", "kinds.要讯.singed_by"),
    ],
)
def test_a_fault_names_file_key_and_remedy(tmp_path: Path, old: str, new: str, key: str) -> None:
    assert old in SHIPPED
    (tmp_path / "briefings.yaml").write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_briefings(tmp_path, ROOT / "report_templates")
    assert (caught.value.key, Path(caught.value.file).name) == (key, "briefings.yaml")
    assert caught.value.remedy


def test_an_addressee_without_mail_is_only_printed(tmp_path: Path) -> None:
    printed = SHIPPED.replace(", mail: swbgt@sheng.example", "")
    (tmp_path / "briefings.yaml").write_text(printed, encoding="utf-8")
    kind = load_briefings(tmp_path, ROOT / "report_templates")["要讯"]
    assert kind.colophon[0].to[0].name == "省委办公厅"
    assert "swbgt@sheng.example" not in kind.mails
    assert len(kind.mails) == 9


def kind(**changes: Any) -> BriefingKind:
    usual = {
        "folder": "yaoxun",
        "issuer": "示例省委",
        "periods": ["month"],
        "series": "要讯",
        "signed_by": "签发人",
        "colophon": [],
    }
    return BriefingKind.model_validate(usual | changes)


def test_a_number_is_written_as_the_office_writes_it() -> None:
    assert kind().number_text(2023, 4, {}) == "〔2023〕第4期"
    assert kind(number_format="（增刊）第{n}期").number_text(2023, 4, {}) == "（增刊）第4期"
    assert kind().number_text(2023, None, {}) == "〔2023〕第\u3000期", "room for a number in a draft"


def test_the_total_counts_on_over_the_years_from_the_last_that_was_told() -> None:
    of = kind(
        number_format="〔{year}〕第{n}期（总第{total}期）", first_totals={2022: 101, 2025: 900}, first_numbers={2023: 5}
    )
    assert of.number_text(2022, 1, {}) == "〔2022〕第1期（总第101期）"
    assert of.number_text(2022, 12, {2022: 11}) == "〔2022〕第12期（总第112期）"
    given = {2021: 40, 2022: 12, 2023: 9}
    assert of.number_text(2023, 5, {2022: 12}) == "〔2023〕第5期（总第113期）", "the first of a year that begins with 5"
    assert of.number_text(2024, 1, given) == "〔2024〕第1期（总第118期）", "12 of 2022, 5 of 2023"
    assert of.number_text(2025, 3, given) == "〔2025〕第3期（总第902期）", "told anew"
    assert "总第\u3000期" in of.number_text(2021, 1, {}), "before it was counted"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"number_format": "第一期"}, "{n}"),
        ({"number_format": "第{n}期{"}, "{n}"),
        ({"number_format": "第{n}期{month}"}, "{n}"),
        ({"number_format": "第{n}期（总第{total}期）"}, "first_totals"),
        ({"urgency": "急"}, "特急"),
    ],
)
def test_a_number_format_that_cannot_be_filled_in_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(says)):
        kind(**changes)


def test_a_kind_without_a_profile_has_that_of_its_folder() -> None:
    assert kind().format == "yaoxun" and kind(profile="huibian").format == "huibian"


def test_a_profile_at_its_former_place_is_told_with_where_to_move_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "report_templates", tmp_path / "report_templates")
    (tmp_path / "briefings.yaml").write_text(SHIPPED, encoding="utf-8")
    (tmp_path / "report_templates" / "profiles" / "yaoxun.yaml").rename(
        tmp_path / "report_templates/yaoxun/profile.yaml"
    )
    with pytest.raises(ConfigError) as caught:
        load_briefings(tmp_path, tmp_path / "report_templates")
    assert caught.value.key == "kinds.要讯.profile" and caught.value.line
    assert "report_templates/yaoxun/profile.yaml 移作 report_templates/profiles/yaoxun.yaml" in caught.value.remedy
    assert "based_on: standard" in caught.value.remedy
