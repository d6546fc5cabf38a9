"""config/briefings.yaml is closed; an address in it can be sent to."""

from pathlib import Path

import pytest

from yaoxun.briefings.settings import load_briefings
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
    assert SHIPPED.count(old) == 1
    (tmp_path / "briefings.yaml").write_text(SHIPPED.replace(old, new), encoding="utf-8")
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
