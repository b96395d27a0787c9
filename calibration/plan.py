"""calibration: what kind of calibration is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from calibration.gaze import Axes, Eyes
from calibration.targets import COUNTS


class Kind(StrEnum):
    """What is done at the targets."""

    FULL = "full"  # a new model is fitted, then checked at other places
    RECENTRE = "recentre"  # one target: only the offset of the model there is


@dataclass(frozen=True, slots=True)
class Plan:
    """A calibration that is to be made.

    Parameters
    ----------
    points : int
        1, 3, 5 or 9 targets; a recentre has one, whatever is said here.
    eyes : Eyes
        Which eyes the person looks with.
    axes : Axes
        The directions in which they can move.
    kind : Kind

    Raises
    ------
    ValueError
        There is no calibration with so many targets.
    """

    points: int = 9
    eyes: Eyes = Eyes.BOTH
    axes: Axes = Axes.BOTH
    kind: Kind = Kind.FULL

    def __post_init__(self) -> None:
        if self.points not in COUNTS:
            raise ValueError(f"a calibration has 1, 3, 5 or 9 targets, not {self.points}")

    @property
    def used(self) -> tuple[bool, bool]:
        """Whether the horizontal and the vertical count."""
        return self.axes is not Axes.VERTICAL, self.axes is not Axes.HORIZONTAL
