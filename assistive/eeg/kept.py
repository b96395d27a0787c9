"""assistive.eeg: what is kept of a person's EEG between two sittings: plain data."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from assistive.eeg.epoch_file import EpochFile
from models.erp.errp import ErrpModel
from models.erp.p300 import P300Model
from models.erp.transfer import Labelled


@dataclass(frozen=True, slots=True)
class Montage:
    """What a model belongs to: the names of the channels, in the amplifier's order, and the rate."""

    channels: tuple[str, ...]
    rate_hz: float

    @property
    def folder_name(self) -> str:
        """The name of its folder, different for every montage."""
        text = json.dumps([self.channels, round(self.rate_hz, 3)])
        return f"eeg-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True, eq=False)
class KeptModel:
    """A model and when it was calibrated, in seconds since 1970."""

    model: P300Model
    made_at: float


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """The labelled epochs of one calibration and of the choices after it; `made_at` in seconds since 1970."""

    labelled: Labelled
    made_at: float


@dataclass(frozen=True, slots=True, eq=False)
class Unfinished:
    """The labelled epochs of a calibration that is not over, of so many targets."""

    labelled: Labelled
    rounds: int


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """All that there is for one montage.

    Parameters
    ----------
    montage : Montage
    model : KeptModel, optional
    problem : str
        In English, to be translated: why there is none, or why what there is cannot be used. "": the first time.
    sessions : tuple of Session
        The oldest first.
    unfinished : Unfinished, optional
    errp : ErrpModel, optional
    outcomes : EpochFile, optional
        What the error model learns from.
    others : tuple of Labelled
        Sessions of other people, who agreed to it.
    """

    montage: Montage
    model: KeptModel | None = None
    problem: str = ""
    sessions: tuple[Session, ...] = ()
    unfinished: Unfinished | None = None
    errp: ErrpModel | None = None
    outcomes: EpochFile | None = None
    others: tuple[Labelled, ...] = ()
