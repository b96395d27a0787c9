"""calibration: from the eyes and the head of a frame to the inputs of the gaze regression."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from calibration.gaze_prior import FACE_REST, IRIS_REST, LID_REST, Axis, Term, coefficients
from calibration.regression import Floats
from models.gaze.features import Eye, EyeFeatures

_FARTHEST = 2.0  # eye widths: an iris or a lid that is farther from its eye was not measured
_FARTHEST_CM = 500.0  # as a head that is farther from the camera
_LEAST_FACING = 0.2  # cosine: a head that faces away looks at no screen


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
    """Iris and upper lid of the eyes that are followed, in eye widths.

    Parameters
    ----------
    iris_x, iris_y, lid : float
        Means of both eyes, or of the only one.
    right_x : float
        By how much the right iris is farther from the mean than it usually is; 0 where one eye is followed or seen.
    eyes : int
        How many eyes it is made of.
    """

    iris_x: float
    iris_y: float
    lid: float
    right_x: float
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
    if not all(abs(v) <= _FARTHEST_CM for v in (x, y, z)) or z >= 0.0:
        return None
    if not all(map(math.isfinite, (fx, fy, fz))) or fz < _LEAST_FACING:
        return None
    return Head(-x, -y, -z, z * fx / fz, z * (fy / fz - FACE_REST))


def usual_head(frames: Iterable[EyeFeatures]) -> Head | None:
    """The median head; None where most of the frames with eyes do not measure it."""
    heads = [head_of(f) for f in frames if f.seen]
    known = [h for h in heads if h is not None]
    if 2 * len(known) <= len(heads):
        return None
    numbers = np.median(
        [(h.x_cm, h.y_cm, h.distance_cm, h.facing_x_cm, h.facing_y_cm) for h in known], axis=0
    )
    return Head(*(float(v) for v in numbers))


def look_of(features: EyeFeatures, eyes: Eyes, difference: Difference) -> Look | None:
    """The eyes of a frame; None where none of those that are followed is seen.

    Where both are followed and only one is seen, it stands for both, moved by the `difference` that is usual.
    """
    right, left = (_whole(eye) for eye in (features.right, features.left))
    if eyes is not Eyes.BOTH:
        one = right if eyes is Eyes.RIGHT else left
        return None if one is None else Look(one.iris_x, one.iris_y, one.lid_upper, 0.0, 1)
    if right is not None and left is not None:
        return Look(
            (right.iris_x + left.iris_x) / 2.0,
            (right.iris_y + left.iris_y) / 2.0,
            (right.lid_upper + left.lid_upper) / 2.0,
            (right.iris_x - left.iris_x) / 2.0 - difference.iris_x,
            2,
        )
    one, sign = (right, -1.0) if right is not None else (left, 1.0)
    if one is None:
        return None
    return Look(
        one.iris_x + sign * difference.iris_x,
        one.iris_y + sign * difference.iris_y,
        one.lid_upper + sign * difference.lid,
        0.0,
        1,
    )


def patches_of(features: EyeFeatures, eyes: Eyes) -> Floats | None:
    """The grey values, 0..1, of the eyes that are followed; None where they are missing or an eye is not seen."""
    half = len(features.patches) // 2
    if (
        half == 0
        or (features.right is None and eyes is not Eyes.LEFT)
        or (features.left is None and eyes is not Eyes.RIGHT)
    ):
        return None
    greys = np.array(features.patches, dtype=float)
    if not ((greys >= 0.0) & (greys <= 1.0)).all():
        return None
    return {Eyes.RIGHT: greys[:half], Eyes.LEFT: greys[half:], Eyes.BOTH: greys}[eyes]


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


def row(axis: Axis, look: Look, head: Head, *, with_head: bool) -> Floats:
    """The inputs of one frame, in the order of `coefficients`."""
    horizontal = axis is Axis.HORIZONTAL
    z = head.distance_cm
    inputs: Mapping[Term, float] = {
        Term.HEAD: head.x_cm if horizontal else head.y_cm,
        Term.FACING: head.facing_x_cm if horizontal else head.facing_y_cm,
        Term.IRIS_X: -z * look.iris_x,
        Term.RIGHT_X: -z * look.right_x,
        Term.IRIS_Y: z * (look.iris_y - IRIS_REST),
        Term.LID: z * (look.lid - LID_REST),
        Term.DISTANCE: z,
        Term.ONE: 1.0,
    }
    return np.array([inputs[c.term] for c in coefficients(axis, head=with_head)])


def _whole(eye: Eye | None) -> Eye | None:
    if eye is None or not all(abs(v) <= _FARTHEST for v in (eye.iris_x, eye.iris_y, eye.lid_upper)):
        return None
    return eye
