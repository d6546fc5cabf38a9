"""Commands on files that came: intake."""

from yaoxun.commands.frame import HomeOption, JsonOption, context, emit, group

intake = group("来件与待认领。")


@intake.command("list")
def intake_list(home: HomeOption = None, json: JsonOption = False) -> None:
    """待认领的来件与原因。"""
    from tasks.outbox import list_unclaimed
    from yaoxun.screens import show_unclaimed

    emit(list_unclaimed(context(home)), json, show_unclaimed, lambda rows: [row.as_json() for row in rows])
