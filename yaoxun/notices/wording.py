"""The words of a notice: parameters and a text template in, subject, text and HTML out. Pure but for reading the file.

A template is Markdown with sandboxed Jinja; its first line is the subject. The same Markdown is sent as the text part and
rendered as the HTML part; data is escaped, so a file name can never become markup.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markdown_it import MarkdownIt

from yaoxun.briefings.template_lines import line_in_template
from yaoxun.errors import ConfigError

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
_SPECIAL = re.compile(r"([!-/:-@\[-`{-~])")  # every mark of ASCII: a line that begins with "1." or "-" is data, too
# What a template can run into while it renders; anything else is our own fault.
_FAULTS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A notice ready to be put in a letter."""

    subject: str
    text: str
    html: str


def word_notice(templates: Path, name: str, params: Mapping[str, Any]) -> Wording:
    """Fill report_templates/notices/<name>.md.j2. Raises ConfigError when the template is wrong."""
    path = templates / "notices" / f"{name}.md.j2"
    source = _read(path)
    plain = _render(path, source.replace("**", ""), params, escape=False)  # bold is for the HTML part
    marked = _render(path, source, params, escape=True)
    subject, _, body = plain.strip().partition("\n")
    html_body = _MARKDOWN.render(marked.strip().partition("\n")[2].strip())
    html = f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"></head><body>\n{html_body}</body></html>\n'
    return Wording(subject=" ".join(subject.split()), text=re.sub(r"\n{3,}", "\n\n", body).strip() + "\n", html=html)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        remedy = "请确认它在，且是 UTF-8 编码的文本文件。"
        raise ConfigError(file=path, key="", problem="文字模板读不出来", remedy=remedy) from err


def _render(path: Path, source: str, params: Mapping[str, Any], *, escape: bool) -> str:
    env = SandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_finalize(escape)
    )
    try:
        return env.from_string(source).render(**params)
    except _FAULTS as err:
        line = getattr(err, "lineno", None) or line_in_template(err)
        remedy = "请对照随附的 report_templates/notices/ 改正。"
        raise ConfigError(file=path, key="", line=line, problem=f"文字模板有误：{err}", remedy=remedy) from err


def _finalize(escape: bool) -> Any:
    """Data stays on its line, so that it can neither end a subject nor begin a block."""

    def one_line(value: Any) -> str:
        text = " ".join(str(value).split())
        return _SPECIAL.sub(r"\\\1", text) if escape else text

    return one_line
