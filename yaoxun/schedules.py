"""config/schedules.yaml: what runs when, as a closed value. Nothing here knows the engine that keeps the time."""

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from yaoxun.home import Home
from yaoxun.settings import Closed, load_settings

FlowName = Literal["issuing", "collecting", "drafting", "delivering", "reminding", "housekeeping"]

# Minute, hour, day of month, month, day of week: the least and the greatest number of each field.
_CRON_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_CRON_PART = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/([1-9]\d?))?")


class Schedule(Closed):
    """One entry: a flow and its times, either `cron` (office time) or `interval` (seconds)."""

    name: str = Field(min_length=1, max_length=40, pattern=r"^[^/%.]+$")
    flow: FlowName
    cron: str | None = None
    interval: int | None = Field(default=None, ge=5, le=86_400)
    parameters: dict[Literal["period", "kind", "as_of", "now"], str] = Field(default_factory=dict)
    enabled: bool = True
    # What becomes of times that passed while the program was down: the last one is made up for, each one, or none.
    missed: Literal["last", "each", "skip"] = "last"

    @field_validator("cron")
    @classmethod
    def _is_cron(cls, cron: str | None) -> str | None:
        if cron is not None and not _cron_is_sound(cron):
            raise ValueError(f"“{cron}”不是五段的时间写法，例如每天 8:30 写作 30 8 * * *")
        return cron

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.cron is None) == (self.interval is None):
            raise ValueError(f"“{self.name}”应在 cron 与 interval 之中写一个，且只写一个")
        if self.flow == "drafting" and not self.parameters.get("kind"):
            raise ValueError(f"“{self.name}”起草文稿，应在 parameters 中写明 kind（文种）")
        if self.flow != "drafting" and {"kind", "as_of"} & set(self.parameters):
            raise ValueError(f"“{self.name}”不起草文稿，parameters 中不能写 kind 或 as_of")
        return self


class Schedules(Closed):
    """The whole file. port: where the engine listens on this machine; 0 takes any free one."""

    port: int = Field(default=4200, ge=0, le=65_535)
    schedules: tuple[Schedule, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [schedule.name for schedule in self.schedules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"名称“{'、'.join(twice)}”用了不止一次")
        return self


def load_schedules(home: Home) -> Schedules:
    """The office's schedules. Raises ConfigError."""
    return load_settings(home.config / "schedules.yaml", Schedules)


def _cron_is_sound(cron: str) -> bool:
    fields = cron.split()
    return len(fields) == len(_CRON_BOUNDS) and all(
        _part_is_sound(part, *bounds)
        for field, bounds in zip(fields, _CRON_BOUNDS, strict=True)
        for part in field.split(",")
    )


def _part_is_sound(part: str, least: int, greatest: int) -> bool:
    match = _CRON_PART.fullmatch(part)
    if match is None:
        return False
    first = int(match[1]) if match[1] else least
    last = int(match[2]) if match[2] else first
    return least <= first <= last <= greatest
