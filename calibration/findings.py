"""calibration: what the looks at the last targets tell: of a new model, or of how far an old one is off."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from calibration.grid_choice import KeySize, choose_grid
from calibration.outcome import Outcome, Recentred, TargetSample
from calibration.plan import Plan
from calibration.point import GazePoint
from calibration.quality import Check, Validation, validate
from calibration.raw_gaze import Seen
from calibration.round import Round
from calibration.screen import ScreenSize
from calibration.targets import Place

CHECKED_SHARE = 0.5  # of the targets of the check; a result from fewer says nothing of the screen
EARLIER_BETTER = 0.9
MOST_RECENTRE = 0.3  # of the screen: what is off by more needs a new calibration

Look = Callable[[Seen], GazePoint]
"""Tells where the person looks; called once for each sample, in order (`calibration.pointing.Pointing.take`)."""

Found = tuple[Outcome | None, str]
"""The outcome, or None where nothing changes, and a sentence that says so."""


@dataclass(frozen=True, slots=True)
class Item:
    """A sample, and where the new model and the one that there is say that it looks."""

    seen: Seen
    new: GazePoint | None = None
    earlier: GazePoint | None = None


def checked(
    finished: Round[Item],
    plan: Plan,
    screen: ScreenSize,
    keys: Sequence[KeySize],
    tr: Callable[[str], str],
) -> Found:
    """Judge a new model by the looks at the targets of the check, and choose the grid that fits it."""

    def found(which: Callable[[Item], GazePoint | None]) -> Validation:
        checks = []
        for index, place in enumerate(finished.places):
            taken = finished.taken.get(index)
            points = [which(item) for item in taken.items] if taken is not None else []
            gaze = tuple((point.x, point.y) for point in points if point is not None and point.valid)
            checks.append(Check(*place, gaze))
        return validate(checks, screen, plan.axes)

    new = found(lambda item: item.new)
    if sum(1 for region in new.regions if region.samples) < CHECKED_SHARE * len(new.regions):
        return None, tr(
            "Most targets of the check were not looked at, so nothing has changed. Please try again."
        )
    earlier = found(lambda item: item.earlier)
    stays = earlier.accuracy_cm < EARLIER_BETTER * new.accuracy_cm  # False where there is none (NaN)
    best = earlier if stays else new
    choice = choose_grid(best, keys, axes=plan.axes, tr=tr) if keys else None
    message = choice.why if choice is not None else ""
    if stays:
        message = tr(
            "The calibration you had is better ({before} cm off instead of {new} cm), so it stays."
        ).format(before=f"{earlier.accuracy_cm:.1f}", new=f"{new.accuracy_cm:.1f}")
    return Outcome(best, choice, stays), message


def recentred(
    finished: Round[Item], samples: tuple[TargetSample, ...], plan: Plan, tr: Callable[[str], str]
) -> Found:
    """Tell how far the model that there is is off, from the look at one target."""
    target: Place = finished.places[0]
    points = [item.earlier for item in finished.taken[0].items if item.earlier is not None]
    measured = tuple(point.measured for point in points if all(map(math.isfinite, point.measured)))
    off = [fmean(place[axis] for place in measured) - target[axis] for axis in (0, 1)] if measured else []
    if not measured or any(abs(off[axis]) > MOST_RECENTRE and plan.used[axis] for axis in (0, 1)):
        return None, tr("The gaze is too far off to be put right with one target: please calibrate anew.")
    return Outcome(recentred=Recentred(target, measured, samples)), tr("The gaze was put right.")
