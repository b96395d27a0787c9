"""calibration: choices replayed from flashes that the model had not seen: whether what it claims comes true."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from models.erp.single_trial import HeldOut

Floats = NDArray[np.float64]

CHOICES = 8
MOST_SEQUENCES = 10
CERTAINTY = 0.95
DRAWS = 2000
BINS = 8
SEED = 6
FEWEST = 2  # flashes of each kind in a block of time


@dataclass(frozen=True, slots=True)
class ReplayedChoices:
    """What was claimed, and what came true.

    Parameters
    ----------
    expected_error, observed_error : float
        Shares of wrong choices that stopped when they were sure enough, or after `MOST_SEQUENCES`: by their
        posteriors, and as it was. NaN where there is nothing to replay.
    reliability : tuple of (float, float)
        After each number of sequences, sure or not: how probable the best was said to be and how often it was right,
        in `BINS` groups of as many choices each, the least sure first.
    """

    expected_error: float
    observed_error: float
    reliability: tuple[tuple[float, float], ...]


def replay_choices(held_out: HeldOut, *, certainty: float = CERTAINTY, draws: int = DRAWS) -> ReplayedChoices:
    """Choose again and again among `CHOICES` that flash one by one and are equally likely.

    The flashes of what is wanted are answered by held-out epochs of targets, those of the others by held-out epochs of
    non-targets, each in the order of time from a random place of a random block on: what is slow in the EEG is in the
    sums of the ratios as it is when somebody chooses.

    Parameters
    ----------
    held_out : HeldOut
    certainty : float
        A choice is over once the best is that probable.
    draws : int
        How many choices.
    """
    rng = np.random.default_rng(SEED)
    blocks = [
        kinds
        for number in np.unique(held_out.block)
        if min(map(len, kinds := _kinds(held_out, held_out.block == number))) >= FEWEST
    ]
    if not blocks:
        return ReplayedChoices(math.nan, math.nan, ())
    llr = np.empty((draws, MOST_SEQUENCES, CHOICES))
    for draw in range(draws):
        targets, others = blocks[rng.integers(len(blocks))]
        llr[draw, :, 0] = _following(targets, MOST_SEQUENCES, rng)
        llr[draw, :, 1:] = _following(others, MOST_SEQUENCES * (CHOICES - 1), rng).reshape(MOST_SEQUENCES, -1)
    posterior = softmax(np.cumsum(llr, axis=1), axis=2)
    claimed = posterior.max(axis=2)
    # Of several that are equally probable, one is taken at random.
    best = np.isclose(posterior, claimed[..., None], rtol=1e-9)
    right = best[..., 0] / best.sum(axis=2)
    sure = claimed >= certainty
    last = np.where(sure.any(axis=1), sure.argmax(axis=1), MOST_SEQUENCES - 1)
    each = np.arange(draws)
    return ReplayedChoices(
        float(1.0 - claimed[each, last].mean()),
        float(1.0 - right[each, last].mean()),
        _reliability(claimed.ravel(), right.ravel()),
    )


def _kinds(held_out: HeldOut, own: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    return held_out.llr[own & held_out.target], held_out.llr[own & ~held_out.target]


def _following(values: Floats, count: int, rng: np.random.Generator) -> Floats:
    """So many of them in a row from a random one on; after the last comes the first."""
    found: Floats = values[(rng.integers(len(values)) + np.arange(count)) % len(values)]
    return found


def _reliability(claimed: Floats, right: Floats) -> tuple[tuple[float, float], ...]:
    groups = np.array_split(np.argsort(claimed, kind="stable"), BINS)
    return tuple((float(claimed[group].mean()), float(right[group].mean())) for group in groups if len(group))
