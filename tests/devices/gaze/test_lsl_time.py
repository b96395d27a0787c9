"""Whatever the clock of the sender says, a sample's time is on the shared clock, after the one before."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.gaze.lsl_time import StampClock


def test_stamps_of_the_shared_clock_are_believed() -> None:
    assert StampClock().times([99.97, 99.98, 99.99], 100.0) == [99.97, 99.98, 99.99]


def test_another_computer_s_clock_is_corrected() -> None:
    assert StampClock().times([4.97, 4.98], 100.0, 95.0) == pytest.approx([99.97, 99.98])


@pytest.mark.parametrize("ahead_s", [-3600.0, -2.0, 0.1, 1e9])
def test_a_clock_of_its_own_counts_from_the_arrival_and_keeps_its_intervals(ahead_s: float) -> None:
    clock = StampClock()
    times: list[float | None] = []
    for group in range(50):
        sent = 100.0 + 0.02 * group
        delay_s = 0.03 if group % 5 == 3 else 0.001
        times += clock.times([sent + ahead_s, sent + 0.01 + ahead_s], sent + 0.01 + delay_s)
    assert None not in times
    intervals = [after - before for before, after in pairwise(times)]  # type: ignore[operator]
    assert intervals == pytest.approx([0.01] * 99, abs=1e-3)


def test_a_clock_that_is_set_anew_goes_on_from_the_arrival() -> None:
    clock = StampClock()
    clock.times([7.0, 7.01], 100.01)
    assert clock.times([3.0, 3.01], 100.03) == pytest.approx([100.02, 100.03])
    assert clock.times([9.0, 9.01], 100.05) == pytest.approx([100.04, 100.05])


def test_what_comes_late_is_left_out() -> None:
    clock = StampClock()
    assert clock.times([99.2, 99.4, 99.6, 99.9], 100.0) == [None, None, 99.6, 99.9]


def test_repeated_and_backwards_stamps_are_left_out() -> None:
    assert StampClock().times([99.9, 99.9, 99.8, 99.95], 100.0) == [99.9, None, None, 99.95]


def test_what_was_taken_before_nobody_was_said_to_look_is_left_out() -> None:
    clock = StampClock()
    clock.skip_to(100.0)
    assert clock.times([99.9, 100.1], 100.2) == [None, 100.1]


@pytest.mark.parametrize("stamp", [0.0, math.nan, 5.0])
def test_a_clock_that_stands_still_gives_one_sample_a_group(stamp: float) -> None:
    clock = StampClock()
    for now in (100.0, 100.02, 100.04):
        assert clock.times([stamp] * 3, now)[-1] in (None, now)
    assert sum(t is not None for t in clock.times([stamp] * 3, 100.06)) == 1


stamps = st.floats(allow_nan=True, allow_infinity=True) | st.floats(90, 110) | st.just(100.0)


@given(
    st.lists(st.tuples(st.lists(stamps, min_size=1, max_size=6), st.floats(0.001, 2)), max_size=12),
    st.floats(-1e6, 1e6),
)
def test_times_go_forward_and_are_never_of_the_future(
    groups: list[tuple[list[float], float]], correction: float
) -> None:
    clock = StampClock()
    now, last = 100.0, -math.inf
    for group, passed_s in groups:
        now += passed_s
        times = clock.times(group, now, correction)
        assert len(times) == len(group)
        kept = [t for t in times if t is not None]
        assert kept, "a group that arrives is never lost as a whole"
        assert all(before < after for before, after in pairwise([last, *kept]))
        assert now - 0.5 <= kept[0] and kept[-1] <= now
        last = kept[-1]
