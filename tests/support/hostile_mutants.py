"""Damage by seeded chance to good files of every format: bytes turned, swapped, cut out and put in, in the file as it lies
and within the XML of a package that is then packed again with right checksums, so that the parsers are really reached.
"""

import io
import random
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from support import sheets_biff_builder as biff
from support.hostile_build import chance
from support.sheets_other_builders import cell, data, number, ods, page, row, xml2003
from support.sheets_other_builders import table as ods_table

_PIECES = (
    b"<", b">", b'"', b"'", b"</", b"/>", b"<!--", b"<![CDATA[", b"]]>", b"<?x", b"&", b"&#0;", b"&lt;", b";", b"=", b"\0", b"\xff",
    b"-1", b"1e999", b"999999999999", b"NaN", b"\n", b",", b"\xef\xbb\xbf", b'<row r="2">', b'<c r="A1" t="s">', b"<v>", b"</c>",
    b'<f t="shared" si="0">', b'<mergeCell ref="A1:B9"/>', b"<table:table-row>", b' table:number-columns-repeated="9999999"',
    b"<tr>", b"<td colspan=99999>", b"</Row>", b" ss:Index='3'", b"[", b"(", b"of:=", b"x" * 300, b"\xd0\xcf\x11\xe0", b"PK\x03\x04",
)  # fmt: skip


def good_files() -> dict[str, bytes]:
    """A good file of each format, small enough that a change meets something that matters."""
    return {
        "xlsx": good_workbook(), "xls": _old(), "ods": _open_document(), "csv": "单位,数\n甲,3\n\"乙\n\",4\n".encode() * 9,
        "html": page("<table><tr><td rowspan=2>甲<br>乙<td colspan=2>1</tr><tr style='display:none'><th>丙</table>" * 3),
        "mhtml": b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        + page("<table><tr><td>甲<td>1</table>") + b"\r\n--b--",
        "xml2003": _xml2003(), "zip": _packed({"一.xlsx": good_workbook(), "夹/二.xls": _old()}),
    }  # fmt: skip


def good_workbook() -> bytes:
    """Two sheets with every feature that the reader looks at."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page, hidden = book.add_worksheet("表"), book.add_worksheet("藏")
    hidden.hide()
    hidden.write(8, 3, "甲")
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    page.merge_range("A1:D1", "示例市汇总表")
    for r in range(1, 25):
        page.write_string(r, 0, f"单位{r}")
        page.write_number(r, 1, r * 1.1)
        page.write_number(r, 2, 45_000 + r, date)
        page.write_formula(r, 3, f"=B{r + 1}*2", None, r * 2.2)
    page.write_rich_string(26, 0, "甲", book.add_format({"bold": True}), "乙", "丙")
    page.write_boolean(26, 1, True)
    page.write_formula(26, 2, "=1/0", None, "#DIV/0!")
    page.write_array_formula("D27:D28", "{=SUM(B2:B9*2)}", None, 7)
    page.set_row(4, None, None, {"hidden": True})
    page.set_column(4, 5, None, None, {"hidden": True})
    page.write_comment("A2", "说明")
    page.data_validation("B2:B9", {"validate": "decimal", "criteria": ">", "value": 0})
    book.close()
    return out.getvalue()


def _old() -> bytes:
    cells = (
        biff.label(0, 0, "示例表")
        + biff.number(1, 1, 45_022.5, biff.DATE)
        + biff.boolean(2, 0, True)
        + biff.error(2, 1, 7)
    )
    cells += biff.formula(3, 0, biff.exp(3, 0), struct.pack("<d", 4))
    cells += biff.shared(3, 4, 0, biff.relative(0, 1) + biff.whole(2) + biff.TIMES)
    cells += biff.hidden_row(1) + biff.hidden_cols(2, 3) + biff.merged((0, 0, 0, 3))
    return biff.ole(biff.stream([("表", 0, cells), ("藏", 1, biff.label(5, 5, "远"))]))


def _open_document() -> bytes:
    rows = row(cell("题", table__number_columns_spanned=3)) + row(cell(), number(7, table__number_columns_repeated=2))
    rows += row(number(6, table__formula="of:=SUM([.A1:.B2];[$表.C3])"), number_rows_repeated=3)
    rows += row(cell("x", office__value_type="date", office__date_value="2023-04-06"), visibility="collapse")
    with TemporaryDirectory() as folder:
        return ods(Path(folder, "a"), ods_table(rows))


def _xml2003() -> bytes:
    rows = f"<Row ss:Index='2'>{data('String', '题', MergeAcross='2')}{data('DateTime', '2023-04-06T00:00:00')}</Row>"
    return xml2003({"表": rows + f"<Row ss:Hidden='1'>{data('Number', '6', Formula='=SUM(R[-1]C)')}</Row>"})


def _packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def truncations(times: int) -> Iterator[tuple[str, bytes]]:
    """The good workbook cut at so many places, from its first byte to its last but one."""
    whole = good_workbook()
    for n in range(times):
        at = 1 + n * (len(whole) - 2) // max(1, times - 1)
        yield f"cut at {at} of {len(whole)}", whole[:at]


def mutants(times: int, first: int = 0) -> Iterator[tuple[str, bytes]]:
    """So many damaged files, all formats in turn; the same ones for the same numbers."""
    good = good_files()
    kinds = [*good, "xlsx inside", "ods inside", "xlsx inside"]
    for n in range(first, first + times):
        kind, dice = kinds[n % len(kinds)], chance(n)
        whole = good[kind.partition(" ")[0]]
        changed = inside(dice, whole) if kind.endswith("inside") else damaged(dice, whole)
        yield f"mutant {n} of {kind}", changed


def inside(dice: random.Random, package: bytes) -> bytes:
    """One or two XML parts damaged, and the package sound again."""
    with zipfile.ZipFile(io.BytesIO(package)) as read:
        members = {info.filename: read.read(info) for info in read.infolist()}
    for name in dice.sample(sorted(members), k=dice.choice((1, 1, 2))):
        members[name] = damaged(dice, members[name])
    return _packed(members)


def damaged(dice: random.Random, whole: bytes) -> bytes:
    """One to four changes."""
    changed = bytearray(whole)
    for _ in range(dice.randint(1, 4)):
        dice.choice(_DAMAGES)(dice, changed)
    return bytes(changed)


def _place(dice: random.Random, whole: bytearray) -> int:
    return dice.randrange(max(1, len(whole)))


def _turn(dice: random.Random, whole: bytearray) -> None:
    for _ in range(dice.randint(1, 6)):
        if whole:
            whole[_place(dice, whole)] = dice.randrange(256)


def _cut(dice: random.Random, whole: bytearray) -> None:
    at = _place(dice, whole)
    del whole[at : at + dice.choice((1, 2, 7, 60, 500))]


def _swap(dice: random.Random, whole: bytearray) -> None:
    size, one, other = dice.choice((1, 4, 30)), _place(dice, whole), _place(dice, whole)
    whole[one : one + size], whole[other : other + size] = whole[other : other + size], whole[one : one + size]


def _put(dice: random.Random, whole: bytearray) -> None:
    at = _place(dice, whole)
    whole[at:at] = dice.choice(_PIECES)


def _repeat(dice: random.Random, whole: bytearray) -> None:
    at = _place(dice, whole)
    piece = bytes(whole[at : at + dice.choice((3, 40, 400))])
    whole[at:at] = piece * dice.choice((1, 3, 50))


_DAMAGES = (_turn, _cut, _swap, _put, _repeat)
