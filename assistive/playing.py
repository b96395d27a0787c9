"""assistive: one sound on its way to the loudspeaker."""

from __future__ import annotations

import ctypes
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from assistive import libpulse

RATE_HZ = 48000
# The sound server plays from this much by itself: the computer may be busy for so long.
BUFFER_S = 1.0
# The first sound is heard when this much is there; a click is longer.
_START_S = 0.01
# How much the device asks for at a time: after a stop, no more than this is still heard.
_REQUEST_S = 0.02
# Where a server does not tell that it has played everything, so much stillness at the end tells it.
_STILL_S = 0.6


class Playing:
    """A stream to the sound server; what the server has no room for yet waits here.

    Everything is called on the thread of the server's main loop.
    """

    def __init__(self, pulse: ctypes.CDLL, context: int, name: str) -> None:
        self._pulse = pulse
        self._waiting = bytearray()
        self._total_bytes = 0
        self._heard_s = 0.0
        self._moved_at = monotonic()
        spec = libpulse.SampleSpec(libpulse.SAMPLE_S16LE, RATE_HZ, 1)
        self._stream = pulse.pa_stream_new(context, name.encode(), ctypes.byref(spec), None)
        sizes = libpulse.BufferAttributes(
            libpulse.DEFAULT, _bytes(BUFFER_S), _bytes(_START_S), _bytes(_REQUEST_S), libpulse.DEFAULT
        )
        flags = (
            libpulse.STREAM_INTERPOLATE_TIMING
            | libpulse.STREAM_AUTO_TIMING_UPDATE
            | libpulse.STREAM_EARLY_REQUESTS
        )
        self._refused = not self._stream or (
            pulse.pa_stream_connect_playback(self._stream, None, ctypes.byref(sizes), flags, None, None) < 0
        )

    def add(self, pcm: NDArray[np.int16]) -> None:
        """Play `pcm` (mono, at `RATE_HZ`) after what waits."""
        self._waiting += pcm.astype("<i2").tobytes()
        self._total_bytes += 2 * pcm.size
        self._moved_at = monotonic()

    def feed(self) -> None:
        """Hand the server as much as it has room for, and see how far it is."""
        if self.failed() or self._pulse.pa_stream_get_state(self._stream) != libpulse.STREAM_READY:
            return
        room = self._pulse.pa_stream_writable_size(self._stream)
        if self._waiting and room != libpulse.FAILED and room > 1:
            data = bytes(self._waiting[: room - room % 2])
            if self._pulse.pa_stream_write(self._stream, data, len(data), None, 0, 0) >= 0:
                del self._waiting[: len(data)]
        heard = ctypes.c_uint64()
        if self._pulse.pa_stream_get_time(self._stream, ctypes.byref(heard)) >= 0:
            heard_s = min(heard.value / 1e6, self._total_s)
            if heard_s > self._heard_s:
                self._heard_s, self._moved_at = heard_s, monotonic()
        if not self._waiting and self._all_played():
            self._heard_s = self._total_s

    def heard_s(self) -> float:
        """Return how many seconds have been heard."""
        return self._heard_s

    def finished(self) -> bool:
        """Tell whether all of it has been heard."""
        return not self._waiting and self._heard_s >= self._total_s

    def failed(self) -> bool:
        """Tell whether the server has ended the stream."""
        return self._refused or self._pulse.pa_stream_get_state(self._stream) > libpulse.STREAM_READY

    def drop(self) -> None:
        """Be silent at once."""
        if self._stream:
            self._pulse.pa_stream_disconnect(self._stream)
            self._pulse.pa_stream_unref(self._stream)

    @property
    def _total_s(self) -> float:
        return self._total_bytes / 2 / RATE_HZ

    def _all_played(self) -> bool:
        if self._pulse.pa_stream_get_underflow_index(self._stream) >= self._total_bytes:
            return True
        still = monotonic() - self._moved_at > _STILL_S
        return still and self._heard_s > 0 and self._total_s - self._heard_s < _STILL_S


def _bytes(seconds: float) -> int:
    return 2 * round(seconds * RATE_HZ)
