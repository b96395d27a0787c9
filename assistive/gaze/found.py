"""assistive.gaze: what a calibration that was made, or found on disk, changes for the person."""

from __future__ import annotations

from collections.abc import Callable

from assistive.boards.calibration_page import RECENTRE_KEY
from assistive.gaze.following import SITTING_S
from assistive.gaze.messages import CalibrationFound
from assistive.messages import Trouble
from assistive.settings import Settings
from calibration.outcome import Outcome
from calibration.store import age_sentence
from devices.i18n import N_


def settings_after(outcome: Outcome, settings: Settings) -> dict[str, str | float]:
    """Return the settings that a calibration chose, by path; empty: it chose none."""
    choice = outcome.choice
    if choice is None or not choice.grid:
        return {}
    floor_s = round(choice.floor_s, 2)
    new: dict[str, str | float] = {
        "look.grid": choice.grid,
        "dwell.floor_s": floor_s,
        "dwell.ceiling_s": round(choice.ceiling_s, 2),
    }
    if settings.dwell.letter_s < floor_s:
        new["dwell.letter_s"] = floor_s
    return new


def found_trouble(message: CalibrationFound, tr: Callable[[str], str], *, used: bool) -> Trouble | None:
    """Say what the person should know of what was found on disk; None: nothing."""
    if used and message.age_s > SITTING_S:
        return Trouble(message.t, RECENTRE_KEY, age_sentence(message.age_s, tr))
    if not used and message.problem:
        todo = N_("Choose “eyes” on the board, then “calibrate the gaze”.")
        return Trouble(message.t, "calibration", message.problem, "", todo)
    return None
