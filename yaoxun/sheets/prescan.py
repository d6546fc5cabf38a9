"""What is asked of a package as a whole before and beside the reading of cells: sound members, sane sizes, no document
type anywhere, and which features rewriting with openpyxl would lose.

Limits on cells, merges and texts are kept by cells.py while it reads.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from zipfile import ZipInfo

from yaoxun.sheets.limits import Limits
from yaoxun.sheets.package import Ignore, Package, local
from yaoxun.sheets.refusals import Unreadable, unreadable

_RATIO_FROM = 1_000_000  # small parts compress to nothing honestly

# Part names that stand for something openpyxl drops or redraws, in the words that the office sees.
_LOSSY_PARTS: tuple[tuple[str, str], ...] = (
    (r"xl/vbaproject\.bin$|xl/macrosheets/", "宏"),
    (r"xl/charts/|xl/chartsheets/", "图表"),
    (r"xl/diagrams/", "SmartArt 图形"),
    (r"xl/cellimages\.xml$", "单元格内图片"),
    (r"xl/embeddings/|xl/activex/", "嵌入对象"),
    (r"xl/ctrlprops/", "窗体控件"),
    (r"xl/externallinks/", "外部链接"),
    (r"xl/pivottables/|xl/pivotcache/", "数据透视表"),
    (r"xl/slicers/|xl/slicercaches/|xl/timelines/|xl/timelinecaches/", "切片器"),
    (r"xl/threadedcomments/", "会话式批注"),
    (r"xl/connections\.xml$|xl/querytables/|xl/model/|customxml/item\d*\.datamashup", "数据连接"),
    (r"xl/metadata\.xml$|xl/richdata/", "动态数组或富数据"),
    (r"xl/webextensions/|xl/revisions/|customui/", "加载项或修订记录"),
    (r"_xmlsignatures/", "数字签名"),
)
_DRAWN = {"sp": "图形或文本框", "cxnSp": "图形或文本框", "grpSp": "图形或文本框", "pic": "图片", "contentPart": "图片"}
_XML = re.compile(r"\.(xml|rels|vml)$")


def check_members(package: Package, limits: Limits) -> None:
    """Refuse a package whose directory is already wrong. Raises Unreadable."""
    infos = package.infos()
    if len(infos) > limits.members:
        raise unreadable("bomb", what=f"内含部件超过 {limits.members} 个")
    name, times = Counter(info.filename.lower() for info in infos).most_common(1)[0]
    if times > 1:
        raise unreadable("unsafe", what=f"部件 {name} 出现了 {times} 次")
    for info in infos:
        name = info.orig_filename
        if name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in name.split("/"):
            raise unreadable("unsafe", what=f"部件名 {name} 不合规范")
    check_sizes(((info.orig_filename, info) for info in infos), limits)


def check_sizes(members: Iterable[tuple[str, ZipInfo]], limits: Limits) -> None:
    """Refuse members, each under a name that can be shown, that announce more than may be unpacked. Raises Unreadable."""
    total = 0
    for name, info in members:
        if info.compress_type not in (0, 8):
            raise unreadable("unsafe", what=f"部件 {name} 的压缩方式不合规范")
        if info.file_size > _RATIO_FROM and info.file_size > limits.ratio * max(1, info.compress_size):
            raise unreadable("bomb", what=f"部件 {name} 压缩了 {limits.ratio} 倍以上")
        total += info.file_size
    if total > limits.unpacked_bytes:
        raise unreadable("bomb", what=f"超过 {limits.unpacked_bytes // 1_000_000} MB")


def sweep(package: Package) -> Iterator[str]:
    """Stream every part that was not read, and yield the features among them that openpyxl would lose.

    Real sizes are counted and a document type is refused here too: these parts are what openpyxl opens later.
    """
    for name in package.names():
        yield from (feature for pattern, feature in _LOSSY_PARTS if re.match(pattern, name))
        if name in package.streamed:
            continue
        if not _XML.search(name):
            for _ in package.stream(name):
                pass
            continue
        looker = _Vml() if name.endswith(".vml") else _Drawing() if name.startswith("xl/drawings/") else _Looker()
        try:
            package.parse(name, looker)
        except Unreadable as err:
            # Excel's own VML is not always XML, and nothing in it bears on the figures.
            if err.refusal.code != "broken" or not name.endswith(".vml"):
                raise
            yield "窗体控件"
        yield from looker.found


class _Looker(Ignore):
    """Looks at nothing and finds nothing."""

    def __init__(self) -> None:
        self.found: list[str] = []


class _Drawing(_Looker):
    """Finds shapes and pictures in a drawing; charts are found by their own parts."""

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        feature = _DRAWN.get(local(tag))
        if feature and feature not in self.found:
            self.found.append(feature)


class _Vml(_Looker):
    """Finds form controls and header pictures; openpyxl keeps notes and redraws their boxes."""

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        feature = "图片" if local(tag) == "imagedata" else ""
        if local(tag) == "ClientData" and attrs.get("ObjectType", "Note") != "Note":
            feature = "窗体控件"
        if feature and feature not in self.found:
            self.found.append(feature)


# Sheet extensions by their identifier, where the office has a word for them.
_EXTENSIONS = {
    "sparklineGroups": "迷你图",
    "conditionalFormattings": "新式条件格式",
    "id": "新式条件格式",
    "dataValidations": "跨表的下拉列表",
    "slicerList": "切片器",
    "timelineRefs": "切片器",
}


def extension_feature(tag: str) -> str:
    """The word for the first element inside an extension block of a worksheet."""
    return _EXTENSIONS.get(local(tag), "扩展内容")
