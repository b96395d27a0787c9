"""assistive.ui: one sound on its way to the loudspeaker."""

from __future__ import annotations

from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QIODevice, QObject
from PyQt6.QtMultimedia import QAudio, QAudioDevice, QAudioFormat, QAudioSink, QMediaDevices

from assistive.resample import resample

RATE_HZ = 48000
# Qt's own thread feeds the device from this buffer: the window may be busy for so long.
BUFFER_S = 1.0
# What is between Qt's buffer and the ear: 21 ms in the sound server, the rest in the device.
DEVICE_DELAY_S = 0.03
# When Qt's buffer is empty, this much later everything has been heard, on slow devices too.
DRAIN_S = 0.1

# What sound servers call the device that they make up where there is none.
_DUMMY = b"auto_null"


def default_device() -> QAudioDevice | None:
    """Return the sound device to play on, or None if there is none."""
    device = QMediaDevices.defaultAudioOutput()
    return None if device.isNull() or device.id().data() == _DUMMY else device


class Playing:
    """A sink with its stream; what Qt's buffer has no room for yet waits here."""

    def __init__(self, sink: QAudioSink, stream: QIODevice, wanted: QAudioFormat) -> None:
        self._sink = sink
        self._stream = stream
        self._format = wanted
        self._waiting = bytearray()
        self._total_s = 0.0
        self._empty_since: float | None = None

    @classmethod
    def open(cls, device: QAudioDevice, parent: QObject) -> Playing | None:
        """Start a sink on `device`; None if it cannot be opened."""
        wanted = QAudioFormat()
        wanted.setSampleRate(RATE_HZ)
        wanted.setChannelCount(1)
        wanted.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        if not device.isFormatSupported(wanted):
            wanted = device.preferredFormat()
        sink = QAudioSink(device, wanted, parent)
        sink.setBufferSize(wanted.bytesForDuration(round(BUFFER_S * 1e6)))
        stream = sink.start()
        if stream is None or sink.error() != QAudio.Error.NoError:
            sink.deleteLater()
            return None
        return cls(sink, stream, wanted)

    def add(self, pcm: NDArray[np.int16]) -> None:
        """Play `pcm` (mono, at `RATE_HZ`) after what waits."""
        self._total_s += pcm.size / RATE_HZ
        self._waiting += in_format(pcm, self._format)

    def feed(self) -> None:
        """Hand Qt as much as it has room for."""
        room = min(self._sink.bytesFree(), len(self._waiting))
        room -= room % self._format.bytesPerFrame()
        if room > 0:
            written = self._stream.write(bytes(self._waiting[:room]))
            del self._waiting[: max(0, written)]
        empty = not self._waiting and self._sink.bytesFree() >= self._sink.bufferSize()
        if not empty:
            self._empty_since = None
        elif self._empty_since is None:
            self._empty_since = monotonic()

    def heard_s(self) -> float:
        """Return how many seconds have been heard."""
        if self.finished():
            return self._total_s
        return min(max(0.0, self._sink.processedUSecs() / 1e6 - DEVICE_DELAY_S), self._total_s)

    def finished(self) -> bool:
        """Tell whether all of it has been heard."""
        return self._empty_since is not None and monotonic() - self._empty_since >= DRAIN_S

    def failed(self) -> bool:
        """Tell whether the device has gone."""
        bad = (QAudio.Error.OpenError, QAudio.Error.IOError, QAudio.Error.FatalError)
        return self._sink.error() in bad

    def drop(self) -> None:
        """Be silent at once."""
        self._sink.reset()
        self._sink.deleteLater()


def in_format(pcm: NDArray[np.int16], wanted: QAudioFormat) -> bytes:
    """Return mono int16 at `RATE_HZ` as bytes in the format that the device wants."""
    resampled = resample(pcm, RATE_HZ, wanted.sampleRate())
    samples: NDArray[Any] = resampled
    match wanted.sampleFormat():
        case QAudioFormat.SampleFormat.Float:
            samples = resampled.astype(np.float32) / np.float32(32768)
        case QAudioFormat.SampleFormat.Int32:
            samples = resampled.astype(np.int32) << 16
        case QAudioFormat.SampleFormat.UInt8:
            samples = ((resampled.astype(np.int32) >> 8) + 128).astype(np.uint8)
    return np.repeat(samples[:, np.newaxis], wanted.channelCount(), axis=1).tobytes()
