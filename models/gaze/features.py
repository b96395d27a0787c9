"""models.gaze: the few numbers of a face that tell where its eyes look."""

from __future__ import annotations

from dataclasses import dataclass

from devices.samples import FaceVerdict


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
