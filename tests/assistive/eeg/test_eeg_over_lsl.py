"""A real amplifier's stream from another process: heard, flashed at, published, lost."""

from __future__ import annotations

import math
import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pylsl
import pytest
from outlet_process import OutletProcess, keep_lsl_apart

from assistive.eeg.listener import EegListener
from assistive.eeg.marker_text import FlashMark, read_mark
from assistive.eeg.messages import EegModelFound, EegSignal, FlashScored, FlashShown, ShowFlashes
from assistive.settings import Settings
from devices.clock import LslClock
from devices.driver import Emitted
from devices.eeg import marker_outlet
from devices.eeg.lsl import LslEegDriver
from devices.runner import DriverRunner

keep_lsl_apart()
CHANNELS = [{"label": label, "type": "EEG", "unit": "microvolts"} for label in ("Fz", "Cz", "Pz")]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.lsl_stream.OTHERS_S", 0.05)
    monkeypatch.setattr("devices.lsl_stream.POLL_S", 0.03)
    monkeypatch.setattr("devices.eeg.lsl_session.HELD_S", 0.2)
    monkeypatch.setattr("assistive.eeg.hearing.LATE_S", 0.2)


@pytest.fixture
def amplifier() -> Iterator[OutletProcess]:
    one = OutletProcess(f"amplifier {uuid4()}", CHANNELS, kind="EEG", rate_hz=250.0, source_id=str(uuid4()))
    yield one
    one.kill()


def wait(posted: queue.Queue[Any], is_it: Callable[[Any], bool]) -> Any:
    while not is_it(message := posted.get(timeout=30.0)):
        pass
    return message


def test_a_stream_is_heard_its_flashes_published_and_its_loss_is_void(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, amplifier: OutletProcess
) -> None:
    name = f"markers {uuid4()}"
    monkeypatch.setattr(marker_outlet.MarkerOutlet.__init__, "__defaults__", (name,))
    clock = LslClock()
    posted: queue.Queue[Any] = queue.Queue()
    settings = Settings().changed("eeg.publish_markers", True)
    listener = EegListener(tmp_path, posted.put, clock, str, settings)
    lost = queue.Queue[Emitted]()

    def hear(emitted: Emitted) -> None:
        listener.sample(emitted)
        lost.put(emitted)

    runner = DriverRunner(LslEegDriver("amplifier"), hear, clock, retry_s=(0.05,))
    runner.start()
    amplifier.keep_pushing([0.0, 0.0, 0.0], 250.0, shake=8.0)
    wait(posted, lambda m: isinstance(m, EegModelFound))
    [found] = pylsl.resolve_byprop("name", name, timeout=10.0)
    inlet = pylsl.StreamInlet(found)
    inlet.open_stream(10.0)

    listener.outgoing(ShowFlashes(clock.now(), 1, (("a",), ("b", "c")), 0.1, 0.2, "a"))
    shown = clock.now()
    listener.shown(FlashShown(shown, 1, 0))
    listener.shown(FlashShown(shown + 0.2, 1, 1))
    assert [wait(posted, lambda m: isinstance(m, FlashScored)).index for _ in range(2)] == [0, 1]
    # Nothing is known of this person yet, but both epochs were whole.
    assert wait(posted, lambda m: isinstance(m, EegSignal) and m.electrodes).kept_epochs == 1.0
    told = [inlet.pull_sample(10.0) for _ in range(2)]
    assert [read_mark(sample[0]) for sample, _ in told] == [
        FlashMark(1, 0, ("a",), "a"),
        FlashMark(1, 1, ("b", "c"), "a"),
    ]
    assert told[0][1] == pytest.approx(shown, abs=0.001)

    amplifier.kill()
    listener.shown(FlashShown(clock.now(), 1, 0))
    assert math.isnan(wait(posted, lambda m: isinstance(m, FlashScored)).llr)
    assert runner.stop()
    assert listener.close(10.0)
    inlet.close_stream()
