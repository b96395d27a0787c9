"""Which part of the frame is looked at, and what is cut out of it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.gaze.webcam.eyes import EYES, EyeMeasures, eye_patches
from devices.gaze.webcam.window import TIGHT, WIDE, Box, may_stay, search_windows, window_around

SIZES = st.tuples(st.integers(160, 1920), st.integers(120, 1080))


def inside(box: Box, point: tuple[float, float]) -> bool:
    return box.left <= point[0] < box.right and box.top <= point[1] < box.bottom


@given(
    SIZES,
    st.floats(-100, 2000),
    st.floats(-100, 1200),
    st.floats(1, 3000),
    st.floats(0.7, 1.5),
    st.sampled_from([WIDE, TIGHT]),
)
def test_a_window_lies_in_the_frame_and_around_the_face(
    size: tuple[int, int], left: float, top: float, width: float, tall: float, wide: float
) -> None:
    face = Box(left, top, left + width, top + width * tall)

    window = window_around(face, *size, wide)

    assert 0 <= window.left < window.right <= size[0]
    assert 0 <= window.top < window.bottom <= size[1]
    assert all(float(edge).is_integer() for edge in (window.left, window.top, window.right, window.bottom))
    if inside(Box(0, 0, *size), face.centre) and max(face.width, face.height) > 2:
        assert inside(window, face.centre)


@given(SIZES, st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 0.9), st.sampled_from([WIDE, TIGHT]))
def test_a_new_window_is_not_left_at_once(
    size: tuple[int, int], x: float, y: float, share: float, wide: float
) -> None:
    side = share * min(size)
    left, top = x * (size[0] - side), y * (size[1] - side)
    face = Box(left, top, left + side, top + side)

    assert may_stay(window_around(face, *size, wide), face, *size)


def test_a_window_is_left_when_the_face_goes_far_away_or_to_the_side() -> None:
    size = (1280, 720)
    face = Box(600, 300, 700, 400)
    window = window_around(face, *size)

    assert may_stay(window, Box(620, 310, 720, 410), *size)
    assert not may_stay(window, Box(640, 340, 680, 380), *size)
    assert not may_stay(window, Box(700, 300, 800, 400), *size)


@given(
    st.sampled_from([(1280, 720), (1920, 1080), (640, 480), (320, 240), (720, 1280), (160, 120)]),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_the_search_leaves_no_face_out(size: tuple[int, int], x: float, y: float) -> None:
    side = 0.15 * min(size)
    left, top = x * (size[0] - side), y * (size[1] - side)
    windows = search_windows(*size)

    assert len(windows) <= 6
    for window in windows:
        assert window.left >= 0 and window.right <= size[0] and window.top >= 0 and window.bottom <= size[1]
    assert any(
        inside(window, (left, top)) and inside(window, (left + side - 2, top + side - 2))
        for window in windows
    )


def turned(points: np.ndarray, degrees: float, scale: float, centre: tuple[float, float]) -> np.ndarray:
    turn = math.radians(degrees)
    matrix = scale * np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    return points @ matrix + centre


def drawn(degrees: float, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Two drawn eyes (a dark iris left of the middle), and their landmarks in px."""
    height, width, centre = 240, 320, (160.0, 120.0)
    points = np.zeros((478, 2))
    row, column = np.mgrid[0:height, 0:width]
    places = np.stack([column, row], -1).reshape(-1, 2) - np.array(centre)
    turn = math.radians(degrees)
    back = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) / scale
    upright = (places @ back).reshape(height, width, 2)
    picture = np.full((height, width), 200.0)
    for eye, x in zip(EYES, (-50.0, 50.0), strict=True):
        points[list(eye.corners)] = [(x - 20, 0), (x + 20, 0)]
        points[list(eye.lids)] = [(x, -7), (x, 7)]
        points[eye.iris] = (x - 4, 1)
        picture[np.hypot(upright[..., 0] - (x - 4), upright[..., 1] - 1) < 8] = 20.0
    return np.repeat(picture[..., None], 3, 2).astype(np.uint8), turned(points, degrees, scale, centre)


@pytest.mark.parametrize(("degrees", "scale"), [(0, 1.0), (20, 1.0), (-30, 1.3), (0, 0.7)])
def test_an_eye_looks_the_same_however_the_head_is_held(degrees: float, scale: float) -> None:
    upright, _ = eye_patches(*drawn(0, 1.0))
    picture, points = drawn(degrees, scale)

    patches, glare = eye_patches(picture, points)
    measures = EyeMeasures.of(points)

    assert patches == pytest.approx(upright, abs=0.12)
    assert np.abs(patches - upright).mean() < 0.02
    assert patches[:, 3, 4].max() < 0.3 < 0.7 < patches[:, :, 9].min()  # the iris, and the white beside it
    assert glare == 0
    assert measures.iris_x == pytest.approx([-0.1, -0.1])
    assert measures.opening == pytest.approx([0.35, 0.35])


@given(st.integers(0, 2**32 - 1), st.sampled_from([(2, 2), (48, 64), (720, 1280)]))
def test_landmarks_anywhere_are_no_crash(seed: int, size: tuple[int, int]) -> None:
    random = np.random.default_rng(seed)
    frame = random.integers(0, 256, (*size, 3), dtype=np.uint8)
    points = random.normal(0, 500, (478, 2))

    patches, glare = eye_patches(frame, points)

    assert patches.shape == (2, 6, 10) and patches.dtype == np.float32
    assert 0 <= patches.min() <= patches.max() <= 1
    assert 0 <= glare <= 1


def test_a_lamp_in_the_glasses_is_seen() -> None:
    picture, points = drawn(0, 1.0)
    picture[110:125, 105:125] = 255

    assert eye_patches(picture, points)[1] > 0.12
