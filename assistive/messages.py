"""assistive: what goes into the engine and what comes out of it. Plain data, each with its time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistive.boards.board import Action, Board, Geometry
from assistive.eeg.messages import (
    ChoiceJudged,
    EegCalibrating,
    EegCalibrationFound,
    EegFitRequest,
    EegFitted,
    EegModelFound,
    EegShown,
    EegSignal,
    FlashesBroken,
    FlashScored,
    FlashShown,
    OutcomeScored,
    OutcomeShown,
    ShowFlashes,
    ShowOutcome,
    StopFlashes,
)
from assistive.gaze.messages import (
    Calibrated,
    CalibrationFound,
    CalibrationKept,
    CalibrationShown,
    EndCalibration,
    FitRequest,
    Fitted,
    SetupChanged,
)
from assistive.settings import Settings
from devices.samples import DeviceStatus, GazeSample, SwitchEvent
from models.gaze.features import EyeFeatures
from models.language.messages import ModelStatus, ProposalRequest, Proposals

# ---------------------------------------------------------------- into the engine


@dataclass(frozen=True, slots=True)
class WindowGeometry:
    """The window has this size and place now. `window` is its rectangle as shares of the screen (x, y, w, h)."""

    t: float
    geometry: Geometry
    window: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Press:
    """A target was pressed by click, touch, key or assistive technology: chosen at once, without dwell.

    `label` is what the target showed when it was pressed: a press that arrives after the slot has
    changed is dropped.
    """

    t: float
    target_id: str
    label: str


@dataclass(frozen=True, slots=True)
class PartnerSaid:
    """What the partner said (typed on the partner's line)."""

    t: float
    text: str


@dataclass(frozen=True, slots=True)
class CaregiverKey:
    """A key that is no switch was pressed: whoever helps stops what flashes."""

    t: float


@dataclass(frozen=True, slots=True)
class HelpAnswered:
    """Somebody came and pressed "I am here"."""

    t: float


@dataclass(frozen=True, slots=True)
class ChangeSetting:
    """Set the field at "section.field"."""

    t: float
    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class JournalAcked:
    """Everything up to and including entry `number` is on disk."""

    t: float
    number: int


@dataclass(frozen=True, slots=True)
class JournalFailed:
    """Entry `number` could not be written; the writer keeps it and tries again. `reason` is for people."""

    t: float
    number: int
    reason: str


class VoicePhase(StrEnum):
    """Where an utterance is."""

    STARTED = "started"
    WORD = "word"  # start, end: the word that is heard now
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class VoiceProgress:
    """The voice tells where it is. `number` is the utterance's."""

    t: float
    number: int
    phase: VoicePhase
    start: int = 0
    end: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something failed outside the engine and the person should know (see Notice for the words)."""

    t: float
    key: str
    what: str
    works: str = ""
    todo: str = ""


@dataclass(frozen=True, slots=True)
class TroubleOver:
    """The trouble called `key` is mended; its notice goes away."""

    t: float
    key: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The deadline that the engine asked for has come."""

    t: float


Incoming = (
    GazeSample
    | EyeFeatures
    | Fitted
    | CalibrationFound
    | EndCalibration
    | FlashShown
    | OutcomeShown
    | FlashesBroken
    | FlashScored
    | OutcomeScored
    | EegSignal
    | EegModelFound
    | EegFitted
    | EegCalibrationFound
    | SwitchEvent
    | DeviceStatus
    | Proposals
    | ModelStatus
    | WindowGeometry
    | Press
    | PartnerSaid
    | CaregiverKey
    | HelpAnswered
    | ChangeSetting
    | JournalAcked
    | JournalFailed
    | VoiceProgress
    | Trouble
    | TroubleOver
    | Tick
)

# ---------------------------------------------------------------- out of the engine


@dataclass(frozen=True, slots=True)
class Selection:
    """The person chose this: sent before everything that follows from it."""

    t: float
    target_id: str
    label: str
    action: Action


@dataclass(frozen=True, slots=True)
class BoardShown:
    """Show this board. Targets keep their widgets by id; changed labels fade all at once."""

    t: float
    board: Board


class SpanStyle(StrEnum):
    """Who wrote a piece of text, and what became of it."""

    OWN = "own"
    PROPOSED = "proposed"  # the model wrote it, the person has not confirmed it yet
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one style."""

    text: str
    style: SpanStyle


@dataclass(frozen=True, slots=True)
class TextShown:
    """Show this text. `said` is the last utterance, `speaking` the word of the text that is heard now."""

    t: float
    spans: tuple[Span, ...]
    partner: str = ""
    said: str = ""
    speaking: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Words for the person: what happened, what still works, what to do. Stays until dismissed."""

    key: str
    what: str
    works: str = ""
    todo: str = ""


@dataclass(frozen=True, slots=True)
class NoticesShown:
    """These notices are up, oldest first."""

    t: float
    notices: tuple[Notice, ...]


class Tone(StrEnum):
    """Sounds that are not speech."""

    CLICK = "click"
    CHIME = "chime"
    HELP = "help"
    POINT = "point"  # a target of the calibration is done
    STEP = "step"  # scanning offers the next


@dataclass(frozen=True, slots=True)
class Sound:
    """Play a tone at `volume` (0..1)."""

    t: float
    tone: Tone
    volume: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """Say this. `urgent` (a call for help) interrupts what is being said and ignores mute."""

    t: float
    number: int
    text: str
    language: str
    rate: float
    volume: float
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class StopVoice:
    """Be silent now; `call_only`: the call for help alone, what waits for its end is said."""

    t: float
    call_only: bool = False


@dataclass(frozen=True, slots=True)
class ScanShown:
    """A switch takes these targets now, or one of them next; none: nothing is offered."""

    t: float
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HelpShown:
    """Whether help is being called, and why ("" when the person called)."""

    t: float
    calling: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One accepted selection, to be put on disk before the next is accepted.

    Parameters
    ----------
    number : int
        1, 2, 3, ... without gaps.
    kind : str
        "edit", "undo", "speak", "say", "page", "partner", "help", ... (see assistive/text/history.py).
    data : dict
        JSON-ready payload.
    """

    t: float
    number: int
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """The settings are these now; they are saved and applied."""

    t: float
    settings: Settings


Outgoing = (
    Selection
    | BoardShown
    | TextShown
    | NoticesShown
    | Sound
    | Utterance
    | StopVoice
    | HelpShown
    | ScanShown
    | JournalEntry
    | SettingsChanged
    | ProposalRequest
    | CalibrationShown
    | CalibrationKept
    | Calibrated
    | FitRequest
    | SetupChanged
    | ShowFlashes
    | StopFlashes
    | ShowOutcome
    | ChoiceJudged
    | EegCalibrating
    | EegFitRequest
    | EegShown
)


# ---------------------------------------------------------------- pulled, never pushed


@dataclass(frozen=True, slots=True)
class DwellView:
    """What the window draws at every frame: the gaze and the dwell in progress.

    `progress` is 0..1 (0 before lock-on); `x`, `y` are shares of the window, NaN when nobody looks.
    """

    t: float
    target_id: str | None = None
    progress: float = 0.0
    x: float = float("nan")
    y: float = float("nan")
