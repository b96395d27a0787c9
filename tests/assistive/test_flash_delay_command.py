"""`sayso flash-patch` and `sayso flash-delay`: from real markers of a real window to the number that is to be set."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import mne
import numpy as np
import pytest
from outlet_process import keep_lsl_apart

from assistive.cli import main
from assistive.eeg.flash_patch import PATCH
from assistive.eeg.marker_text import FlashMark, mark_text, read_mark

keep_lsl_apart()
ROOT = Path(__file__).parents[2]
HZ, FLASHES = 500.0, 60

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a recording of EEG and a photodiode whose light comes 42 ms after each marker."""

    def write_it(
        channels: dict[str, tuple[str, float]] | None = None,
        *,
        targets: tuple[str, ...] = (PATCH,),
        dark: int = 0,
        delay_s: float = 0.042,
        markers: bool = True,
        ending: str = "raw.fif",
    ) -> Path:
        onsets = [1.0 + 0.25 * i + 1.0 * (i // 10) for i in range(FLASHES)]
        t = np.arange(round((onsets[-1] + 1.0) * HZ)) / HZ
        light = np.zeros_like(t)
        for onset in onsets[dark:]:
            light[(t >= onset + delay_s) & (t < onset + delay_s + 0.08)] = 1.0
        chance = np.random.default_rng(3)
        channels = {"Photo": ("misc", 1.0)} if channels is None else channels
        rows = [chance.normal(0.0, 1e-5, len(t))] + [
            gain * light + chance.normal(0.0, 0.01, len(t)) for _, gain in channels.values()
        ]
        info = mne.create_info(["Cz", *channels], HZ, ["eeg", *(kind for kind, _ in channels.values())])
        raw = mne.io.RawArray(np.array(rows), info, verbose="error")
        labels = [mark_text(FlashMark(1, i, targets)) for i in range(FLASHES)]
        if markers:
            raw.set_annotations(mne.Annotations(onsets, [0.0] * FLASHES, labels))
        path = tmp_path / f"screen_{ending}"
        raw.save(path, verbose="error")
        return path

    return write_it


def test_the_delay_the_jitter_and_what_to_set_are_printed(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["flash-delay", str(write())]) == 0
    told = capsys.readouterr().out
    assert "channel Photo: 60 flashes with light, 0 without" in told
    assert "eeg.delay_ms to 42" in told or "eeg.delay_ms to 41" in told
    assert "sd 0." in told


def test_an_inverted_channel_and_missing_light_are_said(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["flash-delay", str(write({"Photo": ("misc", -1.0)}, dark=2))]) == 0
    told = capsys.readouterr().out
    assert "58 flashes with light, 2 without" in told and "falls where there is light" in told


def test_of_several_channels_the_one_with_the_flashes_is_taken(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["flash-delay", str(write({"AUX1": ("misc", 0.0), "Trigger": ("misc", 5.0)}))]) == 0
    assert "channel Trigger:" in capsys.readouterr().out


def test_where_two_follow_the_flashes_one_is_to_be_named(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write({"AUX1": ("misc", 1.0), "AUX2": ("misc", 1.0)}))
    assert main(["flash-delay", path]) == 1
    assert "--channel" in (told := capsys.readouterr().err) and "AUX1, AUX2" in told
    assert main(["flash-delay", path, "--channel", "aux2"]) == 0
    assert "channel AUX2:" in capsys.readouterr().out


def test_a_photodiode_on_an_input_for_eeg_can_be_named(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write({"O2": ("eeg", 1.0)}))
    assert main(["flash-delay", path]) == 1
    assert "Cz, O2" in capsys.readouterr().err
    assert main(["flash-delay", path, "--channel", "O2"]) == 0


def test_markers_that_hold_a_delay_are_told_apart(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flash-delay", str(write(targets=("letter:a", "letter:b")))]) == 0
    assert "ms to eeg.delay_ms" in capsys.readouterr().out


def test_what_no_screen_does_is_not_to_be_set(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flash-delay", str(write(delay_s=0.22))]) == 0
    assert "one clock" in (told := capsys.readouterr().out) and "Set eeg" not in told


def test_a_flat_channel_a_missing_one_and_no_markers_are_said(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write({"Photo": ("misc", 0.0)}))
    assert main(["flash-delay", path]) == 1
    assert "does not follow the flashes" in capsys.readouterr().err
    assert main(["flash-delay", path, "--channel", "Diode"]) == 1
    assert "no channel Diode" in (told := capsys.readouterr().err) and "Cz, Photo" in told
    assert main(["flash-delay", str(write(markers=False, ending="2_raw.fif"))]) == 1
    assert "no markers" in (told := capsys.readouterr().err) and "sayso flash-patch" in told


@pytest.mark.parametrize("content", [None, b"", b"no recording"])
def test_what_is_no_recording_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    file = tmp_path / "x_raw.fif"
    if content is not None:
        file.write_bytes(content)
    assert main(["flash-delay", str(file)]) == 1
    assert str(file) in capsys.readouterr().err


# ---------------------------------------------------------------- flash-patch


def test_without_a_display_there_is_nothing_to_measure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main(["flash-patch"]) == 1
    assert "no display" in capsys.readouterr().err


@pytest.mark.parametrize("count", ["0", "251", "many"])
def test_flashing_is_limited_to_two_minutes(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["flash-patch", "--flashes", count])
    assert "--flashes" in capsys.readouterr().err


def test_markers_come_by_lsl_from_a_real_window() -> None:
    import pylsl

    name = f"markers {uuid4()}"
    # The space bar is pressed by the page's own event loop, as soon as somebody listens.
    script = (
        "import sys; from PyQt6.QtCore import QTimer; from assistive.ui import photodiode_page as page\n"
        "shown = page.PhotodiodePage.showFullScreen\n"
        "def show(self):\n"
        "    shown(self); self.timer = QTimer(self); self.timer.timeout.connect(self._begin); self.timer.start(50)\n"
        "page.PhotodiodePage.showFullScreen = show\n"
        "from assistive.commands import flash_patch\n"
        "outlet = flash_patch.MarkerOutlet\n"
        "class Waiting(outlet):\n"
        "    def __init__(self, name):\n"
        "        super().__init__(name); print('offered', flush=True); self._outlet.wait_for_consumers(20)\n"
        "flash_patch.MarkerOutlet = Waiting\n"
        "from assistive.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", script, "flash-patch", "--flashes", "6", "--markers", name],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == "offered\n"
        inlet = pylsl.StreamInlet(pylsl.resolve_byprop("name", name, timeout=10)[0])
        inlet.open_stream(10)
        heard = [inlet.pull_sample(10) for _ in range(6)]
        assert process.wait(20) == 0
        told = process.stdout.read()
    finally:
        process.kill()
        process.communicate()
    marks = [read_mark(labels[0]) for labels, _ in heard]
    assert all(isinstance(mark, FlashMark) and mark.targets == (PATCH,) for mark in marks)
    times = [t for _, t in heard]
    assert times == sorted(times) and times[-1] - times[0] >= 5 * 0.24
    assert "after_paint" in told
