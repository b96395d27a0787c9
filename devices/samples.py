"""devices: the typed samples that leave a driver."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class GazeSample:
    """Where the eyes meet the screen.

    Parameters
    ----------
    t : float
        Seconds on the shared clock.
    x, y : float
        Share of the screen's width and height, origin top left; [0, 1] is on the screen. NaN: no gaze
        (blink, eyes lost, nobody looking).
    left, right : tuple of float, optional
        The same for each eye, where the device tells them apart.
    """

    t: float
    x: float
    y: float
    left: Point | None = None
    right: Point | None = None

    @property
    def valid(self) -> bool:
        """Whether the sample names a place."""
        return math.isfinite(self.x) and math.isfinite(self.y)


@dataclass(frozen=True, slots=True)
class SwitchEvent:
    """A switch went down or up. `switch` names it ("1", "2", ...)."""

    t: float
    switch: str
    pressed: bool


class DeviceState(StrEnum):
    """What a device is doing; a failing device is a state, never an exception."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """A device's state changed. `detail` is a sentence for the caregiver (English, translatable)."""

    t: float
    device: str
    state: DeviceState
    detail: str = ""


Sample = GazeSample | SwitchEvent
