"""models.speech: text cut into pieces that are spoken one after another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_SEGMENT = 200

_SENTENCE_END = re.compile(r"[.!?…。！？؟]+[\"'»”)\]]*\s+|\n\s*")
_NO_SENTENCE_END = re.compile(r"\b(?:[^\W\d_]|Mr|Mrs|Ms|Dr|St|Prof|e\.g|i\.e|vs)\.$")
_CLAUSE_END = re.compile(r"[,;:—–)]\s+")
_UNSPEAKABLE = frozenset(("Cc", "Cs", "Co", "Cn"))


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, or a part of a long one.

    Parameters
    ----------
    start : int
        Where it begins in the whole text.
    text : str
        What is spoken: as long as in the original, with a space for every character that has no sound
        (control characters, lone surrogates, unassigned code points).
    """

    start: int
    text: str

    def words(self) -> tuple[tuple[int, int], ...]:
        """Return (start, end) of each word in `text`, without the punctuation around it."""
        found = []
        for match in re.finditer(r"\S+", self.text):
            start, end = match.span()
            while start < end and _is_punctuation(self.text[start]):
                start += 1
            while end > start and _is_punctuation(self.text[end - 1]):
                end -= 1
            if start < end:
                found.append((start, end))
        return tuple(found)


def segments(text: str, longest: int = LONGEST_SEGMENT) -> Iterator[Segment]:
    """Cut `text` at its sentences, and sentences longer than `longest` at a clause or a space.

    Short pieces make the first sound come early and let a voice stop soon. Pieces in which there is
    nothing to say are left out.
    """
    speakable = "".join(_speakable(c) for c in text)
    for start, end in _sentences(speakable):
        while start < end:
            cut = end if end - start <= longest else _cut(speakable, start, start + longest)
            if speakable[start:cut].strip():
                yield Segment(start, speakable[start:cut])
            start = cut


def _speakable(character: str) -> str:
    if character == "\n":
        return character
    return " " if unicodedata.category(character) in _UNSPEAKABLE else character


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character).startswith("P")


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        # Ten characters hold the longest abbreviation; looking further back would be quadratic.
        before = text[max(start, match.start() - 10) : match.start() + 1]
        if _NO_SENTENCE_END.search(before) and "\n" not in match.group():
            continue
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _cut(text: str, start: int, limit: int) -> int:
    middle = (start + limit) // 2
    clauses = [m.end() for m in _CLAUSE_END.finditer(text, middle, limit)]
    if clauses:
        return clauses[-1]
    space = text.rfind(" ", start + 1, limit)
    return space + 1 if space > 0 else limit
