"""Commands on what is owed and what came: status."""

import typer

from yaoxun.commands.frame import HomeOption, JsonOption, NowOption, PeriodOption, context, emit

top = typer.Typer()


@top.command()
def status(
    home: HomeOption = None, period: PeriodOption = None, now: NowOption = None, json: JsonOption = False
) -> None:
    """报送情况：谁未报、谁被退回、谁逾期。"""
    from tasks.status import status as read
    from yaoxun.screens import show_status

    emit(read(context(home, now), period), json, show_status, lambda s: s.as_json())
