"""devices.gaze.webcam: any webcam, or a video file, tells how a face looks."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from devices.clock import Clock
from devices.driver import DeviceKind, DeviceLost, Emit
from devices.gaze.face_words import verdict_sentence
from devices.gaze.webcam import losses
from devices.gaze.webcam.cameras import cameras
from devices.gaze.webcam.child import serve
from devices.gaze.webcam.judge import STILL_AFTER_S
from devices.gaze.webcam.messages import Ended, FromChild, Lost, Order, Preview, Seen, ShowPreview
from devices.samples import DeviceState, DeviceStatus, FaceVerdict

log = logging.getLogger(__name__)

COMPLAIN_AFTER_S = 3.0
"""A verdict that is bad for so long becomes a status."""

HANGS_AFTER_S = 20.0
"""A child that says nothing for so long is ended; loading the model takes a second or two, choosing a mode four."""

_POLL_S = 0.05
_END_S = 0.8


class WebcamDriver:
    """Emits a `FaceSample` for each frame that could be looked at.

    Camera, OpenCV and MediaPipe live in a child process (spawned), because OpenCV breaks Qt and a crash in a camera's
    driver must cost no text. Samples are stamped with `time.monotonic` there, which is `LslClock` here. A slow
    computer passes over frames; it never works through old ones.

    Parameters
    ----------
    source : str
        "": the first camera; "0", "1", ...: ``/dev/video0``, ...; a device file; or the path of a video file, played
        at its own rate.
    model : Path, optional
        MediaPipe's face landmarker (``face_landmarker.task``).
    tr : callable
        Translates the sentences of errors and statuses.
    loop : bool
        Play a file again and again; else the driver returns at its end.
    at_once : bool
        Play a file as fast as its frames are looked at, without leaving any out; the samples' times are those of the
        file then.
    still_after_s : float
        Seconds without life in the eyes after which a face is taken for a photo.
    complain_after_s : float
        Seconds after which a bad verdict becomes a status with a sentence.
    hangs_after_s : float
        Seconds of silence after which the child is ended and started again.
    """

    name = "webcam"
    kind = DeviceKind.GAZE

    def __init__(
        self,
        source: str = "",
        *,
        model: Path | None = None,
        tr: Callable[[str], str] = str,
        loop: bool = False,
        at_once: bool = False,
        still_after_s: float = STILL_AFTER_S,
        complain_after_s: float = COMPLAIN_AFTER_S,
        hangs_after_s: float = HANGS_AFTER_S,
    ) -> None:
        self._source = source.strip()
        self._model = model
        self._tr = tr
        self._loop = loop
        self._at_once = at_once
        self._still_after_s = still_after_s
        self._complain_after_s = complain_after_s
        self._hangs_after_s = hangs_after_s
        self._context = multiprocessing.get_context("spawn")
        self._process: SpawnProcess | None = None
        self._preview: Preview | None = None
        self._preview_wanted = False
        self._dropped = 0

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is no child."""
        process = self._process
        return None if process is None else process.pid

    @property
    def dropped(self) -> int:
        """How many frames were passed over since the child was started."""
        return self._dropped

    def show_preview(self, on: bool) -> None:
        """Have the child send small pictures, or no more; from any thread."""
        self._preview_wanted = on
        if not on:
            self._preview = None

    def preview(self) -> Preview | None:
        """Return the newest picture, at most ten a second; None while there is none. From any thread."""
        return self._preview if self._preview_wanted else None

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Emit samples until `stop` is set or the file ends.

        Raises
        ------
        DeviceLost
            No model, no camera, no right to use it, another program uses it, or it went away.
        """
        order = self._order()
        here, there = self._context.Pipe()
        process = self._context.Process(
            target=serve, args=(there, os.getpid(), order), name="webcam", daemon=True
        )
        self._dropped = 0
        try:
            process.start()
            there.close()
            self._process = process
            self._listen(order, process, here, emit, stop, clock)
        except OSError as error:  # no memory or no process left
            raise DeviceLost(str(error)) from error
        finally:
            self._process = self._preview = None
            here.close()
            there.close()
            if process.pid is not None:
                _end(process)

    def _order(self) -> Order:
        if self._model is None or not self._model.is_file():
            raise losses.no_model(self._tr)
        source, is_file = self._source, False
        if not source:
            found = cameras()
            if not found:
                raise losses.no_camera(self._tr)
            source = found[0].path
        elif source.isdigit():
            source = f"/dev/video{source}"
        else:
            is_file = not source.startswith("/dev/")
        check = losses.no_video if is_file else losses.blocked
        if error := check(source, self._tr):
            raise error
        return Order(source, is_file, str(self._model), self._loop, self._at_once, self._still_after_s)

    def _listen(
        self,
        order: Order,
        process: SpawnProcess,
        connection: Connection,
        emit: Emit,
        stop: threading.Event,
        clock: Clock,
    ) -> None:
        complaint = _Complaint(emit, self._complain_after_s, self._tr, self.name)
        heard_at, showing = clock.now(), False
        while not stop.is_set():
            if self._preview_wanted != showing:
                showing = self._preview_wanted
                _tell(connection, ShowPreview(showing))
            if not connection.poll(_POLL_S):
                if clock.now() - heard_at > self._hangs_after_s:
                    raise losses.died(None, self._tr)
                continue
            try:
                message: FromChild = connection.recv()
            except (EOFError, ConnectionResetError):
                process.join(_END_S)
                raise losses.died(process.exitcode, self._tr) from None
            heard_at = clock.now()
            match message:
                case Seen():
                    self._dropped = message.dropped
                    emit(message.sample)
                    complaint.hear(message.sample.verdict, clock.now())
                case Preview():
                    self._preview = message if self._preview_wanted else None
                case Lost():
                    raise losses.lost(message, order, self._tr)
                case Ended():
                    log.info("the video %s was played: %d frames", order.source, message.frames)
                    return


class _Complaint:
    """Turns a verdict that stays bad into a status, and takes it back."""

    def __init__(self, emit: Emit, after_s: float, tr: Callable[[str], str], device: str) -> None:
        self._emit = emit
        self._after_s = after_s
        self._tr = tr
        self._device = device
        self._said = self._verdict = FaceVerdict.GOOD
        self._since = 0.0

    def hear(self, verdict: FaceVerdict, t: float) -> None:
        """Take in the newest verdict, at `t` seconds."""
        if verdict is not self._verdict:
            self._verdict, self._since = verdict, t
        good = verdict is FaceVerdict.GOOD
        if verdict is not self._said and (good or t - self._since >= self._after_s):
            self._said = verdict
            detail = "" if good else verdict_sentence(verdict, self._tr)
            self._emit(DeviceStatus(t, self._device, DeviceState.RUNNING, detail))


def _tell(connection: Connection, command: ShowPreview) -> None:
    try:
        connection.send(command)
    except (BrokenPipeError, ConnectionResetError):
        return  # it has died; reading tells


def _end(process: SpawnProcess) -> None:
    """Wait for a child whose pipe was closed; one that does not end by itself is killed."""
    process.join(_END_S)
    if process.is_alive():
        process.kill()
        process.join(_END_S)
