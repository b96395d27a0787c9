"""assistive.boards: a page with something to read, and a few keys below it that nobody chooses by mistake."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistive.boards.board import Board, Caption, Rect
from assistive.boards.cells import Cell
from assistive.boards.grid import LADDER, LINES, Frame, balanced
from assistive.settings import Grid
from calibration.level import Level

LARGE = 3.0  # times as high as other words
WIDE = 0.5  # of the window
LINE_WORDS = 0.4  # of the window, for eyes that move in one direction: every key reaches over its middle


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence, and what explains it; see `assistive.boards.board.Caption`."""

    text: str
    note: str = ""
    level: Level | None = None
    large: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands on such a page.

    Attributes
    ----------
    page : str
    words : tuple of Words
        In reading order.
    keys : tuple of Cell
        The last one stands in the lowest right corner, where all pages have "back".
    columns : int
        So many words stand side by side, where there is room.
    keys_share : float
        The least height of the keys, as a share of the page's.
    title : Words, optional
        Above the words, from side to side.
    """

    page: str
    words: tuple[Words, ...]
    keys: tuple[Cell, ...]
    columns: int = 1
    keys_share: float = 0.0
    title: Words | None = None


def reading_board(reading: Reading, lines: Frame, grid: Grid) -> Board:
    """Return the page without help and what else is always there."""
    words, keys = reading_places(lines, grid, len(reading.keys), reading.keys_share)
    columns = columns_in(words, reading.columns)
    rows = [reading.words[i : i + columns] for i in range(0, len(reading.words), columns)]
    if reading.title is not None:
        rows.insert(0, (reading.title,))
    weights = [LARGE if any(each.large for each in row) else 1.0 for row in rows]
    height = words.h - lines.gap_y * (len(rows) - 1)
    captions: list[Caption] = []
    y = words.y
    for row, weight in zip(rows, weights, strict=True):
        h = height * weight / sum(weights)
        alone = row == (reading.title,)
        places = lines.columns(Rect(words.x, y, words.w, h), 1 if alone else columns)
        for each, place in zip(row, places, strict=False):
            name = f"words:{len(captions)}"
            inside = Rect(place.x + lines.gap_x, place.y, place.w - 2 * lines.gap_x, place.h)
            captions.append(Caption(name, each.text, inside, each.note, each.level, each.large))
        y += h + lines.gap_y
    targets = tuple(cell.at(rect) for cell, rect in zip(reading.keys, keys, strict=True))
    return Board(reading.page, targets, tuple(captions))


def columns_in(words: Rect, columns: int) -> int:
    """Return how many words stand side by side where at most `columns` may."""
    return columns if words.w >= WIDE else 1


def reading_places(
    lines: Frame, grid: Grid, keys: int, keys_share: float = 0.0
) -> tuple[Rect, tuple[Rect, ...]]:
    """Return where the words stand, and where the keys."""
    area, top = lines.area, lines.gap_y
    bottom = area.y + area.h
    if grid in LINES and LINES[grid].rows == 1:
        words = Rect(area.x, top, area.w, LINE_WORDS - top)
        below = LINE_WORDS + lines.gap_y
        return words, lines.columns(Rect(area.x, below, area.w, bottom - below), keys)
    if grid in LINES:
        words = Rect(area.x, top, LINE_WORDS - area.x, bottom - top)
        beside = LINE_WORDS + lines.gap_x
        return words, lines.rows(Rect(beside, area.y, area.x + area.w - beside, area.h), keys)
    cols = LADDER[grid].cols
    counts = balanced(keys, cols, math.ceil(keys / cols), 1.0, 1.0)
    least = len(counts) * (lines.row_h + lines.gap_y) - lines.gap_y
    h = max(least, keys_share * (bottom - top))
    words = Rect(area.x, top, area.w, bottom - h - lines.gap_y - top)
    return words, lines.cells(Rect(area.x, bottom - h, area.w, h), counts)
