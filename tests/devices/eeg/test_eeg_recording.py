"""A recording of EEG is read piece by piece and comes again in (virtual) real time."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mne
import numpy as np
import pytest
from numpy.typing import NDArray

from devices.clock import VirtualClock
from devices.driver import VirtualStop
from devices.eeg.recording import EegFile, EegFileError
from devices.eeg.replay import replay
from devices.samples import Marker

HZ = 200.0


@dataclass
class Kept:
    """An outlet that keeps what it is given, and when."""

    clock: VirtualClock
    data: list[NDArray[np.float32]] = field(default_factory=list)
    times: list[tuple[float, float]] = field(default_factory=list)
    markers: list[tuple[Marker, float]] = field(default_factory=list)

    def push(self, data: NDArray[np.float32], t: float) -> None:
        self.data.append(data)
        self.times.append((t, self.clock.now()))

    def mark(self, marker: Marker) -> None:
        self.markers.append((marker, self.clock.now()))


def written(path: Path, **crop: float) -> Path:
    """Ten seconds that count in microvolts; a flash at 5 s."""
    data = np.arange(2000.0)[None] * 1e-6
    raw: Any = mne.io.RawArray(data, mne.create_info(["Cz"], HZ, "eeg"), verbose="error")
    raw.set_annotations(mne.Annotations([5.0], [0.0], ["flash"]))
    raw.crop(**crop).save(path, verbose="error")
    return path


def test_each_sample_and_flash_comes_when_it_is_due(tmp_path: Path) -> None:
    clock = VirtualClock(100.0)
    outlet = Kept(clock)
    replay(EegFile(written(tmp_path / "a_raw.fif")), outlet, VirtualStop(clock), clock)
    assert np.concatenate(outlet.data)[:, 0] == pytest.approx(np.arange(2000.0), abs=1e-3)
    for t, now in outlet.times:
        assert t == pytest.approx(now - 1 / HZ), "a sample is sent one period after it was taken"
    ((marker, at),) = outlet.markers
    assert marker == Marker(105.0, "flash")
    assert at == pytest.approx(105.0, abs=0.04)
    assert clock.now() == pytest.approx(110.0)


def test_a_file_that_was_cut_keeps_its_flash_at_its_sample(tmp_path: Path) -> None:
    file = EegFile(written(tmp_path / "b_raw.fif", tmin=2.0, tmax=8.0))
    clock = VirtualClock()
    outlet = Kept(clock)
    replay(file, outlet, VirtualStop(clock), clock, speed=2.0, from_s=1.0)
    ((marker, _),) = outlet.markers
    data = np.concatenate(outlet.data)[:, 0]
    assert data[0] == pytest.approx(600.0, abs=1e-3)
    assert data[round(marker.t * HZ * 2)] == pytest.approx(1000.0, abs=1e-3)


def test_it_stops_when_it_is_told(tmp_path: Path) -> None:
    clock = VirtualClock()
    outlet = Kept(clock)
    replay(EegFile(written(tmp_path / "c_raw.fif")), outlet, VirtualStop(clock, 1.0), clock)
    assert 0.9 < sum(map(len, outlet.data)) / HZ <= 1.0


def test_a_file_that_is_cut_off_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "d_raw.fif")
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(EegFileError, match="d_raw"):
        list(EegFile(path).pieces(100))
