"""calibration: Bayesian linear regression over looks at known places, robust to places that were not looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DEGREES_OF_FREEDOM = 4.0  # Student-t: a look that is far off counts little (Lange et al. 1989, JASA 84)
FRAMES_A_LOOK = 5.0  # consecutive frames repeat each other's error: so many of them are worth one
_NOISE_WORTH = 4.0  # the starting guess of the noise is worth so many looks
_ROUNDS = 25


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
        What all the frames of one look have in common.
    frame_sd : float
        What differs from frame to frame.
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
    """What frames of several looks tell about the coefficients, and how noisy they were.

    A frame is off by the error of its look and by its own: 300 frames of one place are not 300 places. Both
    errors are Student-t (blinks and saccades among the frames, places that were never looked at among the looks),
    fitted by expectation maximisation with the noise learned on the way from a guess worth four looks.

    Parameters
    ----------
    prior : Gaussian
        Belief about the coefficients (p,).
    rows : array of shape (n, p)
        The inputs of each frame.
    values : array of shape (n,)
        What they should give.
    looks : array of shape (n,)
        Which look each frame belongs to.
    noise : Noise
        The guess to start from.

    Returns
    -------
    Evidence, Noise
    """
    if not len(values):
        return Evidence.none(len(prior.mean)), noise
    frames_of = [np.flatnonzero(looks == look) for look in np.unique(looks)]
    look_var, frame_var = noise.look_sd**2, noise.frame_sd**2
    look_weight = np.ones(len(frames_of))
    frame_weight = np.ones(len(values))
    evidence = Evidence.none(len(prior.mean))
    for _ in range(_ROUNDS):
        weight = np.empty(len(values))
        for i, frames in enumerate(frames_of):
            worth = frame_weight[frames].sum() / FRAMES_A_LOOK
            share = frame_weight[frames] / frame_weight[frames].sum()
            weight[frames] = look_weight[i] * share / (look_var + frame_var / worth)
        weighted = rows * weight[:, np.newaxis]
        evidence = Evidence(rows.T @ weighted, weighted.T @ values)
        belief = combine(prior, evidence)
        error = values - rows @ belief.mean
        look_square, frame_square, frames_worth = 0.0, 0.0, 0.0
        for i, frames in enumerate(frames_of):
            share = frame_weight[frames] / frame_weight[frames].sum()
            worth = frame_weight[frames].sum() / FRAMES_A_LOOK
            row = share @ rows[frames]
            square = float(share @ error[frames]) ** 2 + float(row @ belief.cov @ row)
            own = error[frames] - np.median(error[frames])
            frame_weight[frames] = student(own**2 / frame_var)
            look_weight[i] = student(np.array(square / (look_var + frame_var / worth)))
            # Of the mean error of a look, so much is the look's own; the rest is what is left of its frames'.
            kept = look_var / (look_var + frame_var / worth)
            look_square += look_weight[i] * square * kept**2 + look_var * (1.0 - kept)
            frame_square += float((frame_weight[frames] * own**2).sum()) / FRAMES_A_LOOK
            frames_worth += max(0.0, len(frames) - 1) / FRAMES_A_LOOK
        look_var = (_NOISE_WORTH * noise.look_sd**2 + look_square) / (_NOISE_WORTH + len(frames_of))
        frame_var = (_NOISE_WORTH * noise.frame_sd**2 + frame_square) / (_NOISE_WORTH + frames_worth)
    return evidence, Noise(math.sqrt(look_var), math.sqrt(frame_var))


def student(square: Floats) -> Floats:
    """Weights, at most 1.25, of errors whose squares, in variances, are `square`: Student-t against a Gaussian."""
    return (DEGREES_OF_FREEDOM + 1.0) / (DEGREES_OF_FREEDOM + square)
