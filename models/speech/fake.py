"""models.speech: a synthesizer for tests, beside the protocol it fakes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.speech.messages import SpeechChunk, SpeechError, WordMark
from models.speech.segments import segments


class FakeSynthesizer:
    """Says every word as `word_s` seconds of a constant level, a sentence a chunk.

    Parameters
    ----------
    name : str
        What it is called.
    fails_after : int or None
        Raise SpeechError instead of the chunk with this index.
    """

    def __init__(
        self, name: str = "fake", *, rate_hz: int = 1000, word_s: float = 0.5, fails_after: int | None = None
    ) -> None:
        self.name = name
        self.said: list[str] = []
        self._rate_hz = rate_hz
        self._word_s = word_s
        self._fails_after = fails_after

    def speak(self, text: str, *, rate: float) -> Iterator[SpeechChunk]:
        """Yield one chunk a sentence; the words follow each other every `word_s` / `rate` seconds."""
        self.said.append(text)
        word_s = self._word_s / rate
        n_words = 0
        for i, segment in enumerate(segments(text)):
            if i == self._fails_after:
                raise SpeechError(f"The voice {self.name} broke.")
            words = segment.words()
            marks = tuple(
                WordMark(segment.start + start, segment.start + end, (n_words + k) * word_s)
                for k, (start, end) in enumerate(words)
            )
            n_words += len(words)
            n_samples = round(len(words) * word_s * self._rate_hz)
            yield SpeechChunk(np.full(n_samples, 8000, np.int16), self._rate_hz, marks)
