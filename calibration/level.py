"""calibration: what an error means for the person, in a word."""

from __future__ import annotations

import math
from enum import StrEnum

# On a screen of 24 inches the keys of the grid 9x6 are 5.5 x 3 cm, those of 5x4 10 x 4 cm, of 2x2 26 x 6.4 cm.
GOOD_CM = 4.0
USABLE_CM = 8.0


class Level(StrEnum):
    """What a calibration, or one region of it, is good for."""

    GOOD = "good"  # a full alphabet
    USABLE = "usable"  # larger keys
    POOR = "poor"  # a few huge targets
    UNKNOWN = "unknown"  # nobody looked there


def target_size_cm(accuracy_cm: float, precision_cm: float) -> float:
    """Return how wide a target has to be to catch nearly every look: 2 (accuracy + 2 precision).

    Feit et al. 2017, CHI: Toward everyday gaze input, section "Target sizes".
    """
    return 2 * (accuracy_cm + 2 * precision_cm)


def level_of(accuracy_cm: float, precision_cm: float) -> Level:
    """Return what an error of this size (cm) is good for; NaN is not known."""
    size_cm = target_size_cm(accuracy_cm, precision_cm)
    if math.isnan(size_cm):
        return Level.UNKNOWN
    if size_cm <= GOOD_CM:
        return Level.GOOD
    return Level.USABLE if size_cm <= USABLE_CM else Level.POOR
