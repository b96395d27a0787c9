"""models.language: words and phrases that are not proposed, however they are spelled and cut into tokens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SEEN = 200
"""Characters of the text before a proposal that are looked at: a banned phrase may begin there."""

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ´`′＇", "'"))
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class Bans:
    """Words and phrases that are banned.

    What is compared is the text, not its tokens: words without case, with one kind of apostrophe, one way to
    write an accent (and е for ё), without invisible characters. Whatever else stands between two words (a
    space, a hyphen, a comma) is the same to a phrase. A sign without letters, such as an emoji, is found
    anywhere.

    Parameters
    ----------
    banned : iterable of str
        In any spelling; what holds nothing visible bans nothing.
    """

    def __init__(self, banned: Iterable[str]) -> None:
        plain = [_plain(entry) for entry in banned]
        phrases = {tuple(_WORD.findall(entry)) for entry in plain}
        self._phrases: dict[str, list[tuple[str, ...]]] = {}  # by the last word
        for phrase in phrases - {()}:
            self._phrases.setdefault(phrase[-1], []).append(phrase)
        self._signs = [sign for entry in plain if not _WORD.search(entry) and (sign := entry.strip())]

    def __bool__(self) -> bool:
        """Whether anything is banned."""
        return bool(self._phrases or self._signs)

    def completed_by(self, added: str, before: str = "") -> bool:
        """Whether `added`, written right after `before`, completes something that is banned.

        What was complete in `before` already does not count: the person wrote it.
        """
        if not self:
            return False
        old = _plain(before[-_SEEN:])
        new = _plain(before[-_SEEN:] + added)
        if any(new.count(sign) > old.count(sign) for sign in self._signs):
            return True
        known, words = _WORD.findall(old), _WORD.findall(new)
        unchanged = 0
        for one, other in zip(known, words, strict=False):
            if one != other:
                break
            unchanged += 1
        return any(self._ends(words, end) for end in range(unchanged + 1, len(words) + 1))

    def _ends(self, words: list[str], end: int) -> bool:
        """Whether a banned phrase ends before word `end`."""
        return any(
            tuple(words[max(0, end - len(phrase)) : end]) == phrase
            for phrase in self._phrases.get(words[end - 1], ())
        )


def _plain(text: str) -> str:
    """Return `text` as it is compared."""
    text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).casefold()
    text = unicodedata.normalize("NFC", text).replace("ё", "е")
    return "".join(c for c in text if unicodedata.category(c) != "Cf")
