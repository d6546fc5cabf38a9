"""What the lines of a blank say of one organisation and its people: told when it is looked at or drafted, for it does not go
out. What the lines become is said.py's.
"""

from collections.abc import Collection, Iterator

from yaoxun.forms.layout.info import asks_organisation, organisation_line
from yaoxun.forms.layout.model import Block
from yaoxun.forms.layout.places import Place, PlacedSheet
from yaoxun.forms.layout.signatures import is_note, signs_beside, unsigned


def wholly_of(block: Block) -> range:
    """The rows whose cells are a block's data: the lines of a form of labels may stand among them."""
    return range(block.first_row, block.last_row + 1) if block.shape == "table" else range(0)


def told_by_blank(placed: PlacedSheet, within: Collection[int], known: Collection[str]) -> tuple[str, ...]:
    """Sentences on the lines outside a block: a name that becomes each addressee's own, signatures that are emptied."""
    outside = [place for row, line in sorted(placed.lines.items()) if row not in within for place in line]
    names = [(place.address, name) for place, name in _named(placed, outside, known)]
    signed = [place.address for place in outside if _signed(placed, place)]
    told = [
        f"{address} 写着“{name}”：发放时换成各单位自己的名称；收回的表上还是原样的，不当作填报单位。"
        for address, name in names
    ]
    if signed:
        told.append(f"{'、'.join(signed)} 填着人名、电话或填报日期：发放时清空，标签保留。")
    return tuple(told)


def _named(placed: PlacedSheet, outside: list[Place], known: Collection[str]) -> Iterator[tuple[Place, str]]:
    for place in outside:
        if is_note(place.text):
            continue
        line = organisation_line(place.text, known)
        if line is not None and line.name:
            yield place, line.name
        elif asks_organisation(place.text):
            beside = placed.at(place.row, place.right + 1)
            if beside is not None and beside.family == "text" and not any(mark in beside.text for mark in "：:"):
                yield beside, beside.text.strip()


def _signed(placed: PlacedSheet, place: Place) -> bool:
    beside = placed.at(place.row, place.right + 1)
    return unsigned(place.text) != place.text or (beside is not None and signs_beside(place.text, beside.text))
