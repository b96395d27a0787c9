"""calibration: the fit that belongs to what was measured: a model for a webcam, a correction for a tracker."""

from __future__ import annotations

import json
from collections.abc import Sequence

from calibration.correction import KIND, Correction, fit_correction
from calibration.gaze import CalibrationSample, GazeModel, fit_gaze
from calibration.outcome import TargetSample
from calibration.plan import Plan
from calibration.screen import ScreenSize
from calibration.steadied import steadied
from devices.samples import GazeSample
from models.gaze.features import EyeFeatures

Model = GazeModel | Correction


def fit(samples: Sequence[TargetSample], screen: ScreenSize, plan: Plan) -> Model:
    """Fit what belongs to the samples: see `calibration.gaze.fit_gaze` and `calibration.correction.fit_correction`.

    Parameters
    ----------
    samples : sequence of TargetSample
        In the order of time.
    """
    if samples and isinstance(samples[0].seen, GazeSample):
        return fit_correction(samples, eyes=plan.eyes, axes=plan.axes)
    faces = [CalibrationSample(s.seen, s.x, s.y) for s in samples if isinstance(s.seen, EyeFeatures)]
    return fit_gaze(steadied(faces), screen, eyes=plan.eyes, axes=plan.axes)


def model_from_json(text: str) -> Model:
    """Return the model whose `to_json` wrote this.

    Raises
    ------
    ValueError
        It is damaged, or from another version.
    """
    try:
        content = json.loads(text)
    except RecursionError as error:
        raise ValueError("no model") from error
    if isinstance(content, dict) and content.get("kind") == KIND:
        return Correction.from_json(text)
    return GazeModel.from_json(text)
