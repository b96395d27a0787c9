"""calibration: where the targets stand, and in which order they are looked at."""

from __future__ import annotations

from calibration.gaze import Axes

Place = tuple[float, float]
"""Shares of the screen's width and height, origin top left."""

COUNTS = (1, 3, 5, 9)
NEAR, FAR = 0.1, 0.9  # of the screen: the outermost targets, just inside of the outermost keys

# The first ones are near the middle, where the eye is and where it sees best; the far corners come last.
_BOTH: dict[int, tuple[Place, ...]] = {
    1: ((0.5, 0.5),),
    3: ((0.5, NEAR), (NEAR, FAR), (FAR, FAR)),
    5: ((0.5, 0.5), (FAR, NEAR), (NEAR, NEAR), (NEAR, FAR), (FAR, FAR)),
    9: (
        (0.5, 0.5),
        (0.5, NEAR),
        (FAR, 0.5),
        (0.5, FAR),
        (NEAR, 0.5),
        (NEAR, NEAR),
        (FAR, NEAR),
        (FAR, FAR),
        (NEAR, FAR),
    ),
}
_ALONG: dict[int, tuple[float, ...]] = {
    1: (0.5,),
    3: (0.5, NEAR, FAR),
    5: (0.5, 0.3, 0.7, FAR, NEAR),
    9: (0.5, 0.4, 0.6, 0.7, 0.3, 0.2, 0.8, FAR, NEAR),
}
# Never on a target of the calibration, and out to where the outer keys are.
_CHECKS: tuple[Place, ...] = ((0.5, 0.35), (0.85, 0.25), (0.8, 0.8), (0.2, 0.8), (0.15, 0.25))
_CHECKS_ALONG = (0.45, 0.25, 0.15, 0.65, 0.85)
# After a single target, which takes two seconds, the check must not take ten.
_FEW_CHECKS: tuple[Place, ...] = ((0.5, 0.3), (0.8, 0.7), (0.2, 0.7))
_FEW_CHECKS_ALONG = (0.45, 0.2, 0.8)


def calibration_targets(count: int, axes: Axes = Axes.BOTH) -> tuple[Place, ...]:
    """Return where the targets of a calibration stand, in the order in which they are shown.

    Parameters
    ----------
    count : int
        1, 3, 5 or 9.
    axes : Axes
        With one axis only, they stand on one line through the middle.

    Raises
    ------
    ValueError
        There is no such calibration.
    """
    if count not in COUNTS:
        raise ValueError(f"a calibration has 1, 3, 5 or 9 targets, not {count}")
    return _BOTH[count] if axes is Axes.BOTH else _on_line(_ALONG[count], axes)


def check_targets(count: int, axes: Axes = Axes.BOTH) -> tuple[Place, ...]:
    """Return where the targets of the validation after a calibration with `count` targets stand.

    They are other places than those of the calibration: an error is only found where nothing was fitted.
    """
    if axes is Axes.BOTH:
        return _FEW_CHECKS if count == 1 else _CHECKS
    return _on_line(_FEW_CHECKS_ALONG if count == 1 else _CHECKS_ALONG, axes)


def _on_line(places: tuple[float, ...], axes: Axes) -> tuple[Place, ...]:
    if axes is Axes.HORIZONTAL:
        return tuple((place, 0.5) for place in places)
    return tuple((0.5, place) for place in places)
