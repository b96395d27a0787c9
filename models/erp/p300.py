"""models.erp: the P300: whether a flash was the one that the person waited for."""

from __future__ import annotations

from models.erp.epochs import Epochs
from models.erp.single_trial import Flags, SingleTrialModel, fit_single_trial

P300Model = SingleTrialModel


def fit_p300(epochs: Epochs, target: Flags) -> P300Model:
    """Fit to one person's calibration; see `single_trial.fit_single_trial`."""
    return fit_single_trial(epochs, target)
