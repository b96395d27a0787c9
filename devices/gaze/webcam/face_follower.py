"""devices.gaze.webcam: stays with one face, through all frames. For the child process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from devices.gaze.webcam.eyes import Picture
from devices.gaze.webcam.face_finder import FaceFinder, FaceMesh
from devices.gaze.webcam.window import TIGHT, WIDE, Box, may_stay, search_windows, window_around

KEEP_S = 1.0
"""For so long after a face was lost no other one is taken for it."""

COUNT_EVERY_S = 1.0
_NEAR = 1.0  # of its width a face may have moved while it was not seen
_SAME = 0.3  # overlap of what the detector and the mesh call one face
_OTHER_SIZE = 0.5  # of the own face's width: smaller ones are passers-by


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """The face in one frame: landmarks and blendshapes as in `FaceSample`, `box` in px, and who else is there."""

    landmarks: NDArray[np.float32]
    blendshapes: NDArray[np.float32]
    box: Box
    others: int


class FaceFollower:
    """Takes the largest face whose eyes can be measured, and stays with it.

    Parameters
    ----------
    model : Path
        MediaPipe's face landmarker.

    Raises
    ------
    ValueError, RuntimeError
        The model cannot be loaded.
    """

    def __init__(self, model: Path) -> None:
        self._finder = FaceFinder(model)
        self._mesh = FaceMesh(model)
        self._size = (0, 0)
        self._window: Box | None = None
        self._faces_wide = WIDE
        self._tries = 0
        self._measured_in: Box | None = None
        self._face: Box | None = None
        self._seen_at = 0.0
        self._searched = 0
        self._others = 0
        self._counted_at = -COUNT_EVERY_S

    def follow(self, frame: Picture, t: float) -> Followed | None:
        """Find the face in the next frame, captured at `t` seconds; None if it is not there."""
        height_px, width_px = frame.shape[:2]
        if (width_px, height_px) != self._size:
            self._size, self._window, self._face = (width_px, height_px), None, None
        # A face that was lost is searched in the next frame: to do both in one would make that frame late.
        window = self._window
        followed = self._found(frame, t) if window is None else self._tracked(frame, window, t)
        if followed is None:
            self._window = None
            return None
        self._face, self._seen_at = followed.box, t
        if self._window is None or not may_stay(self._window, followed.box, width_px, height_px):
            self._window = window_around(followed.box, width_px, height_px, self._faces_wide)
        return followed

    def close(self) -> None:
        """Free what MediaPipe holds."""
        self._finder.close()
        self._mesh.close()

    def _tracked(self, frame: Picture, window: Box, t: float) -> Followed | None:
        followed = self._measured(frame, window, t)
        if followed is not None and t - self._counted_at >= COUNT_EVERY_S:
            self._count(self._finder.faces(frame, self._whole), followed.box, t)
        return followed

    def _found(self, frame: Picture, t: float) -> Followed | None:
        faces = self._finder.faces(frame, self._whole) or self._far_faces(frame, t)
        candidates = self._candidates(faces, t)
        if not candidates:
            return None
        # One try in a frame, so that the next frame is in time: with room to move, then without the neighbour,
        # then the next face.
        self._faces_wide = TIGHT if self._tries % 2 else WIDE
        face = candidates[self._tries // 2 % len(candidates)]
        self._tries += 1
        window = window_around(face, *self._size, self._faces_wide)
        followed = self._measured(frame, window, t)
        if followed is None or followed.box.overlap(face) <= _SAME:
            return None
        self._window = window
        self._tries = 1 if self._faces_wide == TIGHT else 0  # what went well is tried first the next time
        self._count(faces, followed.box, t)
        return followed

    def _far_faces(self, frame: Picture, t: float) -> list[Box]:
        """Search where the face was lost, or after a while one part of the frame after the other."""
        if self._face is not None and t - self._seen_at < KEEP_S:
            return self._finder.faces(frame, window_around(self._face, *self._size))
        parts = search_windows(*self._size)
        self._searched += 1
        return self._finder.faces(frame, parts[self._searched % len(parts)])

    def _candidates(self, faces: list[Box], t: float) -> list[Box]:
        """The faces to try: the one that was lost, or after a while any, the largest first."""
        last = self._face
        if last is not None and t - self._seen_at < KEEP_S:
            reach = _NEAR * last.width
            return [face for face in faces if np.hypot(*np.subtract(face.centre, last.centre)) < reach]
        return sorted(faces, key=lambda face: -face.width)

    def _measured(self, frame: Picture, window: Box, t: float) -> Followed | None:
        moved = self._measured_in not in (None, window)
        measured = self._mesh.measure(frame, window, t)
        if measured is None and moved:  # it was still where the face had been in the other window
            measured = self._mesh.measure(frame, window, t)
        self._measured_in = window if measured is not None else None
        if measured is None:
            return None
        landmarks, blendshapes = measured
        left, top = (landmarks[:, :2].min(0) * self._size).tolist()
        right, bottom = (landmarks[:, :2].max(0) * self._size).tolist()
        return Followed(landmarks, blendshapes, Box(left, top, right, bottom), self._others)

    def _count(self, faces: list[Box], own: Box, t: float) -> None:
        self._counted_at = t
        self._others = sum(
            face.width > _OTHER_SIZE * own.width and face.overlap(own) < _SAME for face in faces
        )

    @property
    def _whole(self) -> Box:
        return Box(0, 0, *self._size)
