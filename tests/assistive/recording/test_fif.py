"""EEG and markers are written to FIF as MNE reads it: in time, with boundaries where samples are missing."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mne
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistive.recording.fif import FifRecording
from devices.samples import EegChunk, Marker
from models.erp.epochs import epochs_of

HZ = 250.0


def chunk(
    start: float, count: int, *, gap: bool = False, channels: tuple[str, ...] = ("Cz", "Pz"), hz: float = HZ
) -> EegChunk:
    """Samples whose first channel tells when they were taken, in tenths of seconds."""
    t = start + np.arange(count) / hz
    data = np.repeat(t[:, None] * 10.0, len(channels), axis=1).astype(np.float32)
    return EegChunk(t, data, channels, hz, gap)


def read(path: Path) -> Any:
    return mne.io.read_raw_fif(path, preload=True, verbose="error")


def notes(raw: Any) -> list[tuple[float, str]]:
    return [
        (round(float(onset), 4), str(text))
        for onset, text in zip(raw.annotations.onset, raw.annotations.description, strict=True)
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recordings" / "2026_eeg.fif"


def test_samples_and_markers_come_back_in_microvolts_and_in_time(path: Path) -> None:
    recording = FifRecording(path)
    recording.add(Marker(100.5, "target/code=3"))  # before its samples
    for number in range(20):
        recording.add(chunk(100.0 + number * 0.1, 25, gap=number == 0))
    recording.add(Marker(101.234, "nontarget"))
    recording.add(Marker(42.0, "before everything"))
    assert recording.save() == [path]
    raw = read(path)
    assert raw.ch_names == ["Cz", "Pz"] and raw.info["sfreq"] == HZ
    assert raw.get_data()[0] * 1e6 == pytest.approx(1000.0 + np.arange(500) / 25, rel=1e-6)
    assert notes(raw) == [(0.5, "target/code=3"), (1.234, "nontarget")]
    assert raw.info["meas_date"] is None and raw.info["subject_info"] is None


def test_where_samples_are_missing_no_epoch_reaches_over(path: Path) -> None:
    recording = FifRecording(path)
    recording.add(chunk(100.0, 500, gap=True))
    recording.add(chunk(110.0, 750, gap=True))
    for t, label in ((100.2, "target"), (101.9, "target"), (105.0, "target"), (110.1, "nontarget")):
        recording.add(Marker(t, label))
    (saved,) = recording.save()
    raw = read(saved)
    assert raw.n_times == 1250
    assert notes(raw) == [
        (0.2, "target"),
        (1.9, "target"),
        (2.0, "BAD boundary"),
        (2.0, "EDGE boundary"),
        (2.1, "nontarget"),
    ], "a marker in the gap has no place"
    epochs, labels = epochs_of(raw)
    assert labels == ["target", "nontarget"], "the one over the gap is void"
    assert epochs.t == pytest.approx([0.2, 2.1])


def test_time_that_runs_a_little_faster_than_the_rate_keeps_the_markers_at_their_samples(path: Path) -> None:
    recording = FifRecording(path)
    t = 100.0 + np.arange(2500) / 249.5
    recording.add(EegChunk(t, np.zeros((2500, 1), np.float32), ("Cz",), HZ, True))
    recording.add(Marker(float(t[2000]), "flash"))
    (saved,) = recording.save()
    assert notes(read(saved)) == [(8.0, "flash")]


def test_other_channels_or_another_rate_begin_another_file(path: Path) -> None:
    recording = FifRecording(path)
    recording.add(chunk(100.0, 250, gap=True))
    recording.add(chunk(105.0, 250, gap=True, channels=("Oz",)))
    recording.add(chunk(110.0, 500, gap=True, channels=("Oz",), hz=500.0))
    recording.add(Marker(105.5, "flash"))
    first, second, third = recording.save()
    assert (first, second.name, third.name) == (path, "2026-2_eeg.fif", "2026-3_eeg.fif")
    assert [read(p).ch_names for p in (first, second, third)] == [["Cz", "Pz"], ["Oz"], ["Oz"]]
    assert [len(notes(read(p))) for p in (first, second, third)] == [0, 1, 0]


def test_the_owner_alone_can_read_it_also_when_it_is_written_again(path: Path) -> None:
    recording = FifRecording(path, datetime(2026, 5, 1, tzinfo=UTC))
    assert recording.save() == [], "nothing has come"
    for number in range(3):
        recording.add(chunk(100.0 + number, 250, gap=number == 0))
        recording.add(chunk(0.0, 0))
        recording.save()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert read(path).n_times == 250 * (number + 1)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert read(path).info["meas_date"] == datetime(2026, 5, 1, tzinfo=UTC)


def test_a_disk_that_refuses_leaves_what_was_written_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = FifRecording(path)
    recording.add(chunk(100.0, 250, gap=True))
    recording.save()
    recording.add(chunk(101.0, 250))

    def full(*args: Any, **options: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(mne.io.RawArray, "save", full)
        with pytest.raises(OSError, match="No space"):
            recording.save()
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert read(path).n_times == 250
    recording.save()
    assert read(path).n_times == 500


def test_a_channel_that_told_nothing_stays_nothing(path: Path) -> None:
    samples = chunk(100.0, 250, gap=True)
    samples.data[100:150, 1] = np.nan
    recording = FifRecording(path)
    recording.add(samples)
    (saved,) = recording.save()
    assert np.flatnonzero(np.isnan(read(saved).get_data()[1])).tolist() == list(range(100, 150))


def test_a_name_that_mne_does_not_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ends in"):
        FifRecording(tmp_path / "session.fif")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(1, 60), st.floats(0.0, 3.0)), min_size=1, max_size=6), st.text(max_size=8)
)
def test_each_sample_is_there_and_each_marker_at_its_own(
    path: Path, pieces: list[tuple[int, float]], label: str
) -> None:
    recording, start, times = FifRecording(path), 100.0, []
    for count, missing in pieces:
        start += missing
        piece = chunk(start, count, gap=missing > 0)
        recording.add(piece)
        times += piece.t.tolist()
        start += count / HZ
    for t in (times[0], times[-1]):
        recording.add(Marker(t, label))
    (saved,) = recording.save()
    raw = read(saved)
    assert raw.n_times == len(times)
    marks = [onset for onset, text in notes(raw) if "boundary" not in text]
    assert marks == pytest.approx([0.0, (len(times) - 1) / HZ], abs=1e-3)
