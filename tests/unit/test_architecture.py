"""The walls of the program, read from the source with ast. Every rule is proved by a planted module that breaks it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# errors ← store ← post, office, sheets ← forms ← returns ← figures ← briefings ← notices: a room sees those of lower rank.
RANKS = {
    "store": 1,
    "post": 2,
    "office": 2,
    "sheets": 2,
    "forms": 3,
    "returns": 4,
    "figures": 5,
    "briefings": 6,
    "notices": 7,
}
BELOW_ALL = {"errors", "context", "home", "settings", "failpoints", "mail_address"}
ABOVE_ALL = {
    "cli", "commands", "console", "demo", "screens", "screens_forms", "screens_config", "screens_lint", "screens_status", "screens_workbook", "server",
    "schedules", "__main__", "__init__",
}  # fmt: skip
# Modules named after the outside thing they touch; every other module of a room is pure.
OUTSIDE = {
    "ledger", "tables", "arrivals", "registers", "engine", "migrate", "records", "types", "blobs", "snapshots", "folder", "pathbox", "mailbox",
    "smtp", "sandbox", "zygote", "installation", "manual", "dump",
}  # fmt: skip
# A value that a ledger hands out is known by name to those who work on it.
READS_LEDGER_VALUES = {"yaoxun.returns.states"}

# Long for a reason; everything else stays below.
LONG_FUNCTIONS = {
    "yaoxun.commands.setup.init": "one parameter an option",
    "yaoxun.forms.template._write_cover": "the cover from top to bottom, one statement a line of it",
    "yaoxun.forms.reading._read": "the order in which a sheet is read, one step a line",
    "yaoxun.office.people.gather_people": "one check after another on one file",
    "tasks.examine.examine_tables": "the order in which a workbook is examined, one step a line",
}


@dataclass(frozen=True)
class Import:
    """One imported module or name, in full; `line` where it stands; `typing` for annotations only."""

    name: str
    line: int
    typing: bool = False


@dataclass(frozen=True)
class Source:
    """One module: its dotted name and its tree."""

    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def package(self) -> str:
        return self.name.split(".")[0]

    @property
    def place(self) -> str:
        """The room or the module right under yaoxun."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else "__init__"

    @property
    def stem(self) -> str:
        return self.name.split(".")[-1]

    def imports(self) -> Iterator[Import]:
        tree = self.tree
        quiet = {
            (node.lineno, node.end_lineno or 0)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        }
        for node in ast.walk(tree):
            line = getattr(node, "lineno", 0)
            typing = any(start <= line <= end for start, end in quiet)
            if isinstance(node, ast.Import):
                yield from (Import(alias.name, line, typing) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{self.name}:{line} imports relatively"
                yield from (Import(f"{node.module}.{alias.name}", line, typing) for alias in node.names)


def planted(name: str, text: str) -> Source:
    return Source(name, text)


def sources(*packages: str) -> list[Source]:
    found = []
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found.append(Source(name, path.read_text(encoding="utf-8")))
    return found


OURS = sources("yaoxun", "tasks", "flows")
PROGRAM = [s for s in OURS if s.package != "flows"]


def holds(rule: "Rule", among: list[Source]) -> None:
    broken = [fault for source in among for fault in rule(source)]
    assert not broken, "\n".join(broken)


class Rule:
    """A check of one module: the sentences of what it breaks."""

    def __call__(self, source: Source) -> list[str]:
        return [f"{source.name}:{line} {what}" for line, what in self.faults(source)]

    def faults(self, source: Source) -> Iterator[tuple[int, str]]:
        raise NotImplementedError


class LooksOnlyLeft(Rule):
    """A room imports itself, rooms of lower rank and what lies below all; nothing below all imports a room."""

    def faults(self, source: Source) -> Iterator[tuple[int, str]]:
        if source.package != "yaoxun" or source.place in ABOVE_ALL:
            return
        for found in source.imports():
            package, _, rest = found.name.partition(".")
            target = rest.split(".")[0]
            if package in ("tasks", "flows", "tests"):
                yield found.line, f"imports {found.name}"
            elif package != "yaoxun" or target in {source.place, "", *BELOW_ALL}:
                continue
            elif RANKS.get(target, 99) >= RANKS.get(source.place, 0):
                yield found.line, f"imports {found.name}, which does not lie to its left"


class DoesNotImport(Rule):
    """No import of any of these modules, at the top or inside a function."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def faults(self, source: Source) -> Iterator[tuple[int, str]]:
        for found in source.imports():
            if any(found.name == name or found.name.startswith(f"{name}.") for name in self.names):
                yield found.line, f"imports {found.name}"


class PureStaysPure(Rule):
    """A module of a room that is not named after an outside thing imports neither a database nor a module that does."""

    def faults(self, source: Source) -> Iterator[tuple[int, str]]:
        if (
            source.package != "yaoxun"
            or source.place not in RANKS
            or source.stem in OUTSIDE
            or "migrations" in source.name
        ):
            return
        for found in source.imports():
            parts = found.name.split(".")
            if parts[0] == "sqlalchemy":
                yield found.line, "imports sqlalchemy"
            is_ledger = len(parts) > 2 and parts[0] == "yaoxun" and parts[2] in OUTSIDE - {"types"}
            if is_ledger and not found.typing and source.name not in READS_LEDGER_VALUES:
                yield found.line, f"imports {found.name}"


class OneClock(Rule):
    """Time comes from the Context. time.monotonic and time.sleep are for waiting; files settle by their real mtime."""

    FORBIDDEN = (
        "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.localtime",
        "time.gmtime", "time.strftime", "time.ctime",
    )  # fmt: skip
    KEEPERS = ("yaoxun.context", "yaoxun.returns.folder")

    def faults(self, source: Source) -> Iterator[tuple[int, str]]:
        if source.name in self.KEEPERS:
            return
        clocks = {"datetime", "date", "time"}
        names = {}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Import):
                names |= {a.asname or a.name: a.name for a in node.names if a.name in clocks}
            elif isinstance(node, ast.ImportFrom) and node.module in ("datetime", "time"):
                full = {"datetime": "", "time": "time."}[node.module]
                names |= {a.asname or a.name: f"{full}{a.name}" for a in node.names}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute | ast.Name):
                head, *rest = ast.unparse(node).split(".")
                real = ".".join([names.get(head, ""), *rest])
                if real.removeprefix("datetime.") in self.FORBIDDEN or real in self.FORBIDDEN:
                    yield node.lineno, f"reads the clock: {ast.unparse(node)}"


class HasDocstring(Rule):
    def faults(self, source: Source) -> Iterator[tuple[int, str]]:
        if source.text.strip() and not ast.get_docstring(source.tree):
            yield 1, "has no docstring"


class IsShort(Rule):
    """Modules below 300 lines; functions of at most 30 lines, their docstring not counted."""

    def faults(self, source: Source) -> Iterator[tuple[int, str]]:
        lines = len(source.text.splitlines())
        if lines >= 300:
            yield lines, f"has {lines} lines"
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1 - _docstring_lines(node)
                if length > 30 and f"{source.name}.{node.name}" not in LONG_FUNCTIONS:
                    yield node.lineno, f"{node.name} has {length} lines"


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    return (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0


def test_a_room_imports_only_from_rooms_to_its_left() -> None:
    assert {s.place for s in OURS if s.package == "yaoxun"} <= set(RANKS) | BELOW_ALL | ABOVE_ALL, (
        "a new room needs a rank"
    )
    holds(LooksOnlyLeft(), OURS)


def test_only_flows_imports_prefect_and_nobody_imports_flows() -> None:
    holds(DoesNotImport("prefect", "flows"), PROGRAM)


def test_tasks_are_called_and_call_no_screen() -> None:
    holds(
        DoesNotImport(
            "yaoxun.cli", "yaoxun.commands", "yaoxun.screens", "yaoxun.demo", "yaoxun.server", "typer", "rich"
        ),
        sources("tasks"),
    )


def test_pure_modules_touch_no_database() -> None:
    holds(PureStaysPure(), OURS)


def test_nobody_imports_smtplib() -> None:
    holds(DoesNotImport("smtplib"), OURS)


def test_the_context_is_the_only_clock() -> None:
    holds(OneClock(), OURS)


def test_every_module_says_what_lives_there() -> None:
    holds(HasDocstring(), OURS)


def test_modules_and_functions_are_short() -> None:
    holds(IsShort(), OURS)
    for name in LONG_FUNCTIONS:
        module, _, function = name.rpartition(".")
        (source,) = (s for s in OURS if s.name == module)
        assert any(getattr(node, "name", "") == function for node in source.tree.body), (
            f"{name} is gone; take it off the list"
        )


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (LooksOnlyLeft(), "yaoxun.forms.x", "from yaoxun.returns.states import standings"),
        (LooksOnlyLeft(), "yaoxun.post.x", "def f():\n    from yaoxun.office import model"),
        (LooksOnlyLeft(), "yaoxun.sheets.x", "import yaoxun.post.smtp"),
        (LooksOnlyLeft(), "yaoxun.figures.x", "from yaoxun.briefings.model import Run"),
        (LooksOnlyLeft(), "yaoxun.briefings.x", "import tasks.cut"),
        (LooksOnlyLeft(), "yaoxun.store.x", "from yaoxun.cli import app"),
        (LooksOnlyLeft(), "yaoxun.errors", "from yaoxun.store.types import Scaled"),
        (LooksOnlyLeft(), "yaoxun.notices.x", "from yaoxun.unknown import thing"),
        (DoesNotImport("prefect"), "tasks.x", "def f():\n    import prefect.client"),
        (DoesNotImport("prefect"), "yaoxun.cli", "from prefect import flow"),
        (DoesNotImport("flows"), "yaoxun.demo.x", "from flows.collecting import collecting"),
        (DoesNotImport("smtplib"), "yaoxun.post.smtp", "from smtplib import SMTP"),
        (PureStaysPure(), "yaoxun.figures.compute", "from sqlalchemy import select"),
        (PureStaysPure(), "yaoxun.briefings.model", "from yaoxun.briefings.ledger import numerals_of"),
        (PureStaysPure(), "yaoxun.forms.reading", "from yaoxun.store import blobs"),
        (OneClock(), "yaoxun.office.x", "from datetime import datetime\nx = datetime.now(UTC)"),
        (OneClock(), "yaoxun.office.x", "import datetime as dt\nx = dt.datetime.utcnow()"),
        (OneClock(), "tasks.x", "from datetime import date as day\nx = day.today()"),
        (OneClock(), "flows.x", "import time\nx = time.time()"),
        (OneClock(), "flows.x", "from time import time as t\nx = t()"),
        (OneClock(), "tasks.x", "from datetime import datetime\nf = datetime.now"),
        (HasDocstring(), "tasks.x", "x = 1"),
        (IsShort(), "tasks.x", "\n" * 300),
        (IsShort(), "tasks.x", "def f():\n" + "    x = 1\n" * 30),
    ],
)  # fmt: skip
def test_each_rule_catches_what_breaks_it(rule: Rule, name: str, text: str) -> None:
    assert rule(planted(name, text))


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (
            LooksOnlyLeft(),
            "yaoxun.returns.x",
            "from yaoxun.forms.model import Form\nfrom yaoxun.errors import RequestError",
        ),
        (PureStaysPure(), "yaoxun.figures.ledger", "from sqlalchemy import select"),
        (PureStaysPure(), "yaoxun.figures.x", "if TYPE_CHECKING:\n    from yaoxun.returns.ledger import Version"),
        (OneClock(), "yaoxun.context", "import time\nx = time.time()"),
        (OneClock(), "flows.x", "import time\nx = time.monotonic()\ny = ctx.now()\nz = due.time()"),
        (OneClock(), "flows.x", "from datetime import datetime\nx = datetime.combine(a, b)"),
        (IsShort(), "tasks.x", 'def f():\n    """A.\n\n    B.\n    """\n' + "    x = 1\n" * 29),
    ],
)
def test_each_rule_lets_pass_what_is_right(rule: Rule, name: str, text: str) -> None:
    assert not rule(planted(name, text))
