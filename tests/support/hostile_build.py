"""What the tables of hostile files are made of: one line of a table, and the builders that several formats use."""

import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from support.sheets_builders import shared_strings, sheet, styles, workbook

Build = Callable[[Path], object]
READ = "read"
CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'
DTD = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTER = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@dataclass(frozen=True)
class Hostile:
    """`outcome` is the code of the refusal, or READ for what is odd but harmless; `a|b` where Python's own releases differ.
    A `big` one takes seconds, or tens of megabytes, and is left to tests/soak."""

    outcome: str
    build: Build
    big: bool = False


def big(outcome: str, build: Build) -> Hostile:
    return Hostile(outcome, build, big=True)


def table(kinds: dict[str, tuple[str, Build] | Hostile], prefix: str) -> dict[str, Hostile]:
    """The kinds of one format, each named by it too."""
    return {f"{prefix}: {name}": k if isinstance(k, Hostile) else Hostile(*k) for name, k in kinds.items()}


def chance(seed: int) -> random.Random:
    """Chance that is the same every time."""
    return random.Random(seed)  # noqa: S311


def sound(path: Path) -> bytes:
    """A good file of 158 cells."""
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c><c r="B{r}"><v>{r}</v></c></row>' for r in range(1, 80))
    return workbook(path, sheet(rows), sst=shared_strings("<t>指标</t>"), style=styles(14)).read_bytes()


def given_bytes(content: bytes) -> Build:
    return lambda path: path.write_bytes(content)


def made(content: Callable[[], bytes]) -> Build:
    """As `given_bytes`, for content that is only made when it is asked for."""
    return lambda path: path.write_bytes(content())


def given_sheet(text: str, **options: object) -> Build:
    return lambda path: workbook(path, text, **options)


def made_sheet(rows: Callable[[], str], after: Callable[[], str] = str, **options: Callable[[], object]) -> Build:
    """As `given_sheet`, made late."""
    return lambda path: workbook(path, sheet(rows(), after()), **{key: value() for key, value in options.items()})


def given_cell(cell: str, **options: object) -> Build:
    """A workbook of one cell, given as `<c …>…</c>`."""
    return given_sheet(sheet(f'<row r="1">{cell}</row>'), **options)


def given_part(name: str, content: str | bytes | None) -> Build:
    return lambda path: workbook(path, extra={name: content})


def patched(content: bytes, signature: bytes, offset: int, layout: str, value: int, *, last: bool = False) -> bytes:
    """The content with one number written over, `offset` bytes behind the first (or last) place of a signature."""
    whole = bytearray(content)
    at = whole.rfind(signature) if last else whole.find(signature)
    assert at >= 0
    struct.pack_into(layout, whole, at + offset, value)
    return bytes(whole)
