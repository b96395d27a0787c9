"""A board goes in; flashes come out, in which every target can be told from every other."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.fusion.flashing import APART, Flashes, Grouping, Place, sequence

LETTERS = {f"{row}{column}": (row, column) for row in range(6) for column in range(6)}
SOME_PLACES = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 7)), min_size=1, max_size=40)


def flashes_of(target: str, flashes: Flashes) -> list[int]:
    return [i for i, flash in enumerate(flashes) if target in flash]


@given(SOME_PLACES, st.sampled_from(Grouping), st.integers(1, 5), st.integers())
def test_whatever_the_board_every_target_flashes_equally_often_and_can_be_told_from_the_others(
    board: set[Place], grouping: Grouping, apart: int, seed: int
) -> None:
    places = {f"{row} {column}": (row, column) for row, column in board}
    flashes = sequence(places, grouping, random.Random(seed), apart=apart)
    codes = {tuple(target in flash for flash in flashes) for target in places}
    assert len(codes) == len(places)
    assert len({len(flashes_of(target, flashes)) for target in places}) == 1
    assert {target for flash in flashes for target in flash} == set(places)


@given(SOME_PLACES, st.sampled_from(Grouping), st.integers(1, 5), st.integers())
def test_a_target_never_flashes_again_too_soon_not_even_in_the_next_sequence(
    board: set[Place], grouping: Grouping, apart: int, seed: int
) -> None:
    places, chance = {f"{row} {column}": (row, column) for row, column in board}, random.Random(seed)
    flashes: Flashes = ()
    for _ in range(3):
        flashes += sequence(places, grouping, chance, apart=apart, before=flashes)
    for target in places:
        own = flashes_of(target, flashes)
        assert all(later - earlier >= apart for earlier, later in pairwise(own))


def test_on_a_checkerboard_neighbours_never_flash_together() -> None:
    flashes = sequence(LETTERS, Grouping.CHECKERBOARD, random.Random(1))
    for flash in flashes:
        places = [LETTERS[target] for target in flash]
        assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) != 1 for a in places for b in places)


def test_rows_and_columns_are_those_of_the_board_and_need_no_more_than_two_pauses() -> None:
    flashes = sequence(LETTERS, Grouping.ROW_COLUMN, random.Random(1))
    lines = [{LETTERS[target] for target in flash} for flash in flashes if flash]
    assert len(lines) == 12
    assert all(
        len({row for row, _ in line}) == 1 or len({column for _, column in line}) == 1 for line in lines
    )
    assert sum(not flash for flash in flashes) <= APART - 1


def test_random_pairs_and_groups_keep_neighbours_apart_more_often_than_rows_and_columns_do() -> None:
    def together(grouping: Grouping) -> int:
        flashes = sequence(LETTERS, grouping, random.Random(1))
        return sum(
            max(abs(LETTERS[a][0] - LETTERS[b][0]), abs(LETTERS[a][1] - LETTERS[b][1])) == 1
            for flash in flashes
            for a in flash
            for b in flash
        )

    assert together(Grouping.PAIRS) < together(Grouping.ROW_COLUMN) / 10
    assert together(Grouping.GROUPS) < together(Grouping.ROW_COLUMN) / 2


def test_yes_and_no_flash_one_by_one() -> None:
    places, chance = {"yes": (0, 0), "no": (0, 1)}, random.Random(2)
    flashes: Flashes = ()
    for _ in range(20):
        flashes += sequence(places, Grouping.ROW_COLUMN, chance, apart=2, before=flashes)
    assert set(flashes) <= {("yes",), ("no",), ()}
    assert len(flashes_of("yes", flashes)) == len(flashes_of("no", flashes)) == 20


def test_what_is_likely_tends_to_flash_first_but_nobody_can_foresee_it() -> None:
    chance, likely = random.Random(1), {"00": 0.7, "55": 0.3}
    first = [sequence(LETTERS, Grouping.SINGLE, chance, likely=likely)[0] for _ in range(500)]
    assert 0.55 < first.count(("00",)) / 500 < 0.7
    assert 0.2 < first.count(("55",)) / 500 < 0.35
    assert len(set(first)) > 10


def test_the_same_seed_flashes_the_same_and_another_does_not() -> None:
    first, again, other = (
        sequence(LETTERS, Grouping.GROUPS, random.Random(seed)) for seed in ("a", "a", "b")
    )
    assert first == again != other


@pytest.mark.parametrize(
    ("places", "apart"), [({}, 2), ({"a": (0, 0), "b": (0, 0)}, 2), ({"a": (0, 0)}, 0)], ids=str
)
def test_a_board_that_cannot_flash_is_refused(places: dict[str, Place], apart: int) -> None:
    with pytest.raises(ValueError, match=r"flash|place"):
        sequence(places, Grouping.SINGLE, random.Random(1), apart=apart)
