"""devices: runs a driver in its own thread, says how it is doing, and connects it again."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Sequence
from functools import partial

from devices.clock import Clock
from devices.driver import DeviceKind, DeviceLost, Driver, Emit
from devices.samples import (
    DeviceState,
    DeviceStatus,
    EegChunk,
    FaceSample,
    GazeSample,
    Marker,
    SwitchEvent,
)

log = logging.getLogger(__name__)

RETRY_S = (0.5, 1.0, 2.0, 5.0)


class DriverRunner:
    """Keeps one driver alive. Whatever goes wrong in it becomes a `DeviceStatus`, never an exception.

    A device is STARTING until its first sample (a switch, silent until it is pressed, is RUNNING at
    once). It stays LOST, through all attempts to reconnect, until a sample comes again, or until the
    driver itself emits the status RUNNING: so an input that is gone for long can be told from one that
    flickers. When it stops or is lost, nobody looks and no switch is held: a gaze sample without a place
    and the missing releases are posted first.

    Parameters
    ----------
    driver : Driver
        What to run.
    post : callable
        Takes samples and statuses; called from the driver's threads. Usually `Mailbox.put`.
    clock : Clock
        Handed to the driver, and stamps the statuses.
    retry_s : sequence of float
        Seconds to wait before the first, second, ... attempt to reconnect; the last one is repeated. A
        device that ran for longer than the last one begins anew.
    join_s : float
        Seconds that `stop` waits for a driver to return.
    tr : callable
        Translates the sentences in the statuses.
    """

    def __init__(
        self,
        driver: Driver,
        post: Emit,
        clock: Clock,
        *,
        retry_s: Sequence[float] = RETRY_S,
        join_s: float = 2.0,
        tr: Callable[[str], str] = str,
    ) -> None:
        if not retry_s:
            raise ValueError("there must be a time to wait before reconnecting")
        self._driver = driver
        self._post = post
        self._clock = clock
        self._retry_s = tuple(retry_s)
        self._join_s = join_s
        self._tr = tr
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._state = DeviceState.STOPPED
        self._detail = ""
        self._looking = False
        self._held: set[str] = set()
        self._last_error = ""

    @property
    def state(self) -> DeviceState:
        """What the device is doing now."""
        return self._state

    def start(self) -> None:
        """Run the driver; nothing happens if it runs already."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stop = stop = threading.Event()
        self._thread = threading.Thread(
            target=self._live, args=(stop,), name=f"driver {self._driver.name}", daemon=True
        )
        self._thread.start()

    def stop(self) -> bool:
        """Stop the driver and wait for it, `join_s` at most; nothing is posted after the status STOPPED.

        Returns
        -------
        bool
            False: the driver hangs. It is left alone, and nothing that it still emits is passed on.
        """
        stop, thread = self._stop, self._thread
        stop.set()
        self._thread = None
        if thread is None:
            return True
        thread.join(self._join_s)
        if not thread.is_alive():
            return True
        log.warning("the driver %s did not stop within %g s", self._driver.name, self._join_s)
        with self._lock:
            self._change(stop, DeviceState.STOPPED)
            self._stop = threading.Event()
        return False

    def _live(self, stop: threading.Event) -> None:
        failures = 0
        self._change(stop, DeviceState.STARTING)
        if self._driver.kind == DeviceKind.SWITCH:
            self._change(stop, DeviceState.RUNNING)
        while True:
            began = self._clock.now()
            reason = self._attempt(stop)
            if reason is None or stop.is_set():
                break
            if self._state is DeviceState.RUNNING and self._clock.now() - began > self._retry_s[-1]:
                failures, self._last_error = 0, ""
            self._change(stop, DeviceState.LOST, reason)
            if stop.wait(self._retry_s[min(failures, len(self._retry_s) - 1)]):
                break
            failures += 1
        self._change(stop, DeviceState.STOPPED)

    def _attempt(self, stop: threading.Event) -> str | None:
        """Run the driver once; return why it failed, None if it did not."""
        device = self._driver.name
        try:
            self._driver.run(partial(self._pass_on, stop), stop, self._clock)
        except DeviceLost as lost:
            self._log_once(f"{device} is lost: {lost}")
            return str(lost) or self._tr("The device {device} is gone. Is it plugged in?").format(
                device=device
            )
        # A SystemExit in somebody else's library would otherwise end this thread without a word.
        except BaseException as error:
            self._log_once(f"the driver {device} failed: {error!r}", error)
            return self._tr(
                "The driver of {device} failed ({error}). It is being started again; the other inputs still work. "
                "If this stays, unplug the device and plug it in again."
            ).format(device=device, error=type(error).__name__)
        return None

    def _log_once(self, text: str, error: BaseException | None = None) -> None:
        """Log a failure, but not again at every attempt to reconnect."""
        if text != self._last_error:
            log.warning("%s", text, exc_info=error)
        self._last_error = text

    def _pass_on(self, stop: threading.Event, sample: object) -> None:
        with self._lock:
            if stop.is_set():
                return
            if isinstance(sample, DeviceStatus):
                self._change(stop, sample.state, sample.detail)
                return
            if not isinstance(sample, GazeSample | FaceSample | SwitchEvent | EegChunk | Marker):
                raise TypeError(
                    f"a driver emits samples (devices.samples.Sample) and DeviceStatus, not {sample!r}"
                )
            if self._state is not DeviceState.RUNNING:
                self._change(stop, DeviceState.RUNNING)
            if isinstance(sample, GazeSample):
                self._looking = sample.valid
            elif isinstance(sample, FaceSample | EegChunk | Marker):
                pass
            elif sample.pressed:
                self._held.add(sample.switch)
            else:
                self._held.discard(sample.switch)
            self._post(sample)

    def _change(self, stop: threading.Event, state: DeviceState, detail: str = "") -> None:
        """Post a status unless it is the last one again, or comes from a thread that was given up."""
        with self._lock:
            if stop is not self._stop or (state, detail) == (self._state, self._detail):
                return
            self._state, self._detail = state, detail
            if state in (DeviceState.LOST, DeviceState.STOPPED):
                self._let_go()
            self._post(DeviceStatus(self._clock.now(), self._driver.name, state, detail))

    def _let_go(self) -> None:
        t = self._clock.now()
        if self._looking:
            self._post(GazeSample(t, math.nan, math.nan))
            self._looking = False
        for switch in sorted(self._held):
            self._post(SwitchEvent(t, switch, False))
        self._held.clear()
