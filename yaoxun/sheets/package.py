"""The zip package around a workbook: its members, streamed and counted, and their XML, fed to expat.

Nothing a file says about itself is believed here: sizes are counted while they stream, and no part may bring a
document type. What the parts mean is not known here. Raises Unreadable for every fault of the file.
"""

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self
from xml.parsers import expat

from yaoxun.sheets.limits import Limits
from yaoxun.sheets.refusals import unreadable

CONTENT_TYPES = "[content_types].xml"
_CHUNK = 256 * 1024
_LONGEST_NAMESPACE = 1000
_END_RECORD = struct.Struct("<4s4H2LH")
_ENCODINGS = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1"})
_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, OverflowError,
)  # fmt: skip


class Handler(Protocol):
    """Takes the events of one part. Tags come as `namespace}local`."""

    def start(self, tag: str, attrs: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, data: str) -> None: ...


class Ignore:
    """Looks at nothing; for parts that need only be well-formed."""

    def start(self, tag: str, attrs: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, data: str) -> None: ...


def local(tag: str) -> str:
    """`namespace}row` → row."""
    return tag.rpartition("}")[2]


class XmlFeed:
    """Feeds XML to handlers and counts its tags, over all parts of a file together."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._tags = limits, 0

    def count(self, text: str, where: str) -> None:
        """Count the tags of a text that is taken apart elsewhere."""
        self._tags += text.count("<")
        if self._tags > self._limits.tags:
            raise unreadable("too_many_tags", where=where)

    def parse(self, chunks: Iterable[bytes], handler: Handler, where: str) -> None:
        """A whole document in pieces. `where` names it in a sentence. A document type is refused at sight."""
        parser = _parser(handler, where)
        try:
            for chunk in chunks:
                # Counting angle brackets bounds the number of events before they cost anything.
                self._tags += chunk.count(b"<")
                if self._tags > self._limits.tags:
                    raise unreadable("too_many_tags", where=where)
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as err:
            if err.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
                raise MemoryError from err
            raise unreadable("broken", what=f"{where}的内容不完整或有错") from err


class Relation:
    """One relationship of a part: `kind` is the last word of its type, `target` a part's name, '' when outside."""

    def __init__(self, *, id: str, kind: str, target: str) -> None:
        self.id, self.kind, self.target = id, kind, target


class Package:
    """An open zip package; part names are compared in lower case, as the format asks."""

    def __init__(self, source: Path | BinaryIO, limits: Limits) -> None:
        self._limits = limits
        self._unpacked = 0
        self.feed = XmlFeed(limits)
        self.streamed: set[str] = set()
        with source.open("rb") if isinstance(source, Path) else nullcontext(source) as file:
            _check_end_record(file, limits)
        try:
            self._zip = zipfile.ZipFile(source)
        except _FAULTS as err:
            raise unreadable("broken", what="压缩包的目录读不出来") from err
        if not all(info.filename for info in self._zip.infolist()):
            raise unreadable("broken", what="压缩包里有一个没有名字的部件")
        self._members = {info.filename.lower(): info for info in self._zip.infolist()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._zip.close()

    def names(self) -> list[str]:
        """Names of all members in lower case, folders left out."""
        return [name for name in self._members if not name.endswith("/")]

    def infos(self) -> list[zipfile.ZipInfo]:
        """All members as the directory lists them, duplicates too."""
        return self._zip.infolist()

    def stream(self, name: str) -> Iterator[bytes]:
        """The content of a member in pieces, each counted against the limit of what may be unpacked."""
        info = self._members.get(name.lower())
        if info is None:
            raise unreadable("broken", what=f"缺少部件 {name}")
        self.streamed.add(name.lower())
        return self.pieces(info)

    def pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """As `stream`, of a member that the directory lists."""
        size = 0
        for chunk in self._pieces(info):
            size += len(chunk)
            self._unpacked += len(chunk)
            if self._unpacked > self._limits.unpacked_bytes:
                raise unreadable("bomb", what=f"超过 {self._limits.unpacked_bytes // 1_000_000} MB")
            yield chunk
        if size != info.file_size:
            raise unreadable("unsafe", what=f"部件 {info.filename} 的大小与目录所写不符")

    def _pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        if info.flag_bits & 1:
            raise unreadable("zip_password")
        try:
            with self._zip.open(info) as member:
                while chunk := member.read(_CHUNK):
                    yield chunk
        except _FAULTS as err:
            raise unreadable("broken", what=f"部件 {info.filename} 解不开") from err

    def parse(self, name: str, handler: Handler, where: str = "") -> None:
        """Feed a part to `handler`. `where` names the part in a sentence. A document type is refused at sight."""
        where = where or f"部件 {name}"
        self.feed.parse(self.stream(name), handler, where)

    def content(self, name: str, most: int) -> bytes | None:
        """A member's content, where it is no larger than that."""
        info = self._members.get(name.lower())
        return b"".join(self.stream(name)) if info is not None and info.file_size <= most else None

    def parse_content(self, content: bytes, handler: Handler, where: str, apart: str = "") -> None:
        """As `parse`, of a content that is at hand; `apart` is what was taken out of it."""
        self.feed.count(apart, where)
        self.feed.parse([content], handler, where)

    def content_types(self) -> dict[str, str]:
        """Part name → content type, of all members and of parts that are only announced; {} for a bare zip."""
        if CONTENT_TYPES not in self._members:
            return {}
        listed = _ContentTypes()
        self.parse(CONTENT_TYPES, listed)
        by_extension = {name: listed.defaults.get(name.rpartition(".")[2], "") for name in self.names()}
        return {**by_extension, **listed.overrides}

    def relations(self, part: str) -> list[Relation]:
        """The relationships of a part ('' for the package itself), none when it has no list of them."""
        folder, base = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", base + ".rels")
        if rels.lower() not in self._members:
            return []
        listed = _Relations(folder)
        self.parse(rels, listed)
        return listed.found


class _ContentTypes(Ignore):
    def __init__(self) -> None:
        self.defaults: dict[str, str] = {}
        self.overrides: dict[str, str] = {}

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if local(tag) == "Default":
            self.defaults[attrs.get("Extension", "").lower()] = attrs.get("ContentType", "")
        elif local(tag) == "Override":
            self.overrides[attrs.get("PartName", "").lstrip("/").lower()] = attrs.get("ContentType", "")


class _Relations(Ignore):
    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.found: list[Relation] = []

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if local(tag) != "Relationship":
            return
        target = ""
        if attrs.get("TargetMode", "").lower() != "external":
            # A target is relative to its part's folder, or absolute from the package's root.
            joined = posixpath.join("/", self._folder, attrs.get("Target", ""))
            target = posixpath.normpath(joined).lstrip("/").lower()
        kind = attrs.get("Type", "").rpartition("/")[2]
        self.found.append(Relation(id=attrs.get("Id", ""), kind=kind, target=target))


def _parser(handler: Handler, where: str) -> expat.XMLParserType:
    def no_document_type(*_: object) -> None:
        raise unreadable("unsafe", what=f"{where}带有文档类型或实体定义")

    def known_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise unreadable("broken", what=f"{where}的字符编码不合规范")

    def short_namespace(_prefix: str | None, uri: str | None) -> None:
        # Expat copies it into every name that it hands on.
        if uri and len(uri) > _LONGEST_NAMESPACE:
            raise unreadable("unsafe", what=f"{where}里有过长的命名空间")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = no_document_type
    parser.XmlDeclHandler = known_encoding
    parser.StartNamespaceDeclHandler = short_namespace
    # What a handler ignores is not asked for: most parts are looked through for being sound only.
    if not _is_ignored(handler.start):
        parser.StartElementHandler = handler.start
    if not _is_ignored(handler.end):
        parser.EndElementHandler = handler.end
    if not _is_ignored(handler.text):
        parser.CharacterDataHandler = handler.text
    return parser


def _is_ignored(act: Callable[..., None]) -> bool:
    return getattr(act, "__func__", None) in (Ignore.start, Ignore.end, Ignore.text)


def _check_end_record(file: BinaryIO, limits: Limits) -> None:
    """Look at the end of the directory before zipfile makes an object of each of its lines."""
    file.seek(max(0, file.seek(0, io.SEEK_END) - 65_535 - _END_RECORD.size))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_RECORD.size:
        raise unreadable("truncated")
    *_, entries, directory_bytes, _offset, _comment = _END_RECORD.unpack_from(tail, at)
    # A line is 46 bytes and a name; 512 leaves room for long names and time stamps.
    if entries > limits.members or directory_bytes > limits.members * 512:
        raise unreadable("bomb", what=f"内含部件超过 {limits.members} 个")
