"""Sayso's side of a device: a driver in its runner, and what came out of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from devices.clock import LslClock
from devices.driver import Driver, Emitted
from devices.mailbox import Mailbox
from devices.runner import DriverRunner
from devices.samples import DeviceState, DeviceStatus, EegChunk, GazeSample, Marker


class Listener:
    """Takes what a driver emits, in the order in which it comes.

    Parameters
    ----------
    driver : Driver
        It is started at once, and again 0.05 s after it is lost.
    """

    def __init__(self, driver: Driver) -> None:
        self.heard: list[Emitted] = []
        self.stop_took_s = 0.0
        self._box: Mailbox[Emitted] = Mailbox(100_000)
        self._runner = DriverRunner(driver, self._box.put, LslClock(), retry_s=(0.05,))
        self._runner.start()

    def wait(self, is_it: Callable[[Emitted], bool]) -> Any:
        """Return the next message of which this is true."""
        while (message := self._box.get(20)) is not None:
            self.heard.append(message)
            if is_it(message):
                return message
        raise AssertionError(f"it did not come; last: {self.heard[-3:]}")

    def state(self, state: DeviceState, words: str = "") -> DeviceStatus:
        """Wait for a status with these words in it."""
        found = self.wait(lambda m: isinstance(m, DeviceStatus) and m.state is state and words in m.detail)
        assert isinstance(found, DeviceStatus)
        return found

    def gaze(self, count: int) -> list[GazeSample]:
        """Wait for so many samples of gaze."""
        return [self.wait(lambda m: isinstance(m, GazeSample)) for _ in range(count)]

    def chunk(self) -> EegChunk:
        """Wait for EEG."""
        found = self.wait(lambda m: isinstance(m, EegChunk))
        assert isinstance(found, EegChunk)
        return found

    def marker(self) -> Marker:
        """Wait for a marker."""
        found = self.wait(lambda m: isinstance(m, Marker))
        assert isinstance(found, Marker)
        return found

    def nothing_for(self, seconds: float) -> bool:
        """Whether nothing comes for that long."""
        return self._box.get(seconds) is None

    def close(self) -> None:
        """Stop the driver."""
        began = time.monotonic()
        assert self._runner.stop()
        self.stop_took_s = time.monotonic() - began
