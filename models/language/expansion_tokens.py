"""models.language: which tokens can come next in a sentence that an abbreviation stands for.

A sentence is read character by character; where it stands is the number of the word, how many of its known letters
are spelled, and whether a word is being written, or a space or a letter must come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.language.abbreviation_parse import Part
from models.language.partial import fold
from models.language.pieces import Pieces, Script, script_of
from models.language.tree import Row

_JOINTS = "'-"
_PAUSES = ",;"
_NEW_WORD = 24
_SAME_WORD = 6
_JOINED = 4


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


class NextTokens:
    """Finds the tokens that can come next.

    Parameters
    ----------
    pieces : Pieces
        The vocabulary.
    """

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._others: dict[str, list[int]] = {}  # numbers and marks, which are no pieces of words
        for token, text in enumerate(pieces.texts):
            bare = text[1:] if text[:1] == " " else text
            if bare.isdecimal() or text in _PAUSES or text in _JOINTS:
                self._others.setdefault(text, []).append(token)
        self._spelling: dict[str, NDArray[np.intp]] = {}
        marks = [token for mark in _PAUSES + _JOINTS for token in self._others.get(mark, ())]
        self._marks = np.array(marks, np.intp)

    def after(self, row: Row, state: State, parts: Sequence[Part]) -> Iterator[Step]:
        """Return the likeliest tokens that agree with `parts`."""
        for group, width in self._groups(row, state, parts):
            log_p = row.logits[group] - row.log_z
            if len(group) > width:
                best = np.argpartition(log_p, len(log_p) - width)[-width:]
                group, log_p = group[best], log_p[best]
            for token, log_p_token in zip(group.tolist(), log_p.tolist(), strict=True):
                after = read_on(state, fold(self._pieces.texts[token]), parts)
                if after is not None:
                    yield Step(token, log_p_token, after)

    def _groups(
        self, row: Row, state: State, parts: Sequence[Part]
    ) -> Iterator[tuple[NDArray[np.intp], int]]:
        """Return groups of tokens, and how many of each are enough; not all of them match."""
        part = parts[state.word]
        if state.place is Place.SPACE:
            yield self._spelled(" " + part.letters), _NEW_WORD
        elif state.place is Place.LETTER or state.spelled < len(part.letters):
            yield self._spelled(part.letters[state.spelled :]), _NEW_WORD
        else:
            if not part.whole:
                mask = self._pieces.continues(script_of(part.letters) or Script.LATIN)
                yield row.ids[mask[row.ids]], _SAME_WORD
            if state.word + 1 < len(parts):
                following = parts[state.word + 1]
                yield self._spelled(" " + following.letters), _NEW_WORD
                for joint in "" if following.is_number else _JOINTS:
                    yield self._spelled(joint + following.letters), _JOINED
                if not following.is_number:
                    yield self._marks, _JOINED
                if part.is_number and not following.is_number:
                    yield self._spelled(following.letters), _JOINED

    def _spelled(self, wanted: str) -> NDArray[np.intp]:
        """Return the tokens that begin with `wanted` or are a beginning of it."""
        if wanted not in self._spelling:
            beginnings = (wanted[:length] for length in range(1, len(wanted) + 1))
            others = [token for text in beginnings for token in self._others.get(text, ())]
            self._spelling[wanted] = np.unique(
                np.concatenate(
                    [
                        self._pieces.starting_with(wanted),
                        self._pieces.beginnings_of(wanted),
                        np.array(others, np.intp),
                    ]
                )
            )
        return self._spelling[wanted]
