"""The marked-up copy: the submitter's own file, its cells marked, read again without harm."""

import json
from pathlib import Path
from typing import Any

import openpyxl
from forms_kit import NEW_POLICY, Filler, frame, history, policy

from yaoxun.forms.checking import check, decide
from yaoxun.forms.markup import REVIEW_SHEET, mark_up

RED, YELLOW = "FFFFC7CE", "FFFFEB9C"


def returned(tmp_path: Path, *, lossless: bool = True, **changes: Any) -> tuple[Filler, Any, dict[str, Any]]:
    """A faulty T3, its marked copy as a new submission, and what mark_up told."""
    filler = Filler(frame("T3", history=history(policy()))).declare_all()
    filler.type("T3", 1, NEW_POLICY | {"状态": "大概"} | changes)
    findings = [f.as_dict() for f in check(filler.table("T3"))]
    source, out = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    filler.book.save(source)
    told = mark_up(str(source), json.loads(json.dumps(findings)), str(out), lossless)
    return filler, openpyxl.load_workbook(out), told


def test_the_offending_cell_is_filled_and_says_what_to_do(tmp_path: Path) -> None:
    filler, book, told = returned(tmp_path, 出台日期="2022-01-01")
    sheet = book["T3 政策出台表"]
    wrong, asked = (sheet.cell(5, filler.col("T3", name)) for name in ("状态", "出台日期"))
    assert (wrong.fill.fgColor.rgb, asked.fill.fgColor.rgb) == (RED, YELLOW)
    assert "下拉列表" in wrong.comment.text
    assert "补报" in asked.comment.text
    assert told == {"mode": "marked", "marked": 2, "listed": 2}


def test_the_first_sheet_lists_every_finding_with_a_link_to_its_cell(tmp_path: Path) -> None:
    filler, book, _ = returned(tmp_path)
    page = book.worksheets[0]
    place = f"{openpyxl.utils.get_column_letter(filler.col('T3', '状态'))}5"
    assert page.title == REVIEW_SHEET
    assert [page.cell(5, col).value for col in (2, 3, 4, 5, 7)] == ["强制", "C05", "T3 政策出台表", place, "大概"]
    assert page.cell(5, 5).hyperlink.location == f"'T3 政策出台表'!{place}"


def test_validations_protection_and_meta_survive(tmp_path: Path) -> None:
    filler, book, _ = returned(tmp_path)
    kept, was = (b["T3 政策出台表"].data_validations.dataValidation for b in (book, filler.book))
    assert sorted(str(v.sqref) for v in kept) == sorted(str(v.sqref) for v in was)
    assert book["_meta"].sheet_state == "veryHidden"
    fixed = Filler(frame("T1"))
    source, out = tmp_path / "t1.xlsx", tmp_path / "t1-out.xlsx"
    fixed.book.save(source)
    mark_up(str(source), [f.as_dict() for f in check(fixed.declare_all().table("T1"))], str(out), True)
    assert openpyxl.load_workbook(out)["T1 措施推进表"].protection.sheet


def test_the_marked_copy_reads_like_the_original_and_passes_when_corrected(tmp_path: Path) -> None:
    filler, book, _ = returned(tmp_path)
    again = Filler(*filler.frames.values(), book=book)
    assert [f.as_dict() for f in check(again.table("T3"))] == [f.as_dict() for f in check(filler.table("T3"))]
    again.type("T3", 1, {"状态": "有效"})
    assert decide(check(again.table("T3"))) == "接收"
    assert list(again.read().findings) == []


def test_marks_of_the_last_round_are_taken_off(tmp_path: Path) -> None:
    filler, book, _ = returned(tmp_path)
    again = Filler(*filler.frames.values(), book=book).type("T3", 1, {"状态": "有效", "层级": "省"})
    source, out = tmp_path / "in2.xlsx", tmp_path / "out2.xlsx"
    book.save(source)
    mark_up(str(source), [f.as_dict() for f in check(again.table("T3"))], str(out), True)
    second = openpyxl.load_workbook(out)
    assert second.sheetnames.count(REVIEW_SHEET) == 1
    cell = second["T3 政策出台表"].cell(5, filler.col("T3", "状态"))
    assert cell.comment is None
    assert cell.fill.fgColor.rgb != RED


def test_at_most_five_explanations_are_asked_for_at_a_time(tmp_path: Path) -> None:
    filler = Filler(frame("T3")).declare_all()
    for n in range(8):
        filler.type(
            "T3",
            n,
            NEW_POLICY
            | {
                "文号": f"晋市建发〔2022〕{n}号",
                "政策名称": f"{'甲乙丙丁戊己庚辛'[n] * 6}办法",
                "出台日期": "2022-09-01",
            },
        )
    findings = [f.as_dict() for f in check(filler.table("T3")) if f.level == "须说明"]
    filler.book.save(tmp_path / "in.xlsx")
    told = mark_up(str(tmp_path / "in.xlsx"), findings, str(tmp_path / "out.xlsx"), True)
    assert (told["marked"], told["listed"]) == (5, 8)


def test_where_rewriting_would_lose_something_only_the_list_is_written(tmp_path: Path) -> None:
    _, book, told = returned(tmp_path, lossless=False)
    assert book.sheetnames == [REVIEW_SHEET]
    assert told == {"mode": "list", "marked": 0, "listed": 1}


def test_a_quoted_formula_stays_text(tmp_path: Path) -> None:
    _, book, _ = returned(tmp_path, 状态="@SUM(1)")
    finding = {
        "sheet": "T3 政策出台表",
        "cell": "D5",
        "level": "强制",
        "rule": "C05",
        "message": "=1+1",
        "found": "=CMD()",
    }
    finding |= {"allowed": "", "example": "\x07", "explained": False}
    mark_up(str(tmp_path / "in.xlsx"), [finding], str(tmp_path / "q.xlsx"), True)
    page = openpyxl.load_workbook(tmp_path / "q.xlsx")[REVIEW_SHEET]
    assert [(page.cell(5, c).value, page.cell(5, c).data_type) for c in (6, 7)] == [("=1+1", "s"), ("=CMD()", "s")]
    assert book.worksheets[0].cell(5, 7).value == "@SUM(1)"


def test_a_merged_cell_is_marked_at_its_first_cell(tmp_path: Path) -> None:
    filler = Filler(frame("T3")).declare_all().type("T3", 0, NEW_POLICY | {"状态": "大概"})
    filler.sheet("T3").merge_cells(start_row=4, end_row=5, start_column=17, end_column=17)
    filler.book.save(tmp_path / "in.xlsx")
    found = [f.as_dict() for f in check(filler.table("T3")) if f.rule == "C05"]
    told = mark_up(str(tmp_path / "in.xlsx"), [{**found[0], "cell": "Q5"}], str(tmp_path / "out.xlsx"), True)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["T3 政策出台表"]
    assert (told["marked"], sheet["Q4"].fill.fgColor.rgb) == (1, RED)
