"""models.language: how often words are used in general, from the package wordfreq."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.language.partial import is_bare_letter

RAREST = 1e-7
"""Words rarer than this are not known."""

N_LIKELIEST = 24

WORD = re.compile(r"[^\W\d_]+(?:['’‑-][^\W\d_]+)*")
LAST_CHARACTER = "\U0010ffff"


class WordFrequencies(NamedTuple):
    """Folded words in order, their shares (they sum to 1), the sums of the shares before each, the commonest."""

    words: list[str]
    shares: NDArray[np.float64]
    sums: NDArray[np.float64]
    commonest: list[str]

    def share(self, word: str) -> float:
        """Return how large a share of all words this one is; 0 where it is not known."""
        at = bisect_left(self.words, word)
        return float(self.shares[at]) if at < len(self.words) and self.words[at] == word else 0.0

    def share_of_prefix(self, prefix: str) -> float:
        """Return how large a share of all words begins with `prefix`."""
        low, high = self._span(prefix)
        return float(self.sums[high] - self.sums[low])

    def likeliest(self, prefix: str) -> list[str]:
        """Return the `N_LIKELIEST` commonest words that begin with `prefix`, in no order."""
        if not prefix:
            return self.commonest
        low, high = self._span(prefix)
        part = self.shares[low:high]
        if len(part) <= N_LIKELIEST:
            return self.words[low:high]
        best = np.argpartition(part, len(part) - N_LIKELIEST)[-N_LIKELIEST:]
        return [self.words[low + i] for i in best.tolist()]

    def _span(self, prefix: str) -> tuple[int, int]:
        low = bisect_left(self.words, prefix)
        return low, bisect_left(self.words, prefix + LAST_CHARACTER, low)


NO_FREQUENCIES = WordFrequencies([], np.zeros(0), np.zeros(1), [])


def load_frequencies(language: str) -> WordFrequencies:
    """Read the frequencies of a language ("en", "ru"); takes some tenths of a second."""
    import wordfreq  # its import and its lists cost more than everything else that proposes without a model

    frequencies = wordfreq.get_frequency_dict(language, wordlist="best")
    words = sorted(
        word
        for word, frequency in frequencies.items()
        if frequency >= RAREST and WORD.fullmatch(word) and not is_bare_letter(word, language)
    )
    shares = np.array([frequencies[word] for word in words])
    shares /= shares.sum()
    commonest = [words[i] for i in np.argsort(-shares)[:N_LIKELIEST].tolist()]
    return WordFrequencies(words, shares, np.concatenate([[0.0], np.cumsum(shares)]), commonest)
