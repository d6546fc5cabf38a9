"""Forms whose values stand beside or below their labels: whether a region is one, and where each value stands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from yaoxun.forms.layout.headers import header_depth
from yaoxun.forms.layout.info import is_info_label, names_organisation
from yaoxun.forms.layout.model import Question, Spot
from yaoxun.forms.layout.places import Line, Place, PlacedSheet
from yaoxun.forms.layout.words import (
    is_foot,
    is_section,
    is_total,
    is_unit,
    looks_like_label,
    looks_like_organisation,
    split_unit,
    tidy,
    whole_period,
)

_WIDE = 2  # a single text over more columns heads a part of the form
_GENERIC = frozenset(
    [
        "项目",
        "指标",
        "指标名称",
        "内容",
        "事项",
        "类别",
        "名称",
        "项目名称",
        "数值",
        "数量",
        "值",
        "结果",
        "情况",
        "完成情况",
        "内容说明",
        "指标值",
        "单位",
        "备注",
        "本月",
        "本期",
        "累计",
        "合计",
        "数据",
        "说明",
        "要求",
        "标准",
    ]
)


def looks_like_labels(grid: PlacedSheet, lines: Sequence[Line]) -> bool:
    """Whether labels stand beside their values here, rather than headers above rows."""
    own = [line for line in (without_group(line) for line in lines) if line]
    if not own or max(len(line) for line in own) > 12:
        return False
    if _is_blank_form(own, lines):
        return True
    depth = header_depth(grid, lines)
    if depth == 0:
        return _alternates(own)
    if _colons(own) or _gaps(grid, own) or is_pair_line(own[0]) or _label_columns(own):
        return True
    if depth > 1 or any(p.bottom > p.row for p in lines[0]):
        return False
    return _mixed(own, lines[depth:]) or _labels_down(own)


def _is_blank_form(own: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Labels with a blank behind each, some under a heading merged down at the left: headers stand side by side."""
    grouped = any(len(without_group(line)) < len(line) for line in lines)
    apart = all(b.col > a.right + 1 for line in own for a, b in pairwise(line))
    cells = [p for line in own for p in line]
    return grouped and apart and len(own) > 2 and all(p.family == "text" and looks_like_label(p.text) for p in cells)


def without_group(line: Line) -> Line:
    """A line without the heading at its left that is merged down over several lines."""
    return line[1:] if len(line) > 1 and line[0].bottom > line[1].bottom and line[0].family == "text" else line


def is_pair_line(line: Line) -> bool:
    """填报单位 | 某局 | 报告期 | 2023年3月: every other cell a label of such lines, and no heading among the values."""
    if len(line) < 2 or len(line) % 2:
        return False
    for label, value in zip(line[::2], line[1::2], strict=True):
        if not is_info_label(label.text) or is_info_label(value.text) or value.col != label.right + 1:
            return False
        if names_organisation(label.text) and not looks_like_organisation(value.text):
            return False
    return not (len(line) == 2 and _heads(line[1]))


def signs(line: Line) -> bool:
    """填表人 | 某 | 审核人 | | 联系电话 | : who filled it in, filled or blank; every cell such a label or the value of one."""
    labels = [is_info_label(p.text) for p in line]
    beside = all(asks or before for asks, before in zip(labels[1:], labels, strict=False))
    return labels[0] and is_foot(line[0].text) and beside and sum(labels) >= min(2, len(line))


def info_pairs(line: Line) -> Iterator[tuple[Place, Place]]:
    """The labels of such a line that stand in cells of their own, each with its value."""
    whole = is_pair_line(line)
    for label, value in pairwise(line):
        asks = is_info_label(label.text) and (whole or label.text.strip().endswith(("：", ":")))
        if asks and value.col == label.right + 1 and not value.text.strip().endswith(("：", ":")):
            yield label, value


def _heads(value: Place) -> bool:
    if whole_period(value.text) or value.family in ("number", "date"):
        return False
    return looks_like_label(value.text) and not looks_like_organisation(value.text)


def _alternates(lines: Sequence[Line]) -> bool:
    """A label at the head of every line, and a value right of it in most."""
    heads = [line for line in lines if line[0].family == "text" and not is_total(line[0].text)]
    if len(heads) < 0.9 * len(lines):
        return False
    labelled = sum(looks_like_label(line[0].text) for line in heads)
    widths = {len(line) for line in lines}
    return labelled >= 0.5 * len(lines) or max(widths) == 2


def _colons(lines: Sequence[Line]) -> bool:
    ends = [p for line in lines for p in line if p.text.strip().endswith(("：", ":"))]
    return len(ends) >= max(2, len(lines) // 2)


def _gaps(grid: PlacedSheet, lines: Sequence[Line]) -> bool:
    """Labels with blanks between them that no row below heads: an empty form."""
    if len(lines) < 2 or any(len(line) < 2 for line in lines[:1]):
        return False
    spread = [all(b.col > a.right + 1 for a, b in pairwise(line)) for line in lines]
    if not all(spread):
        return False
    texts = all(p.family == "text" for line in lines for p in line)
    aligned = {p.col for p in lines[1]} <= {p.col for p in lines[0]}
    return texts and aligned and all(grid.area(p.row, p.right + 1)[3] >= p.right + 1 for p in lines[0])


def _mixed(lines: Sequence[Line], body: Sequence[Line]) -> bool:
    """Columns that hold words and figures both, as values of different labels do."""
    if len(body) < 2:
        return False
    families: dict[int, set[str]] = {}
    for line in body:
        for p in line:
            families.setdefault(p.col, set()).add("figure" if p.family in ("number", "date") else p.family)
    mixed = [col for col, found in families.items() if {"figure", "text"} <= found]
    pure = [col for col, found in families.items() if "figure" in found and "text" not in found]
    labels = sum(looks_like_label(line[0].text) for line in lines)
    return len(mixed) > len(pure) and labels >= 0.6 * len(lines)


def _label_columns(lines: Sequence[Line]) -> bool:
    """Two columns of labels or more, and no heading over what stands beside them."""
    if len(lines) < 3:
        return False
    columns: dict[int, list[Place]] = {}
    for line in lines:
        for p in line:
            columns.setdefault(p.col, []).append(p)
    tall = {col: cells for col, cells in columns.items() if len(cells) > 1}
    labels = [col for col, cells in tall.items() if sum(looks_like_label(p.text) for p in cells) >= 0.7 * len(cells)]
    labels = [col for col in labels if all(p.family == "text" for p in tall[col])]
    beside = [p for p in lines[0] if p.col not in labels]
    return len(labels) > 1 and bool(beside) and not any(_heads(p) for p in beside if p.family == "text")


def _labels_down(lines: Sequence[Line]) -> bool:
    """Words only: labels in every other cell of every line, and none elsewhere."""
    cells = [p for line in lines for p in line]
    if any(p.family == "number" for p in cells) or len(lines) < 3 or any(len(line) % 2 for line in lines):
        return False
    if len(lines[0]) == 2 and lines[0][1].text.strip() in _GENERIC:
        return False
    odd = [p for line in lines for p in line[::2]]
    even = [p for line in lines for p in line[1::2]]
    named = sum(looks_like_label(p.text) for p in odd) / len(odd)
    others = sum(looks_like_label(p.text) and not looks_like_organisation(p.text) for p in even) / max(len(even), 1)
    return named >= 0.6 and others <= 0.3 and len({p.text for p in odd}) == len(odd)


def stands_above(lines: Sequence[Line]) -> bool:
    """Labels above their values, several times: words, values, words, values."""
    if len(lines) < 4 or len(lines) % 2:
        return False
    words, values = lines[::2], lines[1::2]
    if not all(p.family == "text" and looks_like_label(p.text) for line in words for p in line):
        return False
    if not all({p.col for p in below} <= {p.col for p in above} for above, below in zip(words, values, strict=True)):
        return False
    texts = [p for line in values for p in line if p.family == "text"]
    return sum(looks_like_label(p.text) and not looks_like_organisation(p.text) for p in texts) <= 0.25 * len(texts)


def spots_above(grid: PlacedSheet, lines: Sequence[Line]) -> tuple[Spot, ...]:
    """The spots of labels that stand above their values."""
    return tuple(_spot((), p, p.bottom + 1, p.col) for line in lines[::2] for p in line)


def spots_beside(grid: PlacedSheet, lines: Sequence[Line]) -> tuple[tuple[Spot, ...], tuple[Question, ...]]:
    """The spots of labels with their value on the right, and what is unclear about them."""
    spots: list[Spot] = []
    questions: list[Question] = []
    for line in lines:
        if len(line) == 1 and (line[0].wide > _WIDE or is_section(line[0].text)):
            continue
        left = _group_of(grid, line)
        for run in _runs(without_group(line)):
            if len(run) == 1 and is_unit(run[0].text) and spots and spots[-1].row == run[0].row:
                spots[-1] = replace(spots[-1], unit=tidy(run[0].text))
                continue
            found, asked = _pairs(left, run)
            spots += found
            questions += asked
    return tuple(spots), tuple(questions)


def _group_of(grid: PlacedSheet, line: Line) -> tuple[str, ...]:
    """The words merged down at the left of a line."""
    first = line[0]
    if len(without_group(line)) < len(line):
        return (split_unit(first.text)[0],)
    for col in range(first.col - 1, 0, -1):
        place = grid.at(first.row, col)
        if place is not None and place.bottom > place.row and place.family == "text":
            return (split_unit(place.text)[0],)
    return ()


def _runs(line: Line) -> list[list[Place]]:
    """The cells of a line in stretches without a blank cell between them."""
    runs: list[list[Place]] = []
    for place in line:
        if runs and place.col == runs[-1][-1].right + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _pairs(left: tuple[str, ...], run: Sequence[Place]) -> tuple[list[Spot], list[Question]]:
    group, cells, units = left, *_without_units(run)
    questions: list[Question] = []
    if len(cells) > 2 and len(cells) % 2:
        if looks_like_label(cells[-1].text) and cells[-1].family == "text" and not _valued(cells):
            pass  # the last label's value is still blank
        else:
            group, cells = (*left, split_unit(cells[0].text)[0]), cells[1:]
    spots: list[Spot] = []
    for label in cells[::2]:
        if label.family != "text":
            questions.append(Question(address=label.address, sentence="看不出这一格是哪个标签的值，请确认。"))
            continue
        spot = _spot(group, label, label.row, label.right + 1)
        spots.append(replace(spot, unit=spot.unit or units.get(spot.col, "")))
    return spots, questions


def _without_units(run: Sequence[Place]) -> tuple[list[Place], dict[int, str]]:
    """The cells without the units that stand behind figures (完成投资 | 30.5 | 万元), and those by the figure's column."""
    cells: list[Place] = []
    units: dict[int, str] = {}
    for place in run:
        if cells and cells[-1].family == "number" and is_unit(place.text):
            units[cells[-1].col] = tidy(place.text)
        else:
            cells.append(place)
    return cells, units


def _valued(cells: Sequence[Place]) -> bool:
    """Whether reading from the second cell on gives labels and values, so that the first is a heading."""
    return all(p.family == "text" for p in cells[1::2]) and any(p.family in ("number", "date") for p in cells[2::2])


def _spot(group: tuple[str, ...], label: Place, row: int, col: int) -> Spot:
    name, unit = split_unit(label.text)
    return Spot(path=(*group, name), label_row=label.row, label_col=label.col, row=row, col=col, unit=unit)
