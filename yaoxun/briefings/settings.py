"""config/briefings.yaml: the kinds of document, their templates, series, signers and distribution. Closed and frozen."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from yaoxun.briefings.profile import profile_path
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
    profile: str = ""
    issuer: str
    periods: tuple[PeriodKind, ...] = Field(min_length=1)
    series: str
    first_numbers: dict[int, int] = {}
    number_format: str = "〔{year}〕第{n}期"
    first_totals: dict[int, int] = {}
    secret: str = ""
    urgency: Literal["", "特急", "加急"] = ""
    steps: tuple[Literal["核稿"], ...] = ()
    signed_by: str
    editor: str = ""
    copies: int | None = None
    colophon: tuple[ColophonRow, ...]

    @model_validator(mode="after")
    def _positive(self) -> "BriefingKind":
        if any(n < 1 for n in self.first_numbers.values()):
            raise ValueError("期号从 1 或更大的数开始")
        return self

    @field_validator("number_format")
    @classmethod
    def _a_number(cls, value: str) -> str:
        if "{n}" not in value or set(re.findall(r"\{(\w+)\}|[{}]", value)) - {"year", "n", "total"}:
            raise ValueError("期号的写法要有 {n}，另可用 {year}、{total}，如 〔{year}〕第{n}期（总第{total}期）")
        return value

    @model_validator(mode="after")
    def _totals_known(self) -> "BriefingKind":
        if "{total}" in self.number_format and not self.first_totals:
            raise ValueError("期号里写了 {total}，还要在 first_totals 里写明某一年第一号是总第几期，如 {2023: 101}")
        return self

    @property
    def format(self) -> str:
        """The name of its format profile: that of its folder, unless it says another."""
        return self.profile or self.folder

    def number_text(self, year: int, n: int | None, given: Mapping[int, int]) -> str:
        """期号 in print, with room left where there is no number yet. `given`: the highest number of each year, from which
        总第N期 counts on."""
        if n is None:
            return self.number_format.format(year=year, n="\u3000", total="\u3000")
        return self.number_format.format(year=year, n=n, total=self._total(year, n, given))

    def _total(self, year: int, n: int, given: Mapping[int, int]) -> int | str:
        start = max((y for y in self.first_totals if y <= year), default=None)
        if start is None:
            return "\u3000"
        earlier = sum(last - self.first_number(y) + 1 for y, last in given.items() if start <= y < year)
        return self.first_totals[start] + earlier + n - self.first_number(year)

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
        if not (templates / kind.folder / "narrative.md.j2").is_file():
            problem = f"模板目录 report_templates/{kind.folder} 里没有 narrative.md.j2"
            remedy = "请改正 folder，或从随附的 report_templates/ 复制。"
            faults.add(ConfigError(file=path, key=f"kinds.{name}.folder", problem=problem, remedy=remedy))
        if not profile_path(templates, kind.format).is_file():
            faults.add(_no_profile(path, templates, name, kind))
    faults.stop()
    return kinds


def _no_profile(path: Path, templates: Path, name: str, kind: BriefingKind) -> ConfigError:
    former = templates / kind.folder / "profile.yaml"
    wanted = f"report_templates/profiles/{kind.format}.yaml"
    remedy = "请从随附的 report_templates/profiles/ 复制一份，或改正 profile（没写 profile 的用 folder 的名字）。"
    if former.is_file():
        remedy = f"版式文件换了地方：请把 report_templates/{kind.folder}/profile.yaml 移作 {wanted}，文首加一行 based_on: standard。"
    return ConfigError(file=path, key=f"kinds.{name}.profile", problem=f"没有版式文件 {wanted}", remedy=remedy)
