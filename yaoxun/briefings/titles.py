"""Where a long title is broken (GB/T 9704 7.3.1): every way of breaking it is scored for whole words, for the shape of its
lines (梯形 or 菱形, never two of one length, never an hourglass), for evenness and for their number. Pure.

What a break costs at each place stands in titles_breaks.py, the cutting into words in titles_words.py.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from yaoxun.briefings.model import FORCED, Run, unforced
from yaoxun.briefings.profile import FormatProfile
from yaoxun.briefings.titles_breaks import FORBIDDEN, break_costs, width

_MOST = 4  # lines whose shape is looked at; what is longer is cut by the words alone
_LINE = 30.0  # what a third line costs: more than any doubtful break, less than a forbidden one
_EQUAL = 40.0
_HOURGLASS = 60.0
_UNEVEN = 0.02


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One way to break a title; `marks` are its penalties by criterion, `score` is their sum: the lower the better."""

    lines: tuple[str, ...]
    marks: Mapping[str, float]

    @property
    def score(self) -> float:
        return sum(self.marks.values())

    @property
    def legal(self) -> bool:
        """No two lines of one length, no hourglass, no last line of one or two characters."""
        return "形状" not in self.marks and self.marks.get("短行", 0.0) < FORBIDDEN

    def told(self) -> str:
        return " ／ ".join(self.lines)


@dataclass(frozen=True, kw_only=True)
class TitleSetting:
    """The lines of a title and the two best other ways. `considered`: how many ways (for a title of more than four lines:
    how many single lines) were looked at; `by_hand`: its author has said where."""

    chosen: Candidate
    alternatives: tuple[Candidate, ...] = ()
    considered: int = 0
    by_hand: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        return self.chosen.lines

    @property
    def score(self) -> float:
        return self.chosen.score

    def told(self) -> str:
        """For staff; '' for a title of one line."""
        if len(self.lines) < 2:
            return ""
        said = f"标题回行{'（照标题里的｜）' if self.by_hand else ''}：{self.chosen.told()}"
        if "超宽" in self.chosen.marks:
            said += "；有一行排不下，请用｜另行断开"
        if self.alternatives:
            said += f"；也可：{'；'.join(other.told() for other in self.alternatives)}（要改，在标题里用｜断开）"
        return said


def set_title(title: str, *, one_line_up_to: int, line_holds: float, names: Collection[str] = ()) -> TitleSetting:
    """Break a title. A mark ｜ in it forces a break there and is itself no part of any line. `line_holds` and
    `one_line_up_to` count characters (字); `names` (organisations, places, set words) are never split."""
    plain = unforced(title)
    costs = break_costs(plain, names, line_holds)
    if plain != title:
        at = [*accumulate(len(part) for part in title.translate(_ONE_MARK).split(FORCED[0]))]
        ends = sorted({n for n in at if 0 < n < len(plain)})
        return TitleSetting(chosen=_candidate(plain, (*ends, len(plain)), costs, line_holds), by_hand=True)
    if width(plain) <= min(one_line_up_to, line_holds):
        return TitleSetting(chosen=_candidate(plain, (len(plain),), costs, line_holds))
    found = _shapely(plain, costs, line_holds) if width(plain) <= _MOST * line_holds else []
    if not found:
        cuts, considered = _long(plain, costs, line_holds)
        return TitleSetting(chosen=_candidate(plain, cuts, costs, line_holds), considered=considered)
    others = [one for one in found[1:] if one.legal]
    return TitleSetting(chosen=found[0], alternatives=tuple(others[:2]), considered=len(found))


_ONE_MARK = str.maketrans(dict.fromkeys(FORCED, FORCED[0]))


def setting_of(headline: Iterable[Run], profile: FormatProfile, names: Collection[str] = ()) -> TitleSetting:
    """How a title is set in a profile."""
    holds = profile.page.text_twip / (profile.title.size_pt * 20)
    title = "".join(run.text for run in headline)
    return set_title(title, one_line_up_to=profile.title.one_line_up_to, line_holds=holds, names=names)


def title_runs(headline: Sequence[Run], profile: FormatProfile, names: Collection[str] = ()) -> list[Run]:
    """The runs of a title with its line breaks ("\\n") put in, and without the marks that force one."""
    setting = setting_of(headline, profile, names)
    ends = set(accumulate(len(line) for line in setting.lines[:-1]))
    done: list[Run] = []
    at = 0
    for run in headline:
        if not (text := unforced(run.text)):
            continue
        done += [Run(text="\n")] if at in ends else []
        cuts = [0, *(n for n in range(1, len(text)) if at + n in ends), len(text)]
        done.append(replace(run, text="\n".join(text[start:end] for start, end in pairwise(cuts))))
        at += len(text)
    return done


def _shapely(title: str, costs: Sequence[float], holds: float) -> list[Candidate]:
    """Two lines, three where two cannot hold it well, four at the most, the best first; none where a line would have to
    end at a forbidden place."""
    places = [at for at in range(1, len(title)) if costs[at] < FORBIDDEN]
    found: list[Candidate] = []
    for count in range(2, _MOST + 1):
        found += [_candidate(title, ends, costs, holds) for ends in _ways(title, places, count, holds)]
        if any(one.score < (count - 1) * _LINE for one in found):
            break
    return sorted(found, key=lambda one: (one.score, len(one.lines), one.lines))


def _ways(title: str, places: Sequence[int], count: int, holds: float) -> Iterator[tuple[int, ...]]:
    """The ends of `count` lines, each of which fits."""
    upto = [0.0, *accumulate(width(char) for char in title)]

    def ways(start: int, left: int) -> Iterator[tuple[int, ...]]:
        if left == 1:
            if upto[-1] - upto[start] <= holds:
                yield (len(title),)
            return
        for end in places:
            if end > start and upto[end] - upto[start] <= holds and upto[-1] - upto[end] <= (left - 1) * holds:
                for rest in ways(end, left - 1):
                    yield (end, *rest)

    return ways(0, count)


def _candidate(title: str, ends: Sequence[int], costs: Sequence[float], holds: float) -> Candidate:
    lines = tuple(title[start:end] for start, end in pairwise((0, *ends)))
    widths = [width(line) for line in lines]
    marks = {
        "词意": sum(costs[end] for end in ends),
        "形状": _shape(widths),
        "匀称": round(_UNEVEN * (max(widths) - min(widths)) ** 2, 2),
        "短行": _short(widths),
        "行数": _LINE * max(0, len(lines) - 2),
        "超宽": sum(10 * FORBIDDEN for line in widths if line > holds),
    }
    return Candidate(lines=lines, marks={name: mark for name, mark in marks.items() if mark})


def _shape(widths: Sequence[float]) -> float:
    equal = sum(_EQUAL for a, b in pairwise(widths) if abs(a - b) < 1)
    waists = sum(b < a and b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))
    return equal + _HOURGLASS * waists


def _short(widths: Sequence[float]) -> float:
    """A last line of one or two characters must not be, one of three or four should not; nor should a short first one."""
    if len(widths) == 1:
        return 0.0
    last = FORBIDDEN if widths[-1] < 3 else 12.0 if widths[-1] < 5 else 0.0
    return last + (8.0 if min(widths[:-1]) < 5 else 0.0)


def _long(title: str, costs: Sequence[float], holds: float) -> tuple[tuple[int, ...], int]:
    """The ends of the lines of a title of any length: the least sum of breaks, lines and unfilled room."""
    upto = [0.0, *accumulate(width(char) for char in title)]
    best: list[tuple[float, tuple[int, int]]] = [(0.0, (0, 0))] + [(float("inf"), (0, 0))] * len(title)
    considered = 0
    for end in range(1, len(title) + 1):
        for start in range(end - 1, -1, -1):
            line = upto[end] - upto[start]
            if line > holds and start < end - 1:
                break
            considered += 1
            room = _UNEVEN * (holds - line) ** 2 if end < len(title) else _short([holds, line])
            cost = best[start][0] + costs[end] + _LINE + room
            best[end] = min(best[end], (cost, (start, end)))
    ends = [len(title)]
    while start := best[ends[-1]][1][0]:
        ends.append(start)
    return tuple(reversed(ends)), considered
