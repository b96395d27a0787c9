"""An error of some centimetres is good, usable or poor, and a gaze nobody saw is none of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.level import Level, level_of, target_size_cm

WORSE = [Level.GOOD, Level.USABLE, Level.POOR]


def test_a_target_of_feits_size() -> None:
    assert target_size_cm(0.5, 0.25) == pytest.approx(2.0)


def test_a_tracker_is_good_a_webcam_usable_and_a_guess_poor() -> None:
    assert level_of(0.6, 0.3) is Level.GOOD
    assert level_of(2.2, 0.5) is Level.USABLE
    assert level_of(5.0, 2.0) is Level.POOR


@pytest.mark.parametrize("error", [(math.nan, 0.3), (0.6, math.nan)])
def test_what_was_not_seen_has_no_level(error: tuple[float, float]) -> None:
    assert level_of(*error) is Level.UNKNOWN


@given(st.floats(0, 50), st.floats(0, 50), st.floats(0, 10))
def test_more_error_is_never_better(accuracy: float, precision: float, more: float) -> None:
    before = WORSE.index(level_of(accuracy, precision))
    assert WORSE.index(level_of(accuracy + more, precision)) >= before
    assert WORSE.index(level_of(accuracy, precision + more)) >= before
