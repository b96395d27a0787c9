"""calibration: the fit that belongs to what was measured: a model for a webcam, a correction for a tracker."""

from __future__ import annotations

import json
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


def model_to_json(model: Model) -> dict[str, Any]:
    """Return a model in a form that JSON has."""
    data: dict[str, Any] = json.loads(model.to_json()) if isinstance(model, GazeModel) else model.to_json()
    return data


def model_from_json(data: Mapping[str, Any]) -> Model:
    """Return the model that `model_to_json` was given.

    Raises
    ------
    ValueError
        It is damaged, or from another version.
    """
    if data.get("kind") == "correction":
        return Correction.from_json(data)
    return GazeModel.from_json(json.dumps(data))
