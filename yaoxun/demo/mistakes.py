"""What goes wrong in March, as it does in offices: wrong types, gaps, words from no list, a total that falls; then what is
put right, and what is not. Also two files that are no workbooks.
"""

from yaoxun.demo.hands import Workbook
from yaoxun.demo.story import WRONG_PRODUCTS

FAULTS = ("T1", "T2", "T3", "T5")  # tables that spoil() gets returned
STILL_FAULTY = "T1"  # the one that is returned again
REASON = "季节性因素：本月未安排，四月集中办理"
NO_WORKBOOK_NAME = "三月报送表.xlsx"
NO_WORKBOOK = "各位领导：三月份报送表稍后补上，先发本说明占个位置。（示例）\r\n".encode("gb18030")
OLD_FORMAT_NAME = "三月报送表（旧版）.xls"
OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def spoil(book: Workbook) -> None:
    """Faults in four tables: C03 and K02 in T1, C02 in T2, C05 in T3, T5-01 in T5. T7 stays good."""
    first, second = book.printed_rows("T1")[:2]
    book.type("T1", first, {"本期完成": "约3场"})
    book.type("T1", second, {"本期完成": 1, "更正": -2})
    book.type("T2", book.printed_rows("T2")[0], {"本期进展": None})
    newest = list(book.written_rows("T3"))[-1]
    book.type("T3", newest, {"层级": "市直"})
    book.type("T5", next(iter(book.written_rows("T5"))), {"进度": 120, "状态": "推进中", "完成日": None})


def mend_most(book: Workbook) -> None:
    """In the marked-up copy: everything is put right but the correction without a reason."""
    book.type("T1", book.printed_rows("T1")[0], {"本期完成": 3})
    book.type("T2", book.printed_rows("T2")[0], {"本期进展": "召开推进会1次，逐项明确责任和时限"})
    book.type("T3", list(book.written_rows("T3"))[-1], {"层级": "市"})
    book.type("T5", next(iter(book.written_rows("T5"))), {"进度": 90})


def fall_to_zero(book: Workbook) -> None:
    """A figure that was there every month is 0, and nobody says why (C08)."""
    book.type("T1", book.printed_rows("T1")[0], {"本期完成": 0})


def explain(book: Workbook) -> None:
    """The same with the reason beside it."""
    book.type("T1", book.printed_rows("T1")[0], {"说明": REASON})


def miscount(book: Workbook) -> None:
    """One kind of posters too many; the corrected version says the right number."""
    for spot in book.written_rows("T7"):
        if book.read("T7", spot, "产品种类"):
            book.type("T7", spot, {"产品种类": WRONG_PRODUCTS})
