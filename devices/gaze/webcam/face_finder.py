"""devices.gaze.webcam: finds faces and measures one of them, with MediaPipe. For the child process."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from numpy.typing import NDArray

from devices.gaze.webcam.eyes import Picture
from devices.gaze.webcam.window import Box

_DETECTOR = "face_detector.tflite"  # a member of the bundle
_SURE = 0.5


class FaceFinder:
    """Finds all faces in a part of a frame, by the detector that is in the face landmarker's bundle.

    It takes 3 ms, and so need not run in every frame; MediaPipe's own landmarker for two faces would.

    Raises
    ------
    ValueError
        The file is damaged, or not a face landmarker.
    """

    def __init__(self, model: Path) -> None:
        try:
            with zipfile.ZipFile(model) as bundle:
                detector = bundle.read(_DETECTOR)
        except (zipfile.BadZipFile, KeyError, OSError) as error:
            raise ValueError(f"{model.name} holds no face detector: {error}") from error
        self._detector = vision.FaceDetector.create_from_options(
            vision.FaceDetectorOptions(
                base_options=BaseOptions(model_asset_buffer=detector),
                running_mode=vision.RunningMode.IMAGE,
                min_detection_confidence=_SURE,
            )
        )

    def faces(self, frame: Picture, part: Box) -> list[Box]:
        """Return the faces in this part of the frame, in px of the frame."""
        found = self._detector.detect(_image(frame, part)).detections
        boxes = [detection.bounding_box for detection in found]
        return [
            Box(
                part.left + box.origin_x,
                part.top + box.origin_y,
                part.left + box.origin_x + box.width,
                part.top + box.origin_y + box.height,
            )
            for box in boxes
            if box.width > 0 and box.height > 0
        ]

    def close(self) -> None:
        """Free what MediaPipe holds; without it the process may hang at its end."""
        self._detector.close()


class FaceMesh:
    """Follows one face through the frames, and measures it.

    Raises
    ------
    ValueError, RuntimeError
        The model cannot be loaded.
    """

    def __init__(self, model: Path) -> None:
        self._landmarker = vision.FaceLandmarker.create_from_options(
            vision.FaceLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(model)),
                running_mode=vision.RunningMode.VIDEO,
                num_faces=1,
                output_face_blendshapes=True,
            )
        )
        self._last_ms = -1

    def measure(
        self, frame: Picture, part: Box, t: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Look at a part of the frame.

        Parameters
        ----------
        frame : array of shape (height, width, 3)
            Blue, green, red.
        part : Box
            The window; while it stays, the face is tracked and not searched for.
        t : float
            When the frame was captured, in seconds.

        Returns
        -------
        tuple of arrays, optional
            Landmarks (478, 3) in shares of the whole frame, and blendshapes (52,), as in `FaceSample`.
        """
        self._last_ms = max(self._last_ms + 1, int(t * 1000))
        result: Any = self._landmarker.detect_for_video(_image(frame, part), self._last_ms)
        if not result.face_landmarks:
            return None
        inside = np.array([(p.x, p.y, p.z) for p in result.face_landmarks[0]], np.float32)
        height_px, width_px = frame.shape[:2]
        share = np.array([part.width / width_px, part.height / height_px, part.width / width_px])
        corner = np.array([part.left / width_px, part.top / height_px, 0.0])
        blendshapes = np.array([shape.score for shape in result.face_blendshapes[0]], np.float32)
        return (inside * share + corner).astype(np.float32), blendshapes

    def close(self) -> None:
        """Free what MediaPipe holds; without it the process may hang at its end."""
        self._landmarker.close()


def _image(frame: Picture, part: Box) -> mp.Image:
    window = frame[int(part.top) : int(part.bottom), int(part.left) : int(part.right)]
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=cv2.cvtColor(window, cv2.COLOR_BGR2RGB))
