"""assistive.fusion: scanning: targets are offered in turn, and a switch takes what is offered.

What is offered at a time is a group of targets; taking a group offers its parts. A scan tree says which group has which
parts: a target's id, or a tuple of trees that are offered one after the other.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count

ScanTree = str | tuple["ScanTree", ...]

LEAST = 1e-4  # of the probability: what is hardly likely can still be reached in a dozen steps
GROUP = 4  # parts of a group, where they are put together by the order on the board


class Scan(StrEnum):
    """In which order targets are offered."""

    LINEAR = "linear"  # one by one
    ROW_COLUMN = "row_column"  # a row, then its cells
    GROUP = "group"  # a group of neighbours, a smaller one in it, ...
    HUFFMAN = "huffman"  # the likelier part, or else the other (Roark et al. 2010, SLPAT)


def scan_tree(rows: Sequence[Sequence[str]], prior: Mapping[str, float], scan: Scan) -> ScanTree:
    """Return in which order the targets are offered.

    Parameters
    ----------
    rows : sequence of sequence of str
        The ids of the targets, row by row as they stand on the board; each once.
    prior : mapping of str to float
        How probable each is; what is missing is hardly probable. It orders linear and Huffman scanning only, so that the
        others can be learned by heart.
    scan : Scan

    Raises
    ------
    ValueError
        There is no target, or one stands twice.
    """
    targets = [target for row in rows for target in row]
    if not targets:
        raise ValueError("there is nothing to offer")
    if len(set(targets)) < len(targets):
        raise ValueError("a target stands twice on the board")
    match scan:
        case Scan.LINEAR:
            return tuple(sorted(targets, key=lambda target: -prior.get(target, 0.0)))
        case Scan.ROW_COLUMN:
            return tuple(_joined(tuple(row)) for row in rows if row)
        case Scan.GROUP:
            return _grouped(targets)
        case Scan.HUFFMAN:
            return _huffman(targets, prior)


def members(tree: ScanTree) -> tuple[str, ...]:
    """The targets of a tree, in its order."""
    if isinstance(tree, str):
        return (tree,)
    return tuple(target for part in tree for target in members(part))


def _joined(parts: tuple[ScanTree, ...]) -> ScanTree:
    return parts[0] if len(parts) == 1 else parts


def _grouped(targets: Sequence[str]) -> ScanTree:
    if len(targets) <= GROUP:
        return _joined(tuple(targets))
    size = -(-len(targets) // GROUP)
    return tuple(_grouped(targets[first : first + size]) for first in range(0, len(targets), size))


def _huffman(targets: Sequence[str], prior: Mapping[str, float]) -> ScanTree:
    """Of two parts the likelier is offered first, so that it costs one step, and the other two."""
    if len(targets) == 1:
        return targets[0]
    number = count()  # what is equally likely stays in the board's order
    heap: list[tuple[float, int, ScanTree]] = [
        (prior.get(target, 0.0) + LEAST, next(number), target) for target in targets
    ]
    heapq.heapify(heap)
    while len(heap) > 1:
        (p_less, n_less, less), (p_more, n_more, more) = heapq.heappop(heap), heapq.heappop(heap)
        first, second = (less, more) if (p_less, -n_less) > (p_more, -n_more) else (more, less)
        heapq.heappush(heap, (p_less + p_more, next(number), (first, second)))
    return heap[0][2]


@dataclass(frozen=True, slots=True)
class Scanner:
    """A place in a scan tree; each step and each taking gives the next one.

    Parameters
    ----------
    tree : ScanTree
    most_rounds : int
        After so many rounds without a choice in a group it goes back to the whole; in the whole it rests.
    halves : bool
        The groups have two parts, and who lets the first pass means the second: that is divided at once, without being
        offered as a whole. A single target is always offered. Each such way to the end is a round.
    waits : bool
        In each group nothing is offered before the first step.
    path : tuple of ScanTree
        The groups that were taken, the innermost last.
    index : int
        Which part of the innermost is offered; -1: none yet.
    rounds : int
        That have passed in the innermost group.
    resting : bool
        Nothing is offered until `begun`.
    """

    tree: ScanTree
    most_rounds: int = 2
    halves: bool = False
    waits: bool = False
    path: tuple[ScanTree, ...] = ()
    index: int = 0
    rounds: int = 0
    resting: bool = False

    @property
    def _group(self) -> tuple[ScanTree, ...]:
        group = self.path[-1] if self.path else self.tree
        return (group,) if isinstance(group, str) else group

    @property
    def first(self) -> bool:
        """Whether what is offered is the first of its group."""
        return self.index <= 0

    @property
    def offered(self) -> tuple[str, ...]:
        """The targets that taking would take now."""
        return () if self.resting or self.index < 0 else members(self._group[self.index])

    @property
    def shown(self) -> tuple[str, ...]:
        """The targets to be shown as offered: where a group was taken and none of its parts is offered yet, all of it."""
        return members(self.path[-1]) if self.index < 0 and self.path else self.offered

    def begun(self) -> Scanner:
        """Begin with the first of the whole."""
        return replace(self, path=(), index=-1 if self.waits else 0, rounds=0, resting=False)

    def stepped(self) -> Scanner:
        """Offer the next; nothing changes while it rests."""
        if self.resting:
            return self
        index, group = self.index + 1, self._group
        if index == len(group):
            return self._round_over()
        if self.halves and index == 1 and not isinstance(group[1], str):
            return replace(self, path=(*self.path, group[1]), index=0)
        return replace(self, index=index)

    def taken(self) -> tuple[Scanner, str | None]:
        """Take what is offered: where to go on, and a target's id, or None where its parts come now."""
        if not self.offered:
            return self, None
        part = self._group[self.index]
        if isinstance(part, str):
            return self.begun(), part
        return replace(self, path=(*self.path, part), index=-1 if self.waits else 0, rounds=0), None

    def _round_over(self) -> Scanner:
        rounds = self.rounds + 1
        whole = not self.path or self.halves
        if rounds < self.most_rounds:
            return replace(self, path=() if self.halves else self.path, index=0, rounds=rounds)
        return replace(self.begun(), resting=whole)
