"""devices.gaze.webcam: pictures from a camera or a video file, by OpenCV. For the child process."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence

import cv2
import numpy as np

from devices.clock import Clock
from devices.gaze.webcam.frames import CaptureError, Frame
from devices.gaze.webcam.messages import Failure
from devices.gaze.webcam.modes import MODES, WANTED_FPS, Mode, best_mode

_MEASURED_FRAMES, _WARM_FRAMES = 15, 3
_USUAL_FPS = 30.0
_LATE_S = 0.5  # later than this (a suspended machine), a file goes on from where it was


class CameraSource:
    """A camera, in the best of its modes that keeps 30 pictures a second.

    Parameters
    ----------
    camera : str
        A device file, or an index.
    clock : Clock
    modes : sequence of Mode
        What to ask for, in this order.

    Raises
    ------
    CaptureError
        It cannot be opened, or sends nothing.
    """

    def __init__(self, camera: str, clock: Clock, modes: Sequence[Mode] = MODES) -> None:
        self._clock = clock
        self._capture = cv2.VideoCapture(int(camera) if camera.isdigit() else camera)
        if not self._capture.isOpened():
            raise CaptureError(Failure.NOT_OPENED)
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))  # raw pictures fill the USB
        rates: dict[Mode, float] = {}
        for mode in modes:
            rates[mode] = self._rate(mode)
            if rates[mode] >= WANTED_FPS:
                break
        best = best_mode(rates)
        if best is None:
            self._capture.release()
            raise CaptureError(Failure.NO_PICTURE)
        if best != mode:
            self._set(best)

    def read(self) -> Frame | None:
        """Wait for the next picture."""
        if not self._capture.grab():
            raise CaptureError(Failure.GONE)
        t = self._clock.now()
        ok, picture = self._capture.retrieve()
        if not ok:
            raise CaptureError(Failure.GONE)
        return Frame(t, np.asarray(picture, np.uint8))

    def release(self) -> None:
        """Let go of the camera."""
        self._capture.release()

    def _set(self, mode: Mode) -> None:
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, mode.width_px)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, mode.height_px)
        self._capture.set(cv2.CAP_PROP_FPS, _USUAL_FPS)

    def _rate(self, mode: Mode) -> float:
        """Pictures a second in this mode, measured; 0 if the camera does not have it."""
        self._set(mode)
        for _ in range(_WARM_FRAMES):
            ok, picture = self._capture.read()
            if not ok or picture.shape[:2] != (mode.height_px, mode.width_px):
                return 0.0
        begun = self._clock.now()
        grabbed = sum(self._capture.grab() for _ in range(_MEASURED_FRAMES))
        return grabbed / max(1e-3, self._clock.now() - begun)


class FileSource:
    """A video file, played at its own rate: a picture is unpacked beforehand, and captured when it is due.

    Parameters
    ----------
    path : str
    clock : Clock
    loop : bool
        Begin again at the end.
    at_once : bool
        Do not wait until a picture is due; `t` runs ahead then.

    Raises
    ------
    CaptureError
        It cannot be opened.
    """

    def __init__(self, path: str, clock: Clock, *, loop: bool = False, at_once: bool = False) -> None:
        self._path = path
        self._clock = clock
        self._loop = loop
        self._at_once = at_once
        self._never = threading.Event()
        self._start = math.nan
        self._frames = self._read = 0
        self._capture = self._open()

    def read(self) -> Frame | None:
        """Wait until the next picture is due."""
        while not self._capture.grab():
            if self._read == 0:
                raise CaptureError(Failure.NO_PICTURE)
            if not self._loop:
                return None
            self._capture.release()
            self._capture, self._read = self._open(), 0
        t = self._due()
        ok, picture = self._capture.retrieve()
        if not ok:
            raise CaptureError(Failure.GONE)
        self._frames += 1
        self._read += 1
        return Frame(t, np.asarray(picture, np.uint8))

    def release(self) -> None:
        """Close the file."""
        self._capture.release()

    def _open(self) -> cv2.VideoCapture:
        capture = cv2.VideoCapture(self._path)
        if not capture.isOpened():
            raise CaptureError(Failure.NOT_OPENED)
        fps = capture.get(cv2.CAP_PROP_FPS)
        self._period_s = 1 / (fps if 1 <= fps <= 240 else _USUAL_FPS)
        return capture

    def _due(self) -> float:
        now = self._clock.now()
        if math.isnan(self._start):
            self._start = now
        due = self._start + self._frames * self._period_s
        if self._at_once:
            return due
        if now - due > _LATE_S:
            self._start += now - due
        self._never.wait(max(0.0, due - now))
        return self._clock.now()
