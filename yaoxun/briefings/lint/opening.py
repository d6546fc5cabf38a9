"""Opens a foreign .docx without believing it: the package by the rules of yaoxun/sheets/package.py, every XML part looked
through for a document type before lxml sees it. Refusals speak of Word files. What the parts mean is read in reading.py.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]

from yaoxun.sheets.kinds import outer_kind
from yaoxun.sheets.limits import Limits
from yaoxun.sheets.model import Refusal
from yaoxun.sheets.package import Ignore, Package, Relation
from yaoxun.sheets.prescan import check_members
from yaoxun.sheets.refusals import Unreadable, refusal, unreadable

_XML = re.compile(r"\.(xml|rels)$")
_KEPT = re.compile(r"\.(xml|rels|xlsx)$")
_RESAVE = "请用 WPS 或 Word 打开，另存为 .docx 后再查。"
_LOCKED = "请用 WPS 或 Word 打开，取消打开密码，保存后再查。"
_WHOLE = "请重新保存，确认能打开后再查；用邮件或网盘传送的，请重传一次。"
# What to say where the words of the room of tables would be about tables.
_OTHER = {
    "doc": "文件是旧版 Word 文档（.doc 或 RTF），只是改了名，不是 .docx",
    "ole": "文件是旧版 Office 文档，不是 .docx",
    "archive": "文件是压缩包，里面没有 Word 正文",
    "pdf": "文件是 PDF，不是 .docx",
    "ofd": "文件是 OFD 版式文件，不是 .docx",
    "image": "文件是图片，不是 .docx",
    "mail": "文件是一封邮件，不是 .docx",
    "mhtml": "文件是网页，不是 .docx",
    "html": "文件是网页，不是 .docx",
    "ppt": "文件是演示文稿，不是 .docx",
    "odt": "文件是 OpenDocument 文档，不是 .docx",
    "unknown": "认不出这是什么文件",
    "too_many_tags": "文件内容多得不正常",
    "csv": "文件是纯文本，不是 .docx",
    **dict.fromkeys(("xls", "xlsx", "xlsm", "xlsb", "password_xls", "sheet2003", "ods"), "文件是电子表格，不是 .docx"),
}
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
}


class WordPackage:
    """The parts of a document that were let in, by lower-case name, as bytes."""

    def __init__(self, parts: Mapping[str, bytes], relations: Mapping[str, list[Relation]], main: str) -> None:
        self.parts, self.main = parts, main
        self._relations = relations

    def relations(self, part: str) -> list[Relation]:
        """The relationships of a part ('' for the package)."""
        return self._relations.get(part, [])

    def related(self, part: str, kind: str) -> str:
        """The name of the first part of that kind, '' for none."""
        return next((r.target for r in self.relations(part) if r.kind == kind and r.target in self.parts), "")

    def root(self, part: str) -> Any:
        """The root element of a part, None where there is none. Raises Unreadable for what lxml refuses."""
        if part not in self.parts:
            return None
        content = self.parts[part]
        for strict, usual in _STRICT.items():
            content = content.replace(strict, usual)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as err:
            raise unreadable("broken", what=f"部件 {part} 的内容不完整、有错或嵌套过深") from err


def open_word(source: Path | BinaryIO, limits: Limits) -> WordPackage:
    """The package of a document. Raises Unreadable for every fault of the file."""
    with Package(source, limits) as package:
        check_members(package, limits)
        parts: dict[str, bytes] = {}
        for name in package.names():
            if not _KEPT.search(name):
                for _ in package.stream(name):  # its real size counts
                    pass
                continue
            content = b"".join(package.stream(name))
            if _XML.search(name):
                package.feed.parse([content], Ignore(), f"部件 {name}")
            parts[name] = content
        main = _main_part(package, parts)
        relations = {part: package.relations(part) for part in ("", *parts)}
    return WordPackage(parts, relations, main)


def _main_part(package: Package, parts: Mapping[str, bytes]) -> str:
    targets = [relation.target for relation in package.relations("") if relation.kind == "officeDocument"]
    kinds = package.content_types()
    if not targets and "mimetype" in package.names():
        raise _no_word("odt")
    if not kinds or not (targets or "word/document.xml" in kinds):
        raise _no_word("archive")
    main = targets[0] if targets else "word/document.xml"
    if main not in parts:
        raise unreadable("broken", what="缺少正文（document.xml）")
    kind = kinds.get(main, "").lower()
    if "wordprocessingml." not in kind and "ms-word." not in kind:
        raise _no_word(
            "xlsx" if "excel" in kind or "spreadsheet" in kind else "ppt" if "presentation" in kind else "unknown"
        )
    return main


def _no_word(kind: str) -> Unreadable:
    """The file is of another kind; `about_word` has the words for it."""
    return Unreadable(Refusal(kind, "", ""))


def open_file(path: Path, limits: Limits) -> WordPackage:
    """As `open_word`, of a file that may be anything at all. Raises Unreadable."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise unreadable("too_large", mb=-(-size // 1_000_000), limit=limits.file_bytes // 1_000_000)
    kind = outer_kind(path)
    if kind != "zip":
        raise _no_word(kind)
    return open_word(path, limits)


def about_word(found: Refusal) -> Refusal:
    """The refusal in words about a Word document, with what to do."""
    if found.code in ("password", "zip_password"):
        return Refusal(found.code, "文件设了打开密码，读不了。", _LOCKED)
    other = _OTHER.get(found.code)
    sentence = f"{other}。" if other else found.sentence or refusal(found.code).sentence
    remedy = _WHOLE if found.code in ("empty", "truncated", "broken") else _RESAVE
    return Refusal(found.code, sentence, remedy)
