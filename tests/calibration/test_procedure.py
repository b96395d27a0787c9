"""A person calibrates: they look where they are asked to, with their own eyes and their own device."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from looker import MIDDLE, Looker, Place, off_by, perfect
from procedure_story import KEYS, begin, targets_of

from calibration.gaze import Axes, Eyes
from calibration.plan import Plan
from calibration.targets import COUNTS, calibration_targets, check_targets
from calibration.view import CalibrationView, Phase
from models.gaze.features import EyeFeatures


@pytest.mark.parametrize("points", COUNTS)
def test_a_calibration_runs_by_itself_from_the_face_to_the_grid(points: int) -> None:
    looker = Looker()
    procedure = begin(looker, Plan(points))

    assert looker.run(procedure).phase is Phase.FITTING
    assert targets_of(procedure) == set(calibration_targets(points))
    procedure.fitted(looker.t, perfect)
    result = looker.run(procedure)

    assert result.phase is Phase.RESULT
    assert result.validation is not None and result.validation.accuracy_deg < 1.5
    assert result.grid in {key.grid for key in KEYS}
    assert "cm on average" in result.message
    assert looker.t - 100.0 < 4 + 1.6 * points + 1.6 * 5, "it takes seconds"


def test_each_target_is_shown_once_near_ones_first_and_its_ring_closes() -> None:
    looker = Looker()
    procedure = begin(looker)
    looker.run(procedure)

    places = list(dict.fromkeys(view.place for view in looker.shown if view.place is not None))
    assert places == list(calibration_targets(9))
    reach = [math.dist(place, MIDDLE) for place in places]
    assert reach == sorted(reach)
    for place in places:
        ring = [view.progress for view in looker.shown if view.place == place]
        assert ring[0] == 0.0 and ring[-1] > 0.9
    numbers = [(view.number, view.of) for view in looker.shown if view.place is not None]
    assert numbers[0] == (1, 9) and numbers[-1] == (9, 9)


def test_a_check_is_made_where_nothing_was_fitted() -> None:
    for axes in Axes:
        for points in COUNTS:
            checks = check_targets(points, axes)
            assert not set(calibration_targets(points, axes)) & set(checks)
            for axis in (0, 1):
                reach = [check[axis] for check in checks]
                if len(set(reach)) > 1:
                    assert max(reach) - min(reach) > 0.35, "the outer parts are checked too"


def test_only_the_rest_on_the_target_is_kept_not_the_way_to_it() -> None:
    looker = Looker(noise_deg=0.2, slow_s=0.6)
    procedure = begin(looker)
    looker.run(procedure)

    for sample in procedure.samples():
        point = perfect(sample.seen)
        assert math.hypot(point.x - sample.x, point.y - sample.y) < 0.1


@pytest.mark.parametrize(
    "looker",
    [
        Looker(noise_deg=3.0),
        Looker(slow_s=1.8),
        Looker(hz=5.0),
        Looker(opening=0.1),
        Looker(tracker=True),
        Looker(tracker=True, hz=600.0),
    ],
    ids=["shaky", "slow", "five pictures a second", "drooping lid", "tracker", "fast tracker"],
)
def test_other_eyes_and_other_devices_get_through_with_all_targets(looker: Looker) -> None:
    procedure = begin(looker, face_check=not looker.tracker)

    assert looker.run(procedure).phase is Phase.FITTING
    assert len(targets_of(procedure)) == 9
    assert looker.t - 100.0 < 40


def test_a_nystagmus_takes_longer_and_gets_through() -> None:
    looker = Looker(slow_s=0.0)

    def looks(t: float, view: CalibrationView) -> Place:
        x, y = view.place or MIDDLE
        return x + 0.09 * math.sin(19 * t), y

    looker.looks = looks
    procedure = begin(looker)

    assert looker.run(procedure).phase is Phase.FITTING
    assert len(targets_of(procedure)) >= 7


def test_a_slow_eye_is_not_taken_to_rest_where_it_was_before() -> None:
    looker = Looker(slow_s=2.5, noise_deg=0.3)
    procedure = begin(looker, Plan(5))
    looker.run(procedure)

    for sample in procedure.samples():
        point = perfect(sample.seen)
        assert math.hypot(point.x - sample.x, point.y - sample.y) < 0.15


def test_one_eye_alone_is_enough_and_the_other_is_not_asked() -> None:
    def patched(seen: EyeFeatures) -> EyeFeatures:
        return replace(seen, right=None)

    looker = Looker(changed=patched)
    assert looker.run(begin(looker, Plan(5, eyes=Eyes.LEFT))).phase is Phase.FITTING

    other = Looker(changed=patched)
    waits = other.run(begin(other, Plan(5, eyes=Eyes.RIGHT)), at_most_s=20)
    assert waits.phase is Phase.FACE and "the other eye" in waits.message


@pytest.mark.parametrize("axes", [Axes.HORIZONTAL, Axes.VERTICAL])
def test_eyes_that_move_in_one_direction_get_targets_on_one_line(axes: Axes) -> None:
    def looks(t: float, view: CalibrationView) -> Place:
        x, y = view.place or MIDDLE
        return (x, 0.5) if axes is Axes.HORIZONTAL else (0.5, y)

    looker = Looker(looks=looks)
    procedure = begin(looker, Plan(5, axes=axes))
    looker.run(procedure)
    procedure.fitted(looker.t, off_by(0.0, 0.5) if axes is Axes.HORIZONTAL else off_by(0.5, 0.0))
    result = looker.run(procedure)

    assert len(targets_of(procedure)) == 5
    assert result.validation is not None and result.validation.accuracy_cm < 1.5, (
        "the other axis is not counted"
    )
