"""models.speech: sound and the words in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class WordMark:
    """The word text[start:end] is heard from `at_s` seconds after the start of the speech."""

    start: int
    end: int
    at_s: float


@dataclass(frozen=True, slots=True, eq=False)
class SpeechChunk:
    """A piece of speech, in order.

    Parameters
    ----------
    pcm : ndarray of int16, shape (n_samples,)
        Mono sound.
    rate_hz : int
        Samples a second, the same in every chunk of one synthesizer.
    marks : tuple of WordMark
        The words that begin in this chunk; positions count from the start of the text, times from the
        start of the speech.
    """

    pcm: NDArray[np.int16]
    rate_hz: int
    marks: tuple[WordMark, ...] = ()


class SpeechError(Exception):
    """A synthesizer cannot speak; the message says why in words for the caregiver."""


class Synthesizer(Protocol):
    """Turns text into speech, a sentence at a time so that the first sound comes early."""

    name: str

    def speak(self, text: str, *, rate: float) -> Iterator[SpeechChunk]:
        """Yield the speech for `text`; `rate` 1.0 is normal, 2.0 twice as fast. Raises SpeechError."""
        ...
