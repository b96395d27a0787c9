"""devices: the typed samples that leave a driver."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # at the start, numpy would cost the first key a tenth of a second
    import numpy as np
    from numpy.typing import NDArray

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class GazeSample:
    """Where the eyes meet the screen.

    Parameters
    ----------
    t : float
        Seconds on the shared clock.
    x, y : float
        Share of the screen's width and height, origin top left; [0, 1] is on the screen. NaN: no gaze
        (blink, eyes lost, nobody looking).
    left, right : tuple of float, optional
        The same for each eye, where the device tells them apart.
    """

    t: float
    x: float
    y: float
    left: Point | None = None
    right: Point | None = None

    @property
    def valid(self) -> bool:
        """Whether the sample names a place."""
        return math.isfinite(self.x) and math.isfinite(self.y)


class FaceVerdict(StrEnum):
    """What a webcam's picture is good for; all but GOOD say what is wrong with it, the worst first."""

    GOOD = "good"
    DARK = "dark"  # too dark to see the eyes
    NO_FACE = "no_face"
    STILL = "still"  # a photo: it does not live
    CUT_OFF = "cut_off"  # an eye is outside of the picture
    SMALL = "small"  # too far away for the eyes to be measured
    TWO_FACES = "two_faces"  # the larger one is taken
    GLARE = "glare"  # light is reflected on the eyes or the glasses
    SLOW = "slow"  # too few frames a second to choose by


@dataclass(frozen=True, slots=True, eq=False)
class FaceSample:
    """What a webcam saw in one frame: a face as it was measured, not yet where it looks.

    Parameters
    ----------
    t : float
        When the frame was captured, in seconds on the shared clock.
    width_px, height_px : int
        Size of the frame.
    verdict : FaceVerdict
        What the frame is good for.
    landmarks : array of shape (478, 3), optional
        MediaPipe's face mesh with irises: x and y as shares of the frame's width and height, z as a share of its
        width. None: no face.
    matrix : array of shape (4, 4), optional
        From MediaPipe's canonical face to the camera: rotation, and translation in cm (x right, y up, z towards
        the viewer; a face before the camera has a negative z).
    blendshapes : array of shape (52,), optional
        MediaPipe's scores in its own order, 0..1.
    patches : array of shape (2, 6, 10), optional
        The person's right and left eye (the left and right one in the picture) as grey values 0..1, in the frame of
        the eye's corners.
    """

    t: float
    width_px: int
    height_px: int
    verdict: FaceVerdict
    landmarks: NDArray[np.float32] | None = None
    matrix: NDArray[np.float32] | None = None
    blendshapes: NDArray[np.float32] | None = None
    patches: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class SwitchEvent:
    """A switch went down or up. `switch` names it ("1", "2", ...)."""

    t: float
    switch: str
    pressed: bool


@dataclass(frozen=True, slots=True, eq=False)
class EegChunk:
    """Samples of an EEG amplifier that came together.

    Parameters
    ----------
    t : array of shape (n,), float64
        When each sample was taken, in seconds on the shared clock; strictly increasing, also from chunk to chunk.
    data : array of shape (n, channels), float32
        Microvolts. NaN: a channel that told nothing.
    channels : tuple of str
        The channels' names, the same in each chunk until the device is lost.
    rate_hz : float
        The nominal rate.
    gap : bool
        Samples are missing before this chunk: no epoch may reach over its beginning.
    """

    t: NDArray[np.float64]
    data: NDArray[np.float32]
    channels: tuple[str, ...]
    rate_hz: float
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Marker:
    """Something happened at `t` (seconds on the shared clock): a flash was shown, a trigger was heard."""

    t: float
    label: str


class DeviceState(StrEnum):
    """What a device is doing; a failing device is a state, never an exception."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """A device's state changed. `detail` is a sentence for the caregiver (English, translatable)."""

    t: float
    device: str
    state: DeviceState
    detail: str = ""


Sample = GazeSample | FaceSample | SwitchEvent | EegChunk | Marker
