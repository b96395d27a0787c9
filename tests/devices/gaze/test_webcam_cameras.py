"""Which cameras are found, which of their modes is taken, and how only the newest picture counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from devices.clock import LslClock
from devices.driver import DeviceLost
from devices.gaze.webcam import Camera, WebcamDriver, cameras, driver, losses
from devices.gaze.webcam.cameras import Obstacle, obstacle, used_by
from devices.gaze.webcam.frames import CaptureError, Frame
from devices.gaze.webcam.messages import Failure, Lost, Order
from devices.gaze.webcam.modes import MODES, best_mode
from devices.gaze.webcam.newest import NewestFrame
from models.weights import installed


def entry(sysfs: Path, device: str, name: str, index: str) -> None:
    folder = sysfs / device
    folder.mkdir()
    (folder / "name").write_text(name + "\n")
    (folder / "index").write_text(index + "\n")


def test_cameras_are_listed_by_number_without_their_other_devices(tmp_path: Path) -> None:
    entry(tmp_path, "video10", "Document camera", "0")
    entry(tmp_path, "video2", "Webcam: FHD", "0")
    entry(tmp_path, "video3", "Webcam: FHD", "1")  # it tells about the pictures of video2
    (tmp_path / "video-of-my-dog").mkdir()

    assert cameras(tmp_path) == [
        Camera("/dev/video2", "Webcam: FHD"),
        Camera("/dev/video10", "Document camera"),
    ]
    assert cameras(tmp_path / "nowhere") == []


def test_why_a_camera_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = tmp_path / "video0"
    assert obstacle(str(device)) is Obstacle.ABSENT
    device.touch()
    assert obstacle(str(device)) is None

    for number, found in ((13, Obstacle.FORBIDDEN), (16, Obstacle.IN_USE)):
        monkeypatch.setattr(os, "open", refuse(number))
        assert obstacle(str(device)) is found


def refuse(number: int) -> Callable[..., int]:
    def open_(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    return open_


def test_who_uses_a_camera_is_named(tmp_path: Path) -> None:
    process = tmp_path / "4321"
    (process / "fd").mkdir(parents=True)
    (process / "fd" / "7").symlink_to("/dev/video0")
    (process / "comm").write_text("zoom\n")
    (tmp_path / "99").mkdir()  # of another account: it cannot be looked into

    assert used_by("/dev/video0", tmp_path) == "zoom"
    assert used_by("/dev/video1", tmp_path) == ""


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        (Obstacle.ABSENT, "is not there"),
        (Obstacle.FORBIDDEN, "may not use the camera"),
        (Obstacle.IN_USE, "is used by another program"),
    ],
)
def test_each_obstacle_has_its_sentence(
    why: Obstacle, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "obstacle", lambda _: why)

    with pytest.raises(DeviceLost, match=sentence):
        WebcamDriver("/dev/video0", model=installed("face-landmarker")).run(
            print, threading.Event(), LslClock()
        )


def test_without_any_camera_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "cameras", list)

    with pytest.raises(DeviceLost, match="No camera was found"):
        WebcamDriver("", model=installed("face-landmarker")).run(print, threading.Event(), LslClock())


@pytest.mark.parametrize(
    ("failure", "program", "sentence"),
    [
        (Failure.GONE, "", "is not there"),
        (Failure.NO_PICTURE, "", "sends no pictures"),
        (Failure.NOT_OPENED, "cheese", r"another program \(cheese\)"),
        (Failure.BROKEN, "", "failed"),
    ],
)
def test_a_camera_that_fails_is_told_from_one_that_is_gone(
    failure: Failure, program: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "obstacle", lambda _: Obstacle.ABSENT if failure is Failure.GONE else None)
    monkeypatch.setattr(losses, "used_by", lambda _: program)
    order = Order("/dev/video0", is_file=False, model="", loop=False, at_once=False, still_after_s=15.0)

    error = losses.lost(Lost(failure, "why"), order, str)

    assert isinstance(error, DeviceLost)
    with pytest.raises(DeviceLost, match=sentence):
        raise error


def test_the_mode_that_keeps_thirty_pictures_is_taken() -> None:
    hd, full_hd, small = MODES

    assert best_mode({hd: 30.0}) == hd
    assert best_mode({hd: 10.0, full_hd: 5.0, small: 29.0}) == small
    assert best_mode({hd: 14.9, full_hd: 7.5, small: 15.0}) == hd  # it is dark, and all of them are slow
    assert best_mode({hd: 0.0, full_hd: 0.0, small: 12.0}) == small
    assert best_mode(dict.fromkeys(MODES, 0.0)) is None


class Scripted:
    """A source whose pictures come when the test says so."""

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.waiting = threading.Semaphore(0)
        self.released = False
        self.last: Exception | None = None
        self.t = 0.0

    def read(self) -> Frame | None:
        self.waiting.release()
        self.go.acquire()
        if self.last is not None:
            raise self.last
        self.t += 1.0
        return Frame(self.t, np.zeros((2, 2, 3), np.uint8))

    def release(self) -> None:
        self.released = True

    def send(self) -> None:
        """Let one picture come, and wait until it has arrived."""
        self.go.release()
        self.waiting.acquire()


def test_a_slow_consumer_gets_the_newest_picture_and_the_others_are_counted() -> None:
    source = Scripted()
    frames = NewestFrame(source)
    source.waiting.acquire()
    for _ in range(4):
        source.send()

    newest = frames.take(1.0)

    assert newest is not None and newest.t == 4.0
    assert frames.dropped == 3
    assert frames.take(0.0) is None
    source.last = CaptureError(Failure.GONE)
    source.go.release()
    assert frames.take(5.0) is None
    assert frames.ended and frames.error is source.last and source.released


def test_a_source_that_hangs_does_not_hold_up_the_end() -> None:
    source = Scripted()
    frames = NewestFrame(source)
    source.waiting.acquire()

    assert not frames.close(0.01)

    source.go.release()
    assert frames.close(5.0)


def test_an_unknown_failure_of_the_library_is_a_loss_too() -> None:
    source = Scripted()
    source.last = RuntimeError("bad pixels")
    frames = NewestFrame(source)
    source.go.release()

    assert frames.take(5.0) is None
    assert frames.error is not None and frames.error.failure is Failure.BROKEN


PROBE = Path(__file__).with_name("webcam_probe.py")


@pytest.fixture(scope="module")
def probed() -> dict[str, object]:
    """What OpenCV and MediaPipe say, in a process of their own."""
    root = PROBE.parents[3]
    environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{PROBE.parent}"}
    done = subprocess.run(
        [sys.executable, PROBE, str(installed("face-landmarker"))],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_the_matrix_is_the_one_that_mediapipe_computes(probed: dict[str, object]) -> None:
    assert np.array(probed["ours"]) == pytest.approx(np.array(probed["theirs"]), abs=1e-3)


def test_the_matrix_does_not_depend_on_the_window(probed: dict[str, object]) -> None:
    ours, windowed = np.array(probed["ours"]), np.array(probed["windowed"])

    assert windowed[:3, 3] == pytest.approx(ours[:3, 3], abs=0.6)  # cm
    assert windowed[:3, :3] == pytest.approx(ours[:3, :3], abs=0.06)


def test_pictures_of_another_size_in_the_middle_are_measured_too(probed: dict[str, object]) -> None:
    assert probed["sizes"] == [[640, 360], [640, 360], [1280, 720], [1280, 720], [320, 240], [320, 240]]
    assert probed["centres"] == pytest.approx([0.5] * 6, abs=0.03)


@pytest.mark.parametrize("camera", ["usual", "dim", "old"])
def test_a_camera_is_opened_in_the_mode_that_is_best_for_it(probed: dict[str, object], camera: str) -> None:
    expected = {"usual": [1280, 720], "dim": [1280, 720], "old": [640, 480]}
    assert probed[camera] == expected[camera]


def test_a_camera_that_is_unplugged_is_gone(probed: dict[str, object]) -> None:
    assert probed["unplugged"] == Failure.GONE
    assert probed["dead"] == Failure.NO_PICTURE


def test_for_a_face_far_away_the_camera_is_asked_for_larger_pictures_once(
    probed: dict[str, object],
) -> None:
    assert probed["far"] == [[1280, 720], [1920, 1080]]
