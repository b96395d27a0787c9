"""assistive: watches the person's input: whether it is there, and whether it is quick enough."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

from assistive.fusion.dwell import STALE_S
from assistive.messages import Trouble
from devices.i18n import N_
from devices.samples import DeviceState, DeviceStatus

LOST_KEY = "gaze-lost"
POOR_KEY = "gaze-poor"  # it is there, and sees the eyes badly or not at all
TRIAL_KEY = "gaze-trial"
TRIAL_S = 20.0
SLOW_KEY = "gaze-slow"
POINTER = "pointer"  # a resting mouse is no lost input


@dataclass(frozen=True, slots=True)
class Trial:
    """A newly chosen input: where it shows no gaze `until` then, the one `before` is used again."""

    before: str
    until: float


class InputWatch:
    """Follows the gaze device. All times are seconds on the shared clock.

    `trial` is there as long as a newly chosen device has not shown where the person looks.
    """

    def __init__(self, device: str, trial: Trial | None = None) -> None:
        self.device = device
        self.trial = trial
        self._lost_since: float | None = None  # the device is gone
        self._sample_at: float | None = None  # the device last told anything
        self._seen_at: float | None = None  # it last saw the eyes
        self._intervals: deque[float] = deque(maxlen=20)
        self._slow_said = False

    def status(self, status: DeviceStatus) -> Trouble | None:
        """Take in a device's state; the trouble to show, if there is one."""
        if status.device == POINTER:
            self.device = POINTER  # it stands in for a device that is not there
        if status.device != self.device:
            return None
        if status.state is DeviceState.LOST:
            if self._lost_since is None:
                self._lost_since = status.t
            return Trouble(
                status.t,
                LOST_KEY,
                status.detail or N_("The input device is gone."),
                N_("A click, a touch or the keyboard still chooses. Your text is safe."),
                N_("Check its cable or battery. Sayso goes on by itself when it is back."),
            )
        if status.state is DeviceState.RUNNING:
            self._lost_since = None
            if status.detail:
                works = N_("A click, a touch or the keyboard still chooses. Your text is safe.")
                return Trouble(status.t, POOR_KEY, status.detail, works)
        elif status.state is DeviceState.STOPPED:
            self._lost_since = self._sample_at = self._seen_at = None
        return None

    def sample(self, t: float, *, sees: bool) -> Trouble | None:
        """Take in that a sample came, and whether it `sees` the eyes; the trouble to show, if they come too rarely."""
        if sees:
            self.trial = None
            if self._seen_at is not None and self._seen_at == self._sample_at:
                self._intervals.append(t - self._seen_at)
            self._seen_at = t
        elif self._seen_at is None:
            self._seen_at = t
        self._sample_at = t
        full = len(self._intervals) == self._intervals.maxlen
        if full and not self._slow_said and median(self._intervals) > STALE_S:
            self._slow_said = True
            return Trouble(
                t,
                SLOW_KEY,
                N_("The input device sends its samples too rarely to choose by looking."),
                N_("A click, a touch or the keyboard still chooses."),
                N_("Choose another input device, or close other programs that slow this computer."),
            )
        return None

    def failed(self, t: float) -> Trouble | None:
        """At time `t`: the newly chosen device has not shown any gaze, what to tell the person."""
        if self.trial is None or t < self.trial.until:
            return None
        return Trouble(
            t,
            TRIAL_KEY,
            N_("The newly chosen input does not tell where you look."),
            N_("The one before is used again."),
            N_("Check its cable, its program and its light, then choose it once more in the settings."),
        )

    def used_otherwise(self, t: float) -> None:
        """The person chose in another way at time `t`: their input is not lost."""
        if self._lost_since is not None:
            self._lost_since = t
        if self._seen_at is not None:
            self._seen_at = self._sample_at = t

    def lost_since(self, *, resting: bool) -> float | None:
        """Since when the only input may be lost: gone, silent, or without eyes to see.

        Closed eyes do not count while the person rests, and a resting mouse never does.
        """
        if self._lost_since is not None:
            return self._lost_since
        if self.device == POINTER:
            return None
        return self._sample_at if resting else self._seen_at
