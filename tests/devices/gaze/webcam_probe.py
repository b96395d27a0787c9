"""Asks OpenCV and MediaPipe in a process of its own: what OpenCV does to Qt must not reach other tests."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import mediapipe as mp
import numpy as np
from face_videos import Picture, face
from mediapipe.tasks.python import BaseOptions, vision

from devices.clock import VirtualClock
from devices.gaze.webcam import child
from devices.gaze.webcam.capture import CameraSource
from devices.gaze.webcam.face_finder import FaceMesh
from devices.gaze.webcam.face_geometry import FaceGeometry
from devices.gaze.webcam.face_watch import FaceWatch
from devices.gaze.webcam.frames import CaptureError
from devices.gaze.webcam.messages import Failure, Lost, Order, Seen
from devices.gaze.webcam.window import Box


@functools.cache
def bgr(share: float, size: tuple[int, int]) -> Picture:
    return np.ascontiguousarray(face(share, size=size)[..., ::-1])


class FakeCamera:
    """As OpenCV's, with these modes: size to pictures a second; after `lasts` pictures it is unplugged."""

    modes: Mapping[tuple[int, int], float]
    clock: VirtualClock
    lasts = 10_000
    share = 0.0  # of the pictures' width: a face

    def __init__(self, _: object) -> None:
        self._wanted: dict[int, float] = {}
        self._left = self.lasts

    def isOpened(self) -> bool:
        return True

    def set(self, prop: int, value: float) -> bool:
        self._wanted[prop] = value
        return True

    def grab(self) -> bool:
        self.clock.advance(1 / self.modes[self._size])
        self._left -= 1
        return self._left >= 0

    def retrieve(self) -> tuple[bool, Any]:
        if self.share:
            return True, bgr(self.share, self._size)
        return True, np.zeros((self._size[1], self._size[0], 3), np.uint8)

    def read(self) -> tuple[bool, Any]:
        return (True, self.retrieve()[1]) if self.grab() else (False, None)

    def release(self) -> None:
        pass

    @property
    def _size(self) -> tuple[int, int]:
        wanted = (
            int(self._wanted[cv2.CAP_PROP_FRAME_WIDTH]),
            int(self._wanted[cv2.CAP_PROP_FRAME_HEIGHT]),
        )
        return wanted if wanted in self.modes else next(iter(self.modes))


def opened(modes: Mapping[tuple[int, int], float], lasts: int = 10_000) -> CameraSource:
    clock = VirtualClock()
    FakeCamera.modes, FakeCamera.clock, FakeCamera.lasts = modes, clock, lasts
    cv2.VideoCapture = FakeCamera
    return CameraSource("/dev/video0", clock)


def size_of(source: CameraSource) -> list[int]:
    frame = source.read()
    assert frame is not None
    return [frame.picture.shape[1], frame.picture.shape[0]]


def failure_of(modes: Mapping[tuple[int, int], float], lasts: int) -> str:
    try:
        source = opened(modes, lasts)
        while True:
            source.read()
    except CaptureError as error:
        return error.failure


def of_cameras() -> dict[str, object]:
    return {
        "usual": size_of(opened({(640, 480): 30.0, (1280, 720): 30.0, (1920, 1080): 30.0})),
        "dim": size_of(opened({(640, 480): 15.0, (1280, 720): 15.0, (1920, 1080): 15.0})),
        "old": size_of(opened({(640, 480): 30.0, (1280, 720): 10.0})),
        "unplugged": failure_of({(1280, 720): 30.0}, 50),
        "dead": failure_of({(1280, 720): 30.0}, 0),
    }


class Ear:
    """In the place of the pipe to the parent."""

    def __init__(self) -> None:
        self.sizes: list[list[int]] = []

    def poll(self) -> bool:
        return False

    def send(self, message: object) -> None:
        assert isinstance(message, Seen)
        size = [message.sample.width_px, message.sample.height_px]
        if self.sizes[-1:] != [size]:
            self.sizes.append(size)


def of_far_face(model: Path) -> dict[str, object]:
    """The sizes of the pictures, one after the other, of a camera that looks at a face far away."""
    FakeCamera.modes, FakeCamera.clock = {(1280, 720): 30.0, (1920, 1080): 30.0}, VirtualClock()
    FakeCamera.lasts, FakeCamera.share = 40, 0.045
    child.FAR_S = 0.1
    ear = Ear()
    order = Order("0", is_file=False, model=str(model), loop=False, at_once=True, still_after_s=15.0)
    end = child._watch(ear, order)  # type: ignore[arg-type]
    assert end == Lost(Failure.GONE)
    return {"far": ear.sizes}


def of_geometry(model: Path) -> dict[str, object]:
    picture = np.ascontiguousarray(face(0.2, (0.35, 0.4), size=(1280, 720), degrees=8)[..., ::-1])
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)), output_facial_transformation_matrixes=True
    )
    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    with vision.FaceLandmarker.create_from_options(options) as landmarker:
        result = landmarker.detect(image)
    landmarks = np.array([(p.x, p.y, p.z) for p in result.face_landmarks[0]], np.float32)
    geometry, mesh = FaceGeometry.from_task(model), FaceMesh(model)
    windowed = mesh.measure(picture, Box(150, 0, 750, 600), 0.0)
    mesh.close()
    assert windowed is not None
    return {
        "ours": geometry.matrix(landmarks, 1280, 720).tolist(),
        "theirs": result.facial_transformation_matrixes[0].tolist(),
        "windowed": geometry.matrix(windowed[0], 1280, 720).tolist(),
    }


def of_sizes(model: Path) -> dict[str, object]:
    watch = FaceWatch(model)
    sizes = [(640, 360)] * 2 + [(1280, 720)] * 2 + [(320, 240)] * 2
    seen = [watch.look(bgr(0.3, size), k / 30) for k, size in enumerate(sizes)]
    watch.close()
    return {
        "sizes": [[sample.width_px, sample.height_px] for sample in seen],
        "centres": [
            float(sample.landmarks[:468, 0].mean()) if sample.landmarks is not None else -1.0
            for sample in seen
        ],
    }


if __name__ == "__main__":
    bundle = Path(sys.argv[1])
    print(json.dumps(of_geometry(bundle) | of_sizes(bundle) | of_cameras() | of_far_face(bundle)))
