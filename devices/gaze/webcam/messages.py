"""devices.gaze.webcam: what passes between the driver and its child process."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from devices.samples import FaceSample, FaceVerdict


@dataclass(frozen=True, slots=True)
class Order:
    """What the child is to do.

    Parameters
    ----------
    source : str
        A camera (``/dev/video0``, or its index where there is no such path) or the path of a video file.
    is_file : bool
        Whether `source` is a video file.
    model : str
        Path of MediaPipe's face landmarker.
    loop : bool
        Play a file again and again.
    at_once : bool
        Play a file as fast as its frames are looked at, without leaving any out, in its own time.
    still_after_s : float
        Seconds without life in the eyes after which the face is taken for a photo.
    """

    source: str
    is_file: bool
    model: str
    loop: bool
    at_once: bool
    still_after_s: float


@dataclass(frozen=True, slots=True)
class ShowPreview:
    """Parent to child: send pictures for the caregiver from now on, or no more."""

    on: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """Child to parent: one frame was looked at; `dropped` were passed over since the start."""

    sample: FaceSample
    dropped: int


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """A small picture for the caregiver. It is shown and forgotten, never stored.

    Parameters
    ----------
    t : float
        When the frame was captured, in seconds on the shared clock.
    width_px, height_px : int
        Size of the picture. It is not mirrored.
    rgb : bytes
        ``height_px * width_px * 3`` bytes, rows from the top.
    verdict : FaceVerdict
        What the frame is good for.
    landmarks : array of shape (478, 2), optional
        The face mesh as shares of the picture's width and height. None: no face.
    """

    t: float
    width_px: int
    height_px: int
    rgb: bytes
    verdict: FaceVerdict
    landmarks: NDArray[np.float32] | None = None


class Failure(StrEnum):
    """Why there are no pictures."""

    NO_MODEL = "no_model"  # the face landmarker cannot be loaded
    NOT_OPENED = "not_opened"  # camera or file cannot be opened
    NO_PICTURE = "no_picture"  # it was opened, but no picture came
    GONE = "gone"  # pictures came, and then no more
    BROKEN = "broken"  # OpenCV or MediaPipe failed


@dataclass(frozen=True, slots=True)
class Lost:
    """Child to parent: it ends because of this. `detail` is the library's own word, in English."""

    failure: Failure
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """Child to parent: the video file was played to its end."""

    frames: int


FromChild = Seen | Preview | Lost | Ended
