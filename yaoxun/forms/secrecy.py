"""C14: a mark of secrecy stops a file at the door. Only whole cells are looked at, as in 秘密★1年; prose about secrecy
does not count."""

import re

from yaoxun.forms.findings import at
from yaoxun.forms.model import Finding
from yaoxun.sheets.model import RawWorkbook

_MARK = re.compile(r"(密级[:：])?(绝密|机密|秘密)([★☆*].{0,12})?")


def secrecy_mark(raw: RawWorkbook) -> Finding | None:
    """The first cell that marks the file 秘密 or above; None for none."""
    for sheet in raw.sheets:
        for cell in sheet.cells.values():
            if isinstance(cell.value, str) and len(cell.value) < 40 and "密" in cell.value:
                text = re.sub(r"\s", "", cell.value)
                if _MARK.fullmatch(text):
                    message = f"这里标有“{text}”。涉密内容不得通过本系统报送，请按保密规定另行报送，并删除本件。"
                    return at("C14", sheet.name, cell.address, message, found=text)
    return None
