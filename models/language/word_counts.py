"""models.language: counts of words after words, smoothed, that can be added to and taken from at any time.

Interpolated Kneser-Ney smoothing: a shorter context counts in how many longer ones a word was seen, not how often
(Kneser and Ney, 1995). In the form of a hierarchical Pitman-Yor process with one table a word and context (Teh, 2006),
which has nothing to be fitted when counts change.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from models.language.frequencies import LAST_CHARACTER, WordFrequencies

_DISCOUNT = 0.8
_STRENGTH = 0.5
_GENERAL_WEIGHT = 3000.0
"""General frequencies count like this many of the person's words. The three were chosen on held-out dialogues."""

Context = tuple[str, ...]


@dataclass(slots=True)
class _Followers:
    counts: Counter[str] = field(default_factory=Counter)
    total: int = 0


class WordCounts:
    """How often each word followed each context, for contexts of any length up to that of the longest counted."""

    def __init__(self) -> None:
        self._after: dict[Context, _Followers] = {}
        self._words: list[str] = []  # every word that is counted, in order

    def add(self, context: Context, word: str) -> None:
        """Count `word` once more after `context` and, where it is new there, after the shorter ones."""
        for ending in _endings(context):
            followers = self._after.setdefault(ending, _Followers())
            followers.counts[word] += 1
            followers.total += 1
            if followers.counts[word] > 1:
                return
        insort(self._words, word)

    def remove(self, context: Context, word: str) -> None:
        """Undo one `add`; whatever was not counted is left alone."""
        for ending in _endings(context):
            followers = self._after.get(ending)
            if followers is None or word not in followers.counts:
                return
            followers.total -= 1
            followers.counts[word] -= 1
            if followers.counts[word] > 0:
                return
            del followers.counts[word]
            if not followers.counts:
                del self._after[ending]
        del self._words[bisect_left(self._words, word)]

    def with_prefix(self, prefix: str) -> list[str]:
        """Return the counted words that begin with `prefix`, in order."""
        low = bisect_left(self._words, prefix)
        return self._words[low : bisect_left(self._words, prefix + LAST_CHARACTER, low)]

    def followers(self, context: Context) -> Iterable[tuple[str, int]]:
        """Return the words that were seen after `context` and their counts there."""
        followers = self._after.get(context)
        return followers.counts.items() if followers is not None else ()

    def p(self, context: Context, word: str, general: WordFrequencies) -> float:
        """Return the probability of `word` after `context`."""
        return self._smoothed(
            context, general.share(word), lambda counts, discount: max(0.0, counts[word] - discount)
        )

    def p_prefix(self, context: Context, prefix: str, general: WordFrequencies) -> float:
        """Return the probability that the word after `context` begins with `prefix`."""
        if not prefix:
            return 1.0 if self._words else general.share_of_prefix("")
        words = self.with_prefix(prefix)

        def seen(counts: Counter[str], discount: float) -> float:
            if len(words) < len(counts):
                return sum(max(0.0, counts[word] - discount) for word in words)
            return sum(n - discount for word, n in counts.items() if word.startswith(prefix))

        return self._smoothed(context, general.share_of_prefix(prefix), seen)

    def _smoothed(self, context: Context, p: float, seen: Callable[[Counter[str], float], float]) -> float:
        """Mix `p`, from the general frequencies, with what was seen after ever longer contexts."""
        for length in range(len(context) + 1):
            followers = self._after.get(context[len(context) - length :])
            if followers is None:
                continue
            discount, weight = 0.0, _GENERAL_WEIGHT
            if length:
                discount, weight = _DISCOUNT, _STRENGTH + _DISCOUNT * len(followers.counts)
            p = (seen(followers.counts, discount) + weight * p) / (followers.total + weight)
        return p


def _endings(context: Context) -> Iterator[Context]:
    """Yield the context, then the shorter ones it ends with."""
    for start in range(len(context) + 1):
        yield context[start:]
