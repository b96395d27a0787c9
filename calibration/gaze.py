"""calibration: from the eyes' features to a place on the screen, fitted to one person, camera and screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from calibration.cross_validation import leave_one_place_out, places
from calibration.gaze_inputs import Eyes, Head, difference_of, patches_of, usual_head
from calibration.gaze_model import Axes, CalibrationSample, GazeModel, Placed, look_numbers, nobody, size_cm
from calibration.patches import LEAST_PLACES, PatchRidge, fit_patches, help_enough
from calibration.regression import Floats, student
from calibration.screen import ScreenSize

__all__ = ["Axes", "CalibrationSample", "Eyes", "GazeModel", "Placed", "fit_gaze"]


def fit_gaze(
    samples: Sequence[CalibrationSample],
    screen: ScreenSize,
    *,
    eyes: Eyes = Eyes.BOTH,
    axes: Axes = Axes.BOTH,
) -> GazeModel:
    """Fit where a person looks to frames in which they looked at known places.

    It works from no look at all (anatomy alone; the camera at the middle of the screen's upper edge) to as many as
    there are. Frames that show no eye are left out; a target that was not looked at counts little.

    Parameters
    ----------
    samples : sequence of CalibrationSample
        In the order of time: frames in a row with the same target are one look.
    screen : ScreenSize
    eyes : Eyes
    axes : Axes

    Returns
    -------
    GazeModel
    """
    known = [s for s in samples if s.aimed]
    model = _geometric(known, screen, eyes, axes)
    return replace(model, patches=_patches_that_help(model, known))


def _geometric(samples: Sequence[CalibrationSample], screen: ScreenSize, eyes: Eyes, axes: Axes) -> GazeModel:
    frames = [sample.features for sample in samples]
    head = usual_head(frames) if samples else Head(0.0, 0.0, screen.distance_mm / 10.0)
    empty = replace(nobody(screen, eyes, axes, head), difference=difference_of(frames))
    return empty.learned(samples)


def _patches_that_help(model: GazeModel, samples: Sequence[CalibrationSample]) -> PatchRidge | None:
    """The ridge on what the model leaves, if it shrinks the errors at places that were left out; else None."""
    pictured = [s for s in samples if patches_of(s.features, model.eyes) is not None]
    if len(places(pictured)) < LEAST_PLACES:
        return None
    without, with_patches = [], []
    for others, own in leave_one_place_out(samples):
        plain = _geometric(others, model.screen, model.eyes, model.axes)
        errors = _look_errors(plain, own)
        ridge = _ridge(plain, others)
        if errors is None or ridge is None:
            continue
        corrected = errors[1] - np.array([ridge.correction(greys) for greys in errors[0]])
        without.append(float(np.hypot(*errors[1].mean(axis=0))))
        with_patches.append(float(np.hypot(*corrected.mean(axis=0))))
    return _ridge(model, samples) if help_enough(np.array(without), np.array(with_patches)) else None


def _ridge(model: GazeModel, samples: Sequence[CalibrationSample]) -> PatchRidge | None:
    found = _look_errors(model, samples)
    if found is None or len(found[0]) < LEAST_PLACES - 1:
        return None
    greys, errors = found
    noise = np.array([model.horizontal.noise.look_sd, model.vertical.noise.look_sd])
    return fit_patches(greys, errors, student((errors / noise) ** 2).min(axis=1))


def _look_errors(model: GazeModel, samples: Sequence[CalibrationSample]) -> tuple[Floats, Floats] | None:
    """For each look the mean grey values and what the model leaves to the target, in cm; None: no patches."""
    width, height = size_cm(model.screen)
    greys, errors = [], []
    numbers = look_numbers(samples)
    for number in np.unique(numbers):
        frames = [
            (grey, ((s.x - placed.x) * width, (s.y - placed.y) * height))
            for s, own in zip(samples, numbers, strict=True)
            if own == number
            and (grey := patches_of(s.features, model.eyes)) is not None
            and (placed := model.place(s.features)) is not None
        ]
        if frames:
            greys.append(np.mean([grey for grey, _ in frames], axis=0))
            errors.append(np.median([error for _, error in frames], axis=0))
    return (np.array(greys), np.array(errors)) if greys else None
