"""models.language: what each token of a vocabulary can be in a word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from models.language.partial import plain_marks

_LATIN = r"A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_CYRILLIC = r"\u0400-\u052f"
_WORDY = re.compile(rf"( ?)(?:(['-]+)|(['{_LATIN}-]+)|(['{_CYRILLIC}-]+)|((?:[^\W\d_]|['-])+))")
_GOES_ON = re.compile(r"[^\W_]|[\u0300-\u036f]|['-](?:[^\W_]|$)|\ufffd")
_SENTENCE_MARKS = {".": ".", "?": "?", "!": "!", "…": ".", "\n": "."}
_LAST_CHARACTER = "\U0010ffff"


class Script(IntEnum):
    """The letters of a token. NONE: only an apostrophe or a hyphen, which go with any letters."""

    NONE = 0
    LATIN = 1
    CYRILLIC = 2
    OTHER = 3


def script_of(text: str) -> Script:
    """Return the script of a word's letters; OTHER if they are mixed or of a third one."""
    match = _WORDY.fullmatch("".join(c for c in text if c.isalpha()))
    return Script.NONE if match is None else _script(match)


def _script(match: re.Match[str]) -> Script:
    return Script((match.lastindex or 0) - 2)


class Pieces:
    """The vocabulary of a model, seen as pieces of words.

    Works for SentencePiece and byte-level BPE alike: in both, a word that stands apart begins with a space
    inside its first token. Tokens that hold a part of a character only are never used.

    Parameters
    ----------
    pieces : sequence of bytes, shape (n_vocab,)
        What each token stands for; b"" for control tokens.
    ends : sequence of int
        Tokens that end a text.

    Attributes
    ----------
    texts : list of str, shape (n_vocab,)
        What each token shows, with plain apostrophes.
    boundary : ndarray of bool, shape (n_vocab,)
        After this token's beginning the word before it is complete.
    comma : ndarray of bool, shape (n_vocab,)
        The token is a comma.
    sentence_mark : ndarray of uint8, shape (n_vocab,)
        The mark with which this token ends the sentence (``ord(".")``, "?" or "!"; a new line and the end
        of the text count as a full stop), 0 where it does not.
    fragments : dict of int to bytes
        The tokens that hold a part of a character, and their bytes.
    """

    def __init__(self, pieces: Sequence[bytes], ends: Sequence[int]) -> None:
        n_vocab = len(pieces)
        self.texts = [plain_marks(piece.decode("utf-8", "replace")) for piece in pieces]
        self.fragments = {token: pieces[token] for token, text in enumerate(self.texts) if "\ufffd" in text}
        self.boundary = np.zeros(n_vocab, np.bool_)
        self._starts = np.zeros(n_vocab, np.bool_)  # " word": begins a word that stands apart
        self._joins = np.zeros(n_vocab, np.bool_)  # "word": goes on with one
        self._script = np.zeros(n_vocab, np.uint8)
        self.comma = np.zeros(n_vocab, np.bool_)
        self.sentence_mark = np.zeros(n_vocab, np.uint8)
        wordy: list[tuple[str, int]] = []
        for token, text in enumerate(self.texts):
            if not text:
                continue
            match = _WORDY.fullmatch(text)
            if match is None:
                self.boundary[token] = _GOES_ON.match(text) is None
                self.comma[token] = text == ","
                if text[0] in _SENTENCE_MARKS:
                    self.sentence_mark[token] = ord(_SENTENCE_MARKS[text[0]])
                if text == " ":
                    wordy.append((text, token))
                continue
            self._script[token] = _script(match)
            if text[0] != " ":
                self._joins[token] = True
            else:
                self.boundary[token] = True
                if text[1] in "'-":
                    continue
                self._starts[token] = True
            wordy.append((text.casefold(), token))
        self.boundary[list(ends)] = True
        self.sentence_mark[list(ends)] = ord(".")
        wordy.sort()
        self._folded = [text for text, _ in wordy]
        self._tokens = np.array([token for _, token in wordy], np.intp)
        self._masks: dict[tuple[bool, Script], NDArray[np.bool_]] = {}

    def begins(self, script: Script, *, space: bool) -> NDArray[np.bool_]:
        """Return which tokens can begin a word in `script`, with a `space` before it or without."""
        if not space:
            return self.continues(script)
        return self._mask(True, script)

    def continues(self, script: Script) -> NDArray[np.bool_]:
        """Return which tokens can go on with a word in `script`."""
        return self._mask(False, script)

    def of_script(self, script: Script) -> NDArray[np.intp]:
        """Return the tokens whose letters are of `script`; NONE: those without letters."""
        return np.flatnonzero(self._script == script)

    def in_script(self, tokens: NDArray[np.intp], script: Script) -> NDArray[np.intp]:
        """Return those of `tokens` that go with `script`."""
        own = self._script[tokens]
        kept: NDArray[np.intp] = tokens[(own == script) | (own == Script.NONE)]
        return kept

    def starting_with(self, folded: str) -> NDArray[np.intp]:
        """Return the tokens whose folded text begins with `folded` (a leading space counts)."""
        low = bisect_left(self._folded, folded)
        found: NDArray[np.intp] = self._tokens[low : bisect_left(self._folded, folded + _LAST_CHARACTER, low)]
        return found

    def beginnings_of(self, folded: str) -> NDArray[np.intp]:
        """Return the tokens whose folded text is a beginning of `folded`, not all of it."""
        found = []
        for length in range(1, len(folded)):
            low = bisect_left(self._folded, folded[:length])
            while low < len(self._folded) and self._folded[low] == folded[:length]:
                found.append(self._tokens[low])
                low += 1
        return np.array(found, np.intp)

    def _mask(self, start: bool, script: Script) -> NDArray[np.bool_]:
        key = (start, script)
        if key not in self._masks:
            own = (self._script == script) | (self._script == Script.NONE)
            self._masks[key] = (self._starts if start else self._joins) & own
        return self._masks[key]
