"""What is fitted to the looks of a calibration: for eyes that are still, that shake, and for trackers."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from statistics import fmean

import pytest
from looker import MIDDLE, SCREEN, features

from calibration.correction import Correction
from calibration.fit import fit, model_from_json
from calibration.gaze import CalibrationSample, GazeModel
from calibration.outcome import TargetSample
from calibration.plan import Plan
from calibration.steadied import steadied
from calibration.targets import calibration_targets
from devices.samples import GazeSample

ELSEWHERE = ((0.3, 0.3), (0.7, 0.3), (0.3, 0.7), (0.7, 0.7), (0.9, 0.8))


def fitted(points: int, shake_deg: float) -> GazeModel:
    """A model of eyes that tremble by so much, as a camera sees it."""
    chance, t = random.Random(5), 0.0
    samples = []
    for place in calibration_targets(points):
        for _ in range(32):
            t += 1 / 30
            shake = (chance.gauss(0, shake_deg), chance.gauss(0, shake_deg))
            samples.append(TargetSample(features(t, place, shake=shake), *place))
    model = fit(samples, SCREEN, Plan(points))
    assert isinstance(model, GazeModel)
    return model


def error_cm(model: GazeModel, shake_deg: float) -> float:
    """How far the mean of half a second is off, which is what a dwell sees of the gaze."""
    chance, errors = random.Random(9), []
    for x, y in ELSEWHERE:
        shakes = [(chance.gauss(0, shake_deg), chance.gauss(0, shake_deg)) for _ in range(15)]
        points = [model.place(features(0.0, (x, y), shake=shake)) for shake in shakes]
        seen = [point for point in points if point is not None]
        off = (fmean(p.x for p in seen) - x) * 52.7, (fmean(p.y for p in seen) - y) * 29.6
        errors.append(math.hypot(*off))
    return fmean(errors)


@pytest.mark.parametrize("points", [3, 9])
@pytest.mark.parametrize(("shake_deg", "most_cm"), [(0.3, 1.0), (2.0, 1.5), (4.0, 2.5)])
def test_eyes_that_shake_are_followed_on_average(points: int, shake_deg: float, most_cm: float) -> None:
    assert error_cm(fitted(points, shake_deg), shake_deg) < most_cm


def test_a_frame_is_averaged_with_its_neighbours_of_the_same_look_alone() -> None:
    def sample(t: float, iris_x: float, x: float) -> CalibrationSample:
        face = features(t, MIDDLE)
        assert face.right is not None
        return CalibrationSample(replace(face, right=replace(face.right, iris_x=iris_x), left=None), x, 0.5)

    told = [
        sample(0.00, 0.1, 0.2),
        sample(0.05, 0.3, 0.2),
        sample(0.30, 0.9, 0.2),
        sample(0.34, 0.5, 0.8),
        sample(0.38, 0.7, 0.8),
    ]
    calm = steadied(told)

    assert [s.features.right.iris_x for s in calm if s.features.right] == pytest.approx(
        [0.2, 0.2, 0.9, 0.6, 0.6]
    )
    assert [(s.features.t, s.x, s.features.left) for s in calm] == [(s.features.t, s.x, None) for s in told]
    assert steadied([]) == ()


def test_an_eye_that_is_missing_in_some_frames_is_averaged_over_the_others() -> None:
    whole, without = features(0.0, MIDDLE), replace(features(0.03, MIDDLE), left=None)
    calm = steadied([CalibrationSample(whole, 0.5, 0.5), CalibrationSample(without, 0.5, 0.5)])

    assert calm[0].features.left == whole.left and calm[1].features.left is None


def test_a_tracker_gets_a_correction_and_both_kinds_are_read_again() -> None:
    told = [
        TargetSample(GazeSample(0.0, x + 0.05, y), x, y) for x, y in calibration_targets(5) for _ in range(9)
    ]
    correction, model = fit(told, SCREEN, Plan(5)), fitted(3, 0.3)

    assert isinstance(correction, Correction) and model_from_json(correction.to_json()) == correction
    read = model_from_json(model.to_json())
    face = features(0.0, MIDDLE)
    assert isinstance(read, GazeModel) and read.place(face) == model.place(face)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"kind": "correction"}', '{"version": 99}', "[" * 99999]
)
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        model_from_json(text)
