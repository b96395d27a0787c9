"""While a person calibrates there is always a way out and a way to help, and never a word beside a target."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.board import Action, Board, Geometry, Rect, TargetKind, Verb
from assistive.boards.calibration_page import Places, calibration_board, places, recentre_offer
from assistive.boards.layout import load_layout
from calibration.gaze import Axes
from calibration.level import needed_cm
from calibration.quality import RegionError, Validation
from calibration.targets import COUNTS, calibration_targets, check_targets
from calibration.view import CalibrationView, Phase

DESK = Geometry(1920, 1080, 531.0, 299.0)
SCREENS = (DESK, Geometry(1280, 720, 290.0, 163.0), Geometry(800, 1280, 120.0, 192.0))
EN = load_layout("en")
NAN = math.nan


def found(accuracy_cm: float, precision_cm: float) -> Validation:
    """A validation with one target."""
    region = RegionError(
        0.5, 0.5, (accuracy_cm, 0.0), accuracy_cm, accuracy_cm, precision_cm, precision_cm, 60
    )
    return Validation((region,), accuracy_cm, accuracy_cm, precision_cm, precision_cm)


GOOD, SHAKY, POOR = found(0.6, 0.3), found(4.0, 2.8), found(5.0, 1.5)
NOTHING = Validation((RegionError(0.5, 0.5, (NAN, NAN), NAN, NAN, NAN, NAN, 0),), NAN, NAN, NAN, NAN)
RESULTS = (None, GOOD, POOR, NOTHING)


def moment(phase: Phase, validation: Validation | None = None) -> CalibrationView:
    """A moment of this phase."""
    return CalibrationView(1.0, phase, (0.5, 0.5), 0.3, 2, 5, validation=validation)


def board(
    view: CalibrationView, geometry: Geometry = DESK, axes: Axes = Axes.BOTH, *, calling: bool = False
) -> Board:
    """The board of a moment, in English."""
    return calibration_board(view, geometry, EN, axes, lambda text: text, calling=calling)


@given(
    st.sampled_from(list(Phase)),
    st.sampled_from(SCREENS),
    st.sampled_from(list(Axes)),
    st.sampled_from(RESULTS),
)
def test_help_and_a_way_on_are_there_in_every_phase_and_nothing_overlaps(
    phase: Phase, screen: Geometry, axes: Axes, validation: Validation | None
) -> None:
    shown = board(moment(phase, validation), screen, axes)
    verbs = [target.action.verb for target in shown.targets]
    assert verbs[-1] is Verb.HELP
    assert Verb.CALIBRATE in verbs
    for target in shown.targets:
        r = target.rect
        assert min(r.x, r.y) >= 0 and r.x + r.w <= 1 and r.y + r.h <= 1
    for one, other in combinations((target.rect for target in shown.targets), 2):
        assert apart(one, other)


@given(st.sampled_from(SCREENS), st.sampled_from(list(Axes)), st.sampled_from(RESULTS))
def test_the_map_and_the_words_are_not_under_the_choices(
    screen: Geometry, axes: Axes, validation: Validation | None
) -> None:
    where: Places = places(moment(Phase.RESULT, validation), screen, axes)
    parts = (where.words, where.picture, where.small, *where.keys)
    for one, other in combinations(parts, 2):
        assert apart(one, other)


def apart(one: Rect, other: Rect) -> bool:
    """Whether two rectangles do not overlap."""
    across = one.x + one.w <= other.x + 1e-9 or other.x + other.w <= one.x + 1e-9
    return across or one.y + one.h <= other.y + 1e-9 or other.y + other.h <= one.y + 1e-9


def test_the_worse_the_gaze_the_larger_the_choices() -> None:
    narrow, wide = (board(moment(Phase.RESULT, found)).targets for found in (GOOD, SHAKY))
    for one, other in zip(narrow[:2], wide[:2], strict=True):
        assert other.rect.w > one.rect.w
        assert other.rect.w * DESK.width_mm >= 10 * needed_cm(SHAKY) - 10
        assert other.rect.h > 0.8


def test_what_is_advised_is_filled() -> None:
    def filled(validation: Validation | None) -> list[str]:
        shown = board(moment(Phase.RESULT, validation))
        return [target.action.argument for target in shown.targets if target.kind is TargetKind.ADVISED]

    assert filled(GOOD) == ["use"]
    assert filled(POOR) == ["again"]
    assert filled(NOTHING) == ["again"]
    assert filled(None) == ["end"]  # the gaze was only put right: there is nothing to decide


def test_what_was_not_measured_cannot_be_used() -> None:
    actions = [target.action for target in board(moment(Phase.RESULT, NOTHING)).targets]
    assert Action(Verb.CALIBRATE, "use") not in actions
    assert Action(Verb.CALIBRATE, "end") in actions


@pytest.mark.parametrize("phase", [Phase.RESULT, Phase.LEFT])
def test_eyes_that_move_in_one_direction_reach_every_choice(phase: Phase) -> None:
    for target in board(moment(phase, POOR), axes=Axes.HORIZONTAL).targets:
        assert target.rect.y < 0.45 and target.rect.y + target.rect.h > 0.55
    for target in board(moment(phase, POOR), axes=Axes.VERTICAL).targets:
        assert target.rect.x < 0.45 and target.rect.x + target.rect.w > 0.55


@pytest.mark.parametrize("axes", list(Axes))
def test_no_word_comes_near_a_target(axes: Axes) -> None:
    where = places(moment(Phase.TARGET), DESK, axes)
    for count in COUNTS:
        for x, y in (*calibration_targets(count, axes), *check_targets(count, axes)):
            for rect in (*where.keys, where.small):
                dx = max(rect.x - x, 0.0, x - rect.x - rect.w) * DESK.width_mm
                dy = max(rect.y - y, 0.0, y - rect.y - rect.h) * DESK.height_mm
                assert math.hypot(dx, dy) > 30


def test_the_board_is_the_same_from_target_to_target() -> None:
    first = CalibrationView(1.0, Phase.TARGET, (0.1, 0.1), 0.0, 1, 9)
    later = CalibrationView(9.0, Phase.CHECK, (0.9, 0.5), 0.7, 4, 5)
    assert board(first) == board(later) == board(CalibrationView(9.0, Phase.FITTING))


def test_a_call_for_help_can_be_taken_back_here_too() -> None:
    help_ = board(moment(Phase.LEFT), calling=True).target("help")
    assert help_ is not None
    assert help_.action.verb is Verb.HELP_BACK
    assert help_.label == EN.labels.help_back


def test_a_gaze_that_is_off_is_put_right_by_a_look_at_the_offer() -> None:
    offer = recentre_offer(Rect(0.5, 0.0, 0.4, 0.2), lambda text: text)
    assert offer.action == Action(Verb.CALIBRATE, "recentre")
    assert offer.choosable
    assert offer.note in offer.name
