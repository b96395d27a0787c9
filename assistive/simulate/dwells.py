"""assistive.simulate: modes of dwell against each other, at equal shares of wrong selections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistive.settings import DwellMode, Settings
from assistive.simulate.person import Person
from assistive.simulate.report import System
from assistive.simulate.run import Outcome, system_settings

SETTLED = 500  # selections after which a Bayesian dwell has to keep what it claims
SLOW_READER = 1.5  # times the reading times that the dwell starts with
KEYS_S = 0.8  # with a Bayesian dwell, of the keys that are not weighed
BAYES_FLOOR_S = 0.3

# What is varied, so that modes can be compared at equal shares of wrong selections.
LETTER_S = (0.5, 0.6, 0.8, 1.0)
ERROR_SHARES = (0.01, 0.02, 0.04)


@dataclass(frozen=True, slots=True)
class Variant:
    """A mode of dwell and the one setting that trades speed for errors.

    `multiplied`: words and phrases take their multiple of a letter's time and no longer, however long they are.
    """

    mode: DwellMode
    value: float
    multiplied: bool = False

    @property
    def title(self) -> str:
        """For people."""
        if self.mode == "bayes":
            return f"bayes {self.value:.0%}"
        return f"{self.mode} {self.value:.1f} s" + (", multiplied" if self.multiplied else "")

    def settings(self, language: str) -> Settings:
        """All settings of Sayso with this dwell."""
        if self.mode != "bayes":
            settings = system_settings(self.value, proposals=True, language=language)
            settings = settings.changed("dwell.mode", self.mode)
            return settings.changed("dwell.reading_factor", 0.0) if self.multiplied else settings
        settings = system_settings(KEYS_S, proposals=True, language=language).changed("dwell.mode", "bayes")
        settings = settings.changed("dwell.lock_on_s", BAYES_FLOOR_S / 2)
        return settings.changed("dwell.floor_s", BAYES_FLOOR_S).changed("dwell.error_share", self.value)


def variants(mode: DwellMode, *, multiplied: bool = False) -> list[Variant]:
    """What is tried of a mode, the most careful first."""
    if mode == "bayes":
        return [Variant(mode, share) for share in ERROR_SHARES]
    return [Variant(mode, letter_s, multiplied) for letter_s in reversed(LETTER_S)]


def wpm_at(points: Sequence[tuple[float, float]], wrong: float) -> float | None:
    """The speed at so many wrong selections for each hundred, between the two points next to it; None: outside.

    `points` are pairs of wrong selections for each hundred, and words a minute.
    """
    ordered = sorted(points)
    for (wrong_a, wpm_a), (wrong_b, wpm_b) in pairwise(ordered):
        if wrong_a <= wrong <= wrong_b:
            share = (wrong - wrong_a) / (wrong_b - wrong_a) if wrong_b > wrong_a else 0.0
            return wpm_a + share * (wpm_b - wpm_a)
    return None


def point(system: System) -> tuple[float, float]:
    """Wrong selections for each hundred, and words a minute."""
    return system.mean(lambda o: o.wrong_per_100), system.mean(lambda o: o.wpm)


@dataclass(frozen=True, slots=True)
class Kept:
    """Shares of wrong selections after the first `SETTLED`: what the dwell claimed, and what was observed."""

    claimed: float
    observed: float
    selections: int


def kept(outcomes: Sequence[Outcome]) -> Kept:
    """Compare what a Bayesian dwell claimed with what happened, over all seeds."""
    claims = [claim for outcome in outcomes for claim in outcome.counts.claims[SETTLED:]]
    n = len(claims)
    claimed, observed = (sum(claim[i] for claim in claims) / max(1, n) for i in (0, 1))
    return Kept(claimed, observed, n)


def slow_reader(person: Person, times: float = SLOW_READER) -> Person:
    """The same person, who reads so many times as slowly."""
    names = ("read_word_s", "read_letter_s", "read_phrase_s", "read_phrase_word_s")
    looking = person.looking
    slower = {
        name: getattr(looking, name).model_copy(update={"value": times * getattr(looking, name).value})
        for name in names
    }
    return person.model_copy(update={"looking": looking.model_copy(update=slower)})
