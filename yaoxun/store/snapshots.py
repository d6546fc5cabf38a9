"""Config snapshots: which configuration a judgement, a cut or a template went by, kept under its hash."""

import hashlib

from yaoxun.home import Home
from yaoxun.store.types import canonical_json

_KINDS = {".yaml", ".yml", ".md", ".j2", ".html", ".txt"}


def read_config_files(home: Home) -> dict[str, str]:
    """Every text file of config/ and report_templates/, by its path from the home: the content of a snapshot."""
    files: dict[str, str] = {}
    for label, root in (("config", home.config), ("report_templates", home.templates)):
        for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix in _KINDS):
            files[f"{label}/{path.relative_to(root).as_posix()}"] = path.read_text(encoding="utf-8", errors="replace")
    return files


def snapshot_sha(files: dict[str, str]) -> str:
    """The hash that names a snapshot."""
    return hashlib.sha256(canonical_json(files).encode()).hexdigest()
