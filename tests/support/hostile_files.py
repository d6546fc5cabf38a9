"""The hostile set: every kind of bad file by name, what must become of it, and the check that it does.

The kinds stand in hostile_packages.py (.xlsx and its kin) and hostile_others.py; damage by chance in hostile_mutants.py.
"""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from support import hostile_others, hostile_packages
from support.hostile_build import READ, Hostile
from support.measured_reading import MeasuringSandbox
from yaoxun.sheets.model import RawWorkbook, Refusal

HOSTILE: dict[str, Hostile] = hostile_packages.KINDS | hostile_others.KINDS
QUICK = [name for name, kind in HOSTILE.items() if not kind.big]

# A refusal with one of these is a fault of ours, whatever the file is.
OUR_FAULTS = frozenset({"failed", "died", "result_too_large"})


@dataclass
class Toll:
    """What a set of files cost: outcomes counted, and the worst of them."""

    outcomes: dict[str, int] = field(default_factory=dict)
    seconds: tuple[float, str] = (0.0, "")
    peak: tuple[int, str] = (0, "")
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, outcome: str, seconds: float, peak: int) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        self.seconds, self.peak = max(self.seconds, (seconds, name)), max(self.peak, (peak, name))

    def report(self) -> str:
        counted = ", ".join(f"{outcome} {n}" for outcome, n in sorted(self.outcomes.items(), key=lambda i: -i[1]))
        return (
            f"files: {sum(self.outcomes.values())} ({counted})\n"
            f"worst seconds: {self.seconds[0]:.2f} ({self.seconds[1]})\n"
            f"worst memory of a child that could tell: {self.peak[0] // 1_000_000} MB ({self.peak[1]})"
        )


def read_hostile(sandbox: MeasuringSandbox, path: Path, name: str, toll: Toll) -> RawWorkbook | Refusal:
    """Read one file, and note its cost and whatever is wrong with the answer."""
    began = time.monotonic()
    found = sandbox.open(path)
    outcome = found.code if isinstance(found, Refusal) else READ
    toll.add(name, outcome, time.monotonic() - began, sandbox.peak)
    if fault := faults_of(found):
        toll.wrong.append(f"{name}: {fault}")
    return found


def faults_of(found: RawWorkbook | Refusal) -> str:
    """What may never be in an answer; '' when nothing is."""
    if isinstance(found, Refusal):
        if found.code in OUR_FAULTS:
            return f"our own fault: {found.code}"
        sentences = (found.sentence, found.remedy)
        sound = all(re.match(r"^[\u4e00-\u9fffA-Z“].*。$", text) and text.isprintable() for text in sentences)
        return "" if sound else f"no Chinese sentence and remedy: {found}"
    for sheet in found.sheets:
        for (row, col), cell in sheet.cells.items():
            if row < 1 or col < 1 or (cell.row, cell.col) != (row, col):
                return f"a cell at {row}, {col}"
    return ""


def build_and_read(sandbox: MeasuringSandbox, folder: Path, name: str, toll: Toll) -> None:
    """One kind of the table, written, read and held against its outcome."""
    path, kind = folder / "报表.xlsx", HOSTILE[name]
    kind.build(path)
    found = read_hostile(sandbox, path, name, toll)
    outcome = found.code if isinstance(found, Refusal) else READ
    if outcome not in kind.outcome.split("|"):
        toll.wrong.append(f"{name}: {outcome} and not {kind.outcome} ({found})"[:300])
    path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
