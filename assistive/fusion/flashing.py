"""assistive.fusion: which targets flash together, and in which order.

A plan of one sequence is a tuple of flashes, a flash a tuple of target ids; an empty one is a pause as long as a flash.
Within a sequence every target flashes equally often, and for every two targets there is a flash with one of them only,
so that the evidence of whole sequences can tell all of them apart.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import combinations

Place = tuple[int, int]  # row and column on the board
Flash = tuple[str, ...]
Flashes = tuple[Flash, ...]

APART = (
    3  # flashes from one of a target to its next: Townsend et al. 2010, a second one too soon is hardly seen
)
FEWEST = 4  # targets that groups are worth it for
LEAST_LIKELY = 0.1  # of an average target, for each flash: what is hardly likely is not always the last
TRIES = 30  # of which the best is taken: the fewest neighbours together, the fewest pauses


class Grouping(StrEnum):
    """How targets are put together."""

    SINGLE = "single"
    ROW_COLUMN = "row_column"  # Farwell & Donchin 1988
    CHECKERBOARD = "checkerboard"  # Townsend et al. 2010: neighbours never flash together
    GROUPS = "groups"  # rows and columns of a matrix in which the targets stand at random
    PAIRS = "pairs"  # at random


def sequence(
    places: Mapping[str, Place],
    grouping: Grouping,
    chance: random.Random,
    *,
    apart: int = APART,
    before: Sequence[Flash] = (),
    likely: Mapping[str, float] | None = None,
) -> Flashes:
    """Plan one sequence.

    Parameters
    ----------
    places : mapping of str to (int, int)
        The targets and the row and column where each is; two have the same place in no board.
    grouping : Grouping
        How they are put together. One row, one column or fewer than `FEWEST` targets flash one by one.
    chance : random.Random
        Seeded by whoever asks.
    apart : int
        So many flashes lie between the beginnings of two flashes of a target, or more; 1: they may follow at once.
        Where the groups do not allow it, there are pauses.
    before : sequence of flashes
        What flashed last, the latest at the end.
    likely : mapping of str to float, optional
        How probable each target is: of two flashes that are left, the next is the one with so much more of this so much
        more often. It is sooner decided, and still nobody can foresee what flashes.

    Raises
    ------
    ValueError
        There is nothing to flash, two targets share a place, or `apart` is less than 1.
    """
    if not places:
        raise ValueError("there is nothing to flash")
    if len(set(places.values())) < len(places):
        raise ValueError("two targets have the same place")
    if apart < 1:
        raise ValueError("a flash is at least 1 flash apart from the next")
    groups = _groups(places, grouping, chance)
    weights = [_weight(group, likely, len(places)) for group in groups]
    found = [_ordered(_drawn(groups, weights, chance), apart, before) for _ in range(TRIES)]
    return min(found, key=len)


def _groups(places: Mapping[str, Place], grouping: Grouping, chance: random.Random) -> list[Flash]:
    one_by_one: list[Flash] = [(target,) for target in places]
    if grouping is Grouping.SINGLE or len(places) < FEWEST:
        return one_by_one
    if grouping is Grouping.ROW_COLUMN:
        lines = [len({place[axis] for place in places.values()}) for axis in (0, 1)]
        return _rows_and_columns(places) if min(lines) > 1 else one_by_one
    if grouping is Grouping.CHECKERBOARD:
        fields = [[t for t, place in places.items() if sum(place) % 2 == color] for color in (0, 1)]
        if any(0 < len(field) < FEWEST for field in fields):
            return one_by_one
        return [group for field in fields for group in _rows_and_columns(_shuffled_matrix(field, chance))]
    neighbours = [(a, b) for a, b in combinations(places, 2) if _touch(places[a], places[b])]
    make = _shuffled_pairs if grouping is Grouping.PAIRS else _shuffled_groups
    found = [make(list(places), chance) for _ in range(TRIES)]
    return min(found, key=lambda groups: sum(a in g and b in g for g in groups for a, b in neighbours))


def _touch(a: Place, b: Place) -> bool:
    return max(abs(a[0] - b[0]), abs(a[1] - b[1])) == 1


def _shuffled_matrix(targets: Sequence[str], chance: random.Random) -> dict[str, Place]:
    width = math.ceil(math.sqrt(len(targets)))
    return {target: divmod(i, width) for i, target in enumerate(chance.sample(targets, len(targets)))}


def _shuffled_groups(targets: Sequence[str], chance: random.Random) -> list[Flash]:
    return _rows_and_columns(_shuffled_matrix(targets, chance))


def _shuffled_pairs(targets: Sequence[str], chance: random.Random) -> list[Flash]:
    """Each target with both that are beside it in a random ring."""
    ring = chance.sample(targets, len(targets))
    return [(target, ring[i - 1]) for i, target in enumerate(ring)]


def _rows_and_columns(places: Mapping[str, Place]) -> list[Flash]:
    return [
        tuple(target for target, place in places.items() if place[axis] == line)
        for axis in (0, 1)
        for line in sorted({place[axis] for place in places.values()})
    ]


def _weight(group: Flash, likely: Mapping[str, float] | None, n: int) -> float:
    if likely is None:
        return 1.0
    return LEAST_LIKELY / n + sum(likely.get(target, 0.0) for target in group)


def _drawn(groups: Sequence[Flash], weights: Sequence[float], chance: random.Random) -> list[Flash]:
    """The groups in the order in which they are drawn by their weights (Efraimidis & Spirakis 2006)."""
    times = [chance.expovariate(weight) for weight in weights]
    return [groups[i] for i in sorted(range(len(groups)), key=times.__getitem__)]


def _ordered(groups: Sequence[Flash], apart: int, before: Sequence[Flash]) -> Flashes:
    """The groups in this order, as far as the flashes of each target are apart; pauses where nothing may flash."""
    left = list(groups)
    recent = list(before)
    n_before = len(recent)
    while left:
        lately = {target for flash in recent[max(0, len(recent) - apart + 1) :] for target in flash}
        chosen = next((group for group in left if not lately.intersection(group)), None)
        if chosen is not None:
            left.remove(chosen)
        recent.append(chosen or ())
    return tuple(recent[n_before:])
