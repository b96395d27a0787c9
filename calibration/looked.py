"""calibration: at which of the targets the person really looked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import median

from calibration.raw_gaze import Angles

FOLLOWING = 0.1  # of the targets' way: an axis that follows less tells nothing of a single look
APART_DEG = 2.0
LEAST_POINTS = 5  # with fewer, a look that is a little off cannot be told from the others
FAR_OFF_DEG = 6.0  # a look that is closer to the target does little harm
DEVIATIONS = 4.0
SIGMA_BY_MAD = 1.4826  # of a normal distribution


def not_looked_at(
    targets: Sequence[Angles], looks: Sequence[Angles], used: tuple[bool, bool] = (True, True)
) -> set[int]:
    """Return which looks do not belong to their targets, judged by all the others.

    Two looks contradict each other if the second is not on the side of the first on which its target is; those that
    contradict the most others go first. Through the rest of the pairs (target, look) a line is laid on each axis, with the
    median of the slopes between any two (Theil 1950, Sen 1968; up to 29 % of the points may be wrong): a look that is far
    from it was not at its target. If the looks follow the targets on no axis, none was.

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
        Indices. A single look is believed.
    """
    everything = set(range(len(targets)))
    if len(everything) < 2:
        return set()
    slopes = {axis: _slope(targets, looks, axis) for axis in (0, 1) if used[axis]}
    followed = [axis for axis, slope in slopes.items() if slope >= FOLLOWING]
    if not followed:
        return everything
    left = _without_contradictions(targets, looks, followed)
    if len(left) >= LEAST_POINTS:
        order = sorted(left)
        for axis in followed:
            far = _far_off([targets[i][axis] for i in order], [looks[i][axis] for i in order])
            left -= {order[position] for position in far}
    return everything - left


def _without_contradictions(
    targets: Sequence[Angles], looks: Sequence[Angles], axes: Sequence[int]
) -> set[int]:
    left = set(range(len(targets)))
    while True:
        against = dict.fromkeys(left, 0)
        for i, j in combinations(sorted(left), 2):
            way = sum((targets[j][axis] - targets[i][axis]) ** 2 for axis in axes)
            went = sum(
                (targets[j][axis] - targets[i][axis]) * (looks[j][axis] - looks[i][axis]) for axis in axes
            )
            if way > APART_DEG**2 and went < FOLLOWING * way:
                against[i] += 1
                against[j] += 1
        worst = max(against.values(), default=0)
        if worst == 0:
            return left
        left -= {index for index, count in against.items() if count == worst}


def _slope(targets: Sequence[Angles], looks: Sequence[Angles], axis: int) -> float:
    slopes = [
        (looks[j][axis] - looks[i][axis]) / (targets[j][axis] - targets[i][axis])
        for i, j in combinations(range(len(targets)), 2)
        if abs(targets[j][axis] - targets[i][axis]) > APART_DEG
    ]
    return median(slopes) if slopes else 0.0


def _far_off(targets: list[float], looks: list[float]) -> list[int]:
    """Indices of the points far from the line."""
    slope = _slope([(target, 0.0) for target in targets], [(look, 0.0) for look in looks], 0)
    middle = median(look - slope * target for target, look in zip(targets, looks, strict=True))
    off = [look - slope * target - middle for target, look in zip(targets, looks, strict=True)]
    scatter = SIGMA_BY_MAD * median(abs(value) for value in off)
    limit = max(DEVIATIONS * scatter, FAR_OFF_DEG * min(max(slope, FOLLOWING), 1.0))
    return [index for index, value in enumerate(off) if abs(value) > limit]
