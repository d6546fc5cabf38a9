"""The Word files of draft, sign and write: the records of their numerals, and what staff are told of bad input."""

import io
from pathlib import Path

import pytest

from support.filling import policy
from support.office_kit import BUREAU, SIGNER, OfficeKit, make_office
from support.word_samples import markdown, wide_table
from tasks.draft import draft
from tasks.sign import sign
from tasks.trace import trace
from tasks.write_issue import write_issue
from yaoxun.briefings.lint.model import NumeralRecord
from yaoxun.briefings.lint.opening import open_word
from yaoxun.briefings.lint.parts import read_numerals
from yaoxun.errors import OutsideError, RequestError
from yaoxun.home import shipped
from yaoxun.sheets.limits import load_limits

NOW = "2023-03-27T11:00"
COLUMNS = "|".join(f" 项{n} " for n in range(40))


@pytest.fixture
def office(tmp_path: Path) -> OfficeKit:
    """One organisation's two policies are in."""
    kit = make_office(tmp_path / "home")
    kit.drop(kit.filled(BUREAU, rows={"T3": [policy(1), policy(2)]}), "一.xlsx")
    kit.collect()
    return kit


def records(path: Path) -> dict[str, NumeralRecord]:
    found = read_numerals(open_word(io.BytesIO(path.read_bytes()), load_limits(shipped("config"))))
    return {record.id: record for record in found}


def test_a_document_carries_where_each_of_its_numbers_came_from(office: OfficeKit) -> None:
    first = draft(office.ctx(NOW), "要讯", "2023-03")
    found = records(office.home.documents / first.file)
    traced = {numeral.bookmark: numeral for numeral in trace(office.ctx(NOW), first.document)}
    assert set(found) == set(traced)
    blobs = {row.sha256 for row in office.query("select sha256 from blob where kind = 'arrival'")}
    for name, record in found.items():
        cells = {(source.sheet, source.cell) for source in traced[name].sources if source.cell}
        assert (record.text, {(sheet, cell) for _, sheet, cell in record.cells}) == (traced[name].text, cells)
        assert {file for file, _, _ in record.cells} <= blobs
    assert any(record.cells and record.value == "2" and record.unit for record in found.values())


def test_the_signed_file_carries_the_same_records(office: OfficeKit) -> None:
    first = draft(office.ctx(NOW), "要讯", "2023-03")
    drafted = records(office.home.documents / first.file)
    signed = sign(office.ctx(NOW, SIGNER), first.document)
    assert records(office.home.documents / signed.file) == drafted


def test_a_hand_written_issue_with_characters_the_faces_lack_says_what_to_write(
    office: OfficeKit, tmp_path: Path
) -> None:
    source, out = tmp_path / "期.md", tmp_path / "期.docx"
    source.write_text(markdown("示例靚丽😀。"), encoding="utf-8")
    said = write_issue(office.ctx(NOW), source, out).summary()
    assert "请把“靚”改为“靓”" in said and "😀" in said and out.exists()


def test_a_draft_tells_such_characters_too(office: OfficeKit) -> None:
    narrative = office.home.templates / "yaoxun" / "narrative.md.j2"
    narrative.write_text(narrative.read_text(encoding="utf-8") + "\n\n示例靚丽。\n", encoding="utf-8")
    assert "请把“靚”改为“靓”" in draft(office.ctx(NOW), "要讯", "2023-03").summary()


def test_a_table_that_no_page_holds_stops_write_and_draft_with_a_sentence(office: OfficeKit, tmp_path: Path) -> None:
    source, out = tmp_path / "期.md", tmp_path / "期.docx"
    source.write_text(markdown(wide_table(40)), encoding="utf-8")
    with pytest.raises(RequestError, match="40 列"):
        write_issue(office.ctx(NOW), source, out)
    assert not out.exists()
    narrative = office.home.templates / "yaoxun" / "narrative.md.j2"
    text = narrative.read_text(encoding="utf-8")
    narrative.write_text(
        f"{text}\n\n表：宽表\n\n|{COLUMNS.replace('项', '甲').translate(DIGITS)}|\n|{'---|' * 40}\n", encoding="utf-8"
    )
    with pytest.raises(RequestError, match="宽表”有 40 列"):
        draft(office.ctx(NOW), "要讯", "2023-03")
    assert office.query("select id from document") == []


DIGITS = str.maketrans("0123456789", "甲乙丙丁戊己庚辛壬癸")


def test_a_file_that_is_put_out_is_whole_or_not_there(
    office: OfficeKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tmp_path / "期.md", tmp_path / "期.docx"
    source.write_text(markdown("正文。"), encoding="utf-8")
    write_issue(office.ctx(NOW), source, out)
    before = out.read_bytes()

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    source.write_text(markdown("另一段正文。"), encoding="utf-8")
    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OutsideError, match="写不了文件 期.docx"):
        write_issue(office.ctx(NOW), source, out)
    assert out.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home", "期.docx", "期.md"]
