"""A person calibrates and does not look at each target: it comes again, or is left out, and spoils nothing."""

from __future__ import annotations

import math

import pytest
from looker import MIDDLE, SCREEN, Looker, Looks, Place, at_target, perfect
from procedure_story import begin, targets_of

from calibration.looked import not_looked_at
from calibration.plan import Plan
from calibration.raw_gaze import angles_of
from calibration.targets import calibration_targets, check_targets
from calibration.view import CalibrationView, Phase

RIGHT_EDGE: Place = (0.9, 0.5)  # the third target of nine


def elsewhere(t: float, view: CalibrationView) -> Place:
    """Somebody stands at the left of the screen whenever the third target is shown."""
    return (0.1, 0.9) if view.place == RIGHT_EDGE else view.place or MIDDLE


def stays(t: float, view: CalibrationView) -> Place:
    """The eyes stay on the second target while the third is shown."""
    return (0.5, 0.1) if view.place == RIGHT_EDGE else view.place or MIDDLE


@pytest.mark.parametrize("looks", [elsewhere, stays])
def test_a_target_nobody_looks_at_comes_again_at_the_end_and_is_left_out_then(looks: Looks) -> None:
    looker = Looker(looks=looks)
    procedure = begin(looker)

    assert looker.run(procedure).phase is Phase.FITTING
    assert targets_of(procedure) == set(calibration_targets(9)) - {RIGHT_EDGE}
    assert next(view.place for view in looker.shown if view.number == 10) == RIGHT_EDGE
    assert looker.shown[-2].of == 10


def test_a_target_that_was_missed_once_counts_when_it_comes_again() -> None:
    looker = Looker()
    looker.looks = lambda t, view: elsewhere(t, view) if view.number < 10 else at_target(t, view)
    procedure = begin(looker)

    assert looker.run(procedure).phase is Phase.FITTING
    assert targets_of(procedure) == set(calibration_targets(9))


def test_eyes_that_rest_beside_a_target_are_found_by_all_the_others() -> None:
    targets = [angles_of(place, SCREEN) for place in calibration_targets(9)]
    looks = [(0.6 * x + 30.0, 0.3 * y - 28.0) for x, y in targets]
    assert not_looked_at(targets, looks) == set()
    assert not_looked_at(targets, [(1.0, 2.0)] * 9) == set(range(9))
    assert not_looked_at(targets, [(x, 0.0) for x, _ in looks]) == set(), "eyes that move sideways only"

    beside = [*looks[:4], (looks[4][0] + 12.0, looks[4][1]), *looks[5:]]
    assert not_looked_at(targets, beside) == {4}
    elsewhere = [*looks[:7], looks[5], *looks[8:]]
    assert not_looked_at(targets, elsewhere) == {7}, "the opposite corner"
    assert not_looked_at(targets[:2], [looks[1], looks[0]]) == {0, 1}


def caregiver_first(t: float, view: CalibrationView) -> Place:
    """Somebody at the right speaks to the person while the first target is shown."""
    return (0.95, 0.75) if view.number <= 1 else view.place or MIDDLE


@pytest.mark.parametrize("points", [3, 5, 9])
def test_a_wrong_look_at_the_first_target_costs_that_target_only(points: int) -> None:
    looker = Looker(looks=caregiver_first)
    procedure = begin(looker, Plan(points))

    assert looker.run(procedure).phase is Phase.FITTING
    assert targets_of(procedure) == set(calibration_targets(points))
    for sample in procedure.samples():
        point = perfect(sample.seen)
        assert math.hypot(point.x - sample.x, point.y - sample.y) < 0.15
    assert looker.t - 100.0 < 30


@pytest.mark.parametrize("points", [5, 9])
def test_who_looks_at_no_target_keeps_what_there_was(points: int) -> None:
    looker = Looker(looks=lambda t, view: (0.3, 0.3))
    procedure = begin(looker, Plan(points))
    view = looker.run(procedure)

    assert view.phase is Phase.LEFT
    assert "nothing has changed" in view.message
    assert looker.t - 100.0 < 60, "it is not drawn out"


def test_a_check_nobody_looks_at_changes_nothing() -> None:
    looker = Looker(looks=lambda t, view: (0.5, 0.5) if view.phase is Phase.CHECK else at_target(t, view))
    procedure = begin(looker, Plan(3))
    looker.run(procedure)
    procedure.fitted(looker.t, perfect)

    assert looker.run(procedure).phase is Phase.LEFT


def test_a_region_nobody_looked_at_is_told_as_such() -> None:
    missed = check_targets(5)[2]
    looker = Looker(looks=lambda t, view: (0.5, 0.1) if view.place == missed else at_target(t, view))
    procedure = begin(looker, Plan(5))
    looker.run(procedure)
    procedure.fitted(looker.t, perfect)
    result = looker.run(procedure)

    assert result.validation is not None
    counts = [region.samples for region in result.validation.regions]
    assert counts[2] == 0 and min(counts[:2] + counts[3:]) > 8
    assert math.isnan(result.validation.regions[2].accuracy_cm)
