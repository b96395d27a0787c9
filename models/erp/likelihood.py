"""models.erp: from scores to log-likelihood ratios that may be believed, and added up."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_expit
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# As BciPy clips them: one flash never decides, and one artefact never decides against the truth.
LLR_LIMITS = (math.log(0.01), math.log(100.0))
SLOPE_C = 1.0
RUNS = (4, 8)  # target flashes added up: about where a choice is made
RIVALS = 8
TEMPER_SD = 0.5  # of log temper, before anything is seen
LOWEST_TEMPER = 0.05
SEED = 6


@dataclass(frozen=True, slots=True)
class LlrScale:
    """The natural logarithm of p(score | target) / p(score | not) is taken to be a straight line.

    Parameters
    ----------
    slope, offset : float
        Of the line: Gaussian scores of the same spread in both classes (Platt 1999), from scores of epochs that the
        scorer was not fitted to.
    temper : float
        0..1: neighbouring epochs overlap and drift together, so a sum of ratios claims too much. All are multiplied
        by this (a magnitude adjustment as of composite likelihoods; Pauli, Racugno & Ventura 2011).
    """

    slope: float
    offset: float
    temper: float = 1.0

    def llr(self, scores: Floats) -> Floats:
        """Return the log-likelihood ratio of each score."""
        ratios: Floats = np.clip(self.temper * (self.slope * scores + self.offset), *LLR_LIMITS)
        return ratios


def fit_scale_of_llr(scores: Floats, target: Flags, *, summed: bool = True) -> LlrScale:
    """Fit the line to held-out scores in the order of time, then what their sums are worth.

    Parameters
    ----------
    scores : array of shape (n,)
        Of epochs that the scorer was not fitted to, in the order of time.
    target : array of shape (n,) of bool
        Both kinds must occur.
    summed : bool
        Whether ratios of neighbouring epochs will be added up.
    """
    middle, spread = float(np.mean(scores)), float(np.std(scores)) + 1e-12
    line = LogisticRegression(C=SLOPE_C).fit(((scores - middle) / spread)[:, None], target)
    # A person who is not seen to respond must not be claimed to respond the other way round.
    slope = max(0.0, float(line.coef_[0, 0])) / spread
    prior = math.log(target.sum() / (~target).sum())
    if slope == 0.0:
        return LlrScale(0.0, 0.0)
    offset = float(line.intercept_[0]) - slope * middle - prior
    plain = LlrScale(slope, offset)
    if not summed:
        return plain
    return LlrScale(slope, offset, _temper(plain.llr(scores), target))


def _temper(llr: Floats, target: Flags) -> float:
    """By what to multiply ratios so that the sums over several targets, against rivals nearby, are honest."""
    margins = margins_of_runs(llr, target, np.random.default_rng(SEED))
    if not len(margins):
        return 1.0

    def cost(log_temper: float) -> float:
        # Each target is in many runs and each run has many rivals: they count as one look at each target.
        likelihood = np.mean(log_expit(math.exp(log_temper) * margins)) * target.sum()
        return float(-likelihood + 0.5 * (log_temper / TEMPER_SD) ** 2)

    best = minimize_scalar(cost, bounds=(math.log(LOWEST_TEMPER), 0.0), method="bounded")
    return float(math.exp(best.x))


def margins_of_runs(llr: Floats, target: Flags, rng: np.random.Generator) -> Floats:
    """By how much runs of targets lead runs of rivals: the claimed log-odds of a choice between two.

    Each target of a run is set against a flash that was not the target and came within a sequence of it, as the
    flashes of another key do. The probability claimed for the right one of the two is expit(margin).
    """
    targets = np.flatnonzero(target)
    others = np.flatnonzero(~target)
    if len(targets) < max(RUNS) or len(others) < 2:
        return np.zeros(0)
    margins = []
    place = np.searchsorted(others, targets)
    for _ in range(RIVALS):
        near = np.clip(place + rng.integers(-6, 6, len(targets)), 0, len(others) - 1)
        lead = llr[targets] - llr[others[near]]
        for run in RUNS:
            sums = np.convolve(lead, np.ones(run), "valid")
            margins.append(sums)
    return np.concatenate(margins)


def expected_and_observed_error(llr: Floats, target: Flags, runs: int = 4) -> tuple[float, float]:
    """Compare the error that sums of ratios claim with the one that they make, where two keys are to be told apart.

    Parameters
    ----------
    llr : array of shape (n,)
        Of epochs that nothing was fitted to, in the order of time.
    target : array of shape (n,) of bool
        What they were.
    runs : int
        Target flashes that are added up.

    Returns
    -------
    expected, observed : float
        Shares of wrong choices; NaN where there is nothing to compare.
    """
    targets, others = np.flatnonzero(target), np.flatnonzero(~target)
    if len(targets) < runs or len(others) < 2:
        return math.nan, math.nan
    rng = np.random.default_rng(SEED)
    place = np.searchsorted(others, targets)
    expected, observed = [], []
    for _ in range(RIVALS):
        near = np.clip(place + rng.integers(-6, 6, len(targets)), 0, len(others) - 1)
        margin = np.convolve(llr[targets] - llr[others[near]], np.ones(runs), "valid")
        expected.append(expit(-np.abs(margin)).mean())
        observed.append((margin < 0).mean() + 0.5 * (margin == 0).mean())
    return float(np.mean(expected)), float(np.mean(observed))
