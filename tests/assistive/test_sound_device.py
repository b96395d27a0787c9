"""Words arrive at a real loudspeaker, stop at once, and come back when the loudspeaker does.

Each test plays in a process of its own, whose environment names the sound server.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest
from null_sink import RATE_HZ, NullSink, null_sink, start_server
from numpy.typing import NDArray

LOUD = 300
SPEAKER = Path(__file__).with_name("speaker_process.py")


class Speaker:
    """The process that speaks; it does what it is told and tells what it did."""

    def __init__(self, orders: IO[str], news: IO[str]) -> None:
        self._orders = orders
        self._news = news

    def order(self, *words: str) -> None:
        """Tell the process to do something."""
        self._orders.write(json.dumps(words) + "\n")
        self._orders.flush()

    def until(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """Return the next news of that kind; what comes before it is read."""
        for line in self._news:
            news: dict[str, Any] = json.loads(line)
            if news["kind"] == kind and all(news[k] == v for k, v in wanted.items()):
                return news
        raise AssertionError(f"the process ended before it told {kind} {wanted}")


@contextmanager
def speaker(environment: dict[str, str]) -> Iterator[Speaker]:
    process = subprocess.Popen(
        [sys.executable, str(SPEAKER)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Speaker(process.stdin, process.stdout)
        process.stdin.close()
        assert process.wait(timeout=10) == 0
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[NullSink]:
    with null_sink(tmp_path) as sink:
        yield sink


def energy(sound: NDArray[np.int16]) -> float:
    return float(np.sqrt(np.mean(sound.astype(float) ** 2)))


def loud_until_s(sound: NDArray[np.int16]) -> float:
    loud = np.flatnonzero(np.abs(sound.astype(int)) > LOUD)
    return float(loud[-1] + 1) / RATE_HZ if loud.size else 0.0


def test_an_utterance_is_heard_word_by_word_and_stops_at_once(sink: NullSink) -> None:
    with speaker(sink.environment) as process, sink.recording() as microphone:
        process.until("ready")
        process.order("say", "Hello. I would like a cup of tea, please.")
        process.until("progress", phase="started")
        assert energy(microphone.take(1.0)) > 500
        process.until("progress", phase="finished")
        process.order("say", "This sentence goes on and on and on and on and on.")
        process.until("progress", phase="word", start=5)
        process.order("stop")
        process.until("progress", phase="stopped")
        microphone.forget()
        assert loud_until_s(microphone.take(0.5)) < 0.1
        assert energy(microphone.take(0.5)) < 5


def test_the_words_are_told_when_the_loudspeaker_says_them(sink: NullSink) -> None:
    """The pause at the comma is found in the recording; the word after it is told at its end."""
    with speaker(sink.environment) as process, sink.recording() as microphone:
        process.until("ready")
        process.order("say", "Yes, no")
        yes = process.until("progress", phase="word", start=0)
        no = process.until("progress", phase="word", start=5)
        process.until("progress", phase="finished")
        heard = np.flatnonzero(np.abs(microphone.take(1.0).astype(int)) > LOUD)
        pause_s = float(np.diff(heard).max()) / RATE_HZ
        first_s = float(heard[int(np.argmax(np.diff(heard))) + 1] - heard[0]) / RATE_HZ
        assert pause_s > 0.1
        assert abs((no["t"] - yes["t"]) - first_s) < 0.12


def test_tones_sound_with_the_speech(sink: NullSink) -> None:
    with speaker(sink.environment) as process, sink.recording() as microphone:
        process.until("ready")
        microphone.forget()
        process.order("sound", "click")
        click = microphone.take(0.6)
        assert 0.005 < np.count_nonzero(np.abs(click.astype(int)) > LOUD) / RATE_HZ < 0.03
        process.order("sound", "help")
        alarm = microphone.take(2.0)
        assert 1.2 < loud_until_s(alarm) < 1.8
        process.order("sound", "help")
        assert energy(microphone.take(0.5)) > 1000
        process.order("stop")
        process.until("stopping")
        microphone.forget()
        assert loud_until_s(microphone.take(0.5)) < 0.1
        assert energy(microphone.take(0.5)) < 5


def test_a_lost_device_is_told_and_a_new_one_is_used(sink: NullSink) -> None:
    with speaker(sink.environment) as process:
        process.until("ready")
        process.order("say", "This sentence goes on and on and on and on and on.")
        process.until("progress", phase="word")
        sink.kill()
        trouble = process.until("trouble")
        assert trouble["key"] == "sound-device"
        assert trouble["what"]
        assert trouble["works"]
        assert trouble["todo"]
        process.until("progress", phase="failed")
        process.order("say", "Nobody hears this.")
        process.order("sound", "help")
        process.until("progress", phase="failed", number=2)
        sink.server = start_server(sink.folder).server
        process.until("over")
        with sink.recording() as microphone:
            process.order("say", "I am back again.")
            process.until("progress", phase="started", number=3)
            assert energy(microphone.take(0.8)) > 500


def test_without_a_sound_server_the_app_runs_and_sound_begins_when_there_is_one(sink: NullSink) -> None:
    sink.kill()
    with speaker(sink.environment) as process:
        assert process.until("trouble")["key"] == "sound-device"
        process.order("sound", "click")
        process.order("say", "Nobody hears this.")
        process.until("progress", phase="failed")
        sink.server = start_server(sink.folder).server
        process.until("over")
        with sink.recording() as microphone:
            process.order("say", "Now I am heard.")
            process.until("progress", phase="started", number=2)
            assert energy(microphone.take(0.8)) > 500


def test_a_computer_without_a_sound_card_is_told(tmp_path: Path) -> None:
    """Sound servers then make up a device called Dummy Output, which nobody hears."""
    with null_sink(tmp_path, name="auto_null") as sink, speaker(sink.environment) as process:
        assert process.until("trouble")["key"] == "sound-device"
