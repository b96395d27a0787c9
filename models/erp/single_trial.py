"""models.erp: tells one kind of epoch from the other, one by one, and says how sure it is."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from models.erp.blocks import Indices, contiguous_blocks
from models.erp.epochs import Epochs
from models.erp.likelihood import LlrScale, fit_scale_of_llr
from models.erp.scaling import ChannelScale, fit_scale, lost_channels, usable_channels
from models.erp.scorers import Scorer, fit_lda, fit_tangent

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BLOCKS = 5
FEWEST = 5  # epochs of each kind
STACKING_C = 0.01
MOST_LOST = 0.5  # of the channels: an epoch with more of them lost tells nothing


class Kind(StrEnum):
    """What is combined into a score."""

    XDAWN_TS = "xdawn_ts"
    LDA = "lda"
    EARLIER = "earlier"  # both, fitted to other recordings


OWN = (Kind.XDAWN_TS, Kind.LDA)


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
    forward : array of shape (n,)
        The sum of both scorers' scores, of equal weight, each fitted to earlier blocks only; NaN where there was too
        little to learn from. Blocks that are tested with each other's help resemble each other by chance, and make
        chance look like a response; these do not (prequential; Dawid 1984, JRSS A 147(2)).
    block : array of shape (n,) of int
        In which block of time each lies.
    """

    t: Floats
    target: Flags
    llr: Floats
    forward: Floats
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
    scorers : tuple of WeightedScorer
        Their sum is the score.
    shares : dict
        What the cross-validation gave each kind of scorer, in all 1; a kind that does not help has 0.
    likelihood : LlrScale
        What a score is worth.
    held_out : HeldOut
        What it is worth on the data that it was fitted to, without having seen them.
    """

    channels: tuple[str, ...]
    scale: ChannelScale
    scorers: tuple[WeightedScorer, ...]
    shares: dict[Kind, float]
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
    epochs: Epochs, target: Flags, earlier: tuple[WeightedScorer, ...] = (), *, summed: bool = True
) -> SingleTrialModel:
    """Fit to one person.

    xDAWN covariances with a tangent space, a shrinkage LDA, and what earlier recordings taught are weighed against
    each other by cross-validation over blocks of time; the same held-out scores give the scale of the log-likelihood
    ratios.

    Parameters
    ----------
    epochs : Epochs
        In the order of time.
    target : array of shape (n,) of bool
        Which were followed by the response.
    earlier : tuple of WeightedScorer
        What other recordings taught, for the channels of `usable_names`.
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
    forward = _forward_scores(epochs.t, data, target)
    known = block >= 0
    scale = fit_scale(data)
    standardised = scale.standardised(data)
    if earlier:
        scores[Kind.EARLIER] = weighted_score(earlier, standardised)
    units = {kind: float(np.std(values[known])) + 1e-12 for kind, values in scores.items()}
    unit_scores = np.stack([scores[kind][known] / units[kind] for kind in scores], axis=1)
    shares = dict(zip(scores, _shares(unit_scores, target[known]).tolist(), strict=True))
    weights = {kind: share / units[kind] for kind, share in shares.items() if share > 0.0}
    combined = unit_scores @ np.array(list(shares.values()))
    likelihood = fit_scale_of_llr(combined, target[known], summed=summed)
    own = [
        WeightedScorer(fit_scorer(kind, standardised, target), weights[kind])
        for kind in OWN
        if kind in weights
    ]
    others = [
        WeightedScorer(part.scorer, part.weight * weights[Kind.EARLIER])
        for part in earlier
        if Kind.EARLIER in weights
    ]
    held_out = HeldOut(epochs.t[known], target[known], likelihood.llr(combined), forward[known], block[known])
    return SingleTrialModel(names, scale, (*own, *others), shares, likelihood, held_out)


def _shares(scores: Floats, target: Flags) -> Floats:
    """How much of each column of scores to take: a logistic regression (Wolpert 1992), so strongly shrunk that few
    scores cannot mislead it: each column counts by how far apart it holds the two kinds."""
    weights: Floats = np.clip(LogisticRegression(C=STACKING_C).fit(scores, target).coef_[0], 0.0, None)
    total = float(weights.sum())
    return weights / total if total > 0.0 else np.full(scores.shape[1], 1.0 / scores.shape[1])


def fit_scorer(kind: Kind, data: Floats, target: Flags) -> Scorer:
    """Fit one scorer alone to standardised epochs."""
    return fit_tangent(data, target) if kind is Kind.XDAWN_TS else fit_lda(data, target)


def _blocks(target: Flags) -> int:
    return min(BLOCKS, int(target.sum()))


def _asked(data: Floats, target: Flags, training: Indices, test: Indices) -> dict[Kind, Floats] | None:
    """The scores of some epochs by scorers fitted to others; None where those are too few of a kind."""
    learned = target[training]
    if min(int(learned.sum()), int((~learned).sum())) < 2:
        return None
    scale = fit_scale(data[training])
    standardised, asked = scale.standardised(data[training]), scale.standardised(data[test])
    return {kind: fit_scorer(kind, standardised, learned).score(asked) for kind in OWN}


def _held_out_scores(t: Floats, data: Floats, target: Flags) -> tuple[dict[Kind, Floats], Indices]:
    """The scores of each kind, and the block of each epoch; -1 where too little was left to learn from."""
    scores = {kind: np.zeros(len(t)) for kind in OWN}
    block = np.full(len(t), -1, dtype=np.intp)
    for number, (training, test) in enumerate(contiguous_blocks(t, _blocks(target))):
        found = _asked(data, target, training, test)
        if found is not None:
            for kind in OWN:
                scores[kind][test] = found[kind]
            block[test] = number
    if not (block >= 0).any():
        raise ValueError("the epochs are too close together in time to be tested")
    return scores, block


def _forward_scores(t: Floats, data: Floats, target: Flags) -> Floats:
    """The sum of both scores, each of unit spread, by fits to what came before the block."""
    forward = np.full(len(t), np.nan)
    for training, test in contiguous_blocks(t, _blocks(target)):
        found = _asked(data, target, training[training < test[0]], test)
        if found is not None:
            forward[test] = sum(values / (np.std(values) + 1e-12) for values in found.values())
    return forward
