"""assistive: yes or no before a sentence is spoken. Without a yes that is sure enough, nothing is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from assistive.boards.board import Action, Target, TargetKind, Verb
from assistive.fusion.yes_no import Answer, Heard, PressRates

PAUSE_S = 1.0  # before the first answer is highlighted: the press that led here may bounce, and the sentence is read
HIGHLIGHT_S = 2.0
ROUNDS = 3  # of yes and no, then it goes back
QUESTIONS = 3  # so often it is asked in all, where presses are not sure enough
UNSEEN_S = 1.0  # after the last look, nobody looks
NOTHING_HEARD = Heard()


@dataclass(frozen=True, slots=True)
class ConfirmView:
    """What is shown of a question.

    Attributes
    ----------
    sentence : str
        What would be spoken.
    highlighted : Answer, optional
        What a press of the switch takes now; None: nothing.
    again : bool
        There was a yes already, but not a sure one.
    error : float, optional
        How probable it is that a yes by the switch would be wrong; None: no switch answers.
    """

    sentence: str
    highlighted: Answer | None = None
    again: bool = False
    error: float | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    action: Action
    sentence: str
    ready_at: float  # not highlighted before this
    heard: Heard = NOTHING_HEARD
    number: int = 1


@dataclass(frozen=True, slots=True)
class _Answered:
    """An answer by the switch whose truth is not known yet."""

    sentence: str
    heard: Heard
    answer: Answer


def sentence_to_confirm(target: Target, unspoken: str) -> str:
    """Return what choosing this target would speak, where it is worth a question; "": nothing.

    The row that is always there holds single quick answers: they are never asked about.

    Parameters
    ----------
    target : Target
    unspoken : str
        What Speak would say now.
    """
    if target.action.verb is Verb.SPEAK:
        return unspoken
    if target.action.verb is Verb.SAY and target.kind is not TargetKind.FIXED:
        return target.action.argument
    return ""


class Confirming:
    """Asks before a sentence is spoken, and learns how sure this person's presses are.

    Eyes, a click and EEG choose between yes and no as between any targets. One switch alone does it too: while nobody
    looks, yes and no are highlighted in turn, and a press takes the one that is. All times are seconds on the shared
    clock.

    Attributes
    ----------
    rates : PressRates
    """

    def __init__(self) -> None:
        self.rates = PressRates()
        self._question: _Question | None = None
        self._answered: _Answered | None = None
        self._switch_is_there = False
        self._looked_at = -math.inf
        self._shown = (
            -1
        )  # the turn that is shown: 0 the first yes, 1 the first no, ...; -1: nothing is highlighted

    @property
    def active(self) -> bool:
        """Whether there is a question now."""
        return self._question is not None

    def ask(self, t: float, action: Action, sentence: str) -> None:
        """Ask whether `action`, which speaks `sentence`, is meant."""
        before, self._answered = self._answered, None
        if before is not None:  # a no was an error where the same is wanted again
            self._learn(before, Answer.YES if before.sentence == sentence else before.answer)
        self._ask(_Question(action, sentence, t + PAUSE_S))

    def answer(self, answer: Answer) -> Action | None:
        """A key was chosen: return what is to be done now, None after a no. The question is over."""
        question, self._question = self._question, None
        return question.action if question is not None and answer is Answer.YES else None

    def looked(self, t: float) -> None:
        """Somebody looks at the screen: nothing is highlighted until they no longer do."""
        self._looked_at = t

    def without_switch(self) -> None:
        """The switch chooses keys as everything else does: nothing is highlighted for it alone."""
        self._switch_is_there = False

    def press(self, t: float, certainty: float, *, looking: bool) -> Action | None:
        """The switch was pressed: return what is to be done now, if that was a yes that is sure.

        A no ends the question. A yes that is less probable than `certainty` is asked for once more.

        Parameters
        ----------
        looking : bool
            Somebody looks: the press takes what is looked at and is no answer by itself.
        """
        known, self._switch_is_there = self._switch_is_there, True
        question, turn = self._question, self._turn(t)
        if question is None or looking:
            return None
        if not known:  # now that there is a switch, it gets something to choose
            self._ask(replace(question, ready_at=t + PAUSE_S))
            return None
        if turn < 0:
            return None
        highlighted = _highlighted(turn)
        heard = _heard(question, turn).pressed(highlighted)
        if highlighted is Answer.NO or self.rates.posterior_yes(heard) >= certainty:
            self._question = None
            self._answered = _Answered(question.sentence, heard, highlighted)
            return question.action if highlighted is Answer.YES else None
        if question.number < QUESTIONS:
            self._ask(replace(question, ready_at=t + PAUSE_S, heard=heard, number=question.number + 1))
        else:
            self._question = None
        return None

    def tick(self, t: float) -> bool:
        """Return whether what is shown has changed. Where nobody answers, the question ends by itself."""
        if self._question is None:
            return False
        before, self._shown = self._shown, self._turn(t)
        if self._shown >= 2 * ROUNDS:
            self._question = None
        return self._shown != before

    def deadline(self) -> float | None:
        """When what is shown changes by itself; None: never."""
        if self._question is None or not self._switch_is_there:
            return None
        return self._begins(self._question) + HIGHLIGHT_S * (self._shown + 1)

    def chosen(self, verb: Verb) -> None:
        """Something was chosen after an answer: it tells whether that was meant."""
        answered = self._answered
        if answered is None or (answered.answer is Answer.NO and verb in (Verb.SPEAK, Verb.SAY)):
            return  # what is spoken then is still to be asked
        self._answered = None
        taken_back = answered.answer is Answer.YES and verb in (Verb.UNDO, Verb.STOP)
        self._learn(answered, Answer.NO if taken_back else answered.answer)

    def view(self, t: float) -> ConfirmView | None:
        """What is shown; None: there is no question."""
        question, turn = self._question, self._turn(t)
        if question is None:
            return None
        again = question.number > 1
        if turn < 0:
            return ConfirmView(question.sentence, again=again)
        yes_now = _heard(question, turn).pressed(Answer.YES)
        return ConfirmView(
            question.sentence, _highlighted(turn), again, 1.0 - self.rates.posterior_yes(yes_now)
        )

    def _ask(self, question: _Question) -> None:
        self._question, self._shown = question, -1

    def _begins(self, question: _Question) -> float:
        return max(question.ready_at, self._looked_at + UNSEEN_S)

    def _turn(self, t: float) -> int:
        """Which answer is highlighted, counted from the first yes; -1: none."""
        if self._question is None or not self._switch_is_there:
            return -1
        return max(-1, math.floor((t - self._begins(self._question)) / HIGHLIGHT_S + 1e-9))

    def _learn(self, answered: _Answered, meant: Answer) -> None:
        self.rates = self.rates.learned(answered.heard, meant)


def _highlighted(turn: int) -> Answer:
    return Answer.NO if turn % 2 else Answer.YES


def _heard(question: _Question, turn: int) -> Heard:
    """What was heard of this question before the present turn."""
    return question.heard.passed((turn + 1) // 2, turn // 2)
