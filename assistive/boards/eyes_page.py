"""assistive.boards: what the person can do for their gaze."""

from __future__ import annotations

from collections.abc import Callable

from assistive.boards.board import Action, TargetKind, Verb
from assistive.boards.cells import Cell
from assistive.settings import Settings

EYES = "eyes"

Translate = Callable[[str], str]


def eyes_cells(settings: Settings, tr: Translate) -> list[Cell]:
    """Return the cells of the page: put the gaze right by one look, calibrate it anew, show where it is."""
    shown = settings.look.gaze_cursor
    return [
        _cell("recentre", tr("put the gaze right: one look"), Action(Verb.CALIBRATE, "recentre")),
        _cell("start", tr("calibrate the gaze"), Action(Verb.CALIBRATE, "start")),
        _cell(
            "cursor",
            tr("hide where I look") if shown else tr("show where I look"),
            Action(Verb.SETTING, f"look.gaze_cursor={'false' if shown else 'true'}"),
        ),
    ]


def _cell(name: str, label: str, action: Action) -> Cell:
    return Cell(f"eyes:{name}", TargetKind.FUNCTION, label, action)
