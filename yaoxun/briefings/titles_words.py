"""A title cut into words, each with its kind: the cut of the greatest probability over a word list of our own
(titles_lexicon.txt), in which the office's names, numbers with their measure words and Latin words are never cut.

Where a line may end stands in titles_breaks.py.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from yaoxun.home import shipped
from yaoxun.office.model import Organisation

_LEXICON = Path(__file__).with_name("titles_lexicon.txt")
_FILE = "title_words.txt"
_LONGEST = 8  # characters of a word of the lexicon
_TOTAL = 52  # twice the binary logarithm of the sum of all frequencies
_UNKNOWN = -_TOTAL - 8.0

_DIGITS = "0-9０-９"
_HAN_DIGITS = "〇零一二三四五六七八九十百千万亿两"
_MEASURES = "个百分点|分钟|小时|平方公里|平方米|公里|万元|亿元|万人|人次|余?[个项件名人次场期年月日号届条类家户所支批岁元种级轮天倍吨亩米季]|大|%|％|‰"
_DATE = rf"[{_DIGITS}]{{4}}(?:[—–\-~至][{_DIGITS}]{{4}})?年(?:[{_DIGITS}]{{1,2}}月(?:份|[{_DIGITS}]{{1,2}}日)?|度|第?[一二三四1-4]季度)?"
_NUMBER = re.compile(
    rf"{_DATE}|[{_DIGITS}]{{1,2}}月(?:份|[{_DIGITS}]{{1,2}}日)?"
    rf"|(?:第|近|超|逾)?(?:[{_DIGITS}]+(?:[.,．—–\-~/][{_DIGITS}]+)*[{_HAN_DIGITS}]*(?:余|多)?(?:{_MEASURES})?"
    rf"|[{_HAN_DIGITS}几]+(?:余|多)?(?:{_MEASURES}))|第[{_HAN_DIGITS}]+"
)
_LATIN = re.compile(
    rf"[A-Za-z0-9＋+&._/\-%]*[A-Za-z][A-Za-z0-9＋+&._/\-%]*(?:(?<=[0-9])(?:余|多)?(?:{_MEASURES}))?"  # GB/T40余种
)
_ORGANISATION = re.compile(
    "(?:委|委员会|政府|办公室|办公厅|局|厅|部|院|大学|学院|学校|中学|小学|公司|集团|协会|联合会|中心|法院|工会|妇联|常委会|政协|人大|专班|领导小组)$"
)
_REGION = re.compile("[省市县区州旗镇乡]")
_ABOVE = ("中共", "共青团", "团")  # begins the name of an organisation: 中共|晋城市委
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝"
    "孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文习"
)
_RANKS = (
    "书记",
    "主任",
    "主席",
    "县长",
    "市长",
    "省长",
    "部长",
    "局长",
    "委员",
    "会长",
    "代表",
    "同志",
    "青年",
    "团员",
    "党员",
)
_AFTER_A_PERSON = ("同志", "等", "一行", "先进", "事迹", "总书记", "主席")
_IN_NAMES = "nsowahrcN"  # kinds that an organisation's name is made of


class Word(NamedTuple):
    """One word of a title; `kind` as in the lexicon, or N a name, M a number, X Latin, B a mark."""

    text: str
    kind: str


def cut(title: str, names: Collection[str]) -> list[Word]:
    """The words of a title, in order; joined they are the title. `names` are never cut."""
    if not title:
        return []
    atoms = _atoms(title, names)
    best: list[tuple[float, int, str]] = [(0.0, len(title), "")] * (len(title) + 1)
    for at in reversed(range(len(title))):
        best[at] = max(
            (value + best[end][0], end, kind) for end, kind, value in _words_at(title, at, atoms.get(at, ()))
        )
    words, at = [], 0
    while at < len(title):
        _, end, kind = best[at]
        words.append(Word(title[at:end], kind))
        at = end
    return list(_organisations(_persons(_derived(words))))


def _atoms(title: str, names: Collection[str]) -> Mapping[int, list[tuple[int, str]]]:
    """Where a name, a number or a Latin word starts, with its end."""
    found: dict[int, list[tuple[int, str]]] = {}
    spans = [(m.span(), "M") for m in _NUMBER.finditer(title)] + [(m.span(), "X") for m in _LATIN.finditer(title)]
    for name in names:
        spans += [(m.span(), "N") for m in re.finditer(re.escape(name), title) if len(name) > 1]
    for (start, end), kind in spans:
        found.setdefault(start, []).append((end, kind))
    return found


def _words_at(title: str, at: int, atoms: Collection[tuple[int, str]]) -> Iterator[tuple[int, str, float]]:
    lexicon = _lexicon()
    for end, kind in atoms:
        yield end, kind, 4.0 * (end - at)  # a longer name holds a shorter one
    for end in range(at + 1, min(at + _LONGEST, len(title)) + 1):
        if known := lexicon.get(title[at:end]):
            yield end, known[0], known[1] - _TOTAL
    if title[at] not in lexicon:
        yield at + 1, "n" if title[at].isalnum() else "B", _UNKNOWN


@cache
def _lexicon() -> Mapping[str, tuple[str, int]]:
    words: dict[str, tuple[str, int]] = {}
    for line in _LEXICON.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, weight, *group = line.split(" ")
            words.update(dict.fromkeys(group, (kind, int(weight))))
    return words


def _derived(words: Iterable[Word]) -> list[Word]:
    """A suffix belongs to the word before it (评估|组, 上党|区), a prefix to the word after it (全|市)."""
    done: list[Word] = []
    for word in words:
        last = done[-1] if done else Word("", "B")
        if (word.kind in "nk" and last.kind == "h") or (word.kind == "k" and last.kind in "nswadvr"):
            done[-1] = Word(last.text + word.text, "n")
        elif _REGION.fullmatch(word.text) and last.kind in "nsr":
            done[-1] = Word(last.text + word.text, "s")
        else:
            done.append(word)
    return done


def _persons(words: Sequence[Word]) -> list[Word]:
    """A surname with one or two characters that make no word, or with a word between a rank and what follows a name, is
    a person's name: 习|近|平|总书记, 县委书记|张|建国."""
    done: list[Word] = []
    at = 0
    while at < len(words):
        end = at + 1
        if words[at].text in _SURNAMES:
            after = [word for word in words[at + 1 : at + 3] if len(word.text) == 1 and word.kind in "nvwas"]
            if after and words[at + 1] is after[0]:
                end += len(after)
            elif at + 1 < len(words) and len(words[at + 1].text) == 2 and _stands_for_a_person(words, at):
                end += 1
        name = "".join(word.text for word in words[at:end])
        done.append(Word(name, "N") if end > at + 1 else words[at])
        at = end
    return done


def _stands_for_a_person(words: Sequence[Word], at: int) -> bool:
    before = words[at - 1].text if at else ""
    after = words[at + 2].text if at + 2 < len(words) else ""
    return before.endswith(_RANKS) or after in _AFTER_A_PERSON


def _organisations(words: Sequence[Word]) -> Iterator[Word]:
    """A place with what follows up to 局, 委员会 … is one name: 晋城市|人民政府|办公室."""
    at = 0
    while at < len(words):
        end = at + 1
        if words[at].kind in "sN" or words[at].text in _ABOVE or _REGION.fullmatch(words[at].text[-1]):
            for n in range(at + 1, min(at + 7, len(words))):
                if words[n].kind not in _IN_NAMES or len("".join(w.text for w in words[at : n + 1])) > 16:
                    break
                end = n + 1 if _ORGANISATION.search(words[n].text) else end
        yield Word("".join(w.text for w in words[at:end]), "N") if end > at + 1 else words[at]
        at = end


def office_words(organisations: Iterable[Organisation], templates: Path) -> frozenset[str]:
    """What the titles of an office never split: the names of its organisations and its own words
    (report_templates/title_words.txt; one that an older home does not have is the shipped one)."""
    names = {name.partition("（")[0] for o in organisations for name in (o.name, o.short, *o.aliases)}
    own = templates / _FILE
    path = own if own.is_file() else shipped("report_templates") / _FILE
    lines = (line.partition("#")[0].split() for line in path.read_text(encoding="utf-8-sig").splitlines())
    return frozenset(names | {word for line in lines for word in line} - {""})
