"""An error of some centimetres is good, usable or poor, and a gaze nobody saw is none of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.level import Level, needed_cm, region_level, target_size_cm, validation_level
from calibration.quality import RegionError, Validation

WORSE = [Level.GOOD, Level.USABLE, Level.POOR]
NAN = math.nan
NOT_SEEN = RegionError(0.5, 0.5, (NAN, NAN), NAN, NAN, NAN, NAN, 0)


def region(dx: float, dy: float, spread: float) -> RegionError:
    """A place where the gaze is off by (dx, dy) cm."""
    off = math.hypot(dx, dy)
    return RegionError(0.5, 0.5, (dx, dy), off, off, spread, spread, 60)


def whole(*regions: RegionError) -> Validation:
    """All places together."""
    return Validation(regions, 1.0, 1.0, 1.0, 1.0)


def test_a_target_of_feits_size() -> None:
    assert target_size_cm(0.5, 0.25) == pytest.approx(2.0)
    assert needed_cm(whole(region(0.3, 0.4, 0.25 * math.sqrt(2)))) == pytest.approx(2.0)


def test_a_tracker_is_good_a_webcam_usable_and_a_guess_poor() -> None:
    assert region_level(region(0.5, 0.3, 0.4)) is Level.GOOD
    assert region_level(region(1.0, -2.0, 0.8)) is Level.USABLE
    assert region_level(region(-5.0, 1.0, 2.0)) is Level.POOR


def test_what_was_not_seen_has_no_level_and_counts_for_nothing() -> None:
    assert region_level(NOT_SEEN) is Level.UNKNOWN
    assert validation_level(whole(NOT_SEEN)) is Level.UNKNOWN
    assert validation_level(whole()) is Level.UNKNOWN
    assert validation_level(whole(NOT_SEEN, region(0.1, 0.1, 0.2))) is Level.GOOD


@given(st.floats(-50, 50), st.floats(0, 50), st.floats(1, 10))
def test_more_error_is_never_better(offset: float, spread: float, times: float) -> None:
    before = WORSE.index(region_level(region(offset, 0.0, spread)))
    assert WORSE.index(region_level(region(offset * times, 0.0, spread))) >= before
    assert WORSE.index(region_level(region(0.0, offset, spread * times))) >= before
