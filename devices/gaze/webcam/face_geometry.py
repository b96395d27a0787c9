"""devices.gaze.webcam: where a head is and how it is turned, from the landmarks of the whole frame.

MediaPipe computes this too, but from the picture that it is given. Here it is given a window around the face, which
a virtual camera with another focal length and another axis would see: its matrix would change whenever the window
moves. So the same computation is done on the landmarks in the whole frame. On a whole frame both agree (a test
holds them together).
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

VERTICAL_FOV = math.radians(63.0)
"""The field of view that MediaPipe assumes: face_geometry/env_generator_calculator, face_landmarker_graph.cc."""

_METADATA = "geometry_pipeline_metadata_landmarks.binarypb"
_VERTEX_FLOATS = 5  # x, y, z and two texture coordinates


class FaceGeometry:
    """The canonical face in cm, and which of its points tell where a head is.

    The method is MediaPipe's (face_geometry/libs/geometry_pipeline.cc): landmarks are made metric in two steps of
    scale, then a weighted orthogonal Procrustes problem is solved between the canonical face and them.

    Parameters
    ----------
    canonical : array of shape (n, 3)
        In cm.
    weights : array of shape (n,)
        Of each point; most are 0.
    """

    def __init__(self, canonical: Floats, weights: Floats) -> None:
        self._points = np.flatnonzero(weights)
        self._source = canonical[self._points]
        self._weights = weights[self._points] / weights.sum()

    @classmethod
    def from_task(cls, path: Path) -> FaceGeometry:
        """Read it from MediaPipe's model bundle.

        Raises
        ------
        ValueError
            The file is damaged, or not a face landmarker.
        """
        try:
            with zipfile.ZipFile(path) as bundle:
                metadata = bundle.read(_METADATA)
            mesh = b"".join(value for field, value in _fields(metadata) if field == 1)
            floats = b"".join(value for field, value in _fields(mesh) if field == 3)
            canonical = np.frombuffer(floats, "<f4").reshape(-1, _VERTEX_FLOATS)[:, :3].astype(float)
            weights = np.zeros(len(canonical))
            for field, value in _fields(metadata):
                if field == 2:
                    point = dict(_fields(value))
                    number = int.from_bytes(point.get(1, b""), "little")
                    weights[number] = np.frombuffer(point[2], "<f4")[0]
        except (zipfile.BadZipFile, OSError, KeyError, IndexError, ValueError) as error:
            raise ValueError(f"{path.name} holds no face geometry: {error}") from error
        return cls(canonical, weights)

    def matrix(self, landmarks: NDArray[np.float32], width_px: int, height_px: int) -> NDArray[np.float32]:
        """Return the matrix of shape (4, 4) from the canonical face to the camera, as in `FaceSample`.

        Parameters
        ----------
        landmarks : array of shape (478, 3)
            As in `FaceSample`.
        width_px, height_px : int
            Size of the whole frame.
        """
        height = 2.0 * math.tan(VERTICAL_FOV / 2)  # of the image plane at distance 1
        width = height * width_px / height_px
        every_z = landmarks[:, 2].astype(float)
        face = landmarks[self._points].astype(float)
        x, y = (face[:, 0] - 0.5) * width, (0.5 - face[:, 1]) * height
        z, middle = face[:, 2] * width, float(every_z[:468].mean()) * width
        first = self._fit(np.stack([x, y, -z], 1))[0]
        second = self._fit(_unprojected(x, y, (z - middle + 1.0) / first))[0]
        scale, rotation, translation = self._fit(_unprojected(x, y, (z - middle + 1.0) / (first * second)))
        matrix = np.eye(4, dtype=np.float32)
        matrix[:3, :3] = scale * rotation
        matrix[:3, 3] = translation
        return matrix

    def _fit(self, target: Floats) -> tuple[float, Floats, Floats]:
        """Scale, rotation and translation of the canonical points that come nearest to `target`, weighted."""
        weights = self._weights[:, None]
        centre, aim = (weights * self._source).sum(0), (weights * target).sum(0)
        source, target = self._source - centre, target - aim
        left, _, right = np.linalg.svd((weights * target).T @ source)
        if np.linalg.det(left) * np.linalg.det(right) < 0:
            left[:, 2] *= -1
        rotation = left @ right
        scale = float((weights * target * (source @ rotation.T)).sum() / (weights * source**2).sum())
        return scale, rotation, aim - scale * rotation @ centre


def _unprojected(x: Floats, y: Floats, z: Floats) -> Floats:
    return np.stack([x * z, y * z, -z], 1)


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Go through a protobuf message (protobuf.dev/programming-guides/encoding): field number and bytes of each."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        match tag & 7:
            case 0:
                number, at = _varint(message, at)
                yield tag >> 3, number.to_bytes(8, "little")
                continue
            case 1:
                size = 8
            case 2:
                size, at = _varint(message, at)
            case 5:
                size = 4
            case kind:
                raise ValueError(f"unknown wire type {kind}")
        yield tag >> 3, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
