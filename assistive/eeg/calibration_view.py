"""assistive.eeg: what the window shows of a calibration by EEG."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from calibration.verdict import Verdict


class EegPhase(StrEnum):
    """Where a calibration is."""

    READY = "ready"  # what will happen is told; a choice begins it
    CUE = "cue"  # the target to wait for is pointed out
    FLASHING = "flashing"
    FITTING = "fitting"
    PAUSED = "paused"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class EegCalibrationView:
    """What is shown: the phase, the target that is waited for, and what is known so far.

    Parameters
    ----------
    phase : EegPhase
    sentence : str
        In the person's language.
    wanted : str
        The id of the target to look at and wait for; "": none.
    done, most : int
        Targets that are done, and of how many at most.
    verdict : Verdict, optional
        Of the result.
    reliability : tuple of (float, float)
        For the result's plot: pairs of claimed and observed share of right choices.
    """

    phase: EegPhase
    sentence: str = ""
    wanted: str = ""
    done: int = 0
    most: int = 0
    verdict: Verdict | None = None
    reliability: tuple[tuple[float, float], ...] = ()
