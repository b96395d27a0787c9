"""calibration: Bayesian linear regression over looks at known places, robust to places that were not looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DEGREES_OF_FREEDOM = 4.0  # Student-t: a look that is far off counts little (Lange et al. 1989, JASA 84)
STUDENT_SD = math.sqrt(DEGREES_OF_FREEDOM / (DEGREES_OF_FREEDOM - 2.0))  # of a scale of 1
FRAMES_A_LOOK = 5.0  # consecutive frames repeat each other's error: so many of them are worth one
_NOISE_WORTH = 4.0  # the starting guess of the noise is worth so many looks
_ROUNDS = 25
_BIWEIGHT = 4.685  # 95 % efficient where there is nothing to leave out
_MAD = 0.6745  # of a standard deviation: the median distance from the median


@dataclass(frozen=True, slots=True, eq=False)
class Gaussian:
    """A belief about the coefficients: `mean` (p,) and `cov` (p, p)."""

    mean: Floats
    cov: Floats

    @staticmethod
    def independent(mean: Sequence[float], sd: Sequence[float]) -> Gaussian:
        """Coefficients that tell nothing about each other."""
        return Gaussian(np.array(mean, dtype=float), np.diag(np.square(np.array(sd, dtype=float))))

    def widened(self, sd: Sequence[float]) -> Gaussian:
        """The same, after each coefficient has moved by an unknown amount of standard deviation `sd`."""
        return Gaussian(self.mean, self.cov + np.diag(np.square(np.array(sd, dtype=float))))

    def place(self, row: Floats) -> tuple[float, float]:
        """Mean and standard deviation of what one row of inputs (p,) gives."""
        return float(row @ self.mean), math.sqrt(max(0.0, float(row @ self.cov @ row)))


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What looks tell about the coefficients: a Gaussian likelihood as `precision` (p, p) and `shift` (p,)."""

    precision: Floats
    shift: Floats

    @staticmethod
    def none(size: int) -> Evidence:
        """Nothing was looked at."""
        return Evidence(np.zeros((size, size)), np.zeros(size))

    def blurred(self, sd: Sequence[float]) -> Evidence:
        """The same about coefficients that moved by an unknown amount of standard deviation `sd` since."""
        moved = np.diag(np.square(np.array(sd, dtype=float)))
        faded = np.linalg.inv(np.eye(len(self.shift)) + self.precision @ moved)
        precision = faded @ self.precision
        return Evidence((precision + precision.T) / 2.0, faded @ self.shift)


@dataclass(frozen=True, slots=True)
class Noise:
    """How far looks are off, in the unit of what is regressed.

    Parameters
    ----------
    look_sd : float
        Scale of what all the frames of one look have in common.
    frame_sd : float
        Scale of what differs from frame to frame.
    """

    look_sd: float
    frame_sd: float


def combine(prior: Gaussian, *evidence: Evidence) -> Gaussian:
    """Bayes' rule: the prior and all that was seen."""
    precision = np.linalg.inv(prior.cov)
    shift = precision @ prior.mean
    for seen in evidence:
        precision = precision + seen.precision
        shift = shift + seen.shift
    cov = np.linalg.inv(precision)
    cov = (cov + cov.T) / 2.0
    return Gaussian(cov @ shift, cov)


def learn(
    prior: Gaussian, rows: Floats, values: Floats, looks: NDArray[np.int64], noise: Noise
) -> tuple[Evidence, Noise]:
    """What frames of several looks tell about the coefficients, and how far looks are off.

    A frame is off by the error of its look and by its own: 300 frames of one place are not 300 places (a random
    effect of the look: Gelman et al. 2013, Bayesian Data Analysis, chapter 15). Within a look the place does not
    change: inputs that tremble there are found out, and count less. Frames far from their look's median (blinks,
    saccades) are left out (Beaton and Tukey 1974, Technometrics 16). Looks are off by a Student-t, for places that
    were never looked at, fitted by expectation maximisation.

    Parameters
    ----------
    prior : Gaussian
        Belief about the coefficients (p,).
    rows : array of shape (n, p)
        The inputs of each frame.
    values : array of shape (n,)
        What they should give, the same for all frames of a look.
    looks : array of shape (n,)
        Which look each frame belongs to.
    noise : Noise
        `look_sd` is the guess to start from, worth four looks; `frame_sd` is kept: learned, it would shrink with the
        coefficients, and they with it.

    Returns
    -------
    Evidence, Noise
    """
    if not len(values):
        return Evidence.none(len(prior.mean)), noise
    sums = [
        _Sums.of(rows[own], values[own], _kept(rows[own] @ prior.mean, noise.frame_sd))
        for own in _groups(looks)
    ]
    row = np.array([s.row for s in sums])
    value = np.array([s.value for s in sums])
    frame_var = noise.frame_sd**2 / np.array([s.worth for s in sums])
    scatter = sum((s.scatter for s in sums), np.zeros_like(prior.cov)) / noise.frame_sd**2
    look_var, weight = noise.look_sd**2, np.ones(len(sums))
    evidence = Evidence.none(len(prior.mean))
    for _ in range(_ROUNDS):
        precision = weight / (look_var + frame_var)
        weighted = row * precision[:, np.newaxis]
        evidence = Evidence(row.T @ weighted + scatter, weighted.T @ value)
        belief = combine(prior, evidence)
        square = (value - row @ belief.mean) ** 2 + np.einsum("ij,jk,ik->i", row, belief.cov, row)
        weight = student(square / (look_var + frame_var))
        share = look_var / (look_var + frame_var)  # of a look's mean error; the rest comes from its frames
        total = float((weight * square * share**2 + look_var * (1.0 - share)).sum())
        look_var = (_NOISE_WORTH * noise.look_sd**2 + total) / (_NOISE_WORTH + len(sums))
    return evidence, Noise(math.sqrt(look_var), noise.frame_sd)


def _groups(looks: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return [np.flatnonzero(looks == look) for look in np.unique(looks)]


def _kept(values: Floats, sd: float) -> Floats:
    """The weight of each frame of a look, 0..1, by how far it is from their median: Tukey's biweight."""
    apart = np.abs(values - np.median(values))
    # Scaled by no less than the frames' own scatter, at least half of them are kept.
    scale = max(sd, float(np.median(apart)) / _MAD)
    weight: Floats = np.maximum(0.0, 1.0 - (apart / (_BIWEIGHT * scale)) ** 2) ** 2
    return weight


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """One look: mean row and value of its frames, how the rows scatter, how many frames it is worth."""

    row: Floats
    value: float
    scatter: Floats
    worth: float

    @staticmethod
    def of(rows: Floats, values: Floats, weight: Floats) -> _Sums:
        share = weight / weight.sum()
        row = share @ rows
        apart = rows - row
        worth = float(weight.sum()) / FRAMES_A_LOOK
        return _Sums(row, float(share @ values), worth * (apart.T * share) @ apart, worth)


def student(square: Floats) -> Floats:
    """Weights, at most 1.25, of errors whose squares, in variances, are `square`: Student-t against a Gaussian."""
    return (DEGREES_OF_FREEDOM + 1.0) / (DEGREES_OF_FREEDOM + square)
