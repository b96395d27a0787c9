"""assistive: watches the person's input: whether it is there, and whether it is quick enough."""

from __future__ import annotations

from collections import deque
from statistics import median

from assistive.fusion.dwell import STALE_S
from assistive.messages import Trouble
from devices.samples import DeviceState, DeviceStatus, GazeSample

LOST_KEY = "gaze-lost"
SLOW_KEY = "gaze-slow"
POINTER = "pointer"  # a resting mouse is no lost input


class InputWatch:
    """Follows the gaze device. All times are seconds on the shared clock."""

    def __init__(self, device: str) -> None:
        self.device = device
        self._lost_since: float | None = None  # the device is gone
        self._unseen_since: float | None = None  # the device is there, the eyes are not
        self._intervals: deque[float] = deque(maxlen=20)
        self._last_t: float | None = None
        self._slow_said = False

    def status(self, status: DeviceStatus) -> Trouble | None:
        """Take in a device's state; the trouble to show, if there is one."""
        if status.device != self.device:
            return None
        if status.state is DeviceState.LOST:
            if self._lost_since is None:
                self._lost_since = status.t
            return Trouble(
                status.t,
                LOST_KEY,
                status.detail or "The input device is gone.",
                "A click, a touch or the keyboard still chooses. Your text is safe.",
                "Check its cable or battery. Sayso goes on by itself when it is back.",
            )
        if status.state is DeviceState.RUNNING:
            self._lost_since = None
        return None

    def sample(self, sample: GazeSample) -> Trouble | None:
        """Take in a sample; the trouble to show, if samples come too rarely to choose by."""
        if self.device != POINTER and not sample.valid:
            if self._unseen_since is None:
                self._unseen_since = sample.t
        else:
            self._unseen_since = None
        if self._last_t is not None and sample.valid:
            self._intervals.append(sample.t - self._last_t)
        self._last_t = sample.t if sample.valid else None
        full = len(self._intervals) == self._intervals.maxlen
        if full and not self._slow_said and median(self._intervals) > STALE_S:
            self._slow_said = True
            return Trouble(
                sample.t,
                SLOW_KEY,
                "The input device sends its samples too rarely to choose by looking.",
                "A click, a touch or the keyboard still chooses.",
                "Choose another input device, or close other programs that slow this computer.",
            )
        return None

    def used_otherwise(self) -> None:
        """The person chose in another way: their input is not lost."""
        if self._lost_since is not None:
            self._lost_since = None
        self._unseen_since = None

    def lost_since(self, *, resting: bool) -> float | None:
        """Since when the only input is lost. Closed eyes do not count while the person rests."""
        if self._lost_since is not None:
            return self._lost_since
        return None if resting else self._unseen_since
