"""assistive.fusion: how much a gaze that is not sure slows the dwell."""

from __future__ import annotations

from assistive.boards.board import Rect

SURE_SDS = 2.0  # half a key is as wide as so many standard deviations: 95 of 100 points are inside, nothing is slowed
POOR_SDS = 0.5
MOST = 2.0


def slowing(sd: tuple[float, float], rect: Rect) -> float:
    """Return how many times longer a target has to be looked at, 1..2: the longer look averages the noise away.

    Parameters
    ----------
    sd : tuple of float
        Standard deviation of the gaze's error, in the same shares as `rect`; 0: not known, nothing is slowed.
    rect : Rect
        The target.
    """
    sides = ((sd[0], rect.w), (sd[1], rect.h))
    room = min((side / 2 / error for error, side in sides if error > 0.0), default=SURE_SDS)
    share = (SURE_SDS - room) / (SURE_SDS - POOR_SDS)
    return 1.0 + (MOST - 1.0) * min(1.0, max(0.0, share))
