"""assistive.boards: which cells stand on which page, for one layout on one grid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from assistive.boards import cells
from assistive.boards.board import TargetKind
from assistive.boards.cells import Cell
from assistive.boards.grid import FULL, LADDER, PHRASES_ACROSS, WORDS, area_rows, letter_rows
from assistive.boards.groups import split
from assistive.boards.layout import Layout
from assistive.settings import Grid

TOP = "letters"
# Which of the row that is always there are kept when it has less than eight cells.
KEEP = ("help", "yes", "no", "pain", "chime", "wait", "rest", "phrases")
EDITING = ("undo", "delete_letter", "delete_word", "clear")
SIGNS = ("numbers", "punctuation")
OTHER = ("eyes", "eeg", "repeat", "steering", "language", "mute", "settings")
# How much rarer each letter is than the one before it in the order of frequency: fits English and Russian.
RARER = 0.9
SPACE_WEIGHT = 2.0  # the most frequent letter has 1
PUNCTUATION_WEIGHT = 0.3
DIGIT_WEIGHT = 4.0  # digits keep a cell of their own before the signs do


@dataclass(frozen=True, slots=True)
class Page:
    """The cells of a page in reading order, and the last column where it has one.

    `letters` pages keep the words above them and lie in the letter rows; other pages have the whole writing
    area.
    """

    cells: tuple[Cell, ...]
    column: tuple[Cell, ...] = ()
    letters: bool = False


@lru_cache(maxsize=32)
def page_table(layout: Layout, grid: Grid, phrase_slots: int) -> dict[str, Page]:
    """Return every page but rest and the settings, by name. Each is reached from "letters" by OPEN actions."""
    plan = LADDER[grid]
    room = plan.cols * area_rows(layout, grid, phrase_slots)
    pages = _letter_pages(layout, grid)
    if not plan.words_row:
        slots = [cells.word_slot(i) for i in range(WORDS)]
        slots += [cells.phrase_slot(i) for i in range(PHRASES_ACROSS if phrase_slots else 0)]
        pages |= list_pages(layout, "words", slots, room)
    pages |= list_pages(layout, "phrases", [cells.quick_phrase(*p) for p in enumerate(layout.phrases)], room)
    pages |= _more_pages(layout, grid, room)
    pages |= sign_pages(
        layout, "punctuation", [cells.letter(*sign) for sign in layout.punctuation.items()], room
    )
    numbers = [cells.letter(*sign) for sign in layout.numbers.items()]
    handy = [cells.space(layout), cells.function(layout, "delete_letter"), cells.function(layout, "undo")]
    pages |= sign_pages(layout, "numbers", numbers + (handy if len(numbers + handy) < room else []), room)
    return pages


def fixed_row(layout: Layout, grid: Grid) -> tuple[Cell, ...]:
    """The row that is always there. Help is its last cell; "more" is in it where the letters have no column."""
    plan = LADDER[grid]
    more = () if plan.column else (cells.function(layout, "more"),)
    return more + tuple(cells.fixed(layout, which) for which in _in_row(layout, grid))


def _in_row(layout: Layout, grid: Grid) -> tuple[str, ...]:
    plan = LADDER[grid]
    kept = KEEP[: plan.cols - (0 if plan.column else 1)]
    return tuple(which for which in type(layout.fixed).model_fields if which in kept)


def _column(layout: Layout, grid: Grid) -> tuple[str, ...]:
    column = LADDER[grid].column
    return column[: letter_rows(layout, grid) - 1] + column[-1:] if column else ()


def _back(layout: Layout, page: str) -> Cell:
    return cells.opens("fn:back", layout.labels.back, page)


def _letter_pages(layout: Layout, grid: Grid) -> dict[str, Page]:
    """The top page and its groups."""
    plan = LADDER[grid]
    rows = letter_rows(layout, grid)
    members = [cells.letter(character) for character in layout.alphabet]
    weights = [RARER ** layout.frequent.index(character) for character in layout.alphabet]
    spare = plan.letters_per_row * rows - len(members) - 2 if grid in FULL else 0
    signs = layout.frequent_signs[:spare]
    space, punctuation = cells.space(layout), _punctuation_beside_letters(layout, signs)
    alone: list[Cell] = []
    if plan.cols >= 4:
        alone = [space, *(cells.letter(sign, layout.punctuation[sign]) for sign in signs), punctuation]
    elif plan.rows >= 3:
        members, weights, alone = [*members, punctuation], [*weights, PUNCTUATION_WEIGHT], [space]
    else:
        members, weights = [*members, space], [*weights, SPACE_WEIGHT]
    column = tuple(cells.function(layout, which) for which in _column(layout, grid))
    free = plan.letters_per_row * rows if column else plan.cols * rows - 1
    # A group's page has the column too, with "back" for "more", unless that would take one more step.
    keeps_column = len(column) >= 3 and (free - len(alone)) * free >= len(members)
    tree = LetterTree(
        layout, free if keeps_column else plan.cols * rows - 1, column[:-1] if keeps_column else ()
    )
    shown = tree.divide(TOP, tuple(members), tuple(weights), free - len(alone))
    if not column:
        alone.append(cells.function(layout, "words"))
    return {TOP: Page((*shown, *alone), column, letters=True)} | tree.pages


def _punctuation_beside_letters(layout: Layout, beside: tuple[str, ...]) -> Cell:
    """The cell after the letters: filled like them, since it belongs to what is written.

    It shows the first signs that do not stand `beside` it.
    """
    choice = layout.functions.punctuation
    label = (
        " ".join([sign for sign in layout.punctuation if sign not in beside][:3]) if beside else choice.label
    )
    return cells.Cell("fn:punctuation", TargetKind.GROUP, label, choice.action, choice.name)


class LetterTree:
    """Collects the pages of groups that are opened below a page.

    Parameters
    ----------
    layout : Layout
    inner : int
        Cells for the members on such a page.
    column : tuple of Cell
        Functions of its last column, above "back". Empty: "back" is simply the last cell, after an undo
        where that has room.
    """

    def __init__(self, layout: Layout, inner: int, column: tuple[Cell, ...] = ()) -> None:
        self.pages: dict[str, Page] = {}
        self._layout = layout
        self._inner = inner
        self._column = column

    def divide(
        self, page: str, members: tuple[Cell, ...], weights: tuple[float, ...], free: int
    ) -> tuple[Cell, ...]:
        """Return at most `free` cells for `page`, and keep the pages that they open."""
        shown = []
        for number, (start, end) in enumerate(split(weights, free, self._inner)):
            if end - start == 1:
                shown.append(members[start])
                continue
            below = f"{page}/{number}"
            inside = self.divide(below, members[start:end], weights[start:end], self._inner)
            back = _back(self._layout, page)
            if self._column:
                self.pages[below] = Page(inside, (*self._column, back), letters=True)
            else:
                undo = (cells.function(self._layout, "undo"),) if len(inside) < self._inner else ()
                self.pages[below] = Page((*inside, *undo, back), letters=page.startswith(TOP))
            shown.append(cells.group(below, members[start:end]))
        return tuple(shown)


def sign_pages(layout: Layout, name: str, members: list[Cell], room: int) -> dict[str, Page]:
    """Return a page of signs: all at once where they have room, otherwise in groups."""
    tree = LetterTree(layout, room - 1)
    weights = tuple(DIGIT_WEIGHT if cell.label.isdigit() else RARER**i for i, cell in enumerate(members))
    shown = tree.divide(name, tuple(members), weights, room - 1)
    return {name: Page((*shown, _back(layout, TOP)))} | tree.pages


def list_pages(
    layout: Layout, name: str, members: list[Cell], room: int, parent: str = TOP
) -> dict[str, Page]:
    """Return the pages of a list, one after the other; "next" on the last leads to the first."""
    back = _back(layout, parent)
    if len(members) < room:
        return {name: Page((*members, back))}
    count = math.ceil((len(members) - 1) / (room - 2))  # the last page may go without "next"
    size, longer = divmod(len(members), count)
    lengths = [size + (i < longer) for i in range(count)]
    if lengths[0] > room - 2:
        lengths = [room - 2] * (count - 1) + [len(members) - (room - 2) * (count - 1)]
    pages: dict[str, Page] = {}
    start = 0
    for number, length in enumerate(lengths):
        shown = members[start : start + length]
        start += length
        following = name if number == count - 1 else f"{name}/{number + 2}"
        if length + 2 <= room:
            shown = [*shown, cells.opens("fn:next", layout.labels.next, following)]
        pages[name if number == 0 else f"{name}/{number + 1}"] = Page((*shown, back))
    return pages


def _more_pages(layout: Layout, grid: Grid, room: int) -> dict[str, Page]:
    """What has no place beside the letters or in the row that is always there."""
    beside = _column(layout, grid)
    row = _in_row(layout, grid)
    saying = [cells.fixed(layout, which) for which in KEEP if which not in (*row, "rest")]
    resting = [] if "rest" in row else [cells.fixed(layout, "rest")]
    editing, signs, other = (
        [cells.function(layout, which) for which in names if which not in beside]
        for names in (EDITING, SIGNS, OTHER)
    )
    if grid in FULL:  # always, so that the rows are even whether or not the letters left room for numbers
        signs = [cells.function(layout, which) for which in SIGNS]
    everything = saying + resting + editing + signs + other
    if len(everything) <= 2 * (room - 2):
        return list_pages(layout, "more", everything, room)
    labels = layout.labels
    direct = resting + editing[:1] if room > 4 else []
    groups = {
        "more/say": (labels.say, saying),
        "more/edit": (labels.edit, [cell for cell in editing if cell not in direct] + signs),
        "more/other": (labels.other, [cell for cell in resting if cell not in direct] + other),
    }
    pages: dict[str, Page] = {}
    for page, (_, members) in groups.items():
        pages |= list_pages(layout, page, members, room, parent="more")
    shown = direct + [cells.opens(f"group:{page}", label, page) for page, (label, _) in groups.items()]
    return pages | {"more": Page((*shown, _back(layout, TOP)))}
