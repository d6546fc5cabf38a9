"""write: an issue written by hand, set in the house format. No figures, no number, nothing recorded."""

from dataclasses import dataclass
from pathlib import Path

from tasks.desk import load_config
from tasks.typeset import show_typeset, typeset
from yaoxun.briefings.handwritten import parse_issue
from yaoxun.briefings.profile import load_profile
from yaoxun.briefings.titles_words import office_words
from yaoxun.context import Context
from yaoxun.errors import RequestError


@dataclass(frozen=True, kw_only=True)
class Written:
    """Where the file is, and what is worth knowing of its layout."""

    file: Path
    layout: tuple[str, ...] = ()

    def summary(self) -> str:
        return "\n".join((f"已写成 {self.file}", *self.layout))


def write_issue(ctx: Context, file: Path, out: Path) -> Written:
    """Set a Markdown file as Word, in the profile of the first kind of config/briefings.yaml. Raises RequestError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise RequestError(f"读不了文件 {file}。", "请核对路径，并存为 UTF-8 文本。") from err
    config = load_config(ctx.home)
    kind = next(iter(config.briefings.values()), None)
    if kind is None:
        raise RequestError("config/briefings.yaml 里一个文种也没有，不知道版式。", "请先写一个文种。")
    profile = load_profile(ctx.home.templates, kind.format)
    written = parse_issue(text, name=profile.masthead.name, issuer=kind.issuer)
    if written.profile:
        profile = load_profile(ctx.home.templates, written.profile)
        written = parse_issue(text, name=profile.masthead.name, issuer=kind.issuer)
    names = office_words(config.office.organisations, ctx.home.templates)
    made = typeset(ctx.home, written.issue, profile, written.late, names)
    show_typeset(out.resolve(), made.docx, made.pdf)
    return Written(file=out, layout=made.told)
