"""assistive.boards: which grid fits the screen, and where its rows and cells lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistive.boards.board import Geometry, Rect
from assistive.boards.layout import Layout
from assistive.settings import Grid

SMALLEST_MM = 30.0
GAP = 14 / 1080  # of the window's shorter side
FIXED_ROW = 1.1  # heights, in rows of the writing area
WORDS = 5
PHRASES_ACROSS = 3
NICE_ASPECT = 1.8  # of a cell, where there is a choice


@dataclass(frozen=True, slots=True)
class Plan:
    """What a grid has room for.

    Attributes
    ----------
    cols, rows : int
        Cells of the writing area, from the text to the row that is always there.
    words_row : bool
        Whether the words stand above the letters; otherwise a cell opens them.
    column : tuple of str
        The last column from top to bottom: ids of functions, or "words". Empty: too few cells for a column.
    """

    cols: int
    rows: int
    words_row: bool
    column: tuple[str, ...]

    @property
    def letters_per_row(self) -> int:
        """Cells of a letter row beside the last column."""
        return self.cols - 1


# Largest first. The column of a full grid is cut to its letter rows; "more" is always its last.
FULL_COLUMN = ("delete_letter", "delete_word", "undo", "numbers", "more")
LADDER: dict[Grid, Plan] = {
    "9x6": Plan(9, 6, True, FULL_COLUMN),
    "8x6": Plan(8, 6, True, FULL_COLUMN),
    "6x5": Plan(6, 5, True, ("delete_letter", "delete_word", "undo", "more")),
    "5x4": Plan(5, 4, True, ("delete_letter", "undo", "more")),
    "4x3": Plan(4, 3, False, ("words", "undo", "more")),
    "3x3": Plan(3, 3, False, ("words", "undo", "more")),
    "3x2": Plan(3, 2, False, ("words", "more")),
    "2x2": Plan(2, 2, False, ()),
}
FULL: tuple[Grid, ...] = ("9x6", "8x6")
# For eyes that move in one direction only (see assistive/boards/line.py); never taken by "auto".
LINES: dict[Grid, Plan] = {"6x1": Plan(6, 1, False, ()), "1x5": Plan(1, 5, False, ())}


def letter_rows(layout: Layout, grid: Grid) -> int:
    """Rows for letters and functions. A full grid has a cell for each letter, space and punctuation."""
    plan = LADDER[grid]
    if grid in FULL:
        return math.ceil((len(layout.alphabet) + 2) / plan.letters_per_row)
    return plan.rows - plan.words_row


def area_rows(layout: Layout, grid: Grid, phrase_slots: int = 0) -> int:
    """Rows between the text and the row that is always there."""
    plan = LADDER[grid]
    return letter_rows(layout, grid) + plan.words_row * (2 if phrase_slots else 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the rows of a board lie. Everything but `smallest_mm` is in shares of the window.

    Attributes
    ----------
    gap_x, gap_y : float
        Between cells, and around the board.
    text, speak : Rect
        The text panel and the cell beside it.
    area : Rect
        The writing area.
    fixed : Rect
        The row that is always there.
    row_h : float
        The height of a row of the writing area.
    smallest_mm : float
        The shortest side of the smallest cell.
    """

    gap_x: float
    gap_y: float
    text: Rect
    speak: Rect
    area: Rect
    fixed: Rect
    row_h: float
    smallest_mm: float

    def columns(self, within: Rect, count: int) -> tuple[Rect, ...]:
        """Divide a rectangle into `count` equal cells from left to right."""
        w = (within.w - (count - 1) * self.gap_x) / count
        return tuple(Rect(within.x + i * (w + self.gap_x), within.y, w, within.h) for i in range(count))

    def rows(self, within: Rect, count: int) -> tuple[Rect, ...]:
        """Divide a rectangle into `count` equal rows from top to bottom."""
        h = (within.h - (count - 1) * self.gap_y) / count
        return tuple(Rect(within.x, within.y + i * (h + self.gap_y), within.w, h) for i in range(count))

    def cells(self, within: Rect, counts: Sequence[int]) -> tuple[Rect, ...]:
        """Divide a rectangle into rows with these numbers of cells, in reading order."""
        rows = self.rows(within, len(counts))
        return tuple(
            cell for row, count in zip(rows, counts, strict=True) for cell in self.columns(row, count)
        )

    def beside(self, within: Rect, right_w: float) -> tuple[Rect, Rect]:
        """Divide a rectangle into a left part and a right part of the given width."""
        left_w = within.w - right_w - self.gap_x
        right = Rect(within.x + left_w + self.gap_x, within.y, right_w, within.h)
        return Rect(within.x, within.y, left_w, within.h), right

    def above(self, within: Rect, top_h: float) -> tuple[Rect, Rect]:
        """Divide a rectangle into an upper part of the given height and the rest."""
        rest_y = within.y + top_h + self.gap_y
        return Rect(within.x, within.y, within.w, top_h), Rect(
            within.x, rest_y, within.w, within.y + within.h - rest_y
        )


def frame(geometry: Geometry, cols: int, rows: int) -> Frame:
    """Lay out a board whose writing area has `cols` columns and `rows` rows.

    The text panel is taller than a row, and the last row a little, unless that would make the cells smaller
    than 3 cm.
    """
    gap_px = GAP * min(geometry.width_px, geometry.height_px)
    gap_x, gap_y = gap_px / geometry.width_px, gap_px / geometry.height_px
    width = 1 - 2 * gap_x
    height = 1 - (rows + 3) * gap_y
    text_row = min(1.6, 1.0 + 0.12 * rows)
    row_h = height / (rows + text_row + FIXED_ROW)
    fixed_h = FIXED_ROW * row_h
    smallest = SMALLEST_MM / geometry.height_mm
    if row_h < smallest:
        row_h = fixed_h = min(smallest, height / (rows + 2))
    text_h = height - rows * row_h - fixed_h
    area = Rect(gap_x, text_h + 2 * gap_y, width, rows * row_h + (rows - 1) * gap_y)
    fixed = Rect(gap_x, 1 - gap_y - fixed_h, width, fixed_h)
    speak_w = (width - (max(cols, 3) - 1) * gap_x) / max(cols, 3)
    speak = Rect(1 - gap_x - speak_w, gap_y, speak_w, text_h)
    text = Rect(gap_x, gap_y, width - speak_w - gap_x, text_h)
    cell_w = min(speak_w, (width - (cols - 1) * gap_x) / cols)
    smallest_mm = min(cell_w * geometry.width_mm, row_h * geometry.height_mm)
    return Frame(gap_x, gap_y, text, speak, area, fixed, row_h, smallest_mm)


def choose_name(layout: Layout, geometry: Geometry, wanted: Grid, phrase_slots: int = 0) -> Grid:
    """Return `wanted`, or for "auto" the largest grid whose cells are at least 3 cm (else the smallest)."""
    if wanted != "auto":
        return wanted
    for name, plan in LADDER.items():
        rows = area_rows(layout, name, phrase_slots)
        if frame(geometry, plan.cols, rows).smallest_mm >= SMALLEST_MM - 1e-6:
            return name
    return name


def phrase_slots(layout: Layout, geometry: Geometry, wanted: Grid) -> int:
    """Return how many phrases have a place above the words: none where their row would make cells too small."""
    name = choose_name(layout, geometry, wanted)
    if name in LINES:
        return 0
    plan = LADDER[name]
    rows = area_rows(layout, name, PHRASES_ACROSS)
    fits = frame(geometry, plan.cols, rows).smallest_mm >= SMALLEST_MM - 1e-6
    return PHRASES_ACROSS if plan.words_row and fits else 0


def choose_grid(layout: Layout, geometry: Geometry, wanted: Grid) -> tuple[int, int]:
    """Return columns and rows of the grid that is shown: see `choose_name`."""
    plan = (LADDER | LINES)[choose_name(layout, geometry, wanted)]
    return plan.cols, plan.rows


def balanced(count: int, cols: int, rows: int, width: float, height: float) -> tuple[int, ...]:
    """Return how many of `count` cells stand in each row: even rows, and cells of a pleasant shape.

    Parameters
    ----------
    count : int
        Cells, at least 1 and at most ``cols * rows``.
    cols, rows : int
        The most that may stand side by side and above each other.
    width, height : float
        The room for them, in the same unit.

    Raises
    ------
    ValueError
        They have no room.
    """
    if not 1 <= count <= cols * rows:
        raise ValueError(f"{count} cells do not fit into {cols} x {rows}")

    def ugliness(n: int) -> float:
        across = math.ceil(count / n)
        shape = abs(math.log((width / across) / (height / n) / NICE_ASPECT))
        return shape + (0.6 if count % n else 0.0)

    n = min((n for n in range(1, min(rows, count) + 1) if math.ceil(count / n) <= cols), key=ugliness)
    short, longer = divmod(count, n)
    return tuple(short + (i < longer) for i in range(n))
