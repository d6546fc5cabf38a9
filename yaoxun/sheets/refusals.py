"""Every sentence with which a file is refused, in one place, and the exception that carries one out of a parser.

What a refused file looks like to the office or its sender (receipts, findings) is not said here.
"""

from yaoxun.sheets.model import Refusal

_RESAVE = "请用 WPS 或 Excel 打开，另存为 .xlsx 后重报"
_WHOLE = "请重新保存，确认能打开后再报；用邮件或网盘传送的，请重传一次"
_SHRINK = "请删去与报表无关的内容，另存为 .xlsx 后重报"
_OTHER = "请报送下发的 .xlsx 报表"

_SENTENCES: dict[str, tuple[str, str]] = {
    # What the file is, when it is no workbook that we read.
    "missing": ("文件不在原处，可能刚被移走或改名", "请重新放入后再报"),
    "empty": ("文件是空的，一个字节也没有", _WHOLE),
    "too_large": ("文件有 {mb} MB，超过 {limit} MB 的上限", "请删去图片等与报表无关的内容后重报"),
    "xlsb": ("文件是 Excel 二进制工作簿（.xlsb）", _RESAVE),
    "password": (
        "文件设了打开密码，读不了",
        "请用 WPS（“文件→文档加密→密码加密”）或 Excel（“文件→信息→保护工作簿→用密码进行加密”）打开，把密码清空，保存后重报",
    ),
    "password_xls": (
        "旧版工作簿加了密（设了打开密码，或保护过工作簿的结构），读不了",
        "请用 WPS 或 Excel 打开，取消打开密码和“审阅”里的保护工作簿，另存为 .xlsx 后重报",
    ),
    "zip_password": ("压缩包加了密码，读不了", "请取消密码，报送其中的 .xlsx 报表"),
    "ole": ("文件是旧版 Office 文档，不是电子表格", _OTHER),
    "doc": ("文件是 Word 文档，不是电子表格", "表格请报送下发的 .xlsx；文字材料请作为附件另报"),
    "ppt": ("文件是演示文稿，不是电子表格", _OTHER),
    "archive": ("文件是压缩包", "请解压后把里面的 .xlsx 报表单独报来"),
    "pdf": ("文件是 PDF，不是电子表格", "请报送 .xlsx 报表；盖章扫描件请作为附件另报"),
    "ofd": ("文件是 OFD 版式文件，不是电子表格", "请报送 .xlsx 报表；盖章件请作为附件另报"),
    "image": ("文件是图片，不是电子表格", "请报送 .xlsx 报表；盖章扫描件请作为附件另报"),
    "archive_empty": ("压缩包里没有文件", "请重新压缩，确认里面有 .xlsx 报表后再报"),
    "archive_too_many": ("压缩包里有 {n} 个文件，超过 {limit} 个的上限", "请分几次报送，或只压缩 .xlsx 报表"),
    "archive_member_too_large": (
        "压缩包里的“{name}”超过 {limit} MB 的上限",
        "请删去图片等与报表无关的内容，重新压缩后再报",
    ),
    "html": ("文件是网页，里面没有表格", _OTHER),
    "text": ("文件是纯文本，不是电子表格", _OTHER),
    "mail": ("文件是一封邮件，不是电子表格", "请把邮件里的报表另存出来，单独报送"),
    "csv_encoding": ("文本既不是 UTF-8、UTF-16，也不是 GB18030 编码，读不出来", _RESAVE),
    "csv_control": ("文本第 {n} 行有不能读的字符", _RESAVE),
    "unknown": ("认不出这是什么文件", _OTHER),
    # A workbook that is damaged, or made to do harm.
    "truncated": ("文件不完整，后面缺了一截", "文件不完整，请重新保存后再报"),
    "broken": ("文件已损坏：{what}", _WHOLE),
    "unsafe": ("文件内部结构不正常：{what}", _RESAVE),
    # A workbook beyond the limits.
    "bomb": ("文件解开后大得不正常（{what}）", _SHRINK),
    "too_many_sheets": ("工作表有 {n} 张，超过 {limit} 张的上限", _SHRINK),
    "too_many_cells": ("有内容的单元格超过 {limit} 个（到工作表“{sheet}”为止）", _SHRINK),
    "too_many_tags": (
        "内容多得不正常（到{where}为止），多半是格式刷到了表格下方成片的空白行",
        "请选中表格下方的全部空白行并删除，另存为 .xlsx 后重报",
    ),
    "too_far": (
        "工作表“{sheet}”的 {cell} 单元格有内容，超出可读的范围（到第 {max_row} 行、第 {max_col} 列为止）",
        "请删去这一格的内容；不是有意填写的，请删除它所在的整行或整列后重报",
    ),
    "too_many_merges": ("工作表“{sheet}”的合并单元格超过 {limit} 处", "请取消不必要的合并后重报"),
    "merged_too_wide": (
        "工作表“{sheet}”的合并区域 {ref} 太大（合并的格子合计超过 {limit} 个）",
        "请取消这一处合并（整行、整列、整张表不能合并）后重报",
    ),
    "too_many_styles": (
        "单元格样式有 {n} 种，超过 {limit} 种的上限",
        "请把内容复制到下发的报表中（选择性粘贴“数值”）后重报",
    ),
    "text_too_long": ("{where}的文字超过 {limit} 个字", "请删短后重报"),
    "too_much_text": ("全部单元格的文字合计超过 {limit} 个字", _SHRINK),
    # What happened in the child.
    "too_slow": ("读这个文件用了太长时间，已停止", "请删去表格下方的空白行和无关内容，另存为 .xlsx 后重报"),
    "too_much_memory": ("读这个文件需要的内存超过上限，已停止", _SHRINK),
    "result_too_large": ("这个文件读出的内容超过上限", _SHRINK),
    "died": ("读这个文件时程序意外停止", _RESAVE + "；仍然不行请联系收表的办公室"),
    "failed": ("读这个文件时程序出错，详情已记入日志", _RESAVE + "；仍然不行请联系收表的办公室"),
}

CODES = frozenset(_SENTENCES)


class Unreadable(Exception):
    """Carries a Refusal from the depth of a parser to the room's public face, and never further."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


def refusal(code: str, **details: object) -> Refusal:
    """The refusal of this code; `details` fill the blanks of its sentence, each cut to 80 characters."""
    sentence, remedy = _SENTENCES[code]
    shown = {key: _printable(str(value)) for key, value in details.items()}
    return Refusal(code, sentence.format_map(shown) + "。", remedy + "。")


def unreadable(code: str, **details: object) -> Unreadable:
    """The refusal as an exception, to be raised."""
    return Unreadable(refusal(code, **details))


def _printable(text: str) -> str:
    # A hostile sheet name must not bring line breaks, direction marks or a megabyte into a message.
    kept = "".join(ch for ch in text[:81] if ch.isprintable())
    return kept if len(kept) <= 80 else kept[:79] + "…"
