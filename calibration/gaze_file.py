"""calibration: the file of a gaze model, checked when it is read."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from calibration.patches import PatchRidge
from calibration.regression import Evidence, Noise
from calibration.sittings import MOST_SITTINGS, Sittings

VERSION = 1
_MOST_TERMS = 8
_MOST_GREYS = 240

Positive = Annotated[float, Field(gt=0.0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class EvidencePart(_Part):
    """`regression.Evidence`."""

    precision: list[list[float]] = Field(min_length=1, max_length=_MOST_TERMS)
    shift: list[float] = Field(min_length=1, max_length=_MOST_TERMS)

    @model_validator(mode="after")
    def _is_a_precision(self) -> EvidencePart:
        size = len(self.shift)
        if len(self.precision) != size or any(len(row) != size for row in self.precision):
            raise ValueError("precision and shift are not of the same size")
        matrix = np.array(self.precision)
        largest = max(float(np.abs(matrix).max()), 1e-12)
        if (
            np.abs(matrix - matrix.T).max() > 1e-6 * largest
            or np.linalg.eigvalsh(matrix)[0] < -1e-6 * largest
        ):
            raise ValueError("precision is not symmetric and positive")
        return self


class AxisPart(_Part):
    """`sittings.Sittings`, without what anatomy says: that is in the program."""

    look_sd: Positive
    frame_sd: Positive
    sittings: list[EvidencePart] = Field(min_length=1, max_length=MOST_SITTINGS)

    @staticmethod
    def of(sittings: Sittings) -> AxisPart:
        """As it is written."""
        return AxisPart(
            look_sd=sittings.noise.look_sd,
            frame_sd=sittings.noise.frame_sd,
            sittings=[
                EvidencePart(precision=e.precision.tolist(), shift=e.shift.tolist())
                for e in sittings.evidence
            ],
        )

    def restored(self, empty: Sittings) -> Sittings:
        """The sittings, for the prior of `empty`.

        Raises
        ------
        ValueError
            It has other terms than `empty`.
        """
        if any(len(e.shift) != len(empty.between) for e in self.sittings):
            raise ValueError("the regression has other terms than this program's")
        evidence = tuple(Evidence(np.array(e.precision), np.array(e.shift)) for e in self.sittings)
        return Sittings(empty.prior, empty.between, Noise(self.look_sd, self.frame_sd), evidence)


class PatchesPart(_Part):
    """`patches.PatchRidge`."""

    usual: list[float] = Field(min_length=1, max_length=_MOST_GREYS)
    scale: list[Positive]
    weights: list[tuple[float, float]]
    largest: tuple[float, float]

    @model_validator(mode="after")
    def _fits(self) -> PatchesPart:
        if not len(self.usual) == len(self.scale) == len(self.weights):
            raise ValueError("the patches' parts are not of the same size")
        return self

    @staticmethod
    def of(patches: PatchRidge) -> PatchesPart:
        """As it is written."""
        largest = patches.largest
        return PatchesPart(
            usual=patches.usual.tolist(),
            scale=patches.scale.tolist(),
            weights=[(float(x), float(y)) for x, y in patches.weights],
            largest=(float(largest[0]), float(largest[1])),
        )

    def restored(self) -> PatchRidge:
        """The ridge."""
        return PatchRidge(
            np.array(self.usual), np.array(self.scale), np.array(self.weights), np.array(self.largest)
        )


class ScreenPart(_Part):
    """`screen.ScreenSize`."""

    width_px: int = Field(gt=0)
    height_px: int = Field(gt=0)
    width_mm: float = Field(ge=0.0)
    height_mm: float = Field(ge=0.0)
    distance_mm: Positive


class HeadPart(_Part):
    """`gaze_inputs.Head`."""

    x_cm: float
    y_cm: float
    distance_cm: Positive
    facing_x_cm: float
    facing_y_cm: float


class DifferencePart(_Part):
    """`gaze_inputs.Difference`."""

    iris_x: float
    iris_y: float
    lid: float


class GazeFile(_Part):
    """All of a gaze model."""

    version: Literal[1]
    screen: ScreenPart
    eyes: Literal["both", "right", "left"]
    axes: Literal["both", "horizontal", "vertical"]
    head: HeadPart | None
    difference: DifferencePart
    horizontal: AxisPart
    vertical: AxisPart
    patches: PatchesPart | None


def read(text: str) -> GazeFile:
    """Check a file.

    Raises
    ------
    ValueError
        It is damaged, or of another version; the message says where.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the calibration is not a JSON file: {error}") from error
    version = content.get("version") if isinstance(content, dict) else None
    if version != VERSION:
        raise ValueError(f"the calibration is of version {version!r}, this program reads version {VERSION}")
    try:
        return GazeFile.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise ValueError(f"the calibration is damaged at {where}: {first['msg']}") from error
