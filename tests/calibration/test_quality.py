"""How far off a gaze is, in degrees and centimetres, region by region."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.gaze import Axes
from calibration.quality import Check, validate
from calibration.screen import ScreenSize

SCREEN = ScreenSize(2000, 1000, 500.0, 250.0, 600.0)


def test_a_gaze_that_is_always_off_by_the_same_is_precise_and_not_accurate() -> None:
    validation = validate([Check(0.5, 0.5, ((0.56, 0.42),) * 20)], SCREEN)

    (region,) = validation.regions
    assert region.offset_cm == pytest.approx((3.0, -2.0))
    assert region.accuracy_cm == pytest.approx(math.hypot(3, 2))
    assert region.precision_cm == pytest.approx(0.0, abs=1e-9)
    assert region.accuracy_deg == pytest.approx(math.degrees(math.atan2(math.hypot(3, 2), 60)))
    assert region.samples == 20


def test_a_gaze_that_trembles_around_the_target_is_accurate_on_average_only() -> None:
    noise = random.Random(1)
    gaze = tuple((0.5 + noise.gauss(0, 0.02), 0.5 + noise.gauss(0, 0.04)) for _ in range(4000))
    (region,) = validate([Check(0.5, 0.5, gaze)], SCREEN).regions

    assert math.hypot(*region.offset_cm) < 0.05
    assert region.precision_cm == pytest.approx(math.sqrt(2), rel=0.05), "1 cm on each axis"
    assert region.accuracy_cm == pytest.approx(math.sqrt(math.pi / 2), rel=0.05), (
        "the mean of a Rayleigh distance"
    )


def test_a_degree_is_smaller_at_the_edge_of_the_screen() -> None:
    middle, edge = validate(
        [Check(0.5, 0.5, ((0.52, 0.5),)), Check(0.96, 0.5, ((0.98, 0.5),))], SCREEN
    ).regions

    assert middle.accuracy_cm == pytest.approx(edge.accuracy_cm)
    assert edge.accuracy_deg < 0.9 * middle.accuracy_deg


def test_a_region_nobody_looked_at_is_not_counted_and_not_hidden() -> None:
    validation = validate(
        [Check(0.2, 0.2, ((0.22, 0.2),) * 5), Check(0.8, 0.8, ()), Check(0.8, 0.2, ((math.nan, 0.3),))],
        SCREEN,
    )

    assert [region.samples for region in validation.regions] == [5, 0, 0]
    assert math.isnan(validation.regions[1].accuracy_cm) and math.isnan(validation.regions[2].offset_cm[0])
    assert validation.accuracy_cm == pytest.approx(1.0)


def test_where_nothing_was_seen_nothing_is_claimed() -> None:
    for validation in (validate([], SCREEN), validate([Check(0.5, 0.5, ())], SCREEN)):
        assert math.isnan(validation.accuracy_cm) and math.isnan(validation.precision_deg)


def test_with_one_direction_only_the_other_is_no_error() -> None:
    check = Check(0.5, 0.5, ((0.54, 0.9), (0.54, 0.1)))
    (across,) = validate([check], SCREEN, Axes.HORIZONTAL).regions
    (down,) = validate([check], SCREEN, Axes.VERTICAL).regions

    assert across.offset_cm == pytest.approx((2.0, 0.0)) and across.precision_cm == pytest.approx(
        0.0, abs=1e-9
    )
    assert down.offset_cm == pytest.approx((0.0, 0.0), abs=1e-9) and down.precision_cm == pytest.approx(10.0)


def test_a_screen_that_does_not_tell_its_size_is_taken_to_have_96_dots_an_inch() -> None:
    (region,) = validate([Check(0.5, 0.5, ((0.6, 0.5),))], ScreenSize(960, 540, 0.0, 0.0)).regions
    assert region.offset_cm[0] == pytest.approx(2.54)


GAZE = st.lists(st.tuples(st.floats(), st.floats(-1e6, 1e6)), max_size=5).map(tuple)


@given(
    st.lists(st.builds(Check, st.floats(0, 1), st.floats(0, 1), GAZE), max_size=4),
    st.sampled_from(list(Axes)),
)
def test_no_gaze_breaks_it_and_no_error_is_negative(checks: list[Check], axes: Axes) -> None:
    validation = validate(checks, SCREEN, axes)

    assert len(validation.regions) == len(checks)
    for region in validation.regions:
        assert region.samples == 0 or region.accuracy_cm >= 0
