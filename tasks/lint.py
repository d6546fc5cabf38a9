"""lint FILE: a finished Word document, ours or anyone's, against the standard, an office's format and its habits of writing.

No database is needed or made, and nothing is written. The file is opened in a child, as any foreign file is; what that
lets in, LibreOffice lays out where it is installed, and a child measures the pages.
"""

import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tasks.desk import Config, load_config
from yaoxun.briefings.lint.checking import from_plain
from yaoxun.briefings.lint.habits import load_habits
from yaoxun.briefings.lint.model import Report
from yaoxun.briefings.lint.rendered_checking import with_rendered
from yaoxun.briefings.profile import load_profile, profile_path
from yaoxun.briefings.rendering import NOT_INSTALLED, find_soffice, place_below, to_pdf
from yaoxun.context import Context
from yaoxun.errors import OutsideError, RequestError, system_words
from yaoxun.home import Home
from yaoxun.sheets.model import Refusal
from yaoxun.sheets.sandbox import shared_sandbox

CHECK = "yaoxun.briefings.lint.checking:lint_plain"
CHECK_PAGES = "yaoxun.briefings.lint.rendered_checking:rendered_plain"


@dataclass(frozen=True, kw_only=True)
class Linted:
    """What was found in a file, by which profile."""

    file: str
    profile: str
    report: Report

    @property
    def passes(self) -> bool:
        """Whether no 国标 finding stands."""
        return not self.report.breaks_standard

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        report = self.report
        return {"file": self.file, "profile": self.profile, "passes": self.passes, "rendered": report.rendered,
                "not_rendered": report.not_rendered, "pages": report.pages,
                "findings": [asdict(finding) for finding in report.findings]}  # fmt: skip


def lint(ctx: Context, file: Path, profile: str = "") -> Linted:
    """Check one .docx. `profile` names a file of report_templates/profiles/; else that of the first kind of document holds.

    Raises RequestError for an unknown profile and for a file that is no sound .docx, with why, OutsideError when the disk
    refuses.
    """
    config = load_config(ctx.home)
    name = profile or _first_profile(config)
    if profile and not profile_path(ctx.home.templates, profile).is_file():
        raise RequestError(f"没有版式“{profile}”。", f"现有版式：{'、'.join(_profiles(ctx.home))}。")
    format_profile, habits = load_profile(ctx.home.templates, name), load_habits(ctx.home.templates)
    try:
        file.open("rb").close()
    except OSError as err:
        raise RequestError(f"读不了文件 {file}：{system_words(err)}。", "请核对路径。") from err
    given = {"path": str(file.absolute()), "limits": config.limits.model_dump(),
             "profile": format_profile.model_dump(mode="json"), "habits": habits.model_dump(mode="json")}  # fmt: skip
    report = from_plain(shared_sandbox(config.limits).call(CHECK, **given))
    if isinstance(report, Refusal):
        raise RequestError(f"查不了“{file.name}”：{report.sentence}", report.remedy)
    return Linted(file=str(file), profile=name, report=_rendered(ctx, config, file, report, given))


def _rendered(ctx: Context, config: Config, file: Path, report: Report, given: dict[str, Any]) -> Report:
    """The report with what the pages show, or with why they were not looked at."""
    if find_soffice() is None:
        return replace(report, not_rendered=NOT_INSTALLED)
    try:
        with place_below(ctx.home.data) as place, tempfile.NamedTemporaryFile(suffix=".pdf") as pdf:
            pdf.write(to_pdf(file.read_bytes(), place))
            pdf.flush()
            plain = shared_sandbox(config.limits).call(CHECK_PAGES, pdf=pdf.name, **given)
    except (OutsideError, OSError) as err:
        why = err.message.rstrip("。") if isinstance(err, OutsideError) else f"磁盘读写出错（{system_words(err)}）"
        return replace(report, not_rendered=why)
    if isinstance(plain, Refusal):
        return replace(report, not_rendered="排出来的页面量不了（太多，或者 PDF 打不开）")
    try:
        return with_rendered(report, plain)
    except (TypeError, ValueError, KeyError):  # only a child that a file has taken over would answer so
        return replace(report, not_rendered="量版面的子进程答得不对")


def _first_profile(config: Config) -> str:
    kind = next(iter(config.briefings.values()), None)
    if kind is None:
        raise RequestError("config/briefings.yaml 里一个文种也没有，不知道按哪种版式查。", "请用 --profile 写明版式。")
    return kind.format


def _profiles(home: Home) -> list[str]:
    return sorted(path.stem for path in profile_path(home.templates, "x").parent.glob("*.yaml"))
