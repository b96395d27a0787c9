"""assistive: an audio output that writes what would be heard into a WAV file."""

from __future__ import annotations

import struct
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from devices.clock import Clock
from devices.i18n import N_

RATE_HZ = 22050
LONGEST_SILENCE_S = 1.0
_FADE_S = 0.005
_HEADER_BYTES = 44
_LARGEST = 0xFFFFFFFF - _HEADER_BYTES


class WavOutput:
    """A file that is complete after every call: killing the application leaves a WAV that can be played.

    Time is the clock's, real or virtual. Silences are shortened to one second, so that a day on which
    little is said does not fill the disk.

    Parameters
    ----------
    path : Path
        The file; what was there is replaced.
    clock : Clock
        Tells how much of the speech would have been heard.

    Raises
    ------
    OSError
        The file cannot be created.
    """

    def __init__(self, path: Path, clock: Clock, *, rate_hz: int = RATE_HZ) -> None:
        self.rate_hz = rate_hz
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._problem = ""
        self._started = clock.now()
        self._cut_frames = 0  # silence that was left out so far
        self._now = 0  # the frame of the file that is heard now
        self._end = 0  # how many frames the file has
        # What is still to be heard, from frame `_now` on.
        self._speech = np.zeros(0, np.int32)
        self._tones = np.zeros(0, np.int32)
        self._written = 0
        self._file = path.open("wb", buffering=0)
        try:
            self._file.write(self._header())
        except OSError:
            self._file.close()
            raise

    def write(self, pcm: NDArray[np.int16]) -> None:
        """Append speech after what is still to be heard."""
        with self._lock:
            self._pass_time()
            self._speech = np.concatenate([self._speech, pcm.astype(np.int32)])
            self._written += pcm.size
            self._save()

    def heard_s(self) -> float:
        """Return how much speech the clock has left behind."""
        with self._lock:
            self._pass_time()
            return (self._written - self._speech.size) / self.rate_hz

    def stop(self) -> None:
        """Take what has not been heard out of the file."""
        with self._lock:
            self._pass_time()
            self._speech = self._faded(self._speech)
            self._save()
            self._written = self._speech.size

    def tone(self, pcm: NDArray[np.int16]) -> None:
        """Add a tone at this moment."""
        with self._lock:
            self._pass_time()
            mixed = np.zeros(max(self._tones.size, pcm.size), np.int32)
            mixed[: self._tones.size] += self._tones
            mixed[: pcm.size] += pcm
            self._tones = mixed
            self._save()

    def stop_tones(self) -> None:
        """Take the tones that have not been heard out of the file."""
        with self._lock:
            self._pass_time()
            self._tones = self._faded(self._tones)
            self._save()

    def problem(self) -> str:
        """Return why the file cannot be written, or ""."""
        return self._problem

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()

    def _pass_time(self) -> None:
        now = round((self._clock.now() - self._started) * self.rate_hz) - self._cut_frames
        passed = max(0, now - self._now)
        self._speech, self._tones = self._speech[passed:], self._tones[passed:]
        if not self._speech.size and not self._tones.size:
            too_long = now - self._end - round(LONGEST_SILENCE_S * self.rate_hz)
            if too_long > 0:
                self._cut_frames += too_long
                now -= too_long
        self._now = max(self._now, now)

    def _faded(self, sound: NDArray[np.int32]) -> NDArray[np.int32]:
        short = sound[: round(_FADE_S * self.rate_hz)]
        return (short * np.linspace(1.0, 0.0, short.size)).astype(np.int32)

    def _save(self) -> None:
        mixed = np.zeros(max(self._speech.size, self._tones.size), np.int32)
        mixed[: self._speech.size] += self._speech
        mixed[: self._tones.size] += self._tones
        self._end = self._now + mixed.size
        try:
            self._file.seek(_HEADER_BYTES + 2 * self._now)
            self._file.write(np.clip(mixed, -32768, 32767).astype("<i2").tobytes())
            self._file.truncate(_HEADER_BYTES + 2 * self._end)
            self._file.seek(0)
            self._file.write(self._header())
            self._problem = ""
        except (OSError, ValueError) as error:
            self._problem = N_("The sound file {path} cannot be written: {error}.").format(
                path=self._path, error=error
            )

    def _header(self) -> bytes:
        n_bytes = min(2 * self._end, _LARGEST)
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI",
            *(b"RIFF", n_bytes + _HEADER_BYTES - 8, b"WAVE"),
            *(b"fmt ", 16, 1, 1, self.rate_hz, 2 * self.rate_hz, 2, 16),
            *(b"data", n_bytes),
        )
