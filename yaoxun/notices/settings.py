"""config/notices.yaml: the steps of reminders and what notices are signed with. Closed and frozen."""

from datetime import time
from pathlib import Path

from pydantic import Field, model_validator

from yaoxun.errors import ConfigError
from yaoxun.office.settings import ContactKind
from yaoxun.settings import Clock, Closed, Faults, load_settings

TEMPLATES = ("receipt", "return", "reminder", "bulletin", "unclaimed", "fault", "rejected", "withdrawn")


class ReminderSteps(Closed):
    """Working days before (−) and after (+) the due day on which a reminder is due, and the time of day."""

    workdays: tuple[int, ...] = (-3, -1, 1, 2, 3)
    at: Clock = time(9, 0)

    @model_validator(mode="after")
    def _in_order(self) -> "ReminderSteps":
        if list(self.workdays) != sorted(set(self.workdays)) or 0 in self.workdays:
            raise ValueError("workdays 要从小到大、不重复，且不含 0（截止当天）")
        return self


class NoticeSettings(Closed):
    """Reminder steps; `to` and `cc` name the kinds of contact that notices go to; `signature` ends every notice.
    A receipt or return that could not be mailed for `answers_expire_days` is no longer sent: it would only confuse."""

    reminders: ReminderSteps
    to: tuple[ContactKind, ...] = ("A岗",)
    cc: tuple[ContactKind, ...] = ("B岗",)
    answers_expire_days: int = Field(default=7, ge=1, le=365)
    signature: str


def load_notices(config: Path, templates: Path) -> NoticeSettings:
    """config/notices.yaml; the texts under report_templates/notices/ must be there. Raises ConfigError."""
    faults = Faults()
    with faults.gathered():
        settings = load_settings(config / "notices.yaml", NoticeSettings)
    for name in TEMPLATES:
        path = templates / "notices" / f"{name}.md.j2"
        if not path.is_file():
            remedy = "请从随附的 report_templates/notices/ 复制回来。"
            faults.add(ConfigError(file=path, key="", problem="缺少这份通知的文字模板", remedy=remedy))
    faults.stop()
    return settings
