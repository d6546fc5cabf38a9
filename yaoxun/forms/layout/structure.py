"""Finds the tables of any sheet: titles, headers, rows, label-beside-value forms. By evidence, never by addresses.

Pure. Where the evidence does not decide, a block carries a Question. What single cells mean is understanding.py's.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from yaoxun.forms.layout.bodies import body_rows
from yaoxun.forms.layout.captions import Above, Captions
from yaoxun.forms.layout.headers import header_columns, header_depth, is_header_line, is_index_line, names_in_order
from yaoxun.forms.layout.info import is_info, names_organisation, names_period
from yaoxun.forms.layout.labels import (
    info_pairs,
    is_pair_line,
    looks_like_labels,
    spots_above,
    spots_beside,
    stands_above,
)
from yaoxun.forms.layout.model import Block, BodyRow, Question
from yaoxun.forms.layout.places import Line, PlacedSheet, columns_of
from yaoxun.forms.layout.regions import Stretch, pieces, stretches
from yaoxun.forms.layout.words import find_period, is_foot, is_section, tidy, whole_period
from yaoxun.sheets.model import RawSheet

RowCol = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Anatomy:
    """A sheet taken apart. `above` holds the cells of titles, `info` of lines for a table, `notes` of what stands below."""

    grid: PlacedSheet
    blocks: tuple[Block, ...]
    above: frozenset[RowCol] = frozenset()
    info: frozenset[RowCol] = frozenset()
    notes: frozenset[RowCol] = frozenset()


def find_blocks(sheet: RawSheet) -> tuple[Block, ...]:
    """The tables and forms of a sheet, from top to bottom, then from left to right."""
    return take_apart(sheet).blocks


def take_apart(sheet: RawSheet, known: Collection[str] = frozenset()) -> Anatomy:
    """The blocks, and what every cell outside them is. `known`: names of organisations."""
    grid = PlacedSheet(sheet)
    return _Builder(grid, known).build(stretches(grid))


class _Builder:
    """Goes down the stretches of one sheet."""

    def __init__(self, grid: PlacedSheet, known: Collection[str]) -> None:
        self.grid, self.known = grid, known
        self.blocks: list[Block] = []
        self.bounds: list[tuple[int, int]] = []  # the columns of each block
        self.above: set[RowCol] = set()
        self.info: set[RowCol] = set()
        self.notes: set[RowCol] = set()
        self.context = Above()
        self.top = Above()

    def build(self, found: Sequence[Stretch]) -> Anatomy:
        for n, stretch in enumerate(found):
            if stretch.kind == "band":
                self._band(stretch, found[n - 1] if n else None)
                self.context = Above()
            elif stretch.kind == "note":
                self.notes |= _cells(stretch.lines)
            else:
                for line in stretch.lines:
                    self._head(line, self.context)
            if not self.blocks:
                self.top = Above(list(self.context.titles), list(self.context.info))
        return Anatomy(
            grid=self.grid, blocks=tuple(_joined(self.blocks)), above=frozenset(self.above), info=frozenset(self.info),
            notes=frozenset(self.notes),
        )  # fmt: skip

    def _band(self, stretch: Stretch, before: Stretch | None) -> None:
        lines = stretch.lines
        if before is not None and before.kind == "title" and self._is_group_row(before, stretch):
            place = self.context.titles.pop()
            self.above.discard((place.row, place.col))
            lines = ((place,), *lines)
        for piece in pieces(lines, self._is_table):
            self._piece(piece)

    def _is_group_row(self, before: Stretch, band: Stretch) -> bool:
        """A heading over some of the columns only, alone in the topmost row of a header."""
        place = before.lines[-1][0]
        columns = columns_of(band.lines)
        touches = place.bottom + 1 == band.first
        return touches and place.wide > 1 and place.col > min(columns) and place.right <= max(columns)

    def _is_table(self, lines: Sequence[Line]) -> bool:
        rest = _peeled(lines)[1]
        return header_depth(self.grid, rest) > 0 and not looks_like_labels(self.grid, rest)

    def _piece(self, piece: Sequence[Line]) -> None:
        heads, lines = _peeled(piece)
        context = Above(list(self.context.titles), list(self.context.info))
        for line in heads:
            self._head(line, context)
        lines, feet = _footed(lines)
        self.notes |= _cells(feet)
        if not lines:
            return
        if parts := _repeated(lines):
            for part in parts:
                self._piece(part)
        elif stands_above(lines):
            self._labels(lines, context, above=True)
        elif looks_like_labels(self.grid, lines):
            self._labels(lines, context, above=False)
        elif depth := header_depth(self.grid, lines):
            self._table(lines, depth, context)
        elif not self._continue(lines):
            self._unknown(lines, context)

    def _told(self, block: Block) -> Block:
        """A form with the organisation and period that its own labels give."""
        organisation, period = block.organisation, block.period
        for spot in block.spots:
            value = self.grid.own(spot.row, spot.col)
            if value is None or value.family == "dash":
                continue
            if names_organisation(spot.path[-1]):
                organisation = organisation or tidy(value.text)
            if names_period(spot.path[-1], value.text):
                period = period or find_period(value.text).label
        return replace(block, organisation=organisation, period=period)

    def _head(self, line: Line, context: Above) -> None:
        paired = [p for pair in info_pairs(line) for p in pair]
        told = tuple(p for p in line if p in paired or is_info(p.text, self.known))
        titles = [p for p in line if p not in told]
        if told:
            self.info |= _cells([told])
            context.info.append(told)
        self.above |= _cells([tuple(titles)])
        context.titles += titles

    def _labels(self, lines: Sequence[Line], context: Above, *, above: bool) -> None:
        absorbed = [line for line in context.info if is_pair_line(line)]
        lines = [*absorbed, *lines]
        self.info -= _cells(absorbed)
        spots, questions = (spots_above(self.grid, lines), ()) if above else spots_beside(self.grid, lines)
        whole = [p for p in (*self.top.titles, *context.titles) if not is_section(p.text)]
        block = self._block(lines, "labels", context)
        if is_section(block.title) and whole:
            block = replace(block, title=tidy(whole[-1].text))
        header = block.first_row
        block = replace(block, header_row=header, spots=spots, questions=(*block.questions, *questions))
        self._add(self._told(block), lines)

    def _table(self, lines: Sequence[Line], depth: int, context: Above) -> None:
        header, body = lines[:depth], lines[depth:]
        header_row = max(header[-1][0].row, *(p.bottom for line in header for p in line))
        if body and is_index_line(body[0]) and not (len(body) > 1 and names_in_order(body[0], body[1])):
            header_row, body = body[0][0].row, body[1:]
        columns, questions = header_columns(self.grid, header, body)
        block = self._block(lines, "table", context)
        rows = tuple(body_rows(self.grid, body, header_row, columns))
        last = max([header_row, *(row.number for row in rows)])
        block = replace(
            block, header_row=header_row, columns=columns, rows=rows, last_row=last,
            questions=(*block.questions, *questions),
        )  # fmt: skip
        self._add(block, lines)

    def _continue(self, lines: Sequence[Line]) -> bool:
        """Rows below a gap that belong to the table above them."""
        taken = columns_of(lines)
        for n in range(len(self.blocks) - 1, -1, -1):
            block, (first, last) = self.blocks[n], self.bounds[n]
            if block.shape != "table" or not block.columns or min(taken) < first or max(taken) > last:
                continue
            gap = range(block.last_row + 1, lines[0][0].row)
            sections = [p for row in gap for p in self.grid.lines.get(row, ()) if (p.row, p.col) in self.above]
            if any((p.row, p.col) in self.notes for row in gap for p in self.grid.lines.get(row, ())):
                return False
            added = [
                BodyRow(number=row, role="section", label=found[0].text) if found else BodyRow(number=row, role="blank")
                for row in gap
                for found in [[p for p in sections if p.row == row]]
            ]
            rows = (*block.rows, *added, *body_rows(self.grid, lines, gap.stop - 1, block.columns))
            self.blocks[n] = replace(block, rows=rows, last_row=rows[-1].number)
            return True
        return False

    def _unknown(self, lines: Sequence[Line], context: Above) -> None:
        asked = Question(address=lines[0][0].address, sentence="这里有内容，但看不出表头在哪里，请确认。")
        block = self._block(lines, "table", context)
        self._add(replace(block, questions=(*block.questions, asked)), lines)

    def _add(self, block: Block, lines: Sequence[Line]) -> None:
        columns = columns_of(lines)
        right = max([*columns, *(c.col for c in block.columns), *(s.col for s in block.spots)])
        self.blocks.append(block)
        self.bounds.append((min(columns), right))

    def _block(self, lines: Sequence[Line], shape: str, context: Above) -> Block:
        """A block with what stands above it: its own lines first, then those at the top of the sheet."""
        known = Captions(context, self.known)
        fallback = Captions(self.top, self.known)
        first, last = lines[0][0].row, max(p.bottom for p in lines[-1])
        return Block(
            sheet=self.grid.sheet.name, shape="labels" if shape == "labels" else "table", first_row=first,
            header_row=first, last_row=last, title=known.title or fallback.title, unit=known.unit or fallback.unit,
            organisation=known.organisation or fallback.organisation, period=known.period or fallback.period,
            questions=tuple(known.doubts or fallback.doubts),
        )  # fmt: skip


def _joined(blocks: Sequence[Block]) -> list[Block]:
    """Parts of one form (一、基本情况 … 二、工作情况 …) as one block; other blocks as they are."""
    found: list[Block] = []
    for block in blocks:
        above = found[-1] if found else None
        goes_on = above is not None and above.shape == block.shape == "labels" and block.first_row <= above.last_row + 2
        if above is None or not goes_on or block.title != above.title:
            found.append(block)
            continue
        found[-1] = replace(
            above, last_row=block.last_row, spots=(*above.spots, *block.spots), questions=(*above.questions, *block.questions),
            unit=above.unit or block.unit, organisation=above.organisation or block.organisation,
            period=above.period or block.period,
        )  # fmt: skip
    return found


def _cells(lines: Sequence[Line]) -> set[RowCol]:
    return {(p.row, p.col) for line in lines for p in line}


def _peeled(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Titles and lines at the top of a piece, and the rest."""
    rest = list(lines)
    heads: list[Line] = []
    while len(rest) > 1:
        line = rest[0]
        lone = len(line) == 1 and line[0].family == "text" and (line[0].wide > 1 or len(rest[1]) > 1)
        full = (
            len(line) == 1 and line[0].right >= max(columns_of(rest[1:])) and line[0].col <= min(columns_of(rest[1:]))
        )
        is_heading = len(line) > 1 and all(whole_period(p.text) for p in line)
        if (lone and (full or line[0].wide == 1)) or (all(is_info(p.text) for p in line) and not is_heading):
            heads.append(rest.pop(0))
        else:
            break
    return heads, rest


def _repeated(lines: Sequence[Line]) -> list[list[Line]]:
    """The parts of a piece whose heading stands in it again: the same words side by side (项目 数量 项目 数量), or the
    first of them once more below, above other words. Nothing where it stands once."""
    head = lines[0]
    words = [tidy(p.text) for p in head]
    for width in range(2, len(head) // 2 + 1):
        if len(head) % width or words != words[:width] * (len(head) // width) or not is_header_line(head):
            continue
        ends = [*(place.col for place in head[width::width]), max(columns_of(lines)) + 1]
        begins = [1, *ends[:-1]]
        sides = [
            [tuple(p for p in line if a <= p.col < b) for line in lines] for a, b in zip(begins, ends, strict=True)
        ]
        return [[line for line in side if line] for side in sides]
    for n, line in enumerate(lines[1:], start=1):
        again = line[0].col == head[0].col and tidy(line[0].text) == words[0] and len(line) > 1
        if again and is_header_line(head) and is_header_line(line):
            return [list(lines[:n]), list(lines[n:])]
    return []


def _footed(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The rows and the notes below them in a piece that stands beside another."""
    for n, line in enumerate(lines):
        if n and len(line) == 1 and is_foot(line[0].text) and any(mark in line[0].text for mark in "：:"):
            return list(lines[:n]), list(lines[n:])
    return list(lines), []
