"""Which device the settings name, and what happens where it cannot be used."""

from __future__ import annotations

from pathlib import Path

from assistive.gaze.input import gaze_driver, names_the_device
from assistive.settings import Settings
from devices.gaze.replay import ReplayDriver


def test_the_pointer_is_what_the_window_provides() -> None:
    assert gaze_driver(Settings(), 1.0, None, str) == (None, None)


def test_a_recording_looks_again(tmp_path: Path) -> None:
    settings = Settings().changed("input.gaze", "replay").changed("input.replay", str(tmp_path / "gaze.csv"))
    driver, trouble = gaze_driver(settings, 1.0, None, str)
    assert isinstance(driver, ReplayDriver)
    assert trouble is None


def test_where_the_input_is_not_there_the_pointer_stands_in_and_it_is_said() -> None:
    driver, trouble = gaze_driver(Settings().changed("input.gaze", "crystal ball"), 1.0, None, str)
    assert driver is None
    assert trouble is not None
    assert "crystal ball" in trouble.what
    assert trouble.works
    assert trouble.todo


def test_only_settings_of_the_device_mean_another_device() -> None:
    before = Settings()
    assert names_the_device(before.differing(before.changed("gaze.camera", "1")))
    assert names_the_device(before.differing(before.changed("input.gaze", "webcam")))
    assert not names_the_device(before.differing(before.changed("gaze.points", "9")))
