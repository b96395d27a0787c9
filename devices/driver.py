"""devices: what a driver is, and a scripted one for tests."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

from devices.clock import Clock, VirtualClock
from devices.samples import DeviceStatus, Sample

Emitted = Sample | DeviceStatus
Emit = Callable[[Emitted], None]


class DeviceKind(StrEnum):
    """What a device tells about the person."""

    GAZE = "gaze"
    SWITCH = "switch"
    EEG = "eeg"


class DeviceLost(Exception):
    """The device went away. The message says so in words for the caregiver, and what to do about it."""


class Driver(Protocol):
    """Hardware in, typed samples out.

    A driver knows nothing of threads, states and reconnecting; `devices.runner.DriverRunner` does that.
    """

    @property
    def name(self) -> str:
        """What the device is called, in its statuses and in the settings."""
        ...

    @property
    def kind(self) -> DeviceKind:
        """Whether it tells of gaze or of switches."""
        ...

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Connect, then emit samples until `stop` is set or the source ends.

        It may be called again after it returned or raised. While there is nothing to do it waits on
        `stop` (or on the device, with a timeout well below a second), it never spins.

        Parameters
        ----------
        emit : callable
            Takes each sample; also a `DeviceStatus`, for what the caregiver should know (`state`
            RUNNING with a `detail`) and for a switch that is connected again after it was lost.
        stop : threading.Event
            Set when the driver is to return.
        clock : Clock
            Stamps the samples.

        Raises
        ------
        DeviceLost
            The device is not there, or it went away; the runner calls `run` again after a while.
        """
        ...


Step = Emitted | BaseException | threading.Event


class ScriptedDriver:
    """A driver that does what the test wrote down.

    Parameters
    ----------
    *lives : sequence of Step
        One for each call of `run`: a sample or status is emitted, an exception raised, an event waited
        for. After the last life, `run` waits to be stopped.
    name, kind
        As of any driver.
    deaf : bool
        Waits for its events without minding `stop`, as a hanging device library does.
    """

    def __init__(
        self,
        *lives: Sequence[Step],
        name: str = "scripted",
        kind: DeviceKind = DeviceKind.GAZE,
        deaf: bool = False,
    ) -> None:
        self.name = name
        self.kind = kind
        self._lives = list(lives)
        self._deaf = deaf
        self.runs = 0

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Live the next life of the script."""
        self.runs += 1
        if not self._lives:
            stop.wait()
            return
        for step in self._lives.pop(0):
            if isinstance(step, BaseException):
                raise step
            if not isinstance(step, threading.Event):
                emit(step)
            elif self._deaf:
                step.wait()
            else:
                while not step.wait(0.005):
                    if stop.is_set():
                        return


class VirtualStop(threading.Event):
    """A driver's `stop` in virtual time: to wait on it moves the clock on, and takes no time.

    Parameters
    ----------
    clock : VirtualClock
        The clock that the driver reads.
    end : float
        It is set when the clock has come to this time, in seconds.
    """

    def __init__(self, clock: VirtualClock, end: float = math.inf) -> None:
        super().__init__()
        self._clock = clock
        self._end = end

    def wait(self, timeout: float | None = None) -> bool:
        """Move the clock on by `timeout` (None: to the end) and say whether it is set."""
        if not self.is_set():
            left = self._end - self._clock.now()
            self._clock.advance(max(0.0, left if timeout is None else min(timeout, left)))
            if self._clock.now() >= self._end:
                self.set()
        return self.is_set()
