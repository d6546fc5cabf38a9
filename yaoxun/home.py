"""A home (办公室目录): the folder with an office's config/, report_templates/ and data/.

Only paths live here. A clone is a home; YAOXUN_HOME names another. Where a home has no config/ or no
report_templates/ of its own, the shipped sample office answers, from the clone or from the installed wheel.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from yaoxun.errors import RequestError

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The shipped folder `config` or `report_templates`: beside the package in a clone, inside it in a wheel."""
    inside = _PACKAGE / "shipped" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


@dataclass(frozen=True)
class Home:
    """Paths of one office; nothing is created by asking for them."""

    root: Path

    @property
    def config(self) -> Path:
        own = self.root / "config"
        return own if own.is_dir() else shipped("config")

    @property
    def templates(self) -> Path:
        own = self.root / "report_templates"
        return own if own.is_dir() else shipped("report_templates")

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def blobs(self) -> Path:
        return self.data / "blobs"

    @property
    def installation(self) -> Path:
        """data/installation: the identity of this place (see store/installation.py)."""
        return self.data / "installation"

    @property
    def issued(self) -> Path:
        """发/: issued templates, one folder a window."""
        return self.data / "发"

    @property
    def inbox(self) -> Path:
        """收/: where filled workbooks are dropped."""
        return self.data / "收"

    @property
    def pickup(self) -> Path:
        """收/.取件/: files picked up and not yet on record."""
        return self.inbox / ".取件"

    @property
    def received(self) -> Path:
        """已收/: files on record."""
        return self.data / "已收"

    @property
    def replies(self) -> Path:
        """回/: one folder an organisation, for receipts and marked-up copies."""
        return self.data / "回"

    @property
    def documents(self) -> Path:
        """稿/: drafts and frozen issues for people to open."""
        return self.data / "稿"

    @property
    def database_url(self) -> str:
        """YAOXUN_DATABASE_URL, else a SQLite file in data/."""
        return os.environ.get("YAOXUN_DATABASE_URL") or f"sqlite:///{self.data / 'yaoxun.db'}"

    def make_folders(self) -> None:
        """Create the folders that people and the program write into."""
        for folder in (self.blobs, self.issued, self.pickup, self.received, self.replies, self.documents):
            folder.mkdir(parents=True, exist_ok=True)


def home_to_change(given: Path | None) -> Home:
    """The home whose config/ is written into. Raises RequestError where nobody named it and it is a clone of the program
    that is no office yet: the shipped sample office is not to be changed by a slip."""
    home = find_home(given)
    project = home.root / "pyproject.toml"
    if given is not None or not project.is_file() or (home.data / "yaoxun.db").exists():
        return home
    if re.search(r'^name = "yaoxun"', project.read_text(encoding="utf-8"), re.M):
        raise RequestError(
            f"{home.root} 是程序自己的目录，还不是办公室，没有写入。",
            "新办公室请先用 yaoxun init 目录 建立，再用 --home 指明；确实要写在这里的，加 --home .",
        )
    return home


def find_home(given: Path | None = None) -> Home:
    """The home that was named: by argument, by YAOXUN_HOME, else the working directory.

    Raises RequestError for a folder that is not there, or that is no office: a slip of the pen must not start a new one.
    """
    root = Path(given or os.environ.get("YAOXUN_HOME") or Path.cwd()).resolve()
    if not root.is_dir():
        raise RequestError(
            f"没有办公室目录 {root}。", "请核对 --home 或 YAOXUN_HOME；新办公室用 yaoxun init 目录 建立。"
        )
    if not (root / "config").is_dir() and not (root / "data").is_dir() and any(root.iterdir()):
        raise RequestError(
            f"{root} 不是办公室目录（里面没有 config/）。",
            "请用 --home 或 YAOXUN_HOME 指明办公室目录；新办公室用 yaoxun init 建立。",
        )
    return Home(root)
