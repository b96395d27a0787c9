"""assistive.eeg: the person's EEG as FIF files, while they want it recorded, and not a sample longer."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from assistive.durable import plain_reason
from assistive.messages import Trouble, TroubleOver
from assistive.recording.fif import FifRecording
from devices.clock import Clock
from devices.samples import EegChunk, Marker

SAVE_S = 60.0
FILE_S = 900.0  # then a new file begins: a file is written whole each time
TROUBLE = "eeg-recording"
EEG_ENDING = "_eeg.fif"

_log = logging.getLogger(__name__)


def recordings_folder(folder: Path) -> Path:
    """Where the recordings of a person's EEG are, in the folder of all that is known of it."""
    return folder / "recordings"


class EegRecording:
    """Records from when it is made until `close`, in a thread of its own: nobody waits for the disk.

    Parameters
    ----------
    folder : Path
        Where the files are made, readable by the owner alone.
    post : callable
        Takes a `Trouble` where the disk refuses, and a `TroubleOver` when it does no more; from any thread.
    clock : Clock
    tr : callable
    """

    def __init__(
        self,
        folder: Path,
        post: Callable[[Trouble | TroubleOver], None],
        clock: Clock,
        tr: Callable[[str], str],
    ) -> None:
        self._folder, self._post, self._clock, self._tr = folder, post, clock, tr
        self._refused = False
        self._work: queue.SimpleQueue[EegChunk | Marker | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="eeg-recording", daemon=True)
        self._thread.start()

    def add(self, message: EegChunk | Marker) -> None:
        """Take the next samples, or a marker."""
        self._work.put(message)

    def close(self, timeout_s: float = 0.0) -> bool:
        """Write what has come and end; False: the disk has not answered in time (it goes on)."""
        self._work.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        began = saved_at = self._clock.now()
        recording = self._begin()
        while (message := self._work.get()) is not None:
            recording.add(message)
            now = self._clock.now()
            if now - saved_at >= SAVE_S:
                saved_at = now
                # One that could not be written is gone on with, so that nothing is lost once there is room again.
                if self._saved(recording) and now - began >= FILE_S:
                    recording, began = self._begin(), now
        self._saved(recording)

    def _begin(self) -> FifRecording:
        began = datetime.now(UTC)
        return FifRecording(self._folder / f"{began:%Y-%m-%d-%H%M%S-%f}{EEG_ENDING}", began)

    def _saved(self, recording: FifRecording) -> bool:
        try:
            recording.save()
        except OSError as error:
            self._tell(error)
            return False
        # Whatever MNE cannot write must not end the thread.
        except Exception as error:
            _log.exception("the EEG could not be written")
            self._tell(error)
            return False
        if self._refused:
            self._refused = False
            self._post(TroubleOver(self._clock.now(), TROUBLE))
        return True

    def _tell(self, error: Exception) -> None:
        self._refused = True
        self._post(
            Trouble(
                self._clock.now(),
                TROUBLE,
                self._tr("The EEG cannot be recorded: {reason}.").format(
                    reason=plain_reason(error, self._tr)
                ),
                self._tr("Choosing works. What has come so far is tried again every minute."),
                self._tr("Have somebody look at the disk."),
            )
        )
