"""Letters share a few cells: in order, nothing lost, and the frequent ones in fewer steps."""

from __future__ import annotations

import math

import pytest
from board_walk import layout
from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.groups import split


def depths(weights: list[float], cells: int, inner: int) -> list[int]:
    """How many choices each letter takes."""
    steps = []
    for start, end in split(weights, cells, inner):
        steps += [1] if end - start == 1 else [1 + d for d in depths(weights[start:end], inner, inner)]
    return steps


weights_of_letters = st.lists(st.floats(0.01, 10), min_size=1, max_size=40)


@given(weights_of_letters, st.integers(1, 24), st.integers(2, 12))
def test_the_groups_hold_every_letter_once_and_in_order(weights: list[float], cells: int, inner: int) -> None:
    groups = split(weights, cells, inner)
    assert 1 <= len(groups) <= cells
    assert [i for start, end in groups for i in range(start, end)] == list(range(len(weights)))


@given(weights_of_letters, st.integers(1, 24), st.integers(2, 12))
def test_no_letter_is_deeper_than_with_equal_groups(weights: list[float], cells: int, inner: int) -> None:
    levels = 1
    while cells * inner ** (levels - 1) < len(weights):
        levels += 1
    assert max(depths(weights, cells, inner)) <= levels


@given(weights_of_letters, st.integers(2, 24), st.integers(4, 12))
def test_a_group_is_easy_to_scan_where_that_can_be(weights: list[float], cells: int, inner: int) -> None:
    longest = max(end - start for start, end in split(weights, cells, inner))
    assert longest <= max(6, math.ceil(len(weights) / cells))


def test_letters_that_fit_are_not_grouped() -> None:
    assert split([1, 1, 1], 3, 2) == ((0, 1), (1, 2), (2, 3))


def test_the_frequent_letter_stands_alone() -> None:
    assert split([1, 1, 9, 1, 1], 3, 4) == ((0, 2), (2, 3), (3, 5))


@pytest.mark.parametrize(
    ("language", "cells", "most"), [("en", 10, 1.6), ("ru", 10, 1.7), ("en", 7, 1.8), ("ru", 7, 1.9)]
)
def test_writing_takes_fewer_steps_than_with_equal_groups(language: str, cells: int, most: float) -> None:
    """Equal groups take two choices for each letter."""
    board = layout(language)
    weights = [0.9 ** board.frequent.index(letter) for letter in board.alphabet]
    steps = depths(weights, cells, 9)
    assert sum(w * d for w, d in zip(weights, steps, strict=True)) / sum(weights) < most


@pytest.mark.parametrize(("cells", "inner"), [(0, 4), (4, 1)])
def test_too_few_cells_to_spell_are_refused(cells: int, inner: int) -> None:
    with pytest.raises(ValueError, match="cannot be spelled"):
        split([1, 1, 1], cells, inner)
