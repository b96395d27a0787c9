"""calibration: what anatomy says of the gaze regression before anybody looked anywhere.

All in cm, from the camera at the middle of the screen's upper edge, x to the person's right, y down (the camera's own
frame has x to the person's left and y up):

    x = k (-Tx) + h (-Z fx/fz) + g (-Z ix) + e (-Z dx) + c Z + d
    y = k (-Ty) + h (-Z (fy/fz - f0)) + g Z (iy - iy0) + u Z (lid - lid0) + c Z + d

T is the head's place, Z = -Tz its distance, f the direction in which the face points, (ix, iy) the iris and `lid` the
upper lid in the frame of the eye's corners, in eye widths: means of both eyes; dx is by how much the right iris is
farther from that mean than it usually is. Where the head is not measured the terms of k and h drop out.

The eye turns about a point 11 mm behind its iris and is 30 mm wide: looking aside by an angle moves the iris by
11/30 sin(angle) eye widths. MediaPipe's mesh follows only a part of it, .62 horizontally and .43 vertically (on a photo
with irises moved by known angles, the face 20 and 30 % of the picture wide): g = 1 / (.367 * .62) = 4.4 horizontally.
Vertically lids hide the iris; the upper lid goes with the eye, 10 mm in 70 degrees or .28 sin(angle) eye widths, and is
the better seen of the two: with g = 1.5 the iris carries a quarter of the angle, and the lid the rest.

Gains are known to about a quarter (distance, size of the eye, and a seventh for what the mesh makes of each eye: the
two eyes' share of it is e); but what the lids leave to be seen of an iris that moves up and down is anything from nothing
to twice the usual.

From one sitting to the next the camera and the head are turned by some 4 degrees against each other (c), and moved by 1 cm
that the head's place does not tell (d); gains change by a fifteenth.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from calibration.regression import Gaussian, Noise

# MediaPipe's canonical face points 9 degrees down when a person looks straight ahead,
FACE_REST = -0.16
IRIS_REST = -0.03  # the pupil is then 1 mm above the line of the eye's corners,
LID_REST = -0.18  # and the upper lid 4.5 mm above the pupil
NOISE = Noise(look_sd=0.7, frame_sd=2.0)  # cm: two thirds of a degree at 60 cm, and what the mesh trembles


class Axis(StrEnum):
    """A direction of the screen."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class Term(StrEnum):
    """An input of the regression."""

    HEAD = "head"
    FACING = "facing"
    IRIS_X = "iris_x"
    RIGHT_X = "right_x"
    IRIS_Y = "iris_y"
    LID = "lid"
    DISTANCE = "distance"
    ONE = "one"


class Coefficient(NamedTuple):
    """Mean and standard deviation over everybody, and the change from one sitting of a person to the next."""

    term: Term
    mean: float
    sd: float
    between_sd: float


_HEAD = (Coefficient(Term.HEAD, 1.0, 0.1, 0.03), Coefficient(Term.FACING, 1.0, 0.3, 0.1))
_EYES = {
    Axis.HORIZONTAL: (
        Coefficient(Term.IRIS_X, 4.4, 1.0, 0.3),
        Coefficient(Term.RIGHT_X, 0.0, 0.6, 0.2),
        Coefficient(Term.DISTANCE, 0.0, 0.15, 0.07),
        Coefficient(Term.ONE, 0.0, 2.0, 1.0),
    ),
    Axis.VERTICAL: (
        Coefficient(Term.IRIS_Y, 1.5, 1.5, 0.3),
        Coefficient(Term.LID, 3.5, 1.0, 0.3),
        Coefficient(Term.DISTANCE, 0.0, 0.3, 0.07),
        Coefficient(Term.ONE, 0.0, 2.0, 1.0),
    ),
}


def coefficients(axis: Axis, *, head: bool) -> tuple[Coefficient, ...]:
    """The coefficients of an axis, with or without a head that is measured."""
    return (*_HEAD, *_EYES[axis]) if head else _EYES[axis]


def prior(axis: Axis, *, head: bool) -> Gaussian:
    """What is known of the coefficients before the first look."""
    used = coefficients(axis, head=head)
    return Gaussian.independent([c.mean for c in used], [c.sd for c in used])


def between_sittings(axis: Axis, *, head: bool) -> tuple[float, ...]:
    """By how much each coefficient changes from one sitting to the next: offsets much, gains little."""
    return tuple(c.between_sd for c in coefficients(axis, head=head))
