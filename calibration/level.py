"""calibration: what an error means for the person, in a word."""

from __future__ import annotations

import math
from enum import StrEnum
from statistics import fmean

from calibration.quality import RegionError, Validation

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


def region_level(region: RegionError) -> Level:
    """Return what the gaze is good for at one place."""
    return _level(_needed_cm(region))


def validation_level(validation: Validation) -> Level:
    """Return what the gaze is good for, all places together."""
    return _level(needed_cm(validation))


def needed_cm(validation: Validation) -> float:
    """Return how wide a target has to be on average (cm); NaN where the eyes were not seen on any."""
    sizes = [size for region in validation.regions if not math.isnan(size := _needed_cm(region))]
    return fmean(sizes) if sizes else math.nan


def _needed_cm(region: RegionError) -> float:
    if not region.samples:
        return math.nan
    # Feit's precision is that of one axis; and the mean distance would count what shakes twice.
    return target_size_cm(math.hypot(*region.offset_cm), region.precision_cm / math.sqrt(2))


def _level(size_cm: float) -> Level:
    if math.isnan(size_cm):
        return Level.UNKNOWN
    if size_cm <= GOOD_CM:
        return Level.GOOD
    return Level.USABLE if size_cm <= USABLE_CM else Level.POOR
