"""models.language: the words of this conversation: whoever said one lately is likely to say it again.

A cache that decays (Clarkson and Robinson, 1997): the newest word counts most.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from models.language.frequencies import WORD
from models.language.messages import Turn
from models.language.partial import fold, is_bare_letter

_N_TURNS = 8
_N_WORDS = 120
_N_CHARACTERS = 1000
_DECAY = 0.98  # from each word to the one before
_SHARE = 0.06  # of the probability; chosen on held-out dialogues
_FULL_AT = 15.0  # so much weight must have gathered for the whole share


class RecentWords(NamedTuple):
    """Folded words of the conversation and of the text, with what each counts; the share of all together."""

    weights: dict[str, float]
    total: float
    share: float

    def p(self, word: str) -> float:
        """Return the probability of `word` among these."""
        return self.weights.get(word, 0.0) / self.total if self.total else 0.0

    def with_prefix(self, prefix: str) -> list[str]:
        """Return the words that begin with `prefix`."""
        return [word for word in self.weights if word.startswith(prefix)]

    def p_prefix(self, prefix: str) -> float:
        """Return the probability that a word among these begins with `prefix`."""
        return (
            sum(self.weights[word] for word in self.with_prefix(prefix)) / self.total if self.total else 0.0
        )

    def mixed(self, p_recent: float, p: float) -> float:
        """Mix a probability among these words with another proposer's."""
        return self.share * p_recent + (1.0 - self.share) * p


def recent_words(turns: tuple[Turn, ...], text: str, language: str) -> RecentWords:
    """Return the words of the last turns and of what is written, the newest counting most."""
    said = " ".join(turn.text[-_N_CHARACTERS:] for turn in turns[-_N_TURNS:])
    weights: defaultdict[str, float] = defaultdict(float)
    weight, total = 1.0, 0.0
    for word in reversed(WORD.findall(f"{said} {text[-_N_CHARACTERS:]}"[-_N_CHARACTERS:])[-_N_WORDS:]):
        folded = fold(word)
        if not is_bare_letter(folded, language):
            weights[folded] += weight
            total += weight
        weight *= _DECAY
    return RecentWords(dict(weights), total, _SHARE * min(1.0, total / _FULL_AT))
