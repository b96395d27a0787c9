"""assistive.eeg: whether what was chosen by EEG was meant: the next selection tells, or the error potential doubts it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistive.boards.board import Target, Verb
from assistive.eeg.choosing import Known, faded
from assistive.eeg.messages import ChoiceJudged, OutcomeScored, ShowOutcome
from assistive.fusion.hybrid import HybridInquiry
from assistive.fusion.inquiry import TAKEN_BACK, Inquiry

SHOW_S = 1.0
OFFERED_S = 30.0  # long enough to read it and to choose it by EEG; the next choice takes it away, too
WORTH_NAMING = 0.3  # of what is left beside the choice: so probable has the second best to be
INTERRUPTED = 0.02  # of the right choices, at most: DESIGN 4
# What undo takes back. On what was spoken, and on a call for help, no doubt is cast.
WRITES = (Verb.WRITE, Verb.WORD, Verb.CLEAR, Verb.DELETE_LETTER, Verb.DELETE_WORD)
DELETES = (Verb.DELETE_LETTER, Verb.DELETE_WORD)
CHANGED_MIND = 0.03  # of the choices that were meant: they are taken back all the same
BACK = "fn:back"
INSTEAD = "instead"  # the argument of the offered key, see eeg_page.py


@dataclass(frozen=True, slots=True)
class Decided:
    """A choice as it was made: what was chosen, how sure that was, by which sequences and which belief."""

    target: Target
    posterior: float
    sequences: tuple[int, ...]
    targets: tuple[Target, ...]
    inquiry: Inquiry | HybridInquiry


@dataclass(frozen=True, slots=True)
class Offer:
    """The error potential says that the last choice was more probably wrong than right: undo is offered.

    Parameters
    ----------
    chosen : Target
        What would be taken back.
    instead : Target, optional
        What was second best: choosing it takes the choice back and chooses this.
    until : float
        Then it goes away by itself.
    """

    chosen: Target
    instead: Target | None
    until: float


class Judging:
    """Waits with every choice by EEG until it is known whether it was meant.

    Attributes
    ----------
    offer : Offer or None
    """

    def __init__(self, emit: Callable[[ShowOutcome | ChoiceJudged], None]) -> None:
        self._emit = emit
        self._number = 0
        self._made: Decided | None = None
        self._mistaken: Decided | None = None
        self._doubted = False
        self._kept = 0
        self._interrupted = 0
        self.offer: Offer | None = None

    def selected(self, t: float, target: Target, decided: Decided | None) -> Known | None:
        """Something was chosen, by EEG (`decided`) or otherwise: judge the choice before it.

        Returns
        -------
        Known or None
            Where the choice before was taken back: what is still known.
        """
        made, self._made = self._made, None
        known = self._judge(t, made, target) if made is not None else None
        self.offer = None
        self._doubted = False
        if decided is not None:
            self._number += 1
            self._made = decided
            self._emit(ShowOutcome(t, self._number, target.id, decided.posterior, SHOW_S))
        return known

    def scored(self, message: OutcomeScored) -> None:
        """The error potential after the latest choice: where it doubts it, undo is offered, never done."""
        made = self._made
        if made is None or message.number != self._number or not message.offers_undo or self._doubted:
            return
        if made.target.action.verb not in WRITES:
            return
        if self._interrupted > INTERRUPTED * self._kept:
            return
        self._doubted = True
        self.offer = Offer(made.target, _second_best(made), message.t + OFFERED_S)

    def tick(self, t: float) -> None:
        """An offer that nobody takes goes away."""
        if self.offer is not None and t >= self.offer.until:
            self.offer = None

    def forget(self) -> None:
        """What waits to be judged never will be."""
        self._made = self._mistaken = self.offer = None
        self._doubted = False

    def kept(self) -> tuple[int, int, int]:
        """What goes on where a recording begins: the number of the latest choice, and what offers are measured by."""
        return self._number, self._kept, self._interrupted

    def restore(self, kept: tuple[int, int, int]) -> None:
        """Go on from `kept`, without what waited to be judged."""
        self.forget()
        self._number, self._kept, self._interrupted = kept

    def _judge(self, t: float, made: Decided, target: Target) -> Known | None:
        wrong = takes_back(target, made.target)
        self._emit(ChoiceJudged(t, self._number, made.sequences, made.target.id, not wrong))
        if wrong:
            self._mistaken = made
            if is_instead(target) and self.offer is not None and self.offer.instead is not None:
                self._learn_what_was_meant(self.offer.instead)
            return _still_known(made)
        self._kept += 1
        self._interrupted += self._doubted
        _learn(made.inquiry, made.target.id)
        if made.target.action.verb is not Verb.UNDO:
            self._learn_what_was_meant(made.target)
        return None

    def _learn_what_was_meant(self, target: Target) -> None:
        """This was meant where the choice before was mistaken."""
        mistaken, self._mistaken = self._mistaken, None
        if mistaken is not None and target in mistaken.targets:
            _learn(mistaken.inquiry, target.id)


def is_instead(target: Target) -> bool:
    """Whether this takes the last choice back and chooses what was second best."""
    return target.action.verb is Verb.EEG and target.action.argument == INSTEAD


def takes_back(target: Target, before: Target) -> bool:
    """Whether choosing `target` says that the choice before was not meant."""
    verb = before.action.verb
    if target.action.verb is Verb.UNDO or is_instead(target):
        return verb in WRITES or is_instead(before)
    if target.action.verb in DELETES:
        return verb in (Verb.WRITE, Verb.WORD)
    return target.id == BACK and verb is Verb.OPEN and before.id != BACK


def _still_known(made: Decided) -> Known:
    """What the flashes say of the others, as far as it was the EEG that was mistaken and not the person."""
    chosen, wrong = made.target.id, 1.0 - made.posterior
    evidence = made.inquiry.evidence_after_undo(chosen, -math.inf)
    known = faded(evidence, made.inquiry.prior, wrong / (wrong + CHANGED_MIND))
    known[chosen] += TAKEN_BACK
    return Known(known, made.targets)


def _learn(inquiry: Inquiry | HybridInquiry, meant: str) -> None:
    if isinstance(inquiry, HybridInquiry):
        inquiry.meant(meant)


def _second_best(made: Decided) -> Target | None:
    posterior: Mapping[str, float] = made.inquiry.posterior
    others = [target for target in made.targets if target.id != made.target.id]
    best = max(others, key=lambda each: posterior[each.id], default=None)
    left = sum(posterior[each.id] for each in others)
    return best if best is not None and posterior[best.id] >= WORTH_NAMING * left else None
