"""calibration: how far the gaze is off, where on the screen, as a separate validation finds it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from calibration.gaze import Axes
from calibration.screen import ScreenSize

Place = tuple[float, float]

FARTHEST = 100.0  # screens: no eye looks there, a device has lost its senses


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


@dataclass(frozen=True, slots=True)
class Check:
    """One validation target (shares of the screen), and where the gaze was while the person looked at it."""

    x: float
    y: float
    gaze: tuple[Place, ...]


def is_place(x: float, y: float) -> bool:
    """Whether eyes could look there: numbers, and not those of a broken device."""
    return abs(x) <= FARTHEST and abs(y) <= FARTHEST  # False for NaN


def validate(checks: Sequence[Check], screen: ScreenSize, axes: Axes = Axes.BOTH) -> Validation:
    """Find accuracy and precision at each target and of all of them together.

    Accuracy is the mean distance of the samples from the target, precision their standard deviation around their
    mean place (Holmqvist et al. 2012, ETRA). Degrees are angles at an eye that is `screen.distance_mm` before the
    middle of the screen.

    Parameters
    ----------
    checks : sequence of Check
        Samples that name no place are left out.
    screen : ScreenSize
    axes : Axes
        With one axis only, the distances are along it; the offset across it is 0.
    """
    regions = tuple(_region(check, screen, axes) for check in checks)
    seen = [region for region in regions if region.samples]
    return Validation(
        regions,
        _mean(region.accuracy_cm for region in seen),
        _mean(region.accuracy_deg for region in seen),
        _mean(region.precision_cm for region in seen),
        _mean(region.precision_deg for region in seen),
    )


def _region(check: Check, screen: ScreenSize, axes: Axes) -> RegionError:
    gaze = [_seen_along(place, check, axes) for place in check.gaze if is_place(*place)]
    nan = math.nan
    if not gaze:
        return RegionError(check.x, check.y, (nan, nan), nan, nan, nan, nan, 0)
    target = (check.x, check.y)
    middle = (fmean(x for x, _ in gaze), fmean(y for _, y in gaze))
    width_cm, height_cm = (side / 10 for side in screen.size_mm)
    return RegionError(
        check.x,
        check.y,
        ((middle[0] - check.x) * width_cm, (middle[1] - check.y) * height_cm),
        fmean(_distance_cm(place, target, screen) for place in gaze),
        fmean(_angle_deg(place, target, screen) for place in gaze),
        math.sqrt(fmean(_distance_cm(place, middle, screen) ** 2 for place in gaze)),
        math.sqrt(fmean(_angle_deg(place, middle, screen) ** 2 for place in gaze)),
        len(gaze),
    )


def _seen_along(place: Place, check: Check, axes: Axes) -> Place:
    if axes is Axes.HORIZONTAL:
        return place[0], check.y
    return (check.x, place[1]) if axes is Axes.VERTICAL else place


def _distance_cm(one: Place, other: Place, screen: ScreenSize) -> float:
    width_mm, height_mm = screen.size_mm
    return math.hypot((one[0] - other[0]) * width_mm, (one[1] - other[1]) * height_mm) / 10


def _angle_deg(one: Place, other: Place, screen: ScreenSize) -> float:
    a, b = _from_eye(one, screen), _from_eye(other, screen)
    cross = math.hypot(
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )
    # By the tangent: the cosine of a small angle has lost its digits.
    return math.degrees(math.atan2(cross, sum(p * q for p, q in zip(a, b, strict=True))))


def _from_eye(place: Place, screen: ScreenSize) -> tuple[float, float, float]:
    width_mm, height_mm = screen.size_mm
    return (place[0] - 0.5) * width_mm, (place[1] - 0.5) * height_mm, screen.distance_mm


def _mean(values: Iterable[float]) -> float:
    known = list(values)
    return fmean(known) if known else math.nan
