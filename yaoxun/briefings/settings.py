"""config/briefings.yaml: the kinds of document, their templates, series, signers and distribution. Closed and frozen."""

from pathlib import Path

from pydantic import Field, field_validator, model_validator

from yaoxun.errors import ConfigError
from yaoxun.mail_address import is_mail
from yaoxun.office.model import PeriodKind
from yaoxun.settings import Closed, Faults, load_settings


class Addressee(Closed):
    """One body that receives a document; with `mail` it is a recipient, without it is only printed."""

    name: str
    mail: str = ""

    @field_validator("mail")
    @classmethod
    def _a_mailbox(cls, value: str) -> str:
        if value and not is_mail(value):
            raise ValueError(f"“{value}”不是邮件地址，应为半角的 名字@域名，域名里要有点")
        return value


class ColophonRow(Closed):
    """One row of the 版记: 报, 送 or 发 with its addressees."""

    mark: str
    to: tuple[Addressee, ...]


class BriefingKind(Closed):
    """One kind of document (文种)."""

    folder: str
    issuer: str
    periods: tuple[PeriodKind, ...] = Field(min_length=1)
    series: str
    first_numbers: dict[int, int] = {}
    signed_by: str
    editor: str = ""
    copies: int | None = None
    colophon: tuple[ColophonRow, ...]

    @model_validator(mode="after")
    def _positive(self) -> "BriefingKind":
        if any(n < 1 for n in self.first_numbers.values()):
            raise ValueError("期号从 1 或更大的数开始")
        return self

    def first_number(self, year: int) -> int:
        """The first number of a year's series."""
        return self.first_numbers.get(year, 1)

    @property
    def mails(self) -> tuple[str, ...]:
        """Every mail address of the distribution, in 版记 order, each once."""
        return tuple(dict.fromkeys(a.mail for row in self.colophon for a in row.to if a.mail))


class BriefingFile(Closed):
    """config/briefings.yaml."""

    kinds: dict[str, BriefingKind]


def load_briefings(config: Path, templates: Path) -> dict[str, BriefingKind]:
    """All kinds by name; their template folders must be complete. Raises ConfigError."""
    path = config / "briefings.yaml"
    faults = Faults()
    kinds = load_settings(path, BriefingFile).kinds
    for name, kind in kinds.items():
        for file in ("narrative.md.j2", "profile.yaml"):
            if not (templates / kind.folder / file).is_file():
                problem = f"模板目录 report_templates/{kind.folder} 里没有 {file}"
                remedy = "请改正 folder，或从随附的 report_templates/ 复制。"
                faults.add(ConfigError(file=path, key=f"kinds.{name}.folder", problem=problem, remedy=remedy))
    faults.stop()
    return kinds
