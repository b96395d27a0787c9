"""models.language.characters: how likely each character is to come next.

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

import numpy as np
from numpy.typing import NDArray

from models.language.characters.alphabet import stop_of
from models.language.characters.search import SURPRISE, Search, State
from models.language.characters.spelling import Spelling
from models.language.head import Head
from models.language.messages import CharactersRequest
from models.language.partial import fold
from models.language.pieces import Pieces, Script, script_of
from models.language.tree import Tree

FLOOR = 1e-5
"""What the characters that the model thinks impossible share, so that all can be written."""

_CONTINUED = 0.1  # of the sentences that end here another one follows, where both could be written
_LONGEST = 120  # characters that are spelled by hypotheses; what stands before is read as it is written
_STEP = 90  # so many more are read as written whenever there are too many
_MOST_STATES = 256

_SENTENCE_START = re.compile(r"[.!?…]\s+|\n\s*")
_SPACES = re.compile(r"\s+")


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
    head : callable
        Returns the output layer over the usual tokens of a script and a language, or None.
    """

    def __init__(
        self,
        tree: Tree,
        pieces: Pieces,
        head: Callable[[Script, str], Head | None] = lambda _script, _language: None,
    ) -> None:
        self._tree = tree
        self._head = head
        self._pieces = pieces
        self._spelling: Spelling | None = None
        self._alphabet = ""
        self._base: list[int] = []
        self._states: dict[str, State] = {}

    def read(
        self, root_tokens: Callable[[str], list[int]], request: CharactersRequest, stale: Callable[[], bool]
    ) -> tuple[tuple[str, float], ...]:
        """Return each character of ``request.alphabet`` with its probability; they sum to 1.

        The probability is that of the next character given the text, the context and that it is one of the
        alphabet; exact up to the hypotheses that `character_search` gives up. Upper and lower case count
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
        head = self._head_for(alphabet, request.language)
        state = self._state(Search(self._tree, spelling, stale, head), root_tokens, request.text)
        p = _distribution(spelling, state, alphabet)
        return tuple(zip(alphabet, p.tolist(), strict=True))

    def _head_for(self, alphabet: str, language: str) -> Head | None:
        """Return the output layer over what the alphabet can write, where that is all of a script but Latin.

        In Latin letters a list would leave out tokens that begin a rare word.
        """
        scripts = {script_of(character) for character in alphabet if character.isalpha()}
        return self._head(Script.CYRILLIC, language) if scripts == {Script.CYRILLIC} else None

    def _use(self, alphabet: str) -> Spelling:
        if self._spelling is None:
            self._spelling = Spelling(self._pieces)
        if alphabet != self._alphabet:
            self._spelling.use([fold(character) for character in alphabet])
            self._alphabet = alphabet
            self._states.clear()
        return self._spelling

    def _state(self, search: Search, root_tokens: Callable[[str], list[int]], text: str) -> State:
        """Return what is known after `text`, from the longest beginning of it that was read before."""
        before, text = _cut(unicodedata.normalize("NFC", text))
        base = root_tokens(before)
        if base != self._base or len(self._states) > _MOST_STATES:
            self._base = base
            self._states.clear()
        known = len(text)
        while known > 0 and text[:known] not in self._states:
            known -= 1
        if known == 0 and "" not in self._states:
            self._states[""] = search.start(base, space=True)
        state = self._states[text[:known]]
        for end in range(known + 1, len(text) + 1):
            state = search.advance(state, fold(text[end - 1]))
            if state.p < SURPRISE:
                state = self._look_again(search, root_tokens, before, text[:end], state)
            self._states[text[:end]] = state
        return state

    def _look_again(
        self, search: Search, root_tokens: Callable[[str], list[int]], before: str, text: str, state: State
    ) -> State:
        """Spell the last word of `text` as it is written; start anew if nothing spells it."""
        written = text.rstrip()
        start = written.rfind(" ") + 1
        if len(written) - start > 1:
            shorter = root_tokens(f"{before} {text[:start]}".rstrip())
            longer = root_tokens(f"{before} {written}".lstrip())
            if longer[: len(shorter)] == shorter:
                tokens = tuple(longer[len(shorter) :])
                state = search.respell(self._states[text[:start]], state, tokens, " " + fold(text[start:]))
        if not state.hypotheses:
            base = root_tokens(f"{before} {written}".lstrip())
            state = search.start(base, space=len(written) < len(text))
        return state


def _cut(text: str) -> tuple[str, str]:
    """Return what is read as it is written, and what is spelled by hypotheses: the current sentence."""
    start = 0
    for match in _SENTENCE_START.finditer(text, max(0, len(text) - 2 * _LONGEST)):
        start = match.end()
    while len(text) - start > _LONGEST:
        space = _SPACES.search(text, start + _STEP)
        start = space.end() if space else start + _STEP
    return text[:start].rstrip(), _SPACES.sub(" ", text[start:]).lstrip()


def _distribution(spelling: Spelling, state: State, alphabet: str) -> NDArray[np.float64]:
    p = np.zeros(len(alphabet))
    gap = end = 0.0
    for _, weight, begun, likely in state.hypotheses:
        p += weight * likely.masses(spelling.next_bounds(begun))
        if not begun:
            gap += weight * likely.gap
            end += weight * likely.end
    space = alphabet.find(" ")
    stop = alphabet.find(stop_of(alphabet)) if stop_of(alphabet) else -1
    if space >= 0:
        p[space] += gap + (_CONTINUED * end if stop != space else 0.0)
    if stop >= 0:
        p[stop] += end * (1.0 - _CONTINUED if space >= 0 and stop != space else 1.0)
    total = p.sum()
    if total <= 0.0:
        return np.full(len(alphabet), 1.0 / len(alphabet))
    floored: NDArray[np.float64] = (1.0 - FLOOR) * p / total + FLOOR / len(alphabet)
    return floored
