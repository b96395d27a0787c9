"""The webcam's child process: it comes, is looked after, and goes, whatever happens to it."""

from __future__ import annotations

import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from face_videos import walking, write_mjpeg

from devices.clock import LslClock
from devices.driver import DeviceLost, Emitted
from devices.gaze.webcam import WebcamDriver
from devices.runner import DriverRunner
from devices.samples import DeviceState, DeviceStatus, FaceSample
from models.weights import installed

MODEL = installed("face-landmarker")
LONG_S = 30.0


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_mjpeg(tmp_path_factory.mktemp("webcam") / "face.mjpeg", walking(25)))


def process_exists(pid: int) -> bool:
    """A zombie is one too."""
    return Path(f"/proc/{pid}").exists()


class Watched:
    """A driver that is run as the application runs it."""

    def __init__(self, driver: WebcamDriver) -> None:
        self.driver = driver
        self.posted: queue.Queue[Emitted] = queue.Queue()
        self.runner = DriverRunner(driver, self.posted.put, LslClock(), retry_s=(0.05,))
        self.runner.start()

    def wait_for(self, wanted: Callable[[Emitted], bool]) -> Emitted:
        until = time.monotonic() + LONG_S
        while not wanted(found := self.posted.get(timeout=max(0.01, until - time.monotonic()))):
            pass
        return found

    def a_face(self) -> Emitted:
        return self.wait_for(lambda found: isinstance(found, FaceSample) and found.landmarks is not None)

    def a_status(self, state: DeviceState) -> DeviceStatus:
        found = self.wait_for(lambda found: isinstance(found, DeviceStatus) and found.state is state)
        assert isinstance(found, DeviceStatus)
        return found


@pytest.fixture
def watch() -> Iterator[Callable[[WebcamDriver], Watched]]:
    started: list[Watched] = []

    def start(driver: WebcamDriver) -> Watched:
        started.append(Watched(driver))
        return started[-1]

    yield start
    for watched in started:
        watched.runner.stop()


def test_a_video_plays_at_its_own_rate_and_the_driver_returns_at_its_end(video: str) -> None:
    driver = WebcamDriver(video, model=MODEL)
    came: list[tuple[float, Emitted]] = []
    driver.run(lambda sample: came.append((time.monotonic(), sample)), threading.Event(), LslClock())

    samples = [sample for _, sample in came if isinstance(sample, FaceSample)]
    assert len(samples) + driver.dropped == 25
    assert samples[-1].t - samples[0].t > 23 / 25  # a busy computer may be later, never earlier
    assert all(arrived >= sample.t for arrived, sample in came)
    assert driver.pid is None


def test_when_its_process_is_killed_it_comes_back(
    watch: Callable[[WebcamDriver], Watched], video: str
) -> None:
    watched = watch(WebcamDriver(video, model=MODEL, loop=True))
    watched.a_face()
    pid = watched.driver.pid
    assert pid is not None

    os.kill(pid, signal.SIGKILL)

    assert "signal 9" in watched.a_status(DeviceState.LOST).detail
    assert not process_exists(pid)  # no zombie either
    watched.a_face()
    assert watched.runner.state is DeviceState.RUNNING


def test_when_its_process_hangs_it_is_started_again(
    watch: Callable[[WebcamDriver], Watched], video: str
) -> None:
    watched = watch(WebcamDriver(video, model=MODEL, loop=True))
    watched.a_face()
    pid = watched.driver.pid
    assert pid is not None
    watched.driver._hangs_after_s = 0.3  # it has started, which may take long; now it is quick

    os.kill(pid, signal.SIGSTOP)

    assert "does not answer" in watched.a_status(DeviceState.LOST).detail
    assert not process_exists(pid)


def test_it_stops_within_two_seconds_and_leaves_nothing(
    watch: Callable[[WebcamDriver], Watched], video: str
) -> None:
    watched = watch(WebcamDriver(video, model=MODEL, loop=True))
    watched.a_face()
    pid = watched.driver.pid
    assert pid is not None

    assert watched.runner.stop()

    assert not process_exists(pid)
    assert watched.runner.state is DeviceState.STOPPED


def test_it_stops_while_it_is_still_starting(watch: Callable[[WebcamDriver], Watched], video: str) -> None:
    watched = watch(WebcamDriver(video, model=MODEL, loop=True))
    watched.a_status(DeviceState.STARTING)

    assert watched.runner.stop()

    assert watched.driver.pid is None


def test_pictures_come_only_while_they_are_asked_for(
    watch: Callable[[WebcamDriver], Watched], video: str
) -> None:
    watched = watch(WebcamDriver(video, model=MODEL, loop=True))
    watched.a_face()
    assert watched.driver.preview() is None

    watched.driver.show_preview(True)
    watched.wait_for(lambda _: watched.driver.preview() is not None)

    preview = watched.driver.preview()
    assert preview is not None and preview.landmarks is not None
    assert (preview.width_px, preview.height_px, len(preview.rgb)) == (320, 180, 320 * 180 * 3)
    assert preview.landmarks.shape == (478, 2)
    watched.driver.show_preview(False)
    watched.a_face()
    assert watched.driver.preview() is None


def test_not_more_than_ten_pictures_a_second(video: str) -> None:
    driver = WebcamDriver(video, model=MODEL, at_once=True)
    driver.show_preview(True)
    shown: set[float] = set()

    def note(_: Emitted) -> None:
        if (preview := driver.preview()) is not None:
            shown.add(preview.t)

    driver.run(note, threading.Event(), LslClock())

    assert 1 <= len(shown) <= 10


def test_it_dies_with_its_parent(tmp_path: Path, video: str) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        f"""
import os, signal, sys, threading
from pathlib import Path
from devices.clock import LslClock
from devices.gaze.webcam import WebcamDriver

def say(sample):
    print(driver.pid, flush=True)

if __name__ == "__main__":
    driver = WebcamDriver({video!r}, model=Path({str(MODEL)!r}), loop=True)
    driver.run(say, threading.Event(), LslClock())
"""
    )
    root = Path(__file__).resolve().parents[3]
    parent = subprocess.Popen(
        [sys.executable, script], cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    child = os.pidfd_open(int(parent.stdout.readline()))
    with parent:
        parent.kill()

    assert select.select([child], [], [], 5.0)[0]
    os.close(child)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("9", "The camera /dev/video9 is not there"),
        ("/dev/video9", "The camera /dev/video9 is not there"),
        ("/nowhere/face.mp4", "There is no video file /nowhere/face.mp4"),
    ],
)
def test_what_is_not_there_is_said(source: str, sentence: str) -> None:
    with pytest.raises(DeviceLost, match=sentence):
        WebcamDriver(source, model=MODEL).run(print, threading.Event(), LslClock())


@pytest.mark.parametrize("kept", [0, 3000])
def test_a_damaged_video_is_no_crash(tmp_path: Path, video: str, kept: int) -> None:
    damaged = tmp_path / "damaged.avi"
    damaged.write_bytes(b"RIFF\x00\x00\x00\x00AVI LIST" + Path(video).read_bytes()[100 : 100 + kept])

    with pytest.raises(DeviceLost, match="is damaged"):
        WebcamDriver(str(damaged), model=MODEL).run(print, threading.Event(), LslClock())


def test_a_video_that_was_cut_short_plays_as_far_as_it_goes(tmp_path: Path, video: str) -> None:
    short = tmp_path / "short.mjpeg"
    whole = Path(video).read_bytes()
    short.write_bytes(whole[: len(whole) // 2])
    emitted: list[Emitted] = []

    WebcamDriver(str(short), model=MODEL, at_once=True).run(emitted.append, threading.Event(), LslClock())

    assert 10 <= len(emitted) <= 14


def test_without_the_model_it_says_how_to_get_it(video: str, tmp_path: Path) -> None:
    damaged = tmp_path / "face_landmarker.task"
    damaged.write_bytes(b"PK\x03\x04 and nothing else")

    with pytest.raises(DeviceLost, match="has not been fetched"):
        WebcamDriver(video).run(print, threading.Event(), LslClock())
    with pytest.raises(DeviceLost, match="cannot be used"):
        WebcamDriver(video, model=damaged).run(print, threading.Event(), LslClock())
