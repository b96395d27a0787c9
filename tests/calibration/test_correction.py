"""A tracker brings its own calibration: it is corrected where it is clear that it helps, and else left alone."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.correction import Correction, Line, fit_correction
from calibration.gaze import Axes, Eyes
from calibration.outcome import TargetSample
from calibration.targets import calibration_targets
from devices.samples import GazeSample


def looks(
    points: int, off: tuple[float, float], gain: float = 1.0, noise: float = 0.01, wander: float = 0.005
) -> list[TargetSample]:
    """A person looks at targets, and the tracker tells places that are off by so much."""
    chance = random.Random(3)
    samples = []
    for x, y in calibration_targets(points):
        there = (chance.gauss(0, wander), chance.gauss(0, wander))
        for _ in range(30):
            told = GazeSample(
                0.0,
                0.5 + (x - 0.5) / gain + off[0] + there[0] + chance.gauss(0, noise),
                y + off[1] + there[1] + chance.gauss(0, noise),
            )
            samples.append(TargetSample(told, x, y))
    return samples


@pytest.mark.parametrize("points", [1, 3, 5, 9])
def test_an_offset_is_taken_off(points: int) -> None:
    correction = fit_correction(looks(points, (0.0, -0.06)))

    sample = correction.apply(GazeSample(0.0, 0.4, 0.54))
    assert sample.x == pytest.approx(0.4, abs=0.01) and sample.y == pytest.approx(0.6, abs=0.015)


@pytest.mark.parametrize("points", [1, 3, 5, 9])
def test_a_tracker_that_is_right_stays_as_it_is(points: int) -> None:
    correction = fit_correction(looks(points, (0.0, 0.0)))

    sample = GazeSample(0.0, 0.3, 0.6)
    assert correction == Correction() and correction.apply(sample) is sample


def test_a_gain_is_only_fitted_where_there_are_enough_targets() -> None:
    nine, three = fit_correction(looks(9, (0, 0), gain=1.2)), fit_correction(looks(3, (0, 0), gain=1.2))

    assert nine.x.gain == pytest.approx(1.2, abs=0.03) and nine.y == Line()
    assert three.x.gain == 1.0
    assert fit_correction(looks(9, (0, 0), gain=1.45)).x.gain == 1.25, (
        "what is off by more was never calibrated"
    )


def test_a_millimetre_is_not_worth_a_correction() -> None:
    assert fit_correction(looks(9, (0.002, 0.002), noise=0.0, wander=0.0)) == Correction()


def test_targets_that_are_close_together_tell_no_gain() -> None:
    close = [
        TargetSample(GazeSample(0.0, 0.5 + (x - 0.5) / 1.2, 0.5), x, 0.5)
        for x in (0.42, 0.46, 0.5, 0.54, 0.58)
        for _ in range(5)
    ]
    assert fit_correction(close).x.gain == 1.0


def test_one_target_that_was_not_looked_at_does_not_move_the_others() -> None:
    samples = looks(9, (0.05, 0.0))
    samples[-30:] = [TargetSample(GazeSample(0.0, 0.5, 0.1), 0.1, 0.9)] * 30

    assert fit_correction(samples).apply(GazeSample(0.0, 0.55, 0.5)).x == pytest.approx(0.5, abs=0.03)


def test_one_eye_alone_is_taken_and_corrected() -> None:
    samples = [
        TargetSample(GazeSample(0.0, 0.9, 0.9, left=(x + 0.05, y), right=(0.0, 0.0)), x, y)
        for x, y in calibration_targets(5)
        for _ in range(10)
    ]
    correction = fit_correction(samples, eyes=Eyes.LEFT)
    sample = correction.apply(GazeSample(0.0, 0.9, 0.9, left=(0.45, 0.3)))

    assert (sample.x, sample.y) == pytest.approx((0.4, 0.3), abs=0.005)


def test_one_direction_leaves_the_other_alone() -> None:
    assert fit_correction(looks(5, (0.05, 0.05)), axes=Axes.HORIZONTAL).y == Line()


def test_it_is_kept_and_read_again() -> None:
    correction = Correction(Line(0.01, 1.1), Line(-0.02), Eyes.RIGHT)
    assert Correction.from_json(correction.to_json()) == correction


@given(st.text(max_size=60) | st.sampled_from(["{}", "[]", "1", '{"version": 1, "kind": "correction"}']))
def test_what_is_damaged_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Correction.from_json(text)


PLACE = st.floats() | st.floats(-2, 3)


@given(st.lists(st.tuples(PLACE, PLACE, st.sampled_from(calibration_targets(9))), max_size=40))
def test_no_tracker_breaks_it(told: list[tuple[float, float, tuple[float, float]]]) -> None:
    correction = fit_correction([TargetSample(GazeSample(0.0, x, y), *target) for x, y, target in told])
    sample = correction.apply(GazeSample(0.0, 0.5, 0.5))
    assert math.isfinite(sample.x) and math.isfinite(sample.y)
