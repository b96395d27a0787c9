"""assistive: what the person's choices, bans, tone and topics make of the next proposals.

A value: each change gives another one, so that the engine can think ahead and take back. What the person keeps in view
(pinned lines) is the conversation's, see conversation.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from assistive.boards.board import Action, Verb
from models.language.messages import Steering, Tone
from models.language.partial import fold

HALF_LIFE = 20
"""Selections after which a pick, or being passed over, counts half."""

PICKED = 0.3
"""Log-odds that a picked word gains; those of its kin that stood beside it, half of that."""

PASSED = -0.1
"""Log-odds that a word loses when another was picked while it stood there."""

MOST = 1.0
"""Picks and passes together change a word's log-odds by no more."""

REJECTED = -4.0
"""Log-odds that a word loses, until the word that is being written is finished, when the person goes on typing
although it stood in a slot."""

MOST_WORDS = 60
MOST_UNDOS = 100

_LEAST = 0.02  # a smaller change is forgotten
_SHORTEST = 4  # letters: shorter words hold sentences together, and say nothing of what they are about
_STEM = 5  # letters that kin have in common
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Kind(StrEnum):
    """Where an influence comes from."""

    TONE = "tone"
    TOPIC = "topic"
    BANNED = "banned"
    PICKED = "picked"
    PASSED = "passed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Influence:
    """One thing that changes the proposals now; `nudge` is what it adds to a word's log-odds (0: see `kind`)."""

    kind: Kind
    text: str
    nudge: float = 0.0


@dataclass(frozen=True, slots=True)
class _Nudge:
    amount: float
    since: int


@dataclass(frozen=True, slots=True)
class _Told:
    """What the selections up to now have told; words are folded."""

    n: int = 0
    nudges: tuple[tuple[str, _Nudge], ...] = ()
    rejected: tuple[str, ...] = ()

    def amount(self, nudge: _Nudge) -> float:
        return float(nudge.amount * 0.5 ** ((self.n - nudge.since) / HALF_LIFE))

    def nudged(self, more: dict[str, float]) -> _Told:
        """Return what another selection makes of it."""
        told = replace(self, n=self.n + 1, rejected=())
        amounts = {word: told.amount(nudge) for word, nudge in self.nudges}
        for word, amount in more.items():
            amounts[word] = max(-MOST, min(MOST, amounts.pop(word, 0.0) + amount))
        kept = [(word, _Nudge(amount, told.n)) for word, amount in amounts.items() if abs(amount) >= _LEAST]
        return replace(told, nudges=tuple(kept[-MOST_WORDS:]))


@dataclass(frozen=True, slots=True)
class PersonSteering:
    """What steers the proposals now.

    Parameters
    ----------
    tone : Tone
        How the person wants to sound.
    topics, banned : tuple of str
        As in `models.language.messages.Steering`.
    """

    tone: Tone = Tone.NEUTRAL
    topics: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    _told: _Told = _Told()
    _before: tuple[_Told, ...] = ()

    def picked(self, chosen: str, shown: Iterable[str] = ()) -> PersonSteering:
        """Return what follows from choosing a word or phrase while the words `shown` stood in the slots."""
        words = _words(chosen)
        more = dict.fromkeys(words, PICKED)
        for word in {fold(word) for word in shown if len(word) >= _SHORTEST} - set(words):
            kin = any(word[:_STEM] == other[:_STEM] for other in words if len(other) >= _STEM)
            more[word] = PICKED / 2 if kin else PASSED
        return self._next(self._told.nudged(more))

    def typed_on(self, shown: Iterable[str]) -> PersonSteering:
        """Return what follows from typing a letter of a word while the words `shown` stood in the slots."""
        rejected = dict.fromkeys((*self._told.rejected, *map(fold, shown)))
        return self._next(replace(self._told, n=self._told.n + 1, rejected=tuple(rejected)[-MOST_WORDS:]))

    def finished(self) -> PersonSteering:
        """Return what follows from finishing a word letter by letter (a space, a mark)."""
        return self._next(replace(self._told, n=self._told.n + 1, rejected=()))

    def after(self, action: Action, read: Iterable[str]) -> PersonSteering:
        """Return what follows from a selection that changes the text; `read` are the words that were looked at."""
        if action.verb is Verb.WORD:
            return self.picked(action.argument, read)
        if action.verb is Verb.WRITE and action.argument.isalpha():
            return self.typed_on(read)
        return self.finished()

    def forgotten(self) -> PersonSteering:
        """Return the same without what followed from choices."""
        return replace(self, _told=_Told(), _before=())

    def undone(self) -> PersonSteering:
        """Return what was before the last selection; its tone, topics and bans are those of now."""
        if not self._before:
            return self
        return replace(self, _told=self._before[-1], _before=self._before[:-1])

    def ban(self, text: str) -> PersonSteering:
        """Return what never proposes this word or phrase."""
        others = tuple(other for other in self.banned if fold(other) != fold(text))
        return replace(self, banned=(*others, text)) if text.strip() else self

    def in_force(self) -> tuple[Influence, ...]:
        """Return all that changes the proposals now, what the person set before what follows from choices."""
        told = self._told
        changed = [(word, told.amount(nudge)) for word, nudge in told.nudges if word not in told.rejected]
        changed.sort(key=lambda change: -abs(change[1]))
        return (
            *((Influence(Kind.TONE, self.tone.value),) if self.tone is not Tone.NEUTRAL else ()),
            *(Influence(Kind.TOPIC, topic) for topic in self.topics),
            *(Influence(Kind.BANNED, text) for text in self.banned),
            *(Influence(Kind.REJECTED, word, REJECTED) for word in told.rejected),
            *(Influence(Kind.PICKED if by > 0 else Kind.PASSED, word, by) for word, by in changed),
        )

    def without(self, influence: Influence) -> PersonSteering:
        """Return the same with one influence taken back."""
        text, told = influence.text, self._told
        match influence.kind:
            case Kind.TONE:
                return replace(self, tone=Tone.NEUTRAL)
            case Kind.TOPIC:
                return replace(self, topics=tuple(topic for topic in self.topics if topic != text))
            case Kind.BANNED:
                return replace(self, banned=tuple(banned for banned in self.banned if banned != text))
            case Kind.REJECTED:
                rejected = tuple(word for word in told.rejected if word != text)
                return replace(self, _told=replace(told, rejected=rejected))
            case Kind.PICKED | Kind.PASSED:
                nudges = tuple(nudge for nudge in told.nudges if nudge[0] != text)
                return replace(self, _told=replace(told, nudges=nudges))

    def steering(self) -> Steering:
        """Return what goes with a request."""
        nudges = tuple(
            (influence.text, round(influence.nudge, 3)) for influence in self.in_force() if influence.nudge
        )
        return Steering(self.tone, self.topics, self.banned, nudges)

    def _next(self, told: _Told) -> PersonSteering:
        return replace(self, _told=told, _before=(*self._before, self._told)[-MOST_UNDOS:])


def _words(text: str) -> list[str]:
    """Return the words that say what a choice was about, folded."""
    return [fold(word) for word in _WORD.findall(text) if len(word) >= _SHORTEST]
