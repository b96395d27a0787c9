"""assistive.gaze: the way of the gaze through the engine: from samples to points, kept true by what was chosen."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from assistive.boards.board import Rect
from assistive.gaze.calibrating import Calibrating, Scene, Sent
from assistive.gaze.confirmed import GazeConfirmed
from assistive.gaze.messages import Calibrated, CalibrationFound, Fitted, SetupChanged
from assistive.messages import WindowGeometry
from assistive.settings import Settings
from calibration.correction import Correction
from calibration.drift import QUIET_S, SENTENCES, Drift
from calibration.fit import Model, model_from_json
from calibration.gaze import Axes, CalibrationSample, Eyes, GazeModel
from calibration.grid_choice import KeySize
from calibration.outcome import Recentred
from calibration.plan import Kind, Plan
from calibration.point import GazePoint
from calibration.pointing import Pointing
from calibration.raw_gaze import Seen
from calibration.screen import ScreenSize
from calibration.store import Setup
from calibration.unfinished import Unfinished
from calibration.view import CalibrationView
from devices.i18n import N_
from devices.samples import FaceVerdict, GazeSample
from models.gaze.features import EyeFeatures
from models.gaze.filters import NAMES

POINTER = "pointer"
WEBCAM = "webcam"
NOBODY = (math.nan, math.nan)
KEPT_POINTS = 240  # of one look
CLOSED = 0.8  # of a target's ring, at the last sample before the next target
SITTING_S = 12 * 3600.0  # a calibration that is older is of another sitting
HEAD_MOVED = N_("The head is no longer where the gaze was calibrated. One look at a target sets it right.")


class Gaze:
    """Follows the gaze of one person on one screen.

    Parameters
    ----------
    settings : Settings
    emit : callable
        Takes what is for the outside of the engine: requests for fits, what is shown, what is to be kept.
    tr : callable
        Translates the sentences.
    """

    def __init__(
        self, settings: Settings, emit: Callable[[Sent | SetupChanged], None], tr: Callable[[str], str]
    ) -> None:
        self.calibrating = Calibrating(emit, tr)
        self._emit = emit
        self._settings = settings
        self._setup: Setup | None = None
        self._model: Model | None = None
        self._accuracy_cm = math.nan
        self._unfinished: Unfinished | None = None
        self._confirmed = GazeConfirmed()
        self._look: list[tuple[float, float]] = []
        self._looked_at: str | None = None
        self._way: Way | None = None
        self._head_told_at = -math.inf
        self._new_sitting = False  # since the calibration; no look has told yet what has moved

    # ------------------------------------------------------------ device, screen, model

    def use(self, t: float, settings: Settings, window: WindowGeometry | None) -> None:
        """Go on with these settings on this window; another device, screen or eye has another calibration."""
        before, self._settings = self._settings, settings
        if window is None:
            return
        setup = _setup(settings, window)
        if setup != self._setup:
            self._setup, self._model, self._accuracy_cm, self._unfinished = setup, None, math.nan, None
            self._way = self._new_way(None, self._drift(setup))
            if setup.device != POINTER:
                self._emit(SetupChanged(t, setup))
        elif self._way is not None and before.gaze != settings.gaze:
            self._way = self._new_way(self._model, self._drift(setup, self._way.drift.offset))

    def waits_for(self, message: CalibrationFound) -> bool:
        """Whether this is for the camera, the screen and the eyes of now."""
        return message.setup == self._setup

    def found(self, message: CalibrationFound) -> bool:
        """Use what is on disk for this setup; False: there is none that can be used."""
        self._unfinished = _unfinished(message.unfinished)
        try:
            model = model_from_json(message.model)
        except ValueError:
            return False
        if message.age_s > SITTING_S and isinstance(model, GazeModel):
            self._adopt(model.next_sitting(), message.accuracy_cm)
            self._new_sitting = True
        else:
            self._adopt(model, message.accuracy_cm)
        return True

    def kept(self) -> dict[str, Any]:
        """What a recording that begins now has to know."""
        offset = self._way.drift.offset if self._way is not None else (0.0, 0.0)
        model = "" if self._model is None else self._model.to_json()
        return {"model": model, "accuracy_cm": self._accuracy_cm, "offset": offset}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Go on from `kept`; ValueError if it is damaged."""
        if self._setup is None:
            return
        if kept["model"]:
            self._adopt(model_from_json(kept["model"]), float(kept["accuracy_cm"]))
        x, y = kept["offset"]
        drift = self._drift(self._setup, (float(x), float(y)))
        self._way = self._new_way(self._model, drift)

    def _drift(self, setup: Setup, offset: tuple[float, float] = (0.0, 0.0)) -> Drift:
        return Drift(setup.screen, setup.axes, offset, follow=self._settings.gaze.follow_drift)

    def _adopt(self, model: Model, accuracy_cm: float) -> None:
        assert self._setup is not None
        self._model, self._accuracy_cm, self._new_sitting = model, accuracy_cm, False
        self._way = self._new_way(model, self._drift(self._setup))

    def _new_way(self, model: Model | None, drift: Drift) -> Way:
        assert self._setup is not None
        return Way(model, self._setup, self._settings, drift, self._accuracy_cm)

    # ------------------------------------------------------------ samples

    def take(self, seen: Seen) -> GazePoint:
        """Turn one sample into a point; without a place while the eyes are on the targets of a calibration."""
        if self.calibrating.active:
            return self.calibrating.take(seen) or GazePoint(seen.t, *NOBODY)
        if self._way is not None and self.placed:
            return self._way.take(seen)
        return GazePoint(seen.t, *NOBODY)

    def looked(self, point: GazePoint, target: str | None) -> None:
        """Remember what was measured while one target was looked at: its choice may teach the drift."""
        if target != self._looked_at:
            self._looked_at = target
            self._look.clear()
        if target is not None and point.valid and len(self._look) < KEPT_POINTS:
            self._look.append(point.measured)

    # ------------------------------------------------------------ what was chosen teaches the drift

    def selected(self, t: float, target: str, rect: Rect, *, by_look: bool) -> None:
        """A target was chosen; `rect` is where it is, in shares of the screen."""
        points = self._look if by_look and target == self._looked_at else ()
        self._confirmed.selected(t, rect, points)
        self._learn(t)

    def undone(self, t: float) -> None:
        """The latest selection was taken back."""
        if self._confirmed.undone() and self._way is not None:
            self._way.drift.undone()
        self._learn(t)

    def advice(self, t: float) -> str:
        """Why a look at one target is offered now: one sentence to be translated, or ""."""
        if self._way is None or self._setup is None or self._setup.device == POINTER:
            return ""
        reason = self._way.drift.advice(t)
        if reason is not None:
            return SENTENCES[reason]
        if self._way.head_moved and t - self._head_told_at > QUIET_S:
            self._head_told_at = t
            return HEAD_MOVED
        return ""

    def _learn(self, t: float) -> None:
        for look in self._confirmed.due(t):
            if self._way is not None:
                self._way.drift.confirmed(t, look)

    # ------------------------------------------------------------ calibrating

    def calibrate(self, t: float, what: str, keys: tuple[KeySize, ...]) -> None:
        """A choice of the person: "start" or "recentre" on the board; see `Calibrating.choose` for the others."""
        if self.calibrating.active:
            self.calibrating.choose(t, what)
        elif self._setup is not None and what in ("start", "recentre"):
            gaze = self._settings.gaze
            kind = Kind.RECENTRE if what == "recentre" else Kind.FULL
            plan = Plan(int(gaze.points), Eyes(gaze.eyes), Axes(gaze.axes), kind)
            setup = self._setup
            scene = Scene(
                screen=setup.screen,
                face_check=setup.device == WEBCAM and kind is Kind.FULL,
                keys=keys,
                look_for=lambda model: self._new_way(model, self._drift(setup)).take,
                earlier=self._way.take if self._way is not None and self.placed else None,
            )
            self.calibrating.begin(t, plan, scene, self._unfinished if kind is Kind.FULL else None)
            if kind is Kind.FULL:
                self._unfinished = None

    def fitted(self, message: Fitted) -> None:
        """A fit is done."""
        self.calibrating.fitted(message)

    def calibrated(self, message: Calibrated) -> Calibrated | None:
        """Use what a calibration found, and return it as it is to be kept; None where nothing changes."""
        recentred, model = message.outcome.recentred, self._model
        if recentred is not None:
            if self._new_sitting and isinstance(model, GazeModel):
                model = model.learned(_faces(recentred))
                self._adopt(model, self._accuracy_cm)
                return replace(message, model=model.to_json())
            used = self._way is not None and self._way.drift.recentre(
                message.t, recentred.measured, recentred.target
            )
            return message if used else None
        if not message.model:
            return None
        validation = message.outcome.validation
        accuracy_cm = validation.accuracy_cm if validation is not None else math.nan
        self._adopt(model_from_json(message.model), accuracy_cm)
        return message

    @property
    def placed(self) -> bool:
        """Whether a sample has a place that means something: a webcam's only after a calibration."""
        return self._model is not None or (self._setup is not None and self._setup.device != WEBCAM)


class Way:
    """From a sample to a point, with one model."""

    def __init__(
        self, model: Model | None, setup: Setup, settings: Settings, drift: Drift, accuracy_cm: float
    ) -> None:
        eyes = setup.device != POINTER
        smoothing = settings.gaze.smoothing
        name = (NAMES[0] if smoothing == "auto" else smoothing) if eyes else "none"
        width_mm, height_mm = setup.screen.size_mm
        error = None
        if math.isfinite(accuracy_cm):
            error = (10 * accuracy_cm / width_mm, 10 * accuracy_cm / height_mm)
        self.drift = drift
        self._correction = model if isinstance(model, Correction) else None
        self._axes = setup.axes
        self._pointing = Pointing(
            model if isinstance(model, GazeModel) else None,
            filter=name,
            screen=setup.screen,
            drift=drift,
            error=error,
            eyes=eyes,
        )

    @property
    def head_moved(self) -> bool:
        """Whether the head is outside of where it was calibrated."""
        return self._pointing.head_moved

    def take(self, seen: Seen) -> GazePoint:
        """Turn one sample into a point."""
        if self._correction is not None and isinstance(seen, GazeSample):
            seen = self._correction.apply(seen)
        point = self._pointing.take(seen)
        if not point.valid or self._axes is Axes.BOTH:
            return point
        if self._axes is Axes.HORIZONTAL:
            return replace(point, y=0.5, measured=(point.measured[0], 0.5))
        return replace(point, x=0.5, measured=(0.5, point.measured[1]))


def _faces(recentred: Recentred) -> list[CalibrationSample]:
    return [CalibrationSample(s.seen, s.x, s.y) for s in recentred.samples if isinstance(s.seen, EyeFeatures)]


def _unfinished(text: str) -> Unfinished | None:
    if not text:
        return None
    try:
        return Unfinished.from_json(json.loads(text))
    except (ValueError, RecursionError):
        return None


def target_done(before: CalibrationView | None, now: CalibrationView | None) -> bool:
    """Whether the ring of a calibration's target has just closed."""
    if before is None or before.place is None or before.progress < CLOSED:
        return False
    return now is not None and now.place != before.place


def sees(sample: Seen) -> bool:
    """Whether a sample sees the eyes, wherever they look. Eyes that stare are there, though nothing is chosen by them."""
    if isinstance(sample, GazeSample):
        return sample.valid
    return sample.seen and sample.verdict not in (FaceVerdict.DARK, FaceVerdict.NO_FACE)


def _setup(settings: Settings, window: WindowGeometry) -> Setup:
    """What a calibration belongs to: the screen is known from the window and the part of the screen that it takes."""
    geometry, (_, _, w, h) = window.geometry, window.window
    w, h = max(w, 1e-6), max(h, 1e-6)
    screen = ScreenSize(
        round(geometry.width_px / w),
        round(geometry.height_px / h),
        geometry.width_mm / w,
        geometry.height_mm / h,
    )
    gaze, device = settings.gaze, settings.input.gaze
    source = {WEBCAM: gaze.camera, "lsl": gaze.stream}.get(device, "")
    if device == POINTER:
        return Setup(device, "", screen)
    return Setup(device, source, screen, Eyes(gaze.eyes), Axes(gaze.axes))
