"""assistive.fusion: how long each target has to be looked at now: fixed, cascading or Bayesian."""

from __future__ import annotations

from dataclasses import dataclass

from assistive.boards.board import Board, Target, Verb
from assistive.fusion.bayes_dwell import BayesianDwell, Weighed
from assistive.fusion.cascade import cascaded
from assistive.fusion.dwell import STALE_S
from assistive.fusion.prior import LEAST, Choice, TargetPrior, is_weighed
from assistive.fusion.times import dwell_time
from assistive.settings import DwellSettings
from models.language.messages import Proposals

SHORTEST_LOOK_S = 0.06  # what ends sooner was on the eye's way


@dataclass(slots=True)
class Look:
    """A target that is looked at: for how long it has been, how long it takes, and whether it `chose` already."""

    target: Target
    dwell_s: float
    seconds: float = 0.0
    chose: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A selection that may still be undone; `weighed` where it was made by a look of a weighed time."""

    choice: Choice
    weighed: Weighed | None


class Pace:
    """The time of each target, by the mode of the settings; the fixed mode asks nothing and learns nothing.

    Attributes
    ----------
    settings : DwellSettings
    """

    def __init__(self, settings: DwellSettings) -> None:
        self.settings = settings
        self._prior = TargetPrior()
        self._bayes = BayesianDwell()
        self._board: Board | None = None
        self._proposals: Proposals | None = None
        self._look: Look | None = None
        self._last_t: float | None = None
        self._made: Made | None = None

    @property
    def prior(self) -> dict[str, float]:
        """The probability of each target whose time follows it; none with the fixed dwell."""
        return self._prior.p if self.settings.mode != "fixed" else {}

    @property
    def claim(self) -> float | None:
        """How probable it is that the last selection was not meant; None: its time was not weighed."""
        return (
            self._made.weighed.claimed if self._made is not None and self._made.weighed is not None else None
        )

    @property
    def letter_s(self) -> float:
        """Seconds that a letter takes, on average over the letters that are probable now."""
        if self.settings.mode == "fixed" or self._board is None:
            return self.settings.letter_s
        letters = [target for target in self._board.targets if target.id.startswith("letter:")]
        total = sum(self._prior.p.get(target.id, 0.0) for target in letters)
        if total <= 0.0:
            return self.settings.letter_s
        return sum(self._prior.p.get(t.id, 0.0) * self.dwell_s(t) for t in letters) / total

    def show(self, board: Board, proposals: Proposals | None, text: str) -> None:
        """Take in what is on the screen; cheap where nothing has changed since the last selection."""
        if self.settings.mode == "fixed" or (_same(board, self._board) and _same(proposals, self._proposals)):
            return
        self._board, self._proposals = board, proposals
        self._prior.show(board, proposals, text)

    def dwell_s(self, target: Target) -> float:
        """Seconds that `target` has to be looked at; the same for as long as one look lasts."""
        look = self._look
        if look is not None and not look.chose and look.target == target:
            return look.dwell_s
        usual_s = dwell_time(target, self.settings)
        if self.settings.mode == "fixed" or not is_weighed(target):
            return usual_s
        p = self._prior.p.get(target.id, LEAST)
        if self.settings.mode == "cascade":
            return cascaded(usual_s, p, len(self._prior.p))
        bounds = (self.settings.floor_s, max(self.settings.floor_s, self.settings.ceiling_s))
        return self._bayes.time_s(
            target, p, self._n_keys(), self.settings.error_share, bounds, self._reading_factor()
        )

    def looked(self, t: float, target: Target | None) -> None:
        """The gaze is on `target` (None: on nothing) at time `t`."""
        if self.settings.mode != "bayes":
            return
        passed = 0.0 if self._last_t is None else t - self._last_t
        self._last_t = t
        look = self._look
        if look is not None and target is not None and look.target.id == target.id:
            look.seconds += passed if 0.0 < passed <= STALE_S else 0.0
            return
        if (
            look is not None
            and not look.chose
            and look.seconds >= SHORTEST_LOOK_S
            and is_weighed(look.target)
        ):
            self._bayes.ended(look.target, look.seconds, self._reading_factor())
            self._prior.passed(look.target.id)
        self._look = Look(target, self.dwell_s(target)) if target is not None else None

    def selected(self, target: Target, *, by_look: bool) -> None:
        """`target` was chosen, by a look or in another way; the selection before it stands, or is undone by it."""
        if self.settings.mode == "fixed":
            return
        made, self._made = self._made, None
        if made is not None and made.weighed is not None and target.action.verb is Verb.UNDO:
            self._bayes.undone(made.weighed)
        elif made is not None and target.action.verb is not Verb.UNDO:
            self._prior.learn(made.choice)
            if made.weighed is not None:
                self._bayes.kept(made.weighed)
        weighed = None
        if by_look and self.settings.mode == "bayes" and is_weighed(target):
            weighed = self._bayes.weigh(
                target,
                self.dwell_s(target),
                self._prior.p.get(target.id, LEAST),
                self._n_keys(),
                self._reading_factor(),
            )
        if is_weighed(target):
            self._made = Made(self._prior.choice(target), weighed)
        if self._look is not None:
            self._look.chose = True
        self._board = None  # what is likely now is another matter, also where the board stays as it is

    def _n_keys(self) -> int:
        return sum(not name.startswith(("word:", "phrase:")) for name in self._prior.p)

    def _reading_factor(self) -> float:
        return self.settings.reading_factor or 1.0


def _same(new: object, old: object) -> bool:
    return new is old or new == old
