"""models.language: how each tone sounds, in the person's language: data, see tones.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from models.language.messages import Tone


@dataclass(frozen=True, slots=True)
class Manner:
    """A tone in one language.

    Parameters
    ----------
    manner : str
        An adverb that stands beside the person's name in the prompt.
    example : str
        What somebody says in this tone.
    words : tuple of str
        They come more easily.
    """

    manner: str
    example: str
    words: tuple[str, ...]


def manner(tone: Tone, language: str) -> Manner | None:
    """Return how `tone` sounds in `language`; None where it changes nothing."""
    return manners(tone).get(language)


@cache
def manners(tone: Tone) -> dict[str, Manner]:
    """Return how `tone` sounds in each language that has it; nothing for the neutral one."""
    text = files(__package__).joinpath("tones.toml").read_text(encoding="utf-8")
    return {
        language: Manner(entry["manner"], entry["example"], tuple(entry["words"]))
        for language, entry in tomllib.loads(text).get(tone.value, {}).items()
    }
