"""The list of organisations that a new office has: from a workbook or CSV whose columns are known by their headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yaoxun.errors import RequestError
from yaoxun.home import shipped
from yaoxun.mail_address import is_mail
from yaoxun.sheets.limits import load_limits
from yaoxun.sheets.model import RawSheet, Refusal
from yaoxun.sheets.sandbox import Sandbox

USUAL_KIND = "成员单位"
KIND_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("县区", "区县", "区", "县市区", "县（市、区）", "县(市、区)", "县级", "县级市", "旗"), "县"),
    **dict.fromkeys(
        ("部门", "局", "委办局", "委局", "市直部门", "市直单位", "市直", "直属部门", "直属单位", "本级"), "本级部门"
    ),
    **dict.fromkeys(("经开区", "高新区", "功能区", "园区", "管委会"), "开发区"),
    **dict.fromkeys(("成员", "联席会议成员单位"), "成员单位"),
    **dict.fromkeys(("地市", "地级市", "州", "市州", "设区市"), "市"),
}
"""Words that lists use → the kind that they stand for."""
_HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("单位名称", "单位全称", "名称", "全称", "单位", "机构名称", "填报单位"),
    "short": ("简称", "规范简称", "单位简称"),
    "kind": ("类别", "单位类别", "类型", "单位类型", "性质"),
    "code": ("代码", "单位代码", "编码", "单位编码"),
    "mail": ("邮箱", "电子邮箱", "联系邮箱", "邮件", "电子邮件", "联系人邮箱", "A岗邮箱", "email", "e-mail"),
    "second": ("备用邮箱", "B岗邮箱", "第二邮箱"),
}
_LOOK_FOR_HEADER = 15
_LONGEST_KIND = 12
_TOTALS = ("合计", "总计", "小计")


@dataclass(frozen=True, kw_only=True)
class NewOrganisation:
    """One line of the list; `code` '' is to be made."""

    name: str
    short: str = ""
    kind: str = USUAL_KIND
    code: str = ""
    mail: str = ""
    second: str = ""


def read_organisations(file: Path) -> tuple[NewOrganisation, ...]:
    """The organisations of a file, in its order. Raises RequestError naming the row of what cannot be taken."""
    with Sandbox(load_limits(shipped("config"))) as sandbox:
        raw = sandbox.open(file)
    if isinstance(raw, Refusal):
        raise RequestError(f"{file.name}：{raw.sentence}", raw.remedy)
    for sheet in raw.sheets:
        for row in range(1, min(sheet.max_row, _LOOK_FOR_HEADER) + 1):
            columns = _columns(sheet, row)
            if "name" in columns:
                return _with_codes(file, [_one(file, sheet, n, columns) for n in _rows(sheet, row, columns)])
    raise RequestError(
        f"{file.name} 里没有找到“单位名称”这一列。", "请在表头写上 单位名称，另可写 简称、类别、代码、邮箱。"
    )


def _text(sheet: RawSheet, row: int, col: int | None) -> str:
    cell = sheet.get(row, col) if col else None
    return "" if cell is None else " ".join(str(cell.value).split())


def _columns(sheet: RawSheet, row: int) -> dict[str, int]:
    """Column numbers by what they hold, as far as a row is a row of headers."""
    found: dict[str, int] = {}
    for col in range(1, sheet.max_col + 1):
        header = _text(sheet, row, col).replace(" ", "").lower().rstrip("*＊")
        for what, words in _HEADERS.items():
            if header in {word.lower() for word in words}:
                found.setdefault(what, col)
    return found


def _rows(sheet: RawSheet, header: int, columns: Mapping[str, int]) -> list[int]:
    names = {row: _text(sheet, row, columns["name"]) for row in range(header + 1, sheet.max_row + 1)}
    return [row for row, name in names.items() if name and name not in _TOTALS]


def _one(file: Path, sheet: RawSheet, row: int, columns: Mapping[str, int]) -> NewOrganisation:
    given = {what: _text(sheet, row, col) for what, col in columns.items()}
    written = given.pop("kind", "").replace(" ", "") or USUAL_KIND
    kind = KIND_WORDS.get(written, written)  # any other word is a kind of its own: 乡镇, 街道, 县直部门
    if len(kind) > _LONGEST_KIND or not kind.isidentifier():
        raise RequestError(
            f"{file.name} 第 {row} 行：“{kind}”不像单位类别。",
            f"类别写一个短词，如 乡镇、街道、县直部门、县、本级部门，只用汉字、字母、数字；也可空着（算{USUAL_KIND}）。",
        )
    for what in ("mail", "second"):
        if given.get(what) and not is_mail(given[what]):
            raise RequestError(
                f"{file.name} 第 {row} 行：“{given[what]}”不是邮件地址。", "请写成 名字@域名，一格一个。"
            )
    return NewOrganisation(**given, kind=kind)


def _with_codes(file: Path, found: list[NewOrganisation]) -> tuple[NewOrganisation, ...]:
    if not found:
        raise RequestError(f"{file.name} 里一家单位也没有。", "请在表头下面一行写一家单位。")
    for what, words in (("name", "名称"), ("code", "代码")):
        values = [value for one in found if (value := getattr(one, what))]
        twice = next((value for value in values if values.count(value) > 1), "")
        if twice:
            raise RequestError(f"{file.name} 里单位{words}“{twice}”写了两次。", "请改正其中一家。")
    return tuple(found)
