"""assistive.eeg: what the engine holds while a person calibrates the EEG."""

from __future__ import annotations

import math
from collections.abc import Callable

from assistive.eeg import calibration_words as words
from assistive.eeg.calibration_view import EegCalibrationView, EegPhase
from assistive.eeg.fits import Fits
from assistive.eeg.messages import (
    EegCalibrating,
    EegFitRequest,
    EegFitted,
    EegShown,
    EegSignal,
    FlashesBroken,
    FlashScored,
    FlashShown,
    ShowFlashes,
    StopFlashes,
)
from assistive.eeg.rounds import KEYS, MOST_ROUNDS, key_labels, longest_round_s, round_plan, wanted_key
from assistive.eeg.signal_watch import SignalWatch
from devices.samples import DeviceState, DeviceStatus

BRIGHT_S = 0.1  # of a flash, as long as that leaves as much darkness
NEVER = (-math.inf, -math.inf)
CUE_S = 2.0
BLINK_S = 1.5  # after a round; the epochs of its last flashes come in meanwhile
LONGEST_RUN_S, REST_S = 120.0, 15.0  # without a rest, and the rest: DESIGN 5.7
LATE_S = 3.0  # for a round, until something must be wrong with the window
RESULT_S = 60.0  # a person who is alone and cannot reach a key is brought back to the board
COUNTED_S = 10.0  # the seconds that are left are told in such steps

Heard = FlashShown | FlashesBroken | FlashScored | EegFitted | EegSignal | DeviceStatus
Sent = ShowFlashes | StopFlashes | EegFitRequest | EegCalibrating | EegShown

_MOVING = (EegPhase.CUE, EegPhase.FLASHING, EegPhase.BREAK)


class Calibrating:
    """A calibration by EEG inside the engine: messages, time and choices go in, messages come out.

    Parameters
    ----------
    emit : callable
        Takes every message for the outside; must not block.
    tr : callable
        Translates the sentences.
    number : callable
        Gives the number of the next sequence that flashes.

    Attributes
    ----------
    flashes_wanted : tuple of str
        The ids of the targets that flash.
    """

    flashes_wanted = KEYS

    def __init__(
        self, emit: Callable[[Sent], None], tr: Callable[[str], str], number: Callable[[], int]
    ) -> None:
        self._emit, self._tr, self._next_number = emit, tr, number
        self._watch = SignalWatch(tr)
        self._phase: EegPhase | None = None
        self._may_flash = False
        self._soa_s = math.nan
        self._resumable = self._done = 0
        self._begun = False
        self._until: float | None = None
        self._why = ""
        self._last_flash = (0, 0)  # number and index
        self._numbers: tuple[int, ...] = ()
        self._run_began: float | None = None
        self._dark_since = -math.inf
        self._fits = Fits()
        self._checked_rounds = 0
        self._shown: EegCalibrationView | None = None
        self._now = -math.inf

    # ------------------------------------------------------------ what is asked of it

    @property
    def active(self) -> bool:
        """Whether a calibration fills the screen."""
        return self._phase is not None

    @property
    def phase(self) -> EegPhase | None:
        """Where it is; None: there is none."""
        return self._phase

    def view(self, t: float) -> EegCalibrationView | None:
        """What is shown at this time; None: no calibration."""
        phase = self._phase
        if phase is None:
            return None
        looking = phase in (EegPhase.CUE, EegPhase.FLASHING)
        known = self._fits.found if phase is EegPhase.RESULT else None
        return EegCalibrationView(
            phase=phase,
            sentence=self._sentence(phase),
            note=self._note(t, phase),
            wanted=wanted_key(self._done) if looking else "",
            done=self._done,
            most=MOST_ROUNDS,
            resumable=self._resumable if phase is EegPhase.READY else 0,
            verdict=known.verdict if known is not None else None,
            reliability=known.reliability if known is not None else (),
            errors=self._fits.errors if known is not None else None,
        )

    def deadline(self) -> float | None:
        """When a `tick` is wanted next; None: never."""
        times = [] if self._until is None else [self._until]
        if self._phase in (*_MOVING, EegPhase.READY) and self._watch.silent_at > self._now:
            times.append(self._watch.silent_at)
        if self._phase is EegPhase.RESULT and self._until is not None:
            times.append(self._until - self._told_s(self._now) + COUNTED_S)
        return min(times, default=None)

    # ------------------------------------------------------------ what comes in

    def begin(
        self,
        t: float,
        soa_s: float,
        resumed_rounds: int = 0,
        *,
        may_flash: bool = False,
        lit: tuple[float, float] = NEVER,
    ) -> None:
        """Show what will happen; nothing flashes before somebody chooses it. One that there is already is ended.

        Parameters
        ----------
        soa_s : float
            From the beginning of one flash to the next.
        resumed_rounds : int
            So many rounds of one that was broken off are on disk.
        may_flash : bool
            The person has agreed to the flashes; without that nothing begins.
        lit : tuple of float
            When the run of flashes before this began, and when the last of them was: to the eyes it is one run.
        """
        if lit[1] > self._dark_since:
            self._run_began, self._dark_since = lit
        self._may_flash, self._soa_s = may_flash, soa_s
        self._resumable = min(max(resumed_rounds, 0), MOST_ROUNDS)
        self._get_ready(t)

    def allow(self, t: float, may_flash: bool) -> None:
        """The person agrees to the flashes, or no longer does: then nothing flashes from now on."""
        self._may_flash = may_flash
        if not may_flash and self._phase not in (None, EegPhase.FITTING, EegPhase.RESULT):
            self._close(t)

    def take(self, message: Heard) -> None:
        """Take in what the window, the amplifier or the worker tells."""
        t = message.t
        match message:
            case EegSignal():
                self._watch.take(message)
                worse = self._watch.worse()
                if worse and self._phase in _MOVING:
                    self._pause(t, worse)
            case DeviceStatus(state=DeviceState.LOST | DeviceState.STOPPED):
                self._watch.lost()
            case FlashShown() if (message.number, message.index) == self._last_flash:
                self._round_over(t)
            case FlashesBroken() if message.number in self._numbers and self._phase is EegPhase.FLASHING:
                self._pause(t, words.broken(self._tr))
            case EegFitted():
                self._fits.take(message)
                if self._phase is EegPhase.FITTING or (self._phase is EegPhase.CUE and self._fits.enough):
                    self._judge(t)
            case _:
                pass
        self.tick(t)

    def tick(self, t: float) -> None:
        """Let the time pass."""
        self._now = max(self._now, t)
        if self._phase in _MOVING and self._deaf(t):
            self._pause(t, words.no_eeg(self._tr))
        elif self._until is not None and t >= self._until:
            self._time_is_up(t)
        self._show(t)

    def choose(self, t: float, what: str) -> None:
        """A choice of the person or the caregiver: "start", "pause", "go_on", "again", "end" or "use"."""
        self._now = max(self._now, t)
        match what, self._phase:
            case "start", EegPhase.READY:
                self._start(t, 0)
            case "go_on", EegPhase.READY if self._resumable:
                self._start(t, self._resumable)
            case "go_on", EegPhase.PAUSED:
                self._go_on(t)
            case "pause", EegPhase.CUE | EegPhase.FLASHING | EegPhase.BREAK:
                self._pause(t, words.paused(self._tr))
            case "again", EegPhase.RESULT:
                failed = self._fits.found is None or self._fits.found.verdict is None
                self._resumable = self._done if failed else 0
                self._get_ready(t)
            case "use", EegPhase.RESULT if self._fits.usable:
                self._use(t)
            case "end", EegPhase():
                self._close(t)
        self._show(t)

    # ------------------------------------------------------------ from one phase to the next

    def _enter(self, phase: EegPhase, until: float | None = None) -> None:
        self._phase, self._until = phase, until

    def _get_ready(self, t: float) -> None:
        self._leave(t)
        self._done = self._checked_rounds = 0
        self._why = ""
        self._fits.forget()
        if self._may_flash:
            self._enter(EegPhase.READY)
            self._show(t)
        elif self.active:
            self._close(t)

    def _start(self, t: float, done: int) -> None:
        if self._watch.silent(t):
            return
        self._done, self._begun = done, True
        self._emit(EegCalibrating(t, True, resumed=done > 0))
        self._go_on(t)

    def _go_on(self, t: float) -> None:
        if self._deaf(t):
            self._why = words.no_eeg(self._tr)
            return
        self._watch.accept()
        self._next(t)

    def _time_is_up(self, t: float) -> None:
        match self._phase:
            case EegPhase.CUE:
                self._flash(t)
            case EegPhase.FLASHING:
                self._pause(t, words.broken(self._tr))
            case EegPhase.BREAK:
                self._break_over(t)
            case EegPhase.FITTING:
                self._enter(EegPhase.RESULT, t + RESULT_S)
            case EegPhase.RESULT if self._fits.usable:
                self._use(t)
            case _:
                self._close(t)

    def _break_over(self, t: float) -> None:
        restless = self._watch.restless() if self._checked_rounds != self._done else ""
        self._checked_rounds = self._done
        if restless and not self._over:
            self._pause(t, restless)
        else:
            self._next(t)

    def _deaf(self, t: float) -> bool:
        """Whether EEG is needed and none comes in."""
        return self._watch.silent(t) and not self._over

    @property
    def _over(self) -> bool:
        return self._done >= MOST_ROUNDS or self._fits.enough

    def _next(self, t: float) -> None:
        """What comes after a round, a rest or a pause."""
        if self._over:
            self._judge(t)
            return
        if self._fits.due(t, self._done):
            self._emit(self._fits.ask(t, self._done))
        if t - self._dark_since >= REST_S:
            self._run_began = None
        longest_s = CUE_S + longest_round_s(self._soa_s)
        if self._run_began is not None and t + longest_s - self._run_began > LONGEST_RUN_S:
            self._why = words.rest(REST_S, self._tr)
            self._enter(EegPhase.BREAK, t + REST_S)
        else:
            self._enter(EegPhase.CUE, t + CUE_S)

    def _flash(self, t: float) -> None:
        plan, wanted = round_plan(self._done, self._soa_s), wanted_key(self._done)
        numbers = [self._next_number() for _ in plan]
        self._numbers, self._last_flash = tuple(numbers), (numbers[-1], len(plan[-1]) - 1)
        if self._run_began is None:
            self._run_began = t
        self._enter(EegPhase.FLASHING, t + sum(map(len, plan)) * self._soa_s + LATE_S)
        for number, flashes in zip(numbers, plan, strict=True):
            self._emit(ShowFlashes(t, number, flashes, min(BRIGHT_S, self._soa_s / 2), self._soa_s, wanted))

    def _round_over(self, t: float) -> None:
        if self._phase is EegPhase.FLASHING:
            self._dark_since, self._done = t, self._done + 1
            self._why = words.blink(self._tr)
            self._enter(EegPhase.BREAK, t + BLINK_S)

    def _pause(self, t: float, why: str) -> None:
        self._darken(t)
        self._why = why
        self._enter(EegPhase.PAUSED)

    def _darken(self, t: float) -> None:
        if self._phase is EegPhase.FLASHING:
            self._dark_since = t
            self._emit(StopFlashes(t))

    def _leave(self, t: float) -> None:
        self._darken(t)
        if self._begun:
            self._begun = False
            self._emit(EegCalibrating(t, False))

    def _close(self, t: float) -> None:
        self._leave(t)
        self._phase = self._until = self._shown = None
        self._emit(EegShown(t, None))

    # ------------------------------------------------------------ what it is worth

    def _judge(self, t: float) -> None:
        """The rounds are over: tell what all of them are worth, as soon as that is known."""
        if self._fits.answered(self._done):
            self._enter(EegPhase.RESULT, t + RESULT_S)
            return
        if not self._fits.asked(self._done):
            self._emit(self._fits.ask(t, self._done))
        self._enter(EegPhase.FITTING, self._fits.given_up_at)

    def _use(self, t: float) -> None:
        self._emit(self._fits.ask(t, self._done, last=True))
        self._close(t)

    # ------------------------------------------------------------ what is said

    def _show(self, t: float) -> None:
        view = self.view(t)
        if view is not None and view != self._shown:
            self._shown = view
            self._emit(EegShown(t, view))

    def _sentence(self, phase: EegPhase) -> str:
        match phase:
            case EegPhase.READY:
                return words.ready(self._tr)
            case EegPhase.CUE | EegPhase.FLASHING:
                return words.look_at(key_labels(self._tr)[wanted_key(self._done)], self._tr)
            case EegPhase.FITTING:
                return words.fitting(self._tr)
            case EegPhase.RESULT:
                found = self._fits.found
                return (found.why if found is not None else "") or words.not_fitted(self._tr)
            case _:
                return self._why

    def _note(self, t: float, phase: EegPhase) -> str:
        match phase:
            case EegPhase.READY if self._watch.silent(t):
                return words.no_eeg_yet(self._tr)
            case EegPhase.READY if self._watch.electrodes:
                return self._watch.electrodes
            case EegPhase.READY if self._resumable:
                return words.kept_rounds(self._resumable, MOST_ROUNDS, self._tr)
            case EegPhase.READY:
                return words.takes(self._tr)
            case EegPhase.RESULT if self._until is not None:
                tell = words.used_soon if self._fits.usable else words.board_soon
                return tell(self._told_s(t), self._tr)
            case _:
                return ""

    def _told_s(self, t: float) -> float:
        """The seconds until something happens by itself, in the steps in which they are told."""
        left = 0.0 if self._until is None else self._until - t
        return COUNTED_S * max(1, math.ceil(left / COUNTED_S - 1e-6))
