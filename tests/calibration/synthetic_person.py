"""A person with eyes made of numbers, who looks at places on a screen from wherever their head is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from calibration.gaze import CalibrationSample, GazeModel
from calibration.screen import ScreenSize
from devices.samples import FaceVerdict
from models.gaze.features import Eye, EyeFeatures

SCREEN = ScreenSize(1920, 1080, 531.0, 299.0)
WIDTH_CM, HEIGHT_CM = 53.1, 29.9
MESH_PITCH_DEG = 9.0  # the mesh's face points down when the head is straight
Place = tuple[float, float]
ONE: list[Place] = [(0.5, 0.5)]
FIVE: list[Place] = [(0.5, 0.5), (0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)]
NINE: list[Place] = [(x, y) for y in (0.1, 0.5, 0.9) for x in (0.1, 0.5, 0.9)]
BETWEEN: list[Place] = [(0.3, 0.3), (0.7, 0.3), (0.3, 0.7), (0.7, 0.7), (0.5, 0.2), (0.2, 0.5)]


@dataclass(frozen=True)
class HeadPose:
    """Right of and below the camera, away from it, and turned right and down, in cm and degrees."""

    x: float = 0.0
    y: float = 12.0
    z: float = 60.0
    yaw: float = 0.0
    pitch: float = 0.0


STRAIGHT = HeadPose()


@dataclass
class Person:
    """Eyes that turn by true angles; a mesh that sees a part of it, with an error for each look and each frame."""

    seed: int = 0
    response_x: tuple[float, float] = (0.23, 0.23)  # right and left eye: eye widths for a sine of 1
    response_y: float = 0.16
    response_lid: float = 0.2
    kappa_deg: tuple[float, float] = (1.0, -1.5)
    noise: float = 1.0
    pose_known: bool = True
    t: float = 0.0
    chance: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.chance = np.random.default_rng(self.seed)

    @staticmethod
    def anybody(seed: int) -> Person:
        """Somebody: no two are alike."""
        chance = np.random.default_rng(10_000 + seed)
        common = float(chance.normal(1.0, 0.15))
        return Person(
            seed,
            response_x=(
                0.23 * common * float(chance.normal(1, 0.1)),
                0.23 * common * float(chance.normal(1, 0.1)),
            ),
            response_y=0.16 * common * float(chance.normal(1, 0.2)),
            response_lid=0.2 * common * float(chance.normal(1, 0.2)),
            kappa_deg=(float(chance.normal(0, 3)), float(chance.normal(0, 4))),
        )

    def frames(self, place: Place, count: int = 30, head: HeadPose = STRAIGHT) -> list[EyeFeatures]:
        """Look at a place for some frames at 30 a second."""
        look = self.noise * self.chance.normal(0.0, 1.0, 4) * (0.003, 0.003, 0.006, 0.005)
        return [self._frame(place, head, look) for _ in range(count)]

    def looks(
        self, places: Sequence[Place], count: int = 30, head: HeadPose = STRAIGHT
    ) -> list[CalibrationSample]:
        """Look at places one after the other, as they are shown."""
        return [CalibrationSample(f, *place) for place in places for f in self.frames(place, count, head)]

    def _frame(self, place: Place, head: HeadPose, look: np.ndarray) -> EyeFeatures:
        self.t += 1 / 30
        gaze_x = math.degrees(math.atan2((place[0] - 0.5) * WIDTH_CM - head.x, head.z))
        gaze_y = math.degrees(math.atan2(place[1] * HEIGHT_CM - head.y, head.z))
        right = math.sin(math.radians(gaze_x - head.yaw + self.kappa_deg[0]))
        down = math.sin(math.radians(gaze_y - head.pitch + self.kappa_deg[1]))
        trembling = self.noise * self.chance.normal(0.0, 1.0, 4) * (0.005, 0.005, 0.02, 0.003) + look
        iris_y = -0.03 + self.response_y * down + float(trembling[2])
        lid = -0.18 + self.response_lid * down + float(trembling[3])
        eyes = [
            Eye(base - response * right + float(own), iris_y, lid, 0.16, 0.16 - lid)
            for base, response, own in zip((0.02, -0.02), self.response_x, trembling[:2], strict=True)
        ]
        yaw, pitch = math.radians(head.yaw), math.radians(head.pitch)
        forward = np.array([-math.tan(yaw), -math.tan(pitch + math.radians(MESH_PITCH_DEG)), 1.0])
        forward /= np.linalg.norm(forward)
        return EyeFeatures(
            self.t,
            FaceVerdict.GOOD,
            *eyes,
            position_cm=(-head.x, -head.y, -head.z) if self.pose_known else None,
            forward=(float(forward[0]), float(forward[1]), float(forward[2])) if self.pose_known else None,
        )


def errors_cm(model: GazeModel, samples: Sequence[CalibrationSample]) -> np.ndarray:
    """How far each sample's place is off, right and down, in cm (n, 2)."""
    found = []
    for sample in samples:
        placed = model.place(sample.features)
        assert placed is not None
        found.append(((placed.x - sample.x) * WIDTH_CM, (placed.y - sample.y) * HEIGHT_CM))
    return np.array(found)


def error_cm(model: GazeModel, samples: Sequence[CalibrationSample]) -> float:
    """The mean distance from the place that is looked at, in cm."""
    return float(np.hypot(*errors_cm(model, samples).T).mean())
