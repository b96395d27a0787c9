"""models.language: how likely each character is to come next.

A text can be spelled by many sequences of tokens: in other cases, cut in other places, with marks between the words
that the person did not write. The likeliest sequences are kept as hypotheses, each with the characters of its next
token that are already written; a character's probability is the sum over the hypotheses of that of all tokens that
go on with it. The model is asked only when a token may be complete (the "tokenization problem": Vieira et al., From
Language Models over Tokens to Language Models over Characters, 2025, whose beam this is in its simplest form).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.language.errors import Cancelled
from models.language.messages import CharactersRequest
from models.language.partial import fold
from models.language.pieces import Pieces
from models.language.spelling import Likely, Spelling
from models.language.tree import Node, Tree

N_HYPOTHESES = 3
"""Hypotheses that are kept: one alone runs into dead ends."""

PRUNED = 0.03
"""A hypothesis with a smaller share of the probability of the text is given up."""

FLOOR = 1e-5
"""What the characters that the model thinks impossible share, so that all can be written."""

_CONTINUED = 0.1  # of the sentences that end here another one follows, where both could be written
_LONGEST = 120  # characters that are spelled by hypotheses; what stands before is read as it is written
_STEP = 90  # so many more are read as written whenever there are too many
_MOST_STATES = 256

_SENTENCE_START = re.compile(r"[.!?…]\s+|\n\s*")
_SPACES = re.compile(r"\s+")


class _Hypothesis(NamedTuple):
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


class _State(NamedTuple):
    """What is known after some text. `base` are the tokens before the hypotheses."""

    base: list[int]
    hypotheses: tuple[_Hypothesis, ...]


class _Complete(NamedTuple):
    """The tokens of `path` are complete, with their probability; `begun` is written of the next one."""

    path: tuple[int, ...]
    weight: float
    begun: str = ""


class CharacterReader:
    """Reads the distribution of the next character from a tree of tokens.

    What was read for the beginnings of the text is kept: after another character only what is new is evaluated,
    and after an undo nothing.

    Parameters
    ----------
    tree : Tree
        May be shared with other readers.
    pieces : Pieces
        The vocabulary of its model.
    """

    def __init__(self, tree: Tree, pieces: Pieces) -> None:
        self._tree = tree
        self._pieces = pieces
        self._spelling: Spelling | None = None
        self._alphabet = ""
        self._base: list[int] = []
        self._states: dict[str, _State] = {}

    def read(
        self, root_tokens: Callable[[str], list[int]], request: CharactersRequest, stale: Callable[[], bool]
    ) -> tuple[tuple[str, float], ...]:
        """Return each character of ``request.alphabet`` with its probability; they sum to 1.

        The probability is that of the next character given the text, the context and that it is one of the
        alphabet; exact up to `PRUNED` hypotheses, of which `N_HYPOTHESES` are kept. Upper and lower case count
        together. A mark that the alphabet lacks counts as the space that follows it; one that ends a sentence
        counts as ".", as the end of the line, or as a space, whichever can be written.

        Parameters
        ----------
        root_tokens : callable
            Returns the tokens of the prompt that ends with a text, which is cut at a word boundary.
        request : CharactersRequest
            The text and the alphabet.
        stale : callable
            Whether the answer is no longer wanted.

        Raises
        ------
        Cancelled
            `stale` turned true between two decodes; what was evaluated is kept.
        ModelError
            The model failed.
        """
        alphabet = "".join(dict.fromkeys(request.alphabet))
        if not alphabet:
            return ()
        spelling = self._use(alphabet)
        state = self._state(_Reading(self._tree, spelling, root_tokens, stale), request.text)
        p = _distribution(spelling, state, alphabet)
        return tuple(zip(alphabet, p.tolist(), strict=True))

    def _use(self, alphabet: str) -> Spelling:
        if self._spelling is None:
            self._spelling = Spelling(self._pieces)
        if alphabet != self._alphabet:
            self._spelling.use([fold(character) for character in alphabet])
            self._alphabet = alphabet
            self._states.clear()
        return self._spelling

    def _state(self, reading: _Reading, text: str) -> _State:
        """Return what is known after `text`, from the longest beginning of it that was read before."""
        before, text = _cut(unicodedata.normalize("NFC", text))
        base = reading.root_tokens(before)
        if base != self._base or len(self._states) > _MOST_STATES:
            self._base = base
            self._states.clear()
        known = len(text)
        while known > 0 and text[:known] not in self._states:
            known -= 1
        state = self._states.get(text[:known])
        if state is None:
            state = self._states[""] = reading.start(base, " ")
        for end in range(known + 1, len(text) + 1):
            state = reading.advance(state, fold(text[end - 1]))
            if not state.hypotheses:
                spelled = f"{before} {text[:end]}"
                bare = spelled.rstrip()
                state = reading.start(reading.root_tokens(bare), " " if bare < spelled else "")
            self._states[text[:end]] = state
        return state


class _Reading(NamedTuple):
    """One request's way through the text."""

    tree: Tree
    spelling: Spelling
    root_tokens: Callable[[str], list[int]]
    stale: Callable[[], bool]

    def start(self, base: list[int], begun: str) -> _State:
        likely = self.spelling.likely(self.tree.root(base, self.stale).row)
        return _State(base, (_Hypothesis((), 1.0, begun, likely),))

    def advance(self, state: _State, character: str) -> _State:
        """Return the state after one more (folded) character; without hypotheses if nothing spells it."""
        going_on: list[tuple[float, _Hypothesis]] = []
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
        kept = sorted((pair for pair in going_on if pair[0] > least), key=lambda pair: -pair[0])
        kept = kept[:N_HYPOTHESES]
        total = sum(mass for mass, _ in kept)
        return _State(state.base, tuple(h._replace(weight=h.weight / total) for _, h in kept))

    def _read(self, base: list[int], complete: list[_Complete]) -> list[tuple[float, _Hypothesis]]:
        """Ask the model, in one decode, what comes after complete tokens; with the mass of what may come."""
        found = []
        if complete:
            nodes = self._grow(base, [item.path for item in complete])
            for (path, weight, begun), node in zip(complete, nodes, strict=True):
                likely = self.spelling.likely(node.row)
                mass = weight
                if begun:
                    mass *= float(likely.masses(self.spelling.bounds(begun))[0])
                found.append((mass, _Hypothesis(path, weight, begun, likely)))
        return found

    def _grow(self, base: list[int], paths: list[tuple[int, ...]]) -> list[Node]:
        """Return the nodes at the ends of `paths` below `base`; what the tree forgot is read again."""
        if self.stale():
            raise Cancelled
        shared = 0
        while all(shared < len(path) - 1 and path[shared] == paths[0][shared] for path in paths):
            shared += 1
        root = self.tree.root(base + list(paths[0][:shared]), self.stale)
        parents = [root] * len(paths)
        for depth in range(shared, max(map(len, paths)) - 1):
            longer = [i for i, path in enumerate(paths) if len(path) - 1 > depth]
            grown = self.tree.grow([(parents[i], paths[i][depth]) for i in longer])
            for i, node in zip(longer, grown, strict=True):
                parents[i] = node
        return self.tree.grow([(parent, path[-1]) for parent, path in zip(parents, paths, strict=True)])


def _cut(text: str) -> tuple[str, str]:
    """Return what is read as it is written, and what is spelled by hypotheses: the current sentence."""
    start = 0
    for match in _SENTENCE_START.finditer(text, max(0, len(text) - 2 * _LONGEST)):
        start = match.end()
    while len(text) - start > _LONGEST:
        space = _SPACES.search(text, start + _STEP)
        start = space.end() if space else start + _STEP
    return text[:start].rstrip(), _SPACES.sub(" ", text[start:]).lstrip()


def _distribution(spelling: Spelling, state: _State, alphabet: str) -> NDArray[np.float64]:
    p = np.zeros(len(alphabet))
    gap = end = 0.0
    for _, weight, begun, likely in state.hypotheses:
        p += weight * likely.masses(spelling.next_bounds(begun))
        if not begun:
            gap += weight * likely.gap
            end += weight * likely.end
    space = alphabet.find(" ")
    stop = next((i for i in map(alphabet.find, ".\n ") if i >= 0), -1)
    if space >= 0:
        p[space] += gap + (_CONTINUED * end if stop != space else 0.0)
    if stop >= 0:
        p[stop] += end * (1.0 - _CONTINUED if space >= 0 and stop != space else 1.0)
    total = p.sum()
    if total <= 0.0:
        return np.full(len(alphabet), 1.0 / len(alphabet))
    floored: NDArray[np.float64] = (1.0 - FLOOR) * p / total + FLOOR / len(alphabet)
    return floored
