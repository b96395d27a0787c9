"""assistive: the gaze over the board: what is looked at, and what that chooses."""

from __future__ import annotations

from collections.abc import Collection

from assistive.boards.board import Target
from assistive.fusion.assign import assign
from assistive.fusion.belief import Belief
from assistive.fusion.confidence import slowing
from assistive.fusion.dwell import Dwell
from assistive.fusion.pace import Pace
from assistive.messages import DwellView
from assistive.screen import Screen
from assistive.settings import DwellSettings
from calibration.point import GazePoint
from models.language.messages import Proposals


class Looking:
    """Turns gaze points into looks at the targets of the screen.

    Attributes
    ----------
    dwell : Dwell
    pace : Pace
        How long each target takes.
    point : tuple of float or None
        Where the person looks, shares of the window; None: nobody looks.
    target : Target or None
        What is looked at.
    error : tuple of float
        Standard deviation of the gaze's error, shares of the window; 0: not known.
    view : DwellView
        What the window draws.
    """

    def __init__(self, settings: DwellSettings) -> None:
        self.dwell = Dwell(settings)
        self.pace = Pace(settings)
        self._belief = Belief()
        self.point: tuple[float, float] | None = None
        self.target: Target | None = None
        self.error = (0.0, 0.0)
        self.view = DwellView(0.0)

    def use(self, settings: DwellSettings) -> None:
        """Go on with these settings."""
        self.dwell.settings = self.pace.settings = settings

    def take(
        self,
        gaze: GazePoint,
        screen: Screen,
        proposals: Proposals | None,
        text: str,
        flashing: Collection[str] = (),
    ) -> Target | None:
        """Take in a gaze point; return the target that is chosen by it.

        Parameters
        ----------
        proposals : Proposals or None
            Those in the slots; None: empty slots.
        text : str
            What is written.
        flashing : collection of str
            The targets that EEG asks about now: whoever waits for one looks at it, and no look alone chooses it.
        """
        self.point = screen.inside(gaze.x, gaze.y) if gaze.valid else None
        self.target = None
        self.error = self._error(gaze, screen)
        if self.point is None:
            if gaze.blink:
                self.dwell.pause(gaze.t)
            else:
                self.dwell.rest(gaze.t)
            self._belief.rest(gaze.t)
            return None
        self.pace.show(screen.board, proposals, text)
        self.target = target = self._looked_at(gaze, self.point, screen)
        if target is not None and target.id in flashing:
            self.dwell.changed(gaze.t, [target.id])
        else:
            self.pace.looked(gaze.t, target)
        dwell_s = 0.0
        if target is not None:
            dwell_s = self.pace.dwell_s(target) * slowing(self.error, target.rect)
        done = self.dwell.look(gaze.t, target.id if target else None, dwell_s, self.point)
        return target if done is not None else None

    def chosen(self, t: float, target: Target, *, by_look: bool) -> None:
        """`target` was chosen at time `t`, by the look that was on it or in another way."""
        self.dwell.selected(t, target.id, self.point)
        self.pace.selected(target, by_look=by_look)

    def _looked_at(self, gaze: GazePoint, point: tuple[float, float], screen: Screen) -> Target | None:
        """The target at the point; of two that are as near for what the tracker can tell, the likelier one."""
        prior, current = self.pace.prior, self.dwell.current
        sd = self.error
        if not prior or min(sd) <= 0.0:
            return assign(screen.board, *point, current)
        meant = self._belief.look(gaze.t, point, sd, screen.board.targets, prior, current)
        return meant.target if meant is not None else None

    @staticmethod
    def _error(gaze: GazePoint, screen: Screen) -> tuple[float, float]:
        """Standard deviation of the gaze's error, shares of the window; 0: not known."""
        if screen.window is None:
            return 0.0, 0.0
        _, _, width, height = screen.window.window
        return gaze.sd_x / max(width, 1e-9), gaze.sd_y / max(height, 1e-9)

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
