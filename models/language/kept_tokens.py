"""models.language: which tokens of a vocabulary texts in Latin and Cyrillic letters can be cut into.

Both kinds of tokenisers build a token from neighbours that are tokens themselves: SentencePiece joins whatever is in
the vocabulary by its score, byte-level BPE follows its list of merges. All that is ever looked up is a part of the
text. So if every token stays that is a part of *some* text in these letters, texts in them are cut as before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RANGES = (
    (0x0000, 0x036F),  # Latin, phonetic letters, marks
    (0x0400, 0x052F),  # Cyrillic
    (0x1C80, 0x1C8F),  # old Cyrillic
    (0x1D00, 0x1DFF),  # phonetic letters, more marks
    (0x1E00, 0x1EFF),  # more Latin
    (0x2000, 0x2BFF),  # punctuation, currencies, arrows, mathematics, symbols
    (0x2C60, 0x2C7F),  # more Latin
    (0x2DE0, 0x2E7F),  # Cyrillic marks, more punctuation
    (0xA640, 0xA69F),  # more Cyrillic
    (0xA720, 0xA7FF),  # more Latin
    (0xAB30, 0xAB6F),  # more Latin
    (0xFB00, 0xFB06),  # "fi" and its like
    (0xFE00, 0xFE0F),  # how an emoji is shown
    (0xFE20, 0xFE2F),  # marks
    (0xFEFF, 0xFEFF),
    (0xFFFC, 0xFFFD),
    (0x1F000, 0x1FAFF),  # emoji
    (0xE0020, 0xE007F),  # parts of flags
)
"""First and last characters that texts may have and still be cut into the same tokens."""

NORMAL, CONTROL, UNUSED = 1, 3, 5
"""Kinds of tokens, as in ``llama_token_type``; all others match texts as they are written."""

_TEXT = re.compile("[{}]*".format("".join(f"{chr(first)}-{chr(last)}" for first, last in RANGES)))
_SPARE = re.compile(rb"<unused\d+>|<\|reserved_special_token_\d+\|>")


def kept_by_sentencepiece(tokens: Sequence[bytes], kinds: Sequence[int]) -> NDArray[np.bool_]:
    """Return which tokens stay, shape (n_vocab,); their spaces are written U+2581."""
    return np.array(
        [
            _TEXT.fullmatch(token.decode("utf-8", "replace")) is not None
            if kind == NORMAL
            else _stays(token, kind)
            for token, kind in zip(tokens, kinds, strict=True)
        ],
        np.bool_,
    )


def kept_by_bytes(tokens: Sequence[bytes], kinds: Sequence[int]) -> NDArray[np.bool_]:
    """Return which tokens of a byte-level BPE vocabulary stay, shape (n_vocab,).

    A token may begin or end inside a character; it stays if that can be one of `RANGES`. Every byte stays.
    """
    byte_of = {letter: byte for byte, letter in enumerate(byte_letters())}
    parts = _Parts()
    kept = []
    for token, kind in zip(tokens, kinds, strict=True):
        if kind != NORMAL:
            kept.append(_stays(token, kind))
            continue
        letters = token.decode("utf-8", "replace")
        known = all(letter in byte_of for letter in letters)
        kept.append(not known or parts.allow(bytes(byte_of[letter] for letter in letters)))
    return np.array(kept, np.bool_)


def _stays(token: bytes, kind: int) -> bool:
    """Whether a token that is not normal stays: placeholders that no text is ever cut into go."""
    return kind != UNUSED and not (kind == CONTROL and _SPARE.fullmatch(token))


class _Parts:
    """What parts of the characters of `RANGES` look like in UTF-8."""

    def __init__(self) -> None:
        self._heads = {b""}
        self._tails = {b""}
        self._middles: set[bytes] = set()
        for first, last in RANGES:
            for code in range(max(first, 0x80), last + 1):
                data = chr(code).encode()
                self._heads.update(data[:end] for end in range(1, len(data)))
                self._tails.update(data[start:] for start in range(1, len(data)))
                self._middles.add(data[1:-1])

    def allow(self, data: bytes) -> bool:
        """Whether `data` is a part of some text, or a byte, of which other scripts are spelled."""
        if len(data) == 1:
            return True
        if (text := _decoded(data)) is not None:
            return _TEXT.fullmatch(text) is not None
        return data in self._middles or any(
            data[:start] in self._tails and data[end:] in self._heads and self._whole(data[start:end])
            for start in range(min(3, len(data)) + 1)
            for end in range(max(start, len(data) - 3), len(data) + 1)
        )

    @staticmethod
    def _whole(data: bytes) -> bool:
        text = _decoded(data)
        return text is not None and _TEXT.fullmatch(text) is not None


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def byte_letters() -> list[str]:
    """Return the letter that byte-level BPE writes for each byte (GPT-2, Radford et al. 2019)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    letters = {byte: chr(byte) for byte in printable}
    for byte in range(256):
        letters.setdefault(byte, chr(256 + len(letters) - len(printable)))
    return [letters[byte] for byte in range(256)]
