"""LibreOffice without a window: files saved by it in another format, and what its formats are known to write otherwise."""

import subprocess
from pathlib import Path
from typing import Any

from yaoxun.sheets.model import RawCell

CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def saved_as(profile: Path, source: Path, kind: str, *more: Path) -> Path:
    """The folder with what LibreOffice makes of a file, and of more of them in the same run."""
    out = source.parent / kind.partition(":")[0]
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", out, source, *more], check=True, capture_output=True, timeout=120)
    return out


def known(cell: RawCell, formula_told: bool) -> tuple[Any, ...]:
    """A cell without what the formats are known to write otherwise: TRUE for TRUE(), and in .xls the text of a formula with
    a broken reference, which xlrd cannot tell."""
    formula = cell.formula
    if formula is not None:
        formula = formula.replace("TRUE()", "TRUE").replace("FALSE()", "FALSE") if formula_told else "?"
    return cell.kind, cell.value, formula
