"""assistive.simulate: the sentence the person means to write, and how far they have come."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[\w'’\-]+")
_SPELLED = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "}


def writable(text: str, alphabet: set[str]) -> tuple[str, set[str]]:
    """Return the text as this board can spell it, and the characters it had to leave out.

    Typographic signs become plain ones and accents are dropped where the board has no such letter.
    """
    spelled, left_out = [], set()
    for character in text.strip():
        for plain in _SPELLED.get(character, character):
            if plain.lower() in alphabet or plain.isspace():
                spelled.append(" " if plain.isspace() else plain)
                continue
            base = unicodedata.normalize("NFD", plain)[0]
            if base.lower() in alphabet:
                spelled.append(base)
            else:
                left_out.add(plain)
    return re.sub(" +", " ", "".join(spelled)).strip(), left_out


class TargetText:
    """A sentence and the position up to which the person believes it is written."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.done = 0

    @property
    def finished(self) -> bool:
        """Whether the person believes that all of it is written."""
        return self.done >= len(self.text)

    @property
    def next_character(self) -> str:
        """What comes next, in lower case."""
        return self.text[self.done].lower()

    @property
    def partial(self) -> str:
        """What is written of the present word."""
        match = re.search(r"[\w'’\-]+$", self.text[: self.done])
        return match.group() if match else ""

    @property
    def word(self) -> str:
        """The whole present word, "" where punctuation or a space comes next."""
        match = _WORD.match(self.text, self.done - len(self.partial))
        return match.group() if match else ""

    def word_left(self) -> int:
        """How many characters of the present word are not written yet."""
        return len(self.word) - len(self.partial) if self.word else 0

    def after_word(self) -> int:
        """The position after choosing the present word from a slot: its space comes with it."""
        end = self.done - len(self.partial) + len(self.word)
        return end + 1 if self.text[end : end + 1] == " " else end

    def after_phrase(self, phrase: str) -> int | None:
        """The position after choosing this phrase; None where the sentence does not go on like it."""
        start = self.done - len(self.partial)
        wanted = self.text[start:].lower()
        phrase = phrase.strip().lower()
        if not phrase or not wanted.startswith(phrase) or start + len(phrase) <= self.done:
            return None
        after = start + len(phrase)
        if re.match(r"[\w'’\-]", self.text[after : after + 1]) and re.search(r"[\w'’\-]$", phrase):
            return None  # it ends in the middle of a word
        return after + 1 if self.text[after : after + 1] == " " else after

    def resume_from(self, written: str) -> None:
        """Read what is really written: where it is the sentence's beginning, go on from its end."""
        wanted = self.text.lower()
        for text in (written.lower(), written.lower().rstrip()):
            if wanted.startswith(text):
                self.done = len(text)
                return

    def after_character(self) -> int:
        """The position after writing the next character; a space after a sentence's end comes with it."""
        after = self.done + 1
        if self.text[self.done] in ".?!,:;" and self.text[after : after + 1] == " ":
            after += 1
        return after


def edit_distance(a: str, b: str) -> int:
    """Levenshtein's distance: insertions, deletions and substitutions of characters."""
    row = list(range(len(b) + 1))
    for i, character in enumerate(a, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(b, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (character != other))
    return row[-1]
