"""Text of YAML files changed in place, so that what the shipped files explain in their comments stays. Pure.

Only what `init` needs: a value of a key, a block from its key to the end of the file, and comments that speak of a sample.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

_SAMPLE = re.compile(r"[^。#：:]*示例[^。]*。?")


def inline(value: Any) -> str:
    """A value as YAML on one line: a name, {code: a, name: b}, [T1, T2]."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=1_000_000)
    return text.removesuffix("...\n").strip()


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """The text with the values of these keys replaced, wherever in the file the key stands first; what is commented
    behind a value stays. Raises KeyError for a key that is not there."""
    for key, value in values.items():
        line = re.compile(rf"^(\s*(?:- )?{re.escape(key)}:)[ \t]*(?:[^\n#]*[^\s#])?([ \t]+#[^\n]*)?$", re.MULTILINE)
        found = line.search(text)
        if found is None:
            raise KeyError(key)
        text = f"{text[: found.start()]}{found[1]} {inline(value)}{found[2] or ''}{text[found.end() :]}"
    return text


def with_block(text: str, key: str, lines: Iterable[str], *, until: str = "") -> str:
    """The text with the lines below a key at the margin replaced, up to the comments before the key `until`, or to the
    end. No lines: an empty list."""
    start = re.search(rf"^{re.escape(key)}:[^\n]*\n", text, re.MULTILINE)
    if start is None:
        raise KeyError(key)
    stop = re.search(rf"^(?:#[^\n]*\n)*{re.escape(until)}:", text[start.end() :], re.MULTILINE) if until else None
    rest = "\n" + text[start.end() + stop.start() :] if stop else ""
    body = "".join(f"  {line}\n" for line in lines)
    return f"{text[: start.start()]}{key}:{'' if body else ' []'}\n{body}{rest}"


def without_sample_talk(text: str) -> str:
    """The text without the sentences of its comments that say that all this is a sample."""
    kept = []
    for line in text.split("\n"):
        if line.startswith("#") and "示例" in line:
            rest = _SAMPLE.sub("", line)
            if not rest.strip("# ：:"):
                continue
            kept.append(rest.rstrip("：: "))
        else:
            kept.append(line)
    return re.sub(r"(?:^#[ \t]*\n)+(?=\n|\Z)", "", "\n".join(kept), flags=re.MULTILINE)
