"""Tests of scanning: everything can be reached, what is likely soonest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.fusion.scanning import Scan, Scanner, members, scan_tree

ROWS = [["a", "b", "c"], ["d", "e"], ["undo"]]
BOARDS = st.lists(st.lists(st.integers(0, 60), min_size=1, max_size=8), min_size=1, max_size=8).map(
    lambda rows: [[f"{i}:{j}" for j in range(len(row))] for i, row in enumerate(rows)]
)


def scanner(
    scan: Scan, prior: dict[str, float] | None = None, *, rounds: int = 2, waits: bool = False
) -> Scanner:
    tree = scan_tree(ROWS, prior or {}, scan)
    return Scanner(tree, rounds, halves=scan is Scan.HUFFMAN, waits=waits).begun()


def steps_to(place: Scanner, wanted: str) -> tuple[int, int]:
    """Wait until it is offered and take it, until it is chosen; the steps waited and the presses."""
    waited = presses = 0
    while waited < 1000:
        if wanted in place.offered:
            presses += 1
            place, taken = place.taken()
            if taken is not None:
                assert taken == wanted
                return waited, presses
        else:
            place = place.stepped()
            waited += 1
    raise AssertionError(f"{wanted} is never offered alone")


def passed(place: Scanner, steps: int) -> Scanner:
    for _ in range(steps):
        place = place.stepped()
    return place


@given(BOARDS, st.sampled_from(Scan), st.booleans(), st.lists(st.floats(0, 1), min_size=64, max_size=64))
def test_every_target_is_reached_in_every_order(
    rows: list[list[str]], scan: Scan, waits: bool, weights: list[float]
) -> None:
    targets = [target for row in rows for target in row]
    prior = dict(zip(targets, weights, strict=False))
    tree = scan_tree(rows, prior, scan)
    assert sorted(members(tree)) == sorted(targets)
    begun = Scanner(tree, 1, halves=scan is Scan.HUFFMAN, waits=waits).begun()
    for target in targets:
        waited, presses = steps_to(begun, target)
        assert waited <= 2 * len(targets)
        assert presses >= 1


def test_a_row_is_taken_and_then_its_cell() -> None:
    place = scanner(Scan.ROW_COLUMN)
    assert place.offered == ("a", "b", "c")
    place = place.stepped()
    assert place.offered == ("d", "e")
    place, taken = place.taken()
    assert (taken, place.offered) == (None, ("d",))
    place, taken = place.stepped().taken()
    assert (taken, place.offered) == ("e", ("a", "b", "c"))


def test_a_row_with_one_cell_is_that_cell() -> None:
    assert passed(scanner(Scan.ROW_COLUMN), 2).taken()[1] == "undo"


def test_what_is_likely_comes_first_in_a_line() -> None:
    likely = {"e": 0.7, "undo": 0.2}
    assert steps_to(scanner(Scan.LINEAR, likely), "e") == (0, 1)
    assert steps_to(scanner(Scan.LINEAR, likely), "undo") == (1, 1)


def test_groups_are_neighbours_and_divided_again() -> None:
    rows = [[f"{row}{column}" for column in range(8)] for row in range(4)]
    place = Scanner(scan_tree(rows, {}, Scan.GROUP))
    assert place.offered == tuple(rows[0])
    place, _ = place.stepped().taken()
    assert place.offered == ("10", "11")


def test_what_is_likely_costs_one_press_by_halves_and_what_is_not_more() -> None:
    likely = {"e": 0.7, "a": 0.1, "b": 0.1}
    assert steps_to(scanner(Scan.HUFFMAN, likely), "e") == (0, 1)
    assert sum(steps_to(scanner(Scan.HUFFMAN, likely), "undo")) > 2


def test_who_lets_a_half_pass_is_asked_about_parts_of_the_other_at_once() -> None:
    likely = {"e": 0.7, "a": 0.2, "b": 0.05}
    place = scanner(Scan.HUFFMAN, likely)
    assert place.offered == ("e",)
    place = place.stepped()
    assert place.offered == ("a",), "not all five others: it is one of them"


def test_a_single_target_that_is_left_over_still_has_to_be_taken() -> None:
    place = Scanner(scan_tree([["a", "b"]], {"a": 0.9}, Scan.HUFFMAN), 2, halves=True)
    place = place.stepped()
    assert place.offered == ("b",)
    assert place.taken()[1] == "b"
    place = place.stepped()
    assert place.offered == ("a",), "whoever did not take it is asked again"
    assert passed(place, 2).resting


def test_a_wrong_group_is_left_after_two_rounds_and_the_whole_rests() -> None:
    place, _ = scanner(Scan.ROW_COLUMN).taken()
    for _ in range(2 * 3):
        assert place.offered in (("a",), ("b",), ("c",))
        place = place.stepped()
    assert place.offered == ("a", "b", "c")
    place = passed(place, 2 * 3)
    assert place.resting
    assert place.offered == ()
    assert place.stepped() == place
    assert place.taken() == (place, None)
    assert place.begun().offered == ("a", "b", "c")


def test_who_steps_by_hand_is_offered_nothing_before_the_first_step() -> None:
    place = scanner(Scan.ROW_COLUMN, waits=True)
    assert (place.offered, place.shown) == ((), ())
    place, _ = place.stepped().taken()
    assert (place.offered, place.shown) == ((), ("a", "b", "c"))
    assert place.taken() == (place, None)
    assert place.stepped().offered == ("a",)


def test_no_target_or_one_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        scan_tree([[]], {}, Scan.LINEAR)
    with pytest.raises(ValueError, match="twice"):
        scan_tree([["a"], ["a"]], {}, Scan.HUFFMAN)
