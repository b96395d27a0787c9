"""assistive.fusion: how long this person looks at things only to read them, learned while they write.

A look that ends without choosing tells its time. One that chose tells only that it was at least that long, and
perhaps was no reading at all: it counts as far as it probably was. A lognormal, fitted step by step by EM (Dempster,
Laird and Rubin 1977) on such censored data, with a prior that is worth 30 looks. It is fitted to the looks that are
longer than usual: only they could choose.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from assistive.boards.board import Target, TargetKind
from assistive.fusion.times import (
    PHRASE_READING_S,
    PHRASE_READING_S_PER_WORD,
    READING_S_PER_LETTER,
    WORD_READING_S,
)

LETTER_READING_S = 0.24  # medians of the prior, DESIGN 4
PRIOR_LOG_SD = 0.42
PRIOR_LOOKS = 30.0
MEMORY = 600.0  # looks after which older ones fade
LEAST_LOG_SD, MOST_LOG_SD = 0.2, 1.0
SHORT = 0.0  # log ratio: shorter looks, many of them in passing, tell only that they were short
FURTHEST = 6.0  # standard deviations; a look that is censored there or later tells no more

_NORMAL = NormalDist()


def usual_reading_s(target: Target) -> float:
    """The median time that people look at a target of this kind and length only to read it."""
    if target.kind is TargetKind.WORD:
        return WORD_READING_S + READING_S_PER_LETTER * len(target.label)
    if target.kind is TargetKind.PHRASE:
        return PHRASE_READING_S + PHRASE_READING_S_PER_WORD * len(target.label.split())
    return LETTER_READING_S


@dataclass(slots=True)
class ReadingTimes:
    """The lognormal of one kind of target: the time of a look divided by what is usual for its length.

    `n` looks count; `total` and `squares` are sums of the ratio's logarithm and of its square.
    """

    n: float = PRIOR_LOOKS
    total: float = 0.0
    squares: float = PRIOR_LOOKS * PRIOR_LOG_SD**2

    @property
    def log_median(self) -> float:
        """The mean of the ratio's logarithm."""
        return self.total / self.n

    @property
    def log_sd(self) -> float:
        """The standard deviation of the ratio's logarithm."""
        variance = self.squares / self.n - self.log_median**2
        return min(MOST_LOG_SD, max(LEAST_LOG_SD, math.sqrt(max(0.0, variance))))

    def survival(self, ratio: float) -> float:
        """The share of reading looks that last longer than so many times the usual time."""
        if ratio <= 0.0:
            return 1.0
        return _NORMAL.cdf((self.log_median - math.log(ratio)) / self.log_sd)

    def ratio(self, survival: float) -> float:
        """How many times the usual time all but this share of reading looks stay below."""
        if survival >= 1.0:
            return 0.0
        return math.exp(self.log_median - self.log_sd * _NORMAL.inv_cdf(max(survival, 1e-12)))

    def ended(self, ratio: float) -> None:
        """A look that only read has ended after so many times the usual time."""
        x = math.log(max(ratio, 1e-3))
        if x >= SHORT:
            self._add(1.0, x, x * x)
            return
        mean, sd = self.log_median, self.log_sd
        most = max((SHORT - mean) / sd, -FURTHEST)
        hazard = _NORMAL.pdf(most) / _NORMAL.cdf(most)
        self._add(1.0, mean - sd * hazard, mean**2 - 2 * mean * sd * hazard + sd**2 * (1.0 - most * hazard))

    def outlasted(self, ratio: float, weight: float) -> None:
        """A look that chose lasted at least so long; `weight` is the probability that it only read."""
        mean, sd = self.log_median, self.log_sd
        least = min((math.log(max(ratio, 1e-3)) - mean) / sd, FURTHEST)
        hazard = _NORMAL.pdf(least) / _NORMAL.cdf(-least)  # the mean of a standard normal beyond `least`
        x = mean + sd * hazard
        self._add(weight, x, mean**2 + 2 * mean * sd * hazard + sd**2 * (1.0 + least * hazard))

    def _add(self, weight: float, x: float, square: float) -> None:
        self.n += weight
        self.total += weight * x
        self.squares += weight * square
        if self.n > MEMORY:
            fade = MEMORY / self.n
            self.n, self.total, self.squares = MEMORY, fade * self.total, fade * self.squares
