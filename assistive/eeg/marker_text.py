"""assistive.eeg: markers as text, for a recording of EEG and for other programs: JSON that can be read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError


@dataclass(frozen=True, slots=True)
class FlashMark:
    """Flash `index` of sequence `number`: which targets brightened, and which one was to be waited for ("": unknown)."""

    number: int
    index: int
    targets: tuple[str, ...] = ()
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeMark:
    """Selection `number` was shown: what was chosen, and how probable it was."""

    number: int
    target: str = ""
    posterior: float = 0.0


@dataclass(frozen=True, slots=True)
class JudgedMark:
    """Selection `number`, of these sequences, turned out right or was taken back."""

    number: int
    sequences: tuple[int, ...]
    target: str
    right: bool


@dataclass(frozen=True, slots=True)
class CalibrationMark:
    """A calibration begins, or is over."""

    on: bool
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class BoardMark:
    """What is read on the board before sequence `number`; told to an imagined brain only (`assistive.eeg.imagined`).

    `labels` are those of the targets that flash, by id; `text` is what is written and not spoken yet.
    """

    number: int
    labels: dict[str, str]
    text: str


Mark = FlashMark | OutcomeMark | JudgedMark | CalibrationMark | BoardMark
Number = Annotated[int, Field(ge=0)]


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


class _Flash(_Text):
    flash: Number
    index: Number
    targets: list[str]
    wanted: str

    def mark(self) -> Mark:
        return FlashMark(self.flash, self.index, tuple(self.targets), self.wanted)


class _Outcome(_Text):
    outcome: Number
    target: str
    posterior: float

    def mark(self) -> Mark:
        return OutcomeMark(self.outcome, self.target, self.posterior)


class _Judged(_Text):
    judged: Number
    sequences: list[Number]
    target: str
    right: bool

    def mark(self) -> Mark:
        return JudgedMark(self.judged, tuple(self.sequences), self.target, self.right)


class _Calibration(_Text):
    calibration: bool
    resumed: bool

    def mark(self) -> Mark:
        return CalibrationMark(self.calibration, self.resumed)


class _Board(_Text):
    sequence: Number
    labels: dict[str, str]
    text: str

    def mark(self) -> Mark:
        return BoardMark(self.sequence, self.labels, self.text)


_ANY: TypeAdapter[_Flash | _Outcome | _Judged | _Calibration | _Board] = TypeAdapter(
    _Flash | _Outcome | _Judged | _Calibration | _Board
)


def mark_text(mark: Mark) -> str:
    """Return one line of plain ASCII: whatever reads labels of markers can keep it."""
    match mark:
        case FlashMark():
            content: dict[str, object] = {
                "flash": mark.number,
                "index": mark.index,
                "targets": mark.targets,
                "wanted": mark.wanted,
            }
        case OutcomeMark():
            content = {"outcome": mark.number, "target": mark.target, "posterior": mark.posterior}
        case JudgedMark():
            content = {
                "judged": mark.number,
                "sequences": mark.sequences,
                "target": mark.target,
                "right": mark.right,
            }
        case CalibrationMark():
            content = {"calibration": mark.on, "resumed": mark.resumed}
        case BoardMark():
            content = {"sequence": mark.number, "labels": mark.labels, "text": mark.text}
    return json.dumps(content)


def read_mark(text: str) -> Mark | None:
    """Return what `mark_text` was given; None for the markers of other programs."""
    try:
        return _ANY.validate_json(text).mark()
    except ValidationError:
        return None
