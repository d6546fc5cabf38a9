"""A small fixed bulletin, part by part, as it was when somebody last looked at it. `make golden` renews the files under
tests/golden/bulletin/; the diff is to be read before it is committed.
"""

import io
import os
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from yaoxun.briefings.lint.model import NumeralRecord
from yaoxun.briefings.model import (
    Attachment,
    Chart,
    Colophon,
    Contents,
    Heading,
    Issue,
    Item,
    LateSlots,
    Masthead,
    Numeral,
    Paragraph,
    Remark,
    Run,
    Table,
)
from yaoxun.briefings.profile import load_profile
from yaoxun.briefings.word import build_docx

TEMPLATES = Path(__file__).parents[2] / "report_templates"
GOLDEN = Path(__file__).parent / "bulletin"


def figure(n: int, text: str) -> Run:
    return Run(text=text, numeral=f"num_{n:03d}")


def bulletin() -> bytes:
    """Every element once: a title of two lines, headings of three levels, a figure with its record, bold, a table, a chart,
    a second item, an attachment, a 版记 of three rows."""
    grid = (((Run(text="城区"),), (figure(3, "7"),)), ((Run(text="泽州县"),), ()))
    issue = Issue(
        headline=(Run(text="示例市以“七大行动”“六项工程”推动青年发展型城市试点走深走实"),),
        masthead=Masthead(
            name="晋团要讯", issuer="示例省委", secret="机密★1年", urgency="特急", copy_number="000001"
        ),
        blocks=(
            Remark(runs=(Run(text="按语：请阅。"),)),
            Contents(),
            Heading(level=1, runs=(Run(text="一、建机制"),)),
            Paragraph(
                runs=(Run(text="截至2023年3月25日，出台“示例”政策"), figure(1, "87"), Run(text="个——其中"), Run(text="重点", strong=True),
                      figure(2, "55"), Run(text="个，青·思、A<B & C。"))
            ),
            Heading(level=2, runs=(Run(text="（一）供给扩面"),)),
            Heading(level=3, runs=(Run(text="1.细项"),)),
            Paragraph(runs=(Run(text="情况见下表。"),)),
            Table(
                caption=(Run(text="表1　各县情况"),), unit="个",
                header=((Run(text="县（市、区）"),), (Run(text="政策"),)),
                rows=grid,
            ),
            Chart(
                shape="柱", caption=(Run(text="图1　各县情况"),), unit="个", header=((Run(text="县"),), (Run(text="政策"),)),
                rows=(((Run(text="城区"),), (figure(4, "7"),)), ((Run(text="泽州县"),), ())),
            ),
            Item(runs=(Run(text="示例县推动第二项工作"),)),
            Paragraph(runs=(Run(text="情况见附件。"),)),
            Attachment(number=0, runs=(Run(text="示例名单"),)),
            Paragraph(runs=(Run(text="附件的正文。"),)),
        ),
        colophon=Colophon(
            rows=(("报", ("示例办公厅甲", "示例办公厅乙")), ("送", ("示例单位",)), ("发", ("示例机关各部门",))), editor="示例责编"
        ),
        numerals=(Numeral(seq=1, id="num_001", text="87", origin="figure", figure="policies"),),
    )  # fmt: skip
    late = LateSlots(issue_number="〔2023〕第4期", printed_on=date(2023, 4, 6), copies=60)
    record = NumeralRecord(
        id="num_001", text="87", origin="figure", figure="policies", dims="", value="87", unit="个", cells=(("ab" * 32, "T3", "B5"),)
    )  # fmt: skip
    return build_docx(issue, load_profile(TEMPLATES, "yaoxun"), late, records=[record])


def normalised(xml: bytes) -> str:
    """One element a line, attributes in order: equal for equal content. Text is left as it is."""
    tree = etree.fromstring(etree.tostring(etree.fromstring(xml), method="c14n"))
    etree.indent(tree)
    return etree.tostring(tree, encoding="unicode") + "\n"


def parts(data: bytes) -> dict[str, str]:
    """Every part of a package as text, those of a workbook inside it among them."""
    found: dict[str, str] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            inside = parts(package.read(name)) if name.endswith(".xlsx") else {}
            found |= {f"{name}/{part}": text for part, text in inside.items()} or {name: normalised(package.read(name))}
    return found


def test_every_part_is_as_it_was() -> None:
    made = parts(bulletin())
    if os.environ.get("YAOXUN_RENEW_GOLDEN"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for name, text in made.items():
            path = GOLDEN / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    kept = {str(path.relative_to(GOLDEN)): path for path in sorted(GOLDEN.rglob("*")) if path.is_file()}
    assert set(kept) == set(made), "parts have come or gone"
    for name, text in made.items():
        assert text == kept[name].read_text(encoding="utf-8"), f"{name} has changed; if it should have, make golden"


@pytest.mark.parametrize("change", [("示例省委", "示例省委员会"), ('w:val="579"', 'w:val="580"')])
def test_a_change_of_one_word_or_value_would_be_seen(change: tuple[str, str]) -> None:
    xml = b'<w:p xmlns:w="urn:x" w:val="579" w:id="1">\xe7\xa4\xba\xe4\xbe\x8b\xe7\x9c\x81\xe5\xa7\x94</w:p>'
    assert normalised(xml) != normalised(xml.decode().replace(*change).encode())
    assert normalised(xml) == normalised(xml.replace(b'w:val="579" w:id="1"', b'w:id="1"  w:val="579"'))
