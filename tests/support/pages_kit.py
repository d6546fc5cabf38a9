"""Issues written and drafted for tests that look at rendered pages, and what is measured on them."""

import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tasks.write_issue import Written, write_issue
from yaoxun.briefings.lint.rendered_grid import full_lines, full_pages
from yaoxun.briefings.lint.rendered_view import FLOW, View
from yaoxun.briefings.locating import number_line
from yaoxun.context import Context, parse_now
from yaoxun.home import Home, shipped

HANDWRITTEN = Path(__file__).parent.parent / "fixtures" / "handwritten-issue.md"
FRONT = """---
标题: 示例市推动青年发展型城市建设试点工作走深走实
期号: 〔2023〕第4期
署名: 示例省委
日期: 2023-04-06
报: [示例办公厅甲, 示例办公厅乙]
送: [示例单位]
发: [示例机关各部门]
责编: 示例责编
---
"""


def new_home(root: Path) -> Home:
    """An office with the shipped settings and nothing in it."""
    for name in ("config", "report_templates"):
        shutil.copytree(shipped(name), root / name)
    (root / "data").mkdir()
    return Home(root)


def at_hand(home: Home) -> Context:
    return Context(home=home, actor="手工", occasion="试", fixed_now=parse_now("2023-04-06T09:00"))


def written(home: Home, text: str, front: str = FRONT) -> Written:
    """An issue of this text, set in that office's format."""
    source = home.root / "issue.md"
    source.write_text(front + text, encoding="utf-8")
    return write_issue(at_hand(home), source, home.root / "issue.docx")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What Show 1 asks of a document: one value for each full page, page or full line. Millimetres from the top left;
    the places of page numbers are (the printed number, the dash's height, left end, right end)."""

    lines: list[int]
    first: list[float]
    last: list[float]
    pitch: list[float]
    characters: list[int]
    indented: list[int]
    numbers: list[tuple[int, float, float, float]]
    red_rule: float
    last_rule: float

    @classmethod
    def of(cls, view: View) -> "Measured":
        full = list(full_pages(view))
        flow = {id(line) for _, spot in view.placed(*FLOW) for line in spot.lines}
        tops = [own[0] for n in range(len(view.pages)) if (own := view.on(n)) and id(own[0]) in flow]
        begins = {id(spot.lines[0]) for _, spot in view.placed("body")}
        bodies = [line for line in full_lines(view) if line.wanted in (26, 28)]
        rules = [[rule for rule in page.rules if rule.bottom - rule.top < 0.1] for page in view.pages]
        return cls(
            lines=[len(own) for own in full],
            first=[top.line.baseline for top in tops],
            last=[own[-1].line.baseline for own in full],
            pitch=[b.line.baseline - a.line.baseline for own in full for a, b in pairwise(own)],
            characters=[line.has for line in bodies if id(line.placed) not in begins],
            indented=[line.has for line in bodies if id(line.placed) in begins],
            numbers=[(found[1], found[0].middle, found[0].left, found[0].right)
                     for page in view.pages if (found := number_line(page))],
            red_rule=max(rule.right - rule.left for rule in rules[0] if rule.colour == "FF0000"),
            last_rule=max(rule.bottom for rule in rules[-1] if rule.colour == "000000"),
        )  # fmt: skip

    def told(self, name: str) -> str:
        """The figures in lines for people."""
        return "\n".join(
            (
                f"{name}: {len(self.numbers)} pages, {len(self.lines)} of them full of text",
                f"  lines of a full page       {sorted(set(self.lines))}",
                f"  first baseline             {_range(self.first)}",
                f"  last baseline, full pages  {_range(self.last)}",
                f"  from line to line          {_range(self.pitch)}",
                f"  characters of a full line  {sorted(set(self.characters))} ({len(self.characters)} lines)",
                f"  of a first line            {sorted(set(self.indented))} ({len(self.indented)} lines)",
                f"  dash of the page number    {_range([middle for _, middle, _, _ in self.numbers])}",
                f"  red rule                   {self.red_rule:.2f} mm wide",
                f"  colophon's last rule       {self.last_rule:.2f} mm",
            )
        )


def _range(values: list[float]) -> str:
    return f"{min(values):.2f} to {max(values):.2f} mm" if values else "none"
