"""A simulated person before a simulated camera: what their eyes do becomes features, with noise and blinks."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from calibration.point import GazePoint
from calibration.raw_gaze import Seen
from calibration.screen import ScreenSize
from calibration.view import CalibrationView, Phase
from devices.samples import FaceVerdict, GazeSample
from models.gaze.features import Eye, EyeFeatures

SCREEN = ScreenSize(1920, 1080, 527.0, 296.0, 600.0)
MIDDLE = (0.5, 0.5)
ENDS = (Phase.FITTING, Phase.RESULT, Phase.LEFT)
Place = tuple[float, float]
Looks = Callable[[float, CalibrationView], Place | None]
"""Where the person looks at a time, given what they are shown. None: away, or the eyes are closed."""


class Calibrates(Protocol):
    """A procedure, or what the engine holds of one."""

    def take(self, seen: Seen) -> object:
        """Take in a sample."""
        ...

    def tick(self, t: float) -> None:
        """Let the time pass."""
        ...

    def view(self, t: float) -> CalibrationView | None:
        """What is shown."""
        ...


def at_target(t: float, view: CalibrationView) -> Place | None:
    """A person who does what is asked."""
    return view.place or MIDDLE


def features(
    t: float,
    look: Place | None,
    *,
    shake: tuple[float, float] = (0.0, 0.0),
    opening: float = 0.35,
    verdict: FaceVerdict = FaceVerdict.GOOD,
) -> EyeFeatures:
    """What a camera above the screen measures of eyes that look there. `shake`: degrees to the right and down."""
    if look is None:
        return EyeFeatures(t, FaceVerdict.NO_FACE if verdict is FaceVerdict.GOOD else verdict)
    right = math.radians(shake[0]) + math.atan2((look[0] - 0.5) * SCREEN.width_mm, SCREEN.distance_mm)
    down = math.radians(shake[1]) + math.atan2(look[1] * SCREEN.height_mm, SCREEN.distance_mm)
    droop = 0.35 - opening
    eye = Eye(
        iris_x=-0.23 * math.sin(right),
        iris_y=-0.03 + 0.12 * math.sin(down),
        lid_upper=-0.25 + 0.25 * math.sin(down) + droop,
        lid_lower=0.12,
        opening=max(0.0, opening * (1 - 0.3 * math.sin(down))),
    )
    return EyeFeatures(t, verdict, eye, eye, (0.0, -15.0, -60.0), (0.0, 0.0, 1.0))


@dataclass
class Looker:
    """Drives a procedure by what a person does, in virtual time.

    Parameters
    ----------
    looks : callable
        Where they look.
    noise_deg : float
        How much the eyes shake, as the camera sees it.
    slow_s : float
        How long the eyes take to leave the last target.
    hz : float
        Pictures a second.
    opening : float
        Of the lids.
    tracker : bool
        There is a tracker, which tells the place, and no camera.
    plugged_in : callable
        Whether the device is there at a time.
    changed : callable
        What is different about this face or camera.
    """

    looks: Looks = at_target
    noise_deg: float = 0.6
    slow_s: float = 0.2
    hz: float = 30.0
    opening: float = 0.35
    tracker: bool = False
    plugged_in: Callable[[float], bool] = lambda t: True
    changed: Callable[[EyeFeatures], EyeFeatures] = lambda seen: seen
    seed: int = 1

    def __post_init__(self) -> None:
        self.t = 100.0
        self.shown: list[CalibrationView] = []
        self._random = random.Random(self.seed)
        self._asked: Place | None = None
        self._asked_at = self.t
        self._there: Place = MIDDLE

    def run(
        self,
        procedure: Calibrates,
        *,
        until: Callable[[CalibrationView], bool] = lambda view: False,
        at_most_s: float = 400.0,
    ) -> CalibrationView:
        """Let the person calibrate until a phase needs somebody else, or `until` says so."""
        end = self.t + at_most_s
        view = procedure.view(self.t)
        while view is not None and view.phase not in ENDS and self.t < end:
            self.t += 1 / self.hz
            sample = self.seen(view)
            if sample is None:
                procedure.tick(self.t)
            else:
                procedure.take(sample)
            view = procedure.view(self.t)
            if view is None:
                break
            self.shown.append(view)
            if until(view):
                break
        return self.shown[-1] if view is None else view

    def seen(self, view: CalibrationView) -> Seen | None:
        """What the device sees now; None: the device is gone."""
        if not self.plugged_in(self.t):
            return None
        look = self.looks(self.t, view)
        if look is not None:
            if look != self._asked:
                self._asked, self._asked_at = look, self.t
            if self.t - self._asked_at >= self.slow_s:
                self._there = look
            look = self._there
        shake = (self._random.gauss(0, self.noise_deg), self._random.gauss(0, self.noise_deg))
        if self.tracker:
            if look is None:
                return GazeSample(self.t, math.nan, math.nan)
            return GazeSample(self.t, look[0] + shake[0] * 0.02, look[1] + shake[1] * 0.035)
        blinking = self.t % 4.0 < 0.15
        opening = self.opening * (0.3 if blinking else 1.0)
        return self.changed(features(self.t, look, shake=shake, opening=opening))


def perfect(seen: Seen) -> GazePoint:
    """A model that has learned `features` by heart."""
    if isinstance(seen, GazeSample):
        return GazePoint(seen.t, seen.x, seen.y, measured=(seen.x, seen.y))
    if seen.right is None:
        return GazePoint(seen.t, math.nan, math.nan)
    right = math.asin(min(1.0, max(-1.0, -seen.right.iris_x / 0.23)))
    down = math.asin(min(1.0, max(-1.0, (seen.right.iris_y + 0.03) / 0.12)))
    x = 0.5 + math.tan(right) * SCREEN.distance_mm / SCREEN.width_mm
    y = math.tan(down) * SCREEN.distance_mm / SCREEN.height_mm
    return GazePoint(seen.t, x, y, measured=(x, y))


def off_by(dx: float, dy: float) -> Callable[[Seen], GazePoint]:
    """The same, always off by so much of the screen."""

    def look(seen: Seen) -> GazePoint:
        point = perfect(seen)
        place = (point.x + dx, point.y + dy)
        return GazePoint(point.t, *place, measured=place)

    return look
