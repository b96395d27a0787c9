"""calibration: what is shown while a person calibrates: plain data, drawn by assistive.ui."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from calibration.quality import Validation
from devices.samples import FaceVerdict


class Phase(StrEnum):
    """Where a calibration is."""

    FACE = "face"  # before it starts: is the face seen well enough?
    TARGET = "target"  # look at the target: the model is fitted to this
    FITTING = "fitting"
    CHECK = "check"  # look at other targets: what the model is worth
    RESULT = "result"
    LEFT = "left"  # the person looked away for long, or somebody ended it: nothing has changed


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """One moment of a calibration.

    Parameters
    ----------
    t : float
        Seconds on the shared clock.
    phase : Phase
    place : tuple of float, optional
        The target's centre, shares of the screen. None: no target is shown.
    progress : float
        0..1: how far the target's ring has closed.
    number, of : int
        Which target this is, from 1, and of how many.
    verdict : FaceVerdict
        What the camera's picture is good for now.
    message : str
        One sentence for the person or the caregiver, translated; "" where nothing has to be said.
    validation : Validation, optional
        In the phase RESULT: what was found.
    grid : str
        In the phase RESULT: the grid that fits it, as the setting look.grid names it; "" where none is proposed.
    over_at : float, optional
        When it ends by itself, and what was found is used; None: it waits.
    """

    t: float
    phase: Phase
    place: tuple[float, float] | None = None
    progress: float = 0.0
    number: int = 0
    of: int = 0
    verdict: FaceVerdict = FaceVerdict.GOOD
    message: str = ""
    validation: Validation | None = None
    grid: str = ""
    over_at: float | None = None

    @property
    def left_s(self) -> int | None:
        """How many seconds are left until it ends by itself, rounded up; None: it waits."""
        return None if self.over_at is None else max(0, math.ceil(self.over_at - self.t))
