"""models.language: the language model and the n-gram, mixed into one list of words.

The probability of a word is (1 - w) p_model + w p_ngram. The weight w is fitted to what the person really chooses, by a
step of online EM for each word (Cappé and Moulines, 2009), one weight a situation.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace
from typing import NamedTuple

from models.language.frequencies import WORD
from models.language.marks import with_marks
from models.language.messages import ProposalRequest, Proposals, Steering, WordProposal
from models.language.ngram import NgramProposer
from models.language.partial import fold, split_partial
from models.language.steering import Guide, steer_phrases, steer_words

_BESIDE = 5  # more words than are shown that the model may tell, where it found them on the way

_N_CANDIDATES = 12  # of the n-gram
_FIRST_WEIGHTS = (0.1, 0.1)
_PRIOR = 50.0  # words that the first weight counts for
_MEMORY = 500.0  # words after which older ones fade
_ANCHOR = 80  # characters by which the place of a word is found again
_MOST_WAITING = 32
_LEAST = 1e-9


@dataclass(slots=True)
class _Weight:
    """The n-gram's weight in one situation, and how many words it rests on."""

    value: float
    n: float = _PRIOR

    def learn(self, p_model: float, p_ngram: float) -> None:
        mixed = (1.0 - self.value) * p_model + self.value * p_ngram
        if mixed <= 0.0:
            return
        self.n = min(self.n + 1.0, _MEMORY)
        self.value += (self.value * p_ngram / mixed - self.value) / self.n


def to_be_mixed(request: ProposalRequest) -> ProposalRequest:
    """Return what the model is asked, so that its words can be mixed for `request`; it takes no longer.

    The nudges stay here: they change with every look, and what was prepared without them still fits.
    """
    return replace(
        request,
        n_words=request.n_words + _BESIDE,
        n_sure=request.n_words,
        steering=replace(request.steering, nudges=()),
    )


class _Shown(NamedTuple):
    """A mixed answer whose word is not written yet."""

    before: str
    partial: str
    odds: dict[str, tuple[float, float]]


class Mixture:
    """Mixes a model's words with those of the n-gram, and learns how much to trust each.

    May be used from several threads.

    Parameters
    ----------
    ngram : NgramProposer
        Of the person's language; to be taught from outside.
    """

    def __init__(self, ngram: NgramProposer) -> None:
        self.ngram = ngram
        self._lock = threading.Lock()
        self._weights = tuple(_Weight(weight) for weight in _FIRST_WEIGHTS)
        self._waiting: deque[_Shown] = deque(maxlen=_MOST_WAITING)

    def weight(self, *, inside: bool) -> float:
        """Return the n-gram's weight at the start of a word or inside one."""
        return self._weights[inside].value

    def mix(self, request: ProposalRequest, answer: Proposals) -> Proposals:
        """Return the model's `answer` to `request` with the words of both, `request.n_words` at most.

        The model may have found more words than are wanted. What it did not find shares the probability that
        its words leave, in the proportions of the n-gram. Then the nudges of `request` change the order of
        words and phrases.
        """
        plain = replace(request, steering=replace(request.steering, nudges=()))
        self.written(request.text)
        split = split_partial(request.text)
        by_model = {fold(word.word): word for word in answer.words}
        by_ngram = {
            fold(word.word): word
            for word in self.ngram.likeliest(plain, _N_CANDIDATES, also=(w.word for w in answer.words))
        }
        p_model = _with_the_rest(by_model, by_ngram)
        weight = self._weights[bool(split.partial)].value
        odds = {folded: (p_model[folded], _p(by_ngram, folded)) for folded in p_model}
        words = []
        for folded, (p_first, p_second) in odds.items():
            surer = by_model if _p(by_model, folded) >= p_second else by_ngram
            p = (1.0 - weight) * p_first + weight * p_second
            marks = by_model[folded].marks if request.marks and folded in by_model else ()
            words.append(WordProposal(surer[folded].word, p, marks))
        guide = Guide(Steering(nudges=request.steering.nudges))
        words.sort(key=lambda word: -word.probability)
        with self._lock:
            self._waiting.append(_Shown(split.before, split.partial, odds))
        shown = with_marks(steer_words(words, guide), request.n_words)
        there = {fold(word.word) for word in shown}  # "store." may be a word with its mark, and a phrase
        phrases = steer_phrases(answer.phrases, guide)
        known = {folded: (1.0 - weight) * p[0] + weight * p[1] for folded, p in odds.items()}
        return replace(
            answer,
            words=shown,
            phrases=tuple(phrase for phrase in phrases if fold(phrase.text) not in there),
            letters=_next_letters(fold(split.partial), known, odds, self.ngram.next_letters(plain)),
        )

    def written(self, text: str) -> None:
        """Learn from the text of now: which of the words that were asked for are complete in it."""
        with self._lock:
            waiting, self._waiting = self._waiting, deque(maxlen=_MOST_WAITING)
            for shown in waiting:
                start = _place(shown.before, text)
                if start is None:
                    continue
                word = _word_at(start, text)
                if word is None:
                    self._waiting.append(shown)
                elif word in shown.odds:
                    self._weights[bool(shown.partial)].learn(*shown.odds[word])


def _next_letters(
    partial: str, known: dict[str, float], odds: dict[str, tuple[float, float]], by_ngram: dict[str, float]
) -> tuple[tuple[str, float], ...]:
    """Return how likely each letter comes next: by the words that are known, and by the n-gram's others."""
    p: dict[str, float] = dict.fromkeys(by_ngram, 0.0)
    others = dict(by_ngram)
    for folded, p_word in known.items():
        letter = folded[len(partial) : len(partial) + 1] or " "
        p[letter] = p.get(letter, 0.0) + p_word
        others[letter] = max(0.0, others.get(letter, 0.0) - odds[folded][1])
    rest, total = max(0.0, 1.0 - sum(p.values())), sum(others.values())
    for letter, share in others.items():
        p[letter] += rest * share / total if total > 0.0 else 0.0
    whole = sum(p.values())
    return tuple((letter, each / whole) for letter, each in p.items() if each > 0.0) if whole > 0.0 else ()


def _with_the_rest(by_model: dict[str, WordProposal], by_ngram: dict[str, WordProposal]) -> dict[str, float]:
    """Return the model's probability of all words: its rest goes to those it did not find."""
    found = {folded: word.probability for folded, word in by_model.items()}
    rest = max(0.0, 1.0 - sum(found.values()))
    share = rest / max(rest, 1.0 - sum(_p(by_ngram, folded) for folded in found), _LEAST)
    most = min(found.values(), default=1.0)
    others = {w: min(most, share * word.probability) for w, word in by_ngram.items() if w not in found}
    return found | others


def _p(words: dict[str, WordProposal], folded: str) -> float:
    return words[folded].probability if folded in words else 0.0


def _place(before: str, text: str) -> int | None:
    """Return where `before` ends in `text`, which may have lost its beginning; None if it is not there."""
    if text.startswith(before):
        return len(before)
    anchor = before[-_ANCHOR:]
    at = text.rfind(anchor) if len(anchor) == _ANCHOR else -1
    return at + _ANCHOR if at >= 0 else None


def _word_at(start: int, text: str) -> str | None:
    """Return the folded word that begins at `start` or after white space there; None while it may grow."""
    word = WORD.search(text, start)
    if word is None or word.end() == len(text):
        return None
    return "" if text[start : word.start()].strip() else fold(word.group())
