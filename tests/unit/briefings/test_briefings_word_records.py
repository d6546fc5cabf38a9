"""The records of a document's numerals: what is written is what the check of a file reads."""

import io
import zipfile
from dataclasses import replace

from briefings_kit import issue, part, part_names, shipped_profile

from support.word_samples import drafted
from yaoxun.briefings.lint.model import NumeralRecord
from yaoxun.briefings.lint.opening import open_word
from yaoxun.briefings.lint.parts import read_numerals
from yaoxun.briefings.word import build_docx
from yaoxun.home import shipped
from yaoxun.sheets.limits import load_limits

RECORD = NumeralRecord(
    id="num_001", text="87", origin="figure", figure="policies", dims="单位=“A<B & C\"'", value="87", unit="项",
    cells=(("ab12", "T3", "B5"), ("cd34", "T3 甲&乙", "B6")),
)  # fmt: skip


def built(*records: NumeralRecord) -> bytes:
    return build_docx(issue(), shipped_profile(), None, records=records)


def read(data: bytes) -> tuple[NumeralRecord, ...]:
    return read_numerals(open_word(io.BytesIO(data), load_limits(shipped("config"))))


def test_records_come_back_as_they_were_written() -> None:
    records = (
        RECORD,
        NumeralRecord(id="num_002", text="4月6日", origin="date", figure="", dims="", value="", unit="", cells=()),
    )
    assert read(built(*records)) == records


def test_control_characters_fall_out_of_a_record() -> None:
    assert read(built(replace(RECORD, text="8\x007\ud800")))[0].text == "87"


def test_the_item_is_declared_with_its_properties_and_the_text_knows_nothing_of_it() -> None:
    plain, carried = built(), built(RECORD)
    assert read(plain) == () and "customXml/item1.xml" not in part_names(plain)
    with zipfile.ZipFile(io.BytesIO(plain)) as before, zipfile.ZipFile(io.BytesIO(carried)) as after:
        differ = {
            name for name in after.namelist() if name not in before.namelist() or after.read(name) != before.read(name)
        }
    assert differ == {
        "[Content_Types].xml", "customXml/item1.xml", "customXml/itemProps1.xml", "customXml/_rels/item1.xml.rels",
        "word/_rels/document.xml.rels",
    }  # fmt: skip
    (relation,) = part(carried, "customXml/_rels/item1.xml.rels")
    assert relation.get("Target") == "itemProps1.xml" and relation.get("Type").endswith("/customXmlProps")


def test_each_record_of_a_figure_names_a_bookmark_of_the_text() -> None:
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    names = {b.get(f"{w}name") for b in part(drafted()).iter(f"{w}bookmarkStart")}
    assert {record.id for record in read(drafted()) if record.figure} == names
