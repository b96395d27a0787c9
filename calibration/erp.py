"""calibration: what EEG is worth to a person: whether it helps, when a calibration has heard enough, and why not."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

from calibration.verdict import Verdict
from models.erp.single_trial import HeldOut, SingleTrialModel

Floats = NDArray[np.float64]

PERMUTATIONS = 999
SIGNIFICANT = 0.005  # a calibration is judged again and again until it is clear
SEED = 6
# The choice that a verdict speaks of: one of eight, each flashed twice a sequence, in ten sequences (ACAT's limit).
CHOICES, FLASHES = 8, 20
HELPS, HELPS_A_LITTLE = 0.9, 0.5  # such choices that are right
# Each pair of blocks is compared twice, the one by a fit to the other and back: half as many looks as it seems.
FOLDS_SHARE = math.sqrt(2.0)
FEWEST_TARGETS = 15  # for a verdict
CLEAR = 2.0  # standard errors between what was found and what would change the verdict
MOST_FLASHES = 720
QUADRATURE = np.linspace(-8.0, 8.0, 401)


@dataclass(frozen=True, slots=True)
class ErpFinding:
    """What a calibration found.

    Parameters
    ----------
    verdict : Verdict
        Whether EEG helps now.
    auc : float
        Of single flashes that the model had not seen; 0.5 is chance, NaN where none could be judged.
    p_value : float
        How often labels shifted in time would have done as well.
    right : float
        Share of choices among eight that would be right after ten sequences, at the lower end of what is likely.
    enough : bool
        More flashes would not change the verdict.
    why : str
        A sentence for the person and the caregiver.
    """

    verdict: Verdict
    auc: float
    p_value: float
    right: float
    enough: bool
    why: str


def judge(
    model: SingleTrialModel, *, bad_channels: Sequence[str] = (), tr: Callable[[str], str] = str
) -> ErpFinding:
    """Say what a model is worth, from what it said of epochs that it had not seen.

    Parameters
    ----------
    model : SingleTrialModel
        Fitted to the calibration.
    bad_channels : sequence of str
        Electrodes in poor contact: the first thing to mend where EEG does not help.
    tr : callable
        Translates the sentence.
    """
    return judge_held_out(model.held_out, model.likelihood.temper, bad_channels=bad_channels, tr=tr)


def judge_held_out(
    held_out: HeldOut,
    temper: float = 1.0,
    *,
    bad_channels: Sequence[str] = (),
    tr: Callable[[str], str] = str,
) -> ErpFinding:
    """Say what held-out ratios are worth; `temper` as in `likelihood.LlrScale`."""
    targets = int(held_out.target.sum())
    auc, p_value = held_out.auc, permutation_p(held_out)
    if targets < FEWEST_TARGETS or math.isnan(auc):
        why = tr("Too few flashes were seen to tell whether EEG helps. Please go on with the calibration.")
        return ErpFinding(Verdict.UNUSABLE, auc, p_value, 1.0 / CHOICES, False, why)
    error = FOLDS_SHARE * standard_error(auc, targets, len(held_out.target) - targets)
    right = share_right(auc - error, temper)
    if p_value >= SIGNIFICANT or right < HELPS_A_LITTLE:
        verdict = Verdict.UNUSABLE
    else:
        verdict = Verdict.HELPS if right >= HELPS else Verdict.HELPS_A_LITTLE
    surely = share_right(auc - CLEAR * error, temper)
    hopeless = share_right(auc + CLEAR * error, temper) < HELPS_A_LITTLE
    enough = (p_value < SIGNIFICANT and surely >= HELPS) or hopeless or len(held_out.target) >= MOST_FLASHES
    why = _why(verdict, right, p_value, bad_channels, tr)
    return ErpFinding(verdict, auc, p_value, right, enough, why)


def permutation_p(held_out: HeldOut, seed: int = SEED) -> float:
    """Tell how often labels that have nothing to do with the EEG would be told apart as well.

    Each block of time was scored by what came before it. Within each the labels are shifted round by a random number
    of flashes: what is slow in the EEG, and how the targets follow each other, stays as it was.
    """
    rng = np.random.default_rng(seed)
    sums: list[Floats] = []
    for number in np.unique(held_out.block):
        own = (held_out.block == number) & np.isfinite(held_out.forward)
        target, ranks = held_out.target[own], rankdata(held_out.forward[own])
        hits, misses = int(target.sum()), int((~target).sum())
        if not hits or not misses:
            continue
        # The sum of the targets' ranks after each possible shift, the first of which is none.
        shifted = np.array([ranks[np.roll(target, shift)].sum() for shift in range(len(target))])
        sums.append((shifted - hits * (hits + 1) / 2) / (hits * misses))
    if not sums:
        return 1.0
    observed = float(np.mean([block[0] for block in sums]))
    drawn = np.mean([block[rng.integers(0, len(block), PERMUTATIONS)] for block in sums], axis=0)
    return float((1 + np.sum(drawn >= observed - 1e-12)) / (1 + PERMUTATIONS))


def standard_error(auc: float, targets: int, others: int) -> float:
    """Of an area under the ROC curve (Hanley & McNeil 1982, Radiology 143(1), eq. 2)."""
    both_targets, both_others = auc / (2.0 - auc), 2.0 * auc**2 / (1.0 + auc)
    variance = (
        auc * (1.0 - auc) + (targets - 1) * (both_targets - auc**2) + (others - 1) * (both_others - auc**2)
    ) / (targets * others)
    return math.sqrt(max(variance, 0.0))


def share_right(auc: float, temper: float = 1.0) -> float:
    """Share of choices among `CHOICES` that are right after `FLASHES` flashes of each, for Gaussian scores.

    The sum over the flashes leads by d' times the root of their number; `temper` takes off what neighbouring flashes
    have in common (Green & Swets 1966, section 2.4: the observer who picks the largest of m).
    """
    if auc <= 0.5:
        return 1.0 / CHOICES
    lead = math.sqrt(2.0) * float(norm.ppf(min(auc, 1.0 - 1e-9))) * math.sqrt(FLASHES * temper)
    density = norm.pdf(QUADRATURE) * norm.cdf(QUADRATURE + lead) ** (CHOICES - 1)
    return float(min(np.trapezoid(density, QUADRATURE), 1.0))


def _why(
    verdict: Verdict, right: float, p_value: float, bad_channels: Sequence[str], tr: Callable[[str], str]
) -> str:
    if verdict is Verdict.HELPS:
        return tr(
            "EEG helps: in ten rounds of flashes it would choose right {right} times out of 100."
        ).format(right=min(99, round(100 * right)))  # nobody is never wrong
    if verdict is Verdict.HELPS_A_LITTLE:
        found = tr(
            "EEG helps a little: in ten rounds of flashes it would choose right {right} times out of 100. "
            "It works best together with another input."
        ).format(right=round(100 * right))
    elif p_value >= SIGNIFICANT:
        found = tr("EEG does not help now: no response to the flashes that were waited for can be seen.")
    else:
        found = tr(
            "EEG does not help now: the response to the flashes is too weak, it would choose right only "
            "{right} times out of 100."
        ).format(right=round(100 * right))
    if bad_channels:
        cause = tr(
            "These electrodes are in poor contact: {channels}. Mend them, then calibrate again."
        ).format(channels=", ".join(bad_channels))
    elif verdict is Verdict.HELPS_A_LITTLE:
        return found
    else:
        cause = tr(
            "The electrodes look as if they were in order: try again after a rest, with larger or slower flashes. "
            "All other inputs work as before."
        )
    return f"{found} {cause}"
