"""A workbook of our own that the zygote reads before the first foreign one: code that has run before the fork runs in half
the time in every child. Nothing foreign is read here.
"""

import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yaoxun.sheets.codec import read_plain
from yaoxun.sheets.model import column_letters

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ROWS, _COLUMNS, _TIMES = 60, 14, 4


def rehearse(limits: Mapping[str, Any]) -> None:
    """Read a workbook that holds a bit of everything, a few times."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rehearsal.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in _parts().items():
                package.writestr(name, content)
        for _ in range(_TIMES):
            json.dumps(read_plain(str(path), limits), ensure_ascii=False)


def _parts() -> dict[str, str]:
    kinds = {"workbook": "sheet.main", "styles": "styles", "sharedStrings": "sharedStrings", "sheet": "worksheet"}
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_KIND}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{part}.xml"/>'
        for n, (kind, part) in enumerate(
            [("worksheet", "sheet"), ("styles", "styles"), ("sharedStrings", "sharedStrings")]
        )
    )
    main = f'<Relationship Id="r0" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    formats = '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{_PACKAGE.removeprefix("http://")}"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{main}</Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="排练" sheetId="1" r:id="r0"/>'
        "</sheets></workbook>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts><numFmt numFmtId="164" formatCode="#,##0.00"/></numFmts>'
        f"<cellXfs>{formats}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">' + "<si><t>甲&amp;乙</t></si>" * _COLUMNS + "</sst>",
        "xl/sheet.xml": f'<worksheet xmlns="{_MAIN}"><cols><col min="1" max="1" hidden="1"/></cols><sheetData>'
        + "".join(_row(n) for n in range(1, _ROWS + 1))
        + '</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>',
    }


def _row(number: int) -> str:
    cells = (
        '<c r="{0}" t="s"><v>3</v></c>', '<c r="{0}"><v>{1}.5</v></c>', '<c r="{0}" s="1"><v>45{1}</v></c>',
        '<c r="{0}" t="str"><f>IF(A1&lt;3,1,2)</f><v>甲{1}</v></c>', '<c r="{0}" s="2"/>',
    )  # fmt: skip
    filled = (
        cells[col % len(cells)].format(f"{column_letters(col + 1)}{number}", 100 + number) for col in range(_COLUMNS)
    )
    return f'<row r="{number}">{"".join(filled)}</row>'
