"""models.language: a tree of continuations that share one KV cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from models.language.errors import Cancelled, ModelError
from models.language.head import Head
from models.language.row import Node, Row
from models.language.runtime import N_BATCH, N_SEQUENCES, BatchToken, Runtime

N_NODES = N_SEQUENCES
"""Nodes that are kept at once, each with its row of logits."""

_DEEPEST = 24
"""A prompt that goes on so much further than what was read becomes the trunk."""


class Tree:
    """A trunk of tokens that is read once, continuations at its end and on the way; nothing is read twice.

    A prompt that shares its beginning with the trunk is found, or grown, below the trunk: what one text went on
    with is still there when another was asked about in between (a guess at the next selection, a choice that was
    undone, the same text cut at another word). A prompt that goes on much further becomes the trunk. Nodes are
    forgotten only when there is no room for new ones.

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
        self._trunk: Node | None = None  # its end; None while it is being read
        self._below: dict[int, dict[int, Node]] = {}  # after so many tokens of the trunk: what goes on there
        self._start = 0  # where the way to the root leaves the trunk
        self._path: list[tuple[int, Node]] = []  # from there to the root
        self._clock = 0
        self._free = list(range(N_NODES - 1, 0, -1))

    @property
    def n_free(self) -> int:
        """How many nodes can be grown before one is forgotten that was wanted since the last `root`."""
        return len(self._free) + sum(self._spare(children)[0] for children in self._below.values())

    def root(self, tokens: Sequence[int], stale: Callable[[], bool], head: Head | None = None) -> Node:
        """Return the node of the prompt `tokens` (not empty), whose row is known for all tokens of `head`.

        Raises
        ------
        Cancelled
            `stale` turned true; what was read so far is kept.
        ModelError
            The decode failed; the tree is empty now.
        """
        tokens = list(tokens)
        self._clock += 1
        self._find(tokens, head)
        n_found = self._start + len(self._path)
        if len(tokens) - n_found > _DEEPEST or (not self._path and (self._trunk is None or n_found == 0)):
            self._move_trunk(tokens, stale, head)
        elif n_found < len(tokens):
            self._read_on(tokens[n_found:], stale, head)
        node = self._path[-1][1] if self._path else self._trunk
        if node is None:
            raise ModelError("the prompt could not be read")
        node.used = self._clock
        return node

    def grow(self, wanted: Sequence[tuple[Node, int]], head: Head | None = None) -> list[Node]:
        """Return the child of each (node, token), all new ones from one decode.

        With a `head` their rows are known for its tokens only, unless more was wanted of them before: half of the
        work.
        """
        new = []
        for node, token in dict.fromkeys(wanted):
            node.used = self._clock
            child = node.children.get(token)
            if child is None or not child.knows(head):
                new.append((node, token))
            if child is not None:
                child.used = self._clock
        n_sequences = sum(token not in node.children for node, token in new)
        self._forget_oldest(n_sequences)
        if n_sequences > len(self._free):
            raise ModelError("too many continuations at once")
        batch = []
        for node, token in new:
            child = node.children.get(token)
            if child is None:
                sequence = self._free.pop()
            else:  # it is read once more, for its row
                sequence = child.sequence
                self._runtime.drop(sequence)
            self._runtime.fork(node.sequence, sequence)
            batch.append(BatchToken(token, node.length, sequence, True))
        if batch:
            self._decode(batch, head)
        for i, ((node, token), item) in enumerate(zip(new, batch, strict=True)):
            grown = self._node(item.sequence, node.length + 1, i, head)
            node.children.setdefault(token, grown).computed = grown.computed
        return [node.children[token] for node, token in wanted]

    def make_room(self, n_nodes: int) -> None:
        """See to it that `n_nodes` can be grown below the root.

        Between two calls of `root` nothing that was grown is lost, unless nothing else is left.
        """
        if self.n_free < n_nodes:
            self._move_to_root()
        if self.n_free < n_nodes:
            for children in self._below.values():
                self._forget(children, self._clock)

    def _find(self, tokens: list[int], head: Head | None) -> None:
        """Find where and along which nodes most of `tokens` was read."""
        shared = 0
        for old, new in zip(self._tokens, tokens, strict=False):
            if old != new:
                break
            shared += 1
        whole = (
            shared == len(tokens) == len(self._tokens) and self._trunk is not None and self._trunk.knows(head)
        )
        # The trunk has a row at its end only: where the prompt ends before, its last token is read again.
        self._start, self._path = shared if whole else min(shared, len(tokens) - 1), []
        for start, children in self._below.items():
            if start > shared:
                continue
            path: list[tuple[int, Node]] = []
            for token in tokens[start:]:
                child = children.get(token)
                if child is None:
                    break
                path.append((token, child))
                children = child.children
            if path and start + len(path) > self._start + len(self._path):
                self._start, self._path = start, path
        if self._start + len(self._path) == len(tokens) and self._path and not self._path[-1][1].knows(head):
            self._path.pop()  # its last token is read again, for the row
        for _, node in self._path:
            node.used = self._clock

    def _move_trunk(self, tokens: list[int], stale: Callable[[], bool], head: Head | None) -> None:
        """Make `tokens` the trunk; what was read of it is not read again."""
        self._move_to_root()
        shared = self._start
        if shared < len(self._tokens) or shared == 0:
            self._cut_trunk(shared)
            if shared == 0 or not self._runtime.cut(self._sequence, shared):
                self._reset()
        self._trunk = None
        shared = len(self._tokens)
        for start in range(shared, len(tokens), N_BATCH):
            if stale():
                raise Cancelled
            part = tokens[start : start + N_BATCH]
            self._decode(
                [
                    BatchToken(token, start + i, self._sequence, start + i == len(tokens) - 1)
                    for i, token in enumerate(part)
                ],
                head,
            )
            self._tokens += part
        self._trunk = self._node(self._sequence, len(tokens), (len(tokens) - shared - 1) % N_BATCH, head)
        self._start, self._below[len(tokens)] = len(tokens), self._trunk.children

    def _read_on(self, tokens: list[int], stale: Callable[[], bool], head: Head | None) -> None:
        """Read a few tokens below the end of the path in one decode, with the row of the last."""
        if stale():
            raise Cancelled
        self.make_room(len(tokens))
        self._forget_oldest(len(tokens))
        source, length, children = self._sequence, self._start, self._below.setdefault(self._start, {})
        if self._path:
            _, node = self._path[-1]
            source, length, children = node.sequence, node.length, node.children
        sequence = self._free.pop()
        self._runtime.fork(source, sequence, length)
        last = len(tokens) - 1
        self._decode(
            [BatchToken(token, length + i, sequence, i == last) for i, token in enumerate(tokens)], head
        )
        for i, token in enumerate(tokens[:-1]):
            own = self._free.pop()
            self._runtime.fork(sequence, own, length + i + 1)
            children[token] = child = Node(own, length + i + 1, None, self._clock)
            self._path.append((token, child))
            children = child.children
        self._put(children, tokens[-1], self._node(sequence, length + len(tokens), last, head))
        self._path.append((tokens[-1], children[tokens[-1]]))

    def _put(self, children: dict[int, Node], token: int, node: Node) -> None:
        """Let `node` be the child of `token`; one that is there without a row becomes what `node` is."""
        passed = children.setdefault(token, node)
        if passed is not node:
            self._drop(passed.sequence)
            passed.sequence, passed.computed = node.sequence, node.computed

    def _move_to_root(self) -> None:
        """Make the root the trunk. What goes on elsewhere from what both share stays."""
        if not self._path:
            return
        self._cut_trunk(self._start)
        children = self._below[self._start]
        for token, node in self._path:
            del children[token]
            self._drop(self._sequence)
            self._tokens.append(token)
            self._trunk, self._sequence, children = node, node.sequence, node.children
            self._below[len(self._tokens)] = children
        self._below = {n: below for n, below in self._below.items() if below or n == len(self._tokens)}
        self._start, self._path = len(self._tokens), []

    def _cut_trunk(self, length: int) -> None:
        """Forget the trunk beyond `length` and what goes on there."""
        for start in [start for start in self._below if start > length]:
            self._forget(self._below.pop(start), self._clock)
        del self._tokens[length:]

    def _spare(self, children: dict[int, Node]) -> tuple[int, bool]:
        """Return how many nodes below can be forgotten since nobody wants them now, and whether all can."""
        n_spare, all_spare = 0, True
        for node in children.values():
            n_below, all_below = self._spare(node.children)
            spare = all_below and node.used < self._clock
            n_spare += n_below + spare
            all_spare = all_spare and spare
        return n_spare, all_spare

    def _forget_oldest(self, n_nodes: int) -> None:
        """Forget what was wanted longest ago until `n_nodes` are free, or all that is left is wanted now."""
        if n_nodes <= len(self._free):
            return
        ages = {node.used for children in self._below.values() for node in _nodes(children)}
        for age in sorted(ages - {self._clock}):
            for children in self._below.values():
                self._forget(children, age)
            if n_nodes <= len(self._free):
                return

    def _forget(self, children: dict[int, Node], before: int) -> None:
        """Forget what is below and was last wanted at `before` or earlier."""
        for token, child in list(children.items()):
            self._forget(child.children, before)
            if child.used <= before and not child.children:
                self._drop(child.sequence)
                del children[token]

    def _drop(self, sequence: int) -> None:
        self._runtime.drop(sequence)
        self._free.append(sequence)

    def _decode(self, batch: list[BatchToken], head: Head | None) -> None:
        try:
            self._runtime.decode(batch, head)
        except ModelError:
            self._reset()
            raise

    def _node(self, sequence: int, length: int, index: int, head: Head | None) -> Node:
        """Return a node with the row of token `index` of the last batch."""
        logits = self._runtime.logits(index)
        if head is not None:
            return Node(sequence, length, Row.over(head, logits), self._clock)
        row: NDArray[np.float32] = self._rows[sequence]
        row[:] = logits
        return Node(sequence, length, Row.of(row), self._clock)

    def _reset(self) -> None:
        self._runtime.clear()
        self._tokens = []
        self._trunk = None
        self._below = {}
        self._start, self._path = 0, []
        self._sequence = 0
        self._free = list(range(N_NODES - 1, 0, -1))


def _nodes(children: dict[int, Node]) -> Iterator[Node]:
    for node in children.values():
        yield node
        yield from _nodes(node.children)
