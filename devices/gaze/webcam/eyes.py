"""devices.gaze.webcam: what the eyes look like, upright and at one size however the head is held."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Picture = NDArray[np.uint8]

ROWS, COLUMNS = 6, 10
PATCH_WIDTH = 1.2
"""Of the eye's width: the corners are in it, with what moves beside them."""

_FINE = 4  # samples along a cell's side
_SATURATED = 250
_GREY = np.array([0.114, 0.587, 0.299])  # of blue, green, red (Rec. ITU-R BT.601)


@dataclass(frozen=True, slots=True)
class EyePoints:
    """Numbers of MediaPipe's landmarks: corners from left to right in the picture, lids, iris."""

    corners: tuple[int, int]
    lids: tuple[int, int]
    iris: int


EYES = (EyePoints((33, 133), (159, 145), 468), EyePoints((362, 263), (386, 374), 473))
"""The person's right and left eye."""

CORNERS = [number for eye in EYES for number in eye.corners]


@dataclass(frozen=True, slots=True)
class EyeMeasures:
    """Of both eyes, right first: width in px; iris and opening in shares of the width, in the corners' frame."""

    width_px: Floats
    iris_x: Floats
    iris_y: Floats
    opening: Floats

    @classmethod
    def of(cls, points_px: Floats) -> EyeMeasures:
        """Measure landmarks of shape (478, 2 or more), in px."""
        rows = []
        for eye in EYES:
            start, end = points_px[list(eye.corners), :2]
            along, width = _direction(start, end)
            across = np.array([-along[1], along[0]])
            iris = points_px[eye.iris, :2] - (start + end) / 2
            upper, lower = points_px[list(eye.lids), :2]
            rows.append(
                (width, iris @ along / width, iris @ across / width, (lower - upper) @ across / width)
            )
        return cls(*np.array(rows).T)


def eye_patches(frame: Picture, points_px: Floats) -> tuple[NDArray[np.float32], float]:
    """Cut both eyes out of the frame, with rotation and scale taken out.

    Parameters
    ----------
    frame : array of shape (height, width, 3)
        Blue, green, red.
    points_px : array of shape (478, 2 or more)
        Landmarks in px.

    Returns
    -------
    array of shape (2, 6, 10)
        Grey values 0..1, as in `FaceSample`. What is outside of the frame has the value at its border.
    float
        The largest share of one eye's picture that is saturated: glare.
    """
    patches, glare = [], 0.0
    for eye in EYES:
        start, end = points_px[list(eye.corners), :2]
        grey = _sampled(frame, start, end)
        glare = max(glare, float((grey >= _SATURATED).mean()))
        patches.append(grey.reshape(ROWS, _FINE, COLUMNS, _FINE).mean((1, 3)) / 255.0)
    return np.array(patches, np.float32), glare


def _direction(start: Floats, end: Floats) -> tuple[Floats, float]:
    width = math.dist(start, end)
    if width < 1e-6:
        return np.array([1.0, 0.0]), 1e-6
    return (end - start) / width, width


def _sampled(frame: Picture, start: Floats, end: Floats) -> Floats:
    """Grey values on a fine grid around one eye, between pixels linearly."""
    along, width = _direction(start, end)
    across = np.array([-along[1], along[0]])
    step = PATCH_WIDTH * width / (COLUMNS * _FINE)
    right = (np.arange(COLUMNS * _FINE) - (COLUMNS * _FINE - 1) / 2) * step
    down = (np.arange(ROWS * _FINE) - (ROWS * _FINE - 1) / 2) * step
    places = (start + end) / 2 + down[:, None, None] * across + right[None, :, None] * along
    height_px, width_px = frame.shape[:2]
    x, y = places[..., 0].clip(0, width_px - 1.001), places[..., 1].clip(0, height_px - 1.001)
    column, row = x.astype(int), y.astype(int)
    to_right, to_below = (x - column)[..., None], (y - row)[..., None]
    above = frame[row, column] * (1 - to_right) + frame[row, column + 1] * to_right
    below = frame[row + 1, column] * (1 - to_right) + frame[row + 1, column + 1] * to_right
    return (above * (1 - to_below) + below * to_below) @ _GREY  # type: ignore[no-any-return]
