"""calibration: at which of the targets the person really looked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import median

from calibration.raw_gaze import Angles

LEAST_POINTS = 5  # with fewer, one that is wrong cannot be told from the others
FOLLOWING = 0.1  # of the targets' way: an axis that follows less tells nothing of a single point
FAR_OFF_DEG = 6.0  # a look that is closer to the target does little harm
DEVIATIONS = 4.0
SIGMA_BY_MAD = 1.4826  # of a normal distribution
APART_DEG = 2.0


def not_looked_at(
    targets: Sequence[Angles], looks: Sequence[Angles], used: tuple[bool, bool] = (True, True)
) -> set[int]:
    """Return which looks do not belong to their targets, judged by all the others.

    On each axis a line is laid through the pairs (target, look), with the median of the slopes between any two (Theil
    1950, Sen 1968; up to 29 % of the points may be wrong); a point that is far from it was not looked at. If the looks
    follow the targets on no axis, none was.

    Parameters
    ----------
    targets : sequence of tuple of float
        Where each target is, in degrees.
    looks : sequence of tuple of float
        Where the eyes pointed (see `calibration.raw_gaze`), in degrees from anywhere, with any gain.
    used : tuple of bool
        Whether the horizontal and the vertical count.

    Returns
    -------
    set of int
        Indices. Empty with fewer than five points.
    """
    if len(targets) < LEAST_POINTS:
        return set()
    axes = [axis for axis in (0, 1) if used[axis]]
    lines = [_far_off([t[axis] for t in targets], [look[axis] for look in looks]) for axis in axes]
    if all(line is None for line in lines):
        return set(range(len(targets)))
    return {index for line in lines if line is not None for index in line}


def _far_off(targets: list[float], looks: list[float]) -> list[int] | None:
    """Indices of the points far from the line; None: there is no line."""
    slopes = [
        (looks[j] - looks[i]) / (targets[j] - targets[i])
        for i, j in combinations(range(len(targets)), 2)
        if abs(targets[j] - targets[i]) > APART_DEG
    ]
    slope = median(slopes) if slopes else 0.0
    if slope < FOLLOWING:
        return None
    middle = median(look - slope * target for target, look in zip(targets, looks, strict=True))
    off = [look - slope * target - middle for target, look in zip(targets, looks, strict=True)]
    scatter = SIGMA_BY_MAD * median(abs(value) for value in off)
    limit = max(DEVIATIONS * scatter, FAR_OFF_DEG * min(slope, 1.0))
    return [index for index, value in enumerate(off) if abs(value) > limit]
