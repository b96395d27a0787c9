"""devices.gaze.webcam: one frame in, one sample out. For the child process."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from devices.gaze.webcam.eyes import CORNERS, EyeMeasures, Picture, eye_patches
from devices.gaze.webcam.face_follower import FaceFollower
from devices.gaze.webcam.face_geometry import FaceGeometry
from devices.gaze.webcam.judge import STILL_AFTER_S, FaceLook, Judge
from devices.gaze.webcam.window import Box
from devices.samples import FaceSample

_EVERY = 8  # pixels, for a mean


class FaceWatch:
    """Finds and measures the face in each frame, and judges the frame.

    Parameters
    ----------
    model : Path
        MediaPipe's face landmarker.
    still_after_s : float
        Seconds without life in the eyes after which the face is taken for a photo.

    Raises
    ------
    ValueError, RuntimeError
        The model cannot be loaded.
    """

    def __init__(self, model: Path, still_after_s: float = STILL_AFTER_S) -> None:
        self._geometry = FaceGeometry.from_task(model)
        self._follower = FaceFollower(model)
        self._judge = Judge(still_after_s)

    def look(self, frame: Picture, t: float) -> FaceSample:
        """Measure a frame of shape (height, width, 3), blue, green, red, captured at `t` seconds."""
        height_px, width_px = frame.shape[:2]
        whole = Box(0, 0, width_px, height_px)
        followed = self._follower.follow(frame, t)
        if followed is None:
            verdict = self._judge.without_face(t, _brightness(frame, whole))
            return FaceSample(t, width_px, height_px, verdict)
        landmarks = followed.landmarks
        points_px = landmarks[:, :2].astype(float) * (width_px, height_px)
        patches, glare = eye_patches(frame, points_px)
        look = FaceLook(
            brightness=_brightness(frame, followed.box),
            glare=glare,
            inside=bool(((landmarks[CORNERS, :2] > 0) & (landmarks[CORNERS, :2] < 1)).all()),
            others=followed.others,
            eyes=EyeMeasures.of(points_px),
        )
        return FaceSample(
            t,
            width_px,
            height_px,
            self._judge.with_face(t, look),
            landmarks,
            self._geometry.matrix(landmarks, width_px, height_px),
            followed.blendshapes,
            patches,
        )

    def close(self) -> None:
        """Free what MediaPipe holds."""
        self._follower.close()


def _brightness(frame: Picture, part: Box) -> float:
    top, bottom = max(0, int(part.top)), max(1, int(part.bottom))
    left, right = max(0, int(part.left)), max(1, int(part.right))
    seen = frame[top:bottom:_EVERY, left:right:_EVERY]
    return float(np.mean(seen)) / 255.0 if seen.size else 0.0
