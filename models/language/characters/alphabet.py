"""models.language.characters: what of a text the characters of a board can write."""

from __future__ import annotations

import unicodedata

from models.language.partial import fold

SENTENCE_MARKS = ".!?…"


def stop_of(alphabet: str) -> str:
    """Return the character of `alphabet` that ends a sentence: ".", the end of the line, the space, or ""."""
    return next((stop for stop in ".\n " if stop in alphabet), "")


def writable(text: str, alphabet: str) -> str:
    """Return one line of `text` as it is written with `alphabet`: without marks that it lacks.

    They count as a space, except that "!", "?" and "…" count as "." where that can be written. The mark at the
    end is left out: whoever counts characters adds `stop_of` once.
    """
    stop = stop_of(alphabet)
    characters = []
    for character in unicodedata.normalize("NFC", text):
        folded = fold(character)
        if folded not in alphabet or character == "\n":
            folded = stop if stop == "." and character in SENTENCE_MARKS else " "
        characters.append(folded)
    return " ".join("".join(characters).split()).rstrip(SENTENCE_MARKS).rstrip()
