"""assistive.eeg: the way of the EEG through the engine: what flashes, what is chosen by it, its calibration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assistive.boards.board import Board, Target
from assistive.eeg import calibrating
from assistive.eeg.beliefs import Beliefs
from assistive.eeg.calibrating import Calibrating
from assistive.eeg.flashing import Flashing
from assistive.eeg.judging import Decided, Judging, Offer
from assistive.eeg.messages import (
    ChoiceJudged,
    EegCalibrationFound,
    EegFitRequest,
    EegFitted,
    EegModelFound,
    EegSignal,
    ElectrodeSignal,
    FlashesBroken,
    FlashScored,
    FlashShown,
    OutcomeScored,
    OutcomeShown,
    ShowFlashes,
    ShowOutcome,
    StopFlashes,
)
from assistive.eeg.places import flashing_targets
from assistive.eeg.state import EegState
from assistive.eeg.stopping import SENTENCES, Stop, key_of, trouble
from assistive.input_watch import POINTER
from assistive.messages import Trouble, TroubleOver
from assistive.settings import Settings
from calibration.verdict import Verdict
from devices.i18n import N_
from devices.samples import DeviceState, DeviceStatus
from models.language.messages import Proposals

# Where one of these was the reason and is none any more, nothing else keeps it from starting.
OVER = (Stop.OFF, Stop.NO_CONSENT, Stop.NO_EEG, Stop.NO_MODEL, Stop.UNUSABLE, Stop.CALIBRATION, Stop.LOST)
EEG = "eeg"  # the device, in its statuses
RUNNING = N_("Keys flash. Look at the one you mean, and count.")
PAUSING = N_("Time to read.")
BREAK = N_("A short break from the flashing. It goes on by itself.")
LONG_PAUSE_S = 10.0  # what is longer is a break

Heard = (
    FlashShown
    | FlashesBroken
    | FlashScored
    | OutcomeShown
    | OutcomeScored
    | EegSignal
    | EegModelFound
    | EegFitted
    | EegCalibrationFound
)
Sent = ShowFlashes | StopFlashes | ShowOutcome | ChoiceJudged | Trouble | TroubleOver | calibrating.Sent


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen by EEG, and how probable it is that it was meant."""

    target: Target
    posterior: float


class Eeg:
    """Follows one person who chooses by EEG, alone or beside the gaze.

    Parameters
    ----------
    settings : Settings
        As the person agreed to them (`assistive.consents.agreed_to`).
    emit : callable
        Takes what is for the outside of the engine, and the troubles that the engine is to show.
    tr : callable
        Translates the sentences.
    """

    def __init__(self, settings: Settings, emit: Callable[[Sent], None], tr: Callable[[str], str]) -> None:
        self._settings, self._emit, self._tr = settings, emit, tr
        self._number = 0
        self.calibrating = Calibrating(self._calibration_says, tr, self._next_number)
        self._beliefs = Beliefs(gaze=settings.input.gaze != POINTER)
        self._judging = Judging(emit)
        self._flashing = Flashing(
            settings.eeg, self._next_number, self._beliefs.inquiry, self._beliefs.look, emit
        )
        self._board = Board("", ())
        self._proposals: Proposals | None = None
        self._text = ""
        self._verdict: Verdict | None = None
        self._here = False
        self._electrodes: tuple[ElectrodeSignal, ...] = ()
        self._back_when_here = False
        self._start_with_model = False
        self._rounds = 0
        self._decided: Decided | None = None
        self._lost_at: float | None = None
        self._swapped: bool | None = None  # how the latest flash was timed

    # ------------------------------------------------------------ what is asked of it

    def state(self, t: float) -> EegState:
        """What the board says of it, at this time."""
        offer = self.offer
        return EegState(
            on=self._here,
            running=self._flashing.running,
            verdict=self._verdict,
            sentence=self._sentence(t),
            electrodes=self._electrodes,
            onset=self._onset(),
            offer=() if offer is None else tuple(t.label for t in (offer.chosen, offer.instead) if t),
        )

    def _onset(self) -> str:
        if self._swapped is None:
            return ""
        return self._tr("timed by the screen") if self._swapped else self._tr("timed when painted")

    @property
    def offer(self) -> Offer | None:
        """What the error potential says was chosen wrongly, as long as taking it back is offered."""
        return self._judging.offer

    @property
    def asked(self) -> frozenset[str]:
        """The targets that flash, or will after the pause: a look adds to what is believed of them and does not choose."""
        return self._flashing.asked

    @property
    def running(self) -> bool:
        """Whether keys flash, or pause for a moment."""
        return self._flashing.running

    @property
    def lost_since(self) -> float | None:
        """Since when the EEG is gone, where a person without gaze had chosen by it; None: it is there, or not missed."""
        return self._lost_at

    def deadline(self) -> float | None:
        """When a `tick` is wanted; None: never."""
        offer = self.offer
        times = (
            self._flashing.deadline,
            self.calibrating.deadline(),
            offer.until if offer is not None else None,
        )
        return min((t for t in times if t is not None), default=None)

    # ------------------------------------------------------------ recordings

    def kept(self, t: float) -> dict[str, Any]:
        """What a recording that begins now, at `t`, has to know: plain data."""
        return {
            "t": t,
            "number": self._number,
            "verdict": "" if self._verdict is None else self._verdict.value,
            "here": self._here,
            "electrodes": self._electrodes,
            "goes on": (self._back_when_here, self._start_with_model, self._lost_at),
            "flashing": self._flashing.kept(),
            "judging": self._judging.kept(),
            "beliefs": self._beliefs.kept(),
        }

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Go on from `kept`, with what flashes begun anew; ValueError if it is damaged."""
        t = float(kept["t"])
        if self.calibrating.active:
            self.calibrating.choose(t, "end")
        self._number, self._here = int(kept["number"]), bool(kept["here"])
        self._verdict = Verdict(kept["verdict"]) if kept["verdict"] else None
        self._electrodes = tuple(kept["electrodes"])
        self._back_when_here, self._start_with_model, self._lost_at = kept["goes on"]
        self._beliefs.restore(kept["beliefs"])
        self._judging.restore(kept["judging"])
        self._decided = None
        self._flash_board(t)
        self._flashing.restore(t, kept["flashing"])

    # ------------------------------------------------------------ settings, device, what is shown

    def use(self, t: float, settings: Settings) -> None:
        """Go on with these settings. Without consent, or with another amplifier, nothing flashes."""
        before, self._settings = self._settings, settings
        self._flashing.settings = settings.eeg
        self._beliefs.gaze = settings.input.gaze != POINTER
        self.calibrating.allow(t, settings.eeg.flashing)
        if not settings.eeg.flashing:
            self._stop_at(t, Stop.NO_CONSENT)
        if settings.eeg.source == "off":
            self._stop_at(t, Stop.OFF)
        device = ("source", "stream", "channels", "replay")
        if any(getattr(settings.eeg, name) != getattr(before.eeg, name) for name in device):
            self._stop_at(t, Stop.NO_EEG)
            self._here, self._verdict, self._electrodes = False, None, ()

    def device(self, status: DeviceStatus) -> None:
        """Take in a device's state: lost EEG stops the flashing, which goes on once it is back."""
        if status.device != EEG:
            return
        t = status.t
        if self.calibrating.active:
            self.calibrating.take(status)
        if status.state is DeviceState.RUNNING:
            self._comes_in(t)
        elif status.state in (DeviceState.LOST, DeviceState.STOPPED):
            gone = self._here or self._flashing.why is Stop.LOST  # else it has never come
            self._here = False
            self._electrodes = ()
            if status.state is DeviceState.LOST:
                flashed = self._flashing.running or self._flashing.resting
                self._back_when_here |= flashed
                if flashed and self._settings.input.gaze == POINTER:
                    self._lost_at = t
                self._flashing.stop(t, Stop.LOST if gone else Stop.NO_EEG, what=status.detail)
            else:
                self._stop_at(t, Stop.NO_EEG)

    def show(self, t: float, board: Board, proposals: Proposals | None, text: str) -> None:
        """This is on the screen now; cheap where nothing has changed."""
        if board is not self._board or proposals is not self._proposals or text != self._text:
            self._board, self._proposals, self._text = board, proposals, text
            self._beliefs.show(board, proposals, text)
            self._flash_board(t)

    # ------------------------------------------------------------ messages

    def take(self, message: Heard) -> Chosen | None:
        """Take in a message; return what is chosen by it, which the engine is to choose."""
        if self.calibrating.active and isinstance(message, calibrating.Heard):
            self.calibrating.take(message)
        match message:
            case FlashShown() if message.number <= self._number:
                self._swapped = message.swapped
                self._flashing.shown(message)
            case FlashesBroken():
                self._flashing.broken(message)
            case FlashScored():
                return self._chosen(self._flashing.scored(message))
            case OutcomeScored() if self._settings.eeg.undo_offers:
                self._judging.scored(message)
            case EegSignal():
                self._electrodes = message.electrodes
            case EegModelFound():
                self._model(message)
            case EegFitted(verdict=None):
                self._start_with_model = False
            case EegCalibrationFound():
                self._rounds = message.rounds
            case _:
                pass
        return None

    def tick(self, t: float) -> Chosen | None:
        """Let the time pass; return what is chosen, as `take` does."""
        if self.calibrating.active:
            self.calibrating.tick(t)
        self._judging.tick(t)
        return self._chosen(self._flashing.tick(t))

    def looked(self, t: float, point: tuple[float, float], sd: tuple[float, float]) -> None:
        """The gaze is here, with an error of this standard deviation (shares of the window); NaN: it is nowhere."""
        self._beliefs.looked(t, point, sd)

    # ------------------------------------------------------------ choices

    def start(self, t: float) -> None:
        """Somebody chose to start the flashing; where it cannot, they are told why and what to do."""
        if self.calibrating.active:
            return
        why = self._hindrance()
        if why is None:
            self._flashing.start(t)
        else:
            self._flashing.stop(t, why)

    def stop(self, t: float, why: Stop = Stop.PERSON) -> None:
        """Somebody chose to stop the flashing."""
        self._back_when_here = self._start_with_model = False
        self._lost_at = None
        self._flashing.stop(t, why, tell=False)

    def caregiver_key(self, t: float) -> None:
        """Any key or click of somebody beside the person stops all that flashes, at once."""
        self._stop_at(t, Stop.KEY)
        self._lost_at = None
        self._back_when_here = self._start_with_model = False
        if self.calibrating.active:
            self.calibrating.choose(t, "pause")

    def used_otherwise(self, t: float) -> None:
        """At `t` the person chose in another way, or somebody was with them: lost EEG is missed from then on."""
        if self._lost_at is not None:
            self._lost_at = max(self._lost_at, t)

    def choose(self, t: float, what: str) -> None:
        """A choice on the board (`Verb.EEG`): "start", "stop", or one of a calibration, see `calibrate`."""
        if self.calibrating.active:
            self.calibrating.choose(t, what)
        elif what == "start":
            self.start(t)
        elif what == "stop":
            self.stop(t)
        else:
            self.calibrate(t, what)

    def calibrate(self, t: float, what: str) -> None:
        """A choice on the board: "calibrate" begins, see `Calibrating.choose` for the others."""
        if self.calibrating.active:
            self.calibrating.choose(t, what)
        elif what == "calibrate":
            if self._settings.eeg.flashing:
                self._stop_at(t, Stop.CALIBRATION)
                self._judging.forget()
                soa_s = self._settings.eeg.interval_s
                self.calibrating.begin(t, soa_s, self._rounds, may_flash=True, lit=self._flashing.lit)
                self._rounds = 0
            else:
                self._flashing.stop(t, Stop.NO_CONSENT)

    def selected(self, t: float, target: Target, *, by_eeg: bool) -> None:
        """A target was chosen, in whatever way; where it takes the choice before back, that one was not meant."""
        decided, self._decided = self._decided, None
        if not by_eeg or decided is None or decided.target.id != target.id:
            decided = None
        self._beliefs.selected(target)
        self._flashing.chosen(t, self._judging.selected(t, target, decided))

    # ------------------------------------------------------------ inside

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def _chosen(self, decided: Decided | None) -> Chosen | None:
        if decided is None:
            return None
        target = self._board.target(decided.target.id)
        if target is None or not target.choosable or target.label != decided.target.label:
            return None
        self._decided = decided
        return Chosen(target, decided.posterior)

    def _flash_board(self, t: float) -> None:
        self._flashing.show(t, flashing_targets(self._board, self._verdict))

    def _hindrance(self) -> Stop | None:
        """Why nothing may flash; None: it may."""
        if self._settings.eeg.source == "off":
            return Stop.OFF
        if not self._settings.eeg.flashing:
            return Stop.NO_CONSENT
        if not self._here:
            return Stop.NO_EEG
        if self._verdict is None:
            return Stop.NO_MODEL
        return Stop.UNUSABLE if self._verdict is Verdict.UNUSABLE else None

    def _comes_in(self, t: float) -> None:
        self._lost_at = None
        if not self._here:
            self._here = True
            for why in (Stop.LOST, Stop.NO_EEG):
                self._emit(TroubleOver(t, key_of(why)))
        self._go_on(t)

    def _go_on(self, t: float) -> None:
        """Flash again after EEG was lost, or for the first time with a new model."""
        if self._back_when_here and self._hindrance() is None and not self.calibrating.active:
            self._back_when_here = False
            self._flashing.start(t)

    def _model(self, message: EegModelFound) -> None:
        t = message.t
        starts, self._start_with_model = self._start_with_model, False
        self._verdict = message.verdict
        self._flash_board(t)
        if message.problem:
            told = trouble(t, Stop.NO_MODEL, message.problem)
            if told is not None:
                self._emit(told)
        hindrance = self._hindrance()
        if hindrance is not None:
            self._stop_at(t, hindrance, tell=True)
        elif starts and not self.calibrating.active:
            self._flashing.start(t)
        else:
            self._go_on(t)

    def _stop_at(self, t: float, why: Stop, *, tell: bool = False) -> None:
        """Stop what flashes, if something does."""
        if self._flashing.running or self._flashing.resting:
            self._flashing.stop(t, why, tell=tell)

    def _calibration_says(self, message: calibrating.Sent) -> None:
        if isinstance(message, EegFitRequest) and message.last:
            self._start_with_model = True
        self._emit(message)

    def _why(self) -> Stop:
        hindrance, why = self._hindrance(), self._flashing.why
        if hindrance is not None:
            return why if hindrance is Stop.NO_EEG and why is Stop.LOST else hindrance
        return Stop.NOT_STARTED if why in OVER else why

    def _sentence(self, t: float) -> str:
        until = self._flashing.break_until
        if not self._flashing.running:
            return self._tr(SENTENCES[self._why()])
        if until is None:
            return self._tr(RUNNING)
        return self._tr(BREAK if until - t > LONG_PAUSE_S else PAUSING)
