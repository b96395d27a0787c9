"""devices.gaze.webcam: a thread that always reads, and a place for the newest frame alone."""

from __future__ import annotations

import threading

from devices.gaze.webcam.frames import CaptureError, Frame, Source
from devices.gaze.webcam.messages import Failure


class NewestFrame:
    """Reads a source all the time, so that a slow consumer gets the newest frame and never a queue of old ones.

    Parameters
    ----------
    source : Source
    keep_all : bool
        Read the next frame only when the last one was taken.
    """

    def __init__(self, source: Source, *, keep_all: bool = False) -> None:
        self._source = source
        self._keep_all = keep_all
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._stopping = False
        self.ended = False
        self.error: CaptureError | None = None
        self.read = 0
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    def take(self, timeout_s: float) -> Frame | None:
        """Wait for a frame that was not taken yet; None after the time, or when no more come."""
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None or self.ended, timeout_s)
            frame, self._frame = self._frame, None
            self._changed.notify_all()
            return frame

    def close(self, timeout_s: float) -> bool:
        """Stop reading and let go of the source; False if the source hangs."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while self._put(self._source.read()):
                pass
        except CaptureError as error:
            self.error = error
        except Exception as error:  # OpenCV's own
            self.error = CaptureError(Failure.BROKEN, str(error))
        self._source.release()
        with self._changed:
            self.ended = True
            self._changed.notify_all()

    def _put(self, frame: Frame | None) -> bool:
        if frame is None:
            return False
        with self._changed:
            if self._keep_all:
                self._changed.wait_for(lambda: self._frame is None or self._stopping)
            self.read += 1
            self.dropped += self._frame is not None
            self._frame = frame
            self._changed.notify_all()
            return not self._stopping
