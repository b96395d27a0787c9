"""calibration: one axis of the gaze over several sittings: gains stay, offsets move (a hierarchical regression)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from calibration.regression import Evidence, Floats, Gaussian, Noise, combine, learn

MOST_SITTINGS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Sittings:
    """What several sittings told about the coefficients of one axis; the last one is now.

    Each sitting has its own coefficients, scattered around the person's with standard deviation `between`
    (Gelman et al. 2013, Bayesian Data Analysis, chapter 15). A new sitting so starts from the earlier ones, and a
    single look moves what changes most: the offset.

    Parameters
    ----------
    prior : Gaussian
        Before the first sitting: what is known of everybody.
    between : tuple of float
        By how much each coefficient changes from one sitting to the next.
    noise : Noise
        As learned in the last sitting with looks.
    evidence : tuple of Evidence
        Of each sitting, the last one now.
    """

    prior: Gaussian
    between: tuple[float, ...]
    noise: Noise
    evidence: tuple[Evidence, ...]
    start: Gaussian = field(init=False)
    belief: Gaussian = field(init=False)

    def __post_init__(self) -> None:
        *earlier, now = self.evidence
        start = self.prior
        if earlier:
            seen = [sitting.blurred(self.between) for sitting in earlier]
            start = combine(self.prior, *seen).widened(self.between)
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "belief", combine(start, now))

    @staticmethod
    def first(prior: Gaussian, between: tuple[float, ...], noise: Noise) -> Sittings:
        """Nothing was looked at yet."""
        return Sittings(prior, between, noise, (Evidence.none(len(between)),))

    def next(self) -> Sittings:
        """A new sitting begins, and nothing was looked at in it."""
        kept = self.evidence[-MOST_SITTINGS + 1 :]
        return Sittings(self.prior, self.between, self.noise, (*kept, Evidence.none(len(self.between))))

    def learned(self, rows: Floats, values: Floats, looks: NDArray[np.int64]) -> Sittings:
        """The same, with these frames as all that was looked at in this sitting (see `regression.learn`)."""
        now, noise = learn(self.start, rows, values, looks, self.noise)
        return Sittings(self.prior, self.between, noise, (*self.evidence[:-1], now))

    @staticmethod
    def joined(sittings: Sequence[Sittings]) -> Sittings:
        """All of these, in this order; the last one's end is now."""
        last = sittings[-1]
        evidence = tuple(e for s in sittings for e in s.evidence)[-MOST_SITTINGS:]
        return Sittings(last.prior, last.between, last.noise, evidence)
