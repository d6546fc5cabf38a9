"""config/notices.yaml is closed, and its texts must be there."""

import shutil
from datetime import time
from pathlib import Path

import pytest

from yaoxun.errors import ConfigError
from yaoxun.notices.settings import TEMPLATES, load_notices

ROOT = Path(__file__).parents[3]


def test_the_shipped_settings_remind_three_and_one_before_and_one_two_three_after_at_nine() -> None:
    settings = load_notices(ROOT / "config", ROOT / "report_templates")
    assert settings.reminders.workdays == (-3, -1, 1, 2, 3)
    assert settings.reminders.at == time(9, 0)
    assert (settings.to, settings.cc) == (("A岗",), ("B岗",))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("reminders: {}\nsignature: 甲\nsignatrue: 乙", "signatrue"),
        ("reminders: {workdays: [1, -1]}\nsignature: 甲", "reminders"),
        ("reminders: {at: 二十五点}\nsignature: 甲", "reminders.at"),
        ("reminders: {at: 17:30}\nsignature: 甲", "reminders.at"),
        ("reminders: {}\nto: [A 岗]\nsignature: 甲", "to.1"),
        ("reminders: {}", "signature"),
    ],
)
def test_a_fault_names_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "notices.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_notices(tmp_path, ROOT / "report_templates")
    assert key in str(caught.value) and "notices.yaml" in caught.value.file


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_missing_text_is_named(tmp_path: Path, name: str) -> None:
    shutil.copytree(ROOT / "report_templates", tmp_path / "t")
    (tmp_path / "t" / "notices" / f"{name}.md.j2").unlink()
    with pytest.raises(ConfigError) as caught:
        load_notices(ROOT / "config", tmp_path / "t")
    assert f"{name}.md.j2" in caught.value.file and "复制" in caught.value.remedy
