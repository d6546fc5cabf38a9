"""Builders of workbooks, sound and otherwise: the ordinary case in one call, each oddity one argument away."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def sheet(rows: str = '<row r="1"><c r="A1"><v>7</v></c></row>', after: str = "", before: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def content_types(main: str = f"{TYPES}.sheet.main+xml", part: str = "/xl/workbook.xml") -> str:
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="{part}" ContentType="{main}"/></Types>'
    )


def styles(*formats: str | int) -> str:
    """A style for each format: a code, or the number of a built-in one. Style 0 is plain."""
    codes = "".join(
        f'<numFmt numFmtId="{164 + i}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for i, code in enumerate(formats)
        if isinstance(code, str)
    )
    ids = [0, *(164 + i if isinstance(code, str) else code for i, code in enumerate(formats))]
    xfs = "".join(f'<xf numFmtId="{number}"/>' for number in ids)
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellXfs>{xfs}</cellXfs></styleSheet>'


def shared_strings(*items: str) -> str:
    return f'<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def parts(
    *sheets: str,
    workbook_pr: str = "",
    entries: str | None = None,
    sst: str | None = None,
    style: str | None = None,
    extra: Mapping[str, str | bytes | None] | None = None,
) -> dict[str, str | bytes]:
    """The parts of a workbook; in `extra`, None takes a part away."""
    sheets = sheets or (sheet(),)
    listed = entries or "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(sheets) + 1))
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{RELS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    relations += f'<Relationship Id="s" Type="{RELS}/styles" Target="styles.xml"/>' if style else ""
    relations += f'<Relationship Id="t" Type="{RELS}/sharedStrings" Target="/xl/sharedStrings.xml"/>' if sst else ""
    found: dict[str, str | bytes | None] = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE_RELS}"><Relationship Id="a" Type="{RELS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}">{workbook_pr}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE_RELS}">{relations}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(sheets, 1)},
        "xl/styles.xml": style,
        "xl/sharedStrings.xml": sst,
        **(extra or {}),
    }
    return {name: content for name, content in found.items() if content is not None}


def write(path: Path, content: Mapping[str, str | bytes], *, again: tuple[str, ...] = ()) -> Path:
    """Zip the parts; the parts named in `again` are written a second time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name in [*content, *again]:
            package.writestr(name, content[name])
    return path


def workbook(path: Path, *sheets: str, **options: object) -> Path:
    """A file in one call; see `parts` for the options."""
    return write(path, parts(*sheets, **options))  # type: ignore[arg-type]
