"""When an eye has come to rest: strict at first, patient later."""

from __future__ import annotations

import math

import pytest

from calibration.settle import GAP_S, HOLD_S, LONGEST_S, REACTION_S, Settle

HZ = 30.0


def shaking(
    settle: Settle[float], deg: float, *, until: float = LONGEST_S, at: tuple[float, float] = (0, 0)
) -> float:
    """Let an eye tremble around a place with this standard deviation, and return when it had settled."""
    for i in range(1, round(until * HZ) + 1):
        t = i / HZ
        # Two frequencies that do not fit each other: every second looks the same, and nothing repeats.
        x = deg * (math.sin(17 * t) + math.sin(29.7 * t))
        settle.take(settle.began + t, (at[0] + x, at[1]), None, t)
        if settle.settled:
            return t
    return math.inf


def test_a_still_eye_settles_in_a_second() -> None:
    settle: Settle[float] = Settle(0.0)
    assert shaking(settle, 0.1) == pytest.approx(REACTION_S + HOLD_S, abs=0.1)
    assert settle.spread_deg < 0.3


def test_an_eye_that_shakes_more_takes_longer_and_one_that_wanders_never_rests() -> None:
    times = [shaking(Settle(50.0), deg) for deg in (0.3, 1.5, 3.0, 5.0)]

    assert times == sorted(times) and 1.6 < times[1] < times[2] < times[3] < LONGEST_S
    assert shaking(Settle(50.0), 9.0) == math.inf


def test_an_eye_that_is_known_to_shake_is_believed_sooner() -> None:
    assert shaking(Settle(0.0, noise_deg=2.5), 2.0) < shaking(Settle(0.0), 2.0) - 0.5


def test_only_the_direction_that_counts_has_to_be_still() -> None:
    assert shaking(Settle(0.0, used=(False, True)), 9.0) < 1.5


def test_what_came_before_the_eye_arrived_is_not_kept() -> None:
    settle: Settle[float] = Settle(0.0, jump=(15.0, 0.0), before=(0.0, 0.0))
    for i in range(1, 120):
        t = i / HZ
        settle.take(t, (0.0 if t < 1.6 else 9.0, 0.01 * (i % 3)), None, t)
    assert settle.settled
    assert min(settle.samples) >= 1.6 and settle.place[0] == 9.0


def test_an_eye_that_stays_where_it_was_never_settles() -> None:
    settle: Settle[float] = Settle(0.0, jump=(15.0, 0.0), before=(0.0, 0.0))
    assert shaking(settle, 0.2) == math.inf
    assert settle.progress == 0.0


def test_the_wrong_way_is_believed_only_after_a_while() -> None:
    settle: Settle[float] = Settle(0.0, jump=(15.0, 0.0), before=(0.0, 0.0))
    assert 3.5 < shaking(settle, 0.2, at=(-10.0, 0.0)) < 6.0


def test_a_blink_is_left_out_and_a_drooping_lid_is_not() -> None:
    for usual in (0.35, 0.1):
        settle: Settle[float] = Settle(0.0)
        for i in range(1, 50):
            t, blinks = i / HZ, 20 <= i < 24
            settle.take(t, (0.0, 20.0 if blinks else 0.0), 0.3 * usual if blinks else usual, t)
        assert settle.settled
        assert not [t for t in settle.samples if 20 / HZ <= t < 24 / HZ]


def test_after_a_gap_it_begins_anew() -> None:
    settle: Settle[float] = Settle(0.0)
    for i in range(1, 30):
        settle.take(i / HZ, (0.0, 0.0), None, i / HZ)
    before = settle.progress
    settle.take(29 / HZ + GAP_S + 0.1, (0.0, 0.0), None, 2.0)
    assert before > 0.5 and settle.progress < 0.1


@pytest.mark.parametrize("hz", [4.0, 5.0, 30.0, 250.0, 1200.0])
def test_slow_and_fast_devices_settle_with_enough_samples(hz: float) -> None:
    settle: Settle[float] = Settle(0.0)
    for i in range(1, round(4 * hz)):
        settle.take(i / hz, (0.001 * (i % 5), 0.0), None, i / hz)
        if settle.settled:
            break
    assert settle.settled and 8 <= len(settle.samples) <= 220
