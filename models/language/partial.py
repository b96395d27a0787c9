"""models.language: where the word that is being written begins, and when two spellings are the same word."""

from __future__ import annotations

import re
from typing import NamedTuple

_PARTIAL = re.compile(r"[^\W_](?:[^\W_]|['’‑-](?!['’‑-]))*\Z")
_NO_SPACE_AFTER = "([{«“‘\"'-‑/"

_ONE_LETTER_WORDS = {"en": frozenset("ia"), "ru": frozenset("явиуоска")}


class Split(NamedTuple):
    """A text cut before the word that is being written.

    Parameters
    ----------
    before : str
        Everything up to the last word boundary, without trailing white space.
    space : bool
        Whether the next word stands apart from `before`.
    partial : str
        The beginning of the word that is being written, or "".
    """

    before: str
    space: bool
    partial: str


def split_partial(text: str) -> Split:
    """Cut `text` at its last word boundary; apostrophes and hyphens inside a word belong to it."""
    match = _PARTIAL.search(text[-200:])
    partial = match.group() if match else ""
    rest = text[: len(text) - len(partial)]
    before = rest.rstrip()
    space = len(before) < len(rest) or not before or before[-1] not in _NO_SPACE_AFTER
    return Split(before, space, partial)


def fold(word: str) -> str:
    """Return the form that is equal for spellings of one word: case and typographic marks do not count."""
    return plain_marks(word).casefold()


def plain_marks(word: str) -> str:
    """Return `word` with the apostrophe and the hyphen of a keyboard."""
    return word.replace("’", "'").replace("‑", "-")


def is_bare_letter(folded: str, language: str) -> bool:
    """Whether a folded word is a single letter that is no word in `language`."""
    words = _ONE_LETTER_WORDS.get(language)
    return len(folded) == 1 and words is not None and folded not in words
