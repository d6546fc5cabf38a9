"""The command line: puts the commands together and turns an error of ours into one Chinese sentence.

No command stands here (see commands/). Prefect is never imported: runs are asked for through the running server, or
started as a child process.
"""

import sys

import typer

from yaoxun.commands import documents, intake, mail, reports, running, setup, tables
from yaoxun.errors import YaoxunError

app = typer.Typer(no_args_is_help=True, add_completion=False, help="要讯：收表、审核、汇总、成文、签发、投递、催报。")
for module in (running, reports, documents):
    app.add_typer(module.top)
for name, sub in (
    ("templates", tables.templates), ("import", tables.imports), ("outbox", mail.outbox), ("config", setup.config),
    ("intake", intake.intake),
):  # fmt: skip
    app.add_typer(sub, name=name)


def main() -> None:
    """Run a command; an error of ours is one Chinese sentence on stderr and exit status 1."""
    try:
        app()
    except YaoxunError as err:
        sys.stderr.write(f"{err}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
