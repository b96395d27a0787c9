"""assistive.eeg: what is believed beside the flashes: what is likely, where the eyes are, and what each is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistive.boards.board import Board, Target, Verb
from assistive.eeg.look import Look
from assistive.eeg.prior import floors_of, prior_of
from assistive.fusion.hybrid import HybridInquiry, Reliability
from assistive.fusion.inquiry import Inquiry
from assistive.fusion.prior import Choice, TargetPrior
from models.language.messages import Proposals


class Beliefs:
    """Makes the belief of each inquiry.

    Parameters
    ----------
    gaze : bool
        A tracker tells where the eyes are. Without one the EEG counts for what it claims to be.

    Attributes
    ----------
    gaze : bool
    """

    def __init__(self, *, gaze: bool) -> None:
        self.gaze = gaze
        self._look = Look()
        self._gaze_worth, self._eeg_worth = Reliability(), Reliability()
        self._prior = TargetPrior()
        self._choice: Choice | None = None

    def show(self, board: Board, proposals: Proposals | None, text: str) -> None:
        """This is on the screen now."""
        self._prior.show(board, proposals, text)

    def looked(self, t: float, point: tuple[float, float], sd: tuple[float, float]) -> None:
        """The gaze is here, with an error of this standard deviation (shares of the window); NaN: it is nowhere."""
        self._look.take(t, point, sd)

    def look(self, t: float, targets: tuple[Target, ...]) -> Mapping[str, float]:
        """Return what the eyes say of the targets at time `t`; empty: nothing."""
        return self._look.evidence(t, targets) if self.gaze else {}

    def selected(self, target: Target) -> None:
        """This was chosen, in whatever way; the choice before it stands, or is undone by it."""
        if self._choice is not None and target.action.verb is not Verb.UNDO:
            self._prior.learn(self._choice)
        self._choice = self._prior.choice(target)

    def inquiry(
        self, targets: tuple[Target, ...], known: Mapping[str, float], most: int, nothing: float
    ) -> Inquiry | HybridInquiry:
        """Return the belief of an inquiry.

        Parameters
        ----------
        targets : tuple of Target
            What flashes.
        known : mapping of str to float
            What earlier flashes said.
        most : int
            So many sequences at most.
        nothing : float
            The probability that no target is meant.
        """
        prior, floors = prior_of(targets, self._prior.p), floors_of(targets)
        if not self.gaze:
            return Inquiry(prior, nothing=nothing, floors=floors, evidence=known, most_sequences=most)
        return HybridInquiry(
            prior,
            self._gaze_worth,
            self._eeg_worth,
            nothing=nothing,
            floors=floors,
            evidence=known,
            most_sequences=most,
        )

    def kept(self) -> dict[str, Any]:
        """What a recording that begins now has to know: plain data."""
        worth = self._gaze_worth.kept(), self._eeg_worth.kept()
        return {"prior": dict(vars(self._prior)), "choice": self._choice, "worth": worth}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Go on from `kept`; ValueError if it is damaged."""
        vars(self._prior).update(kept["prior"])
        self._choice, self._look = kept["choice"], Look()
        for worth, known in zip((self._gaze_worth, self._eeg_worth), kept["worth"], strict=True):
            worth.restore(known)
