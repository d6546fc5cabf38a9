"""Code lists: config/lists/NAME.yaml, each closed by the further columns that it declares itself. What a list says of
organisations and of other lists is checked here, too; assignments and periods stand in loading.py.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pydantic import create_model

from yaoxun.errors import ConfigError
from yaoxun.office.model import CodeList, ListEntry
from yaoxun.office.settings import AttributeSetting, EntrySetting, ListFile, Words
from yaoxun.settings import Faults, load_yaml, parse_settings

_PLAIN = ("", "number", "organisation", "organisations")


def load_lists(folder: Path, organisations: frozenset[str]) -> dict[str, CodeList]:
    """All lists by name. `organisations` holds every code and name that an entry may call an organisation by.

    Raises ConfigError for a code twice in force, an ambiguous alias, or a column that holds what it may not.
    """
    faults = Faults()
    lists = gather_lists(folder, organisations, faults)
    faults.stop()
    return lists


def gather_lists(folder: Path, organisations: frozenset[str] | None, faults: Faults) -> dict[str, CodeList]:
    """The lists that can be read; what is wrong goes to `faults`. `organisations` None: they are not known, and what
    entries say of them is not checked."""
    loaded: dict[str, _List] = {}
    paths = sorted(folder.glob("*.yaml"))
    for path in paths:
        with faults.gathered():
            loaded[path.stem] = _List(path)
    lists = {name: one.code_list() for name, one in loaded.items()}
    unread: dict[str, set[str] | None] = {path.stem: None for path in paths}
    codes = unread | {name: {word for e in found.entries for word in (e.code, e.name)} for name, found in lists.items()}
    for name, one in loaded.items():
        one.check(lists[name], organisations, codes, faults)
    return lists


class _List:
    """One file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        content = load_yaml(path) or {}
        self.head = parse_settings(content, ListFile, path)
        further: dict[str, Any] = {name: (Words, a.default) for name, a in self.head.attributes.items()}
        taken = sorted(further.keys() & EntrySetting.model_fields.keys())
        if taken:
            raise self._fault(f"attributes.{taken[0]}", "每个条目本来就有这一栏", "请换一个名字。")
        entry = create_model("Entry", __base__=EntrySetting, **further)
        closed = create_model("ClosedList", __base__=ListFile, entries=(tuple[entry, ...], ...))
        loaded: Any = parse_settings(content, closed, path)
        self.settings: tuple[EntrySetting, ...] = loaded.entries

    def _fault(self, key: str, problem: str, remedy: str) -> ConfigError:
        return ConfigError(file=self.path, key=key, problem=problem, remedy=remedy)

    def code_list(self) -> CodeList:
        """The frozen value. Dates that an entry does not give are those of the list."""
        head = self.head
        entries = tuple(
            ListEntry(
                code=setting.code, name=setting.name, order=order, aliases=setting.aliases,
                valid_from=head.valid_from if setting.valid_from == date.min else setting.valid_from,
                valid_to=head.valid_to if setting.valid_to == date.max else setting.valid_to,
                attributes={name: getattr(setting, name) for name in head.attributes if getattr(setting, name)},
            )
            for order, setting in enumerate(self.settings, 1)
        )  # fmt: skip
        return CodeList(name=self.path.stem, title=head.title, entries=entries)

    def check(
        self,
        found: CodeList,
        organisations: frozenset[str] | None,
        codes: Mapping[str, set[str] | None],
        faults: Faults,
    ) -> None:
        """Everything that needs more than one entry or one file."""
        sound = {}
        for name, attribute in self.head.attributes.items():
            if attribute.holds in (*_PLAIN, *codes):
                sound[name] = attribute
                continue
            problem = f"没有名为“{attribute.holds}”的代码表"
            remedy = f"请写 {'、'.join(_PLAIN[1:])} 或一张代码表：{'、'.join(codes)}。"
            faults.add(self._fault(f"attributes.{name}.holds", problem, remedy))
        for entry in found.entries:
            key = f"entries.{entry.order}"
            if entry.valid_from > entry.valid_to:
                faults.add(self._fault(key, "有效期的起日晚于止日", "请改正 valid_from 或 valid_to。"))
            with faults.gathered():
                self._check_unique(found, entry, key)
            for name, attribute in sound.items():
                for problem in _wrong(entry.attributes.get(name, ""), attribute, organisations, codes):
                    faults.add(self._fault(f"{key}.{name}", problem, "请改正这一格。"))

    def _check_unique(self, found: CodeList, entry: ListEntry, key: str) -> None:
        for other in found.entries[: entry.order - 1]:
            if other.valid_from > entry.valid_to or other.valid_to < entry.valid_from:
                continue
            if other.code == entry.code:
                raise self._fault(
                    f"{key}.code", f"代码“{entry.code}”同时有两条", "请换一个代码，或把两条的有效期错开。"
                )
            clash = {*entry.aliases} & {other.code, other.name, *other.aliases}
            clash |= {*other.aliases} & {entry.code, entry.name}
            if clash:
                problem = f"“{min(clash)}”既指“{other.name}”又指“{entry.name}”"
                raise self._fault(f"{key}.aliases", problem, "请改正其中一条的别名。")


def _wrong(
    value: str,
    attribute: AttributeSetting,
    organisations: frozenset[str] | None,
    codes: Mapping[str, set[str] | None],
) -> Iterator[str]:
    """What is wrong with one further column of one entry."""
    if not value:
        if attribute.required:
            yield "这一格不能空"
    elif attribute.one_of and value not in attribute.one_of:
        yield f"“{value}”不在允许之列（{'、'.join(attribute.one_of)}）"
    elif attribute.holds == "number":
        try:
            Decimal(value)
        except InvalidOperation:
            yield f"“{value}”不是数"
    elif attribute.holds.startswith("organisation"):
        named = value.split("、") if attribute.holds == "organisations" else [value]
        yield from (f"名录里没有单位“{one}”" for one in named if organisations is not None and one not in organisations)
    elif attribute.holds and (known := codes[attribute.holds]) is not None and value not in known:
        yield f"代码表 {attribute.holds} 里没有“{value}”"
