"""models.language.abbreviation: which tokens can come next in a sentence that an abbreviation stands for.

A sentence is read character by character; where it stands is the number of the word, how many of its known letters
are spelled, and whether a word is being written, or a space or a letter must come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.language.abbreviation.parse import Part
from models.language.partial import fold
from models.language.pieces import Pieces, Script, script_of

if TYPE_CHECKING:  # the reading of texts is used where llama.cpp may not be loaded
    from models.language.row import Row

_JOINTS = "'-"
_PAUSES = ",;"
_NEW_WORD = 24
_SAME_WORD = 6
_JOINED = 6
_MOST_MASKS = 200


class Place(IntEnum):
    """What the next character may be."""

    WORD = 0  # another letter of the word, or what follows a word
    SPACE = 1
    LETTER = 2  # the first of a word


class State(NamedTuple):
    """Where a sentence stands: in word `word`, of whose known letters `spelled` are written."""

    word: int
    spelled: int
    place: Place

    @property
    def begun(self) -> int:
        """How many words are begun."""
        return self.word + (self.place is Place.WORD)


class Step(NamedTuple):
    """A token that agrees with the abbreviation: how likely it is, and where the sentence stands after it."""

    token: int
    log_p: float
    state: State


START = State(0, 0, Place.SPACE)


def read_on(state: State, text: str, parts: Sequence[Part]) -> State | None:
    """Return where the sentence stands after the folded `text`, None where it does not match `parts`."""
    word, spelled, place = state
    for character in text:
        if character.isalnum():
            if place is Place.SPACE:
                return None
            part = parts[word]
            if place is Place.WORD and spelled == len(part.letters):
                if not part.is_number or character.isdigit():
                    if part.whole or character.isdigit():
                        return None
                    continue
                word, spelled = word + 1, 0
                if word == len(parts):
                    return None
                part = parts[word]
            if part.letters[spelled] != character:
                return None
            spelled, place = spelled + 1, Place.WORD
            continue
        if character == " " and place is Place.SPACE:
            place = Place.LETTER
            continue
        if place is not Place.WORD or spelled < len(parts[word].letters) or word + 1 == len(parts):
            return None
        word, spelled = word + 1, 0
        if character == " " or (character in _JOINTS and not parts[word].is_number):
            place = Place.LETTER
        elif character in _PAUSES:
            place = Place.SPACE
        else:
            return None
    return State(word, spelled, place)


def has_spelled(state: State, parts: Sequence[Part]) -> bool:
    """Whether a word has all the letters that are known of it."""
    return state.place is Place.WORD and state.spelled == len(parts[state.word].letters)


def is_complete(state: State, parts: Sequence[Part]) -> bool:
    """Whether the sentence may end here."""
    return state.word == len(parts) - 1 and has_spelled(state, parts)


class Spellings:
    """Which tokens of a vocabulary can spell what is wanted.

    Parameters
    ----------
    pieces : Pieces
        The vocabulary.
    """

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self._others: dict[str, list[int]] = {}  # numbers and marks, which are no pieces of words
        for token, text in enumerate(pieces.texts):
            if text in _PAUSES or text in _JOINTS or text.lstrip(" ").isdecimal():
                self._others.setdefault(text, []).append(token)
        self._masks: dict[tuple[str, ...], NDArray[np.bool_]] = {}

    def of(self, *wanted: str, pause: bool = False) -> NDArray[np.bool_]:
        """Return which tokens begin with one of `wanted` or are a beginning of it, or are a `pause`."""
        mask = self._masks.get(wanted)
        if mask is None:
            mask = np.zeros(len(self.pieces.texts), np.bool_)
            for text in wanted:
                mask[self.pieces.starting_with(text)] = True
                mask[self.pieces.beginnings_of(text)] = True
                for length in range(1, len(text) + 1):
                    mask[self._others.get(text[:length], [])] = True
            for text in _PAUSES if pause else "":
                mask[self._others.get(text, [])] = True
            if len(self._masks) >= _MOST_MASKS:
                self._masks.clear()
            self._masks[wanted] = mask
        return mask


class NextTokens:
    """Finds the tokens with which a sentence goes on.

    Parameters
    ----------
    spellings : Spellings
        The vocabulary.
    parts : sequence of Part
        The abbreviation.
    """

    def __init__(self, spellings: Spellings, parts: Sequence[Part]) -> None:
        self._spellings = spellings
        self._texts = spellings.pieces.texts
        self._parts = parts
        self._read: dict[tuple[State, int], State | None] = {}

    def after(self, row: Row, state: State) -> Iterator[Step]:
        """Return the likeliest tokens that agree with the abbreviation."""
        for mask, width, needed in self._groups(state):
            tokens, log_p = _likeliest(row, mask, width, needed=needed)
            for token, log_p_token in zip(tokens.tolist(), log_p.tolist(), strict=True):
                key = (state, token)
                if key not in self._read:
                    self._read[key] = read_on(state, fold(self._texts[token]), self._parts)
                if (after := self._read[key]) is not None:
                    yield Step(token, log_p_token, after)

    def _groups(self, state: State) -> Iterator[tuple[NDArray[np.bool_], int, bool]]:
        """Return groups of tokens, how many of each are enough, and whether the words end without them."""
        part = self._parts[state.word]
        if state.place is Place.SPACE:
            yield self._spellings.of(" " + part.letters), _NEW_WORD, True
        elif not has_spelled(state, self._parts):
            yield self._spellings.of(part.letters[state.spelled :]), _NEW_WORD, True
        else:
            if not part.whole:
                script = script_of(part.letters) or Script.LATIN
                yield self._spellings.pieces.continues(script), _SAME_WORD, False
            if state.word + 1 < len(self._parts):
                following = self._parts[state.word + 1]
                yield self._spellings.of(" " + following.letters), _NEW_WORD, True
                if following.is_number:
                    return
                joints = tuple(joint + following.letters for joint in _JOINTS)
                if part.is_number:  # "3pm"
                    joints = (*joints, following.letters)
                yield self._spellings.of(*joints, pause=True), _JOINED, False


def _likeliest(
    row: Row, mask: NDArray[np.bool_], width: int, *, needed: bool
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return the likeliest tokens of a group; where one is `needed`, however unlikely it is."""
    chosen = mask[row.ids]
    tokens = row.ids[chosen]
    log_p = np.log(row.p[chosen])
    if needed and len(tokens) == 0:
        tokens = np.flatnonzero(mask)
        log_p = row.log_p(tokens)
        tokens, log_p = tokens[log_p > -np.inf], log_p[log_p > -np.inf]
    if len(tokens) > width:
        best = np.argpartition(log_p, len(log_p) - width)[-width:]
        tokens, log_p = tokens[best], log_p[best]
    return tokens, log_p
