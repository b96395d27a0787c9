"""A face goes in as it was measured; eyes and head come out, or nothing where nothing can be said."""

from __future__ import annotations

import math
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from devices.samples import FaceSample, FaceVerdict
from models.gaze.features import EyeFeatures, eye_features

WIDTH, HEIGHT = 1280, 720
# Corners, upper and lower lid, iris of the person's right eye (the left one in the picture) and of the left.
RIGHT = (33, 133, 159, 145, range(468, 473))
LEFT = (362, 263, 386, 374, range(473, 478))


def face(
    iris: tuple[float, float] = (0.0, 0.0),
    *,
    roll_deg: float = 0.0,
    eye_px: float = 60.0,
    middle: tuple[float, float] = (640.0, 360.0),
    narrow_left: float = 1.0,
    matrix: np.ndarray | None = None,
    patches: np.ndarray | None = None,
) -> FaceSample:
    """A face whose irises stand at `iris`, in eye widths; upper lid .2 above, lower lid .15 below."""
    roll = math.radians(roll_deg)
    along, across = (
        np.array([math.cos(roll), math.sin(roll)]),
        np.array([-math.sin(roll), math.cos(roll)]),
    )
    landmarks = np.zeros((478, 3), dtype=np.float32)
    for (corner, other, upper, lower, rim), side, narrow in (
        (RIGHT, -1.1, 1.0),
        (LEFT, 1.1, narrow_left),
    ):
        centre = np.array(middle) + side * eye_px * along

        def put(index: int, x: float, y: float, centre: np.ndarray = centre, narrow: float = narrow) -> None:
            landmarks[index, :2] = (centre + eye_px * (narrow * x * along + y * across)) / [WIDTH, HEIGHT]

        put(corner, -0.5, 0.0)
        put(other, 0.5, 0.0)
        put(upper, 0.0, -0.2)
        put(lower, 0.0, 0.15)
        for index, (dx, dy) in zip(rim, ((0, 0), (0.2, 0), (0, -0.2), (-0.2, 0), (0, 0.2)), strict=True):
            put(index, iris[0] + dx, iris[1] + dy)
    return FaceSample(1.5, WIDTH, HEIGHT, FaceVerdict.GOOD, landmarks, matrix, None, patches)


def head(yaw_deg: float = 0.0, pitch_deg: float = 0.0, place: tuple[float, ...] = (2, -3, -55)) -> np.ndarray:
    """A face before the camera, turned to its left and up."""
    yaw, pitch = math.radians(yaw_deg), math.radians(pitch_deg)
    matrix = np.eye(4, dtype=np.float32)
    about_y = np.array([[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]])
    about_x = np.array(
        [[1, 0, 0], [0, math.cos(pitch), math.sin(pitch)], [0, -math.sin(pitch), math.cos(pitch)]]
    )
    matrix[:3, :3] = about_y @ about_x
    matrix[:3, 3] = place
    return matrix


def test_iris_and_lids_are_measured_in_eye_widths() -> None:
    found = eye_features(face((0.1, -0.05)))
    assert found.t == 1.5 and found.verdict is FaceVerdict.GOOD
    for eye in (found.right, found.left):
        assert eye is not None
        assert astuple(eye) == pytest.approx((0.1, -0.05, -0.2, 0.15, 0.35), abs=1e-4)


@pytest.mark.parametrize("roll_deg", [-30.0, 15.0])
@pytest.mark.parametrize("eye_px", [25.0, 110.0])
def test_a_tilted_head_and_its_distance_change_nothing(roll_deg: float, eye_px: float) -> None:
    found = eye_features(face((0.1, -0.05), roll_deg=roll_deg, eye_px=eye_px))
    assert found.right is not None and found.left is not None
    assert astuple(found.right) == pytest.approx((0.1, -0.05, -0.2, 0.15, 0.35), abs=1e-3)
    assert astuple(found.left) == pytest.approx((0.1, -0.05, -0.2, 0.15, 0.35), abs=1e-3)


def test_the_persons_right_eye_is_the_left_one_in_the_picture() -> None:
    seen = face()
    assert seen.landmarks is not None
    seen.landmarks[list(RIGHT[4]), 0] += 6 / WIDTH
    found = eye_features(seen)
    assert found.right is not None and found.left is not None
    assert found.right.iris_x == pytest.approx(0.1, abs=1e-3)
    assert found.left.iris_x == pytest.approx(0.0, abs=1e-3)


def test_where_the_head_is_and_where_it_faces() -> None:
    found = eye_features(face(matrix=head(yaw_deg=20.0, pitch_deg=10.0)))
    assert found.position_cm == pytest.approx((2.0, -3.0, -55.0))
    assert found.forward is not None
    assert math.hypot(*found.forward) == pytest.approx(1.0)
    assert found.forward[0] == pytest.approx(math.sin(math.radians(20)) * math.cos(math.radians(10)))
    assert found.forward[1] == pytest.approx(math.sin(math.radians(10)))


@pytest.mark.parametrize(
    "matrix",
    [
        None,
        np.eye(3, dtype=np.float32),
        np.full((4, 4), np.nan, dtype=np.float32),
        np.zeros((4, 4), dtype=np.float32),
        head(place=(0, 0, 55)),
        head(yaw_deg=85.0),
        head(yaw_deg=180.0),
    ],
)
def test_no_head_where_there_is_none_before_the_camera(matrix: np.ndarray | None) -> None:
    found = eye_features(face(matrix=matrix))
    assert found.position_cm is None and found.forward is None
    assert found.seen


def test_an_eye_that_is_cut_off_or_hidden_or_too_small_is_not_seen() -> None:
    cut_off = eye_features(face(middle=(40.0, 360.0)))
    assert cut_off.right is None and cut_off.left is not None
    other_side = eye_features(face(middle=(1240.0, 360.0)))
    assert other_side.right is not None and other_side.left is None
    assert not eye_features(face(middle=(640.0, 712.0))).seen
    hidden = eye_features(face(narrow_left=0.3))
    assert hidden.right is not None and hidden.left is None
    assert not eye_features(face(eye_px=3.0)).seen
    assert not eye_features(replace(face(), landmarks=None)).seen


def test_one_damaged_landmark_costs_one_eye() -> None:
    seen = face()
    assert seen.landmarks is not None
    seen.landmarks[386, 1] = np.nan
    found = eye_features(seen)
    assert found.right is not None and found.left is None


def test_patches_are_taken_in_order_or_not_at_all() -> None:
    greys = np.linspace(0.0, 1.0, 120, dtype=np.float32).reshape(2, 6, 10)
    assert eye_features(face(patches=greys)).patches == tuple(float(v) for v in greys.ravel())
    assert eye_features(face(patches=greys[:1])).patches == ()
    damaged = greys.copy()
    damaged[0, 0, 0] = np.inf
    assert eye_features(face(patches=damaged)).patches == ()


def anything(shape: tuple[int, ...]) -> st.SearchStrategy[np.ndarray | None]:
    values = st.floats(width=32, allow_nan=True, allow_infinity=True) | st.floats(0, 1, width=32)
    return st.none() | arrays.arrays(np.float32, shape, elements=values, fill=st.floats(0, 1, width=32))


def finite(found: EyeFeatures) -> bool:
    numbers = [*(found.position_cm or ()), *(found.forward or ()), *found.patches]
    for eye in (found.right, found.left):
        numbers += [] if eye is None else astuple(eye)
    return all(map(math.isfinite, numbers))


@settings(max_examples=150)
@given(
    landmarks=anything((478, 3)) | anything((468, 3)),
    matrix=anything((4, 4)),
    patches=anything((2, 6, 10)),
    width=st.integers(0, 4000),
)
def test_whatever_was_measured_what_comes_out_is_finite(
    landmarks: np.ndarray | None, matrix: np.ndarray | None, patches: np.ndarray | None, width: int
) -> None:
    sample = FaceSample(0.0, width, 720, FaceVerdict.SMALL, landmarks, matrix, None, patches)
    assert finite(eye_features(sample))
