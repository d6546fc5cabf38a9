"""The documents hold: every command in them exists with its options, every command of the program stands in one, their
links lead somewhere, and the examples of own-sheets.zh.md load and are what a draft of its workbook says.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner

from tasks.config_load import load
from tasks.own_files import check_own_files
from tasks.own_sheets import draft_file
from yaoxun.cli import app
from yaoxun.context import Context, parse_now
from yaoxun.forms.layout.draft import Wishes
from yaoxun.forms.layout.settings import Layout
from yaoxun.home import Home

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OWN = ROOT / "docs" / "own-sheets.zh.md"
EXAMPLE = ROOT / "docs" / "examples" / "就业服务汇总.xlsx"
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def tree(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, under the words that name it."""
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
    for name, child in (children or {}).items():
        yield from tree(child, (*path, name))


COMMANDS = dict(tree(typer.main.get_command(app)))


def names(param: Any) -> list[str]:
    """The names of an option, --arrived and --resend both; none of an argument."""
    return [*param.opts, *param.secondary_opts] if param.param_type_name == "option" else []


def read(line: str) -> tuple[tuple[str, ...], str]:
    """The command that a line means, and what is wrong with its words; all that it requires is there, too."""
    words = shlex.split(line)[1:]
    path = next((tuple(words[:n]) for n in (2, 1) if tuple(words[:n]) in COMMANDS), ())
    if not path:
        return (), "no such command"
    options = {name: param for param in COMMANDS[path].params for name in names(param)}
    places = [param for param in COMMANDS[path].params if param.param_type_name == "argument"]
    rest, given = words[len(path) :], 0
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            given += 1
        elif (name := word.split("=")[0]) not in options and name != "--help":
            return path, f"no option {name}"
        elif name in options and not options[name].is_flag and "=" not in word:
            if not rest:
                return path, f"{name} without a value"
            rest.pop(0)
    if given > len(places) and all(param.nargs == 1 for param in places):
        return path, "too many words"
    wanted = [param for param in COMMANDS[path].params if param.required]
    missing = [p.name for p in wanted if names(p) and not set(names(p)) & set(words)]
    missing += [p.name for p in places[given:] if p.required]
    return path, f"without {missing}" if missing else ""


def blocks(text: str) -> Iterator[str]:
    """Command lines that stand in a block, without their remarks."""
    for line in text.splitlines():
        if line.startswith("    yaoxun "):
            yield re.split(r"\s+#\s", line)[0].strip()


def spans(text: str) -> Iterator[str]:
    """Commands in the running text; `yaoxun intake list` · `show` names two."""
    for line in text.splitlines():
        if line.startswith("    "):
            continue
        before = ""
        for found in SPAN.finditer(line):
            word, start = found[1], found.start()
            if word.startswith("yaoxun "):
                before = word
                yield word
            elif before and line[:start].endswith("` · "):
                group = before.split()[1]
                yield f"yaoxun {group} {word}" if (group, word.split()[0]) in COMMANDS else f"yaoxun {word}"


def elliptic(word: str) -> str:
    """FILE… stands for one or more, … alone for something."""
    return word.replace("…", "某")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_of_a_block_can_be_typed_as_it_stands(path: Path) -> None:
    wrong = {line: said for line in blocks(path.read_text(encoding="utf-8")) if (said := read(elliptic(line))[1])}
    assert wrong == {}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_the_text_exists_with_its_options(path: Path) -> None:
    found = {line: read(elliptic(line))[1] for line in spans(path.read_text(encoding="utf-8"))}
    groups = {" ".join(("yaoxun", words[0], "…")) for words in COMMANDS if len(words) == 2}
    wrong = {line: said for line, said in found.items() if said and line not in groups}
    # What is spoken of by its name only need not say all that it requires.
    assert {line: said for line, said in wrong.items() if not said.startswith("without")} == {}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_option_that_is_spoken_of_exists(path: Path) -> None:
    known = {name for command in COMMANDS.values() for param in command.params for name in names(param)} | {"--help"}
    spoken = {
        word
        for span in SPAN.findall(path.read_text(encoding="utf-8"))
        if span.startswith("--")
        for word in re.findall(r"--[a-z][a-z-]+", span)
    }
    assert spoken <= known


def test_every_command_stands_in_some_document() -> None:
    texts = [path.read_text(encoding="utf-8") for path in DOCUMENTS]
    told = {read(elliptic(line))[0] for text in texts for line in (*blocks(text), *spans(text))}
    assert set(COMMANDS) - told == set()


def test_a_command_that_is_wrong_is_found() -> None:
    for line, said in {
        "yaoxun statsu": "no such command",
        "yaoxun status --perod 2023-03": "no option --perod",
        "yaoxun sign 1": "without ['actor']",
        "yaoxun sign --as qfr": "without ['doc']",
        "yaoxun draft 要讯 2023-03": "too many words",
        "yaoxun status --period": "--period without a value",
    }.items():
        assert read(line)[1] == said


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if link.startswith("http"):
            continue
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), link
        headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.M) if anchor else []
        assert not anchor or anchor in {re.sub(r"[^\w-]", "", h.lower().replace(" ", "-")) for h in headings}, link


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    text = path.read_text(encoding="utf-8")
    spoken = {span.split()[1] for span in SPAN.findall(text) if span.startswith("make ")}
    assert spoken | set(re.findall(r"^    make ([a-z]+)", text, re.M)) <= targets


# own-sheets.zh.md


def examples() -> list[Any]:
    """The YAML examples, read."""
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", OWN.read_text(encoding="utf-8"), re.S)]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The office of the document, made by its own command from its own list."""
    folder = tmp_path_factory.mktemp("docs")
    text = OWN.read_text(encoding="utf-8")
    listed = re.search(r"((?: {4}[^\n]*,[^\n]*,[^\n]*\n){2,})", text)
    assert listed is not None
    (folder / "单位名单.csv").write_text(re.sub(r"^ {4}", "", listed[1], flags=re.M), encoding="utf-8")
    (line,) = [line for line in blocks(text) if line.startswith("yaoxun init ")]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        done = CliRunner().invoke(app, shlex.split(line)[1:], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return Home((folder / "办公室目录").resolve())


def test_the_examples_make_a_sound_configuration(office: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(office.root, home.root)
    found = examples()
    forms = [example for example in found if "id" in example]
    assert [form["id"] for form in forms] == ["T1", "T2", "T3"]
    for form in forms:
        write(home.config / "forms" / f"{form['id']}.yaml", form)
    (duties,) = [example for example in found if "assignments" in example]
    (more,) = [example for example in found if "figures" in example]
    assert len(found) == len(forms) + 2
    write(home.config / "assignments.yaml", duties)
    figures = yaml.safe_load((home.config / "figures.yaml").read_text(encoding="utf-8"))
    write(home.config / "figures.yaml", {"figures": {**figures["figures"], **more["figures"]}})
    (text,) = re.findall(r"```jinja\n(.*?)```", OWN.read_text(encoding="utf-8"), re.S)
    narrative = home.templates / "jianbao" / "narrative.md.j2"
    narrative.write_text(f"{narrative.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")
    loaded = load(home)
    assert [str(fault) for fault in loaded.faults.found] == []
    (home.config / "own").mkdir()
    shutil.copy(EXAMPLE, home.config / "own" / "T1.xlsx")
    assert loaded.office is not None and loaded.limits is not None
    day = parse_now("2026-09-25T09:00")
    assert day is not None
    own = {"T1": loaded.forms["T1"]}
    assert check_own_files(home.config, own, loaded.office, loaded.limits, day.date()).found == ()


def write(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def test_a_draft_of_the_examples_workbook_has_the_documents_layout_and_columns(office: Home, tmp_path: Path) -> None:
    ctx = Context(home=office, fixed_now=parse_now("2026-09-20T09:00"))
    (draft,) = draft_file(ctx, EXAMPLE, Wishes(first_id="T1"), out=tmp_path).forms
    drafted, told = yaml.safe_load(draft.text), examples()[0]
    assert drafted["layout"] == told["layout"]
    for key in ("kind", "period", "rows", "key", "title"):
        assert drafted[key] == told[key]
    assert [(c["name"], c.get("kind")) for c in drafted["columns"]] == [
        (c["name"], c.get("kind")) for c in told["columns"]
    ]


def test_every_key_of_a_layout_is_explained() -> None:
    (table,) = re.findall(r"\| 键 \| 意思 \| 不写时 \|\n(.*?)\n\n", OWN.read_text(encoding="utf-8"), re.S)
    told = dict(re.findall(r"^\| `(\w+)` \| .*? \| (.*?) \|$", table, re.M))
    assert set(told) == set(Layout.model_fields)
    for key in ("ignore", "totals", "end"):
        assert told[key].strip("`") == f"[{', '.join(Layout.model_fields[key].default)}]"
