"""Everything that people send by mistake, in one run with a good file: each ends as a finding or in 待认领 with a sentence
that says what to do, and the good one is accepted.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from support.filling import TABLES, column_of, policy, sheet_of
from support.office_kit import OfficeKit, make_office

T1 = "T1 措施推进表"


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One mistake, made by a bureau of its own. Either it waits in 待认领 for a reason and with a remedy (patterns), or
    its table is decided on, with one finding (table, rule, cell, pattern of the message) to say why."""

    content: Callable[[OfficeKit, str], bytes]
    reason: str = ""
    remedy: str = ""
    decision: str = ""
    finding: tuple[str, str, str, str] | None = None
    dropped_in: str = ""


def typed(table: str, column: str, value: Any) -> Callable[[OfficeKit, str], bytes]:
    """A good workbook with one printed cell typed over."""

    def change(book: Any) -> None:
        sheet = sheet_of(book, table)
        sheet.cell(4, column_of(sheet, column)).value = value

    return changed(change)


def changed(change: Callable[[Any], None]) -> Callable[[OfficeKit, str], bytes]:
    return lambda kit, org: kit.filled(org, change=change)


def a_policy(**changes: Any) -> Callable[[OfficeKit, str], bytes]:
    return lambda kit, org: kit.filled(org, rows={"T3": [policy(int(org[-2:]), **changes)]})


def _renamed(book: Any) -> None:
    sheet_of(book, "T1").title = "我的措施表"


def _row_inserted(book: Any) -> None:
    sheet_of(book, "T1").insert_rows(4, 2)


def _column_inserted(book: Any) -> None:
    sheet = sheet_of(book, "T1")
    sheet.insert_cols(3)
    sheet.cell(3, 3).value = "联系人备注"
    sheet.cell(4, 3).value = "示例联络员"


def _of_period(month: str, quarter: str) -> Callable[[Any], None]:
    """_meta and cover say other periods."""
    said = {"2023-03": month, "2023Q1": quarter, "2023-03、2023Q1": f"{month}、{quarter}"}

    def change(book: Any) -> None:
        for name in ("_meta", "封面"):
            for row in book[name].iter_rows():
                for cell in row:
                    if cell.value in said:
                        cell.value = said[cell.value]

    return change


def _no_identity(book: Any) -> None:
    """The sheet of figures copied into a new workbook: no cover, no _meta."""
    for name in book.sheetnames:
        if name != T1:
            del book[name]


def _own_table(_: OfficeKit, __: str) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["序号", "姓名", "单位"])
    book.active.append([1, "示例", "示例单位"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _merged_to_the_end(kit: OfficeKit, org: str) -> bytes:
    """A small file whose one merge covers every cell there is."""
    source = BytesIO(_own_table(kit, org))
    out = BytesIO()
    with ZipFile(source) as package, ZipFile(out, "w", ZIP_DEFLATED) as bomb:
        for name in package.namelist():
            data = package.read(name)
            if name == "xl/worksheets/sheet1.xml":
                merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
                data = data.replace(b"</sheetData>", merge)
            bomb.writestr(name, data)
    assert len(out.getvalue()) < 6000
    return out.getvalue()


def _with_password(_: OfficeKit, __: str) -> bytes:
    """The outline of what Excel writes for a workbook with a password: an OLE file with these two streams."""
    streams = ("Root Entry", "EncryptionInfo", "EncryptedPackage")
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0") + bytes(2048) + directory


SLIPS: dict[str, Slip] = {
    "no workbook": Slip(
        content=lambda *_: "各位领导：\n本期没有数据。\n".encode(), reason="纯文本，不是电子表格", remedy="请报送下发的 .xlsx 报表"
    ),
    "an empty file": Slip(content=lambda *_: b"", reason="文件是空的", remedy="请重新保存"),
    "a truncated file": Slip(
        content=lambda kit, org: kit.filled(org)[:9000], reason="文件不完整", remedy="请重新保存后再报"
    ),
    "a file with a password": Slip(content=_with_password, reason="打开密码", remedy="把密码清空，保存后重报"),
    "a small file merged to the last cell": Slip(content=_merged_to_the_end, reason="A1:XFD1048576", remedy="取消这一处合并"),
    "a workbook of one's own": Slip(content=_own_table, reason="没有认得出的报表", remedy="请在办公室发放的模板上填报"),
    "a sheet without its cover": Slip(
        content=changed(_no_identity), reason="看不出是哪家单位报的", remedy="请在封面填写单位全称"
    ),
    "another organisation's template": Slip(
        content=lambda kit, _: kit.filled("danwei20"), reason="文件夹里，里面却是发给“示例单位20”的表", remedy="请改用发给本单位的表",
        dropped_in="示例单位08",
    ),
    "a period that does not exist": Slip(
        content=changed(_of_period("2023-13", "2023Q5")), remedy="请在封面改正后重报",
        reason="报告期“2023-13”、“2023Q5”不存在",
    ),
    "a period that has not opened": Slip(
        content=changed(_of_period("2023-04", "2023Q2")), remedy="请用本期发放的模板填报",
        reason="2023-04 的 T1、T2、T3、T5、T7、T8 尚未开报；示例单位.. 2023Q2 的 T4、T6、T9 尚未开报$",
    ),
    "a period that is locked": Slip(
        content=changed(_of_period("2023-02", "2022Q4")), remedy="与办公室联系",
        reason="2023-02 的 T1、T2、T3、T5、T7、T8 已过锁定时间.*2022Q4 的 T4、T6、T9 已过锁定时间",
    ),
    "a renamed sheet": Slip(content=changed(_renamed), decision="接收"),
    "inserted rows": Slip(
        content=changed(_row_inserted), decision="接收", finding=("T1", "R01", "B4", "第4、5行是空行，已跳过")
    ),
    "an inserted column": Slip(
        content=changed(_column_inserted), decision="接收", finding=("T1", "S02", "C3", "“联系人备注”不是本表的列.*请写在说明列")
    ),
    "text in a number cell": Slip(
        content=typed("T1", "本期完成", "约三场"), decision="退回", finding=("T1", "C03", "J4", "“约三场”不能读成数字，请只填数字")
    ),
    "an error value": Slip(
        content=typed("T1", "本期完成", "#REF!"), decision="退回", finding=("T1", "E01", "J4", "“#REF!”是错误值.*请直接填写")
    ),
    "full-width digits": Slip(
        content=typed("T1", "本期完成", "１２"), decision="接收", finding=("T1", "R01", "J4", "“１２”按数字12收，请核对")
    ),
    "a date with dots": Slip(
        content=a_policy(出台日期="2023.3.6"), decision="接收", finding=("T3", "R01", "H4", "“2023.3.6”按“2023-03-06”收，请核对")
    ),
}  # fmt: skip
GOOD = "没有问题的.xlsx"


@dataclass(frozen=True)
class Ended:
    """What became of one file: its arrival, decisions by table, findings, parameters of the answers, and the figures of
    本期完成 in sheet order."""

    arrival: Any
    decisions: dict[str, str]
    findings: list[Any]
    answers: list[dict[str, Any]]
    done: list[int]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """Every slip and one good file, all in one run."""
    bureaus = [f"danwei{n:02d}" for n in range(1, len(SLIPS) + 1)]
    kit = make_office(tmp_path_factory.mktemp("office") / "home", (*bureaus, "danwei19", "danwei20"))
    files = [
        (slip.content(kit, org), f"{slip.dropped_in}/{name}.xlsx" if slip.dropped_in else f"{name}.xlsx")
        for (name, slip), org in zip(SLIPS.items(), bureaus, strict=True)
    ]
    kit.drop_in_order([*files, (kit.filled("danwei19"), GOOD)])
    judged = {one.arrival: one for one in kit.collect().judged}
    return {row.name: _ended(kit, row, judged[row.id].decisions) for row in kit.query("select * from arrival")}


def _ended(kit: OfficeKit, arrival: Any, decisions: Any) -> Ended:
    found = "select f.* from finding f join judgement j on j.id = f.judgement where j.arrival = :a"
    answers = kit.query("select params from message where subject like :s", s=f"arrival:{arrival.id}:%")
    done = kit.query("select f.value, f.scale from fact f join sheet_version v on v.id = f.sheet_version"
                     " where v.arrival = :a and f.column_name = '本期完成' order by f.row_uid", a=arrival.id)  # fmt: skip
    return Ended(
        arrival, dict(decisions), kit.query(found, a=arrival.id), [json.loads(a.params) for a in answers],
        [d.value // 10**d.scale for d in done],
    )  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_answered_with_what_to_do_and_holds_nobody_up(name: str, run: dict[str, Ended]) -> None:
    slip, ended = SLIPS[name], run[f"{name}.xlsx"]
    assert len(ended.answers) == 1
    if slip.reason:
        assert ended.arrival.state == "待认领"
        assert ended.decisions == {}
        assert re.search(slip.reason, ended.arrival.reason)
        assert re.search(slip.reason, ended.answers[0]["reason"])
        assert re.search(slip.remedy, ended.answers[0]["remedy"])
    else:
        assert ended.arrival.state == "已判"
        table = slip.finding[0] if slip.finding and slip.finding[0] else "T1"
        assert ended.decisions[table] == slip.decision
        assert {d for t, d in ended.decisions.items() if t != table} == ({"退回"} if slip.dropped_in else {"接收"})
    if slip.finding:
        _check_finding(slip, ended)


def _check_finding(slip: Slip, ended: Ended) -> None:
    """It is on record at its cell, and told to the sender."""
    assert slip.finding is not None
    table, rule, cell, message = slip.finding
    (found,) = [f for f in ended.findings if (f.table_id, f.rule, f.cell) == (table, rule, cell)]
    assert re.search(message, found.message)
    answer = ended.answers[0]
    told = [p["message"] for p in answer["problems"]] if slip.decision == "退回" else answer["notes"]
    assert any(found.message in line for line in told)


def test_the_good_file_of_the_same_run_is_accepted_whole(run: dict[str, Ended]) -> None:
    assert run[GOOD].decisions == dict.fromkeys(TABLES, "接收")


def test_every_sentence_is_chinese_and_none_is_a_traceback(run: dict[str, Ended]) -> None:
    sentences = [f.message for one in run.values() for f in one.findings]
    sentences += [one.arrival.reason for one in run.values() if one.arrival.reason]
    assert len(sentences) >= len(SLIPS) - 1  # a renamed sheet is nothing to tell
    for sentence in sentences:
        assert re.search("[一-鿿]{3}", sentence), sentence
        assert not re.search("Traceback|Error\\b|Exception|None", sentence), sentence


@pytest.mark.parametrize("name", ["a renamed sheet", "inserted rows", "an inserted column"])
def test_what_was_moved_or_renamed_is_read_where_it_is_now(name: str, run: dict[str, Ended]) -> None:
    assert run[f"{name}.xlsx"].done == run[GOOD].done == [3, 3]


def test_full_width_digits_are_taken_as_the_number_they_show(run: dict[str, Ended]) -> None:
    assert run["full-width digits.xlsx"].done == [12, 3]
