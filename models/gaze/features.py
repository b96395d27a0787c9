"""models.gaze: the few numbers of a face that tell where its eyes look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.samples import FaceSample, FaceVerdict


@dataclass(frozen=True, slots=True)
class Eye:
    """One eye, in the frame of its corners: x along them to the picture's right, y across them, downwards positive.

    All lengths are shares of the eye's width, from the middle between its corners.
    """

    iris_x: float
    iris_y: float
    lid_upper: float
    lid_lower: float
    opening: float  # eye aspect ratio (EAR): the lids' distance by the eye's width


@dataclass(frozen=True, slots=True)
class EyeFeatures:
    """What calibration needs to know of one webcam frame.

    Parameters
    ----------
    t : float
        When the frame was captured, in seconds on the shared clock.
    verdict : FaceVerdict
        What the frame is good for.
    right, left : Eye, optional
        The person's right and left eye; None where it is not seen.
    position_cm : tuple of float, optional
        The head in the camera's frame (Tx, Ty, Tz of the matrix), in cm. None: not known.
    forward : tuple of float, optional
        The direction in which the face points (unit vector in the camera's frame). None: not known.
    patches : tuple of float
        Both eyes' grey values, 0..1, 2 x 6 x 10 in row-major order; empty where there are none.
    """

    t: float
    verdict: FaceVerdict
    right: Eye | None = None
    left: Eye | None = None
    position_cm: tuple[float, float, float] | None = None
    forward: tuple[float, float, float] | None = None
    patches: tuple[float, ...] = ()

    @property
    def seen(self) -> bool:
        """Whether at least one eye is seen."""
        return self.right is not None or self.left is not None


# MediaPipe's landmarks of an eye: the corner to the picture's left, the one to its right, the middle of the upper and
# of the lower lid, the iris (centre and four points on its rim).
_RIGHT = (33, 133, 159, 145, range(468, 473))
_LEFT = (362, 263, 386, 374, range(473, 478))
_NARROWEST_PX = 4.0  # an eye that takes less of the picture tells nothing
_TURNED_AWAY = 0.45  # so much narrower than the other one, an eye hides behind the nose
_LEAST_FACING = 0.2  # the head is turned from the camera by less than this cosine, or it is no head


def eye_features(face: FaceSample) -> EyeFeatures:
    """Measure the eyes and the head of one webcam frame.

    Parameters
    ----------
    face : FaceSample
        Any frame; landmarks, matrix and patches may be missing or damaged.

    Returns
    -------
    EyeFeatures
        Finite everywhere. What could not be measured is None: an eye that is cut off by the picture's edge, too
        small, or hidden behind the nose; a head whose matrix is not one of a face before the camera.
    """
    right, left = _eyes(face)
    position, forward = _pose(face.matrix)
    return EyeFeatures(face.t, face.verdict, right, left, position, forward, _patches(face.patches))


def _eyes(face: FaceSample) -> tuple[Eye | None, Eye | None]:
    if face.landmarks is None or face.landmarks.shape != (478, 3):
        return None, None
    size = np.array([face.width_px, face.height_px], dtype=float)
    points = np.array(face.landmarks[:, :2], dtype=float)
    points[~np.isfinite(points)] = np.nan  # infinities would warn where they meet
    points *= size
    widths = [float(np.hypot(*(points[eye[1]] - points[eye[0]]))) for eye in (_RIGHT, _LEFT)]
    found = [
        _eye(points, size, eye) if width > _TURNED_AWAY * max(widths) else None
        for eye, width in zip((_RIGHT, _LEFT), widths, strict=True)
    ]
    return found[0], found[1]


def _eye(
    points: NDArray[np.float64], size: NDArray[np.float64], eye: tuple[int, int, int, int, range]
) -> Eye | None:
    corner, other, upper, lower, iris = eye
    used = points[[corner, other, upper, lower, *iris]]
    if not np.isfinite(used).all() or (used < 0.0).any() or (used > size).any():
        return None
    along = points[other] - points[corner]
    width = float(np.hypot(*along))
    if width < _NARROWEST_PX:
        return None
    along = along / width
    across = np.array([-along[1], along[0]])
    middle = (points[corner] + points[other]) / 2.0

    def measured(point: NDArray[np.float64]) -> tuple[float, float]:
        return float((point - middle) @ along) / width, float((point - middle) @ across) / width

    iris_x, iris_y = measured(points[list(iris)].mean(axis=0))
    lid_upper = measured(points[upper])[1]
    lid_lower = measured(points[lower])[1]
    return Eye(iris_x, iris_y, lid_upper, lid_lower, max(0.0, lid_lower - lid_upper))


def _pose(
    matrix: NDArray[np.float32] | None,
) -> tuple[tuple[float, float, float] | None, tuple[float, float, float] | None]:
    if matrix is None or matrix.shape != (4, 4) or not np.isfinite(matrix).all():
        return None, None
    x, y, z = (float(v) for v in matrix[:3, 3])
    forward = np.asarray(matrix[:3, 2], dtype=float)
    length = float(np.linalg.norm(forward))
    if z >= 0.0 or length == 0.0 or forward[2] < _LEAST_FACING * length:
        return None, None
    fx, fy, fz = (float(v) for v in forward / length)
    return (x, y, z), (fx, fy, fz)


def _patches(patches: NDArray[np.float32] | None) -> tuple[float, ...]:
    if patches is None or patches.shape != (2, 6, 10) or not np.isfinite(patches).all():
        return ()
    return tuple(float(v) for v in patches.ravel())
