"""Whether a person looks away to pause, to stop, or whether the camera is gone."""

from __future__ import annotations

import pytest

from calibration.attention import LEAVE_S, LOST_S, PAUSE_S, Attending, Attention


def watched(attention: Attention, start: float, end: float, *, eyes: bool) -> None:
    """Pictures come ten times a second."""
    for i in range(round((end - start) * 10) + 1):
        attention.picture(start + i / 10, eyes=eyes)


def test_a_blink_is_nothing_a_look_away_is_a_pause_and_a_long_one_the_end() -> None:
    attention = Attention(0.0)
    watched(attention, 0.0, 5.0, eyes=True)
    watched(attention, 5.1, 30.0, eyes=False)

    assert 1.0 < PAUSE_S < 4.0, "longer than a blink, shorter than a thought"
    assert attention.now(5.0 + PAUSE_S - 0.1) is Attending.HERE
    assert attention.now(5.0 + PAUSE_S) is Attending.AWAY
    assert attention.now(5.0 + LEAVE_S - 0.1) is Attending.AWAY
    assert attention.now(5.0 + LEAVE_S) is Attending.LEFT


def test_where_somebody_still_turns_the_camera_it_waits_longer() -> None:
    attention = Attention(0.0, leave_s=60.0)
    watched(attention, 0.0, 59.9, eyes=False)
    assert attention.now(59.9) is Attending.AWAY
    assert attention.now(60.0) is Attending.LEFT


def test_a_camera_that_is_gone_is_not_a_look_away() -> None:
    attention = Attention(0.0)
    watched(attention, 0.0, 5.0, eyes=True)

    assert attention.now(5.0 + LEAVE_S) is Attending.LOST
    assert attention.now(5.0 + LOST_S - 0.1) is Attending.LOST
    assert attention.now(5.0 + LOST_S) is Attending.LEFT


def test_after_the_camera_is_back_the_person_has_time_to_be_seen() -> None:
    attention = Attention(0.0)
    watched(attention, 0.0, 5.0, eyes=True)
    watched(attention, 40.0, 40.5, eyes=False)

    assert attention.now(40.5) is Attending.AWAY
    watched(attention, 40.6, 60.0, eyes=False)
    assert attention.now(40.0 + LEAVE_S - PAUSE_S - 0.1) is Attending.AWAY
    assert attention.now(40.0 + LEAVE_S - PAUSE_S) is Attending.LEFT


@pytest.mark.parametrize("leave_s", [LEAVE_S, 60.0])
@pytest.mark.parametrize("pictures", [0.0, 4.0, 11.5])
def test_the_deadlines_are_the_moments_at_which_it_changes(leave_s: float, pictures: float) -> None:
    def now(t: float) -> Attending:
        return attention.now(t)

    attention = Attention(0.0, leave_s)
    watched(attention, 0.0, pictures, eyes=False)
    deadlines = {round(attention.deadline(i / 100), 6) for i in range(7000)}
    changes = {round(i / 100, 6) for i in range(1, 6100) if now(i / 100) is not now((i - 1) / 100)}
    assert changes and changes <= deadlines
