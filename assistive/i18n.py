"""assistive: the person's language. English sentences go in, theirs come out."""

from __future__ import annotations

import gettext
import re
import struct
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from string import Formatter

LOCALE = Path(__file__).parent / "locale"

# A template with fewer fixed characters than this would recognise almost any sentence as its own.
_MIN_FIXED = 8

_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=\S)")

Translate = Callable[[str], str]


def translator(language: str, folder: Path = LOCALE) -> Translate:
    """Return a function from an English sentence to the same sentence in `language`.

    A sentence from a lower layer may arrive with its values filled in ("model.gguf is damaged."): it is
    recognised by the template it was made from ("{path} is damaged.") and keeps its values. A value that is a
    sentence itself is translated too, and so is each of several sentences that arrive as one.

    Parameters
    ----------
    language : str
        "en", "ru", ... A language without a catalogue, or with a damaged one, stays English: the person can
        still write.
    folder : Path
        Where the compiled catalogues ("ru.mo") are.
    """
    try:
        with (folder / f"{language}.mo").open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
    except (OSError, ValueError, struct.error):
        return _english
    # The standard library reads a catalogue but has no public way to walk through it.
    messages: dict[str, str] = catalogue._catalog  # type: ignore[attr-defined]
    longest_first = sorted(messages.items(), key=lambda message: -len(message[0]))
    templates = [(pattern, text) for source, text in longest_first if (pattern := _recognise(source))]

    @lru_cache(maxsize=2048)
    def translate(sentence: str) -> str:
        if not sentence:  # gettext keeps the catalogue's header under the empty string
            return sentence
        known = recognised(sentence)
        return known if known is not None else one_by_one(_SENTENCE_END.split(sentence))

    def recognised(sentence: str) -> str | None:
        if sentence in messages:
            return messages[sentence]
        for pattern, text in templates:
            if found := pattern.fullmatch(sentence):
                return _fill(text, {name: translate(value) for name, value in found.groupdict().items()})
        return None

    def one_by_one(sentences: list[str]) -> str:
        """The longest runs that the catalogue knows, from the left; the others stay as they are."""
        said = []
        while sentences:
            for count in range(len(sentences), 0, -1):
                known = recognised(" ".join(sentences[:count]))
                if known is not None:
                    break
            said.append(known if known is not None else sentences[0])
            del sentences[:count]
        return " ".join(said)

    return translate


def first_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence of a text, and the rest ("" where it is one sentence)."""
    first, *rest = _SENTENCE_END.split(text, maxsplit=1)
    return first, "".join(rest)


def _english(sentence: str) -> str:
    return sentence


def _recognise(template: str) -> re.Pattern[str] | None:
    """The pattern of the sentences that can be made from `template`; None where there is nothing to fill in."""
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:  # a stray brace: an ordinary sentence
        return None
    names = [name for _, name, _, _ in pieces if name]
    fixed = sum(len(literal) for literal, *_ in pieces)
    if not names or len(set(names)) < len(names) or fixed < _MIN_FIXED:
        return None
    return re.compile(
        "".join(re.escape(literal) + (f"(?P<{name}>.+?)" if name else "") for literal, name, _, _ in pieces),
        re.DOTALL,
    )


def _fill(template: str, values: dict[str, str]) -> str:
    return "".join(
        literal + values.get(name or "", "") for literal, name, _, _ in Formatter().parse(template)
    )
