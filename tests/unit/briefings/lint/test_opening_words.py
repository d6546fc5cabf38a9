"""Files that are no sound .docx end with a sentence about a Word file, in the child and outside it; nothing else comes out."""

import io
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from support.word_mutants import FULL, W, body, edited, profile, written
from yaoxun.briefings.lint.checking import from_plain, lint_docx, lint_plain
from yaoxun.briefings.lint.habits import Habits
from yaoxun.briefings.lint.model import Report
from yaoxun.errors import RequestError
from yaoxun.home import shipped
from yaoxun.sheets.limits import Limits, load_limits
from yaoxun.sheets.model import Refusal
from yaoxun.sheets.sandbox import Sandbox

LIMITS = load_limits(shipped("config"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
MAIN = "word/document.xml"


def members() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(written())) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def given(name: str, content: bytes) -> bytes:
    return packed(members() | {name: content})


def without(name: str) -> bytes:
    return packed({key: value for key, value in members().items() if key != name})


def with_declaration(kind: str) -> bytes:
    text = members()[MAIN].decode().partition("?>")[2]
    return given(MAIN, f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE w:document [{kind}]>{text}'.encode())


def nested(depth: int) -> bytes:
    inside = "<w:sdt><w:sdtContent>" * depth + "<w:p/>" + "</w:sdtContent></w:sdt>" * depth
    return given(MAIN, f'<w:document xmlns:w="{W[1:-1]}"><w:body>{inside}</w:body></w:document>'.encode())


def workbook() -> bytes:
    with zipfile.ZipFile(io.BytesIO(written())) as package:
        return package.read("word/embeddings/Microsoft_Excel_Sheet1.xlsx")


BOMB = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty file": (lambda: b"", "空的"),
    "half a file": (lambda: written()[: len(written()) // 2], "不完整"),
    "a file with a flipped part": (lambda: written().replace(b"PK\x01\x02", b"PK\x09\x09", 1), "损坏"),
    "an old .doc": (lambda: OLE + "WordDocument".encode("utf-16-le"), "旧版 Word"),
    "a file with a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "an old workbook": (lambda: OLE + "Workbook".encode("utf-16-le"), "电子表格"),
    "rich text": (lambda: b"{\\rtf1 text}", "旧版 Word"),
    "a PDF": (lambda: b"%PDF-1.7\n", "PDF"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "图片"),
    "a web page": (lambda: b"<html><body>text</body></html>", "网页"),
    "plain text": (lambda: "正文。\n".encode() * 40, "纯文本"),
    "noise": (lambda: bytes(range(256)) * 16, "认不出"),
    "a workbook": (workbook, "电子表格"),
    "an archive": (lambda: packed({"甲.docx": b"PK", "乙.txt": b"x"}), "压缩包"),
    "an OpenDocument text": (
        lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}), "OpenDocument",
    ),
    "no document.xml": (lambda: without(MAIN), "document.xml"),
    "no content types": (lambda: without("[Content_Types].xml"), "压缩包"),
    "no body": (lambda: given(MAIN, f'<w:document xmlns:w="{W[1:-1]}"/>'.encode()), "没有内容"),
    "broken XML": (lambda: given(MAIN, members()[MAIN][:-20]), "有错"),
    "a document type": (lambda: with_declaration(""), "文档类型"),
    "an entity bomb": (lambda: with_declaration(BOMB), "文档类型"),
    "a foreign entity": (lambda: with_declaration('<!ENTITY x SYSTEM "file:///etc/passwd">'), "文档类型"),
    "a document type in a part nobody reads": (lambda: given("word/x.xml", b"<!DOCTYPE a><a/>"), "文档类型"),
    "a zip bomb": (lambda: given("word/media/a.bin", b"\0" * 60_000_000), "大得不正常"),
    "too many parts": (lambda: packed({f"a{n}": b"" for n in range(1001)}), "部件超过"),
    "a part outside": (lambda: given("../a.xml", b"<a/>"), "不合规范"),
    "endless nesting": (lambda: nested(5000), "嵌套过深"),
    "strange encoding": (lambda: given(MAIN, b'<?xml version="1.0" encoding="utf-7"?><a/>'), "编码"),
    "millions of tags": (lambda: given("word/x.xml", b"<a>" + b"<b/>" * 6_000_001 + b"</a>"), "大得不正常"),
}  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS) as opened:
        yield opened


def in_child(sandbox: Sandbox, path: Path) -> Report | Refusal:
    return from_plain(
        sandbox.call(
            "yaoxun.briefings.lint.checking:lint_plain", path=str(path), limits=LIMITS.model_dump(),
            profile=profile().model_dump(mode="json"), habits=Habits().model_dump(mode="json"),
        )
    )  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_with_a_sentence(name: str, tmp_path: Path, sandbox: Sandbox) -> None:
    build, says = HOSTILE[name]
    path = tmp_path / "文件.docx"
    path.write_bytes(build())
    told = in_child(sandbox, path)
    assert isinstance(told, Refusal)
    assert says in told.sentence and told.sentence.endswith("。") and told.remedy.endswith("。")
    assert "报表" not in told.sentence + told.remedy and "Excel" not in told.sentence + told.remedy


@pytest.mark.parametrize("name", ["half a file", "an entity bomb", "a zip bomb", "no body", "endless nesting"])
def test_outside_a_child_the_same_sentence_is_an_error(name: str) -> None:
    build, says = HOSTILE[name]
    with pytest.raises(RequestError, match=says) as told:
        lint_docx(build(), profile(), Habits())
    assert told.value.remedy


def test_a_sound_file_says_the_same_in_a_child(tmp_path: Path, sandbox: Sandbox) -> None:
    path = tmp_path / "文件.docx"
    path.write_bytes(
        edited(written(), lambda parts: body(parts).find(f"{W}sectPr/{W}docGrid").set(f"{W}linePitch", "580"))
    )
    told = in_child(sandbox, path)
    assert told == lint_docx(path.read_bytes(), profile(), Habits())
    assert isinstance(told, Report) and told.breaks_standard and not told.rendered


def test_a_child_that_takes_too_long_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "文件.docx"
    table = "<w:tbl><w:tr>" + "<w:tc><w:p/></w:tc>" * 200_000 + "</w:tr></w:tbl>"
    path.write_bytes(given(MAIN, f'<w:document xmlns:w="{W[1:-1]}"><w:body>{table}</w:body></w:document>'.encode()))
    tight = Limits.model_validate({**LIMITS.model_dump(), "wall_seconds": 1, "ratio": 100_000})
    started = time.monotonic()
    with Sandbox(tight) as sandbox:
        told = in_child(sandbox, path)
    assert isinstance(told, Report | Refusal)
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("char", " 　年第一〔“.0")
def test_a_paragraph_of_one_character_takes_no_time(char: str) -> None:
    content = f'<w:document xmlns:w="{W[1:-1]}"><w:body><w:p><w:r><w:t xml:space="preserve">{char * 200_000}'
    started = time.monotonic()
    lint_docx(given(MAIN, f"{content}</w:t></w:r></w:p></w:body></w:document>".encode()), profile(), Habits())
    assert time.monotonic() - started < 5


def test_an_answer_of_another_shape_is_a_refusal() -> None:
    for answer in ({}, {"findings": [{"id": 1}]}, [], {"refusal": []}):
        told = from_plain(answer)
        assert isinstance(told, Refusal) and told.sentence


def test_the_child_takes_plain_data_and_gives_it(tmp_path: Path) -> None:
    path = tmp_path / "文件.docx"
    path.write_bytes(written())
    plain = lint_plain(
        str(path), LIMITS.model_dump(), profile().model_dump(mode="json"), Habits().model_dump(mode="json")
    )
    assert isinstance(from_plain(plain), Report)


def _spoilt(chance: random.Random) -> Callable[[dict[str, Any]], None]:
    """A few elements of any part lose, double, swap or change what they hold."""
    values = (
        "",
        "-1",
        "99999999999999",
        "甲",
        "９",
        "1e9",
        "\u3000",
        "nil",
        "表1",
        "图2",
        "报：",
        "合计",
        "2023年4月6日",
    )

    def edit(parts: dict[str, Any]) -> None:
        for _ in range(chance.randint(1, 4)):
            elements = list(chance.choice([p for p in parts.values() if not isinstance(p, bytes)]).iter())
            one, kind = chance.choice(elements), chance.randint(0, 3)
            if kind == 0 and one.getparent() is not None:
                one.getparent().remove(one)
            elif kind == 1 and one.attrib:
                one.set(chance.choice(sorted(one.attrib)), chance.choice(values))
            elif kind == 2:
                one.text = chance.choice(values)
            else:
                chance.choice(elements).append(etree.fromstring(etree.tostring(one)))

    return edit


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_spoilt_there_is_a_report_or_a_sentence(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (no secret: the same files every time)
    data = edited(written(FULL, chance.choice(("yaoxun", "huibian"))), _spoilt(chance))
    try:
        assert isinstance(lint_docx(data, profile(), Habits()), Report)
    except RequestError as err:
        assert err.remedy
