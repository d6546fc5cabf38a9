"""Line f: Word documents. A bulletin of three pages with three tables and a chart against docxtpl, which fills a template of
the same content; a 汇编 of thousands of rows; the check of a finished file.
"""

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.lines import ROOT, Sizes
from bench.measure import Line, Spread, ensure, exponent, in_turn, seconds
from bench.office import context
from tasks.lint import lint
from yaoxun.briefings.handwritten import Handwritten, parse_issue
from yaoxun.briefings.profile import FormatProfile, load_profile
from yaoxun.briefings.word import build_docx
from yaoxun.home import Home, shipped

_FRONT = '---\n标题: "{title}"\n期号: 〔2023〕第4期\n日期: 2023-04-06\n报: [示例办公厅]\n责编: 示例责编\n---\n\n'
_PHRASES = ("示例市把青年发展放在城市工作的突出位置，坚持每月一套表摸清底数", "各成员单位按照任务清单逐项明确责任人和完成时限",
            "青年民生实事逐件落实到单位、落实到进度", "基层的做法和数字当月汇总、当月研究、当月反馈")  # fmt: skip
_TABLES, _ROWS, _PARAGRAPHS = 3, 6, 5
_CHART = "柱形图：各县政策（单位：个）\n\n| 县 | 政策 | 实事 |\n|---|---|---|\n" + "".join(
    f"| 示例县{n} | {n * 7} | {n * 3} |\n" for n in range(1, 7)
)


def documents(root: Path, home: Home, sizes: Sizes) -> Iterator[Line]:
    """All of line f."""
    profile = load_profile(shipped("report_templates"), "yaoxun")
    content = _content()
    yield _bulletin(profile, content, sizes)
    yield from _collection(sizes)
    yield _check(root, home, build(_written(content), profile), sizes)


def build(of: Handwritten, profile: FormatProfile) -> bytes:
    """The file of an issue."""
    return build_docx(of.issue, profile, of.late)


def _content() -> dict[str, Any]:
    """The text of a bulletin: title, paragraphs, rows of its tables."""
    return {
        "title": "示例市推动青年发展型城市建设试点工作",
        "p": ["；".join(_PHRASES[(n + k) % 4] for k in range(2)) + f"，第{n}项。" for n in range(_PARAGRAPHS)],
        "t": [[[f"示例县{n}", str(n * k + 1), f"{n}.5%"] for n in range(_ROWS)] for k in range(1, _TABLES + 1)],
    }


def _written(content: dict[str, Any]) -> Handwritten:
    return _issue(content["title"], content["p"], [[f"| {' | '.join(row)} |" for row in t] for t in content["t"]])


def _issue(title: str, paragraphs: list[str], tables: list[list[str]]) -> Handwritten:
    """The bulletin as an author writes it: a heading every fifth paragraph, the tables and the chart after the text."""
    text = [f"# 部分\n\n{one}" if n % 5 == 0 else one for n, one in enumerate(paragraphs)]
    head = "| 县 | 政策 | 完成率 |\n|---|---|---|\n"
    text += ["表：各县情况（单位：个）\n\n" + head + "\n".join(rows) for rows in tables]
    return parse_issue(_FRONT.format(title=title) + "\n\n".join([*text, _CHART]), name="晋团要讯", issuer="示例省委")


def template(profile: FormatProfile) -> bytes:
    """The same bulletin as a template of docxtpl: its own tags where the content goes, the chart as it is."""
    rows = [
        [f"| {{%tr for row in t[{k}] %}} | | |", "| {{ row[0] }} | {{ row[1] }} | {{ row[2] }} |", "| {%tr endfor %} | | |"]
        for k in range(_TABLES)
    ]  # fmt: skip
    return build(_issue("{{title}}", [f"{{{{ p[{n}] }}}}" for n in range(_PARAGRAPHS)], rows), profile)


def _bulletin(profile: FormatProfile, content: dict[str, Any], sizes: Sizes) -> Line:
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]

    issue, blank = _written(content), template(profile)

    def theirs() -> bytes:
        filled, out = DocxTemplate(io.BytesIO(blank)), io.BytesIO()
        filled.render(content)
        filled.save(out)
        return out.getvalue()

    ensure(_text(build(issue, profile)) == _text(theirs()), "the two documents do not say the same")
    mine, peer = in_turn(lambda: build(issue, profile), theirs, sizes.rounds * 3)
    ours, ratio = Spread.of([t * 1000 for t in mine]), Spread.of([b / a for a, b in zip(mine, peer, strict=True)])
    return Line(
        name="f 三面要讯", what="三张表、一张图，从内容到 Word 文件", unit="毫秒", ours=ours, peer="docxtpl 填同样内容的模板",
        theirs=Spread.of([t * 1000 for t in peer]), ratio=ratio, target="不超过 80 毫秒，且不慢于对照",
        reached=ours.middle <= 80 and ratio.middle >= 1,
    )  # fmt: skip


def _text(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        xml = package.read("word/document.xml").decode()
    return re.sub(r"\s", "", "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", xml)))


def _collection(sizes: Sizes) -> Iterator[Line]:
    """A 汇编 of so many rows from its Markdown, each in a process of its own that says its seconds and its memory."""
    found = {rows: [_alone(rows) for _ in range(sizes.collection_rounds)] for rows in sizes.collection}
    most = max(sizes.collection)
    took, peak = Spread.of([s for s, _ in found[most]]), Spread.of([mb for _, mb in found[most]])
    what = f"{most} 行，封面、目录、十张表，从 Markdown 到 Word 文件"
    yield Line(name="f 汇编", what=what, unit="秒", ours=took, target="不超过 2 秒", reached=took.middle <= 2)
    yield Line(name="f 汇编内存", what="整个进程，连同程序本身", unit="MB", ours=peak, target="不超过 200",
               reached=peak.middle <= 200)  # fmt: skip
    slope = exponent(list(found), [min(s for s, _ in runs) for runs in found.values()])
    yield Line(name="f 汇编斜率", what=f"{'、'.join(map(str, found))} 行，时间随行数的指数", unit="", ours=Spread.of([slope]),
               target="不超过 1.1", reached=slope <= 1.1, more={str(rows): runs for rows, runs in found.items()})  # fmt: skip


def _alone(rows: int) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.documents", str(rows)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    took, peak = map(float, done.stdout.split())
    return took, peak


def collection(rows: int) -> str:
    """A 汇编 of ten tables as Markdown."""
    parts = [_FRONT.format(title="示例工作情况汇编")]
    for k in range(10):
        lines = [f"| 示例县{n} | {n} | {n}.5% | 推进中 |\n" for n in range(rows // 10)]
        parts.append(
            f"# 部分\n\n{_PHRASES[k % 4]}。\n\n表：各县情况（单位：个）\n\n| 县 | 政策 | 完成率 | 状态 |\n|---|---|---|---|\n"
        )
        parts.append("".join(lines) + "\n")
    return "".join(parts)


def _check(root: Path, home: Home, docx: bytes, sizes: Sizes) -> Line:
    """The use case without rendering: configuration read, the file opened in a warm child, every rule."""
    path = root / "lint.docx"
    path.write_bytes(docx)
    before = os.environ.get("YAOXUN_SOFFICE")
    os.environ["YAOXUN_SOFFICE"] = ""
    try:
        lint(context(home), path)
        took = Spread.of([seconds(lambda: lint(context(home), path)) * 1000 for _ in range(sizes.rounds)])
    finally:
        os.environ.pop("YAOXUN_SOFFICE") if before is None else os.environ.update(YAOXUN_SOFFICE=before)
    return Line(name="f 查文稿", what="三面要讯，不渲染，热子进程，连同读配置", unit="毫秒", ours=took,
                target="不超过 300 毫秒", reached=took.middle <= 300)  # fmt: skip


if __name__ == "__main__":
    import resource

    rows = int(sys.argv[1])
    huibian, text = load_profile(shipped("report_templates"), "huibian"), collection(rows)
    build(parse_issue(collection(10), name="汇编", issuer="示例省委"), huibian)
    print(seconds(lambda: build(parse_issue(text, name="汇编", issuer="示例省委"), huibian)),
          resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)  # fmt: skip
