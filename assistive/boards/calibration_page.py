"""assistive.boards: what can be chosen while a person calibrates, and where its picture and its words stand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from assistive.boards import cells
from assistive.boards.board import Action, Board, Geometry, Rect, Target, TargetKind, Verb
from assistive.boards.gaps import Gaps, gaps_of
from assistive.boards.layout import Layout
from calibration.gaze import Axes
from calibration.level import Level, needed_cm, validation_level
from calibration.quality import Validation
from calibration.view import CalibrationView, Phase

CALIBRATION = "calibration"
RECENTRE_KEY = "gaze-off"  # the notice that offers to put the gaze right
DWELLING = (
    Phase.RESULT,
    Phase.LEFT,
)  # only here is the gaze good for choosing; elsewhere a hand or a switch does
FAR_WORDS = Rect(0.2, 0.14, 0.6, 0.12)  # for a target in the lower half; mirrored for one in the upper half
SIDE = (0.25, 0.34)  # of the window's width: how wide a choice beside the map is at least and at most


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of one phase stand, in shares of the window.

    Attributes
    ----------
    words : Rect
        The sentence.
    picture : Rect
        The camera's picture, or the map of the screen.
    small : Rect
        What may be read beside it: numbers, the number of the target.
    keys : tuple of Rect
        The choices, in the order of `calibration_board`; help is the last.
    """

    words: Rect
    picture: Rect
    small: Rect
    keys: tuple[Rect, ...]


def calibration_board(
    view: CalibrationView,
    geometry: Geometry,
    layout: Layout,
    axes: Axes,
    tr: Callable[[str], str],
    *,
    calling: bool,
) -> Board:
    """Return the targets of this moment. They differ only from phase to phase, not from moment to moment.

    Parameters
    ----------
    axes : Axes
        In which directions the eyes move: with one only, every choice reaches over the middle of the other.
    calling : bool
        Help is being called: the key takes it back.
    """

    def key(which: str, label: str, kind: TargetKind = TargetKind.FUNCTION) -> cells.Cell:
        return cells.Cell(f"calibrate:{which}", kind, label, Action(Verb.CALIBRATE, which))

    end, board = key("end", tr("End")), key("end", tr("To the board"))
    shown: tuple[cells.Cell, ...]
    match view.phase:
        case Phase.FACE:
            shown = (end, key("start", tr("Start now")))
        case Phase.RESULT:
            level = Level.UNKNOWN if view.validation is None else validation_level(view.validation)
            advised, other = TargetKind.ADVISED, TargetKind.FUNCTION
            again_first = view.validation is not None and level in (Level.POOR, Level.UNKNOWN)
            again = key("again", tr("Again"), advised if again_first else other)
            on = ("end", tr("To the board")) if level is Level.UNKNOWN else ("use", tr("Use it"))
            shown = (again, key(*on, other if again_first else advised))
        case Phase.LEFT:
            shown = (key("again", tr("Again")), board)
        case _:
            shown = (end,)
    rects = places(view, geometry, axes).keys
    targets = [cell.at(rect) for cell, rect in zip(shown, rects, strict=False)]
    return Board(
        f"{CALIBRATION}/{_page(view.phase)}", (*targets, help_cell(layout, calling=calling).at(rects[-1]))
    )


def recentre_offer(rect: Rect, tr: Callable[[str], str]) -> Target:
    """Return the offer that stands on the board once the gaze has been off to one side for a while."""
    label, note = tr("The gaze is a little off"), tr("Look here to put it right")
    action = Action(Verb.CALIBRATE, "recentre")
    return Target("calibrate:recentre", TargetKind.NOTICE, label, rect, action, f"{label}. {note}", note)


def places(view: CalibrationView, geometry: Geometry, axes: Axes) -> Places:
    """Return where everything stands in this phase, on a window of this shape."""
    grid = gaps_of(geometry)
    wide = geometry.width_mm >= geometry.height_mm
    match view.phase:
        case Phase.FACE:
            return _face(grid, wide)
        case Phase.RESULT if axes is Axes.HORIZONTAL:
            return _result_in_a_row(grid)
        case Phase.RESULT if axes is Axes.VERTICAL:
            return _result_in_a_column(grid)
        case Phase.RESULT:
            return _result(grid, wide, _side(view.validation, geometry))
        case Phase.LEFT:
            return _left(grid, wide if axes is Axes.BOTH else axes is Axes.HORIZONTAL)
        case Phase.FITTING:
            return _target(Rect(0.2, 0.4, 0.6, 0.2))
        case _:
            return _target(FAR_WORDS)


def _face(grid: Gaps, wide: bool) -> Places:
    keys = grid.columns(0.82, 1 - grid.y / 2, 3)
    if wide:
        return Places(Rect(0.64, 0.04, 0.33, 0.74), Rect(0.01, 0.02, 0.60, 0.77), Rect(0, 0, 0, 0), keys)
    return Places(Rect(0.06, 0.51, 0.88, 0.3), Rect(0.04, 0.03, 0.92, 0.47), Rect(0, 0, 0, 0), keys)


def _target(words: Rect) -> Places:
    # Between the columns of any usual pattern of targets, at the edges: no words come near a target.
    end, help_ = Rect(0.24, 0.905, 0.12, 0.08), Rect(0.64, 0.905, 0.12, 0.08)
    return Places(words, Rect(0, 0, 1, 1), Rect(0.24, 0.02, 0.12, 0.04), (end, help_))


def _result(grid: Gaps, wide: bool, side: float) -> Places:
    """Choices as tall as the window: with a poor gaze it is the height that is worst."""
    bottom = 1 - grid.y / 2
    if wide:
        left, right = grid.x / 2 + side, 1 - grid.x / 2 - side
        again = grid.rect(grid.x / 2, 0.15, left, bottom)
        use = grid.rect(right, 0.15, 1 - grid.x / 2, bottom)
        help_ = grid.rect(left, 0.77, right, bottom)
        picture, small = grid.rect(left, 0.15, right, 0.68), grid.rect(left, 0.68, right, 0.77)
        return Places(Rect(0.03, 0.01, 0.94, 0.13), picture, small, (again, use, help_))
    keys = grid.rows(0.52, bottom, 3)
    return Places(
        Rect(0.04, 0.01, 0.92, 0.12), Rect(0.04, 0.14, 0.92, 0.31), Rect(0.04, 0.46, 0.92, 0.05), keys
    )


def _result_in_a_row(grid: Gaps) -> Places:
    keys = grid.columns(0.42, 1 - grid.y / 2, 3)
    return Places(
        Rect(0.03, 0.01, 0.94, 0.11), Rect(0.08, 0.13, 0.42, 0.28), Rect(0.52, 0.13, 0.4, 0.28), keys
    )


def _result_in_a_column(grid: Gaps) -> Places:
    rows = grid.rows(0.15, 1 - grid.y / 2, 3)
    keys = tuple(Rect(0.4, row.y, 1 - 0.4 - grid.x, row.h) for row in rows)
    return Places(
        Rect(0.03, 0.01, 0.94, 0.13), Rect(0.02, 0.16, 0.36, 0.6), Rect(0.02, 0.76, 0.36, 0.12), keys
    )


def _left(grid: Gaps, wide: bool) -> Places:
    bottom = 1 - grid.y / 2
    keys = grid.columns(0.36, bottom, 3) if wide else grid.rows(0.36, bottom, 3)
    return Places(Rect(0.06, 0.06, 0.88, 0.15), Rect(0, 0, 0, 0), Rect(0.06, 0.21, 0.88, 0.07), keys)


def _side(validation: Validation | None, geometry: Geometry) -> float:
    """How wide a choice has to be to be hit with this gaze, as a share of the window's width."""
    size_cm = math.nan if validation is None else needed_cm(validation)
    if math.isnan(size_cm):
        return SIDE[1]
    return min(max(10 * size_cm / geometry.width_mm, SIDE[0]), SIDE[1])


def help_cell(layout: Layout, *, calling: bool) -> cells.Cell:
    """Return the key that calls for help, or takes the call back."""
    if not calling:
        return cells.fixed(layout, "help")
    return cells.Cell("help", TargetKind.HELP, layout.labels.help_back, Action(Verb.HELP_BACK))


def _page(phase: Phase) -> str:
    return phase.value if phase in (Phase.FACE, Phase.RESULT, Phase.LEFT) else Phase.TARGET.value
