"""models.language: a tree of continuations that share one KV cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.language.errors import Cancelled, ModelError
from models.language.runtime import N_BATCH, N_SEQUENCES, BatchToken, Runtime

N_NODES = N_SEQUENCES
"""Nodes that are kept at once, each with its row of logits."""

_DEEPEST = 24
"""A prompt so much longer than the trunk becomes the trunk, and what does not go on from it is forgotten."""

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

    `used` tells when it was last wanted; it grows with every prompt.
    """

    sequence: int
    length: int
    row: Row
    used: int
    children: dict[int, Node] = field(default_factory=dict)


class Tree:
    """A trunk of tokens that is read once, continuations below; what was evaluated once is not again.

    A prompt that begins with the trunk is found, or grown, below it: the continuations of one text are still
    there when another was asked about in between (a guess at the next selection, a choice that was undone).
    Any other prompt cuts the trunk back to what both share and reads only the rest.

    Parameters
    ----------
    runtime : Runtime
        Belongs to the tree from now on.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._rows = np.empty((N_NODES, runtime.n_vocab), np.float32)
        self._tokens: list[int] = []  # what the trunk's sequence holds
        self._sequence = 0
        self._trunk: Node | None = None
        self._path: list[tuple[int, Node]] = []  # from below the trunk to the root
        self._clock = 0
        self._free = list(range(N_NODES - 1, 0, -1))

    @property
    def n_free(self) -> int:
        """How many nodes can be grown before others are forgotten."""
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
        self._clock += 1
        self._path = []
        length = len(self._tokens)
        if self._trunk is None or tokens[:length] != self._tokens or len(tokens) > length + _DEEPEST:
            self._move_trunk(tokens, stale)
            length = len(self._tokens)
        node = self._trunk
        if node is None:
            raise ModelError("the prompt could not be read")
        node.used = self._clock
        while length < len(tokens) and (child := node.children.get(tokens[length])) is not None:
            self._path.append((tokens[length], child))
            node, length = child, length + 1
            node.used = self._clock
        return node if length == len(tokens) else self._read_on(node, tokens[length:], stale)

    def grow(self, wanted: Sequence[tuple[Node, int]]) -> list[Node]:
        """Return the child of each (node, token), all new ones from one decode."""
        new = [(node, token) for node, token in dict.fromkeys(wanted) if token not in node.children]
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
            node.children[token] = self._node(item.sequence, node.length + 1, i)
        grown = [node.children[token] for node, token in wanted]
        for node in grown:
            node.used = self._clock
        return grown

    def make_room(self, n_nodes: int) -> None:
        """Forget continuations until `n_nodes` can be grown: first those that were wanted longest ago.

        Between two calls of `root` nothing that was grown is lost, unless nothing else is left.
        """
        for before in sorted({node.used for node in self._below(self._trunk)}):
            if len(self._free) >= n_nodes:
                return
            if before < self._clock:
                self._forget(self._trunk, before)
        if len(self._free) < n_nodes:
            self._move_to_root()
        if len(self._free) < n_nodes and self._trunk is not None:
            self._forget(self._trunk, self._clock)

    def _move_trunk(self, tokens: list[int], stale: Callable[[], bool]) -> None:
        """Make `tokens` the trunk; what it shares with the old one is not read again."""
        length = len(self._tokens)
        if self._trunk is not None and tokens[:length] == self._tokens:
            while length < len(tokens) and (child := self._child(tokens[length])) is not None:
                self._path.append((tokens[length], child))
                length += 1
            self._move_to_root()
            if length == len(tokens):
                return
        shared = 0
        for old, new in zip(self._tokens, tokens[:-1], strict=False):
            if old != new:
                break
            shared += 1
        self._forget(self._trunk, self._clock)
        self._trunk = None
        if shared == 0 or not self._runtime.cut(self._sequence, shared):
            self._reset()
            shared = 0
        del self._tokens[shared:]
        for start in range(shared, len(tokens), N_BATCH):
            if stale():
                raise Cancelled
            part = tokens[start : start + N_BATCH]
            self._decode(
                [
                    BatchToken(token, start + i, self._sequence, start + i == len(tokens) - 1)
                    for i, token in enumerate(part)
                ]
            )
            self._tokens += part
        self._trunk = self._node(self._sequence, len(tokens), (len(tokens) - shared - 1) % N_BATCH)

    def _child(self, token: int) -> Node | None:
        node = self._path[-1][1] if self._path else self._trunk
        return None if node is None else node.children.get(token)

    def _read_on(self, node: Node, tokens: list[int], stale: Callable[[], bool]) -> Node:
        """Read a few tokens below `node` in one decode, each with its row."""
        if stale():
            raise Cancelled
        self.make_room(len(tokens))
        sequence = self._free.pop()
        self._runtime.fork(node.sequence, sequence)
        self._decode([BatchToken(token, node.length + i, sequence, True) for i, token in enumerate(tokens)])
        for i, token in enumerate(tokens):
            length = node.length + 1
            if i < len(tokens) - 1:
                own = self._free.pop()
                self._runtime.fork(sequence, own, length)
            else:
                own = sequence
            node.children[token] = child = self._node(own, length, i)
            self._path.append((token, child))
            node = child
        return node

    def _move_to_root(self) -> None:
        """Make the root the trunk and forget whatever does not go on from it."""
        for token, node in self._path:
            if self._trunk is None:
                return
            del self._trunk.children[token]
            self._forget(self._trunk, self._clock)
            self._drop(self._trunk.sequence)
            self._trunk, self._sequence = node, node.sequence
            self._tokens.append(token)
        self._path = []

    def _below(self, node: Node | None) -> Iterator[Node]:
        if node is not None:
            for child in node.children.values():
                yield child
                yield from self._below(child)

    def _forget(self, node: Node | None, before: int) -> None:
        """Forget what is below `node` and was last wanted at `before` or earlier."""
        if node is None:
            return
        for token, child in list(node.children.items()):
            self._forget(child, before)
            if child.used <= before and not child.children:
                self._drop(child.sequence)
                del node.children[token]

    def _drop(self, sequence: int) -> None:
        self._runtime.drop(sequence)
        self._free.append(sequence)

    def _decode(self, batch: list[BatchToken]) -> None:
        try:
            self._runtime.decode(batch)
        except ModelError:
            self._reset()
            raise

    def _node(self, sequence: int, length: int, index: int) -> Node:
        """Return a node with the row of token `index` of the last batch."""
        row: NDArray[np.float32] = self._rows[sequence]
        row[:] = self._runtime.logits(index)
        return Node(sequence, length, Row.of(row), self._clock)

    def _reset(self) -> None:
        self._runtime.clear()
        self._tokens = []
        self._trunk = None
        self._path = []
        self._sequence = 0
        self._free = list(range(N_NODES - 1, 0, -1))
