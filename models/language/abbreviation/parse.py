"""models.language.abbreviation: an abbreviation as a row of word beginnings.

The rules are those of SpeakFaster (Cai et al., NAACL 2022): one part a word, contractions and compounds count as two
words ("can't" is c t), digits are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from models.language.partial import fold

MAX_PARTS = 16
"""Only so many words are expanded at once; what follows is left for the next request."""

MAX_LETTERS = 32
"""Longer parts are no beginnings of words."""

_JOINTS = ("'", "-")
_READ = 1000  # characters that are looked at: MAX_PARTS parts of MAX_LETTERS letters
_RUN = re.compile(r"[^\W\d_]+|\d+")
_SENTENCE_MARK = re.compile(r"[.?!…](?=[\s.?!…]*\Z)")
_UNDERSTOOD = re.compile(
    r"[\w\s.,;:?!…'\-\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe0f\ufeff]"
)

_ONE_LETTER = {"en": frozenset("iastdm"), "ru": frozenset("явиуоскабж")}
"""Words of one letter, and what a contraction leaves of its second word."""

_CONTRACTED = {
    "m": ("i",),
    "t": (
        "ai",
        "ar",
        "ca",
        "co",
        "da",
        "di",
        "do",
        "ha",
        "is",
        "ma",
        "mi",
        "mu",
        "ne",
        "sh",
        "wa",
        "we",
        "wo",
    ),
}
"""With which two letters a word begins that ends in "'m" or "n't"; after others "m" and "t" are initials."""


class Part(NamedTuple):
    """What is known of one word.

    Parameters
    ----------
    letters : str
        Its beginning, folded; or a number.
    whole : bool
        The word is not longer than that.
    """

    letters: str
    whole: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the word is written in digits."""
        return self.letters[0].isdigit()


class Abbreviation(NamedTuple):
    """What the person typed, as the search uses it.

    Parameters
    ----------
    parts : tuple of Part
        One a word, at most `MAX_PARTS`.
    mark : str
        How the sentence ends: ".", "?", "!", or "" if it was not said.
    cut : bool
        There are more parts, which are not expanded.
    understood : bool
        Nothing else was typed: no emoji, nothing that is longer than any word.
    """

    parts: tuple[Part, ...]
    mark: str = ""
    cut: bool = False
    understood: bool = True


def parse_abbreviation(typed: str, language: str) -> Abbreviation:
    """Return the parts of an abbreviation.

    Spaces separate words, each given by its initial, its beginning or whole ("i w some wa"). A single run of
    letters is a row of initials ("iwsw"), unless it is spelled like a contraction ("don't"). Where words are
    abbreviated with two letters each, a letter that is alone is a whole word ("i wa so wa").
    """
    text = _plain(typed)
    mark = _SENTENCE_MARK.search(text)
    runs = _runs(text)
    one_chunk = len(text.split()) == 1 and not re.search(r"\w['-]\w", text)
    if one_chunk:
        runs = [part for run in runs for part in ([run] if run[0].isdigit() else run)]
    possible = [run for run in runs if len(run) <= MAX_LETTERS]
    whole = _two_letters_each(possible, language)
    parts = tuple(Part(run, run[0].isdigit() or (whole and len(run) == 1)) for run in possible)
    return Abbreviation(
        parts[:MAX_PARTS],
        mark.group().replace("…", ".") if mark else "",
        len(parts) > MAX_PARTS or len(typed) > _READ,
        len(possible) == len(runs) and _UNDERSTOOD.sub("", text) == "",
    )


def readings_of(typed: str, language: str) -> tuple[Abbreviation, ...]:
    """Return all that may be meant by an abbreviation, what `parse_abbreviation` says first.

    Two letters that stand alone are two initials ("ye": "you eat"), or one word of which two letters are given, as
    where every word has two ("ye": "yeah").
    """
    wanted = parse_abbreviation(typed, language)
    letters = "".join(part.letters for part in wanted.parts)
    if (
        len(wanted.parts) != len(letters)
        or len(letters) != 2
        or _runs(typed) != [letters]
        or letters[0].isdigit()
    ):
        return (wanted,)
    return wanted, wanted._replace(parts=(Part(letters),))


def _plain(typed: str) -> str:
    return fold(unicodedata.normalize("NFC", typed[:_READ]))


def _runs(text: str) -> list[str]:
    return _RUN.findall(_plain(text))


def _two_letters_each(runs: list[str], language: str) -> bool:
    words = [run for run in runs if not run[0].isdigit()]
    alone = _ONE_LETTER.get(language, frozenset())
    return any(len(word) == 2 for word in words) and all(
        len(word) == 2 or (len(word) == 1 and word in alone and before in _CONTRACTED.get(word, (before,)))
        for before, word in pairwise(["", *words])
    )


def parse_whole(text: str) -> tuple[Part, ...]:
    """Return the words of `text`, which are known."""
    return tuple(Part(run, whole=True) for run in _runs(text)[:MAX_PARTS])


def parse_beginning(letters: str) -> tuple[Part, ...]:
    """Return the one word that begins with `letters`, or () if they are none."""
    return tuple(Part(run, run[0].isdigit()) for run in _runs(letters)[:1])


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as an abbreviation counts them; an apostrophe or hyphen begins the next one."""
    ends = [match.end() for match in _RUN.finditer(text)]
    return tuple(text[a:b].strip(" ,;") for a, b in pairwise([0, *ends]))


def joined(words: Iterable[str]) -> str:
    """Return the text of such words."""
    return "".join(word if word[:1] in _JOINTS else f" {word}" for word in words)
