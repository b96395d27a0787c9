"""models.language: what the person did to the proposals, applied to words, phrases and tokens."""

from __future__ import annotations

import math

from models.language.messages import Steering
from models.language.partial import fold

MOST_NUDGED = 4.0
"""Log-odds are changed by no more than this."""


class Weights:
    """By what factor the odds of a word change.

    Parameters
    ----------
    steering : Steering
        Its nudges; several for one word (in whatever case) add up.
    """

    def __init__(self, steering: Steering) -> None:
        nudges: dict[str, float] = {}
        for word, nudge in steering.nudges:
            folded = fold(word)
            nudges[folded] = nudges.get(folded, 0.0) + nudge
        self._factors = {
            folded: math.exp(max(-MOST_NUDGED, min(MOST_NUDGED, nudge)))
            for folded, nudge in nudges.items()
            if nudge
        }

    def __bool__(self) -> bool:
        """Whether any word's odds change."""
        return bool(self._factors)

    def of(self, word: str) -> float:
        """Return the factor for `word`."""
        return self._factors.get(fold(word), 1.0)
