"""models.language: what may come next after some tokens, and the tokens it comes after."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.language.errors import ModelError

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
        The whole row.
    log_z : float
        The logarithm of the sum of exp(logits).
    """

    ids: NDArray[np.intp]
    p: NDArray[np.float32]
    logits: NDArray[np.float32]
    log_z: float

    @classmethod
    def of(cls, logits: NDArray[np.float32]) -> Row:
        """Return the row for `logits`, which it keeps without copying."""
        highest = float(logits.max())
        if not np.isfinite(highest):
            raise ModelError("the model's answer is not a number; the file may be damaged")
        ids = np.flatnonzero(logits > highest - _SPARSE_MARGIN)
        p = np.exp(logits[ids] - highest)
        total = float(p.sum())
        return cls(ids, p / total, logits, highest + float(np.log(total)))

    def probabilities(self, ids: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the probabilities of `ids`, unlikely ones too."""
        p: NDArray[np.float32] = np.exp(self.logits[ids] - self.log_z)
        return p

    def mass(self, mask: NDArray[np.bool_]) -> float:
        """Return the probability that the next token is one of `mask`, shape (n_vocab,)."""
        return float(self.p[mask[self.ids]].sum())


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
