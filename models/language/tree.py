"""models.language: a tree of continuations that share one KV cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.language.errors import Cancelled, ModelError
from models.language.runtime import N_BATCH, N_SEQUENCES, BatchToken, Runtime

N_NODES = N_SEQUENCES
"""Nodes that are kept at once, each with its row of logits."""

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
    """A sequence of tokens that the model has read, and the row after it."""

    sequence: int
    length: int
    row: Row
    children: dict[int, Node] = field(default_factory=dict)


class Tree:
    """The prompt at the root, continuations below; what was evaluated once is not evaluated again.

    A prompt that goes on where a node ends (the person chose a proposed word) makes this node the root,
    and one that shares its beginning with the last decodes only the rest.

    Parameters
    ----------
    runtime : Runtime
        Belongs to the tree from now on.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._rows = np.empty((N_NODES, runtime.n_vocab), np.float32)
        self._tokens: list[int] = []  # what the root's sequence holds
        self._sequence = 0
        self._root: Node | None = None
        self._free = list(range(N_NODES - 1, 0, -1))

    @property
    def n_free(self) -> int:
        """How many nodes can still be grown under this root."""
        return len(self._free)

    def root(self, tokens: Sequence[int], stale: Callable[[], bool]) -> Node:
        """Return the node of the prompt `tokens` (not empty).

        Raises
        ------
        Cancelled
            `stale` turned true; what was read so far is kept.
        ModelError
            The decode failed; the tree is empty now.
        """
        tokens = list(tokens)
        if self._root is not None and tokens[: len(self._tokens)] == self._tokens:
            self._descend(tokens)
            if len(tokens) == len(self._tokens):
                return self._root
        shared = 0
        for old, new in zip(self._tokens, tokens[:-1], strict=False):
            if old != new:
                break
            shared += 1
        self._forget_children(self._root)
        self._root = None
        if shared == 0 or not self._runtime.cut(self._sequence, shared):
            self._reset()
            shared = 0
        del self._tokens[shared:]
        for start in range(shared, len(tokens), N_BATCH):
            if stale():
                raise Cancelled
            self._read(tokens[start : start + N_BATCH], last=start + N_BATCH >= len(tokens))
        row = Row.of(self._keep(self._sequence, (len(tokens) - shared - 1) % N_BATCH))
        self._root = Node(self._sequence, len(tokens), row)
        return self._root

    def grow(self, wanted: Sequence[tuple[Node, int]]) -> list[Node]:
        """Return the child of each (node, token), all new ones from one decode."""
        new = [(node, token) for node, token in wanted if token not in node.children]
        if len(new) > len(self._free):
            raise ModelError("too many continuations at once")
        batch = []
        for node, token in new:
            sequence = self._free.pop()
            self._runtime.fork(node.sequence, sequence)
            batch.append(BatchToken(token, node.length, sequence, True))
        if batch:
            self._decode(batch)
        for i, ((node, token), item) in enumerate(zip(new, batch, strict=True)):
            row = Row.of(self._keep(item.sequence, i))
            node.children[token] = Node(item.sequence, node.length + 1, row)
        return [node.children[token] for node, token in wanted]

    def make_room(self) -> None:
        """Forget all continuations of the root."""
        self._forget_children(self._root)

    def _descend(self, tokens: list[int]) -> None:
        while self._root is not None and len(tokens) > len(self._tokens):
            token = tokens[len(self._tokens)]
            child = self._root.children.pop(token, None)
            if child is None:
                return
            self._forget_children(self._root)
            self._drop(self._root.sequence)
            self._root, self._sequence = child, child.sequence
            self._tokens.append(token)

    def _forget_children(self, node: Node | None) -> None:
        if node is None:
            return
        for child in node.children.values():
            self._forget_children(child)
            self._drop(child.sequence)
        node.children.clear()

    def _drop(self, sequence: int) -> None:
        self._runtime.drop(sequence)
        self._free.append(sequence)

    def _read(self, tokens: list[int], *, last: bool) -> None:
        start = len(self._tokens)
        end = len(tokens) - 1
        self._decode(
            [
                BatchToken(token, start + i, self._sequence, last and i == end)
                for i, token in enumerate(tokens)
            ]
        )
        self._tokens += tokens

    def _decode(self, batch: list[BatchToken]) -> None:
        try:
            self._runtime.decode(batch)
        except ModelError:
            self._reset()
            raise

    def _keep(self, sequence: int, index: int) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self._rows[sequence]
        row[:] = self._runtime.logits(index)
        return row

    def _reset(self) -> None:
        self._runtime.clear()
        self._tokens = []
        self._root = None
        self._sequence = 0
        self._free = list(range(N_NODES - 1, 0, -1))
