"""models.language: words from frequencies and the person's own text: while the model loads, dies or is not there.

Counts of the person's word pairs and triples, each smoothed with the shorter context and in the end with general word
frequencies (hierarchical Dirichlet smoothing: MacKay and Bauman Peto, 1995). Frequencies: the package wordfreq.
"""

from __future__ import annotations

import re
import threading
import time
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from heapq import nlargest
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.language.messages import ProposalRequest, Proposals, Source, WordProposal
from models.language.partial import fold, is_bare_letter, split_partial
from models.language.prompt import everyday_lines

RAREST = 1e-7
"""Words rarer than this are not offered."""

_GENERAL_WEIGHT = 500.0  # general frequencies count like this many words of the person's
_CONTEXT_WEIGHT = 2.0  # a shorter context counts like this many observations of the longer one
_TRIED = 24  # candidates taken from each list
_START = "^"
_LAST_CHARACTER = "\U0010ffff"

_WORD = re.compile(r"[^\W\d_]+(?:['’‑-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…\n]+")

_Context = tuple[str, ...]


class _General(NamedTuple):
    """The general frequencies: words in order, their shares, the sum of the shares before each."""

    words: list[str]
    shares: NDArray[np.float64]
    sums: NDArray[np.float64]
    commonest: list[str]

    def span(self, prefix: str) -> tuple[int, int]:
        low = bisect_left(self.words, prefix)
        return low, bisect_left(self.words, prefix + _LAST_CHARACTER, low)

    def share(self, word: str) -> float:
        at = bisect_left(self.words, word)
        return float(self.shares[at]) if at < len(self.words) and self.words[at] == word else 0.0

    def share_of_prefix(self, prefix: str) -> float:
        low, high = self.span(prefix)
        return float(self.sums[high] - self.sums[low])

    def likeliest(self, prefix: str) -> list[str]:
        if not prefix:
            return self.commonest
        low, high = self.span(prefix)
        part = self.shares[low:high]
        best = np.argpartition(part, len(part) - _TRIED)[-_TRIED:] if len(part) > _TRIED else range(len(part))
        return [self.words[low + int(i)] for i in best]


_NOTHING = _General([], np.zeros(0), np.zeros(1), [])


class NgramProposer:
    """Proposes words without a language model, in less than 2 ms.

    May be used from several threads. Before `load` it proposes only what it has learned.

    Parameters
    ----------
    language : str
        "en" or "ru".
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._lock = threading.Lock()
        self._general = _NOTHING
        self._counts: defaultdict[_Context, Counter[str]] = defaultdict(Counter)
        self._totals: Counter[_Context] = Counter()
        self._forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._learned: list[str] = []  # in order
        self._favourites: list[str] = []  # the words that were learned most often
        for line in everyday_lines(language):
            self.learn(line)

    def load(self) -> None:
        """Read the general frequencies; takes some tenths of a second."""
        import wordfreq  # its import and its lists cost more than everything else here

        frequencies = wordfreq.get_frequency_dict(self._language, wordlist="best")
        words = sorted(
            word
            for word, frequency in frequencies.items()
            if frequency >= RAREST and _WORD.fullmatch(word) and not is_bare_letter(word, self._language)
        )
        shares = np.array([frequencies[word] for word in words])
        shares /= shares.sum()
        commonest = [words[i] for i in np.argsort(-shares)[:_TRIED]]
        self._general = _General(words, shares, np.concatenate([[0.0], np.cumsum(shares)]), commonest)

    def learn(self, text: str) -> None:
        """Count the words of something that the person wrote."""
        with self._lock:
            for sentence in _SENTENCE_END.split(text):
                before: _Context = (_START,)
                for match in _WORD.finditer(sentence):
                    self._count(match.group(), before)
                    before = (*before, fold(match.group()))[-2:]
            self._favourites = _top(self._counts[()].items())

    def propose(self, request: ProposalRequest) -> Proposals:
        """Return the likeliest words for `request`, with their probability given what is typed."""
        start = time.perf_counter()
        split = split_partial(request.text)
        with self._lock:
            words = self._likeliest(_context(split.before), fold(split.partial), request.n_words)
        elapsed_s = time.perf_counter() - start
        return Proposals(request.generation, request.t + elapsed_s, words, Source.NGRAM, elapsed_s)

    def _count(self, word: str, before: _Context) -> None:
        folded = fold(word)
        if is_bare_letter(folded, self._language):
            return
        if folded not in self._forms:
            insort(self._learned, folded)
        # A capital at the start of a sentence says nothing about the word.
        self._forms[folded][word if len(before) > 1 or before[0] != _START else _uncapitalised(word)] += 1
        for length in range(len(before) + 1):
            context = before[len(before) - length :]
            self._counts[context][folded] += 1
            self._totals[context] += 1

    def _likeliest(self, context: _Context, prefix: str, n_words: int) -> tuple[WordProposal, ...]:
        mass = self._p_prefix(context, prefix)
        if mass <= 0.0:
            return ()
        scored = nlargest(
            n_words, ((self._p(context, word), word) for word in self._candidates(context, prefix))
        )
        start = context[-1] == _START
        return tuple(
            WordProposal(self._form(word, start), min(1.0, p / mass)) for p, word in scored if p > 0.0
        )

    def _candidates(self, context: _Context, prefix: str) -> set[str]:
        found = set(self._general.likeliest(prefix))
        for length in range(1, len(context) + 1):
            followers = self._counts.get(context[len(context) - length :], Counter())
            found.update(_top((w, n) for w, n in followers.items() if w.startswith(prefix)))
        if prefix:
            everything = self._counts[()]
            found.update(_top((word, everything[word]) for word in self._learned_with(prefix)))
        else:
            found.update(self._favourites)
        # What is typed is offered as a whole word only if the person or the list knows it well.
        if prefix in found and self._p((), prefix) < 0.1 * self._p_prefix((), prefix):
            found.discard(prefix)
        return found

    def _learned_with(self, prefix: str) -> list[str]:
        low = bisect_left(self._learned, prefix)
        return self._learned[low : bisect_left(self._learned, prefix + _LAST_CHARACTER, low)]

    def _p(self, context: _Context, word: str) -> float:
        p = self._general.share(word)
        for ending, weight in _endings(context):
            counts = self._counts.get(ending)
            if counts:
                p = (counts[word] + weight * p) / (self._totals[ending] + weight)
        return p

    def _p_prefix(self, context: _Context, prefix: str) -> float:
        p = self._general.share_of_prefix(prefix)
        for ending, weight in _endings(context):
            counts = self._counts.get(ending)
            if counts:
                seen = (
                    sum(counts[word] for word in self._learned_with(prefix))
                    if prefix
                    else self._totals[ending]
                )
                p = (seen + weight * p) / (self._totals[ending] + weight)
        return p

    def _form(self, folded: str, start: bool) -> str:
        forms = self._forms.get(folded)
        form = forms.most_common(1)[0][0] if forms else folded
        if self._language == "en" and (folded == "i" or folded.startswith("i'")):
            form = "I" + form[1:]
        return form[:1].upper() + form[1:] if start else form


def _endings(context: _Context) -> Iterator[tuple[_Context, float]]:
    yield (), _GENERAL_WEIGHT
    for length in range(1, len(context) + 1):
        yield context[len(context) - length :], _CONTEXT_WEIGHT


def _context(before: str) -> _Context:
    sentence = _SENTENCE_END.split(before[-200:])[-1]
    words = [fold(word) for word in _WORD.findall(sentence)]
    return tuple([_START, *words][-2:])


def _top(counts: Iterable[tuple[str, int]]) -> list[str]:
    return [word for word, _ in nlargest(_TRIED, counts, key=lambda pair: pair[1])]


def _uncapitalised(word: str) -> str:
    return word if len(word) > 1 and word[1:] != word[1:].lower() else word[:1].lower() + word[1:]
