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
    BREAK = "break"  # nothing flashes for a moment: time to blink
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
    note : str
        What else there is to know: what is wrong with the signal, what will happen by itself. In their language too.
    wanted : str
        The id of the target to look at and wait for; "": none.
    done, most : int
        Targets that are done, and of how many at most.
    resumable : int
        So many targets of a calibration that was broken off can be gone on with (`EegPhase.READY`).
    verdict : Verdict, optional
        Of the result.
    reliability : tuple of (float, float)
        For the result's plot: pairs of claimed and observed share of right choices.
    errors : tuple of float, optional
        The share of wrong choices that was expected, and the one that was observed; None: not known.
    """

    phase: EegPhase
    sentence: str = ""
    note: str = ""
    wanted: str = ""
    done: int = 0
    most: int = 0
    resumable: int = 0
    verdict: Verdict | None = None
    reliability: tuple[tuple[float, float], ...] = ()
    errors: tuple[float, float] | None = None
