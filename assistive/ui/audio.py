"""assistive.ui: sound through the computer's sound device."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from assistive.messages import Trouble, TroubleOver
from assistive.ui.sound_server import SoundServerWatch
from devices.clock import Clock

if TYPE_CHECKING:
    from PyQt6.QtMultimedia import QMediaDevices

    from assistive.ui.playing import Playing

RATE_HZ = 48000
_TICK_MS = 20
_RETRY_MS = 2000
_KEY = "sound-device"


class QtAudioOutput(QObject):
    """The default sound device, through QAudioSink.

    Make and close it on the thread that has the QApplication; everything else may be called from any
    thread. Every sound has a sink of its own and the sound server mixes them. A device that is missing
    or breaks is told as a trouble; when one appears, sound works again by itself.

    QtMultimedia is loaded when there is a sound server (see sound_server.py for why), after the window.

    Parameters
    ----------
    post : callable
        Takes Trouble and TroubleOver.
    clock : Clock
        The shared clock.
    """

    _written = pyqtSignal(object, int)
    _stopped = pyqtSignal(int)
    _toned = pyqtSignal(object)
    _tones_stopped = pyqtSignal()
    _server_changed = pyqtSignal(bool)

    def __init__(self, post: Callable[[Trouble | TroubleOver], None], clock: Clock) -> None:
        super().__init__()
        self.rate_hz = RATE_HZ
        self._post = post
        self._clock = clock
        self._lock = threading.Lock()
        self._line = 0  # grows with every stop: sound of an older line is not played
        self._heard_s = 0.0
        self._speech_line = 0
        self._problem = "The sound is starting."
        self._told = False
        self._server_up = False
        self._closed = False
        self._speech: Playing | None = None
        self._tones: list[Playing] = []
        self._devices: QMediaDevices | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(_RETRY_MS)
        self._retry.timeout.connect(self._look_for_device)
        self._written.connect(self._on_written)
        self._stopped.connect(self._on_stopped)
        self._toned.connect(self._on_toned)
        self._tones_stopped.connect(self._on_tones_stopped)
        self._server_changed.connect(self._on_server_changed)
        self._watch = SoundServerWatch(self._server_changed.emit)
        self._watch.start()

    def write(self, pcm: NDArray[np.int16]) -> None:
        """Go on speaking with `pcm`."""
        self._written.emit(pcm, self._line)

    def heard_s(self) -> float:
        """Return how much of the speech has left the loudspeaker, to about 20 ms."""
        with self._lock:
            return self._heard_s

    def stop(self) -> None:
        """Silence the speech."""
        with self._lock:
            self._line += 1
            self._heard_s = 0.0
            line = self._line
        self._stopped.emit(line)

    def tone(self, pcm: NDArray[np.int16]) -> None:
        """Play `pcm` now."""
        self._toned.emit(pcm)

    def stop_tones(self) -> None:
        """Silence the tones."""
        self._tones_stopped.emit()

    def problem(self) -> str:
        """Return why nothing can be heard, or ""."""
        return self._problem

    def close(self) -> None:
        """Silence everything; nothing is played afterwards."""
        self._closed = True
        self._watch.close()
        self._retry.stop()
        self._drop_all()

    # ------------------------------------------------------------ on the thread of the QApplication

    def _on_written(self, pcm: NDArray[np.int16], line: int) -> None:
        if line != self._line:
            return
        if self._speech is None:
            self._speech, self._speech_line = self._open(), line
        if self._speech is not None:
            self._speech.add(pcm)
            self._tick()

    def _on_stopped(self, line: int) -> None:
        # A stop that was overtaken by a newer one has nothing left to silence.
        if line == self._line and self._speech is not None:
            self._speech.drop()
            self._speech = None

    def _on_toned(self, pcm: NDArray[np.int16]) -> None:
        if (playing := self._open()) is not None:
            playing.add(pcm)
            self._tones.append(playing)
            self._tick()

    def _on_tones_stopped(self) -> None:
        for playing in self._tones:
            playing.drop()
        self._tones.clear()

    def _on_server_changed(self, up: bool) -> None:
        self._server_up = up
        self._look_for_device()

    def _open(self) -> Playing | None:
        if self._problem or self._closed:
            return None
        from assistive.ui.playing import Playing, default_device

        device = default_device()
        playing = None if device is None else Playing.open(device, self)
        if playing is None:
            self._lost()
        return playing

    def _tick(self) -> None:
        if self._speech is not None:
            self._speech.feed()
            with self._lock:
                # After a stop that has not arrived here yet, this is not the speech that is asked about.
                if self._speech_line == self._line:
                    self._heard_s = self._speech.heard_s()
        for playing in self._tones[:]:
            playing.feed()
            if playing.finished():
                playing.drop()
                self._tones.remove(playing)
        if any(playing.failed() for playing in self._sounding()):
            self._lost()
        if not self._sounding():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _sounding(self) -> list[Playing]:
        return self._tones if self._speech is None else [*self._tones, self._speech]

    def _look_for_device(self) -> None:
        if self._closed:
            return
        if not self._server_up or not self._load() or not self._has_device():
            self._lost()
            return
        self._problem = ""
        if self._told:
            self._told = False
            self._post(TroubleOver(self._clock.now(), _KEY))

    def _load(self) -> bool:
        if self._devices is None:
            # One way to the device on every desktop: PipeWire's servers speak PulseAudio's protocol too.
            os.environ.setdefault("QT_AUDIO_BACKEND", "pulseaudio")
            try:
                from PyQt6.QtMultimedia import QMediaDevices
            except ImportError:  # a library that Qt needs for sound is not installed
                return False
            self._devices = QMediaDevices(self)
            self._devices.audioOutputsChanged.connect(self._look_for_device)
        return True

    def _has_device(self) -> bool:
        from assistive.ui.playing import default_device

        return default_device() is not None

    def _lost(self) -> None:
        self._drop_all()
        self._problem = "No sound device is found: nothing can be said aloud."
        if self._server_up and not self._closed:
            self._retry.start()
        if not self._told:
            self._told = True
            self._post(
                Trouble(
                    self._clock.now(),
                    _KEY,
                    self._problem,
                    "You can write, and others can read it from the screen.",
                    "Connect a loudspeaker or headphones, or choose a sound device in the computer's settings.",
                )
            )

    def _drop_all(self) -> None:
        self._on_tones_stopped()
        if self._speech is not None:
            self._speech.drop()
            self._speech = None
        self._timer.stop()
