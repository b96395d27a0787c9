"""assistive.ui: is there a sound server? Asked of libpulse, which speaks to PulseAudio and to PipeWire.

QtMultimedia must not be asked. If it is first used while there is no server, it never finds one later; and
opening a sound while the server is away ends the process (Qt 6.11: an assertion in pa_context_get_state).
The functions are those of https://www.freedesktop.org/software/pulseaudio/doxygen/ (context.h, mainloop.h).
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable

_NO_AUTOSPAWN = 1
_READY = 4  # PA_CONTEXT_READY; a larger state means that the connection has ended
_RETRY_S = 2.0


class SoundServerWatch:
    """Stays connected to the sound server on a thread of its own and tells when it comes and goes.

    Parameters
    ----------
    changed : callable
        Called with True when the server can be used and with False when it cannot: once soon after the
        start, then at every change. From the watching thread.
    """

    def __init__(self, changed: Callable[[bool], None]) -> None:
        self._changed = changed
        self._told: bool | None = None
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._loop: ctypes.c_void_p | None = None
        self._pulse: ctypes.CDLL | None = None
        self._thread = threading.Thread(target=self._watch, name="sound-server", daemon=True)

    def start(self) -> None:
        """Start watching."""
        self._thread.start()

    def close(self, timeout_s: float = 1.0) -> None:
        """Stop watching."""
        self._closing.set()
        with self._lock:
            if self._loop is not None and self._pulse is not None:
                self._pulse.pa_mainloop_wakeup(self._loop)
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _watch(self) -> None:
        try:
            self._pulse = _libpulse()
        except OSError:
            self._tell(False)
            return
        while not self._closing.is_set():
            self._stay_connected(self._pulse)
            if not self._closing.is_set():
                self._tell(False)
            self._closing.wait(_RETRY_S)

    def _stay_connected(self, pulse: ctypes.CDLL) -> None:
        loop = ctypes.c_void_p(pulse.pa_mainloop_new())
        api = ctypes.c_void_p(pulse.pa_mainloop_get_api(loop))
        context = ctypes.c_void_p(pulse.pa_context_new(api, b"Sayso"))
        with self._lock:
            self._loop = loop
        if pulse.pa_context_connect(context, None, _NO_AUTOSPAWN, None) >= 0:
            while not self._closing.is_set() and pulse.pa_mainloop_iterate(loop, 1, None) >= 0:
                state = pulse.pa_context_get_state(context)
                if state > _READY:
                    break
                if state == _READY:
                    self._tell(True)
        with self._lock:
            self._loop = None
        pulse.pa_context_disconnect(context)
        pulse.pa_context_unref(context)
        pulse.pa_mainloop_free(loop)

    def _tell(self, up: bool) -> None:
        if up is not self._told:
            self._told = up
            self._changed(up)


def _libpulse() -> ctypes.CDLL:
    """Load the library of the sound server's clients. OSError: it is not installed."""
    pulse = ctypes.CDLL("libpulse.so.0")
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    signatures: dict[str, tuple[type | None, tuple[type, ...]]] = {
        "pa_mainloop_new": (pointer, ()),
        "pa_mainloop_get_api": (pointer, (pointer,)),
        "pa_mainloop_iterate": (number, (pointer, number, pointer)),
        "pa_mainloop_wakeup": (None, (pointer,)),
        "pa_mainloop_free": (None, (pointer,)),
        "pa_context_new": (pointer, (pointer, text)),
        "pa_context_connect": (number, (pointer, text, number, pointer)),
        "pa_context_get_state": (number, (pointer,)),
        "pa_context_disconnect": (None, (pointer,)),
        "pa_context_unref": (None, (pointer,)),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(pulse, name)
        function.restype, function.argtypes = result, arguments
    return pulse
