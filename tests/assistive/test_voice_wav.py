"""The WAV file holds what would have been heard, at any moment."""

from __future__ import annotations

import threading
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.messages import Sound, Tone, Utterance, VoicePhase, VoiceProgress
from assistive.voice import Voice
from assistive.wav import WavOutput
from devices.clock import VirtualClock
from models.speech.espeak import EspeakSynthesizer

RATE_HZ = 1000


def read(path: Path) -> np.ndarray:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def sound(seconds: float, level: int = 1000) -> np.ndarray:
    return np.full(round(seconds * RATE_HZ), level, np.int16)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(100.0)


@pytest.fixture
def output(tmp_path: Path, clock: VirtualClock) -> Iterator[WavOutput]:
    output = WavOutput(tmp_path / "said.wav", clock, rate_hz=RATE_HZ)
    yield output
    output.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "said.wav"


def test_the_file_can_be_read_before_anything_is_said(output: WavOutput, path: Path) -> None:
    assert read(path).size == 0


def test_speech_is_in_the_file_at_once_and_heard_with_time(
    output: WavOutput, clock: VirtualClock, path: Path
) -> None:
    output.write(sound(0.5))
    output.write(sound(0.5, 2000))
    assert read(path).tolist() == [1000] * 500 + [2000] * 500
    assert output.heard_s() == 0
    clock.advance(0.7)
    assert output.heard_s() == pytest.approx(0.7)
    clock.advance(5)
    assert output.heard_s() == pytest.approx(1.0)


def test_what_was_stopped_is_not_in_the_file(output: WavOutput, clock: VirtualClock, path: Path) -> None:
    output.write(sound(2.0))
    clock.advance(0.5)
    output.stop()
    assert 500 <= read(path).size <= 510
    output.write(sound(0.2))
    clock.advance(0.1)
    assert output.heard_s() < 0.2
    assert read(path).size <= 710


def test_a_click_does_not_cut_the_speech(output: WavOutput, clock: VirtualClock, path: Path) -> None:
    output.write(sound(1.0))
    clock.advance(0.3)
    output.tone(sound(0.1, 500))
    clock.advance(0.1)
    output.stop_tones()
    heard = read(path)
    assert heard.size == 1000
    assert (heard[:300] == 1000).all()
    assert (heard[300:400] == 1500).all()
    assert (heard[400:] == 1000).all()


def test_loud_sounds_together_are_clipped_not_wrapped(output: WavOutput, path: Path) -> None:
    output.write(sound(0.1, 30000))
    output.tone(sound(0.1, 30000))
    assert read(path).max() == 32767


def test_a_pause_is_kept_and_a_long_silence_is_shortened(
    output: WavOutput, clock: VirtualClock, path: Path
) -> None:
    output.write(sound(0.1))
    clock.advance(0.6)
    output.tone(sound(0.1))
    assert read(path).size == 700
    clock.advance(3600)
    output.write(sound(0.1))
    assert read(path).size == 700 + 1000 + 100
    clock.advance(0.05)
    assert output.heard_s() == pytest.approx(0.15)


@given(st.lists(st.tuples(st.sampled_from("wtsxa"), st.floats(0, 3)), max_size=20))
def test_the_file_is_whole_after_every_step(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, float]]
) -> None:
    path = tmp_path_factory.mktemp("wav") / "said.wav"
    clock = VirtualClock()
    output = WavOutput(path, clock, rate_hz=100)
    last = 0.0
    for step, seconds in steps:
        pcm = np.full(round(seconds * 100), 7, np.int16)
        match step:
            case "w":
                output.write(pcm)
                last = output.heard_s()
            case "t":
                output.tone(pcm)
            case "s":
                output.stop()
                last = 0.0
            case "x":
                output.stop_tones()
            case "a":
                clock.advance(seconds)
        assert output.heard_s() >= last
        last = output.heard_s()
        assert path.stat().st_size == 44 + 2 * read(path).size
    output.close()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path, clock: VirtualClock) -> None:
    with pytest.raises(OSError):
        WavOutput(tmp_path / "missing" / "said.wav", clock)


def test_a_full_disk_is_a_problem_not_a_crash(clock: VirtualClock) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OSError):
        WavOutput(full, clock)


def test_a_disk_that_fills_up_is_told(output: WavOutput, clock: VirtualClock) -> None:
    output.close()
    output.write(sound(0.5))
    assert "cannot be written" in output.problem()
    clock.advance(0.5)
    assert output.heard_s() == pytest.approx(0.5)


def test_an_utterance_and_a_click_are_written_as_they_are_said(tmp_path: Path) -> None:
    path = tmp_path / "said.wav"
    clock = VirtualClock()
    output = WavOutput(path, clock)
    finished = threading.Event()

    def told(message: object) -> None:
        if isinstance(message, VoiceProgress) and message.phase is VoicePhase.STARTED:
            clock.advance(10.0)
        if isinstance(message, VoiceProgress) and message.phase is VoicePhase.FINISHED:
            finished.set()

    voice = Voice(told, output, clock, lambda *_: (EspeakSynthesizer("en"),))
    voice.handle(Sound(0.0, Tone.CLICK, 0.5))
    voice.handle(Utterance(0.0, 1, "I am heard.", "en", 1.0, 0.9))
    voice.start()
    assert finished.wait(5.0)
    voice.close()
    output.close()
    heard = read(path)
    assert 0.5 < heard.size / output.rate_hz < 3
    assert np.sqrt(np.mean(heard.astype(float) ** 2)) > 500
