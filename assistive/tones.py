"""assistive: the sounds that are not speech, computed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistive.messages import Tone

_LOUDEST = 0.8 * 32767


def tone_pcm(tone: Tone, rate_hz: int, volume: float) -> NDArray[np.int16]:
    """Return the sound of `tone`: mono, int16, at `rate_hz`, with edges that do not crackle.

    CLICK is a soft tick of 20 ms, STEP a lower and quieter one; POINT one low, round note that says "well done, and on"; CHIME two friendly
    notes, a third apart, that say "look at me, please";
    HELP six beeps in pairs (1.5 s) between 800 and 1700 Hz, where hearing is good even in old age and small
    loudspeakers are loud.
    """
    match tone:
        case Tone.CLICK:
            wave = 0.5 * _decaying(1500.0, 0.02, 0.004, rate_hz)
        case Tone.STEP:
            wave = 0.25 * _decaying(700.0, 0.02, 0.004, rate_hz)
        case Tone.POINT:
            wave = 0.35 * _decaying(523.25, 0.3, 0.08, rate_hz)
        case Tone.CHIME:
            wave = np.zeros(round(0.75 * rate_hz))
            for frequency_hz, at_s in ((659.26, 0.0), (783.99, 0.18)):
                note = _decaying(frequency_hz, 0.57, 0.15, rate_hz)
                start = round(at_s * rate_hz)
                wave[start : start + note.size] += 0.6 * note
        case Tone.HELP:
            beeps = [_beep(frequency_hz, 0.2, rate_hz) for frequency_hz in (880.0, 1174.66) * 3]
            pause = np.zeros(round(0.05 * rate_hz))
            wave = np.concatenate([part for beep in beeps for part in (beep, pause)])
    return np.clip(wave * (_LOUDEST * volume), -32767, 32767).astype(np.int16)


def _edges(wave: NDArray[np.float64], edge_s: float, rate_hz: int) -> NDArray[np.float64]:
    n = min(round(edge_s * rate_hz), wave.size // 2)
    ramp = np.sin(np.linspace(0.0, np.pi / 2, n)) ** 2
    wave[:n] *= ramp
    wave[wave.size - n :] *= ramp[::-1]
    return wave


def _decaying(frequency_hz: float, length_s: float, decay_s: float, rate_hz: int) -> NDArray[np.float64]:
    t = np.arange(round(length_s * rate_hz)) / rate_hz
    return _edges(np.sin(2 * np.pi * frequency_hz * t) * np.exp(-t / decay_s), 0.002, rate_hz)


def _beep(frequency_hz: float, length_s: float, rate_hz: int) -> NDArray[np.float64]:
    t = np.arange(round(length_s * rate_hz)) / rate_hz
    phase = 2 * np.pi * frequency_hz * t
    wave = np.sin(phase) + 0.3 * np.sin(2 * phase)  # the octave makes it sharper than a flute
    return _edges(wave / np.abs(wave).max(), 0.008, rate_hz)
