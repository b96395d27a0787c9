"""assistive.fusion: fixed dwell: looking at a target for its time chooses it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistive.settings import DwellSettings

STALE_S = 0.15  # a longer gap between two samples is not evidence of looking (OptiKey's figure)
LINGERS_S = 0.25  # no eye leaves a place sooner when something appears: the latency of a saccade


@dataclass(slots=True)
class _Progress:
    seconds: float
    dwell_s: float
    seen: float  # when the gaze was last on it


class Dwell:
    """Gathers the time that each target was looked at and says when one is complete.

    Progress is kept through a blink or a short glance away (`keep_s`), drains afterwards (a full ring in
    `drain_s`), and is dropped at once where the look was shorter than the lock-on. After a selection every
    target is disarmed until the gaze leaves it or `rearm_s` pass; a target whose content changed gathers
    nothing for `rearm_s`.
    """

    def __init__(self, settings: DwellSettings) -> None:
        self.settings = settings
        self._progress: dict[str, _Progress] = {}
        self._not_before: dict[str, float] = {}
        self._must_leave: set[str | None] = set()
        self._appeared_until: float | None = None
        self._selected_at: float | None = None
        self._last_t: float | None = None
        self._current: str | None = None
        self._still_at: tuple[float, float] | None = None

    def look(self, t: float, target: str | None, dwell_s: float, point: tuple[float, float]) -> str | None:
        """The gaze is on `target` (None: on nothing) at time `t`; return the target that this completes.

        Parameters
        ----------
        t : float
            Seconds on the shared clock; a sample that is not newer than the last is ignored.
        target : str or None
            The target's id.
        dwell_s : float
            How long this target has to be looked at, in seconds.
        point : tuple of float
            The gaze point: a point that has not moved at all since the last selection is a hand at rest
            on a mouse, never an eye, and does not choose the same target again.
        """
        if self._last_t is not None and t <= self._last_t:
            return None
        passed = 0.0 if self._last_t is None else t - self._last_t
        dt = passed if passed <= STALE_S else 0.0
        self._last_t = t
        self._must_leave &= {target}
        if self._appeared_until is not None and target is not None:
            if t <= self._appeared_until:
                self._must_leave.add(target)
            self._appeared_until = None
        if target != self._current:
            if self._current is not None:
                self._leave(self._current)
            self._current = target
            dt_here = 0.0  # the sample that arrives on a target begins its look
        else:
            dt_here = dt
        if self._still_at is not None and point != self._still_at:
            self._still_at = None
        self._drain(t, passed)
        if target is None or self._still_at is not None or not self.armed(t, target):
            return None
        progress = self._progress.get(target)
        if progress is None:
            progress = self._progress[target] = _Progress(0.0, dwell_s, t)
        progress.seconds += dt_here
        progress.dwell_s = dwell_s
        progress.seen = t
        return target if progress.seconds >= dwell_s - 1e-9 else None

    def pause(self, t: float) -> None:
        """A blink at time `t`: what was looked at is still meant, and nothing is gathered or drained."""
        if self._last_t is not None and t <= self._last_t:
            return
        self._last_t = t
        for progress in self._progress.values():
            progress.seen = t

    def rest(self, t: float) -> None:
        """No gaze at time `t` (a blink, the eyes lost): progress pauses for `keep_s`, then drains."""
        if self._last_t is not None and t <= self._last_t:
            return
        dt = 0.0 if self._last_t is None else t - self._last_t
        self._last_t = t
        self._drain(t, dt)

    def selected(self, t: float, target: str, point: tuple[float, float] | None = None) -> None:
        """A selection was made: every progress is gone and `target` is disarmed until it is left or time passes."""
        self._selected_at = t
        self._progress.clear()
        self._not_before = {k: v for k, v in self._not_before.items() if v > t}
        self._not_before[target] = t + self.settings.rearm_s
        if self._current is not None:
            self._not_before[self._current] = t + self.settings.rearm_s
        self._still_at = point

    def changed(self, t: float, targets: Iterable[str]) -> None:
        """The content of these targets changed: they gather nothing for `rearm_s`."""
        for target in targets:
            self._progress.pop(target, None)
            self._not_before[target] = t + self.settings.rearm_s

    def disarm_until_left(self, target: str) -> None:
        """What the gaze rests on now does something else: it can be chosen only after the gaze has left it."""
        self._must_leave.add(target)

    def appeared(self, t: float) -> None:
        """Another page came at time `t`: unless it was chosen, what the eye rests on has to be left before it is."""
        if t != self._selected_at:
            self._appeared_until = t + LINGERS_S

    def shown(self) -> tuple[str | None, float]:
        """The target whose ring is drawn and how far it is, 0..1 (0 before the lock-on)."""
        if not self._progress:
            return None, 0.0
        name = self._current if self._current in self._progress else None
        if name is None:
            name = max(self._progress, key=lambda k: self._progress[k].seconds / self._progress[k].dwell_s)
        progress = self._progress[name]
        lock = self._lock_on(progress.dwell_s)
        share = (progress.seconds - lock) / max(progress.dwell_s - lock, 1e-6)
        return name, min(1.0, max(0.0, share))

    def share(self, target: str) -> float:
        """How much of its dwell time `target` has gathered, 0..1, the time before the lock-on included."""
        progress = self._progress.get(target)
        return 0.0 if progress is None else min(1.0, progress.seconds / progress.dwell_s)

    @property
    def current(self) -> str | None:
        """The target the gaze is on."""
        return self._current

    def armed(self, t: float, target: str) -> bool:
        """Whether `target` may be chosen at time `t`: it was left since it last changed, or time has passed."""
        if target in self._must_leave:
            return False
        not_before = self._not_before.get(target)
        if not_before is None:
            return True
        if t >= not_before:
            del self._not_before[target]
            return True
        return False

    def _leave(self, target: str) -> None:
        progress = self._progress.get(target)
        if progress is not None and progress.seconds < self._lock_on(progress.dwell_s):
            del self._progress[target]

    def _lock_on(self, dwell_s: float) -> float:
        return min(self.settings.lock_on_s, dwell_s / 2)

    def _drain(self, t: float, dt: float) -> None:
        for name, progress in list(self._progress.items()):
            if name == self._current and progress.seen >= t - min(dt, STALE_S):
                continue
            away_s = t - progress.seen - self.settings.keep_s
            if away_s > 0:
                progress.seconds -= min(dt, away_s) * progress.dwell_s / self.settings.drain_s
                if progress.seconds <= 0:
                    del self._progress[name]
