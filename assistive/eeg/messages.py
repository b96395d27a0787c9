"""assistive.eeg: what goes in and out while a person chooses, or calibrates, by EEG. Plain data, each with its time."""

from __future__ import annotations

from dataclasses import dataclass

from assistive.eeg.calibration_view import EegCalibrationView
from calibration.verdict import Verdict
from models.erp.signal_level import Fault, SignalLevel

# ---------------------------------------------------------------- from the window


@dataclass(frozen=True, slots=True)
class FlashShown:
    """Flash `index` of sequence `number` was shown. `t` is when it was, as near to the screen as it can be told.

    `swapped`: it is told by the swap of the frame, at the screen's own pace; else it is when painting was done.
    """

    t: float
    number: int
    index: int
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeShown:
    """The outcome of selection `number` (see `ShowOutcome`) was shown at `t`."""

    t: float
    number: int


@dataclass(frozen=True, slots=True)
class FlashesBroken:
    """The window could not go on with sequence `number`: it was hidden, or frames came too late."""

    t: float
    number: int


# ---------------------------------------------------------------- from the EEG


@dataclass(frozen=True, slots=True)
class FlashScored:
    """What the epoch after flash `index` of sequence `number` says.

    Parameters
    ----------
    t : float
        When this was known.
    llr : float
        ln p(epoch | the flash was waited for) - ln p(epoch | it was not). NaN: the epoch is void.
    """

    t: float
    number: int
    index: int
    llr: float


@dataclass(frozen=True, slots=True)
class OutcomeScored:
    """How probable it is, by the EEG and by what was believed before, that selection `number` was wrong.

    `offers_undo`: probable enough for an undo to be offered.
    """

    t: float
    number: int
    p_wrong: float
    offers_undo: bool


@dataclass(frozen=True, slots=True)
class ElectrodeSignal:
    """What one channel's signal is like."""

    channel: str
    level: SignalLevel
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class EegSignal:
    """The signal of all channels, once a second while EEG comes in. `kept_epochs`: the share of the latest that are not void."""

    t: float
    electrodes: tuple[ElectrodeSignal, ...]
    kept_epochs: float = 1.0


@dataclass(frozen=True, slots=True)
class EegModelFound:
    """The model that is used from now on: from the disk, or just fitted.

    Parameters
    ----------
    t : float
    verdict : Verdict, optional
        What it is worth; None: there is no model, nothing can be chosen by EEG.
    auc : float
        Of single flashes that it had not seen; NaN where there is none.
    why : str
        A sentence for the person and the caregiver, in their language.
    age_s : float
        Since its calibration.
    problem : str
        Why what is on disk cannot be used, in English, to be translated; "": nothing is wrong with it.
    """

    t: float
    verdict: Verdict | None
    auc: float = float("nan")
    why: str = ""
    age_s: float = 0.0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class EegFitted:
    """The fit that was asked for as `number` is done.

    Parameters
    ----------
    verdict : Verdict, optional
        None: it could not be fitted, for the reason in `why`.
    enough : bool
        More flashes would not change the verdict.
    flashes : int
        So many were judged.
    expected_error, observed_error : float
        Of choices among eight replayed from flashes that the model had not seen: what their posteriors claimed, and
        what came true.
    reliability : tuple of (float, float)
        Of the same choices: pairs of the share of right ones that was claimed, and the one that was observed.
    """

    t: float
    number: int
    verdict: Verdict | None
    auc: float = float("nan")
    enough: bool = False
    flashes: int = 0
    why: str = ""
    expected_error: float = float("nan")
    observed_error: float = float("nan")
    reliability: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class EegCalibrationFound:
    """So many targets of a calibration that was broken off are on disk and can be gone on with; 0: none."""

    t: float
    rounds: int


# ---------------------------------------------------------------- out of the engine


@dataclass(frozen=True, slots=True)
class ShowFlashes:
    """The window lets these flashes follow each other, right after the sequence before.

    Parameters
    ----------
    t : float
    number : int
        1, 2, 3, ... without gaps as long as Sayso runs.
    flashes : tuple of tuple of str
        The ids of the targets of each flash; an empty one is a pause of the same length.
    on_s : float
        Each stays bright for so long.
    soa_s : float
        From the beginning of one to the next.
    wanted : str
        In a calibration, the target that the person was told to wait for; "": nobody knows it.
    """

    t: float
    number: int
    flashes: tuple[tuple[str, ...], ...]
    on_s: float
    soa_s: float
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class StopFlashes:
    """Nothing flashes from now on; sequences that were shown but have not been flashed are dropped."""

    t: float


@dataclass(frozen=True, slots=True)
class ShowOutcome:
    """The window marks what was chosen for `show_s` and tells by `OutcomeShown` when it was seen.

    `posterior`: how probable the choice was when it was made.
    """

    t: float
    number: int
    target: str
    posterior: float
    show_s: float


@dataclass(frozen=True, slots=True)
class ChoiceJudged:
    """A selection by EEG turned out `right`, or was taken back: its flashes and its outcome can be learned from.

    `sequences` are the numbers of its sequences, `number` that of its `ShowOutcome`, `target` what was chosen.
    """

    t: float
    number: int
    sequences: tuple[int, ...]
    target: str
    right: bool


@dataclass(frozen=True, slots=True)
class EegFitRequest:
    """Fit a model to the flashes of this calibration so far; `number` comes back with the answer.

    `last`: the calibration is over, what was fitted is to be kept and used.
    """

    t: float
    number: int
    last: bool = False


@dataclass(frozen=True, slots=True)
class EegCalibrating:
    """A calibration begins (`on`), or is over. `resumed`: what was kept of the one before counts."""

    t: float
    on: bool
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class EegShown:
    """Show, or take away (None), what a calibration by EEG says now. What flashes is on the board."""

    t: float
    view: EegCalibrationView | None
