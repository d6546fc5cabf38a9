"""Word → PDF through LibreOffice where it is installed: tagged, with a profile of its own, a time limit, and one
conversion at a time. YAOXUN_SOFFICE names another soffice; empty, it is not used though it is there.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yaoxun.errors import OutsideError

_SECONDS = 120
_FILTER = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
NOT_INSTALLED = "没有安装 LibreOffice"


def find_soffice() -> str | None:
    """The program, or None where there is none or none is wanted."""
    given = os.environ.get("YAOXUN_SOFFICE")
    return shutil.which("soffice" if given is None else given) if given != "" else None


def to_pdf(docx: bytes, workplace: Path, *, seconds: float = _SECONDS) -> bytes:
    """The document as a tagged PDF. `workplace` is a folder that keeps LibreOffice's profile and the lock between
    conversions. Raises OutsideError where LibreOffice is not installed, fails or takes longer than `seconds`."""
    soffice = find_soffice()
    if soffice is None:
        raise OutsideError(
            f"{NOT_INSTALLED}，不能转成 PDF。", "请安装 LibreOffice（Debian：apt install libreoffice-writer）。"
        )
    workplace.mkdir(parents=True, exist_ok=True)
    with _alone(workplace), tempfile.TemporaryDirectory(dir=workplace) as folder:
        source = Path(folder) / "document.docx"
        source.write_bytes(docx)
        said = _run(soffice, source, workplace / "profile", seconds)
        made = source.with_suffix(".pdf")
        if not made.is_file():
            remedy = "请用 Word 或 LibreOffice 打开这个文件看看；确实打得开，再试一次。"
            raise OutsideError(f"LibreOffice 没有转成 PDF。{said.strip()[:200]}", remedy)
        return made.read_bytes()


@contextmanager
def _alone(workplace: Path) -> Iterator[None]:
    """Two LibreOffices with one profile: the second ends at once and has converted nothing."""
    with (workplace / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(soffice: str, source: Path, profile: Path, seconds: float) -> str:
    command = [soffice, f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--norestore",
               "--convert-to", _FILTER, "--outdir", str(source.parent), str(source)]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as err:
            os.killpg(process.pid, signal.SIGKILL)  # soffice is a script: its child does the work
            process.communicate()
            raise OutsideError(
                f"LibreOffice 转 PDF 超过 {seconds:g} 秒，已停止。", "请稍后再试；反复如此，请重启电脑。"
            ) from err
    return said.decode("utf-8", "replace")
