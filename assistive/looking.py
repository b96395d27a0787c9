"""assistive: the gaze over the board: what is looked at, and what that chooses."""

from __future__ import annotations

from assistive.boards.board import Target
from assistive.fusion.assign import assign
from assistive.fusion.dwell import Dwell
from assistive.fusion.times import dwell_time
from assistive.messages import DwellView
from assistive.screen import Screen
from assistive.settings import DwellSettings
from calibration.point import GazePoint


class Looking:
    """Turns gaze points into looks at the targets of the screen.

    Attributes
    ----------
    dwell : Dwell
    point : tuple of float or None
        Where the person looks, shares of the window; None: nobody looks.
    target : Target or None
        What is looked at.
    view : DwellView
        What the window draws.
    """

    def __init__(self, settings: DwellSettings) -> None:
        self.dwell = Dwell(settings)
        self.point: tuple[float, float] | None = None
        self.target: Target | None = None
        self.view = DwellView(0.0)

    def take(self, gaze: GazePoint, screen: Screen) -> Target | None:
        """Take in a gaze point; return the target that is chosen by it."""
        self.point = screen.inside(gaze.x, gaze.y) if gaze.valid else None
        self.target = None
        if self.point is None:
            self.dwell.rest(gaze.t)
            return None
        self.target = target = assign(screen.board, *self.point, self.dwell.current)
        dwell_s = dwell_time(target, self.dwell.settings) if target is not None else 0.0
        done = self.dwell.look(gaze.t, target.id if target else None, dwell_s, self.point)
        return target if done is not None else None

    def show(self, t: float) -> None:
        """Let the window see how far it is."""
        name, progress = self.dwell.shown()
        place = self.point if self.point is not None else (float("nan"), float("nan"))
        self.view = DwellView(t, name, progress, *place)

    @property
    def at_a_slot(self) -> bool:
        """Whether a proposal is being looked at."""
        return (self.dwell.current or "").startswith(("word:", "phrase:"))

    def switch_target(self, t: float, screen: Screen) -> Target | None:
        """What a switch chooses now: the target that is looked at, if it may be chosen."""
        current = self.dwell.current
        target = screen.board.target(current) if current is not None and self.point is not None else None
        if target is None or not target.choosable or not self.dwell.armed(t, target.id):
            return None
        return target
