"""The tones are clear, soft at the edges, and as loud as they are asked to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.messages import Tone
from assistive.resample import resample
from assistive.tones import tone_pcm

LENGTHS_S = {
    Tone.CLICK: (0.015, 0.025),
    Tone.STEP: (0.015, 0.025),
    Tone.POINT: (0.2, 0.4),
    Tone.CHIME: (0.4, 1.0),
    Tone.HELP: (1.3, 1.7),
}


@pytest.mark.parametrize("tone", list(Tone))
@pytest.mark.parametrize("rate_hz", [8000, 22050, 44100, 48000])
def test_a_tone_has_its_length_and_soft_edges(tone: Tone, rate_hz: int) -> None:
    pcm = tone_pcm(tone, rate_hz, 1.0).astype(int)
    shortest, longest = LENGTHS_S[tone]
    assert shortest <= pcm.size / rate_hz <= longest
    assert abs(pcm[0]) < 700
    assert abs(pcm[-1]) < 700
    assert 2000 < np.abs(pcm).max() <= 32767


@pytest.mark.parametrize("tone", list(Tone))
def test_volume_is_a_factor(tone: Tone) -> None:
    loud, soft = (np.abs(tone_pcm(tone, 48000, volume).astype(int)).max() for volume in (1.0, 0.5))
    assert abs(soft - loud / 2) <= 1


def test_the_click_is_soft_and_the_alarm_is_not() -> None:
    def energy(tone: Tone) -> float:
        return float(np.sqrt(np.mean(tone_pcm(tone, 48000, 1.0).astype(float) ** 2)))

    assert energy(Tone.CLICK) < 0.4 * energy(Tone.HELP)
    assert energy(Tone.POINT) < 0.4 * energy(Tone.HELP)


@given(st.integers(1, 5000), st.sampled_from([8000, 16000, 22050, 44100, 48000]))
def test_resampling_keeps_the_length(n_samples: int, to_hz: int) -> None:
    pcm = np.full(n_samples, 1000, np.int16)
    assert abs(resample(pcm, 22050, to_hz).size - n_samples * to_hz / 22050) <= 1


def test_resampling_keeps_the_sound() -> None:
    def tone(rate_hz: int) -> np.ndarray:
        t = np.arange(rate_hz) / rate_hz
        return (10000 * np.sin(2 * np.pi * 440 * t) * np.hanning(rate_hz)).astype(np.int16)

    error = resample(tone(22050), 22050, 48000).astype(int) - tone(48000)
    assert np.abs(error).max() < 50
    assert resample(np.zeros(0, np.int16), 22050, 48000).size == 0
