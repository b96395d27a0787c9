"""assistive.gaze: what the engine holds while a person calibrates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistive.gaze.messages import (
    Calibrated,
    CalibrationKept,
    CalibrationShown,
    FitRequest,
    Fitted,
)
from calibration.findings import Look
from calibration.fit import Model, model_from_json
from calibration.grid_choice import KeySize
from calibration.plan import Kind, Plan
from calibration.point import GazePoint
from calibration.procedure import Procedure
from calibration.raw_gaze import Seen
from calibration.screen import ScreenSize
from calibration.unfinished import Unfinished
from calibration.view import CalibrationView, Phase

RESULT_S = 30.0  # a person who is alone and cannot hit a key is brought back to the board
LEFT_S = 10.0

Sent = FitRequest | CalibrationShown | CalibrationKept | Calibrated


@dataclass(frozen=True, slots=True)
class Scene:
    """Where and with what a person calibrates.

    Parameters
    ----------
    screen : ScreenSize
    face_check : bool
        It is a webcam, whose picture of the face is checked first.
    keys : sequence of KeySize
        The grids to choose from, see `assistive.boards.key_sizes`.
    look_for : callable
        Gives what tells where a person looks, from a model that was fitted: a new `Pointing.take`.
    earlier : callable, optional
        The same of the model there is. None: there is none.
    """

    screen: ScreenSize
    face_check: bool
    keys: Sequence[KeySize]
    look_for: Callable[[Model], Look]
    earlier: Look | None = None


class Calibrating:
    """A calibration inside the engine: samples, time and choices go in, messages come out.

    Parameters
    ----------
    emit : callable
        Takes every message for the outside; must not block.
    tr : callable
        Translates the sentences.
    """

    def __init__(self, emit: Callable[[Sent], None], tr: Callable[[str], str] = str) -> None:
        self._emit, self.tr = emit, tr
        self._procedure: Procedure | None = None
        self._scene: Scene | None = None
        self._number = 0
        self._asked = False
        self._model = ""
        self._new: Look | None = None
        self._shown: CalibrationView | None = None
        self._kept = 0
        self._over_at: float | None = None

    @property
    def active(self) -> bool:
        """Whether a calibration fills the screen."""
        return self._procedure is not None

    @property
    def phase(self) -> Phase | None:
        """Where it is; None: there is none."""
        return self._procedure.phase if self._procedure is not None else None

    def view(self, t: float) -> CalibrationView | None:
        """What is shown at this time: pulled at every frame. None: no calibration."""
        return (
            replace(self._procedure.view(t), over_at=self._over_at) if self._procedure is not None else None
        )

    def begin(self, t: float, plan: Plan, scene: Scene, unfinished: Unfinished | None = None) -> None:
        """Begin a calibration; one that there is already is dropped.

        Parameters
        ----------
        unfinished : Unfinished, optional
            One that was broken off (`CalibrationKept`); of another plan or screen, it is not used.
        """
        if plan.kind is Kind.RECENTRE and scene.earlier is None:
            plan = replace(plan, kind=Kind.FULL)
        try:
            procedure = self._new_procedure(t, plan, scene, unfinished)
        except ValueError:
            procedure = self._new_procedure(t, plan, scene, None)
        self._procedure, self._scene = procedure, scene
        self._asked, self._model, self._new, self._over_at, self._kept = False, "", None, None, 0
        self._after(t)

    def take(self, seen: Seen) -> GazePoint | None:
        """Take in one sample, and return where the person looks where something can be chosen (the result).

        Everywhere else it is None: the eyes are on the targets, and what they look at is not chosen.
        """
        if self._procedure is None:
            return None
        phase = self._procedure.phase
        if phase in (Phase.RESULT, Phase.LEFT):
            look = self._best()
            self.tick(seen.t)
            return look(seen) if look is not None else None
        self._procedure.take(seen)
        self._after(seen.t)
        return None

    def tick(self, t: float) -> None:
        """Let the time pass."""
        if self._procedure is None:
            return
        self._procedure.tick(t)
        if self._over_at is not None and t >= self._over_at:
            self._finish(t)
        else:
            self._after(t)

    def deadline(self) -> float | None:
        """When a `tick` is wanted next; None: never."""
        if self._procedure is None:
            return None
        return self._over_at if self._over_at is not None else self._procedure.deadline()

    def choose(self, t: float, what: str) -> None:
        """A choice of the calibration's page: "start", "use", "again" or "end"."""
        procedure, scene = self._procedure, self._scene
        if procedure is None or scene is None:
            return
        match what:
            case "start":
                procedure.start_now(t)
                self._after(t)
            case "again":
                again = procedure.unfinished() if procedure.broken_off else None
                self.begin(t, procedure.plan, scene, again)
            case "use":
                self._finish(t)
            case "end" if procedure.phase in (Phase.LEFT, Phase.RESULT):
                self._close(t)
            case "end":
                procedure.end(t)
                self._close(t)

    def fitted(self, fitted: Fitted) -> None:
        """The fit is done, or has failed; one that nobody waits for any more is dropped."""
        procedure, scene = self._procedure, self._scene
        if procedure is None or scene is None or not self._asked or fitted.number != self._number:
            return
        if procedure.phase is not Phase.FITTING:
            return
        try:
            look = scene.look_for(model_from_json(fitted.model))
        except ValueError:
            reason = fitted.reason or self.tr("The calibration could not be computed. Nothing has changed.")
            procedure.not_fitted(fitted.t, reason)
        else:
            self._model, self._new = fitted.model, look
            procedure.fitted(fitted.t, look)
        self._after(fitted.t)

    def _new_procedure(self, t: float, plan: Plan, scene: Scene, unfinished: Unfinished | None) -> Procedure:
        return Procedure(
            plan,
            scene.screen,
            t,
            tr=self.tr,
            face_check=scene.face_check,
            keys=scene.keys,
            earlier=scene.earlier,
            unfinished=unfinished,
        )

    def _after(self, t: float) -> None:
        """Send what follows from what has happened."""
        procedure = self._procedure
        if procedure is None:
            return
        if procedure.phase is Phase.FITTING and not self._asked:
            self._asked = True
            self._number += 1
            self._emit(FitRequest(t, self._number, procedure.samples(), procedure.screen, procedure.plan))
        if procedure.phase is Phase.TARGET and procedure.plan.kind is Kind.FULL:
            self._keep(t, procedure)
        if procedure.phase is Phase.RESULT and procedure.plan.kind is Kind.RECENTRE:
            self._finish(t)
            return
        if self._over_at is None and procedure.phase in (Phase.RESULT, Phase.LEFT):
            self._over_at = t + (RESULT_S if procedure.phase is Phase.RESULT else LEFT_S)
        self._show(t, replace(procedure.view(t), over_at=self._over_at))

    def _keep(self, t: float, procedure: Procedure) -> None:
        if procedure.looked_at != self._kept:
            self._kept = procedure.looked_at
            self._emit(CalibrationKept(t, procedure.unfinished()))

    def _show(self, t: float, view: CalibrationView) -> None:
        before = self._shown
        if before is None or replace(view, t=0.0, progress=0.0) != replace(before, t=0.0, progress=0.0):
            self._shown = view
            self._emit(CalibrationShown(t, view))

    def _best(self) -> Look | None:
        """The better of the two models, as far as that is known."""
        procedure, scene = self._procedure, self._scene
        if procedure is None or scene is None:
            return None
        better = procedure.phase is Phase.LEFT or procedure.outcome.earlier_is_better
        return scene.earlier if better or self._new is None else self._new

    def _finish(self, t: float) -> None:
        """Use what was found, if something was."""
        procedure = self._procedure
        if procedure is None:
            return
        if procedure.phase is Phase.RESULT:
            outcome = procedure.outcome
            model = "" if outcome.earlier_is_better else self._model
            self._emit(Calibrated(t, procedure.plan, outcome, model))
        self._close(t)

    def _close(self, t: float) -> None:
        self._procedure = self._scene = self._shown = self._new = self._over_at = None
        self._emit(CalibrationKept(t))
        self._emit(CalibrationShown(t, None))
