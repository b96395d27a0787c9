"""The EEG is recorded while the person wants it, and not a sample longer."""

from __future__ import annotations

import queue
import stat
from pathlib import Path

import mne
import numpy as np
import pytest
from cap_on import WANTED, CapOn
from eeg_person import CHANNELS, EegPerson

from assistive.eeg.marker_text import CalibrationMark, FlashMark, read_mark
from assistive.eeg.messages import EegCalibrating
from assistive.eeg.recording import EegRecording
from assistive.messages import Trouble, TroubleOver
from assistive.settings import Settings
from devices.clock import VirtualClock
from devices.samples import EegChunk, Marker


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("recordings/*_eeg.fif"))


def test_without_the_persons_wish_nothing_is_recorded(tmp_path: Path) -> None:
    cap = CapOn(tmp_path)
    cap.rest(70.0)
    cap.close()
    assert not (tmp_path / "recordings").exists()


def test_what_flashes_is_in_the_recording_and_after_the_wish_nothing_is(tmp_path: Path) -> None:
    cap = CapOn(tmp_path, Settings().changed("eeg.delay_ms", 40.0))
    cap.rest(1.0)
    cap.change("privacy.eeg_recordings", True)
    cap.rest(0.5)
    cap.listener.outgoing(EegCalibrating(cap.clock.now(), True))
    cap.flash(EegPerson(), 24, seed=0, wanted=WANTED)
    cap.change("privacy.eeg_recordings", False)
    cap.rest(30.0)
    cap.close()
    [path] = files(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    raw = mne.io.read_raw_fif(path, verbose="error")
    assert tuple(raw.ch_names) == CHANNELS
    assert raw.times[-1] == pytest.approx(0.5 + 24 * 0.2 + 3.0, abs=0.5)
    marks = [read_mark(str(text)) for text in raw.annotations.description]
    assert CalibrationMark(True) in marks
    flashes = [
        (mark, t) for mark, t in zip(marks, raw.annotations.onset, strict=True) if isinstance(mark, FlashMark)
    ]
    assert [(mark.number, mark.index) for mark, _ in flashes] == [divmod(i, 12) for i in range(12, 36)]
    assert {mark.wanted for mark, _ in flashes} == {WANTED}
    # The first flash comes 1 s after the half second; its light 40 ms later; the first sample is one period in.
    assert flashes[0][1] == pytest.approx(1.54, abs=0.15)


class Noise:
    """A second of EEG after the other."""

    def __init__(self, recording: EegRecording, clock: VirtualClock) -> None:
        self._recording, self._clock = recording, clock

    def come(self, seconds: int) -> None:
        for _ in range(seconds):
            t = self._clock.now() + np.arange(1, 126) / 125.0
            self._recording.add(EegChunk(t, np.zeros((125, 1), np.float32), ("Cz",), 125.0))
            self._clock.advance(1.0)


def test_a_disk_that_refuses_is_said_and_nothing_is_lost_once_there_is_room(tmp_path: Path) -> None:
    in_the_way = tmp_path / "recordings"
    in_the_way.write_text("a file, not a folder")
    posted: queue.Queue[Trouble | TroubleOver] = queue.Queue()
    clock = VirtualClock(10.0)
    recording = EegRecording(in_the_way, posted.put, clock, str)
    noise = Noise(recording, clock)
    noise.come(5)
    clock.advance(60.0)
    noise.come(1)
    trouble = posted.get(timeout=30.0)
    assert isinstance(trouble, Trouble) and trouble.works and trouble.todo
    in_the_way.unlink()
    recording.add(Marker(clock.now() - 0.5, "still there"))
    assert recording.close(30.0)
    assert isinstance(posted.get(timeout=30.0), TroubleOver)
    [path] = in_the_way.glob("*_eeg.fif")
    raw = mne.io.read_raw_fif(path, verbose="error")
    assert len(raw.times) == 6 * 125
    assert "still there" in list(raw.annotations.description)
