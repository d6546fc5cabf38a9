"""Which line of a template a rendered line came from, so that a fault found after rendering can name it. Pure.

Comments, blocks and loops of Jinja change the count of lines; so each line of the template is marked before it is
rendered, and the marks are taken out again afterwards.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_MARK = re.compile("\ue002(\\d+)\ue003")
_TOKEN = re.compile("\ue000\\d+\ue001")


def marked(source: str) -> str:
    """The template with a mark before each line. A line that begins with a block keeps its beginning (trim_blocks would
    not know it again), and one inside a tag is no text."""
    inside = [found.span() for found in _TAG.finditer(source)]
    lines, at = [], 0
    for n, line in enumerate(source.split("\n"), 1):
        is_text = line.strip() and not line.lstrip().startswith(("{%", "{#"))
        is_marked = is_text and not any(start < at < end for start, end in inside)
        lines.append(f"\ue002{n}\ue003{line}" if is_marked else line)
        at += len(line) + 1
    return "\n".join(lines)


def line_in_template(err: BaseException) -> int | None:
    """The line of the template in which an error arose while it was rendered."""
    line, trace = None, err.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """Rendered text without marks; `places` holds the template's line of each of its lines."""

    text: str
    places: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "Rendered":
        """Take the marks out; a line without one belongs to the line before."""
        lines, places, place = [], [], 1
        for line in text.split("\n"):
            if found := _MARK.search(line):
                place = int(found[1])
            lines.append(_MARK.sub("", line))
            places.append(place)
        return cls(text="\n".join(lines), places=places)

    def line_of(self, text: str, at: int, length: int) -> int | None:
        """The template's line that bears the `length` characters of `text` from `at`, told by what stands around them."""
        lines = [_TOKEN.sub("\ue000", line) for line in self.text.split("\n")]
        for around in (16, 8, 4, 2, 1, 0):
            near = text[max(0, at - around) : at + length + around]
            for line, place in zip(lines, self.places, strict=True):
                if near in line:
                    return place
        return None
