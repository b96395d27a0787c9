"""devices.gaze.webcam: what a source of pictures is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from devices.gaze.webcam.eyes import Picture
from devices.gaze.webcam.messages import Failure


class CaptureError(Exception):
    """There are no pictures; `failure` says why."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(detail)
        self.failure = failure
        self.detail = detail


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture of shape (height, width, 3), blue, green, red, captured at `t` seconds on the shared clock."""

    t: float
    picture: Picture


class Source(Protocol):
    """Where pictures come from. Its methods are called from one thread."""

    def read(self) -> Frame | None:
        """Wait for the next picture; None when no more come.

        Raises
        ------
        CaptureError
            Pictures should come but do not.
        """
        ...

    def release(self) -> None:
        """Let go of the device."""
        ...
