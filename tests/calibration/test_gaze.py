"""A person looks at places; then the screen knows where they look, and how sure that is."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_person import (
    BETWEEN,
    FIVE,
    HEIGHT_CM,
    NINE,
    ONE,
    SCREEN,
    WIDTH_CM,
    HeadPose,
    Person,
    error_cm,
    errors_cm,
)

from calibration.gaze import Axes, CalibrationSample, Eyes, GazeModel, fit_gaze
from calibration.screen import ScreenSize
from devices.samples import FaceVerdict
from models.gaze.features import Eye, EyeFeatures


def test_before_the_first_look_anatomy_has_an_idea_and_says_how_vague_it_is() -> None:
    apart = []
    for seed in range(30):
        person = Person.anybody(seed)
        (sample,) = person.looks([(0.7, 0.6)], 1)
        placed = fit_gaze([], SCREEN).place(sample.features)
        assert placed is not None
        assert placed.sd_x * WIDTH_CM > 3 and placed.sd_y * HEIGHT_CM > 3
        apart.append(((placed.x - 0.7) / placed.sd_x, (placed.y - 0.6) / placed.sd_y))
    assert (np.abs(apart) < 2).mean() >= 0.9
    rightwards = fit_gaze([], SCREEN).place(Person().frames((0.9, 0.5))[0])
    leftwards = fit_gaze([], SCREEN).place(Person().frames((0.1, 0.5))[0])
    assert rightwards is not None and leftwards is not None and rightwards.x > leftwards.x + 0.4


def test_more_points_are_better_and_one_is_much_better_than_none() -> None:
    errors = {
        len(places): np.median(
            [
                error_cm(fit_gaze(person.looks(places), SCREEN), person.looks(BETWEEN, 5))
                for person in map(Person.anybody, range(20))
            ]
        )
        for places in ([], ONE, FIVE, NINE)
    }
    assert errors[1] < 0.75 * errors[0]
    assert errors[5] < 0.75 * errors[1]
    assert errors[9] < 1.05 * errors[5]
    assert errors[9] < 2.2


def test_it_is_off_by_as_much_as_it_says() -> None:
    apart = []
    for person in map(Person.anybody, range(40)):
        model = fit_gaze(person.looks(FIVE), SCREEN)
        for place in BETWEEN:
            look = person.looks([place], 10)
            placed = model.place(look[0].features)
            assert placed is not None
            off = errors_cm(model, look).mean(axis=0)
            apart.append(np.abs(off) / (placed.sd_x * WIDTH_CM, placed.sd_y * HEIGHT_CM))
    within_two_sd = (np.array(apart) < 2).mean()
    assert 0.88 < within_two_sd < 0.995


def test_a_head_that_moves_after_the_calibration_does_not_break_it() -> None:
    still, moved = [], []
    elsewhere = HeadPose(x=6, y=15, z=52, yaw=8, pitch=4)
    for person in map(Person.anybody, range(15)):
        model = fit_gaze(person.looks(NINE), SCREEN)
        still.append(error_cm(model, person.looks(BETWEEN, 5)))
        moved.append(error_cm(model, person.looks(BETWEEN, 5, elsewhere)))
    assert np.median(moved) < 1.3 * np.median(still)


def test_far_from_where_the_head_was_it_is_less_sure() -> None:
    person = Person()
    model = fit_gaze(person.looks(NINE), SCREEN)
    usual = model.place(person.frames((0.5, 0.5))[0])
    far = model.place(person.frames((0.5, 0.5), head=HeadPose(x=25, z=80, yaw=-20))[0])
    assert usual is not None and far is not None
    assert far.sd_x > 1.3 * usual.sd_x


def test_without_a_head_it_works_for_as_long_as_the_head_is_still() -> None:
    person = Person(pose_known=False)
    model = fit_gaze(person.looks(NINE), SCREEN)
    assert model.head is None
    assert error_cm(model, person.looks(BETWEEN)) < 2.5


def test_a_frame_without_a_head_takes_the_usual_one_and_is_less_sure() -> None:
    person = Person()
    model = fit_gaze(person.looks(NINE), SCREEN)
    frame = person.frames((0.3, 0.7))[0]
    seen, unseen = model.place(frame), model.place(replace(frame, position_cm=None, forward=None))
    assert seen is not None and unseen is not None
    assert math.hypot((seen.x - unseen.x) * WIDTH_CM, (seen.y - unseen.y) * HEIGHT_CM) < 0.5
    assert unseen.sd_x > seen.sd_x


@pytest.mark.parametrize("missed", range(9))
def test_a_place_that_was_never_looked_at_does_little(missed: int) -> None:
    person = Person(seed=missed)
    samples = person.looks(NINE)
    elsewhere = person.frames((0.35, 0.6))
    wrong = [
        CalibrationSample(elsewhere[i % 30], s.x, s.y) if i // 30 == missed else s
        for i, s in enumerate(samples)
    ]
    after = person.looks(BETWEEN)
    assert error_cm(fit_gaze(wrong, SCREEN), after) < error_cm(fit_gaze(samples, SCREEN), after) + 0.6


def test_blinks_within_a_look_do_little() -> None:
    person = Person(seed=4)
    samples = person.looks(NINE)

    def blinking(number: int, sample: CalibrationSample) -> CalibrationSample:
        if number % 30 not in range(10, 16):
            return sample
        right, left = (
            replace(eye, lid_upper=0.12, iris_y=0.08, opening=0.03)
            for eye in (sample.features.right, sample.features.left)
            if eye is not None
        )
        return replace(sample, features=replace(sample.features, right=right, left=left))

    blinked = [blinking(i, s) for i, s in enumerate(samples)]
    after = person.looks(BETWEEN)
    assert error_cm(fit_gaze(blinked, SCREEN), after) < error_cm(fit_gaze(samples, SCREEN), after) + 0.3


def test_many_frames_of_one_place_are_not_many_places() -> None:
    person = Person(seed=2)
    elsewhere = person.frames((0.45, 0.57), 600)
    long_look = [CalibrationSample(f, 0.5, 0.5) for f in elsewhere]
    after = person.looks(BETWEEN)
    with_it = error_cm(fit_gaze(long_look + person.looks(NINE, 10), SCREEN), after)
    without = error_cm(fit_gaze(person.looks(NINE, 10), SCREEN), after)
    assert with_it < without + 0.5


def test_one_eye_alone_is_followed_and_the_other_is_not_listened_to() -> None:
    person = Person(seed=3)

    def with_a_glass_eye(samples: list[CalibrationSample]) -> list[CalibrationSample]:
        glass = Eye(0.1, -0.1, -0.05, 0.1, 0.15)
        return [replace(s, features=replace(s.features, left=glass)) for s in samples]

    model = fit_gaze(with_a_glass_eye(person.looks(NINE)), SCREEN, eyes=Eyes.RIGHT)
    after = person.looks(BETWEEN)
    alone = [replace(s, features=replace(s.features, left=None)) for s in after]
    assert error_cm(model, alone) < 2.6
    assert error_cm(model, with_a_glass_eye(after)) == error_cm(model, alone)
    hidden = replace(after[0].features, right=None)
    assert model.place(hidden) is None


@pytest.mark.parametrize("hidden", ["right", "left"])
def test_when_one_of_both_eyes_is_hidden_the_other_stands_for_both(hidden: str) -> None:
    person = Person(seed=5)
    model = fit_gaze(person.looks(NINE), SCREEN)
    after = person.looks(BETWEEN)
    half = [replace(s, features=replace(s.features, **{hidden: None})) for s in after]
    assert error_cm(model, half) < error_cm(model, after) + 0.8
    both, one = model.place(after[0].features), model.place(half[0].features)
    assert both is not None and one is not None and one.sd_x > both.sd_x


def test_of_two_eyes_the_steadier_one_counts_more() -> None:
    person = Person(seed=8)
    samples = []
    for s in person.looks(NINE):
        assert s.features.right is not None
        right = replace(
            s.features.right, iris_x=s.features.right.iris_x + float(person.chance.normal(0, 0.04))
        )
        samples.append(replace(s, features=replace(s.features, right=right)))
    model = fit_gaze(samples, SCREEN)
    frame = person.frames((0.5, 0.5))[0]
    assert frame.right is not None and frame.left is not None
    usual = model.place(frame)
    by_right = model.place(replace(frame, right=replace(frame.right, iris_x=frame.right.iris_x + 0.02)))
    by_left = model.place(replace(frame, left=replace(frame.left, iris_x=frame.left.iris_x + 0.02)))
    assert usual is not None and by_right is not None and by_left is not None
    assert usual.x - by_left.x > 1.3 * (usual.x - by_right.x) > 0


def test_nothing_can_be_said_without_eyes() -> None:
    model = fit_gaze(Person().looks(ONE), SCREEN)
    assert model.place(EyeFeatures(0.0, FaceVerdict.NO_FACE)) is None


@pytest.mark.parametrize(
    ("axes", "places"),
    [
        (Axes.HORIZONTAL, [(0.1, 0.5), (0.5, 0.5), (0.9, 0.5)]),
        (Axes.VERTICAL, [(0.5, 0.1), (0.5, 0.5), (0.5, 0.9)]),
    ],
)
def test_eyes_that_move_in_one_direction_tell_of_that_one(
    axes: Axes, places: list[tuple[float, float]]
) -> None:
    person = Person(seed=6)
    model = fit_gaze(person.looks(places), SCREEN, axes=axes)
    placed = [model.place(s.features) for s in person.looks(places)]
    assert all(p is not None for p in placed)
    found = np.array([(p.x, p.y, p.sd_x, p.sd_y) for p in placed if p is not None])
    fixed, free = (1, 0) if axes is Axes.HORIZONTAL else (0, 1)
    assert set(found[:, fixed]) == {0.5}
    assert found[:, 2 + fixed] == pytest.approx(12**-0.5)
    wanted = np.repeat([place[free] for place in places], 30)
    assert np.abs(found[:, free] - wanted).mean() < 0.06


def test_the_next_day_one_look_makes_good_what_changed() -> None:
    before, after = [], []
    for seed in range(15):
        person = Person.anybody(seed)
        model = fit_gaze(person.looks(NINE), SCREEN)
        person.kappa_deg = (person.kappa_deg[0] + 4.0, person.kappa_deg[1] - 4.0)
        next_day = person.looks(BETWEEN, 5)
        before.append(error_cm(model, next_day))
        after.append(error_cm(model.recentred(person.looks(ONE)), next_day))
    assert np.median(before) > 4
    assert np.median(after) < 0.6 * np.median(before)


def test_a_recentre_keeps_the_gains_that_nine_points_taught() -> None:
    recentred, fresh = [], []
    for seed in range(15):
        person = Person.anybody(seed)
        model = fit_gaze(person.looks(NINE), SCREEN)
        look, after = person.looks(ONE), person.looks(BETWEEN, 5)
        recentred.append(error_cm(model.recentred(look), after))
        fresh.append(error_cm(fit_gaze(look, SCREEN), after))
    assert np.median(recentred) < 0.9 * np.median(fresh)


def test_many_days_know_more_than_yesterday() -> None:
    one_day, many_days = [], []
    for seed in range(15):
        person = Person.anybody(seed)
        usual = person.kappa_deg
        chance = np.random.default_rng(seed)
        days = []
        for _ in range(6):
            person.kappa_deg = (usual[0] + chance.normal(0, 3), usual[1] + chance.normal(0, 3))
            days.append(fit_gaze(person.looks(FIVE, 10), SCREEN))
        person.kappa_deg = usual
        today = person.looks(BETWEEN, 5)
        one_day.append(error_cm(days[-1].next_sitting(), today))
        many_days.append(error_cm(GazeModel.carried_over(days), today))
    assert np.median(many_days) < 0.85 * np.median(one_day)


def test_days_of_another_screen_or_eye_are_not_carried_over() -> None:
    samples = Person().looks(ONE)
    model = fit_gaze(samples, SCREEN)
    for other in (
        fit_gaze(samples, ScreenSize(1280, 800, 300.0, 190.0)),
        fit_gaze(samples, SCREEN, eyes=Eyes.LEFT),
        fit_gaze(samples, SCREEN, axes=Axes.VERTICAL),
    ):
        with pytest.raises(ValueError, match="same screen"):
            GazeModel.carried_over([other, model])
    with pytest.raises(ValueError, match="no earlier"):
        GazeModel.carried_over([])


@pytest.mark.parametrize("days", [1, 30])
def test_a_model_comes_back_from_its_file_as_it_was(days: int) -> None:
    person = Person(seed=7)
    model = fit_gaze(person.looks(FIVE), SCREEN)
    for _ in range(days - 1):
        model = model.recentred(person.looks(ONE, 3))
    text = model.to_json()
    again = GazeModel.from_json(text)
    assert again.to_json() == text
    assert len(text) < 30_000
    for frame in person.frames((0.2, 0.8), 5):
        assert again.place(frame) == model.place(frame)


@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_file_is_refused_with_a_sentence(data: st.DataObject) -> None:
    text = fit_gaze(Person().looks(ONE, 3), SCREEN).to_json()
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    damaged = text[:start] + data.draw(st.text(max_size=20)) + text[end:]
    try:
        model = GazeModel.from_json(damaged)
    except ValueError as error:
        assert str(error).startswith("the calibration") or "other terms" in str(error)
    else:
        assert model.place(Person().frames((0.5, 0.5))[0]) is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", 2),
        ("version", None),
        ("eyes", "three"),
        ("screen", {"width_px": 0, "height_px": 1, "width_mm": 1.0, "height_mm": 1.0, "distance_mm": 600.0}),
        ("horizontal", {"look_sd": -1.0, "frame_sd": 2.0, "sittings": []}),
        (
            "vertical",
            {"look_sd": 1.0, "frame_sd": 2.0, "sittings": [{"precision": [[-5.0]], "shift": [1.0]}]},
        ),
        (
            "vertical",
            {"look_sd": 1.0, "frame_sd": 2.0, "sittings": [{"precision": [[5.0]], "shift": [1.0]}]},
        ),
    ],
)
def test_a_file_with_a_wrong_value_is_refused(name: str, value: object) -> None:
    content = json.loads(fit_gaze([], SCREEN).to_json())
    content[name] = value
    with pytest.raises(ValueError):
        GazeModel.from_json(json.dumps(content))


@pytest.mark.parametrize("damage", ["negative", "crooked"])
def test_a_file_whose_evidence_cannot_be_is_refused(damage: str) -> None:
    content = json.loads(fit_gaze(Person().looks(NINE, 3), SCREEN).to_json())
    (sitting,) = content["vertical"]["sittings"]
    if damage == "negative":
        sitting["precision"] = [[-v for v in row] for row in sitting["precision"]]
    else:
        sitting["precision"][0][1] += 100.0
    with pytest.raises(ValueError, match=r"damaged at vertical\.sittings\.0: .*symmetric and positive"):
        GazeModel.from_json(json.dumps(content))


numbers = st.floats(allow_nan=True, allow_infinity=True)
vectors = st.none() | st.tuples(numbers, numbers, numbers)
eyes = st.none() | st.builds(Eye, numbers, numbers, numbers, numbers, numbers)
frames = st.builds(
    EyeFeatures,
    t=st.just(0.0),
    verdict=st.sampled_from(FaceVerdict),
    right=eyes,
    left=eyes,
    position_cm=vectors,
    forward=vectors,
    patches=st.lists(numbers, max_size=4).map(tuple) | st.just((0.5,) * 120),
)


@settings(max_examples=150)
@given(
    samples=st.lists(
        st.builds(CalibrationSample, frames, numbers | st.sampled_from([0.1, 0.9]), numbers), max_size=12
    ),
    frame=frames,
    followed=st.sampled_from(Eyes),
    axes=st.sampled_from(Axes),
)
def test_whatever_was_measured_a_place_is_finite_or_none(
    samples: list[CalibrationSample], frame: EyeFeatures, followed: Eyes, axes: Axes
) -> None:
    model = fit_gaze(samples, SCREEN, eyes=followed, axes=axes)
    placed = model.place(frame)
    assert placed is None or all(map(math.isfinite, (placed.x, placed.y, placed.sd_x, placed.sd_y)))
    assert placed is None or (placed.sd_x > 0 and placed.sd_y > 0)
    assert GazeModel.from_json(model.to_json()).to_json() == model.to_json()
