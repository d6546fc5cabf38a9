"""Config snapshots: which configuration a judgement, a cut or a template went by, kept under its hash."""

import hashlib

from yaoxun.home import Home
from yaoxun.store.types import canonical_json

_WORKBOOKS = {".xlsx", ".xlsm"}
_KINDS = {".yaml", ".yml", ".md", ".j2", ".html", ".txt"}


def read_config_files(home: Home) -> dict[str, str]:
    """Every text file of config/ and report_templates/, by its path from the home: the content of a snapshot. Of the
    office's own workbooks the hash stands for the content."""
    files: dict[str, str] = {}
    for label, root in (("config", home.config), ("report_templates", home.templates)):
        for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix in _KINDS):
            files[f"{label}/{path.relative_to(root).as_posix()}"] = path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(
            p for p in root.rglob("*") if p.is_file() and p.suffix in _WORKBOOKS and p.name[:1] not in ".~"
        ):
            sha = hashlib.sha256(path.read_bytes()).hexdigest()
            files[f"{label}/{path.relative_to(root).as_posix()}"] = f"sha256:{sha}"
    return files


def snapshot_sha(files: dict[str, str]) -> str:
    """The hash that names a snapshot."""
    return hashlib.sha256(canonical_json(files).encode()).hexdigest()
