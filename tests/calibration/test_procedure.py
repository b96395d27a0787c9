"""A person calibrates: they look where they are asked to, or not, and nothing hangs or is lost."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looker import MIDDLE, SCREEN, Looker, Looks, Place, at_target, features, off_by, perfect

from calibration.gaze import Axes, Eyes
from calibration.grid_choice import KeySize
from calibration.looked import not_looked_at
from calibration.plan import Kind, Plan
from calibration.procedure import Procedure
from calibration.raw_gaze import angles_of
from calibration.screen import ScreenSize
from calibration.targets import COUNTS, calibration_targets, check_targets
from calibration.unfinished import Unfinished
from calibration.view import CalibrationView, Phase
from devices.samples import FaceVerdict, GazeSample
from models.gaze.features import EyeFeatures

KEYS = (KeySize("9x6", 5.3, 3.0), KeySize("5x4", 10.0, 4.3), KeySize("2x2", 25.0, 8.5))
RIGHT_EDGE: Place = (0.9, 0.5)  # the third target of nine


def begin(looker: Looker, plan: Plan | None = None, **more: object) -> Procedure:
    """A calibration that starts when the person is there."""
    return Procedure(plan or Plan(9), SCREEN, looker.t, keys=KEYS, **more)  # type: ignore[arg-type]


def targets_of(procedure: Procedure) -> set[Place]:
    """The targets that count."""
    return {(sample.x, sample.y) for sample in procedure.samples()}


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


def test_looking_away_pauses_and_looking_back_goes_on_with_the_same_target() -> None:
    looker = Looker(looks=lambda t, view: None if 106 < t < 112 else at_target(t, view))
    procedure = begin(looker)

    paused = looker.run(procedure, until=lambda view: "Paused" in view.message)
    assert paused.phase is Phase.TARGET and paused.progress == 0.0 and looker.t < 109
    assert looker.run(procedure).phase is Phase.FITTING
    there = [view.place for view in looker.shown if 106.5 < view.t < 112.8]
    assert set(there) == {paused.place}
    assert not any(view.message for view in looker.shown if view.t > 112.1)
    assert len(targets_of(procedure)) == 9


def test_eyes_that_come_and_go_for_ever_do_not_keep_it_for_ever() -> None:
    looker = Looker(looks=lambda t, view: MIDDLE if t % 5 < 1 else None)
    procedure = begin(looker)
    procedure.start_now(looker.t)

    assert looker.run(procedure).phase is Phase.LEFT
    assert looker.t - 100.0 < 200


def test_looking_far_beside_the_screen_is_looking_away() -> None:
    def head_turned(seen: EyeFeatures) -> EyeFeatures:
        return replace(seen, forward=(math.sin(0.8), 0.0, math.cos(0.8))) if seen.t > 106 else seen

    looker = Looker(changed=head_turned)
    procedure = begin(looker)
    assert "Paused" in looker.run(procedure, until=lambda view: bool(view.message) and view.t > 106).message
    assert looker.run(procedure).phase is Phase.LEFT


def test_looking_away_for_long_ends_it_and_it_can_go_on_later() -> None:
    looker = Looker(looks=lambda t, view: None if t > 108 else at_target(t, view))
    procedure = begin(looker)
    view = looker.run(procedure)

    assert view.phase is Phase.LEFT and looker.t < 122
    assert "Nothing has changed" in view.message
    assert procedure.broken_off


def test_a_camera_that_is_unplugged_is_told_and_waited_for() -> None:
    looker = Looker(plugged_in=lambda t: not 106 < t < 140)
    procedure = begin(looker)

    lost = looker.run(procedure, until=lambda view: view.t > 110)
    assert "camera" in lost.message
    assert looker.run(procedure).phase is Phase.FITTING
    assert len(targets_of(procedure)) == 9


def test_a_camera_that_does_not_come_back_ends_it() -> None:
    looker = Looker(plugged_in=lambda t: t < 106)
    procedure = begin(looker)

    assert looker.run(procedure).phase is Phase.LEFT
    assert 160 < looker.t < 170


def test_the_end_comes_on_time_when_only_the_deadlines_wake_it() -> None:
    looker = Looker(plugged_in=lambda t: t < 106)
    procedure = begin(looker)
    looker.run(procedure, until=lambda view: view.t > 105.9)

    t, ticks = looker.t, 0
    while (deadline := procedure.deadline()) is not None:
        assert deadline >= t
        t, ticks = deadline, ticks + 1
        procedure.tick(t)
    assert procedure.phase is Phase.LEFT
    assert ticks < 10
    assert 160 < t < 170


def test_a_bad_picture_is_told_before_anything_is_asked_of_the_eyes() -> None:
    procedure = Procedure(Plan(5), SCREEN, 0.0)
    for i in range(60):
        procedure.take(features(i / 30, None, verdict=FaceVerdict.DARK))
    view = procedure.view(2.0)
    assert view.phase is Phase.FACE and view.verdict is FaceVerdict.DARK and view.message

    for i in range(60, 100):
        procedure.take(features(i / 30, MIDDLE))
    assert procedure.view(4.0).phase is Phase.TARGET


def test_a_picture_that_cannot_be_made_better_is_enough_after_a_while() -> None:
    procedure = Procedure(Plan(5), SCREEN, 0.0)
    for i in range(60):
        procedure.take(features(i / 5, MIDDLE, verdict=FaceVerdict.SLOW))
    assert procedure.view(12.0).phase is Phase.TARGET


def test_nobody_before_the_camera_ends_it() -> None:
    looker = Looker(looks=lambda t, view: None)
    procedure = begin(looker)

    assert looker.run(procedure).phase is Phase.LEFT
    assert looker.t < 170


def test_the_caregiver_starts_it_whatever_the_picture() -> None:
    procedure = Procedure(Plan(5), SCREEN, 0.0)
    procedure.take(features(0.1, None))
    procedure.start_now(0.2)
    assert procedure.view(0.3).phase is Phase.TARGET


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


def test_a_new_calibration_that_is_worse_than_the_old_one_is_not_used() -> None:
    looker = Looker()
    procedure = begin(looker, Plan(5), earlier=perfect)
    looker.run(procedure)
    procedure.fitted(looker.t, off_by(0.1, 0.1))
    result = looker.run(procedure)

    assert procedure.outcome.earlier_is_better
    assert "stays" in result.message
    assert result.validation is not None and result.validation.accuracy_cm < 1.5


def test_a_new_calibration_that_is_about_as_good_is_used() -> None:
    looker = Looker()
    procedure = begin(looker, Plan(5), earlier=off_by(0.03, 0.0))
    looker.run(procedure)
    procedure.fitted(looker.t, perfect)
    looker.run(procedure)

    assert not procedure.outcome.earlier_is_better


def test_one_look_tells_how_far_the_gaze_is_off_now() -> None:
    looker = Looker()
    procedure = begin(looker, Plan(kind=Kind.RECENTRE), earlier=off_by(0.08, -0.05))

    assert looker.run(procedure).phase is Phase.RESULT
    assert looker.t - 100.0 < 5
    recentred = procedure.outcome.recentred
    assert recentred is not None and recentred.target == MIDDLE
    off = [sum(axis) / len(axis) for axis in zip(*recentred.measured, strict=True)]
    assert off == pytest.approx([0.58, 0.45], abs=0.03)
    assert len(recentred.samples) >= 8


def test_a_gaze_that_is_off_by_half_a_screen_is_not_recentred() -> None:
    looker = Looker()
    procedure = begin(looker, Plan(kind=Kind.RECENTRE), earlier=off_by(0.5, 0.0))

    assert looker.run(procedure).phase is Phase.LEFT
    assert procedure.outcome.recentred is None


def test_a_fit_that_fails_or_never_comes_leaves_everything_as_it_was() -> None:
    looker = Looker()
    procedure = begin(looker, Plan(3))
    looker.run(procedure)
    procedure.not_fitted(looker.t, "It failed.")
    assert procedure.view(looker.t).message == "It failed."

    other = begin(looker, Plan(3))
    looker.run(other)
    deadline = other.deadline()
    assert deadline is not None
    other.tick(deadline)
    assert other.phase is Phase.LEFT


def test_a_calibration_that_was_broken_off_goes_on_after_a_restart() -> None:
    looker = Looker()
    procedure = begin(looker)
    looker.run(procedure, until=lambda view: view.number == 5)
    broken_off = Unfinished.from_json(json.loads(json.dumps(procedure.unfinished().to_json())))

    looker.t += 60
    again = begin(looker, unfinished=broken_off)
    before = len(looker.shown)
    assert looker.run(again).phase is Phase.FITTING
    shown = {view.place for view in looker.shown[before:] if view.place is not None}
    assert shown == set(calibration_targets(9)[4:])
    assert targets_of(again) == set(calibration_targets(9))


@pytest.mark.parametrize(
    ("plan", "screen"),
    [(Plan(5), SCREEN), (Plan(9, eyes=Eyes.LEFT), SCREEN), (Plan(9), ScreenSize(1280, 720, 300, 200))],
)
def test_it_does_not_go_on_with_other_eyes_or_on_another_screen(plan: Plan, screen: ScreenSize) -> None:
    looker = Looker()
    procedure = begin(looker)
    looker.run(procedure, until=lambda view: view.number == 3)

    with pytest.raises(ValueError):
        Procedure(plan, screen, 0.0, unfinished=procedure.unfinished())


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(["version", "plan", "screen", "targets"]), JSON)
def test_what_was_broken_off_and_is_damaged_is_refused(where: str, what: object) -> None:
    whole = begin(Looker()).unfinished()
    try:
        read = Unfinished.from_json(whole.to_json() | {where: what})
    except ValueError:
        return
    assert read == whole


PLACES = st.tuples(st.floats(-2, 3), st.floats(-2, 3))
STEPS = st.one_of(
    st.tuples(st.just("look"), st.none() | PLACES | st.just("target"), st.integers(1, 90)),
    st.tuples(st.just("tick"), st.floats(allow_nan=True), st.just(1)),
    st.tuples(st.just("wait"), st.floats(0, 30), st.just(1)),
    st.tuples(st.just("odd"), st.floats(), st.just(1)),
    st.tuples(st.sampled_from(["start", "fit", "end"]), st.just(0.0), st.just(1)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=30), st.sampled_from(COUNTS), st.booleans(), st.sampled_from(list(Axes)))
def test_nothing_that_eyes_do_makes_it_raise_or_hang(
    steps: list[tuple[str, object, int]], points: int, camera: bool, axes: Axes
) -> None:
    t = 0.0
    procedure = Procedure(Plan(points, axes=axes), SCREEN, t, keys=KEYS, face_check=camera, earlier=perfect)
    for what, value, count in steps:
        for _ in range(count):
            t += 1 / 30
            if what == "look":
                look = procedure.view(t).place if value == "target" else value
                if camera:
                    procedure.take(features(t, look))  # type: ignore[arg-type]
                else:
                    procedure.take(GazeSample(t, *(look or (math.nan, math.nan))))  # type: ignore[misc]
            elif what == "tick":
                # A clock that jumps by years would end anything; it must not raise.
                procedure.tick(value if isinstance(value, float) and not value > t + 60 else t)
            elif what == "wait":
                t += float(value)  # type: ignore[arg-type]
                procedure.tick(t)
            elif what == "odd":
                procedure.take(GazeSample(t, float(value), float(value)))  # type: ignore[arg-type]
            elif what == "start":
                procedure.start_now(t)
            elif what == "fit":
                procedure.fitted(t, perfect)
            else:
                procedure.end(t)
            view = procedure.view(t)
            assert 0.0 <= view.progress <= 1.0
    for _ in range(100):
        deadline = procedure.deadline()
        if deadline is None:
            break
        t = max(t, deadline)
        procedure.tick(t)
    assert procedure.phase in (Phase.LEFT, Phase.RESULT)
