"""models.language: the likeliest next words, and the likeliest ends of the word that is being written.

Hypotheses are sequences of tokens that spell the beginning of a word; the likeliest are evaluated together, in one
decode for all. A word's probability is the sum over its hypotheses of P(tokens) x P(the word ends here).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.language.errors import Cancelled
from models.language.messages import WordProposal
from models.language.partial import fold, is_bare_letter
from models.language.phrases import Start
from models.language.pieces import Pieces, Script
from models.language.row import Node, Row
from models.language.steering import Guide, steer_words
from models.language.tree import Tree

MAX_STEPS = 8
MAX_ROWS = 8
"""Hypotheses evaluated in one decode. The matrix kernels work on four rows at a time, so that five to
seven cost as much as eight."""

N_NODES = 4 * MAX_ROWS  # that a search finds free; older ones are forgotten for it
_WIDTH = 32  # hypotheses that leave one node
_MARGIN = 1.25  # an open hypothesis must beat the last slot by this to be worth a decode
_FLOOR = 0.002  # of the mass that begins with what was typed: rarer words are neither sought nor proposed
_VARIANT = 0.3  # another spelling of an evaluated word is not evaluated if it is rarer than this share of it
_TYPED_ALONE = 0.1  # what was typed is proposed as a whole word from this probability on

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")

# Nothing follows these inside a word, so no decode is spent on asking.
_CONTRACTED = re.compile(r"[a-z]+(?:n't|'(?:m|re|ve|ll|d|s))")


class _Hypothesis(NamedTuple):
    promise: float  # its probability, or what a nudge makes of it
    p: float
    parent: Node
    token: int
    text: str


@dataclass(slots=True)
class _Word:
    p: float = 0.0
    forms: dict[str, float] = field(default_factory=dict)
    p_marked: dict[str, float] = field(default_factory=dict)
    p_evaluated: float = 0.0  # of what was evaluated: only there is known what follows

    def add(self, form: str, p: float) -> None:
        self.p += p
        self.forms[form] = self.forms.get(form, 0.0) + p

    def follow(self, p: float, p_marks: dict[str, float]) -> None:
        """Take in what follows an evaluated hypothesis that ends here with probability `p`."""
        self.p_evaluated += p
        for mark, p_mark in p_marks.items():
            self.p_marked[mark] = self.p_marked.get(mark, 0.0) + p_mark

    @property
    def marks(self) -> tuple[tuple[str, float], ...]:
        if self.p_evaluated <= 0.0:
            return ()
        return tuple((mark, min(1.0, p / self.p_evaluated)) for mark, p in self.p_marked.items())

    @property
    def likeliest_form(self) -> str:
        return max(self.forms, key=lambda form: self.forms[form])


class WordSearch:
    """One search for words.

    Parameters
    ----------
    tree : Tree
        Where the prompt was read.
    pieces : Pieces
        The vocabulary of its model.
    script : Script
        The letters of the words.
    target : str
        What was typed of the word, folded, with a space before it where the word stands apart.
    guide : Guide
        Which words may not be proposed, and how the odds of others change. A banned word takes no slot.
    """

    def __init__(self, tree: Tree, pieces: Pieces, script: Script, target: str, guide: Guide) -> None:
        self._tree = tree
        self._pieces = pieces
        self._script = script
        self._target = target
        self._guide = guide
        self._typed = target.lstrip(" ")
        self._open: list[_Hypothesis] = []
        self._words: dict[str, _Word] = {}
        self._evaluated: dict[str, tuple[float, float]] = {}  # folded word: its p, how likely it ends there
        self._starts: list[Start] = []
        self.mass = 0.0  # of everything that begins with what was typed

    @property
    def starts(self) -> list[Start]:
        """Return where phrases can go on: the words that were evaluated, and contractions that need not be."""
        return self._starts

    def run(self, root: Node, n_words: int, stale: Callable[[], bool]) -> None:
        if self._typed:
            self._spell(root, 1.0, "")
        else:
            self.mass = 1.0
            mask = self._pieces.begins(self._script, space=self._target == " ")
            self._push(root, 1.0, "", *_likeliest(root.row, mask))
        for _ in range(MAX_STEPS):
            batch = self._next_batch(n_words)
            if not batch:
                return
            if stale():
                raise Cancelled
            nodes = self._tree.grow([(hypothesis.parent, hypothesis.token) for hypothesis in batch])
            for hypothesis, node in zip(batch, nodes, strict=True):
                self._evaluate(hypothesis, node)

    def words(self, n_words: int, language: str) -> tuple[WordProposal, ...]:
        if self.mass <= 0.0:
            return ()
        found: list[WordProposal] = []
        for folded, word in self._words.items():
            p = min(1.0, word.p / self.mass)
            if not is_bare_letter(folded, language) and (folded != self._typed or p >= _TYPED_ALONE):
                found.append(WordProposal(word.likeliest_form, p, word.marks))
        steered = steer_words(found, self._guide)
        return tuple(word for word in steered if word.probability >= _FLOOR)[:n_words]

    def _next_batch(self, n_words: int) -> list[_Hypothesis]:
        """Take the hypotheses that can still change the best `n_words`, likeliest first."""
        self._open.sort(key=lambda hypothesis: -hypothesis.promise)
        rows = min(MAX_ROWS, self._tree.n_free)
        batch: list[_Hypothesis] = []
        later: list[_Hypothesis] = []
        chosen: dict[str, float] = {}
        threshold = self._threshold(n_words)
        for i, hypothesis in enumerate(self._open):
            if hypothesis.promise <= threshold or len(batch) == rows:
                later += self._open[i:]
                break
            folded = fold(hypothesis.text)
            p_evaluated, ends = self._evaluated.get(folded, (0.0, 0.0))
            if hypothesis.p < _VARIANT * p_evaluated:
                # "THE" ends as "the" does: no decode for a rare case or tokenisation of the same word.
                self._complete(hypothesis.text, hypothesis.p * ends)
                threshold = self._threshold(n_words)
            elif hypothesis.p < _VARIANT * chosen.get(folded, 0.0):
                later.append(hypothesis)
            else:
                chosen[folded] = hypothesis.p
                batch.append(hypothesis)
        self._open = later
        return batch

    def _threshold(self, n_words: int) -> float:
        steered = [(word.p, self._guide.word(folded)) for folded, word in self._words.items()]
        complete = sorted((p * factor for p, factor in steered), reverse=True)
        last = complete[n_words - 1] * _MARGIN if len(complete) >= n_words else 0.0
        # Where most of the mass is banned, what is rare otherwise is what there is.
        lost = sum(p * (1.0 - factor) for p, factor in steered if factor < 1.0)
        return max(last, _FLOOR * (self.mass - lost))

    def _evaluate(self, hypothesis: _Hypothesis, node: Node) -> None:
        _, p, _, _, text = hypothesis
        folded = fold(text)
        if not folded.startswith(self._target):
            self._spell(node, p, text)
            return
        ends = min(1.0, node.row.mass(self._pieces.boundary))
        if p > self._evaluated.get(folded, (0.0, 0.0))[0]:
            self._evaluated[folded] = (p, ends)
        self._complete(text, p * ends)
        word = self._words.get(folded.strip())
        if word is not None:
            word.follow(p * ends, {mark: p * p_mark for mark, p_mark in self._marks(node.row)})
        self._starts.append(Start(p, text, node, None))
        self._push(node, p, text, *_likeliest(node.row, self._pieces.continues(self._script)))

    def _marks(self, row: Row) -> Iterator[tuple[str, float]]:
        """Yield the marks that may come next, with their probability."""
        ends = self._pieces.sentence_mark[row.ids]
        for mark in ".?!":
            yield mark, float(row.p[ends == ord(mark)].sum())
        yield ",", float(row.p[self._pieces.comma[row.ids]].sum())

    def _complete(self, text: str, p: float) -> None:
        word = text.strip()
        if _WORD.fullmatch(word):
            self._words.setdefault(fold(word), _Word()).add(word, p)

    def _spell(self, node: Node, p: float, text: str) -> None:
        """Go on where what was typed is not yet spelled out: only with tokens that agree with it."""
        rest = self._target[len(fold(text)) :]
        through = self._pieces.in_script(self._pieces.starting_with(rest), self._script)
        p_through = node.row.probabilities(through)
        self.mass += p * float(p_through.sum())
        self._push(node, p, text, *_top(through, p_through))
        on_the_way = self._pieces.in_script(self._pieces.beginnings_of(rest), self._script)
        self._push(node, p, text, *_top(on_the_way, node.row.probabilities(on_the_way)))

    def _push(
        self, node: Node, p: float, text: str, tokens: NDArray[np.intp], p_tokens: NDArray[np.float32]
    ) -> None:
        for token, p_token in zip(tokens.tolist(), p_tokens.tolist(), strict=True):
            longer = text + self._pieces.texts[token]
            folded = fold(longer).strip()
            if _CONTRACTED.fullmatch(folded) and folded.startswith(self._typed):
                self._complete(longer, p * p_token)
                self._starts.append(Start(p * p_token, longer, node, token))
            else:
                # A banned word may go on as one that is not.
                factor = max(1.0, self._guide.word(folded)) if self._guide else 1.0
                self._open.append(_Hypothesis(p * p_token * factor, p * p_token, node, token, longer))


def _likeliest(row: Row, mask: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    chosen = mask[row.ids]
    return _top(row.ids[chosen], row.p[chosen])


def _top(ids: NDArray[np.intp], p: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    if len(ids) <= _WIDTH:
        return ids, p
    best = np.argpartition(p, len(p) - _WIDTH)[-_WIDTH:]
    return ids[best], p[best]
