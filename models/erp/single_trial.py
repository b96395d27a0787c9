"""models.erp: tells one kind of epoch from the other, one by one, and says how sure it is."""

from __future__ import annotations

import math
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
from models.erp.scorers import Scorer, fit_lda, fit_tangent

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


def block_aucs(scores: Floats, target: Flags, block: NDArray[np.intp]) -> Floats:
    """Area under the ROC curve within each block that has both kinds."""
    return np.array(
        [
            roc_auc_score(target[own], scores[own])
            for own in (block == number for number in np.unique(block))
            if target[own].any() and not target[own].all()
        ]
    )


def mean_auc(scores: Floats, target: Flags, block: NDArray[np.intp]) -> float:
    """The mean over the blocks; NaN if no block has both kinds."""
    within = block_aucs(scores, target, block)
    return float(within.mean()) if len(within) else math.nan


def usable_names(epochs: Epochs) -> tuple[str, ...]:
    """The channels that a model of these epochs listens to."""
    usable = usable_channels(epochs.data)
    return tuple(name for name, ok in zip(epochs.channels, usable, strict=True) if ok)


def fit_single_trial(
    epochs: Epochs,
    target: Flags,
    earlier: tuple[WeightedScorer, ...] = (),
    share: float = 0.0,
    *,
    summed: bool = True,
) -> SingleTrialModel:
    """Fit to one person.

    xDAWN covariances with a tangent space, a shrinkage LDA, and the mean of both are compared by cross-validation
    over blocks of time; the same held-out scores give the scale of the log-likelihood ratios.

    Parameters
    ----------
    epochs : Epochs
        In the order of time.
    target : array of shape (n,) of bool
        Which were followed by the response.
    earlier : tuple of WeightedScorer
        What other recordings taught, for the channels of `usable_names`.
    share : float
        How much of the score comes from them; nothing does where that tells the epochs apart worse.
    summed : bool
        Whether the ratios of neighbouring epochs will be added up, or each stands for itself.

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
    names = usable_names(epochs)
    if not names:
        raise ValueError("no channel has a signal")
    data = epochs.of_channels(names).data
    scores, block = _held_out_scores(epochs.t, data, target)
    known = block >= 0
    choice = _best(scores, target, block, known)
    weights = _unit_weights({kind: scores[kind][known] for kind in _PARTS[choice]})
    combined = np.sum([weights[kind] * scores[kind] for kind in weights], axis=0)
    scale = fit_scale(data)
    standardised = scale.standardised(data)
    own = tuple(
        WeightedScorer(fit_scorer(kind, standardised, target), weight) for kind, weight in weights.items()
    )
    if earlier and share > 0.0:
        learned = weighted_score(earlier, standardised)
        learned_weight = share / (float(np.std(learned[known])) + 1e-12)
        mixed = (1.0 - share) * combined + learned_weight * learned
        found = [mean_auc(values[known], target[known], block[known]) for values in (mixed, combined)]
        if not found[0] < found[1]:
            combined = mixed
            own = (*_times(own, 1.0 - share), *_times(earlier, learned_weight))
    likelihood = fit_scale_of_llr(combined[known], target[known], summed=summed)
    held_out = HeldOut(epochs.t[known], target[known], likelihood.llr(combined[known]), block[known])
    return SingleTrialModel(names, scale, choice, own, likelihood, held_out)


def _times(scorers: tuple[WeightedScorer, ...], factor: float) -> tuple[WeightedScorer, ...]:
    return tuple(WeightedScorer(part.scorer, factor * part.weight) for part in scorers)


def _unit_weights(scores: dict[Choice, Floats]) -> dict[Choice, float]:
    """Weights that let each kind count the same, and their sum have unit spread."""
    single = {kind: 1.0 / (float(np.std(values)) + 1e-12) for kind, values in scores.items()}
    spread = float(np.std(np.sum([single[kind] * values for kind, values in scores.items()], axis=0))) + 1e-12
    return {kind: weight / spread for kind, weight in single.items()}


def fit_scorer(kind: Choice, data: Floats, target: Flags) -> Scorer:
    """Fit one scorer alone to standardised epochs."""
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
            scores[kind][test] = fit_scorer(kind, standardised, learned).score(asked)
        block[test] = number
    if not (block >= 0).any():
        raise ValueError("the epochs are too close together in time to be tested")
    return scores, block


def _best(scores: dict[Choice, Floats], target: Flags, block: NDArray[np.intp], known: Flags) -> Choice:
    """Both together, unless one alone is better by more than what blocks of time differ by anyway."""
    unit = {kind: values / (float(np.std(values[known])) + 1e-12) for kind, values in scores.items()}
    unit[Choice.BOTH] = unit[Choice.XDAWN_TS] + unit[Choice.LDA]
    found = {kind: block_aucs(unit[kind][known], target[known], block[known]) for kind in Choice}
    best = Choice.BOTH
    for kind in SINGLE:
        lead = found[kind] - found[Choice.BOTH]
        error = float(np.std(lead, ddof=1)) / math.sqrt(len(lead)) if len(lead) > 1 else math.inf
        if lead.sum() > max(error * len(lead), float((found[best] - found[Choice.BOTH]).sum())):
            best = kind
    return best
