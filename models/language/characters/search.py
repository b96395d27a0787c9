"""models.language.characters: the likeliest sequences of tokens that spell a text, followed character by character."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from models.language.characters.spelling import Likely, Spelling
from models.language.errors import Cancelled
from models.language.head import Head
from models.language.tree import N_NODES, Tree

N_HYPOTHESES = 3
"""Hypotheses that are kept: one alone runs into dead ends."""

PRUNED = 0.03
"""A hypothesis with a smaller share of the probability of the text is given up."""

SURPRISE = 0.05
"""After a letter inside a word that was less likely, what was given up is looked for again."""


class Hypothesis(NamedTuple):
    """A way to spell the text.

    Parameters
    ----------
    path : tuple of int
        Tokens after the state's base.
    weight : float
        Their probability, relative to the other hypotheses.
    begun : str
        What of the next token is written.
    likely : Likely
        What may come after the tokens.
    """

    path: tuple[int, ...]
    weight: float
    begun: str
    likely: Likely


class State(NamedTuple):
    """What is known after some text.

    Parameters
    ----------
    base : list of int
        The tokens before the hypotheses.
    hypotheses : tuple of Hypothesis
        Likeliest first.
    p : float
        How likely the last character was.
    log_p : float
        The logarithm of the probability that a hypothesis of weight 1 has.
    """

    base: list[int]
    hypotheses: tuple[Hypothesis, ...]
    p: float = 1.0
    log_p: float = 0.0


class _Complete(NamedTuple):
    """The tokens of `path` are complete, with their probability; `begun` is written of the next one."""

    path: tuple[int, ...]
    weight: float
    begun: str = ""


class Search(NamedTuple):
    """Follows one text through the tree."""

    tree: Tree
    spelling: Spelling
    stale: Callable[[], bool]
    head: Head | None = None

    def start(self, base: list[int], *, space: bool) -> State:
        """Return the state after `base`, or after a space that follows it."""
        likely = self.spelling.likely(self.tree.root(base, self.stale, self.head).row)
        state = State(base, (Hypothesis((), 1.0, "", likely),))
        return self.advance(state, " ") if space else state

    def advance(self, state: State, character: str) -> State:
        """Return the state after one more (folded) character; without hypotheses if nothing spells it."""
        going_on: list[tuple[float, Hypothesis]] = []
        complete: list[_Complete] = []
        for hypothesis in state.hypotheses:
            path, weight, begun, likely = hypothesis
            bounds = self.spelling.bounds(begun + character)
            whole, exact = likely.masses(bounds).tolist()
            if whole > exact:
                going_on.append((weight * (whole - exact), hypothesis._replace(begun=begun + character)))
            for token, p in self.spelling.tokens(likely, bounds[1]):
                complete.append(_Complete((*path, token), weight * p))
            if character == " " and not begun:
                complete += [_Complete((*path, token), weight * p, " ") for token, p in likely.marks]
        least = PRUNED * (sum(mass for mass, _ in going_on) + sum(item.weight for item in complete))
        complete = [item for item in complete if item.weight > least]
        complete.sort(key=lambda item: -item.weight)
        going_on += self._read(state.base, complete[:N_HYPOTHESES])
        p = sum(mass for mass, _ in going_on)
        going_on = [(mass, hypothesis) for mass, hypothesis in going_on if mass > least]
        return _likeliest(state.base, going_on, p, state.log_p)

    def respell(self, start: State, state: State, tokens: tuple[int, ...], word: str) -> State:
        """Return `state` with the word spelled in one more way, which may have been given up too early.

        Parameters
        ----------
        start : State
            Before the word; the space before it is begun.
        state : State
            After what is written of it.
        tokens : tuple of int
            What the model's tokeniser makes of the word, or of what is written of it.
        word : str
            The space, what is written of the word, folded, and the space after it if there is one.
        """
        texts = [self.spelling.text(token) for token in tokens]
        after = word.removeprefix("".join(texts))
        if not tokens or len(after) == len(word) or after.strip() or start.base != state.base:
            return state
        first = start.hypotheses[0]
        if first.begun != " ":
            return state
        before = start.base + list(first.path)
        self.tree.root(before + list(tokens), self.stale, self.head)
        scale = math.exp(max(-700.0, min(700.0, start.log_p - state.log_p)))
        weight = first.weight * scale
        found = []
        for i, token in enumerate(tokens):
            row = self.tree.root(before + list(tokens[:i]), self.stale, self.head).row
            if i == len(tokens) - 1 and not after:
                shorter = Hypothesis((*first.path, *tokens[:i]), weight, texts[i], self.spelling.likely(row))
                found.append((self._mass(shorter), shorter))
            weight *= float(row.probabilities(np.array([token]))[0])
        row = self.tree.root(before + list(tokens), self.stale, self.head).row
        longer = Hypothesis((*first.path, *tokens), weight, after, self.spelling.likely(row))
        found.append((self._mass(longer), longer))
        known = {(hypothesis.path, hypothesis.begun) for _, hypothesis in found}
        found += [(self._mass(h), h) for h in state.hypotheses if (h.path, h.begun) not in known]
        return _likeliest(state.base, found, state.p, state.log_p)

    def _mass(self, hypothesis: Hypothesis) -> float:
        """Return the probability of the tokens and of what is begun of the next one, which is longer."""
        if not hypothesis.begun:
            return hypothesis.weight
        whole, exact = hypothesis.likely.masses(self.spelling.bounds(hypothesis.begun)).tolist()
        return hypothesis.weight * float(whole - exact)

    def _read(self, base: list[int], complete: list[_Complete]) -> list[tuple[float, Hypothesis]]:
        """Ask the model, in one decode, what comes after complete tokens; with the mass of what may come."""
        found = []
        if complete:
            after = self._after(base, [item.path for item in complete])
            for (path, weight, begun), likely in zip(complete, after, strict=True):
                hypothesis = Hypothesis(path, weight, begun, likely)
                found.append((self._mass(hypothesis), hypothesis))
        return found

    def _after(self, base: list[int], paths: list[tuple[int, ...]]) -> list[Likely]:
        """Return what may come after each of `paths` below `base`; what the tree forgot is read again."""
        if self.stale():
            raise Cancelled
        shared = 0
        while all(shared < len(path) - 1 and path[shared] == paths[0][shared] for path in paths):
            shared += 1
        n_nodes = sum(len(path) - shared for path in paths)
        if n_nodes > N_NODES // 2:  # a text that takes a token for each character
            return [
                self.spelling.likely(self.tree.root(base + list(path), self.stale, self.head).row)
                for path in paths
            ]
        root = self.tree.root(base + list(paths[0][:shared]), self.stale, self.head)
        self.tree.make_room(n_nodes)
        parents = [root] * len(paths)
        for depth in range(shared, max(map(len, paths)) - 1):
            longer = [i for i, path in enumerate(paths) if len(path) - 1 > depth]
            grown = self.tree.grow([(parents[i], paths[i][depth]) for i in longer], self.head)
            for i, node in zip(longer, grown, strict=True):
                parents[i] = node
        nodes = self.tree.grow(
            [(parent, path[-1]) for parent, path in zip(parents, paths, strict=True)], self.head
        )
        return [self.spelling.likely(node.row) for node in nodes]


def _likeliest(base: list[int], found: list[tuple[float, Hypothesis]], p: float, log_p: float) -> State:
    """Return the state with the likeliest of `found` (mass, hypothesis), whose masses are made to sum to 1."""
    found = sorted((pair for pair in found if pair[0] > 0.0), key=lambda pair: -pair[0])[:N_HYPOTHESES]
    if not found:
        return State(base, (), 0.0, log_p)
    total = sum(mass for mass, _ in found)
    kept = tuple(hypothesis._replace(weight=hypothesis.weight / total) for _, hypothesis in found)
    return State(base, kept, p, log_p + math.log(total))
