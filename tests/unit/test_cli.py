"""The command line as people meet it: quick help in Chinese, one sentence and exit status 1 for what is wrong."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
import typer
from typer.testing import CliRunner

from yaoxun import cli
from yaoxun.cli import app
from yaoxun.home import shipped

ROOT = Path(__file__).parents[2]
HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    root = tmp_path / "home"
    for name in ("config", "report_templates"):
        shutil.copytree(shipped(name), root / name)
    return root


def yaoxun(*words: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    more = ["--home", str(home)] if home else []
    command = [sys.executable, "-m", "yaoxun", *words, *more]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=False)


def commands() -> Iterator[tuple[str, ...]]:
    """Every command and group, as the words that name it."""

    def below(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield path
        for name, child in getattr(command, "commands", {}).items():
            yield from below(child, (*path, name))

    yield from below(typer.main.get_command(app), ())


COMMANDS = list(commands())


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed command says: Chinese on stderr, no traceback, exit status 1."""
    assert done.returncode == 1, done.stderr or done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert HAN.search(done.stderr)
    assert len(done.stderr.strip().splitlines()) <= 2, "a sentence and what to do"
    return done.stderr


def test_what_the_disk_refuses_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied", "/office/data")

    monkeypatch.setattr(cli, "app", refuse)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err
    assert ended.value.code == 1 and "（/office/data）：没有权限" in said and "处理办法" in said


def a_file_for_a_folder(home: Path) -> str:
    (home / "data").write_text("x")
    return f"（{home / 'data' / 'blobs'}）：路径中有一段不是目录"


def a_file_for_a_subfolder(home: Path) -> str:
    (home / "data").mkdir()
    (home / "data" / "收").write_text("x")
    return "路径中有一段不是目录"


def a_folder_that_links_to_itself(home: Path) -> str:
    shutil.rmtree(home)
    home.symlink_to(home)
    return f"链接指向自己：'{home}'"


@pytest.mark.parametrize("broken", [a_file_for_a_folder, a_file_for_a_subfolder, a_folder_that_links_to_itself])
def test_a_home_that_is_not_as_it_should_be_is_told_with_its_path(home: Path, broken: Callable[[Path], str]) -> None:
    assert broken(home) in one_sentence(yaoxun("intake", "list", home=home))


@pytest.mark.parametrize("most_bytes", [0, 100_000])
def test_a_full_disk_under_the_database_is_a_sentence(home: Path, most_bytes: int) -> None:
    code = (
        "import resource, sys; from yaoxun import cli\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes}, {most_bytes})); cli.main()"
    )
    command = [sys.executable, "-c", code, "intake", "list", "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    said = one_sentence(done)
    assert "数据库" in said and "没有写满" in said


def test_of_several_to_be_tried_again_each_is_told(home: Path) -> None:
    done = yaoxun("intake", "retry", "7", "8", home=home)
    assert (done.returncode, done.stdout) == (1, "")
    for number in (7, 8):
        assert f"没有第 {number} 号来件" in done.stderr


def test_help_comes_at_once() -> None:
    taken = []
    for _ in range(5):
        start = time.monotonic()
        done = yaoxun("--help")
        taken.append(time.monotonic() - start)
        assert done.returncode == 0, done.stderr
    sys.stdout.write(f"yaoxun --help: best of 5 {min(taken):.2f} s (wanted: under 0.4 s)\n")
    assert min(taken) < 2


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; import yaoxun.cli; print(*sorted(m for m in ('prefect', 'pandas', 'sqlalchemy', 'docx') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == ""


def test_all_the_commands_are_there() -> None:
    wanted = {
        ("templates", "issue"), ("forms", "list"), ("forms", "draft"), ("forms", "try"), ("run",), ("status",), ("import", "history"), ("draft",), ("documents",), ("review",), ("sign",), ("trace",),
        ("write",), ("lint",), ("outbox", "list"), ("outbox", "settle"), ("outbox", "cancel"), ("outbox", "resend"), ("mail", "status"),
        ("mail", "pause"), ("mail", "resume"), ("mail", "test"), ("mail", "release"), ("backup",), ("restore",), ("upgrade",),
        ("intake", "list"), ("intake", "show"), ("intake", "assign"), ("intake", "reject"), ("intake", "reopen"),
        ("intake", "retry"), ("check",), ("archive", "verify"), ("config", "check"), ("config", "import"),
        ("up",), ("demo",), ("init",), ("config", "diff"),
    }  # fmt: skip
    assert wanted <= set(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_in_chinese(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0
    shown = re.sub(r"[─│╭╮╰╯]", "", done.output)
    first = next(line for line in shown.splitlines() if HAN.search(line))
    assert "Usage" not in first
    for option in _options(words):
        assert HAN.search(option.help or "") or "|" in (option.help or ""), f"{option.name} is not explained"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_page_of_help_has_a_word_of_the_librarys_own(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*words, "--help"], prog_name="yaoxun").output
    assert shown.startswith(f"用法：{' '.join(('yaoxun', *words))} ") and "显示这一页" in shown
    english = (
        r"Usage|Options|Arguments|Commands|ARGS|OPTIONS|COMMAND\b|message|exit|required|default|<\w+>|TEXT|INTEGER"
    )
    assert re.findall(english, shown) == []
    for option in _options(words):
        assert all(
            name in shown for name in (*option.opts, *option.secondary_opts) if option.param_type_name == "option"
        )


def test_help_says_what_is_required_what_is_usual_and_what_kind_of_thing_is_written() -> None:
    sign = CliRunner().invoke(app, ["sign", "--help"], terminal_width=200).output
    assert re.search(r"参数\n  DOC  整数  文稿编号.*（必填）", sign) and re.search(r"--as +文字 .*（必填）", sign)
    status = CliRunner().invoke(app, ["status", "--help"]).output
    assert re.search(r"--every +整数 .*（默认 10）", status) and "--watch" in status
    made = CliRunner().invoke(app, ["init", "--help"]).output
    assert re.search(r"--sample / --empty .*（默认 --empty）", made)


def _options(words: tuple[str, ...]) -> list[click.Option]:
    command: click.Command = typer.main.get_command(app)
    for word in words:
        command = command.commands[word]  # type: ignore[attr-defined]
    return [p for p in command.params if hasattr(p, "help") and p.name != "help"]  # type: ignore[misc]


def test_every_listing_can_be_had_as_json() -> None:
    for words in (
        ("status",),
        ("documents",),
        ("trace",),
        ("outbox", "list"),
        ("mail", "status"),
        ("intake", "list"),
        ("forms", "list"),
        ("forms", "try"),
    ):
        assert "as_json" in {o.name for o in _options(words)} | {
            "as_json" if o.name == "json" else "" for o in _options(words)
        }


def test_a_misspelt_key_is_told_with_file_key_and_suggestion(home: Path) -> None:
    path = home / "config" / "notices.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("signature:", "signatur:"), encoding="utf-8")
    said = one_sentence(yaoxun("config", "check", home=home))
    assert "notices.yaml" in said and "signatur" in said
    assert "signature" in said.replace("signatur”", ""), "the key that was meant"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("schedules.yaml", "kind: 要讯", "kind: 要迅", ("schedules.3.parameters.kind", "要迅", "要讯")),
        ("schedules.yaml", "flow: reminding", "flow: remindng", ("schedules.6.flow", "remindng")),
        ("briefings.yaml", "signed_by: 签发人", "signed_by: 签发入", ("kinds.要讯.signed_by", "签发入", "签发人")),
        ("briefings.yaml", "swbgt@sheng.example", "swbgt@oa", ("colophon.1.to.1.mail", "swbgt@oa")),
        ("figures.yaml", "{group: 行动}", "{grp: 行动}", ("figures.measures_env.where", "grp", "group")),
        ("people.yaml", "a@chengqu.example", "a@oa", ("contacts.chengqu.A岗", "a@oa")),
    ],
)
def test_config_check_reads_every_file_and_what_one_says_of_another(
    home: Path, file: str, old: str, new: str, says: tuple[str, ...]
) -> None:
    path = home / "config" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    said = one_sentence(yaoxun("config", "check", home=home))
    for word in (file, *says):
        assert word in said


def test_a_period_that_does_not_exist_is_told(home: Path) -> None:
    assert "2023-13" in one_sentence(yaoxun("status", "--period", "2023-13", home=home))
    assert "2019-01" in one_sentence(yaoxun("draft", "要讯", "--period", "2019-01", home=home))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("draft", "没有"), "没有"),
        (("draft", "要讯", "--period", "2023Q1"), "2023Q1"),
        (("draft", "要讯", "--as-of", "昨天"), "昨天"),
        (("sign", "7", "--as", "qfr"), "第 7 号文稿"),
        (("outbox", "settle", "7", "--arrived", "--remark", "x"), "没有第 7 号投递"),
        (("outbox", "cancel", "7", "--reason", "x"), "没有第 7 号投递"),
        (("mail", "release", "--as", "bgs", "--reason", "x"), "没有锁住"),
        (("mail", "pause", "--reason", "x", "--from", "明天"), "明天"),
        (("backup", "/dev/null/x"), "没有数据库"),
        (("trace", "7"), "第 7 号文稿"),
        (("run", "nothing"), "nothing"),
        (("import", "history", "没有这个文件.xlsx"), "没有这个文件.xlsx"),
        (("write", "没有这个文件.md", "-o", "x.docx"), "没有这个文件.md"),
        (("status", "--now", "四月六日"), "四月六日"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_status_1(home: Path, words: tuple[str, ...], says: str) -> None:
    assert says in one_sentence(yaoxun(*words, home=home))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sign", "--as", "qfr"), ("缺少参数 DOC", "文稿编号", "yaoxun sign --help")),
        (("sign", "1"), ("缺少选项 --as", "签发人")),
        (("sign", "一", "--as", "qfr"), ("参数 DOC 的值不对", "整数")),
        (("sign", "1", "--as"), ("选项 --as 后面要写一个值",)),
        (("status", "--perod", "2023-03"), ("没有选项 --perod", "--period")),
        (("status", "--json=1"), ("选项 --json 后面不写值",)),
        (("status", "2023-03"), ("多出了参数：2023-03",)),
        (("staus",), ("没有命令“staus”", "status")),
        (("outbox", "lst"), ("没有命令“lst”", "list")),
        (("forms", "draft"), ("缺少参数 FILE。", "yaoxun forms draft --help")),
        (("draft", "要讯", "--nope"), ("没有选项 --nope", "yaoxun draft --help")),
        (("outbox", "resend", "一", "--reason", "试"), ("参数 RECIPIENTS 的值不对", "整数")),
    ],
)
def test_a_command_line_that_cannot_be_understood_is_told_in_chinese(
    words: tuple[str, ...], says: tuple[str, ...]
) -> None:
    done = yaoxun(*words)
    assert done.returncode == 2
    assert not re.search(r"Traceback|Usage|Error|No such|Missing|Invalid|requires|Got unexpected", done.stderr)
    assert len(done.stderr.strip().splitlines()) == 2
    for word in says:
        assert word in done.stderr


def test_no_help_is_cut_on_a_usual_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    cut = {words: CliRunner().invoke(app, [*words, "--help"], terminal_width=80).output for words in COMMANDS}
    assert [words for words, text in cut.items() if "…" in text] == []


def test_a_missing_file_of_history_is_told_on_stderr(home: Path) -> None:
    done = yaoxun("import", "history", "没有这个文件.xlsx", home=home)
    assert one_sentence(done) and done.stdout == ""


@pytest.mark.parametrize(
    "words", [("intake", "list"), ("intake", "show", "1"), ("documents",), ("trace", "1"), ("config", "check")]
)
def test_looking_takes_a_trial_time(home: Path, words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*words, "--home", str(home), "--now", "2023-04-06T09:00"])
    assert done.exit_code == 0 or "没有第 1 号" in str(done.exception), done.output


def test_a_group_called_bare_shows_its_help() -> None:
    done = yaoxun("outbox")
    assert "发件箱" in done.stdout + done.stderr and "list" in done.stdout + done.stderr
    assert "用法：yaoxun outbox 命令" in done.stdout and done.stderr == ""


def test_nothing_is_said_of_progress_where_nobody_watches(home: Path) -> None:
    done = yaoxun("templates", "issue", "--now", "2023-03-27T09:00", home=home)
    assert done.returncode == 0 and done.stderr == ""


def test_at_a_terminal_a_bar_counts_what_is_done(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from io import StringIO

    from yaoxun.commands.frame import progress
    from yaoxun.context import Context
    from yaoxun.home import Home

    class Screen(StringIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with progress(Context(home=Home(home)), "发放模板") as ctx:
        ctx.tell(7, 26, "2023-03 城区")
    assert "发放模板" in screen.getvalue()
    assert "7/26" in screen.getvalue() and "城区" in screen.getvalue()


def test_the_suffix_of_a_written_issue_is_added(home: Path, tmp_path: Path) -> None:
    source = tmp_path / "手写.md"
    source.write_text("---\n标题: 示例标题\n---\n正文。\n", encoding="utf-8")
    assert yaoxun("write", str(source), "-o", str(tmp_path / "第4期.定稿"), home=home).returncode == 0
    assert (tmp_path / "第4期.定稿.docx").is_file()


def test_an_issue_written_by_hand_becomes_a_file(home: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "手写.md", tmp_path / "手写.docx"
    source.write_text("---\n标题: 示例标题\n---\n正文。\n", encoding="utf-8")
    done = yaoxun("write", str(source), "-o", str(out), home=home)
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"PK") and str(out) in done.stdout
