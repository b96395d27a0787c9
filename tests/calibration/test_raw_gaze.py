"""Roughly where the eyes point, and whether the face is seen well enough to begin."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from looker import MIDDLE, SCREEN, features

from calibration.face_check import FLICKER_S, GIVE_WAY_S, GOOD_FOR_S, FaceCheck
from calibration.gaze import Eyes
from calibration.raw_gaze import angles_of, far_beside, opening_of, raw_gaze
from devices.samples import FaceVerdict, GazeSample


def test_eyes_and_head_that_turn_to_a_side_point_there() -> None:
    middle = raw_gaze(features(0.0, MIDDLE), Eyes.BOTH, SCREEN)
    right = raw_gaze(features(0.0, (0.9, 0.5)), Eyes.BOTH, SCREEN)
    down = raw_gaze(features(0.0, (0.5, 0.9)), Eyes.BOTH, SCREEN)
    assert middle is not None and right is not None and down is not None
    assert right[0] > middle[0] + 5 and right[1] == pytest.approx(middle[1])
    assert down[1] > middle[1] + 3 and down[0] == pytest.approx(middle[0])

    # The camera sees a head that turns to the person's right turn to the picture's left; up is positive for it.
    turned = replace(features(0.0, MIDDLE), forward=(-math.sin(0.2), -math.sin(0.1), 0.97))
    head = raw_gaze(turned, Eyes.BOTH, SCREEN)
    assert head is not None and head[0] > middle[0] + 10 and head[1] > middle[1] + 5


def test_each_eye_speaks_for_itself_and_both_for_their_middle() -> None:
    face = features(0.0, MIDDLE)
    assert face.right is not None and face.left is not None
    face = replace(
        face,
        right=replace(face.right, iris_x=-0.1, opening=0.2),
        left=replace(face.left, iris_x=0.1, opening=0.4),
    )
    right, left, both = (raw_gaze(face, eyes, SCREEN) for eyes in (Eyes.RIGHT, Eyes.LEFT, Eyes.BOTH))

    assert right is not None and left is not None and both is not None
    assert right[0] > 10 and left[0] < -10 and both[0] == pytest.approx(0.0, abs=1e-9)
    assert [opening_of(face, eyes) for eyes in (Eyes.RIGHT, Eyes.LEFT, Eyes.BOTH)] == pytest.approx(
        [0.2, 0.4, 0.3]
    )
    assert raw_gaze(replace(face, right=None), Eyes.BOTH, SCREEN) == left
    assert raw_gaze(replace(face, right=None), Eyes.RIGHT, SCREEN) is None


@pytest.mark.parametrize("verdict", [FaceVerdict.DARK, FaceVerdict.NO_FACE, FaceVerdict.STILL])
def test_a_picture_without_a_living_face_has_no_gaze(verdict: FaceVerdict) -> None:
    assert raw_gaze(replace(features(0.0, MIDDLE), verdict=verdict), Eyes.BOTH, SCREEN) is None


def test_what_is_not_a_number_is_no_gaze() -> None:
    face = features(0.0, MIDDLE)
    assert face.right is not None
    broken = replace(face, right=replace(face.right, iris_x=math.nan, opening=math.nan))
    assert raw_gaze(broken, Eyes.BOTH, SCREEN) is None
    assert opening_of(broken, Eyes.RIGHT) is None
    assert raw_gaze(GazeSample(0.0, math.nan, 0.5), Eyes.BOTH, SCREEN) is None


def test_a_tracker_tells_it_as_a_place_and_each_eye_where_it_can() -> None:
    sample = GazeSample(0.0, 0.5, 0.5, left=(1.0, 0.5))

    assert raw_gaze(sample, Eyes.BOTH, SCREEN) == raw_gaze(sample, Eyes.RIGHT, SCREEN) == (0.0, 0.0)
    right_edge = math.degrees(math.atan2(527 / 2, 600))
    assert raw_gaze(sample, Eyes.LEFT, SCREEN) == pytest.approx((right_edge, 0.0))


def test_beside_the_screen_begins_some_way_from_its_edge() -> None:
    edge = angles_of((1.0, 1.0), SCREEN)
    for sign in (-1, 1):
        assert not far_beside((sign * (edge[0] + 5), 0.0), SCREEN, (True, True))
        assert far_beside((sign * (edge[0] + 15), 0.0), SCREEN, (True, True))
        assert far_beside((0.0, sign * (edge[1] + 15)), SCREEN, (True, True))
    assert not far_beside((edge[0] + 15, 0.0), SCREEN, (False, True))


def face_check(verdicts: list[tuple[float, FaceVerdict, bool]]) -> float | None:
    """When a face check lets the calibration begin: each verdict lasts so long, thirty pictures a second."""
    check, t = FaceCheck(0.0), 0.0
    for lasts, verdict, eyes in verdicts:
        for _ in range(round(lasts * 30)):
            t += 1 / 30
            if check.take(t, verdict, eyes=eyes):
                return t
            assert 0.0 <= check.progress < 1.0
    return None


def test_a_good_second_is_enough_and_a_flicker_does_not_begin_it_anew() -> None:
    good, small, dark = (True, FaceVerdict.GOOD), FaceVerdict.SMALL, FaceVerdict.DARK

    assert face_check([(2.0, good[1], True)]) == pytest.approx(GOOD_FOR_S, abs=0.1)
    flicker = [(0.5, good[1], True), (FLICKER_S / 2, dark, True), (2.0, good[1], True)]
    assert face_check(flicker) == pytest.approx(GOOD_FOR_S, abs=0.1)
    lost = [(0.8, good[1], True), (2 * FLICKER_S, dark, True), (2.0, good[1], True)]
    assert face_check(lost) == pytest.approx(0.8 + 2 * FLICKER_S + GOOD_FOR_S, abs=0.1)
    assert face_check([(30.0, small, True)]) == pytest.approx(GIVE_WAY_S, abs=0.1)


@pytest.mark.parametrize(
    ("verdict", "eyes"), [(FaceVerdict.GOOD, False), (FaceVerdict.SMALL, False), (FaceVerdict.DARK, True)]
)
def test_without_eyes_it_never_begins(verdict: FaceVerdict, eyes: bool) -> None:
    assert face_check([(30.0, verdict, eyes)]) is None
