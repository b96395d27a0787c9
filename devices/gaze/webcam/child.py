"""devices.gaze.webcam: the child process: camera in, samples out. It dies with its parent.

This module is imported by the parent too; whatever knows OpenCV or MediaPipe is imported only inside the child.
"""

from __future__ import annotations

import contextlib
import os
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from devices.child_process import become_child
from devices.clock import LslClock
from devices.gaze.webcam.messages import Ended, Failure, Lost, Order, Preview, Seen, ShowPreview
from devices.samples import FaceSample, FaceVerdict

if TYPE_CHECKING:
    from devices.gaze.webcam.face_watch import FaceWatch
    from devices.gaze.webcam.frames import Frame, Source
    from devices.gaze.webcam.newest import NewestFrame

NICENESS = 2
PREVIEW_WIDTH_PX = 320
PREVIEW_EVERY_S = 0.1
SILENT_S = 3.0
FAR_S = 3.0
"""A camera is asked for larger pictures when the face has been too small for so long."""

_TAKE_S = 0.1
_CLOSING_S = 0.5


def serve(connection: Connection, parent_pid: int, order: Order) -> None:
    """Send what the camera sees until the parent closes its end or dies, or no more pictures come.

    Parameters
    ----------
    connection : Connection
        `ShowPreview` comes in, `FromChild` goes out.
    parent_pid : int
        Who started this process.
    order : Order
        What to do.
    """
    become_child(parent_pid, NICENESS)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            connection.send(_watch(connection, order))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:
            connection.send(Lost(Failure.BROKEN, f"{type(error).__name__}: {error}"))
    connection.close()
    os._exit(0)  # a camera that hangs in the kernel would keep its thread, and that would keep the process


def _watch(connection: Connection, order: Order) -> Lost | Ended:
    os.environ["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] = "2"  # s, for a camera that hangs; read at the import
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = (
        "threads;1"  # unpacking a file must not crowd out the looking
    )
    import cv2

    from devices.gaze.webcam.capture import CameraSource, FileSource
    from devices.gaze.webcam.frames import CaptureError
    from devices.gaze.webcam.modes import SHARP_MODES
    from devices.gaze.webcam.newest import NewestFrame

    cv2.setNumThreads(1)
    clock = LslClock()
    try:
        source: Source = (
            FileSource(order.source, clock, loop=order.loop, at_once=order.at_once)
            if order.is_file
            else CameraSource(order.source, clock)
        )
    except CaptureError as error:
        return Lost(error.failure, error.detail)

    # It takes half a second, which is not to be spent on a camera that is missing.
    from devices.gaze.webcam.face_watch import FaceWatch

    try:
        watch = FaceWatch(Path(order.model), order.still_after_s)
    except (ValueError, RuntimeError, OSError) as error:
        source.release()
        return Lost(Failure.NO_MODEL, str(error))
    may_sharpen = not order.is_file
    try:
        while True:
            frames = NewestFrame(source, keep_all=order.at_once)
            try:
                end = _look_at_all(connection, frames, watch, may_sharpen)
            finally:
                frames.close(_CLOSING_S)
            if end is not None:
                return end
            source, may_sharpen = CameraSource(order.source, clock, SHARP_MODES), False
    except CaptureError as error:
        return Lost(error.failure, error.detail)
    finally:
        watch.close()


def _look_at_all(
    connection: Connection, frames: NewestFrame, watch: FaceWatch, may_sharpen: bool
) -> Lost | Ended | None:
    """Send a sample for each frame; return why there are no more, None when larger ones are needed."""
    clock = LslClock()
    heard_at, shown_at, showing = clock.now(), 0.0, False
    near_at = heard_at
    while True:
        while connection.poll():
            command: ShowPreview = connection.recv()
            showing = command.on
        frame = frames.take(_TAKE_S)
        if frame is None:
            if frames.error is not None:
                return Lost(frames.error.failure, frames.error.detail)
            if frames.ended:
                return Ended(frames.read)
            if clock.now() - heard_at > SILENT_S:
                return Lost(Failure.GONE)
            continue
        heard_at = clock.now()
        sample = watch.look(frame.picture, frame.t)
        connection.send(Seen(sample, frames.dropped))
        if showing and frame.t - shown_at >= PREVIEW_EVERY_S:
            shown_at = frame.t
            connection.send(_preview(frame, sample))
        if sample.verdict is not FaceVerdict.SMALL:
            near_at = heard_at
        elif may_sharpen and heard_at - near_at >= FAR_S:
            return None


def _preview(frame: Frame, sample: FaceSample) -> Preview:
    import cv2

    height_px = max(1, round(PREVIEW_WIDTH_PX * sample.height_px / sample.width_px))
    small = cv2.resize(frame.picture, (PREVIEW_WIDTH_PX, height_px), interpolation=cv2.INTER_AREA)
    rgb = cv2.cvtColor(small, cv2.COLOR_BGR2RGB).tobytes()
    landmarks = None if sample.landmarks is None else sample.landmarks[:, :2].copy()
    return Preview(sample.t, PREVIEW_WIDTH_PX, height_px, rgb, sample.verdict, landmarks)
