"""assistive.eeg: the present look, as evidence beside the EEG; a resting mouse is no look."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistive.boards.board import Target
from assistive.fusion.belief import FORGET_S, Belief
from assistive.fusion.hybrid import gaze_evidence


class Look:
    """Where the person looks now, as far as a tracker tells."""

    def __init__(self) -> None:
        self._belief = Belief()
        self._at: tuple[float, float] | None = None
        self._sd = (math.nan, math.nan)
        self._t = -math.inf

    def take(self, t: float, point: tuple[float, float], sd: tuple[float, float]) -> None:
        """Take in a gaze point and the standard deviation of its error, shares of the window; NaN: no gaze."""
        if not all(map(math.isfinite, (*point, *sd))) or min(sd) <= 0.0:
            self._belief.rest(t)
            return
        self._at, self._sd, self._t = self._belief.place(t, point, sd), sd, t

    def evidence(self, t: float, targets: Sequence[Target]) -> dict[str, float]:
        """Return the log-likelihood of the look for each target; empty: the eyes are not seen."""
        if self._at is None or t - self._t > FORGET_S:
            return {}
        return gaze_evidence(targets, self._at, self._sd)
