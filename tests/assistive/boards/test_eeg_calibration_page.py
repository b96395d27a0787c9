"""While a person calibrates the EEG there is always a way out and a way to help, and little light flashes."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.board import Action, Board, Geometry, Rect, TargetKind, Verb
from assistive.boards.eeg_calibration_page import FLASHING, eeg_calibration_board, eeg_places
from assistive.boards.layout import load_layout
from assistive.eeg.calibration_view import EegCalibrationView, EegPhase
from assistive.eeg.rounds import KEYS, round_plan
from calibration.gaze import Axes
from calibration.verdict import Verdict

DESK = Geometry(1920, 1080, 531.0, 299.0)
SCREENS = (DESK, Geometry(1280, 720, 290.0, 163.0), Geometry(800, 1280, 120.0, 192.0))
EN = load_layout("en")
DISTANCE_MM = 600.0
FLASH_SR = 0.006  # WCAG 2.2: a smaller area that flashes cannot start a seizure


def moment(
    phase: EegPhase, verdict: Verdict | None = None, resumable: int = 0, plot: bool = False
) -> EegCalibrationView:
    """A moment of this phase."""
    reliability = ((0.9, 0.8),) if plot else ()
    return EegCalibrationView(
        phase, "A sentence.", verdict=verdict, most=12, resumable=resumable, reliability=reliability
    )


def board(
    view: EegCalibrationView, geometry: Geometry = DESK, axes: Axes = Axes.BOTH, *, calling: bool = False
) -> Board:
    """The board of a moment, in English."""
    return eeg_calibration_board(view, geometry, EN, axes, str, calling=calling)


def apart(one: Rect, other: Rect) -> bool:
    """Whether two rectangles have nothing in common."""
    return (
        one.x + one.w <= other.x + 1e-9
        or other.x + other.w <= one.x + 1e-9
        or one.y + one.h <= other.y + 1e-9
        or other.y + other.h <= one.y + 1e-9
    )


moments = st.builds(
    moment,
    st.sampled_from(list(EegPhase)),
    st.sampled_from([None, *Verdict]),
    st.sampled_from([0, 5]),
    st.booleans(),
)


@given(moments, st.sampled_from(SCREENS), st.sampled_from(list(Axes)))
def test_help_and_a_way_on_are_there_at_every_moment_and_nothing_overlaps(
    view: EegCalibrationView, screen: Geometry, axes: Axes
) -> None:
    shown = board(view, screen, axes)
    assert shown.targets[-1].action.verb is Verb.HELP
    assert {target.action.argument for target in shown.targets} & {"end", "pause"}
    where = eeg_places(view, screen, axes)
    parts = [rect for rect in (where.words, where.progress, where.plot) if rect.w > 0]
    for one, other in combinations([*parts, *(target.rect for target in shown.targets)], 2):
        assert apart(one, other)
    for rect in (*parts, *(target.rect for target in shown.targets)):
        assert min(rect.x, rect.y) >= 0 and rect.x + rect.w <= 1 and rect.y + rect.h <= 1


@given(moments, st.sampled_from(SCREENS))
def test_eyes_that_move_in_one_direction_reach_every_choice(
    view: EegCalibrationView, screen: Geometry
) -> None:
    for target in board(view, screen, Axes.HORIZONTAL).targets:
        assert not target.choosable or (target.rect.y < 0.45 and target.rect.y + target.rect.h > 0.55)
    for target in board(view, screen, Axes.VERTICAL).targets:
        assert not target.choosable or (target.rect.x < 0.45 and target.rect.x + target.rect.w > 0.55)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("axes", list(Axes))
def test_the_letters_are_looked_at_and_never_chosen(screen: Geometry, axes: Axes) -> None:
    letters = [
        target for target in board(moment(EegPhase.FLASHING), screen, axes).targets if target.id in KEYS
    ]
    assert [target.id for target in letters] == list(KEYS)
    assert not any(target.choosable for target in letters) and all(target.label for target in letters)
    assert all(target.kind is TargetKind.LETTER for target in letters)
    sizes = {(round(t.rect.w * screen.width_mm, 6), round(t.rect.h * screen.height_mm, 6)) for t in letters}
    ((width_mm, height_mm),) = sizes
    assert width_mm == pytest.approx(height_mm) and width_mm >= 8.0


@pytest.mark.parametrize("screen", SCREENS)
def test_what_is_bright_at_once_is_too_small_to_harm_anybody(screen: Geometry) -> None:
    letters = board(moment(EegPhase.FLASHING), screen).targets
    area = {t.id: t.rect.w * screen.width_mm * t.rect.h * screen.height_mm for t in letters}
    for number in range(12):
        for flash in (flash for sequence in round_plan(number, 0.2) for flash in sequence):
            assert sum(area[key] for key in flash) / DISTANCE_MM**2 < FLASH_SR


def test_the_board_is_the_same_from_letter_to_letter() -> None:
    boards = [board(moment(phase)) for phase in FLASHING]
    assert boards[0] == boards[1] == boards[2]


@pytest.mark.parametrize("verdict", [None, *Verdict])
def test_only_what_helps_can_be_used(verdict: Verdict | None) -> None:
    shown = board(moment(EegPhase.RESULT, verdict))
    helps = verdict in (Verdict.HELPS, Verdict.HELPS_A_LITTLE)
    choices = {target.action.argument for target in shown.targets if target.action.verb is Verb.EEG}
    assert choices == ({"use", "again", "end"} if helps else {"again", "end"})
    (advised,) = (target for target in shown.targets if target.kind is TargetKind.ADVISED)
    assert advised.action == Action(Verb.EEG, "use" if helps else "end")


def test_one_that_was_broken_off_can_be_gone_on_with() -> None:
    assert Action(Verb.EEG, "go_on") in [t.action for t in board(moment(EegPhase.READY, None, 5)).targets]
    assert Action(Verb.EEG, "go_on") not in [t.action for t in board(moment(EegPhase.READY)).targets]


def test_a_call_for_help_can_be_taken_back_here_too() -> None:
    help_ = board(moment(EegPhase.FLASHING), calling=True).target("help")
    assert help_ is not None and help_.action.verb is Verb.HELP_BACK
