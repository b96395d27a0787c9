"""assistive: one utterance as sound, said by the first voice that can."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistive.messages import Utterance
from assistive.resample import resample
from devices.i18n import N_
from models.speech.messages import SpeechChunk, SpeechError, Synthesizer, WordMark

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Sound to be heard next; the times of `marks` count from the start of the utterance."""

    pcm: NDArray[np.int16]
    marks: tuple[WordMark, ...]


@dataclass(frozen=True, slots=True)
class Broke:
    """The voice `name` failed for `reason`; the next one goes on from the same word."""

    name: str
    reason: str


def say(utterance: Utterance, synthesizers: Sequence[Synthesizer], rate_hz: int) -> Iterator[Piece | Broke]:
    """Yield the sound of the utterance at its volume and `rate_hz`.

    Raises
    ------
    SpeechError
        No voice was left to go on with.
    """
    said_to = 0
    said_s = 0.0
    reason = N_("There is no voice.")
    for synthesizer in synthesizers:
        start, start_s = said_to, said_s
        try:
            for chunk in synthesizer.speak(utterance.text[start:], rate=utterance.rate):
                marks = tuple(
                    replace(mark, start=mark.start + start, end=mark.end + start, at_s=mark.at_s + start_s)
                    for mark in chunk.marks
                )
                yield Piece(_loudness(chunk, utterance.volume, rate_hz), marks)
                said_s += chunk.pcm.size / chunk.rate_hz
                said_to = marks[-1].end if marks else said_to
            return
        except Exception as error:  # whatever broke, the person must be heard: the next voice goes on
            if not isinstance(error, SpeechError):
                _log.exception("the voice %s broke", synthesizer.name)
            reason = str(error) or type(error).__name__
            yield Broke(synthesizer.name, reason)
    raise SpeechError(reason)


def _loudness(chunk: SpeechChunk, volume: float, rate_hz: int) -> NDArray[np.int16]:
    quieter = (chunk.pcm * np.float32(min(max(volume, 0.0), 1.0))).astype(np.int16)
    return resample(quieter, chunk.rate_hz, rate_hz)
