"""models.language: what may come next after some tokens, and the tokens it comes after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.language.errors import ModelError

if TYPE_CHECKING:
    from models.language.head import Head

_SPARSE_MARGIN = 14.0
"""Tokens less likely than exp(-14) times the likeliest are left out of a sparse row: a full softmax over
262,144 tokens would cost as much as the decode."""


@dataclass(slots=True, eq=False)
class Row:
    """What may come next after a node.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
        Tokens that are likely enough to count, in order of their number.
    p : ndarray of float32, shape (n,)
        Their probabilities.
    logits : ndarray of float32, shape (n_vocab,)
        The whole row; with a `head`, of its tokens, shape (n_tokens,).
    log_z : float
        The logarithm of the sum of exp(logits).
    head : Head, optional
        The tokens that were computed: `p` is what it is if the next token is one of them. None: all.
    """

    ids: NDArray[np.intp]
    p: NDArray[np.float32]
    logits: NDArray[np.float32]
    log_z: float
    head: Head | None = None

    @classmethod
    def of(cls, logits: NDArray[np.float32]) -> Row:
        """Return the row for `logits`, which it keeps without copying."""
        ids, p, log_z = _likely(logits)
        return cls(ids, p, logits, log_z)

    @classmethod
    def over(cls, head: Head, logits: NDArray[np.float32]) -> Row:
        """Return the row for the `logits` of the tokens of `head`, which it keeps without copying."""
        at, p, log_z = _likely(logits)
        return cls(head.tokens[at], p, logits, log_z, head)

    def log_p(self, ids: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the logarithms of the probabilities of `ids`, unlikely ones too; -inf for what `head` lacks."""
        if self.head is None:
            whole: NDArray[np.float32] = self.logits[ids] - self.log_z
            return whole
        tokens = self.head.tokens
        at = np.minimum(np.searchsorted(tokens, ids), len(tokens) - 1)
        short: NDArray[np.float32] = np.where(tokens[at] == ids, self.logits[at] - self.log_z, -np.inf)
        return short

    def probabilities(self, ids: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the probabilities of `ids`, unlikely ones too."""
        p: NDArray[np.float32] = np.exp(self.log_p(ids))
        return p

    def mass(self, mask: NDArray[np.bool_]) -> float:
        """Return the probability that the next token is one of `mask`, shape (n_vocab,)."""
        return float(self.p[mask[self.ids]].sum())


def _likely(logits: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32], float]:
    """Return the likely ones of `logits`, their probabilities, and the logarithm of the sum of exp(logits)."""
    highest = float(logits.max())
    if not np.isfinite(highest):
        raise ModelError("the model's answer is not a number; the file may be damaged")
    ids = np.flatnonzero(logits > highest - _SPARSE_MARGIN)
    p = np.exp(logits[ids] - highest)
    total = float(p.sum())
    return ids, p / total, highest + float(np.log(total))


@dataclass(slots=True, eq=False)
class Node:
    """A sequence of tokens that the model has read, and the row after it.

    `used` tells when it was last wanted; it grows with every prompt. `computed` is None where a prompt only passed
    through: a row costs twice as much as reading a token, and is computed when a prompt ends here.
    """

    sequence: int
    length: int
    computed: Row | None
    used: int
    children: dict[int, Node] = field(default_factory=dict)

    @property
    def row(self) -> Row:
        """What may come next; nodes that `Tree.root` and `Tree.grow` return have it."""
        if self.computed is None:
            raise ModelError("a row was asked for before it was computed")
        return self.computed

    def knows(self, head: Head | None) -> bool:
        """Whether there is a row, with all tokens of `head`; None: with all there are."""
        return self.computed is not None and (self.computed.head is None or self.computed.head is head)
