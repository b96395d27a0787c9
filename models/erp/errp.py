"""models.erp: the error-related potential: whether the person saw that what was chosen is not what they meant."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import beta

from models.erp.epochs import Epochs
from models.erp.model_file import model_from_json, model_to_json
from models.erp.single_trial import SingleTrialModel, fit_single_trial

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MORE_LIKELY_WRONG = 0.5
INTERRUPTED = 0.02  # of the correct selections, at most
CONFIDENCE = 0.95  # that no more of them are, as far as the training tells
SURE = 1e-6  # a posterior is never nearer than this to 0 or 1
NEVER = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class ErrpModel:
    """P(wrong | EEG, posterior of the selection), and from where on it is worth asking.

    Parameters
    ----------
    trial : SingleTrialModel
        ln p(epoch | wrong) - ln p(epoch | right) of the epoch after a selection was shown.
    threshold : float
        Undo is offered where P(wrong) is greater: at least 0.5, and so high that of the correct selections of the
        training at most 2 % would have been interrupted; 1 where they were too few to tell: never.
    """

    trial: SingleTrialModel
    threshold: float

    def p_wrong(self, epochs: Epochs, posterior: Floats) -> Floats:
        """Return the probability that each selection was wrong.

        Parameters
        ----------
        epochs : Epochs
            What followed the moment in which each selection was shown.
        posterior : array of shape (n,)
            How probable each was when it was made, 0..1.
        """
        return _p_wrong(self.trial.llr(epochs), posterior)

    def offers_undo(self, epochs: Epochs, posterior: Floats) -> Flags:
        """Tell for which selections undo is to be offered (never done)."""
        offered: Flags = self.p_wrong(epochs, posterior) > self.threshold
        return offered

    def to_json(self) -> str:
        """Return the text that `from_json` reads."""
        return json.dumps({"errp": self.threshold, "trial": json.loads(model_to_json(self.trial))})

    @classmethod
    def from_json(cls, text: str) -> ErrpModel:
        """Return what `to_json` wrote.

        Raises
        ------
        ValueError
            It is damaged, or from another version.
        """
        try:
            content = json.loads(text)
        except RecursionError as error:
            raise ValueError("this is no model of error potentials") from error
        threshold = content.get("errp") if isinstance(content, dict) else None
        if not isinstance(threshold, float) or not MORE_LIKELY_WRONG <= threshold <= NEVER:
            raise ValueError("this is no model of error potentials: its threshold is missing or wrong")
        return cls(model_from_json(json.dumps(content.get("trial"))), threshold)


def fit_errp(epochs: Epochs, wrong: Flags, posterior: Floats | None = None) -> ErrpModel:
    """Fit to selections that were shown, and of which it is known whether they were wrong.

    Parameters
    ----------
    epochs : Epochs
        What followed the moment in which each selection was shown, in the order of time.
    wrong : array of shape (n,) of bool
        Which were undone, or not what was asked for.
    posterior : array of shape (n,), optional
        How probable each selection was when it was made; without it, each is taken to be as often right as all are.

    Raises
    ------
    ValueError
        There are too few of a kind, or no channel tells anything.
    """
    wrong = np.asarray(wrong, dtype=bool)
    trial = fit_single_trial(epochs, wrong, summed=False)
    known = np.isin(epochs.t, trial.held_out.t)
    right_share = 1.0 - float(wrong.mean())
    believed = np.full(len(wrong), right_share) if posterior is None else np.asarray(posterior, dtype=float)
    claimed = _p_wrong(trial.held_out.llr, believed[known])
    return ErrpModel(trial, undo_threshold(claimed[~trial.held_out.target]))


def undo_threshold(p_wrong_of_correct: Floats) -> float:
    """From which P(wrong) on to offer undo, so that at most `INTERRUPTED` of the correct selections are interrupted.

    The share has an upper confidence limit after Clopper & Pearson (1934), so with fewer than 149 correct selections
    nothing can be promised, and undo is never offered.
    """
    n = len(p_wrong_of_correct)
    allowed = -1
    while allowed + 1 < n and beta.ppf(CONFIDENCE, allowed + 2, n - allowed - 1) <= INTERRUPTED:
        allowed += 1
    if allowed < 0:
        return NEVER
    highest = np.sort(p_wrong_of_correct)[::-1]
    return float(np.clip(highest[allowed], MORE_LIKELY_WRONG, NEVER))


def _p_wrong(llr: Floats, posterior: Floats) -> Floats:
    believed = np.clip(np.asarray(posterior, dtype=float), SURE, 1.0 - SURE)
    probability: Floats = expit(llr - logit(believed))
    return probability
