"""models.language.characters: which tokens spell a string, and which characters can come next in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.language.pieces import Pieces
from models.language.row import Row

_LAST_CHARACTER = "\U0010ffff"
_NO_CHARACTER = 0x110000
_NOT_TEXT = "\ufffd"  # a part of a character only
_LEAST_MARK = 0.002  # rarer marks are not read through
_MOST_CACHED = 20_000


class Likely(NamedTuple):
    """What may come next after some tokens, in the order of its spelling; small enough to keep.

    Parameters
    ----------
    ranks : ndarray of int, shape (n,)
        Places of the tokens in the vocabulary sorted by folded text, ascending.
    sums : ndarray of float, shape (n + 1,)
        The sum of the probabilities before each.
    gap, end : float
        The probability of a mark that cannot be written: inside a sentence, and at its end.
    marks : tuple of (int, float)
        Such marks after which the sentence, or another one, may go on.
    """

    ranks: NDArray[np.int32]
    sums: NDArray[np.float64]
    gap: float
    end: float
    marks: tuple[tuple[int, float], ...]

    def masses(self, bounds: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the probability of each span of ranks; `bounds` has shape (m, 2)."""
        sums = self.sums[np.searchsorted(self.ranks, bounds)]
        masses: NDArray[np.float64] = sums[:, 1] - sums[:, 0]
        return masses


class Spelling:
    """The vocabulary of a model in the order of its folded texts, for one alphabet.

    Tokens that hold a part of a character only are not used.

    Parameters
    ----------
    pieces : Pieces
        The vocabulary.

    Attributes
    ----------
    keys : list of str
        The characters of the alphabet, folded, as `use` was told.
    """

    def __init__(self, pieces: Pieces) -> None:
        texts = [text.casefold() for text in pieces.texts]
        usable = [token for token, text in enumerate(texts) if text and _NOT_TEXT not in text]
        usable.sort(key=texts.__getitem__)
        self._folded = [texts[token] for token in usable]
        self._tokens = np.array(usable, np.int32)
        self._ranks = np.full(len(texts), -1, np.int32)
        self._ranks[self._tokens] = np.arange(len(usable), dtype=np.int32)
        self._first = np.array([ord(text[0]) if text else _NO_CHARACTER for text in texts], np.uint32)
        self._ends = pieces.sentence_mark != 0
        self._gaps = pieces.boundary & ~self._ends & (self._first != ord(" "))
        self._stops = self._ends & np.array([not text or "\n" in text for text in texts])
        self.keys: list[str] = []
        self._end_mask = self._gap_mask = np.zeros(0, np.bool_)
        self._bounds: dict[str, NDArray[np.int32]] = {}

    def use(self, keys: list[str]) -> None:
        """Take the characters of an alphabet, folded; whatever begins with another one cannot be written."""
        self.keys = keys
        writable = np.isin(self._first, [ord(key[0]) for key in keys])
        self._end_mask = self._ends & ~writable
        self._gap_mask = self._gaps & ~writable
        self._bounds.clear()

    def likely(self, row: Row) -> Likely:
        """Return `row` in the order of spelling."""
        ranks = self._ranks[row.ids]
        order = np.argsort(ranks)
        order = order[np.searchsorted(ranks, 0, sorter=order) :]
        sums = np.concatenate([[0.0], np.cumsum(row.p[order], dtype=np.float64)])
        ends, gaps = self._end_mask[row.ids], self._gap_mask[row.ids]
        through = (ends | gaps) & ~self._stops[row.ids] & (row.p > _LEAST_MARK)
        marks = tuple(zip(row.ids[through].tolist(), row.p[through].tolist(), strict=True))
        return Likely(ranks[order], sums, float(row.p[gaps].sum()), float(row.p[ends].sum()), marks)

    def next_bounds(self, begun: str) -> NDArray[np.int32]:
        """Return the span of ranks of the tokens that go on from `begun` with each key, shape (n_keys, 2)."""
        bounds = self._bounds.get(begun)
        if bounds is None:
            if len(self._bounds) >= _MOST_CACHED:
                self._bounds.clear()
            spans = [self._span(begun + key) for key in self.keys]
            bounds = self._bounds[begun] = np.array(spans, np.int32).reshape(-1, 2)
        return bounds

    def bounds(self, begun: str) -> NDArray[np.int32]:
        """Return the spans of the tokens that begin with `begun` and of those that spell just it: (2, 2)."""
        low, high = self._span(begun)
        return np.array([(low, high), (low, bisect_right(self._folded, begun, low, high))], np.int32)

    def text(self, token: int) -> str:
        """Return what a token spells, folded; "" if it is not used."""
        rank = int(self._ranks[token])
        return self._folded[rank] if rank >= 0 else ""

    def tokens(self, likely: Likely, span: NDArray[np.int32]) -> list[tuple[int, float]]:
        """Return the tokens of a span of ranks, shape (2,), that may come next, with their probabilities."""
        first, last = np.searchsorted(likely.ranks, span).tolist()
        p = np.diff(likely.sums[first : last + 1])
        return list(zip(self._tokens[likely.ranks[first:last]].tolist(), p.tolist(), strict=True))

    def _span(self, begun: str) -> tuple[int, int]:
        low = bisect_left(self._folded, begun)
        return low, bisect_left(self._folded, begun + _LAST_CHARACTER, low)
