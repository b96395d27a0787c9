"""calibration: how far the gaze is off, where on the screen, as a separate validation finds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegionError:
    """The error at one validation target.

    Parameters
    ----------
    x, y : float
        The target, shares of the screen.
    offset_cm : tuple of float
        Where the gaze was on average, from the target: right and down are positive.
    accuracy_cm, accuracy_deg : float
        Mean distance from the target (Holmqvist et al. 2012, ETRA: accuracy).
    precision_cm, precision_deg : float
        Standard deviation around the mean place, both axes together.
    samples : int
        How many samples it is made of; 0: the person never looked there, and the rest is NaN.
    """

    x: float
    y: float
    offset_cm: tuple[float, float]
    accuracy_cm: float
    accuracy_deg: float
    precision_cm: float
    precision_deg: float
    samples: int


@dataclass(frozen=True, slots=True)
class Validation:
    """What a validation found: each target, and all of them together (NaN where there was nothing to see)."""

    regions: tuple[RegionError, ...]
    accuracy_cm: float
    accuracy_deg: float
    precision_cm: float
    precision_deg: float
