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
from contextlib import contextmanager, suppress
from pathlib import Path

from yaoxun.errors import OutsideError

_SECONDS = 120
_FILTER = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
NOT_INSTALLED = "没有安装 LibreOffice"
# A document may be anyone's: no macro runs, and nothing that it links to is fetched.
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Writer/Content/Update", "Link", "0"),
)


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
        _settle(workplace / "profile")
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


def _settle(profile: Path) -> None:
    """Our settings, before LibreOffice makes the profile; then it keeps them itself."""
    settings = profile / "user" / "registrymodifications.xcu"
    if settings.exists():
        return
    settings.parent.mkdir(parents=True, exist_ok=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    settings.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>\n',
        encoding="utf-8",
    )


def _run(soffice: str, source: Path, profile: Path, seconds: float) -> str:
    command = [soffice, f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--norestore",
               "--convert-to", _FILTER, "--outdir", str(source.parent), str(source)]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as err:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # soffice is a script: its child does the work
            process.communicate()
            raise OutsideError(
                f"LibreOffice 转 PDF 超过 {seconds:g} 秒，已停止。", "请稍后再试；反复如此，请重启电脑。"
            ) from err
    return said.decode("utf-8", "replace")


@contextmanager
def place_below(data: Path) -> Iterator[Path]:
    """A workplace for `to_pdf`: kept below an office's data, or for the time being where there is no office."""
    if data.is_dir():
        yield data / "libreoffice"
    else:
        with tempfile.TemporaryDirectory(prefix="yaoxun-") as folder:
            yield Path(folder)
