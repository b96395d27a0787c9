"""assistive.fusion: what pressing one switch says, while yes and no are highlighted in turn.

Whoever means what is highlighted presses but for a miss; whoever means the other does not, but for a false press. Both
rates are this person's own: beta distributions that are integrated over, so that little experience makes the answer
less sure, not surer (Gelman et al. 2013, Bayesian Data Analysis, chapter 2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum


class Answer(StrEnum):
    """What can be answered."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Heard:
    """How often each answer was highlighted without a press, and with one, since the question was asked."""

    yes_passed: int = 0
    no_passed: int = 0
    yes_pressed: int = 0
    no_pressed: int = 0

    def passed(self, yes: int, no: int) -> Heard:
        """Return this with so many more that went by without a press."""
        return replace(self, yes_passed=self.yes_passed + yes, no_passed=self.no_passed + no)

    def pressed(self, answer: Answer) -> Heard:
        """Return this with one more press."""
        if answer is Answer.YES:
            return replace(self, yes_pressed=self.yes_pressed + 1)
        return replace(self, no_pressed=self.no_pressed + 1)

    def turned(self) -> Heard:
        """Return this with yes and no exchanged."""
        return Heard(self.no_passed, self.yes_passed, self.no_pressed, self.yes_pressed)


@dataclass(frozen=True, slots=True)
class Rate:
    """A beta distribution over how often something happens: `times` that it did and `times_not`, as if counted."""

    times: float
    times_not: float

    @property
    def mean(self) -> float:
        """How often it is expected to happen."""
        return self.times / (self.times + self.times_not)

    def seen(self, times: int, times_not: int) -> Rate:
        """Return the rate after so much was seen of it."""
        return Rate(self.times + times, self.times_not + times_not)

    def log_evidence(self, times: int, times_not: int) -> float:
        """Return ln of the probability that it happens just so, in this order."""
        after = self.seen(times, times_not)
        return _log_beta(after.times, after.times_not) - _log_beta(self.times, self.times_not)


@dataclass(frozen=True, slots=True)
class PressRates:
    """How this person presses.

    Attributes
    ----------
    false_press : Rate
        Presses while what is not meant is highlighted.
    miss : Rate
        No press while what is meant is highlighted.
    means_yes : Rate
        Questions that were meant to be answered with yes.
    """

    false_press: Rate = Rate(1.0, 19.0)
    miss: Rate = Rate(2.0, 18.0)
    means_yes: Rate = Rate(1.0, 1.0)

    def posterior_yes(self, heard: Heard) -> float:
        """Return how probable it is that yes is meant."""
        p = self.means_yes.mean
        log_odds = (
            math.log(p / (1.0 - p)) + self._log_likelihood(heard) - self._log_likelihood(heard.turned())
        )
        return 1.0 / (1.0 + math.exp(-log_odds)) if log_odds > -700.0 else 0.0

    def learned(self, heard: Heard, meant: Answer) -> PressRates:
        """Return the rates after it turned out what was meant."""
        mine = heard if meant is Answer.YES else heard.turned()
        yes = meant is Answer.YES
        return PressRates(
            self.false_press.seen(mine.no_pressed, mine.no_passed),
            self.miss.seen(mine.yes_passed, mine.yes_pressed),
            self.means_yes.seen(int(yes), int(not yes)),
        )

    def _log_likelihood(self, heard: Heard) -> float:
        """Where what `heard` calls yes is meant."""
        return self.miss.log_evidence(heard.yes_passed, heard.yes_pressed) + self.false_press.log_evidence(
            heard.no_pressed, heard.no_passed
        )


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
