"""`sayso replay-eeg`: a recording comes out of real LSL outlets and in at the driver, as from an amplifier."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import mne
import numpy as np
import pytest
from outlet_process import keep_lsl_apart

from assistive.cli import main
from devices.clock import LslClock
from devices.driver import DeviceLost, Emitted
from devices.eeg.lsl import LslEegDriver
from devices.samples import EegChunk, Marker

keep_lsl_apart()
HZ = 250.0
NAMES = ["Cz", "Pz", "Oz"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.lsl_stream.OTHERS_S", 0.05)
    monkeypatch.setattr("devices.eeg.lsl_markers.LOOK_S", 0.1)
    monkeypatch.setattr("devices.eeg.lsl_session.HELD_S", 0.2)


@pytest.fixture
def signal() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Two seconds in microvolts."""
    return np.random.default_rng(8).normal(0.0, 10.0, (500, 3))


@pytest.fixture
def recording(tmp_path: Path, signal: np.ndarray[Any, np.dtype[np.float64]]) -> Path:
    info = mne.create_info([*NAMES, "STI"], HZ, ["eeg", "eeg", "eeg", "stim"])
    raw = mne.io.RawArray(np.vstack([signal.T * 1e-6, np.zeros(500)]), info, verbose="error")
    raw.set_annotations(mne.Annotations([0.9, 1.2, 1.6], [0.0] * 3, ["target", "nontarget", "target"]))
    path = tmp_path / f"{uuid4()}_raw.fif"
    raw.save(path, verbose="error")
    return path


Replaying = Callable[..., tuple[subprocess.Popen[str], str]]


def listen(stream: str, enough: int = sys.maxsize) -> tuple[list[EegChunk], list[Marker]]:
    """What the driver makes of a stream, until its end or until that many samples came."""
    stop = threading.Event()
    chunks: list[EegChunk] = []
    markers: list[Marker] = []

    def emit(message: Emitted) -> None:
        if isinstance(message, Marker):
            markers.append(message)
        elif isinstance(message, EegChunk):
            chunks.append(message)
            if sum(len(chunk.t) for chunk in chunks) >= enough:
                stop.set()

    try:
        LslEegDriver(stream).run(emit, stop, LslClock())
    except DeviceLost as lost:
        assert "has ended" in str(lost) or "sends nothing" in str(lost)
    return chunks, markers


def test_all_of_it_comes_in_real_time_with_its_markers_at_their_samples(
    recording: Path, signal: np.ndarray[Any, np.dtype[np.float64]], replaying: Replaying
) -> None:
    process, told = replaying("replay-eeg", recording)
    assert recording.stem in told
    chunks, markers = listen(recording.stem)
    assert process.wait(10) == 0
    assert chunks[0].channels == tuple(NAMES) and chunks[0].rate_hz == HZ
    assert [chunk.gap for chunk in chunks if chunk.gap] == [True]
    assert np.concatenate([chunk.data for chunk in chunks]) == pytest.approx(signal, abs=1e-3)
    t = np.concatenate([chunk.t for chunk in chunks])
    assert t[-1] - t[0] == pytest.approx(499 / HZ, abs=0.01)
    found = [(marker.label, round(marker.t - t[0], 1)) for marker in markers]
    assert found[-2:] == [("nontarget", 1.2), ("target", 1.6)]
    assert abs(markers[-1].t - t[400]) < 0.002


def test_twice_as_fast_from_the_second_second_under_another_name_and_again(
    recording: Path, signal: np.ndarray[Any, np.dtype[np.float64]], replaying: Replaying
) -> None:
    name = f"amp {uuid4()}"
    _, told = replaying("replay-eeg", recording, "--speed", "2", "--from", "1", "--name", name, "--loop")
    assert name in told
    chunks, _ = listen(name, enough=400)
    assert chunks[0].rate_hz == 500.0
    data = np.concatenate([chunk.data for chunk in chunks])
    assert data[:250] == pytest.approx(signal[250:], abs=1e-3)
    assert data[250:400] == pytest.approx(signal[250:400], abs=1e-3)
    assert [chunk.gap for chunk in chunks if chunk.gap] == [True, True], "between the end and the beginning"


@pytest.mark.parametrize("content", [None, b"", b"no EEG at all", b"\x00" * 4096])
def test_what_is_no_recording_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    file = tmp_path / "look_raw.fif"
    if content is not None:
        file.write_bytes(content)
    assert main(["replay-eeg", str(file)]) == 1
    assert str(file) in capsys.readouterr().err


def test_a_file_of_another_kind_or_without_eeg_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("t,x\n")
    assert main(["replay-eeg", str(text)]) == 1
    no_eeg = tmp_path / "heart_raw.fif"
    raw = mne.io.RawArray(np.zeros((1, 100)), mne.create_info(["heart"], HZ, "ecg"), verbose="error")
    raw.save(no_eeg, verbose="error")
    assert main(["replay-eeg", str(no_eeg)]) == 1
    told = capsys.readouterr().err
    assert str(text) in told and "no channels of EEG, only: heart" in told


@pytest.mark.parametrize("option", ["--speed", "--from"])
@pytest.mark.parametrize("value", ["-1", "nan", "inf", "quick"])
def test_an_impossible_speed_or_start_is_refused(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["replay-eeg", "look.fif", option, value])
    assert option in capsys.readouterr().err
