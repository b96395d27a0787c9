"""assistive.eeg: the fits that a calibration asks for, and what they found."""

from __future__ import annotations

import math

from assistive.eeg.messages import EegFitRequest, EegFitted
from calibration.verdict import Verdict

FIRST_FIT, NEXT_FIT = 3, 2  # rounds
FIT_S = 90.0  # for a fit, until it is given up


class Fits:
    """What was asked and answered in one calibration. Numbers go on from one to the next."""

    def __init__(self) -> None:
        self._number = 0
        self.forget()

    def forget(self) -> None:
        """Another calibration begins."""
        self.found: EegFitted | None = None
        self._open: dict[int, int] = {}  # from the number to the rounds that were done
        self._asked_at = -math.inf
        self._asked_rounds = self._answered_rounds = 0

    @property
    def given_up_at(self) -> float:
        """Until when an answer is waited for, in seconds on the shared clock."""
        return self._asked_at + FIT_S

    @property
    def enough(self) -> bool:
        """Whether more rounds would change nothing."""
        return self.found is not None and self.found.enough

    @property
    def usable(self) -> bool:
        """Whether what was found can be chosen with."""
        return self.found is not None and self.found.verdict in (Verdict.HELPS, Verdict.HELPS_A_LITTLE)

    @property
    def errors(self) -> tuple[float, float] | None:
        """The expected and the observed share of wrong choices; None: not known."""
        found = self.found
        if found is None or not math.isfinite(found.expected_error + found.observed_error):
            return None
        return found.expected_error, found.observed_error

    def due(self, t: float, rounds: int) -> bool:
        """Whether after so many rounds it is time to ask; a fit that nobody answers is not waited for."""
        if self._open and t < self.given_up_at:
            return False
        return rounds >= max(FIRST_FIT, self._asked_rounds + NEXT_FIT)

    def ask(self, t: float, rounds: int, *, last: bool = False) -> EegFitRequest:
        """Return the request for a fit to all of these rounds."""
        self._number += 1
        self._open[self._number] = self._asked_rounds = rounds
        self._asked_at = t
        return EegFitRequest(t, self._number, last)

    def asked(self, rounds: int) -> bool:
        """Whether a fit to so many rounds is under way."""
        return rounds in self._open.values()

    def answered(self, rounds: int) -> bool:
        """Whether a fit to so many rounds is done, or has failed."""
        return self._answered_rounds == rounds

    def take(self, fitted: EegFitted) -> None:
        """Take in an answer; one that nobody waits for is passed over, and one that failed changes nothing."""
        if fitted.number not in self._open:
            return
        self._answered_rounds = self._open.pop(fitted.number)
        if fitted.verdict is not None or self.found is None:
            self.found = fitted
