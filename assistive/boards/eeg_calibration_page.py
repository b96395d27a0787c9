"""assistive.boards: what flashes and what can be chosen while a person calibrates the EEG, and where all of it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistive.boards import cells
from assistive.boards.board import Action, Board, Geometry, Rect, TargetKind, Verb
from assistive.boards.calibration_page import help_cell
from assistive.boards.gaps import Gaps, gaps_of
from assistive.boards.layout import Layout
from assistive.eeg.calibration_view import EegCalibrationView, EegPhase
from assistive.eeg.rounds import COLUMNS, KEYS, PLACES, ROWS, key_labels
from calibration.gaze import Axes
from calibration.verdict import Verdict

EEG_CALIBRATION = "eeg-calibration"
FLASHING = (
    EegPhase.CUE,
    EegPhase.FLASHING,
    EegPhase.BREAK,
)  # the phases with letters; the board is the same in all
KEY_MM = (
    26.0  # of a letter's cell: three that flash at once stay below the .006 steradian of WCAG 2.2 at 60 cm
)
APART = 0.7  # from a letter's cell to the next, in cells
NOWHERE = Rect(0.0, 0.0, 0.0, 0.0)
SIDE = 0.18  # of the window's width: choices beside the letters
PLOT_MM = 120.0  # the plot of the result need not be larger
BOTH_MM = 85.0  # height for the words and the plot below them; with less only the words are there, which say the same

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class EegPlaces:
    """Where the parts of one phase stand, in shares of the window.

    Attributes
    ----------
    words : Rect
        The sentence and the note below it; in the result also the verdict above it.
    progress : Rect
        How many letters are done.
    plot : Rect
        What was claimed against what came true.
    letters : tuple of Rect
        The keys that flash, in the order of `KEYS`.
    choices : tuple of Rect
        The choices, in the order of `eeg_calibration_board`; help is the last.
    """

    words: Rect
    progress: Rect
    plot: Rect
    letters: tuple[Rect, ...]
    choices: tuple[Rect, ...]


def eeg_calibration_board(
    view: EegCalibrationView,
    geometry: Geometry,
    layout: Layout,
    axes: Axes,
    tr: Translate,
    *,
    calling: bool,
) -> Board:
    """Return the targets of this moment. From one letter to the next they stay the same.

    Parameters
    ----------
    axes : Axes
        In which directions the eyes move: with one only, every choice reaches over the middle of the other.
    calling : bool
        Help is being called: the key takes it back.
    """
    where, choices = eeg_places(view, geometry, axes), _choices(view, tr)
    letters = _letters(tr) if view.phase in FLASHING else ()
    shown = (*letters, *choices, help_cell(layout, calling=calling))
    rects = (*where.letters, *where.choices)
    page = EegPhase.FLASHING if view.phase in FLASHING else view.phase
    return Board(f"{EEG_CALIBRATION}/{page}", tuple(c.at(rect) for c, rect in zip(shown, rects, strict=True)))


def eeg_places(view: EegCalibrationView, geometry: Geometry, axes: Axes) -> EegPlaces:
    """Return where everything stands in this phase, on a window of this shape."""
    grid = gaps_of(geometry)
    wide = geometry.width_mm >= geometry.height_mm
    across = wide if axes is Axes.BOTH else axes is Axes.HORIZONTAL
    count = len(_choices(view, str)) + 1
    if view.phase in FLASHING:
        return _flashing(grid, geometry, axes)
    if view.phase is EegPhase.RESULT:
        return _result(grid, geometry, across, axes, count, plot=bool(view.reliability))
    bottom = 1 - grid.y / 2
    if across:
        top = 0.44 if axes is Axes.HORIZONTAL else 0.58
        choices = grid.columns(top, bottom, count)
    else:
        top = 0.5
        choices = grid.rows(top, bottom, count)
    return EegPlaces(
        Rect(0.06, 0.04, 0.88, top - 0.12), Rect(0.2, top - 0.065, 0.6, 0.04), NOWHERE, (), choices
    )


def _letters(tr: Translate) -> tuple[cells.Cell, ...]:
    labels = key_labels(tr)
    return tuple(cells.Cell(key, TargetKind.LETTER, labels[key], Action(Verb.LOOK)) for key in KEYS)


def _choices(view: EegCalibrationView, tr: Translate) -> tuple[cells.Cell, ...]:
    def key(what: str, label: str, *, advised: bool = False) -> cells.Cell:
        kind = TargetKind.ADVISED if advised else TargetKind.FUNCTION
        return cells.Cell(f"calibrate-eeg:{what}", kind, label, Action(Verb.EEG, what))

    match view.phase:
        case EegPhase.READY if view.resumable:
            return (
                key("go_on", tr("Go on where it was broken off"), advised=True),
                key("start", tr("From the beginning")),
                key("end", tr("To the board")),
            )
        case EegPhase.READY:
            return key("start", tr("Begin"), advised=True), key("end", tr("To the board"))
        case EegPhase.PAUSED:
            return key("go_on", tr("Go on"), advised=True), key("end", tr("End"))
        case EegPhase.FITTING:
            return (key("end", tr("End")),)
        case EegPhase.RESULT if view.verdict in (Verdict.HELPS, Verdict.HELPS_A_LITTLE):
            return (
                key("use", tr("Use it"), advised=True),
                key("again", tr("Again")),
                key("end", tr("To the board")),
            )
        case EegPhase.RESULT:
            return key("again", tr("Again")), key("end", tr("To the board"), advised=True)
        case _:
            return (key("pause", tr("Pause")),)


def _flashing(grid: Gaps, geometry: Geometry, axes: Axes) -> EegPlaces:
    """The letters in the middle, the choices as far from them as the eyes can tell apart."""
    top, bottom = 0.17, 1 - grid.y / 2
    choices: tuple[Rect, ...]
    match axes:
        case Axes.HORIZONTAL:
            pause, help_ = grid.rect(grid.x / 2, top, SIDE, bottom), grid.rect(1 - SIDE, top, 1, bottom)
            choices = (pause, Rect(help_.x - grid.x / 2, help_.y, help_.w, help_.h))
            room = Rect(SIDE, top, 1 - 2 * SIDE, bottom - top)
        case Axes.VERTICAL:
            choices = grid.rows(0.74, bottom, 2)
            room = Rect(0.0, top, 1.0, 0.74 - top)
        case _:
            choices = grid.columns(0.84, bottom, 2)
            room = Rect(0.0, top, 1.0, 0.84 - top)
    return EegPlaces(
        Rect(0.04, 0.015, 0.92, 0.1), Rect(0.2, 0.12, 0.6, 0.04), NOWHERE, _matrix(room, geometry), choices
    )


def _matrix(room: Rect, geometry: Geometry) -> tuple[Rect, ...]:
    """The letters' cells, small and apart, so that little light changes at once; upright on an upright window."""
    upright = geometry.width_mm < geometry.height_mm
    across, down = (ROWS, COLUMNS) if upright else (COLUMNS, ROWS)
    width_mm, height_mm = room.w * geometry.width_mm, room.h * geometry.height_mm
    side_mm = min(
        KEY_MM,
        width_mm / (across + (across + 1) * APART),
        height_mm / (down + (down + 1) * APART),
    )
    w, h = side_mm / geometry.width_mm, side_mm / geometry.height_mm
    x, y = room.center
    left = x - (across + (across - 1) * APART) * w / 2
    above = y - (down + (down - 1) * APART) * h / 2
    step = 1 + APART
    places = [PLACES[key][::-1] if upright else PLACES[key] for key in KEYS]
    return tuple(Rect(left + column * step * w, above + row * step * h, w, h) for row, column in places)


def _result(grid: Gaps, geometry: Geometry, across: bool, axes: Axes, count: int, *, plot: bool) -> EegPlaces:
    bottom = 1 - grid.y / 2
    if across:
        top = 0.44 if axes is Axes.HORIZONTAL else 0.62
        choices = grid.columns(top, bottom, count)
    else:
        top = 0.54
        choices = grid.rows(top, bottom, count)
    room = Rect(0.04, 0.03, 0.92, top - 0.05)
    wide = geometry.width_mm >= geometry.height_mm
    if not plot or (not wide and room.h * geometry.height_mm < BOTH_MM):
        return EegPlaces(room, NOWHERE, NOWHERE, (), choices)
    if wide:
        side = min(PLOT_MM, room.h * geometry.height_mm) / geometry.width_mm
        square = Rect(1 - 0.04 - side, room.y, side, room.h)
        return EegPlaces(Rect(room.x, room.y, room.w - side - 0.04, room.h), NOWHERE, square, (), choices)
    words_h, between = 0.58 * room.h, 2 * grid.y
    square = Rect(room.x, room.y + words_h + between, room.w, room.h - words_h - between)
    return EegPlaces(Rect(room.x, room.y, room.w, words_h), NOWHERE, square, (), choices)
