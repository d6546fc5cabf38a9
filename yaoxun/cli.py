"""The command line: puts the commands together and turns an error of ours into one Chinese sentence.

No command stands here (see commands/). Prefect is never imported: runs are asked for through the running server, or
started as a child process.
"""

import sys
from typing import NoReturn

from typer import Abort

from yaoxun.commands import documents, forms, frame, intake, keeping, mail, reports, running, setup, tables
from yaoxun.commands.usage import UsageError, in_chinese
from yaoxun.errors import YaoxunError, system_words

app = frame.group("要讯：收表、审核、汇总、成文、签发、投递、催报。")
for module in (setup, running, reports, documents, intake, keeping):
    app.add_typer(module.top)
for name, sub in (
    ("templates", tables.templates), ("forms", forms.forms), ("import", tables.imports), ("outbox", mail.outbox), ("mail", mail.mail),
    ("config", setup.config), ("intake", intake.intake), ("archive", intake.archive),
):  # fmt: skip
    app.add_typer(sub, name=name)


def main() -> None:
    """Run a command; an error of ours is one Chinese sentence on stderr and exit status 1, a command line that cannot be
    understood one and exit status 2."""
    try:
        sys.exit(app(standalone_mode=False))
    except YaoxunError as err:
        sys.stderr.write(f"{err}\n")
        sys.exit(1)
    except UsageError as err:
        # A group called bare has shown its help.
        sys.stderr.write("" if type(err).__name__ == "NoArgsIsHelpError" else f"{in_chinese(err)}\n")
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(1)  # whoever was reading has gone
    except OSError as err:
        _refused(f"（{err.filename}）" if err.filename else "", system_words(err))
    except RuntimeError as err:
        if not str(err).startswith("Symlink loop from"):  # pathlib's word for it, up to Python 3.12
            raise
        _refused("", f"链接指向自己：{str(err).partition(' from ')[2]}")
    except (KeyboardInterrupt, Abort):
        sys.exit(130)


def _refused(where: str, why: str) -> NoReturn:
    remedy = "请检查磁盘空间、目录权限和网络，再运行一次；已办成的不会丢，也不会重办。"
    sys.stderr.write(f"读写出错{where}：{why}\n处理办法：{remedy}\n")
    sys.exit(1)
