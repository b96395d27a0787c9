"""models.language: words from frequencies and the person's own text: beside the model, and alone where there is none.

Counts of the person's words after one and two others, over general word frequencies, and a cache of the words of this
conversation (Kuhn and De Mori, 1990).
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from heapq import nlargest
from typing import NamedTuple

from models.language.bans import Bans
from models.language.frequencies import N_LIKELIEST, NO_FREQUENCIES, WORD, load_frequencies
from models.language.messages import ProposalRequest, Proposals, Source, WordProposal
from models.language.partial import fold, is_bare_letter, split_partial
from models.language.prompt import everyday_lines
from models.language.recent import RecentWords, recent_words
from models.language.steering import Weights
from models.language.word_counts import Context, WordCounts

LETTERS = {"en": "abcdefghijklmnopqrstuvwxyz'-", "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя-"}
"""What words are made of."""

_START = "^"
_CONTEXT_WORDS = 2
_CONTEXT_CHARACTERS = 200
_TYPED_ALONE = 0.1
_LONGEST_PARTIAL = 40
_SENTENCE_END = re.compile(r"[.!?…\n]+")


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
        self._general = NO_FREQUENCIES
        self._counts = WordCounts()
        self._forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._favourites: list[str] = []  # the words that were learned in most contexts
        self.erase()

    def load(self) -> None:
        """Read the general frequencies; takes some tenths of a second."""
        self._general = load_frequencies(self._language)

    def learn(self, text: str) -> None:
        """Count the words of something that the person wrote."""
        with self._lock:
            for context, word in _words(text):
                folded = fold(word)
                if not is_bare_letter(folded, self._language):
                    self._counts.add(context, folded)
                    self._forms[folded][_as_inside(word, context)] += 1
            self._favourites = _top(self._counts.followers(()))

    def forget(self, text: str) -> None:
        """Undo that `text` was learned; whatever was not learned is left alone."""
        with self._lock:
            for context, word in _words(text):
                folded = fold(word)
                forms = self._forms.get(folded)
                if forms is None:
                    continue
                self._counts.remove(context, folded)
                form = _as_inside(word, context)
                forms[form] -= 1
                if forms[form] <= 0:
                    del forms[form]
                if not forms:
                    del self._forms[folded]
            self._favourites = _top(self._counts.followers(()))

    def erase(self) -> None:
        """Forget everything that was learned; the everyday words that Sayso ships stay."""
        with self._lock:
            self._counts = WordCounts()
            self._forms.clear()
        for line in everyday_lines(self._language):
            self.learn(line)

    def propose(self, request: ProposalRequest) -> Proposals:
        """Return the likeliest words for `request`, with their probability given what is typed."""
        start = time.perf_counter()
        words = self.likeliest(request, request.n_words)
        letters = tuple(self.next_letters(request).items())
        elapsed_s = time.perf_counter() - start
        return Proposals(
            request.generation, request.t + elapsed_s, tuple(words), Source.NGRAM, elapsed_s, letters=letters
        )

    def likeliest(
        self, request: ProposalRequest, n_words: int, also: Iterable[str] = ()
    ) -> list[WordProposal]:
        """Return the `n_words` likeliest words and those of `also` that can come next, best first.

        Probabilities are those of the next word, given what is typed of it, after the nudges of `request`.
        What it bans is left out.
        """
        split = split_partial(request.text)
        if len(split.partial) > _LONGEST_PARTIAL:
            return []
        at = _Place(
            _context(split.before),
            fold(split.partial),
            recent_words(request.turns, split.before, self._language),
        )
        also = {folded for word in also if (folded := fold(word)).startswith(at.prefix)}
        with self._lock:
            mass = self._p_prefix(at)
            if mass <= 0.0:
                return []
            candidates = self._candidates(at)
            p = {word: min(1.0, self._p(at, word) / mass) for word in candidates | also}
            p = _nudged(p, Weights(request.steering))
            bans = Bans(request.steering.banned)
            found: list[WordProposal] = []
            n_left = n_words
            for word in sorted(p, key=lambda word: (-p[word], word)):
                likely = n_left > 0 and word in candidates
                if p[word] <= 0.0 or not (likely or word in also):
                    continue
                if bans.completed_by(" " * split.space + word, split.before):
                    continue
                n_left -= likely
                found.append(WordProposal(self._form(word, at.starts), p[word]))
        return found

    def next_letters(self, request: ProposalRequest) -> dict[str, float]:
        """Return how likely each letter comes next in the present word; " ": the word is complete. They sum to 1.

        Empty where nothing is known that begins like the present word.
        """
        split = split_partial(request.text)
        if len(split.partial) > _LONGEST_PARTIAL:
            return {}
        at = _Place(
            _context(split.before),
            fold(split.partial),
            recent_words(request.turns, split.before, self._language),
        )
        with self._lock:
            found = {
                letter: self._p_prefix(at._replace(prefix=at.prefix + letter))
                for letter in LETTERS.get(self._language, LETTERS["en"])
            }
            if at.prefix:
                found[" "] = self._p(at, at.prefix)
        total = sum(found.values())
        return {letter: p / total for letter, p in found.items() if p > 0.0} if total > 0.0 else {}

    def _candidates(self, at: _Place) -> set[str]:
        found = set(self._general.likeliest(at.prefix))
        found.update(at.recent.with_prefix(at.prefix))
        for length in range(1, len(at.context) + 1):
            followers = self._counts.followers(at.context[len(at.context) - length :])
            found.update(_top((w, n) for w, n in followers if w.startswith(at.prefix)))
        if not at.prefix:
            found.update(self._favourites)
            return found
        learned = self._counts.with_prefix(at.prefix)
        found.update(_top((word, sum(self._forms[word].values())) for word in learned))
        # What is typed is offered as a whole word only if the person or the list knows it well.
        anywhere = at._replace(context=())
        if at.prefix in found and self._p(anywhere, at.prefix) < _TYPED_ALONE * self._p_prefix(anywhere):
            found.discard(at.prefix)
        return found

    def _p(self, at: _Place, word: str) -> float:
        return at.recent.mixed(at.recent.p(word), self._counts.p(at.context, word, self._general))

    def _p_prefix(self, at: _Place) -> float:
        p = self._counts.p_prefix(at.context, at.prefix, self._general)
        return at.recent.mixed(at.recent.p_prefix(at.prefix), p)

    def _form(self, folded: str, starts: bool) -> str:
        forms = self._forms.get(folded)
        form = forms.most_common(1)[0][0] if forms else folded
        if self._language == "en" and (folded == "i" or folded.startswith("i'")):
            form = "I" + form[1:]
        return form[:1].upper() + form[1:] if starts else form


class _Place(NamedTuple):
    """Where a word is wanted: after which words, with which beginning, in which conversation."""

    context: Context
    prefix: str
    recent: RecentWords

    @property
    def starts(self) -> bool:
        return self.context[-1] == _START


def _words(text: str) -> Iterator[tuple[Context, str]]:
    """Yield the words of `text`, each with the context in which it stands."""
    for sentence in _SENTENCE_END.split(text):
        context: Context = (_START,)
        for word in WORD.findall(sentence):
            yield context, word
            context = (*context, fold(word))[-_CONTEXT_WORDS:]


def _context(before: str) -> Context:
    sentence = _SENTENCE_END.split(before[-_CONTEXT_CHARACTERS:])[-1]
    return (_START, *map(fold, WORD.findall(sentence)))[-_CONTEXT_WORDS:]


def _nudged(p: dict[str, float], weights: Weights) -> dict[str, float]:
    """Return probabilities whose odds are changed; all words together stay as likely as they were."""
    if not weights:
        return p
    raised = {word: p_word * weights.of(word) for word, p_word in p.items()}
    total = 1.0 - sum(p.values()) + sum(raised.values())
    return {word: p_word / total for word, p_word in raised.items()} if total > 0.0 else p


def _top(counts: Iterable[tuple[str, int]]) -> list[str]:
    return [word for word, _ in nlargest(N_LIKELIEST, counts, key=lambda pair: pair[1])]


def _as_inside(word: str, context: Context) -> str:
    """Return the form that `word` has inside a sentence: a capital at its start says nothing about the word."""
    if context != (_START,) or (len(word) > 1 and word[1:] != word[1:].lower()):
        return word
    return word[:1].lower() + word[1:]
