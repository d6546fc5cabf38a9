"""docs/config.md says of every key of every configuration file what it is, and says it as the settings have it: no key is
left out or gone, defaults are the real ones, examples are taken.
"""

import importlib
import re
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any

import pytest
import yaml
from pydantic import TypeAdapter

from yaoxun.settings import Closed

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
MODULES = [
    *(path for path in (ROOT / "yaoxun").rglob("settings.py") if path.parent.name != "yaoxun"),
    ROOT / "yaoxun" / "schedules.py", ROOT / "yaoxun" / "sheets" / "limits.py",
    ROOT / "yaoxun" / "briefings" / "profile.py", ROOT / "yaoxun" / "briefings" / "lint" / "habits.py",
]  # fmt: skip


def settings() -> Iterator[type[Closed]]:
    """Every class of settings that is no base of others."""
    for path in sorted(MODULES):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for one in vars(module).values():
            is_own = isinstance(one, type) and issubclass(one, Closed) and one.__module__ == module.__name__
            if is_own and not one.__subclasses__():
                yield one


def tables() -> dict[str, dict[str, list[str]]]:
    """Class → key → its row's cells, from the page."""
    found = {}
    for part in re.split(r"^#+ ", TEXT, flags=re.M)[1:]:
        heading, _, body = part.partition("\n")
        if named := re.search(r"`(\w+)`$", heading):
            rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in body.splitlines() if line.startswith("| `")]
            found[named[1]] = {row[0].strip(" `"): [cell.strip() for cell in row] for row in rows}
    return found


CLASSES = {one.__name__: one for one in settings()}
TABLES = tables()


def written(value: Any) -> str:
    """A default as the page has it."""
    if value is None or isinstance(value, bool):
        return f"`{'none' if value is None else str(value).lower()}`"
    if isinstance(value, date):
        return "open" if value in (date.min, date.max) else f"`{value}`"
    if isinstance(value, time):
        return f'`"{value:%H:%M}"`'
    if isinstance(value, tuple | frozenset):
        return f"`[{', '.join(map(str, value))}]`"
    return '`""`' if value == "" else f"`{value}`"


def test_every_kind_of_setting_has_its_table_and_no_table_is_of_nothing() -> None:
    assert set(TABLES) == set(CLASSES)
    assert len(CLASSES) > 40


@pytest.mark.parametrize("name", CLASSES)
def test_every_key_is_told_with_its_default_and_an_example_that_is_taken(name: str) -> None:
    fields = {field.alias or key: field for key, field in CLASSES[name].model_fields.items()}
    rows = TABLES[name]
    assert list(rows) == list(fields), f"docs/config.md, the table of {name}"
    for key, field in fields.items():
        _, kind, default, example, purpose = rows[key]
        assert kind and purpose, key
        usual = "—" if field.is_required() else written(field.get_default(call_default_factory=True))
        assert default == usual, key
        if example:
            value = yaml.safe_load(example.strip("`").replace("\\|", "|"))
            wanted: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
            TypeAdapter(wanted).validate_python(value)


def test_every_file_that_ships_has_its_chapter() -> None:
    config = [path.relative_to(ROOT) for path in (ROOT / "config").glob("*.yaml")]
    others = [Path("config/forms/ID.yaml"), Path("config/lists/NAME.yaml")]
    chapters = set(re.findall(r"^## (\S+)$", TEXT, re.M))
    assert {path.as_posix() for path in (*config, *others)} <= chapters


def test_other_pages_lead_to_it() -> None:
    assert "(docs/config.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(config.md)" in (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
