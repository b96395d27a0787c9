"""benchmarks: the webcam's driver beside a real window with a gaze that writes. A child of `webcam`."""

from __future__ import annotations

import contextlib
import json
import sys

import numpy as np
import psutil
from PyQt6.QtCore import QTimer

from assistive.folders import find_folders
from assistive.settings import Settings
from assistive.ui.app import Application
from benchmarks.ui_frames import TimedApplication, WanderingGaze
from devices.clock import Clock, LslClock
from devices.driver import Emitted
from devices.gaze.webcam import WebcamDriver
from devices.runner import DriverRunner
from devices.samples import DeviceState, DeviceStatus, FaceSample
from models.weights import installed

SETTLE_S = 5.0
"""The window's first paint, and loading the models, are start-up and not what is measured."""


class Meter:
    """Takes what comes from the driver, and notes how late it is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._samples: list[
            tuple[float, float, bool]
        ] = []  # captured at, delay in s, whether there is a face
        self.size = ""
        self.lost = ""

    def post(self, sample: Emitted) -> None:
        """As a mailbox does; from the driver's thread."""
        if isinstance(sample, FaceSample):
            self._samples.append((sample.t, self._clock.now() - sample.t, sample.landmarks is not None))
            self.size = f"{sample.width_px} x {sample.height_px}"
        elif isinstance(sample, DeviceStatus) and sample.state is DeviceState.LOST:
            self.lost = sample.detail

    def clear(self) -> None:
        """Begin anew."""
        self._samples.clear()

    @property
    def count(self) -> int:
        """How many samples came."""
        return len(self._samples)

    def figures(self) -> dict[str, float]:
        """Keys: fps, p50_ms, p95_ms, face_found_share; and rate: frames a second that there would be."""
        captured, delays, found = (np.array(column) for column in zip(*self._samples, strict=True))
        return {
            "fps": round((len(captured) - 1) / float(captured[-1] - captured[0]), 2),
            "p50_ms": round(float(np.percentile(delays, 50)) * 1e3, 2),
            "p95_ms": round(float(np.percentile(delays, 95)) * 1e3, 2),
            "face_found_share": round(float(found.mean()), 4),
            "rate": 1 / float(np.median(np.diff(captured))),
        }


def main() -> None:
    """argv: video, seconds, perhaps --no-model. Prints the figures as JSON."""
    video, seconds, with_model = sys.argv[1], float(sys.argv[2]), "--no-model" not in sys.argv
    qt = TimedApplication(["sayso"])
    folders, troubles = find_folders()
    clock = LslClock()
    gaze, meter = WanderingGaze(), Meter(clock)
    webcam = WebcamDriver(video, model=installed("face-landmarker"), loop=True)
    runner = DriverRunner(webcam, meter.post, clock)
    app = Application(folders, Settings(), clock, troubles=troubles, watch=gaze.watch)
    app.open((1920, 1080))
    before = {"cpu_s": 0.0, "dropped": 0.0}

    def begin() -> None:
        app.session.add_driver(gaze)
        app.session.start_helpers(model=with_model)
        runner.start()

    def settled() -> None:
        qt.frames_ms.clear()
        meter.clear()
        before.update(cpu_s=_cpu_s(webcam.pid), dropped=webcam.dropped)

    found: dict[str, object] = {}

    def end() -> None:
        watching.stop()
        if meter.lost or meter.count < 2:
            found["error"] = meter.lost or "no frame of the video was looked at"
        else:
            figures = meter.figures()
            found.update(
                fps=figures["fps"],
                p50_ms=figures["p50_ms"],
                p95_ms=figures["p95_ms"],
                dropped=int(webcam.dropped - before["dropped"]),
                face_found_share=figures["face_found_share"],
                gui_frame_p99_ms=round(float(np.percentile(qt.frames_ms, 99)), 2) if qt.frames_ms else 0.0,
                rate=figures["rate"],
                cpu_ms=(_cpu_s(webcam.pid) - before["cpu_s"]) * 1e3 / meter.count,
                size=meter.size,
            )
        runner.stop()
        app.window.close()

    watching = QTimer()
    watching.timeout.connect(lambda: end() if meter.lost else None)
    watching.start(200)
    app.window.when_painted(begin)
    QTimer.singleShot(round(SETTLE_S * 1e3), settled)
    QTimer.singleShot(round((SETTLE_S + seconds) * 1e3), end)
    qt.exec()
    print(json.dumps(found))


def _cpu_s(pid: int | None) -> float:
    with contextlib.suppress(psutil.Error):
        return float(sum(psutil.Process(pid).cpu_times()[:2])) if pid is not None else 0.0
    return 0.0


if __name__ == "__main__":
    main()
