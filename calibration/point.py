"""calibration: where on the screen the person looks, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GazePoint:
    """A gaze sample after calibration: what fusion takes as evidence.

    Parameters
    ----------
    t : float
        Seconds on the shared clock.
    x, y : float
        Shares of the screen's width and height, origin top left. NaN: nobody looks, or nothing is known.
    sd_x, sd_y : float
        Standard deviation of the error that is left, in the same shares; 0: not known.
    blink : bool
        The eyes are closed for a moment: what they looked at before is still meant.
    measured : tuple of float
        The place before it was filtered and before drift was taken off: what drift is learned from.
    """

    t: float
    x: float
    y: float
    sd_x: float = 0.0
    sd_y: float = 0.0
    blink: bool = False
    measured: tuple[float, float] = (math.nan, math.nan)

    @property
    def valid(self) -> bool:
        """Whether the point names a place."""
        return math.isfinite(self.x) and math.isfinite(self.y)
