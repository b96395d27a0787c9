"""assistive.boards: the boards of a person whose eyes move in one direction only: all targets lie on one line."""

from __future__ import annotations

from functools import lru_cache

from assistive.boards import cells
from assistive.boards.board import Action, Geometry, Rect, TargetKind, Verb
from assistive.boards.cells import Cell
from assistive.boards.grid import GAP, LINES, SMALLEST_MM, WORDS, Frame
from assistive.boards.layout import Layout
from assistive.boards.page_table import (
    EDITING,
    KEEP,
    OTHER,
    RARER,
    SIGNS,
    SPACE_WEIGHT,
    TOP,
    LetterTree,
    Page,
    list_pages,
    sign_pages,
)
from assistive.settings import Grid

TEXT_SHARE = 0.22  # of the window's height


def line_frame(geometry: Geometry, grid: Grid) -> Frame:
    """Lay out a line: the text above, the targets below it, across the middle of the screen.

    The gaze of one direction is taken to be in the middle of the other one: every target reaches over it. The last
    target is help, on each page; nothing stands beside the text.
    """
    plan = LINES[grid]
    gap_px = GAP * min(geometry.width_px, geometry.height_px)
    gap_x, gap_y = gap_px / geometry.width_px, gap_px / geometry.height_px
    text = Rect(gap_x, gap_y, 1 - 2 * gap_x, TEXT_SHARE - 2 * gap_y)
    whole = Rect(gap_x, TEXT_SHARE, 1 - 2 * gap_x, 1 - TEXT_SHARE - gap_y)
    nothing = Rect(0.0, 0.0, 0.0, 0.0)
    row_h = (whole.h - (plan.rows - 1) * gap_y) / plan.rows
    lines = Frame(gap_x, gap_y, text, nothing, whole, nothing, row_h, SMALLEST_MM)
    *_, last = lines.cells(whole, (plan.cols,) * plan.rows)
    if plan.rows == 1:
        area = Rect(whole.x, whole.y, last.x - gap_x - whole.x, whole.h)
    else:
        area = Rect(whole.x, whole.y, whole.w, last.y - gap_y - whole.y)
    smallest_mm = min(last.w * geometry.width_mm, last.h * geometry.height_mm)
    return Frame(gap_x, gap_y, text, nothing, area, last, row_h, smallest_mm)


@lru_cache(maxsize=8)
def line_table(layout: Layout, grid: Grid) -> dict[str, Page]:
    """Return every page but rest, the settings and what steers, by name: see `page_table`. Help is not in them."""
    room = line_room(grid)
    members = (*(cells.letter(character) for character in layout.alphabet), cells.space(layout))
    weights = (*(RARER ** layout.frequent.index(character) for character in layout.alphabet), SPACE_WEIGHT)
    tree = LetterTree(layout, room - 1)
    groups = tree.divide(TOP, members, weights, room - 2)
    more = cells.function(layout, "more")
    pages = {TOP: Page((*groups, cells.function(layout, "words"), more), letters=True)} | tree.pages
    pages |= list_pages(layout, "words", [cells.word_slot(i) for i in range(WORDS)], room)
    pages |= list_pages(layout, "phrases", [cells.quick_phrase(*p) for p in enumerate(layout.phrases)], room)
    for name, signs in (("punctuation", layout.punctuation), ("numbers", layout.numbers)):
        pages |= sign_pages(layout, name, [cells.letter(*sign) for sign in signs.items()], room)
    return pages | _more(layout, room)


def line_room(grid: Grid) -> int:
    """Return how many targets a page has beside help."""
    plan = LINES[grid]
    return plan.cols * plan.rows - 1


def _more(layout: Layout, room: int) -> dict[str, Page]:
    labels = layout.labels
    speak = Cell("speak", TargetKind.SPEAK, labels.speak, Action(Verb.SPEAK))
    saying = [cells.fixed(layout, which) for which in KEEP if which not in ("help", "rest")]
    editing = [cells.function(layout, which) for which in (*EDITING[1:], *SIGNS)]
    other = [cells.function(layout, which) for which in OTHER]
    groups = {"edit": (labels.edit, editing), "say": (labels.say, saying), "other": (labels.other, other)}
    opening = [
        cells.opens(f"group:more/{name}", label, f"more/{name}") for name, (label, _) in groups.items()
    ]
    first = [speak, cells.function(layout, EDITING[0]), *opening[:2], cells.fixed(layout, "rest"), opening[2]]
    pages = list_pages(layout, "more", first, room)
    for name, (_, members) in groups.items():
        pages |= list_pages(layout, f"more/{name}", members, room, parent="more")
    return pages
