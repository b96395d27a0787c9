"""calibration: from the eyes and the head of a frame to the inputs of the gaze regression, and what anatomy says of them.

All in cm, from the camera at the middle of the screen's upper edge, x to the person's right, y down (the camera's own
frame has x to the person's left and y up):

    x = k (-Tx) + h (-Z fx/fz) + g (-Z ix) + c Z + d
    y = k (-Ty) + h (-Z fy/fz) + g Z (iy - iy0) + u Z (lid - lid0) + c Z + d

T is the head's place, Z = -Tz its distance, f the direction in which the face points, (ix, iy) the iris and `lid` the
upper lid in the frame of the eye's corners, in eye widths. Where the head is not measured the terms of k and h drop out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from calibration.regression import Floats, Gaussian, Noise
from models.gaze.features import Eye, EyeFeatures

# The eye turns about a point 11 mm behind its iris and is 30 mm wide: looking aside by an angle moves the iris by
# 11/30 sin(angle) eye widths. MediaPipe's mesh follows only a part of it, .62 horizontally and .43 vertically (on a
# photo with irises moved by known angles, the face 20 and 30 % of the picture wide): alone, the iris would need g = 4.4
# horizontally. Vertically lids hide the iris; the upper lid goes with the eye, 10 mm in 70 degrees or .28 sin(angle) eye
# widths, and is the better seen of the two: the iris carries a quarter of the angle, the lid the rest.
_COLUMNS: dict[str, tuple[tuple[str, float, float, float], ...]] = {
    # name, mean and standard deviation of the coefficient, how much it changes from one sitting to the next
    "horizontal": (
        ("head", 1.0, 0.1, 0.03),
        ("facing", 1.0, 0.3, 0.1),
        ("iris_x", 4.4, 1.2, 0.3),
        ("distance", 0.0, 0.15, 0.07),
        ("one", 0.0, 2.0, 2.0),
    ),
    "vertical": (
        ("head", 1.0, 0.1, 0.03),
        ("facing", 1.0, 0.3, 0.1),
        ("iris_y", 1.5, 1.0, 0.3),
        ("lid", 3.5, 1.5, 0.3),
        ("distance", 0.0, 0.3, 0.07),
        ("one", 0.0, 2.0, 2.0),
    ),
}
_HEAD = ("head", "facing")
_IRIS_REST = -0.03  # looking straight ahead the pupil is 1 mm above the line of the corners,
_LID_REST = -0.18  # and the upper lid 4.5 mm above the pupil
NOISE = Noise(look_sd=1.0, frame_sd=2.0)  # cm: one degree at 60 cm, and what the mesh trembles


class Eyes(StrEnum):
    """Which of the person's eyes are followed."""

    BOTH = "both"
    RIGHT = "right"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Head:
    """Where the head is and where it faces.

    Parameters
    ----------
    x_cm, y_cm : float
        From the camera, to the person's right and down.
    distance_cm : float
        From the screen.
    facing_x_cm, facing_y_cm : float
        Where the face's direction meets the screen, from the head's own place.
    """

    x_cm: float
    y_cm: float
    distance_cm: float
    facing_x_cm: float = 0.0
    facing_y_cm: float = 0.0


@dataclass(frozen=True, slots=True)
class Look:
    """Iris and upper lid of the eyes that are followed, in eye widths. `eyes`: how many it is made of."""

    iris_x: float
    iris_y: float
    lid: float
    eyes: int


@dataclass(frozen=True, slots=True)
class Difference:
    """How far one eye of this person is from the mean of both (right minus mean), in eye widths."""

    iris_x: float = 0.0
    iris_y: float = 0.0
    lid: float = 0.0


def head_of(features: EyeFeatures) -> Head | None:
    """The head of a frame; None where it was not measured."""
    if features.position_cm is None or features.forward is None:
        return None
    x, y, z = features.position_cm
    fx, fy, fz = features.forward
    if not all(map(math.isfinite, (x, y, z, fx, fy, fz))) or z >= 0.0 or fz <= 0.0:
        return None
    return Head(-x, -y, -z, z * fx / fz, z * fy / fz)


def look_of(features: EyeFeatures, eyes: Eyes, difference: Difference) -> Look | None:
    """The eyes of a frame; None where none of those that are followed is seen.

    Where both are followed and only one is seen, it stands for both, moved by the `difference` that is usual.
    """
    right, left = (_whole(eye) for eye in (features.right, features.left))
    if eyes is not Eyes.BOTH:
        one = right if eyes is Eyes.RIGHT else left
        return None if one is None else Look(one.iris_x, one.iris_y, one.lid_upper, 1)
    if right is not None and left is not None:
        return Look(
            (right.iris_x + left.iris_x) / 2.0,
            (right.iris_y + left.iris_y) / 2.0,
            (right.lid_upper + left.lid_upper) / 2.0,
            2,
        )
    one, sign = (right, -1.0) if right is not None else (left, 1.0)
    if one is None:
        return None
    return Look(
        one.iris_x + sign * difference.iris_x,
        one.iris_y + sign * difference.iris_y,
        one.lid_upper + sign * difference.lid,
        1,
    )


def difference_of(frames: Iterable[EyeFeatures]) -> Difference:
    """The usual difference of the eyes: the median over the frames that show both; zero where none does."""
    pairs = [
        (right.iris_x - left.iris_x, right.iris_y - left.iris_y, right.lid_upper - left.lid_upper)
        for right, left in ((_whole(f.right), _whole(f.left)) for f in frames)
        if right is not None and left is not None
    ]
    if not pairs:
        return Difference()
    iris_x, iris_y, lid = (float(v) for v in np.median(np.array(pairs), axis=0) / 2.0)
    return Difference(iris_x, iris_y, lid)


def prior(axis: str, *, head: bool) -> Gaussian:
    """What anatomy says of the coefficients of `axis` ("horizontal" or "vertical"), with or without a `head`."""
    columns = _columns(axis, head=head)
    return Gaussian.independent([c[1] for c in columns], [c[2] for c in columns])


def between_sittings(axis: str, *, head: bool) -> tuple[float, ...]:
    """By how much each coefficient changes from one sitting to the next: offsets much, gains little."""
    return tuple(c[3] for c in _columns(axis, head=head))


def row(axis: str, look: Look, head: Head, *, with_head: bool) -> Floats:
    """The inputs of one frame."""
    horizontal = axis == "horizontal"
    z = head.distance_cm
    inputs: Mapping[str, float] = {
        "head": head.x_cm if horizontal else head.y_cm,
        "facing": head.facing_x_cm if horizontal else head.facing_y_cm,
        "iris_x": -z * look.iris_x,
        "iris_y": z * (look.iris_y - _IRIS_REST),
        "lid": z * (look.lid - _LID_REST),
        "distance": z,
        "one": 1.0,
    }
    return np.array([inputs[c[0]] for c in _columns(axis, head=with_head)])


def _columns(axis: str, *, head: bool) -> list[tuple[str, float, float, float]]:
    return [c for c in _COLUMNS[axis] if head or c[0] not in _HEAD]


def _whole(eye: Eye | None) -> Eye | None:
    if eye is None or not all(map(math.isfinite, (eye.iris_x, eye.iris_y, eye.lid_upper))):
        return None
    return eye
