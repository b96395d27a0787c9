"""models.language.abbreviation: search for the likeliest sentences that agree with an abbreviation.

Hypotheses compete only with those that have begun as many words (word-synchronous). A narrow beam goes through the
words and gives the first whole sentences. Then those are evaluated that are least behind the best with as many words,
wherever in the sentence they stand (as in A*, what the best goes on with stands for what each would go on with): a beam
spends as many rows where there is nothing to choose as where all is open. Spellings of the same words (case, comma,
tokens) are merged before they are evaluated.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter
from typing import TYPE_CHECKING

from models.language.abbreviation.parse import Abbreviation
from models.language.abbreviation.tokens import START, NextTokens, Spellings, State, has_spelled, is_complete
from models.language.errors import Cancelled
from models.language.partial import fold

if TYPE_CHECKING:  # `plain` is used where llama.cpp may not be loaded
    from models.language.head import Head
    from models.language.row import Node, Row
    from models.language.tree import Tree

WIDEST = 6.0
"""Nats behind the best with as many words: what is further behind is not evaluated."""

_NARROW = 2
"""Rows of one decode of the beam that goes through the words first; what it leaves is taken up afterwards."""

_NEAR = 2.0
"""Nats behind the best with as many words: what follows a word without beginning another (the rest of it, a comma, an
apostrophe) is that near, or waits. Gone on with at once, it is not evaluated again in another spelling."""

_WIDE = 12
"""Rows of one decode afterwards: as cheap, each, as they get."""

_SPARE = 3.0
"""With as many sentences as are wanted, a hypothesis counts if it is not this much further behind the best with as many
words than the last of them is behind the first. On 80 training dialogues no sentence is lost by it."""

_DETOURS = 3  # so often words that are not spelled yet are gone on with, until the next one begins

_Key = tuple[str, State]
Limit = Callable[[int], bool]

_AFTER_DIGIT = re.compile(r"(?<=\d) ")  # "3 pm" and "3pm" are one sentence
_NO_MARKS = str.maketrans({",": None, ";": None, "'": " ", "-": " "})


@dataclass(slots=True, eq=False)
class Hypothesis:
    """A beginning of a sentence, ending with `token`, which is to be evaluated below `parent`.

    `log_p` is the logarithm of its probability, all its spellings together; `likeliest` that of this one.
    """

    log_p: float
    likeliest: float
    parent: Node
    token: int
    state: State
    text: str


@dataclass(slots=True)
class Sentence:
    """A whole sentence: the logarithm of its probability, its likeliest spelling, and the mark that ends it."""

    log_p: float
    likeliest: float
    text: str
    mark: str


class SentenceSearch:
    """One search.

    Parameters
    ----------
    tree : Tree
        Where the prompt was read.
    spellings : Spellings
        The vocabulary of its model.
    wanted : Abbreviation
        What the sentences agree with.
    unwanted : callable
        Whether a sentence that agrees is not to be found all the same.
    widest : float
        How far behind the best with as many words a hypothesis may be, in nats, to be evaluated.
    head : Head, optional
        The tokens that count; all without it.
    """

    def __init__(
        self,
        tree: Tree,
        spellings: Spellings,
        wanted: Abbreviation,
        *,
        unwanted: Callable[[str], bool],
        widest: float = WIDEST,
        head: Head | None = None,
    ) -> None:
        self._head = head
        self._tree = tree
        self._pieces = spellings.pieces
        self._tokens = NextTokens(spellings, wanted.parts)
        self._wanted = wanted
        self._parts = wanted.parts
        self._unwanted = unwanted
        self._widest = widest
        # By the number of words that are begun.
        self._open: list[dict[_Key, Hypothesis]] = [{} for _ in range(len(self._parts) + 1)]
        self._evaluated: list[dict[_Key, float]] = [{} for _ in range(len(self._parts) + 1)]
        self._best = [-math.inf] * (len(self._parts) + 1)
        self._found: dict[str, Sentence] = {}
        self._nodes: list[Node] = []
        self._n_rows = 0

    def run(self, root: Node, n: int, limit: Limit, stale: Callable[[], bool]) -> Iterator[None]:
        """Search for the best `n` sentences; stops for whoever looks at them whenever there may be better ones.

        Parameters
        ----------
        root : Node
            The end of the prompt.
        n : int
            How many sentences are wanted.
        limit : callable
            Whether so many rows are enough, once there is a sentence. What the tree holds already counts too, so
            that the answer is the same whatever was asked before; it only comes sooner.
        stale : callable
            Whether the answer is no longer wanted; asked between two decodes.

        Raises
        ------
        Cancelled
            `stale` turned true.
        """
        self._extend(root, 0.0, START, "")
        while self._go_through(n, limit, stale):
            yield
            while batch := self._take_nearest(n):
                if limit(self._n_rows):
                    return
                if len(batch) > self._tree.n_free:
                    self._give_up(batch, n)
                self._evaluate(batch, stale)
                yield
            if self._found:
                return

    def _go_through(self, n: int, limit: Limit, stale: Callable[[], bool]) -> bool:
        """Go through the words once with a narrow beam; False if nothing is left that could be evaluated."""
        anything = False
        for begun in range(len(self._open)):
            for widest in (self._widest, _NEAR):
                batch = self._take(begun, n, widest)
                self._evaluate(batch, stale)
                anything = anything or bool(batch)
                if self._found and limit(self._n_rows):
                    return True
            following = self._open[begun + 1] if begun < len(self._parts) else self._found
            for _ in range(_DETOURS):
                if following:
                    break
                self._evaluate(self._take_unfinished(begun), stale)
        return anything

    @property
    def found(self) -> list[Sentence]:
        """All sentences so far."""
        return list(self._found.values())

    def _enough(self, n: int) -> float:
        """Return what a hypothesis must be likelier than to become one of the best `n` sentences."""
        best = nlargest(n, (sentence.log_p for sentence in self._found.values()))
        return best[-1] if len(best) == n else -math.inf

    def _take(self, begun: int, n: int, widest: float) -> list[Hypothesis]:
        """Take the best that have begun so many words and are at most `widest` nats behind the best of them."""
        least = max(self._enough(n), self._best[begun] - widest)
        pool = self._open[begun]
        keys = [key for key, hypothesis in pool.items() if hypothesis.log_p > least]
        return [self._pop(begun, key) for key in nlargest(_NARROW, keys, key=lambda key: pool[key].log_p)]

    def _take_nearest(self, n: int) -> list[Hypothesis]:
        """Take those that are least behind the best with as many words, however many that is."""
        enough = self._enough(n)
        likeliest = max((sentence.log_p for sentence in self._found.values()), default=0.0)
        widest = min(self._widest, likeliest - enough + _SPARE)
        near = [
            (hypothesis.log_p - self._best[begun], begun, key)
            for begun, pool in enumerate(self._open)
            for key, hypothesis in pool.items()
            if hypothesis.log_p > max(enough, self._best[begun] - widest)
        ]
        return [self._pop(begun, key) for _, begun, key in nlargest(_WIDE, near, key=itemgetter(0))]

    def _give_up(self, batch: list[Hypothesis], n: int) -> None:
        """Let the tree forget what nothing is grown below any more, since a long search needs more than it holds."""
        enough = self._enough(n)
        wanted = {hypothesis.parent for hypothesis in batch}
        for begun, pool in enumerate(self._open):
            least = max(enough, self._best[begun] - self._widest)
            wanted |= {hypothesis.parent for hypothesis in pool.values() if hypothesis.log_p > least}
        for node in self._nodes:
            if node not in wanted:
                node.used = 0
        self._nodes = [node for node in self._nodes if node in wanted]

    def _take_unfinished(self, begun: int) -> list[Hypothesis]:
        """Take those that no other word can follow yet, however unlikely they are."""
        pool = self._open[begun]
        keys = [key for key in pool if not has_spelled(key[1], self._parts)] or list(pool)
        return [self._pop(begun, key) for key in nlargest(_NARROW, keys, key=lambda key: pool[key].log_p)]

    def _pop(self, begun: int, key: _Key) -> Hypothesis:
        hypothesis = self._open[begun].pop(key)
        self._evaluated[begun][key] = hypothesis.likeliest
        return hypothesis

    def _evaluate(self, batch: list[Hypothesis], stale: Callable[[], bool]) -> None:
        del batch[self._tree.n_free :]
        if not batch:
            return
        if stale():
            raise Cancelled
        self._n_rows += len(batch)
        nodes = self._tree.grow([(hypothesis.parent, hypothesis.token) for hypothesis in batch], self._head)
        self._nodes += nodes
        for hypothesis, node in zip(batch, nodes, strict=True):
            if is_complete(hypothesis.state, self._parts):
                self._complete(hypothesis, node.row)
            self._extend(node, hypothesis.log_p, hypothesis.state, hypothesis.text)

    def _extend(self, node: Node, log_p: float, state: State, text: str) -> None:
        begun = plain(text)
        for token, log_p_token, after in self._tokens.after(node.row, state):
            p = log_p + log_p_token
            if p < self._best[after.begun] - self._widest and has_spelled(after, self._parts):
                continue
            longer = text + self._pieces.texts[token]
            key = (begun + plain(self._pieces.texts[token]), after)
            if p <= self._evaluated[after.begun].get(key, -math.inf):
                continue  # a rarer spelling of what was gone on from already
            pool = self._open[after.begun]
            known = pool.get(key)
            if known is None:
                pool[key] = known = Hypothesis(p, p, node, token, after, longer)
            else:
                known.log_p = _log_add(known.log_p, p)
                if p > known.likeliest:
                    known.likeliest, known.parent, known.token, known.text = p, node, token, longer
            self._best[after.begun] = max(self._best[after.begun], known.log_p)

    def _complete(self, hypothesis: Hypothesis, row: Row) -> None:
        marks = self._pieces.sentence_mark[row.ids]
        shares = {mark: float(row.p[marks == ord(mark)].sum()) for mark in ".?!"}
        mark = self._wanted.mark or max(shares, key=lambda mark: shares[mark])
        ended = shares[mark] if self._wanted.mark else sum(shares.values())
        if self._wanted.cut:
            mark, ended = "", row.mass(self._pieces.boundary)
        if ended <= 0.0 or self._unwanted(hypothesis.text):
            return
        p = hypothesis.log_p + math.log(ended)
        likeliest = hypothesis.likeliest + math.log(ended)
        key = _AFTER_DIGIT.sub("", plain(hypothesis.text))
        known = self._found.setdefault(key, Sentence(-math.inf, -math.inf, "", ""))
        known.log_p = _log_add(known.log_p, p)
        if likeliest > known.likeliest:
            known.likeliest, known.text, known.mark = likeliest, hypothesis.text, mark


def plain(text: str) -> str:
    """Return what is equal for sentences of the same words."""
    return fold(text).translate(_NO_MARKS)


def _log_add(a: float, b: float) -> float:
    high, low = max(a, b), min(a, b)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))
