"""Samples of eyes go in, points that can be trusted come out."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.drift import Drift
from calibration.gaze import Axes, CalibrationSample, Eyes, GazeModel, fit_gaze
from calibration.point import GazePoint
from calibration.pointing import Pointing
from calibration.screen import ScreenSize
from devices.samples import FaceVerdict, GazeSample
from models.gaze.features import Eye, EyeFeatures

SCREEN = ScreenSize(1920, 1080, 531.0, 299.0)
X_DEG, Y_DEG = SCREEN.degrees_per_share
HZ = 30
BLINK = (0.8, 0.5, 0.2, 0.1, 0.1, 0.3, 0.6, 0.8, 1.0)
GAIN_X, GAIN_IRIS_Y, GAIN_LID = 4.4, 1.5, 3.5  # cm by eye width and cm of distance: an eye as anatomy has it


def eye(x: float, y: float, opening: float = 1.0, width_cm: float = 53.1, height_cm: float = 29.9) -> Eye:
    """An eye 60 cm away that looks at (x, y), shares of the screen, with its lids open to this share."""
    right_cm, down_cm = (x - 0.5) * width_cm, y * height_cm
    iris_y = 0.25 * down_cm / (60 * GAIN_IRIS_Y) - 0.03
    lid = 0.75 * down_cm / (60 * GAIN_LID) - 0.18
    lower = lid + 0.36 - 0.0035 * (down_cm - 15)
    closed = (1 - opening) * (lower - lid)
    return Eye(-right_cm / (60 * GAIN_X), iris_y + 0.4 * closed, lid + closed, lower, (lower - lid) * opening)


def face(
    t: float, x: float, y: float, opening: float = 1.0, left_opening: float | None = None
) -> EyeFeatures:
    return EyeFeatures(
        t,
        FaceVerdict.GOOD,
        right=eye(x, y, opening),
        left=eye(x, y, opening if left_opening is None else left_opening),
        position_cm=(0.0, -15.0, -60.0),
        forward=(0.0, 0.0, 1.0),
    )


@pytest.fixture(scope="module")
def model() -> GazeModel:
    """Calibrated with five points and a trembling mesh."""
    chance = random.Random(1)
    samples = []
    for n, (x, y) in enumerate([(0.5, 0.5), (0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)]):
        for k in range(30):
            seen = face(n + k / HZ, x + chance.gauss(0, 0.01), y + chance.gauss(0, 0.01))
            samples.append(CalibrationSample(seen, x, y))
    return fit_gaze(samples, SCREEN)


def pointing(model: GazeModel | None, filter: str = "saccade", **others: object) -> Pointing:
    return Pointing(model, filter=filter, screen=SCREEN, **others)  # type: ignore[arg-type]


def looks(
    to: Pointing,
    x: float,
    y: float,
    seconds: float = 1.0,
    begin: float = 0.0,
    noise: float = 0.01,
    seed: int = 1,
) -> list[GazePoint]:
    """A person before the webcam who looks there for a while."""
    chance = random.Random(seed)
    return [
        to.take(face(begin + k / HZ, x + chance.gauss(0, noise), y + chance.gauss(0, noise)))
        for k in range(round(seconds * HZ))
    ]  # fmt: skip


def away_deg(point: GazePoint, x: float, y: float) -> float:
    return math.hypot((point.x - x) * X_DEG, (point.y - y) * Y_DEG)


# ---------------------------------------------------------------- what is not eyes, and trackers without a filter


def odd_samples() -> list[GazeSample]:
    chance = random.Random(3)
    return [
        GazeSample(k / 60, math.nan, math.nan)
        if k % 20 in (5, 6, 7, 8)
        else GazeSample(k / 60, chance.uniform(-0.2, 1.3), chance.uniform(-0.2, 1.3))
        for k in range(200)
    ]


@pytest.mark.parametrize("eyes", [True, False], ids=["tracker", "pointer"])
def test_without_filter_and_drift_points_are_the_samples_to_the_bit(eyes: bool) -> None:
    to = pointing(None, "none", eyes=eyes)
    for sample in odd_samples():
        point = to.take(sample)
        assert (point.t, point.x, point.y) == (sample.t, sample.x, sample.y) or not sample.valid
        assert point.valid == sample.valid
        assert point.measured == (sample.x, sample.y) or not sample.valid


def test_a_pointer_never_blinks_is_never_filtered_and_has_no_error() -> None:
    to = pointing(None, "saccade", eyes=False)
    points = [to.take(sample) for sample in odd_samples()]
    assert not any(point.blink for point in points)
    assert [(p.x, p.y) for p in points if p.valid] == [(s.x, s.y) for s in odd_samples() if s.valid]
    assert all(point.sd_x == point.sd_y == 0.0 for point in points)


def test_the_same_samples_give_the_same_points(model: GazeModel) -> None:
    assert repr(looks(pointing(model), 0.3, 0.3)) == repr(looks(pointing(model), 0.3, 0.3))


# ---------------------------------------------------------------- trackers


def tracked(
    to: Pointing, x: float, y: float, begin: float, seconds: float, sd: float = 0.004
) -> list[GazePoint]:
    chance = random.Random(round(begin * 1000))
    return [
        to.take(GazeSample(begin + k / 60, x + chance.gauss(0, sd), y + chance.gauss(0, sd)))
        for k in range(round(seconds * 60))
    ]


def test_a_blink_of_a_tracked_eye_pauses() -> None:
    to = pointing(None)
    tracked(to, 0.4, 0.4, 0.0, 1.0)
    gone = [to.take(GazeSample(1 + k / 60, math.nan, math.nan)) for k in range(9)]
    back = [to.take(GazeSample(1.15 + k / 60, 0.4, 0.6)) for k in range(3)]  # the lids still cover the pupil
    after = tracked(to, 0.4, 0.4, 1.22, 0.5)
    assert all(point.blink and not point.valid for point in gone + back)
    assert all(away_deg(point, 0.4, 0.4) < 0.5 and not point.blink for point in after)


def test_lost_eyes_do_not_blink() -> None:
    to = pointing(None)
    tracked(to, 0.4, 0.4, 0.0, 1.0)
    gone = [to.take(GazeSample(1 + k / 60, math.nan, math.nan)) for k in range(120)]
    assert not any(point.blink or point.valid for point in gone[31:])


@pytest.mark.parametrize("filter", ["saccade", "one_euro"])
def test_a_clock_that_is_set_back_stops_nothing(filter: str) -> None:
    to = pointing(None, filter)
    tracked(to, 0.4, 0.4, 3600.0, 1.0)
    to.take(GazeSample(3601.0, math.nan, math.nan))
    after = tracked(to, 0.8, 0.8, 5.0, 0.5)
    assert all(away_deg(point, 0.8, 0.8) < 0.5 and not point.blink for point in after)


def test_the_noise_of_a_tracker_is_part_of_its_error() -> None:
    calm, shaky = (tracked(pointing(None), 0.5, 0.5, 0.0, 2.0, sd)[-1] for sd in (0.002, 0.02))
    assert shaky.sd_x == pytest.approx(math.hypot(0.02, 0.7 / X_DEG), rel=0.35)
    assert calm.sd_x < shaky.sd_x
    validated = tracked(pointing(None, error=(0.01, 0.03)), 0.5, 0.5, 0.0, 2.0, 0.0)[-1]
    assert (validated.sd_x, validated.sd_y) == (0.01, 0.03)


def test_the_drift_is_taken_off_what_is_shown_and_not_off_what_is_measured() -> None:
    drift = Drift(SCREEN)
    to = pointing(None, drift=drift)
    seen = tracked(to, 0.55, 0.46, 0.0, 1.0)
    assert drift.recentre(1.0, [point.measured for point in seen], (0.5, 0.5))
    after = tracked(to, 0.55, 0.46, 1.0, 1.0)[-1]
    assert away_deg(after, 0.5, 0.5) < 0.5
    assert after.measured == pytest.approx((0.55, 0.46), abs=0.02)


# ---------------------------------------------------------------- webcams


@pytest.mark.parametrize("place", [(0.5, 0.5), (0.15, 0.2), (0.8, 0.85)])
def test_a_calibrated_face_points_where_it_looks(model: GazeModel, place: tuple[float, float]) -> None:
    last = looks(pointing(model), *place)[-1]
    assert away_deg(last, *place) < 1.5
    assert 0.0 < last.sd_x < 0.15


def test_without_a_calibration_anatomy_points_roughly() -> None:
    last = looks(pointing(None), 0.7, 0.3)[-1]
    assert last.valid
    calibrated_sd = 0.05
    assert last.sd_x > calibrated_sd


@pytest.mark.parametrize("place", [(0.5, 0.2), (0.5, 0.8)])
def test_a_blink_pauses_and_none_of_its_frames_drags_the_gaze_down(
    model: GazeModel, place: tuple[float, float]
) -> None:
    to = pointing(model)
    looks(to, 0.5, 0.5, 2.0)
    looks(to, *place, 1.0, begin=2.0)
    blink = [to.take(face(3 + k / HZ, *place, opening)) for k, opening in enumerate(BLINK)]
    after = looks(to, *place, 0.5, begin=3 + len(BLINK) / HZ)
    assert all(point.blink and not point.valid for point in blink[1:6])
    assert all(away_deg(point, *place) < 2.0 for point in blink + after if point.valid)
    assert all(point.valid for point in after[3:])


def test_eyes_that_stay_closed_look_nowhere_and_do_not_blink(model: GazeModel) -> None:
    to = pointing(model)
    looks(to, 0.5, 0.5)
    closed = [to.take(face(1 + k / HZ, 0.5, 0.5, 0.1)) for k in range(90)]
    assert not any(point.valid for point in closed)
    assert closed[10].blink
    assert not closed[-1].blink


def test_with_one_eye_closed_the_other_points(model: GazeModel) -> None:
    to = pointing(model)
    looks(to, 0.3, 0.6)
    both_sd = looks(to, 0.3, 0.6, 2.0, begin=1.0, noise=0.0)[-1].sd_x
    wink = [to.take(face(3 + k / HZ, 0.3, 0.6, left_opening=0.1)) for k in range(30)]
    assert all(away_deg(point, 0.3, 0.6) < 1.5 for point in wink[6:])
    assert wink[-1].sd_x > both_sd


@pytest.mark.parametrize("eyes", [Eyes.RIGHT, Eyes.LEFT])
def test_an_eye_that_is_not_followed_may_do_what_it_likes(model: GazeModel, eyes: Eyes) -> None:
    to = pointing(replace(model, eyes=eyes))
    chance = random.Random(1)

    def seen(t: float, followed: float, other: float) -> EyeFeatures:
        right, left = (followed, other) if eyes is Eyes.RIGHT else (other, followed)
        return face(t, 0.5, 0.5, right, left)

    assert all(to.take(seen(k / HZ, 1.0, chance.uniform(0, 1))).valid for k in range(60))
    assert to.take(seen(2.0, 0.1, 1.0)).blink


def test_lids_that_go_down_with_the_eye_do_not_hide_the_lower_keys(model: GazeModel) -> None:
    """At the bottom of the screen these eyes are open by 36 % of what they are at its top."""
    to = pointing(model)

    def rests(y: float, begin: float) -> list[GazePoint]:
        opening = 0.36 * (1 - 0.8 * (y - 0.1))
        seen = [face(begin + k / HZ, 0.5, y) for k in range(2 * HZ)]
        both = [
            (replace(f.right, opening=opening), replace(f.left, opening=opening))
            for f in seen
            if f.right and f.left
        ]
        return [to.take(replace(f, right=r, left=lf)) for f, (r, lf) in zip(seen, both, strict=True)]

    for n, y in enumerate([0.1, 0.3, 0.5, 0.7, 0.3, 0.5, 0.7, 0.1]):
        rests(y, 2.0 * n)
    assert all(point.valid for point in rests(0.9, 16.0)[5:])


@pytest.mark.parametrize("verdict", [FaceVerdict.DARK, FaceVerdict.NO_FACE, FaceVerdict.STILL])
def test_what_cannot_be_seen_gives_no_gaze(model: GazeModel, verdict: FaceVerdict) -> None:
    to = pointing(model)
    looks(to, 0.5, 0.5)
    point = to.take(replace(face(1.0, 0.5, 0.5), verdict=verdict))
    assert not point.valid
    assert not point.blink


@pytest.mark.parametrize("verdict", [FaceVerdict.SMALL, FaceVerdict.GLARE, FaceVerdict.CUT_OFF])
def test_what_is_seen_badly_is_less_sure(model: GazeModel, verdict: FaceVerdict) -> None:
    to = pointing(model)
    good = looks(to, 0.5, 0.5, noise=0.0)[-1]
    bad = to.take(replace(face(1.0, 0.5, 0.5), verdict=verdict))
    assert bad.sd_x >= 1.4 * good.sd_x
    assert bad.sd_y >= 1.4 * good.sd_y


def test_a_head_that_leaves_its_place_is_told_and_is_less_sure(model: GazeModel) -> None:
    to = pointing(model)
    here = looks(to, 0.5, 0.5, noise=0.0)[-1]
    assert not to.head_moved
    far = to.take(replace(face(1.0, 0.5, 0.5), position_cm=(18.0, -15.0, -62.0)))
    assert to.head_moved
    assert far.sd_x > here.sd_x
    to.take(replace(face(1.1, 0.5, 0.5), position_cm=(8.5, -15.0, -60.0)))
    assert to.head_moved  # it does not flicker
    to.take(replace(face(1.2, 0.5, 0.5), position_cm=(3.0, -15.0, -60.0)))
    assert not to.head_moved
    to.take(replace(face(1.3, 0.5, 0.5), forward=(0.5, 0.0, 0.86)))
    assert to.head_moved


def test_a_head_that_was_never_calibrated_has_not_moved() -> None:
    to = pointing(None)
    to.take(replace(face(0.0, 0.5, 0.5), position_cm=(30.0, -15.0, -60.0)))
    assert not to.head_moved


def test_eyes_that_move_sideways_only_stay_at_the_middle_height(model: GazeModel) -> None:
    to = pointing(replace(model, axes=Axes.HORIZONTAL))
    points = looks(to, 0.2, 0.9)
    assert {round(point.y, 12) for point in points} == {0.5}
    assert points[-1].x == pytest.approx(0.2, abs=0.04)


finite_or_not = st.floats(allow_nan=True, allow_infinity=True, width=32)
small = st.floats(-3, 3)
eyes_seen = st.one_of(
    st.none(), st.builds(Eye, small, small, small, small, st.one_of(st.floats(0, 3), finite_or_not))
)


@given(
    st.lists(
        st.one_of(
            st.builds(GazeSample, st.floats(-1, 10), finite_or_not, finite_or_not),
            st.builds(
                EyeFeatures,
                st.floats(-1, 10),
                st.sampled_from(FaceVerdict),
                eyes_seen,
                eyes_seen,
                st.one_of(st.none(), st.tuples(small, small, st.floats(-200, 10))),
                st.one_of(st.none(), st.tuples(small, small, small)),
            ),
        ),
        max_size=30,
    ),
    st.sampled_from(["saccade", "one_euro", "none"]),
)
def test_no_sample_breaks_it(samples: list[GazeSample | EyeFeatures], filter: str) -> None:
    to = pointing(None, filter)
    for sample in samples:
        point = to.take(sample)
        assert point.t == sample.t
        assert math.isfinite(point.x) == math.isfinite(point.y)
        assert not (point.blink and point.valid)
        assert point.sd_x >= 0 and point.sd_y >= 0
