"""models.language: what the person did to the proposals, applied to words, phrases and tokens."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from models.language.bans import Bans
from models.language.messages import PhraseProposal, Steering, WordProposal
from models.language.partial import fold
from models.language.tones import manners

MOST_NUDGED = 4.0
"""Log-odds are changed by no more than this."""

TONE_NUDGE = 0.5
"""Added to the log-odds of a word that goes with the tone; the prompt does the rest."""

_MARKS = ".,!?;:…"


class Weights:
    """By what factor the odds of a word change.

    Parameters
    ----------
    steering : Steering
        Its nudges, and the words of its tone; several for one word (in whatever case) add up.
    """

    def __init__(self, steering: Steering) -> None:
        in_tone = (word for manner in manners(steering.tone).values() for word in manner.words)
        nudges = dict.fromkeys(in_tone, TONE_NUDGE)
        for word, nudge in steering.nudges:
            if math.isfinite(nudge):
                nudges[fold(word)] = nudges.get(fold(word), 0.0) + nudge
        self._factors = {word: _factor(nudge) for word, nudge in nudges.items() if nudge}

    def __bool__(self) -> bool:
        """Whether any word's odds change."""
        return bool(self._factors)

    def of(self, word: str) -> float:
        """Return the factor for `word`."""
        return self._factors.get(fold(word), 1.0)


class Guide:
    """Says of words and phrases after one text whether they may be proposed, and how their odds change.

    Parameters
    ----------
    steering : Steering
        What the person did.
    before : str
        The text up to the last word boundary, with the space where there is one: the beginning of a banned
        phrase may stand there.
    """

    def __init__(self, steering: Steering, before: str = "") -> None:
        self._bans = Bans(steering.banned)
        self._weights = Weights(steering)
        self._before = before
        self._factors: dict[str, float] = {}

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self._bans) or bool(self._weights)

    def forbids(self, added: str) -> bool:
        """Whether `added` after the text completes something that is banned."""
        return self._bans.completed_by(added, self._before)

    def word(self, word: str) -> float:
        """Return the factor for the odds of `word` right after the text, 0 where it is banned."""
        factor = self._factors.get(word)
        if factor is None:
            factor = self._factors[word] = 0.0 if self.forbids(word) else self._weights.of(word)
        return factor

    def phrase(self, phrase: str) -> float:
        """Return the factor for the odds of `phrase`: that of its words together, 0 where one is banned."""
        if self.forbids(phrase):
            return 0.0
        nudge = sum(math.log(self._weights.of(word.strip(_MARKS))) for word in phrase.split())
        return _factor(nudge)


def steer_words(words: Iterable[WordProposal], guide: Guide) -> tuple[WordProposal, ...]:
    """Return `words`, best first, without the banned ones; a nudge changes a word's log-odds.

    The probabilities still leave out what they left out: a word that is not there has a nudge of 0.
    """
    factors = [(word, guide.word(word.word)) for word in words]
    total = 1.0 + sum(word.probability * (factor - 1.0) for word, factor in factors)
    steered = [
        replace(word, probability=min(1.0, word.probability * factor / max(total, 1e-9)))
        for word, factor in factors
        if factor > 0.0
    ]
    return tuple(sorted(steered, key=lambda word: -word.probability))


def steer_phrases(phrases: Iterable[PhraseProposal], guide: Guide) -> tuple[PhraseProposal, ...]:
    """Return `phrases` with those first whose words are raised and those last whose words are lowered."""
    factors = [(phrase, guide.phrase(phrase.text)) for phrase in phrases]
    return tuple(phrase for phrase, factor in sorted(factors, key=lambda f: -f[1]) if factor > 0.0)


def _factor(nudge: float) -> float:
    return math.exp(max(-MOST_NUDGED, min(MOST_NUDGED, nudge)))
