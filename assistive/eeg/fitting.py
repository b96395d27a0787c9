"""assistive.eeg: what is fitted to EEG in a process of its own, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistive.fit_worker import FitWorker

if TYPE_CHECKING:  # the child imports them when a request arrives
    import numpy as np
    from numpy.typing import NDArray

    from assistive.eeg.kept import Montage
    from calibration.replayed_choices import ReplayedChoices
    from models.erp.epochs import Epochs
    from models.erp.transfer import Labelled

LONGEST_S = 80.0


@dataclass(frozen=True, slots=True, eq=False)
class P300Request:
    """Fit to these flashes.

    Parameters
    ----------
    montage : Montage
        Where they were recorded.
    labelled : Labelled
    earlier : tuple of Labelled
        Sessions before.
    number : int
        Of the `EegFitRequest`; 0: nobody asked, the model adapts to the person's choices.
    last : bool
        What comes of it is kept and used.
    bad_channels : tuple of str
        Electrodes in poor contact now.
    """

    montage: Montage
    labelled: Labelled
    earlier: tuple[Labelled, ...]
    number: int = 0
    last: bool = False
    bad_channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ErrpRequest:
    """Fit to what followed these selections, of which some were wrong."""

    montage: Montage
    epochs: Epochs
    wrong: NDArray[np.bool_]
    posterior: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class P300Fit:
    """A model as `models.erp.model_file` writes it, and what it is worth when choices are replayed."""

    model: str
    replayed: ReplayedChoices


@dataclass(frozen=True, slots=True)
class ErrpFit:
    """A model as `ErrpModel.to_json` writes it."""

    model: str


Request = P300Request | ErrpRequest
Fit = P300Fit | ErrpFit


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What came of a request; None: nothing."""

    request: Request
    fit: Fit | None


def fitted(request: Request) -> Fit:
    """Fit; in the child.

    Raises
    ------
    ValueError
        There is too little to learn from.
    """
    if isinstance(request, ErrpRequest):
        from models.erp.errp import fit_errp

        return ErrpFit(fit_errp(request.epochs, request.wrong, request.posterior).to_json())
    from calibration.replayed_choices import replay_choices
    from models.erp.model_file import model_to_json
    from models.erp.p300 import fit_p300

    model = fit_p300(request.labelled.epochs, request.labelled.target, request.earlier)
    return P300Fit(model_to_json(model), replay_choices(model.held_out))


def eeg_fits(answer: Callable[[Fitted], None]) -> FitWorker[Request, Fit]:
    """Return a worker for fits to EEG; `answer` is called from its thread, once for each request, in order."""
    return FitWorker(fitted, lambda request, fit: answer(Fitted(request, fit)), longest_s=LONGEST_S)
