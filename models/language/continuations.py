"""models.language: continuations of a text as a tree, from the phrases that a search has found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from models.language.messages import ContinuationNode
from models.language.partial import fold

SURE = 0.8
"""A continuation that is followed by another one so surely goes on as one with it."""

_ENDS = ".?!"


@dataclass(slots=True)
class _Branch:
    text: str = ""
    p: float = 0.0
    children: dict[str, _Branch] = field(default_factory=dict)


def continuation_tree(
    found: Iterable[tuple[str, float]], breadth: int, depth: int
) -> tuple[ContinuationNode, ...]:
    """Return the likeliest continuations and what may follow each.

    Continuations that differ in case or by a comma are one. A branch is followed while it is sure: what goes on
    in one way only (`SURE`) is one node. The end of the sentence is a node of its own, its text is the mark.

    Parameters
    ----------
    found : iterable of (str, float)
        Words and phrases after the text, with their probabilities.
    breadth, depth : int
        Most nodes beside each other, and below each other.
    """
    root = _Branch()
    for text, p in sorted(found, key=lambda item: -item[1]):
        branch = root
        for part in _parts(text):
            branch = branch.children.setdefault(fold(part.lstrip(", ")), _Branch(part))
        branch.p = max(branch.p, p)
    for child in root.children.values():
        _complete(child)
    return _nodes(root, breadth, depth)


def _parts(text: str) -> list[str]:
    """Return the words, a comma with the word after it, and the mark that ends the sentence."""
    end = text[-1:] if text[-1:] in _ENDS else ""
    parts: list[str] = []
    comma = ""
    for word in text.removesuffix(end).split():
        if plain := word.strip(","):
            parts.append(comma + plain)
            comma = ""
        if word.endswith(","):
            comma = ", "
    return [*parts, *([end] if end else [])]


def _complete(branch: _Branch) -> float:
    """Make a branch at least as likely as what it leads to; return its probability."""
    branch.p = max(branch.p, min(1.0, sum(map(_complete, branch.children.values()))))
    return branch.p


def _nodes(branch: _Branch, breadth: int, depth: int) -> tuple[ContinuationNode, ...]:
    if depth < 1:
        return ()
    best = sorted(branch.children.values(), key=lambda child: -child.p)[: max(0, breadth)]
    nodes = []
    for child in best:
        text = child.text
        while (only := _surely(child)) is not None:
            text += only.text if only.text[0] in _ENDS + "," else f" {only.text}"
            child = only
        nodes.append(ContinuationNode(text, child.p, _nodes(child, breadth, depth - 1)))
    return tuple(sorted(nodes, key=lambda node: -node.probability))


def _surely(branch: _Branch) -> _Branch | None:
    """Return what follows `branch` in nearly every case."""
    likeliest = max(branch.children.values(), key=lambda child: child.p, default=None)
    return likeliest if likeliest is not None and likeliest.p >= SURE * branch.p else None
