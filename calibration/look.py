"""calibration: a model and what steadies it, put together: from what is seen of the eyes to where they look."""

from __future__ import annotations

from calibration.correction import Correction
from calibration.findings import Look
from calibration.fit import Model
from calibration.point import GazePoint
from calibration.pointing import Pointing
from calibration.raw_gaze import Seen
from devices.samples import GazeSample


def look_with(model: Model | None, pointing: Pointing) -> Look:
    """Return what tells where a person looks, sample after sample.

    Parameters
    ----------
    model : GazeModel, Correction or None
        A tracker's correction is applied here; everything else is in `pointing` already.
    pointing : Pointing
        Made with `model` if that is a GazeModel, else with None.
    """
    if not isinstance(model, Correction):
        return pointing.take

    def corrected(seen: Seen) -> GazePoint:
        return pointing.take(model.apply(seen) if isinstance(seen, GazeSample) else seen)

    return corrected
