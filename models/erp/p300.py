"""models.erp: the P300: whether a flash was the one that the person waited for."""

from __future__ import annotations

from collections.abc import Sequence

from models.erp.epochs import Epochs
from models.erp.single_trial import Flags, SingleTrialModel, fit_single_trial, usable_names
from models.erp.transfer import Labelled, fit_earlier

P300Model = SingleTrialModel


def fit_p300(epochs: Epochs, target: Flags, earlier: Sequence[Labelled] = ()) -> P300Model:
    """Fit to one person's flashes.

    Parameters
    ----------
    epochs : Epochs
        In the order of time: the calibration, and after it what selections confirmed.
    target : array of shape (n,) of bool
        Which flashes were waited for.
    earlier : sequence of Labelled
        Earlier sessions, and recordings of other people who agreed to it: they count by how well they tell the
        person's own flashes apart, so most while the person has seen few.

    Raises
    ------
    ValueError
        There are too few flashes of a kind, or no channel tells anything.
    """
    usable = usable_names(epochs)
    scorers = fit_earlier(earlier, usable) if usable and earlier else ()
    return fit_single_trial(epochs, target, scorers)
