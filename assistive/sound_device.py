"""assistive: sound through the computer's sound device, by way of its sound server."""

from __future__ import annotations

import ctypes
import queue
import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from assistive import libpulse
from assistive.messages import Trouble, TroubleOver
from assistive.playing import RATE_HZ, Playing
from devices.clock import Clock
from devices.i18n import N_

# The problem in the first moment, before it is known whether there is a device.
STARTING = N_("The sound is starting.")

_KEY = "sound-device"
_TICK_US = 20_000
_RETRY_S = 1.0
# What sound servers call the device that they make up where there is none.
_DUMMY = b"auto_null"


class SoundDevice:
    """The default sound device, on a thread of its own that stays connected to the sound server.

    Every sound has a stream of its own and the server mixes them. A device that is missing or lost is
    told as a trouble; when one appears, sound works again by itself.

    Parameters
    ----------
    post : callable
        Takes Trouble and TroubleOver, from this object's thread.
    clock : Clock
        The shared clock.
    """

    def __init__(self, post: Callable[[Trouble | TroubleOver], None], clock: Clock) -> None:
        self.rate_hz = RATE_HZ
        self._post = post
        self._clock = clock
        self._lock = threading.Lock()
        self._line = 0  # grows with every stop: sound of an older line is not played
        self._speech_line = 0
        self._heard_s = 0.0
        self._problem = STARTING
        self._told = False
        self._orders: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._loop: int | None = None
        self._pulse: ctypes.CDLL | None = None
        self._context: int | None = None
        self._speech: Playing | None = None
        self._tones: list[Playing] = []
        # ctypes does not keep callbacks alive.
        self._on_server_info = libpulse.ServerInfoCallback(self._server_info)
        self._on_change = libpulse.SubscribeCallback(self._something_changed)
        self._thread = threading.Thread(target=self._run, name="sound-device", daemon=True)
        self._thread.start()

    def write(self, pcm: NDArray[np.int16]) -> None:
        """Go on speaking with `pcm`."""
        with self._lock:
            line = self._line
        self._order(lambda: self._write(pcm, line))

    def heard_s(self) -> float:
        """Return how much of the speech has left the loudspeaker, to 20 ms."""
        with self._lock:
            return self._heard_s

    def stop(self) -> None:
        """Silence the speech."""
        with self._lock:
            self._line += 1
            self._heard_s = 0.0
        self._order(self._drop_speech)

    def tone(self, pcm: NDArray[np.int16]) -> None:
        """Play `pcm` now."""
        self._order(lambda: self._tone(pcm))

    def stop_tones(self) -> None:
        """Silence the tones."""
        self._order(self._drop_tones)

    def problem(self) -> str:
        """Return why nothing can be heard, or ""."""
        return self._problem

    def close(self, timeout_s: float = 1.0) -> None:
        """Silence everything and end the thread."""
        self._closing.set()
        self._order(self._drop_all)
        self._thread.join(timeout_s)

    def _order(self, order: Callable[[], None]) -> None:
        self._orders.put(order)
        with self._lock:
            if self._loop is not None and self._pulse is not None:
                self._pulse.pa_mainloop_wakeup(self._loop)

    # ------------------------------------------------------------ on the thread

    def _run(self) -> None:
        try:
            self._pulse = libpulse.load()
        except OSError:
            self._lost(N_("Install the package libpulse0, then start Sayso again."))
            return
        while not self._closing.is_set():
            self._stay_connected(self._pulse)
            if not self._closing.is_set():
                self._lost(N_("Connect a loudspeaker or headphones, or start the computer again."))
            self._carry_out()
            self._closing.wait(_RETRY_S)

    def _stay_connected(self, pulse: ctypes.CDLL) -> None:
        loop = pulse.pa_mainloop_new()
        context = pulse.pa_context_new(pulse.pa_mainloop_get_api(loop), b"Sayso")
        with self._lock:
            self._loop = loop
        if pulse.pa_context_connect(context, None, libpulse.CONTEXT_NO_AUTOSPAWN, None) >= 0:
            while not self._closing.is_set() and self._iterate(pulse, loop):
                state = pulse.pa_context_get_state(context)
                if state > libpulse.CONTEXT_READY:
                    break
                if state == libpulse.CONTEXT_READY:
                    if self._context is None:
                        self._context = context
                        self._subscribe(pulse, context)
                    self._carry_out()
                    self._feed()
        self._drop_all()
        self._context = None
        with self._lock:
            self._loop = None
        pulse.pa_context_disconnect(context)
        pulse.pa_context_unref(context)
        pulse.pa_mainloop_free(loop)

    def _iterate(self, pulse: ctypes.CDLL, loop: int) -> bool:
        timeout = _TICK_US if self._speech or self._tones else -1
        if pulse.pa_mainloop_prepare(loop, timeout) < 0 or pulse.pa_mainloop_poll(loop) < 0:
            return False
        dispatched: int = pulse.pa_mainloop_dispatch(loop)
        return dispatched >= 0

    def _subscribe(self, pulse: ctypes.CDLL, context: int) -> None:
        pulse.pa_context_set_subscribe_callback(context, self._on_change, None)
        operation = pulse.pa_context_subscribe(context, libpulse.SUBSCRIPTION_SINKS_AND_SERVER, None, None)
        if operation:
            pulse.pa_operation_unref(operation)
        self._something_changed(context, 0, 0, None)

    def _something_changed(self, context: int, event: int, index: int, data: object) -> None:
        if self._pulse is not None:
            operation = self._pulse.pa_context_get_server_info(context, self._on_server_info, None)
            if operation:
                self._pulse.pa_operation_unref(operation)

    def _server_info(self, context: int, info: ctypes._Pointer[libpulse.ServerInfo], data: object) -> None:
        if not info or info.contents.default_sink_name in (None, b"", _DUMMY):
            self._lost(N_("Connect a loudspeaker or headphones."))
            return
        self._problem = ""
        if self._told:
            self._told = False
            self._post(TroubleOver(self._clock.now(), _KEY))

    def _carry_out(self) -> None:
        while not self._orders.empty():
            self._orders.get()()

    def _feed(self) -> None:
        if self._speech is not None:
            self._speech.feed()
            with self._lock:
                if self._speech_line == self._line:
                    self._heard_s = self._speech.heard_s()
        for tone in self._tones[:]:
            tone.feed()
            if tone.finished():
                tone.drop()
                self._tones.remove(tone)

    def _open(self, name: str) -> Playing | None:
        if self._problem or self._pulse is None or self._context is None:
            return None
        return Playing(self._pulse, self._context, name)

    def _write(self, pcm: NDArray[np.int16], line: int) -> None:
        if line != self._line:
            return
        if self._speech is None or self._speech.failed():
            self._drop_speech()
            self._speech, self._speech_line = self._open("speech"), line
        if self._speech is not None:
            self._speech.add(pcm)

    def _tone(self, pcm: NDArray[np.int16]) -> None:
        if (tone := self._open("tone")) is not None:
            tone.add(pcm)
            self._tones.append(tone)

    def _drop_speech(self) -> None:
        if self._speech is not None:
            self._speech.drop()
            self._speech = None

    def _drop_tones(self) -> None:
        for tone in self._tones:
            tone.drop()
        self._tones.clear()

    def _drop_all(self) -> None:
        self._drop_speech()
        self._drop_tones()

    def _lost(self, todo: str) -> None:
        self._drop_all()
        self._problem = N_("No sound device is found: nothing can be said aloud.")
        if not self._told:
            self._told = True
            works = N_("You can write, and others can read it from the screen.")
            self._post(Trouble(self._clock.now(), _KEY, self._problem, works, todo))
