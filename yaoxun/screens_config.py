"""How the commands on the configuration look on a screen: faults, hints, differences. Nothing is computed here."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.config_check import Checked
    from tasks.config_diff import Differences, FileDifference

_SHOWN = 30


def show_checked(checked: "Checked") -> None:
    """Faults on stderr, each a sentence and what to do; hints and the count on stdout. One fault stands without a count."""
    if checked.faults:
        numbered = len(checked.faults) > 1
        for number, fault in enumerate(checked.faults, 1):
            sys.stderr.write(f"{number}. {fault}\n" if numbered else f"{fault}\n")
        sys.stderr.write(f"{checked.summary()}\n" if numbered else "")
        return
    for hint in checked.hints:
        sys.stdout.write(f"{hint.sentence()}\n")
    sys.stdout.write(f"{checked.summary()}\n")


def show_differences(found: "Differences", everything: bool = False) -> None:
    """File by file; of a file with very many differences the first ones, unless everything is wanted."""
    for file in found.files:
        sys.stdout.write(f"【{file.state}】{file.file}\n")
        lines = _differing(file)
        for line in lines if everything else lines[:_SHOWN]:
            sys.stdout.write(f"    {line}\n")
        if len(lines) > _SHOWN and not everything:
            sys.stdout.write(f"    另有 {len(lines) - _SHOWN} 处，加 --all 全部列出\n")
    for name, key in found.new_keys:
        sys.stdout.write(f"新键：{name} 的 {key.key}\n")
    sys.stdout.write(f"{found.summary()}\n")


def _differing(file: "FileDifference") -> list[str]:
    return [*(key.sentence() for key in file.keys), *file.lines]
