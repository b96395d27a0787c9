"""assistive.boards: how many letters share a few cells: consecutive groups, chosen in steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

EASY_TO_SCAN = 6  # letters on one cell; more only where the grid leaves no other way


def split(weights: Sequence[float], cells: int, inner: int) -> tuple[tuple[int, int], ...]:
    """Divide a sequence of letters over `cells` cells so that writing takes the fewest steps on average.

    Each cell holds consecutive letters, so that the alphabet stays in order; a cell with more than one opens
    a page with `inner` cells, and so on. Frequent letters get a cell of their own. No letter is deeper than it
    would have to be with equal groups, and no cell holds more than 6 letters where that can be avoided.
    An alphabetic tree (Gilbert and Moore 1959) with bounded fan-out, by dynamic programming.

    Parameters
    ----------
    weights : sequence of float
        How frequent each letter is, in any unit.
    cells : int
        Cells for this page's groups, at least 1.
    inner : int
        Cells for the groups of the pages below, at least 2.

    Returns
    -------
    tuple of (int, int)
        Start and end of each cell's letters; at most `cells` of them.
    """
    if cells < 1 or inner < 2:
        raise ValueError(f"letters cannot be spelled with {cells} cells and {inner} below")
    total = [0.0]
    for weight in weights:
        total.append(total[-1] + weight)
    levels, room = 1, cells
    while room < len(weights):
        levels, room = levels + 1, room * inner

    def below(start: int, end: int, level: int) -> float:
        """Steps spent below one cell that holds these letters."""
        if end - start == 1:
            return 0.0
        if end - start > inner ** (level - 1):
            return math.inf
        cap = _cap(end - start, inner)
        return total[end] - total[start] + best(start, end, inner, level - 1, cap)[0]

    @cache
    def best(start: int, end: int, cells: int, level: int, cap: int) -> tuple[float, tuple[int, ...]]:
        """The fewest steps below `cells` cells, and where each cell's letters end."""
        if end - start <= cells:
            return 0.0, tuple(range(start + 1, end + 1))
        found: tuple[float, tuple[int, ...]] = (math.inf, ())
        if cells == 0:
            return found
        for cut in range(start + 1, min(end, start + cap) + 1):
            first = below(start, cut, level)
            if first >= found[0]:
                continue
            rest, ends = best(cut, end, cells - 1, level, cap)
            if first + rest < found[0]:
                found = (first + rest, (cut, *ends))
        return found

    ends = best(0, len(weights), cells, levels, _cap(len(weights), cells))[1]
    return tuple(zip((0, *ends), ends, strict=False))


def _cap(letters: int, cells: int) -> int:
    return max(EASY_TO_SCAN, math.ceil(letters / cells))
