"""Renews the pictures of the staff guide from a demo's home: `make demo && make pictures`.

Needs LibreOffice (soffice), poppler (pdftoppm) and ImageMagick (convert); nothing else in the project does. Every
picture is a sheet as the program wrote it, with row and column headings as on the screen, or a page of the bulletin.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples" / "就业服务汇总.xlsx"
NOW, PERIOD, RETURNED = "2023-04-06T09:00", "2023-03", "示例单位12"
# 130 dots an inch and 48 colours keep Chinese at 10 pt legible and each picture under 150 kB.
DPI, COLOURS = "130", "48"


def main(home: Path) -> None:
    """Write all pictures from `home`, the folder that `make demo` left."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        board, tried = folder / "board.xlsx", folder / "tried.xlsx"
        _yaoxun("status", "--home", str(home), "--period", PERIOD, "--now", NOW, "--xlsx", str(board))
        _yaoxun("forms", "try", str(EXAMPLE), "--copy", str(tried))
        issued = _only(home / "data" / "发", f"{PERIOD}*/{RETURNED}-*.xlsx")
        returned = sorted((home / "data" / "回" / RETURNED).glob("*审核意见-*.xlsx"))[0]
        for picture, book, sheet, area in (
            ("issued", issued, "T1 措施推进表", "B1:O7"),
            ("returned", returned, "T1 措施推进表", "B1:L7"),
            ("opinions", returned, "审核意见", "A1:H9"),
            ("board", board, f"报送情况 {PERIOD}", "A1:G40"),
            ("tried", tried, "汇总", "A1:H10"),
        ):
            _draw(_as_on_screen(book, sheet, area, folder / f"{picture}.xlsx"), HERE / f"{picture}.png", folder)
        _draw(_only(home / "data" / "稿", "*〔*〕第*期.docx"), HERE / "bulletin.png", folder)
        _draw(_only(home / "data" / "稿", "草稿-季度通报-*.docx"), HERE / "circular.png", folder, page=4)


def _as_on_screen(book: Path, sheet: str, area: str, out: Path) -> Path:
    """A copy with the one sheet, whose area fits a page and shows grid and headings."""
    workbook = openpyxl.load_workbook(book)
    for one in workbook.worksheets:
        if one.title != sheet:
            workbook.remove(one)
    shown = workbook[sheet]
    shown.print_area, shown.print_title_rows = area, None
    shown.print_options.gridLines = shown.print_options.headings = True
    shown.page_setup.orientation, shown.page_setup.scale = "landscape", None
    shown.sheet_properties.pageSetUpPr.fitToPage = True
    shown.page_setup.fitToWidth = shown.page_setup.fitToHeight = 1
    shown.oddHeader.center.text = shown.oddFooter.center.text = ""
    workbook.save(out)
    return out


def _draw(file: Path, out: Path, folder: Path, *, page: int = 1) -> None:
    """A page of a workbook or document, without its margins."""
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/office"]
    _run(*office, "--convert-to", "pdf", "--outdir", str(folder), str(file))
    drawn = folder / "page"
    pages = ["-f", str(page), "-l", str(page), "-singlefile"]
    _run("pdftoppm", "-png", "-r", DPI, *pages, str(folder / f"{file.stem}.pdf"), str(drawn))
    _run(
        "convert", f"{drawn}.png", "-trim", "+repage", "-bordercolor", "white", "-border", "8", "+dither",
        "-colors", COLOURS, "-strip", f"PNG8:{out}",
    )  # fmt: skip
    sys.stdout.write(f"{out.name}  {out.stat().st_size // 1000} kB\n")


def _yaoxun(*words: str) -> None:
    _run(sys.executable, "-m", "yaoxun", *words)


def _only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo-home").resolve())
