"""assistive.gaze: what goes in and out while a person calibrates. Plain data, each with its time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from calibration.outcome import Outcome, TargetSample
from calibration.plan import Plan
from calibration.screen import ScreenSize
from calibration.store import Setup
from calibration.unfinished import Unfinished
from calibration.view import CalibrationView

# ---------------------------------------------------------------- into the engine


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fit of request `number` is done. `model`: as JSON, "" where it failed, for the `reason`."""

    t: float
    number: int
    model: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CalibrationFound:
    """What is on disk for a setup.

    Parameters
    ----------
    setup : Setup
    model : str
        As JSON (`calibration.fit.model_from_json`); "": there is none.
    accuracy_cm : float
        As it was validated; NaN: not known.
    age_s : float
        How old it is, in seconds.
    problem : str
        Why there is none, one sentence; "" the first time.
    unfinished : str
        A calibration that was broken off, as JSON (`CalibrationKept`); "": none.
    """

    t: float
    setup: Setup
    model: str = ""
    accuracy_cm: float = math.nan
    age_s: float = 0.0
    problem: str = ""
    unfinished: str = ""


@dataclass(frozen=True, slots=True)
class EndCalibration:
    """Somebody ends the calibration from the keyboard."""

    t: float


# ---------------------------------------------------------------- out of the engine


@dataclass(frozen=True, slots=True)
class FitRequest:
    """Fit a model to these samples, in another process."""

    t: float
    number: int
    samples: tuple[TargetSample, ...]
    screen: ScreenSize
    plan: Plan


@dataclass(frozen=True, slots=True)
class CalibrationShown:
    """Show this of the calibration; None: it is over. Only its progress, which is pulled, changes without a message."""

    t: float
    view: CalibrationView | None


@dataclass(frozen=True, slots=True)
class CalibrationKept:
    """Keep on disk what was looked at so far, in case the computer stops; None: forget it."""

    t: float
    unfinished: Unfinished | None = None


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The person uses what was found.

    Parameters
    ----------
    plan : Plan
    outcome : Outcome
    model : str
        The new model as JSON (`calibration.fit.model_from_json`), to be used and kept; "": the one that there is stays.
    """

    t: float
    plan: Plan
    outcome: Outcome
    model: str = ""


@dataclass(frozen=True, slots=True)
class SetupChanged:
    """The person looks with this camera or tracker at this screen now; what is known of it is wanted."""

    t: float
    setup: Setup
