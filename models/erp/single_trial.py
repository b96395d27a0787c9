"""models.erp: tells one kind of epoch from the other, one by one, and says how sure it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from models.erp.blocks import contiguous_blocks
from models.erp.epochs import Epochs
from models.erp.likelihood import LlrScale, fit_scale_of_llr
from models.erp.scaling import ChannelScale, fit_scale, lost_channels, usable_channels
from models.erp.scorers import LdaScorer, Scorer, TangentScorer, fit_lda, fit_tangent

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BLOCKS = 5
FEWEST = 5  # epochs of each kind
MOST_LOST = 0.5  # of the channels: an epoch with more of them lost tells nothing


class Choice(StrEnum):
    """Which scorers a model uses."""

    BOTH = "both"
    XDAWN_TS = "xdawn_ts"
    LDA = "lda"


SINGLE = (Choice.XDAWN_TS, Choice.LDA)
_PARTS = {Choice.BOTH: SINGLE, Choice.XDAWN_TS: (Choice.XDAWN_TS,), Choice.LDA: (Choice.LDA,)}


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What the model says of the epochs of the calibration, each by a fit that had not seen it nor its neighbours.

    Parameters
    ----------
    t : array of shape (n,)
        When they began, in seconds.
    target : array of shape (n,) of bool
        What they were.
    llr : array of shape (n,)
        What the model says.
    block : array of shape (n,) of int
        In which block of time each lies.
    """

    t: Floats
    target: Flags
    llr: Floats
    block: NDArray[np.intp]

    @property
    def auc(self) -> float:
        """Area under the ROC curve, the mean over the blocks; NaN where no block has both kinds."""
        return mean_auc(self.llr, self.target, self.block)


@dataclass(frozen=True, slots=True, eq=False)
class WeightedScorer:
    """A scorer and what its scores are multiplied by."""

    scorer: Scorer
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class SingleTrialModel:
    """Log-likelihood ratios of single epochs: for a P300, or for an error potential.

    Parameters
    ----------
    channels : tuple of str
        Those that it listens to.
    scale : ChannelScale
        Of those channels.
    choice : Choice
        What the cross-validation chose.
    scorers : tuple of WeightedScorer
        Their sum is the score.
    likelihood : LlrScale
        What a score is worth.
    held_out : HeldOut
        What it is worth on the data that it was fitted to, without having seen them.
    """

    channels: tuple[str, ...]
    scale: ChannelScale
    choice: Choice
    scorers: tuple[WeightedScorer, ...]
    likelihood: LlrScale
    held_out: HeldOut

    def llr(self, epochs: Epochs) -> Floats:
        """Return ln p(epoch | target) - ln p(epoch | not) of each epoch, shape (n,), clipped to `LLR_LIMITS`.

        Where too many of the channels told nothing, it is 0: no evidence.
        """
        if not len(epochs):
            return np.zeros(0)
        data = epochs.of_channels(self.channels).data
        ratios = self.likelihood.llr(weighted_score(self.scorers, self.scale.standardised(data)))
        ratios[lost_channels(data).mean(axis=1) > MOST_LOST] = 0.0
        return ratios


def weighted_score(scorers: Iterable[WeightedScorer], data: Floats) -> Floats:
    """The sum of the weighted scores of standardised epochs."""
    total: Floats = np.sum([part.weight * part.scorer.score(data) for part in scorers], axis=0)
    return total


def mean_auc(scores: Floats, target: Flags, block: NDArray[np.intp]) -> float:
    """Area under the ROC curve within each block that has both kinds, averaged; NaN if there is none."""
    within = [
        float(roc_auc_score(target[own], scores[own]))
        for own in (block == number for number in np.unique(block))
        if target[own].any() and not target[own].all()
    ]
    return float(np.mean(within)) if within else float("nan")


def fit_single_trial(epochs: Epochs, target: Flags) -> SingleTrialModel:
    """Fit to one person.

    xDAWN covariances with a tangent space, a shrinkage LDA, and the mean of both are compared by cross-validation
    over blocks of time; the same held-out scores give the scale of the log-likelihood ratios.

    Parameters
    ----------
    epochs : Epochs
        In the order of time.
    target : array of shape (n,) of bool
        Which were followed by the response.

    Raises
    ------
    ValueError
        There are too few of a kind, or no channel tells anything.
    """
    target = np.asarray(target, dtype=bool)
    if target.shape != epochs.t.shape:
        raise ValueError(f"{len(epochs)} epochs, but {len(target)} labels")
    if min(int(target.sum()), int((~target).sum())) < FEWEST:
        raise ValueError(f"there must be {FEWEST} epochs of each kind or more to learn from")
    usable = usable_channels(epochs.data)
    if not usable.any():
        raise ValueError("no channel has a signal")
    names = tuple(name for name, ok in zip(epochs.channels, usable, strict=True) if ok)
    data = epochs.of_channels(names).data
    scores, block = _held_out_scores(epochs.t, data, target)
    known = block >= 0
    choice = _best(scores, target, block, known)
    weights = {kind: 1.0 / (float(np.std(scores[kind][known])) + 1e-12) for kind in _PARTS[choice]}
    combined = np.sum([weights[kind] * scores[kind] for kind in weights], axis=0)
    likelihood = fit_scale_of_llr(combined[known], target[known])
    scale = fit_scale(data)
    standardised = scale.standardised(data)
    fitted = tuple(
        WeightedScorer(_fit(kind, standardised, target), weight) for kind, weight in weights.items()
    )
    held_out = HeldOut(epochs.t[known], target[known], likelihood.llr(combined[known]), block[known])
    return SingleTrialModel(names, scale, choice, fitted, likelihood, held_out)


def _fit(kind: Choice, data: Floats, target: Flags) -> TangentScorer | LdaScorer:
    return fit_tangent(data, target) if kind is Choice.XDAWN_TS else fit_lda(data, target)


def _held_out_scores(t: Floats, data: Floats, target: Flags) -> tuple[dict[Choice, Floats], NDArray[np.intp]]:
    """The scores of each kind, and the block of each epoch; -1 where too little was left to learn from."""
    blocks = min(BLOCKS, int(target.sum()))
    scores = {kind: np.zeros(len(t)) for kind in SINGLE}
    block = np.full(len(t), -1, dtype=np.intp)
    for number, (training, test) in enumerate(contiguous_blocks(t, blocks)):
        learned = target[training]
        if min(int(learned.sum()), int((~learned).sum())) < 2:
            continue
        scale = fit_scale(data[training])
        standardised, asked = scale.standardised(data[training]), scale.standardised(data[test])
        for kind in SINGLE:
            scores[kind][test] = _fit(kind, standardised, learned).score(asked)
        block[test] = number
    if not (block >= 0).any():
        raise ValueError("the epochs are too close together in time to be tested")
    return scores, block


def _best(scores: dict[Choice, Floats], target: Flags, block: NDArray[np.intp], known: Flags) -> Choice:
    """What tells the kinds apart best; both together where it makes no difference."""
    unit = {kind: values / (float(np.std(values[known])) + 1e-12) for kind, values in scores.items()}
    unit[Choice.BOTH] = unit[Choice.XDAWN_TS] + unit[Choice.LDA]
    found = {kind: mean_auc(unit[kind][known], target[known], block[known]) for kind in Choice}
    return max(Choice, key=lambda kind: (np.nan_to_num(found[kind]), kind is Choice.BOTH))
