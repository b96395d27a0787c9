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
# Between the targets of the calibration, never on them.
_CHECKS: tuple[Place, ...] = ((0.5, 0.3), (0.75, 0.3), (0.75, 0.75), (0.25, 0.75), (0.25, 0.3))
_CHECKS_ALONG = (0.45, 0.25, 0.15, 0.65, 0.85)
_FEW_CHECKS = 3  # after a single target, which takes two seconds, the check must not take ten


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
    places = _CHECKS if axes is Axes.BOTH else _on_line(_CHECKS_ALONG, axes)
    return places[:_FEW_CHECKS] if count == 1 else places


def _on_line(places: tuple[float, ...], axes: Axes) -> tuple[Place, ...]:
    if axes is Axes.HORIZONTAL:
        return tuple((place, 0.5) for place in places)
    return tuple((0.5, place) for place in places)
