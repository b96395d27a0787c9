"""Which EEG the settings name, and a recording that is heard as from an amplifier."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from eeg_person import CHANNELS, EegPerson

from assistive.eeg.input import eeg_driver, names_the_eeg
from assistive.settings import Settings
from devices.clock import VirtualClock
from devices.driver import DeviceKind, DeviceLost, Emitted, VirtualStop
from devices.eeg.lsl import LslEegDriver
from devices.eeg.replay_driver import EegReplayDriver
from devices.samples import DeviceState, DeviceStatus, EegChunk, Marker


def test_who_wants_no_eeg_has_no_driver() -> None:
    assert eeg_driver(Settings(), 1.0, str) == (None, None)


def test_an_amplifier_is_found_by_the_network() -> None:
    driver, trouble = eeg_driver(Settings().changed("eeg.source", "lsl"), 1.0, str)
    assert isinstance(driver, LslEegDriver) and driver.kind is DeviceKind.EEG and trouble is None


def test_a_recording_that_is_not_named_is_said() -> None:
    driver, trouble = eeg_driver(Settings().changed("eeg.source", "replay"), 1.0, str)
    assert driver is None and trouble is not None
    assert trouble.what and trouble.works and trouble.todo


def test_only_settings_of_the_amplifier_mean_another_one() -> None:
    before = Settings()
    for path, value in (
        ("eeg.source", "lsl"),
        ("eeg.stream", "x"),
        ("eeg.channels", "Cz"),
        ("eeg.replay", "x"),
    ):
        assert names_the_eeg(before.differing(before.changed(path, value)))
    assert not names_the_eeg(before.differing(before.changed("eeg.delay_ms", 20.0)))


def test_a_recording_is_heard_again_and_again_with_a_gap_between(tmp_path: Path) -> None:
    path = tmp_path / "one_raw.fif"
    EegPerson().raw(5).save(path, verbose="error")
    settings = Settings().changed("eeg.source", "replay").changed("eeg.replay", str(path))
    driver, trouble = eeg_driver(settings, 1.0, str)
    assert isinstance(driver, EegReplayDriver) and trouble is None
    clock = VirtualClock(50.0)
    heard: list[Emitted] = []
    driver.run(heard.append, VirtualStop(clock, 57.0), clock)
    assert isinstance(heard[0], DeviceStatus) and heard[0].state is DeviceState.RUNNING
    chunks = [message for message in heard if isinstance(message, EegChunk)]
    assert chunks[0].channels == CHANNELS
    assert [chunk.gap for chunk in chunks].count(True) == 2
    times = np.concatenate([chunk.t for chunk in chunks])
    assert times[0] == pytest.approx(50.0, abs=0.05) and (np.diff(times) > 0).all()
    assert len([message for message in heard if isinstance(message, Marker)]) >= 5


@pytest.mark.parametrize("name", ["nowhere_raw.fif", "text_raw.fif"])
def test_a_recording_that_cannot_be_read_is_a_lost_device(tmp_path: Path, name: str) -> None:
    (tmp_path / "text_raw.fif").write_text("no EEG")
    with pytest.raises(DeviceLost, match=name):
        EegReplayDriver(tmp_path / name).run(lambda _: None, threading.Event(), VirtualClock())


def test_a_recording_that_is_too_slow_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "slow_raw.fif"
    EegPerson(rate_hz=100.0).raw(3).save(path, verbose="error")
    with pytest.raises(DeviceLost, match="100"):
        EegReplayDriver(path).run(lambda _: None, threading.Event(), VirtualClock())
