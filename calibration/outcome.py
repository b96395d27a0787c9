"""calibration: what came of a calibration."""

from __future__ import annotations

from dataclasses import dataclass

from calibration.grid_choice import GridChoice
from calibration.quality import Validation
from calibration.raw_gaze import Seen
from calibration.targets import Place


@dataclass(frozen=True, slots=True)
class TargetSample:
    """What was seen of the eyes while they rested on a target at (x, y), shares of the screen."""

    seen: Seen
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Recentred:
    """One look at one target: how far the gaze is off now.

    Parameters
    ----------
    target : tuple of float
        Shares of the screen.
    measured : tuple of tuple of float
        Where the gaze was, before the drift was taken off.
    samples : tuple of TargetSample
        What it was computed from.
    """

    target: Place
    measured: tuple[Place, ...]
    samples: tuple[TargetSample, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a calibration found.

    Parameters
    ----------
    validation : Validation, optional
        Of what is used from now on. None after a recentre.
    choice : GridChoice, optional
        The grid and the dwell that fit it. None where there was no grid to choose from.
    earlier_is_better : bool
        The model there was before did better at the same looks: it stays.
    recentred : Recentred, optional
        Of a recentre alone.
    """

    validation: Validation | None = None
    choice: GridChoice | None = None
    earlier_is_better: bool = False
    recentred: Recentred | None = None
