"""calibration: the fit that belongs to what was measured: a model for a webcam, a correction for a tracker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from calibration.correction import Correction, fit_correction
from calibration.gaze import CalibrationSample, GazeModel, fit_gaze
from calibration.outcome import TargetSample
from calibration.plan import Plan
from calibration.screen import ScreenSize
from devices.samples import GazeSample
from models.gaze.features import EyeFeatures

Model = GazeModel | Correction


def fit(samples: Sequence[TargetSample], screen: ScreenSize, plan: Plan) -> Model:
    """Fit what belongs to the samples: see `calibration.gaze.fit_gaze` and `calibration.correction.fit_correction`."""
    if samples and isinstance(samples[0].seen, GazeSample):
        return fit_correction(samples, eyes=plan.eyes, axes=plan.axes)
    faces = [CalibrationSample(s.seen, s.x, s.y) for s in samples if isinstance(s.seen, EyeFeatures)]
    return fit_gaze(faces, screen, eyes=plan.eyes, axes=plan.axes)


def model_from_json(data: Mapping[str, Any]) -> Model:
    """Return the model that `to_json` was called on.

    Raises
    ------
    ValueError
        It is damaged, or from another version.
    """
    if data.get("kind") == "correction":
        return Correction.from_json(data)
    return GazeModel.from_json(data)
