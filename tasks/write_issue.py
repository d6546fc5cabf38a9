"""write: an issue written by hand, set in the house format. No figures, no number, nothing recorded."""

from dataclasses import dataclass
from pathlib import Path

from tasks.desk import load_config
from yaoxun.briefings.handwritten import parse_issue
from yaoxun.briefings.profile import load_profile
from yaoxun.briefings.word import build_docx
from yaoxun.context import Context
from yaoxun.errors import RequestError
from yaoxun.store.blobs import write_durably


@dataclass(frozen=True, kw_only=True)
class Written:
    """Where the file is."""

    file: Path

    def summary(self) -> str:
        return f"已写成 {self.file}"


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
    profile = load_profile(ctx.home.templates / kind.folder)
    written = parse_issue(text, name=profile.masthead.name, issuer=kind.issuer)
    write_durably(out.resolve(), build_docx(written.issue, profile, written.late))
    return Written(file=out)
