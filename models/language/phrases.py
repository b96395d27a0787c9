"""models.language: short continuations of the text, and whole replies where it is empty.

The search goes on from the words: what their search has evaluated is evaluated already. Hypotheses are extended best
first, a few in one decode. What counts is how many selections a phrase is expected to save: its probability times the
words, and the mark at the end of the sentence, that need not be chosen one by one. The last word of a sentence with its
mark is a phrase too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from models.language.errors import Cancelled
from models.language.messages import PhraseProposal
from models.language.partial import fold, is_bare_letter
from models.language.pieces import Pieces, Script
from models.language.row import Node
from models.language.steering import Guide
from models.language.tree import Tree

ROWS = (4, 4, 4)
"""Rows of each decode of a search. The matrix kernels work on four rows at a time."""

ROWS_REPLY = (8, 4, 4, 4)
"""The same for whole replies: they are longer, and asked for once in a turn."""

ROWS_TREE = (8,) * 5
"""The same where a tree of continuations is wanted: it shows more of them."""

MAX_WORDS = 8
N_NODES = max(sum(ROWS), sum(ROWS_REPLY), sum(ROWS_TREE))

_WIDTH = 4  # hypotheses that leave one node
_LEAST = 1e-3  # of the mass that begins with what was typed: rarer beginnings are not followed
_LEAST_PROPOSED = 3e-3  # nobody waits for a phrase that is rarer
_LEAST_DANGLING = 1e-2  # nor for one that breaks off, unless it is likelier
_ENDS_HERE = 0.05  # a sentence ends after a word only where so much of what follows the word says so
_PER_BEGINNING = 2  # rows of one decode that begin with the same two words (replies: with the same word)
_ALIKE = 0.5  # each further phrase with the same first word is worth so much less: they may want to say no
_MARK_SAVED = 0.75  # of a selection, which the mark at the end would take
_UNFINISHED = 0.7  # a phrase that stops inside a sentence is worth so much less than its probability says
_DANGLES = 0.7  # and one that breaks off in the middle of a constituent so much less again
_NO_REPLY = 0.6  # where whole replies are wanted: what is none is worth so much less

_MARKS = ".,!?;:…"

_DANGLING = {
    "en": re.compile(
        "an?|the|to|of|and|or|but|if|so|in|on|at|for|with|from|by|as|than|that|this|these|those|into|about|like|"
        "my|your|his|her|its|our|their|some|any|no|every|i|you|he|she|we|they|it|who|what|which|when|where|why|how|"
        "because|is|are|am|was|were|be|been|being|do|does|did|have|has|had|will|would|can|could|should|may|might|"
        "must|shall|not|very|too|really|just|go|going|let|let's|want|need|there|"
        "[a-z]+'(?:m|ve|ll|d|s|re)|[a-z]+n't"
    ),
    "ru": re.compile(
        "и|а|но|или|если|что|чтобы|как|во?|на|со?|ко?|у|об?|от|до|из|за|по|под|над|при|для|без|не|ни|бы|ли|же|"
        "я|ты|он[аои]?|мы|вы|мо[йяёи]|тво[йяёи]|его|её|их|эт[оаи]|этот|тот|т[ае]|очень|самый|самая|потому|когда|"
        "где|куда|котор[а-я]+|чем|только|ещё|был[аои]?|буд(?:у|ет|ем|ут)|хочу|могу|нужно|надо|давай|из-за"
    ),
}
"""A phrase that ends with one of these stops in the middle of a constituent."""

_NOTHING = re.compile(r"(?!)")


class Start(NamedTuple):
    """A hypothesis of the word search: the text up to here, its probability, and where to go on from.

    `token` is to be evaluated below `node`; None where `node` itself has the row after the text.
    """

    p: float
    text: str
    node: Node
    token: int | None


@dataclass(frozen=True, slots=True)
class _Open:
    p: float
    parent: Node
    token: int
    text: str
    n_words: int

    def __lt__(self, other: _Open) -> bool:
        """Whether this promises more: it is extended first."""
        return self.p * (1 + self.n_words) > other.p * (1 + other.n_words)


@dataclass(slots=True)
class _Candidate:
    text: str
    p: float
    n_words: int
    ended: bool
    dangling: bool
    factor: float  # of the words that the person picked or passed over

    @property
    def probability(self) -> float:
        return min(1.0, self.p * self.factor)

    @property
    def saved(self) -> float:
        """The selections that choosing this is expected to save, over choosing its words."""
        if self.ended:
            return self.probability * (self.n_words - 1 + _MARK_SAVED)
        worth = _UNFINISHED * (_DANGLES if self.dangling else 1.0)
        return self.probability * (self.n_words - 1) * worth


class PhraseSearch:
    """One search for phrases.

    Parameters
    ----------
    tree : Tree
        Where the words were searched.
    pieces : Pieces
        The vocabulary of its model.
    script : Script
        The letters of the phrases.
    language : str
        "en", "ru" or another one.
    guide : Guide
        What may not be proposed, and how the odds of words change.
    whole : bool
        Only whole replies are wanted.
    """

    def __init__(
        self, tree: Tree, pieces: Pieces, script: Script, language: str, guide: Guide, *, whole: bool
    ) -> None:
        self._tree = tree
        self._pieces = pieces
        self._continues = pieces.continues(script)
        self._words = pieces.begins(script, space=True) | self._continues | pieces.comma
        self._guide = guide
        self._dangling = _DANGLING.get(language, _NOTHING)
        self._language = language
        self._whole = whole
        self._open: list[_Open] = []
        # By the parent's sequence and the token: two words that share their first tokens lead to the same place.
        self._pushed: set[tuple[int, int]] = set()
        self._found: dict[str, _Candidate] = {}

    def run(
        self, starts: Iterable[Start], mass: float, stale: Callable[[], bool], *, broad: bool = False
    ) -> None:
        """Search; `mass` is the probability of all that begins with what was typed. `broad`: for a tree.

        Raises
        ------
        Cancelled
            `stale` turned true between two decodes.
        """
        if mass <= 0.0:
            return
        for p, text, node, token in starts:
            if token is None:
                self._evaluate(p / mass, text, node)
            else:
                self._push(p / mass, node, token, text)
        for n_rows in ROWS_TREE if broad else ROWS_REPLY if self._whole else ROWS:
            batch = self._next_batch(n_rows)
            if not batch:
                return
            if stale():
                raise Cancelled
            nodes = self._tree.grow([(hypothesis.parent, hypothesis.token) for hypothesis in batch])
            for hypothesis, node in zip(batch, nodes, strict=True):
                self._evaluate(hypothesis.p, hypothesis.text, node)

    def phrases(self, n_phrases: int, words: Collection[str]) -> tuple[PhraseProposal, ...]:
        """Return the best, best first; none begins like another or equals one of `words`.

        Of those that break off in the middle of a constituent there is only one, and it comes last, unless
        nothing else was found.
        """
        left = [
            c
            for c in self._found.values()
            if c.probability >= (_LEAST_DANGLING if c.dangling else _LEAST_PROPOSED)
        ]
        chosen: list[_Candidate] = []
        begun: Counter[str] = Counter()

        def order(candidate: _Candidate) -> tuple[bool, float]:
            another = candidate.dangling and any(other.dangling for other in chosen)
            again = _ALIKE ** begun[_beginning(candidate.text, 1)]
            reply = _NO_REPLY if self._whole and not candidate.ended else 1.0
            return another, -candidate.saved * again * reply

        while left and len(chosen) < n_phrases:
            best = min(left, key=order)
            beginning = _beginning(best.text, 2)
            if fold(best.text) not in words:
                chosen.append(best)
                begun[_beginning(best.text, 1)] += 1
                left = [candidate for candidate in left if _beginning(candidate.text, 2) != beginning]
            else:
                left.remove(best)
        chosen.sort(key=lambda candidate: candidate.dangling)
        return tuple(PhraseProposal(candidate.text, candidate.probability) for candidate in chosen)

    def found(self) -> list[tuple[str, float]]:
        """Return all that is likely enough to be followed, with its probability; likely beginnings too."""
        return [(c.text, c.probability) for c in self._found.values() if c.probability >= _LEAST_PROPOSED]

    def _next_batch(self, n_rows: int) -> list[_Open]:
        """Take the most promising hypotheses; what is evaluated already takes no row."""
        batch: list[_Open] = []
        later: list[_Open] = []
        begun: Counter[str] = Counter()
        while self._open and len(batch) < min(n_rows, self._tree.n_free):
            hypothesis = heappop(self._open)
            child = hypothesis.parent.children.get(hypothesis.token)
            beginning = _beginning(hypothesis.text, 1 if self._whole else 2)
            if child is not None:
                self._tree.grow(
                    [(hypothesis.parent, hypothesis.token)]
                )  # decodes nothing: it is wanted again
                self._evaluate(hypothesis.p, hypothesis.text, child)
            elif begun[beginning] < _PER_BEGINNING:
                begun[beginning] += 1
                batch.append(hypothesis)
            else:
                later.append(hypothesis)
        for hypothesis in later:
            heappush(self._open, hypothesis)
        return batch

    def _evaluate(self, p: float, text: str, node: Node) -> None:
        row = node.row
        phrase = text.strip()
        n_words = len(phrase.split())
        forbidden = bool(self._guide) and self._guide.forbids(phrase)
        if phrase and phrase[-1] not in _MARKS and not forbidden and not self._is_no_word(phrase):
            complete = row.mass(self._pieces.boundary)
            if n_words > 1:
                self._add(phrase, p * complete, n_words, ended=False)
            marks = self._pieces.sentence_mark[row.ids]
            if (ended := float(row.p[marks > 0].sum())) > _ENDS_HERE * complete:
                mark = max(".?!", key=lambda mark: float(row.p[marks == ord(mark)].sum()))
                self._add(phrase + mark, p * ended, n_words, ended=True)
        # A banned word may go on as one that is not.
        usable = np.flatnonzero((self._continues if forbidden else self._words)[row.ids])
        if len(usable) > _WIDTH:
            usable = usable[np.argpartition(row.p[usable], len(usable) - _WIDTH)[-_WIDTH:]]
        for token, p_token in zip(row.ids[usable].tolist(), row.p[usable].tolist(), strict=True):
            self._push(p * p_token, node, token, text + self._pieces.texts[token])

    def _is_no_word(self, phrase: str) -> bool:
        return is_bare_letter(fold(phrase), self._language)

    def _push(self, p: float, parent: Node, token: int, text: str) -> None:
        n_words = len(text.split())
        if p >= _LEAST and n_words <= MAX_WORDS and (parent.sequence, token) not in self._pushed:
            self._pushed.add((parent.sequence, token))
            heappush(self._open, _Open(p, parent, token, text, n_words))

    def _add(self, phrase: str, p: float, n_words: int, *, ended: bool) -> None:
        key = fold(phrase)
        known = self._found.get(key)
        if known is not None:  # another case or another way to cut it into tokens
            if p > known.p:
                known.text = phrase
            known.p += p
        else:
            last = _plain(phrase.rsplit(maxsplit=1)[-1])
            dangling = not ended and self._dangling.fullmatch(last) is not None
            factor = self._guide.phrase(phrase) if self._guide else 1.0
            self._found[key] = _Candidate(phrase, p, n_words, ended, dangling, factor)


def _plain(phrase: str) -> str:
    return fold(phrase.strip(_MARKS + " "))


def _beginning(phrase: str, n_words: int) -> str:
    """Return the first words, without marks and case."""
    return " ".join(_plain(word) for word in phrase.split(maxsplit=n_words)[:n_words])
