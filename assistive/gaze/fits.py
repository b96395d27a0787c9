"""assistive.gaze: what a calibration of the gaze has computed in a process of its own."""

from __future__ import annotations

from collections.abc import Callable

from assistive.fit_worker import FitWorker
from assistive.gaze.messages import FitRequest, Fitted
from devices.clock import Clock

LONGEST_S = 30.0


def fitted_model(request: FitRequest) -> str:
    """Return the model of a request as JSON; in the child."""
    from calibration.fit import fit

    return fit(request.samples, request.screen, request.plan).to_json()


def gaze_fits(
    post: Callable[[Fitted], None],
    clock: Clock,
    *,
    tr: Callable[[str], str] = str,
    longest_s: float = LONGEST_S,
) -> FitWorker[FitRequest, str]:
    """Return a worker for the fits of gaze.

    Parameters
    ----------
    post : callable
        Takes a `Fitted` for each request, in order, from the worker's thread.
    clock : Clock
        Stamps the answers.
    tr : callable
        Translates why a fit failed.
    longest_s : float
        A fit that takes longer is given up.
    """

    def answer(request: FitRequest, model: str | None) -> None:
        failed = tr(
            "The calibration could not be computed, so nothing has changed. Please calibrate once more."
        )
        post(Fitted(clock.now(), request.number, model or "", "" if model else failed))

    return FitWorker(fitted_model, answer, longest_s=longest_s)
