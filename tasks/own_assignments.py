"""Who reports a drafted table: as it was typed or as its rows say, and the entry in assignments.yaml. Nothing is written."""

import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from tasks.config_load import Loaded
from yaoxun.errors import RequestError
from yaoxun.forms.layout.draft import DraftForm
from yaoxun.forms.layout.draft_text import flow_list, scalar

_NO_ENTRIES = re.compile(r"^assignments:[ \t]*\[[ \t]*\]", re.M)


def orgs_typed(assign: str, loaded: Loaded) -> str:
    """What was typed (all, kind:县, codes or names), as YAML; '' for nothing. Raises RequestError for no such organisation."""
    parts = [part for part in re.split(r"[,，、;；\s]+", assign.strip().strip("[]")) if part]
    parts = [part.strip("\"'") for part in parts]
    if not parts or parts[0] == "all" or parts[0].startswith("kind:"):
        if len(parts) > 1:
            raise RequestError("all 或 kind:类别 只能单独写。", "要指定几家，请写各家的代码，如 D01,D02。")
        return scalar(parts[0]) if parts else ""
    codes = []
    for part in parts:
        found = loaded.office.find_organisation(part) if loaded.office else None
        if loaded.office and found is None:
            raise RequestError(f"没有单位“{part}”。", "请写 config/organisations.yaml 里的代码，几家的用逗号隔开。")
        codes.append(found.code if found else part)
    return flow_list(dict.fromkeys(codes))


def orgs_reporting(draft: DraftForm, loaded: Loaded) -> str:
    """Who a table's rows say reports it: a kind of organisations, their codes, or all."""
    if loaded.office is None or not draft.organisations:
        return "all"
    named = [loaded.office.find_organisation(name) for name in draft.organisations]
    found = [org for org in named if org is not None]
    kinds = {org.kind for org in found}
    if len(found) < len(named) or not found:
        return "all"
    if len(kinds) == 1 and sum(o.kind in kinds for o in loaded.office.organisations) == len(found):
        return f'"kind:{kinds.pop()}"'
    return f"[{', '.join(org.code for org in found)}]"


def with_assignments(path: Path, lines: Sequence[str]) -> str:
    """assignments.yaml with entries at the end of its list, which is the last thing in it. Raises RequestError where it
    cannot be read, or is written in some other way."""
    how = "请自己写进去（assignments: [] 先改成 assignments:）：\n" + "\n".join(lines)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as err:
        raise RequestError(f"读不了 {path}，没有起草。", f"请核对办公室目录，或不加 --assign。{how}") from err
    missing = [line for line in lines if line not in text.splitlines()]
    text = _NO_ENTRIES.sub("assignments:", text).rstrip("\n") + "\n" + "".join(f"{line}\n" for line in missing)
    try:
        found = yaml.load(text, Loader=yaml.CSafeLoader)["assignments"]
        told = yaml.load("\n".join(missing), Loader=yaml.CSafeLoader) or []
    except (yaml.YAMLError, KeyError, TypeError):
        found, told = [], [None]
    if found[-len(told) :] != told and told:
        raise RequestError("assignments.yaml 的写法不能在末尾添加，没有起草。", f"请不加 --assign，{how}")
    return text
