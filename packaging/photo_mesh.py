"""packaging: finds the face in a photo that anybody may use, for the pictures in docs/: prints its landmarks as JSON.

A process of its own: MediaPipe and Qt do not get along in one.
"""

from __future__ import annotations

import json
import sys

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from skimage.data import astronaut  # Eileen Collins; NASA, public domain

from models.weights import installed

LINES = 384  # of the photo from its top: the shape of a camera's picture


def main() -> int:
    """Print the landmarks as shares of the picture; exit status 1 where the face landmarker has not been fetched."""
    model = installed("face-landmarker")
    if model is None:
        print("run `sayso models fetch face-landmarker` first", file=sys.stderr)
        return 1
    photo = np.ascontiguousarray(astronaut()[:LINES])
    options = vision.FaceLandmarkerOptions(base_options=BaseOptions(model_asset_path=str(model)))
    with vision.FaceLandmarker.create_from_options(options) as landmarker:
        found = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=photo)).face_landmarks[0]
    print(json.dumps([(point.x, point.y) for point in found]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
