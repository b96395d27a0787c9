"""assistive.eeg: one run of flashing, from start to stop: choices, pauses between them, breaks, rests and wakings."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from assistive.boards.board import Target, TargetKind, Verb
from assistive.eeg.calibrating import LONGEST_RUN_S, REST_S
from assistive.eeg.choosing import Choosing, Decision, Known, faded
from assistive.eeg.judging import Decided
from assistive.eeg.messages import FlashesBroken, FlashScored, FlashShown, ShowFlashes, StopFlashes
from assistive.eeg.places import changed
from assistive.eeg.stopping import WAKING, Stop, trouble
from assistive.fusion.hybrid import HybridInquiry
from assistive.fusion.inquiry import FIRST_NOTHING, MOST_SEQUENCES, NOTHING, Inquiry
from assistive.messages import Trouble
from assistive.settings import EegSettings

NO_CONTROL = 2  # inquiries in a row in which nothing was meant: nobody is choosing
FRESH_NOTHING = (
    0.25  # the probability that nothing is meant before anything was chosen: somebody else may have begun it
)
STILL_NOTHING = 0.5  # the probability that again nothing is meant
UNCLEAR = 3  # in a row that ended without a decision
WAKING_S = 60.0  # from one short inquiry to the next while it rests
STILL_MEANT = 0.7  # the probability that a key that was meant in one of these is meant in the next
WAKING_SEQUENCES, WAKING_CERTAINTY = 3, 0.99
EPOCHS, MOST_VOID = 40, 0.3  # of the latest epochs, so many may be void

Sent = ShowFlashes | StopFlashes | Trouble
MakeInquiry = Callable[[tuple[Target, ...], Mapping[str, float], int, float], Inquiry | HybridInquiry]


class Flashing:
    """Flashes what is on the board, choice after choice, within the limits that protect the person.

    Parameters
    ----------
    settings : EegSettings
        Without `flashing`, the person's consent, nothing flashes.
    number : callable
        Gives the number of the next sequence.
    inquire : callable
        Makes the belief: (targets, what is known of them, most sequences, how probable it is that nothing is meant).
    look : callable
        What the eyes say at a time of some targets.
    emit : callable
        Takes what is for the window, and troubles.

    Attributes
    ----------
    running : bool
        Keys flash, or pause for a moment.
    why : Stop
        Why they do not.
    """

    def __init__(
        self,
        settings: EegSettings,
        number: Callable[[], int],
        inquire: MakeInquiry,
        look: Callable[[float, tuple[Target, ...]], Mapping[str, float]],
        emit: Callable[[Sent], None],
    ) -> None:
        self.running = False
        self.why = Stop.NOT_STARTED
        self.settings = settings
        self._number, self._inquire, self._look, self._emit = number, inquire, look, emit
        self._targets: tuple[Target, ...] = ()
        self._known = Known({}, ())
        self._choosing: Choosing | None = None
        self._begin_at: float | None = None
        self._lit_from = self._lit_t = -math.inf
        self._void: deque[bool] = deque(maxlen=EPOCHS)
        self._nothing = self._unclear = 0
        self._controls = False

    @property
    def resting(self) -> bool:
        """Whether it has stopped by itself, and asks once in a while whether it is wanted again."""
        return not self.running and self._begin_at is not None

    @property
    def lit(self) -> tuple[float, float]:
        """When the run of flashes that was the last one began, and when the last flash of it was."""
        return self._lit_from, self._lit_t

    @property
    def asked(self) -> frozenset[str]:
        """The targets that write or say and flash, or will after a pause; none while nothing runs.

        A look chooses all others after its usual time: help, undo and the way out must not hang on the EEG.
        """
        return frozenset(each.id for each in self._targets if _is_said(each)) if self.running else frozenset()

    @property
    def break_until(self) -> float | None:
        """When the pause that it is in is over; None: it flashes, or does not run."""
        return self._begin_at if self.running and self._choosing is None else None

    @property
    def deadline(self) -> float | None:
        """When a `tick` is wanted; None: never."""
        if self._choosing is None:
            return self._begin_at
        run_over = self._lit_from + LONGEST_RUN_S
        told = self._choosing.deadline
        return run_over if told is None else min(told, run_over)

    # ------------------------------------------------------------ start and stop

    def start(self, t: float) -> None:
        """The flashing begins, after the time to read."""
        if self.running or not self.settings.flashing:
            return
        self._darken(t)
        self.running = True
        self._known = Known({}, ())
        self._nothing = self._unclear = 0
        self._controls = False
        self._void.clear()
        self._begin_at = t + self.settings.reading_s

    def stop(self, t: float, why: Stop, *, what: str = "", tell: bool = True) -> None:
        """Nothing flashes from now on; where it stopped by itself, it asks once in a while to be woken.

        `what` is told in place of the usual sentence; without `tell`, nothing is.
        """
        was_on = self.running or self.resting
        self._darken(t)
        self.running = False
        self._begin_at = t + WAKING_S if why in WAKING and was_on else None
        self.why = why
        told = trouble(t, why, what)
        if tell and told is not None:
            self._emit(told)

    def show(self, t: float, targets: tuple[Target, ...]) -> None:
        """These can be chosen now. Under other targets no sequence goes on; what was said of the others is kept."""
        before, self._targets = self._targets, targets
        if not changed(before, targets):
            return
        if self._choosing is not None:
            self._interrupt(t, self.settings.reading_s / 2)
        elif self.running and self._begin_at is not None:
            self._begin_at = max(self._begin_at, t + self.settings.reading_s / 2)

    def kept(self) -> dict[str, Any]:
        """What a recording that begins now has to know: plain data."""
        lit = self._lit_from, self._lit_t
        return {"running": self.running, "resting": self.resting, "why": self.why.value, "lit": lit}

    def restore(self, t: float, kept: Mapping[str, Any]) -> None:
        """Go on from `kept`; what is in the middle begins anew."""
        self._lit_from, self._lit_t = kept["lit"]
        self.stop(t, Stop(kept["why"]), tell=False)
        self._known = Known({}, ())
        self._begin_at = t + WAKING_S if kept["resting"] else None
        if kept["running"]:
            self.start(t)

    def chosen(self, t: float, known: Known | None) -> None:
        """Something was chosen, in whatever way: time to read it. `known`: what is still known after an undo."""
        self._known = known or Known({}, ())
        self._nothing = self._unclear = 0
        if self.running:
            self._darken(t)
            self._begin_at = t + self.settings.reading_s

    # ------------------------------------------------------------ what comes in

    def shown(self, message: FlashShown) -> None:
        """A flash was shown: of these, or of a calibration, which is part of the same run for the eyes."""
        if message.t - self._lit_t >= REST_S:
            self._lit_from = message.t
        self._lit_t = max(self._lit_t, message.t)
        if self._choosing is not None:
            self._choosing.shown(message)

    def broken(self, message: FlashesBroken) -> None:
        """The window could not go on with a sequence."""
        if self._choosing is not None and message.number in self._choosing.numbers:
            self.stop(message.t, Stop.BROKEN)

    def scored(self, message: FlashScored) -> Decided | None:
        """Take in what the EEG says of a flash; return what is chosen by it."""
        choosing = self._choosing
        if choosing is None or not choosing.awaits(message):
            return None
        self._void.append(not math.isfinite(message.llr))
        if self._too_many_void(message.t):
            return None
        choosing.look(self._look(message.t, choosing.targets))
        return self._decided(message.t, choosing.scored(message))

    def tick(self, t: float) -> Decided | None:
        """Let the time pass; return what is chosen now that nothing more is waited for."""
        choosing = self._choosing
        if choosing is None:
            if self._begin_at is not None and t >= self._begin_at:
                self._begin(t)
            return None
        if choosing.stalled(t):
            self.stop(t, Stop.BROKEN)
            return None
        if t >= self._lit_from + LONGEST_RUN_S:
            self._interrupt(t, REST_S)
            return None
        late, decision = choosing.tick(t)
        self._void.extend([True] * late)
        return None if self._too_many_void(t) else self._decided(t, decision)

    # ------------------------------------------------------------ from one choice to the next

    def _begin(self, t: float) -> None:
        self._begin_at = None if self.running else t + WAKING_S
        if not self.settings.flashing:
            self.stop(t, Stop.NO_CONSENT)
            return
        if not self._targets:
            self._begin_at = t + self.settings.reading_s
            return
        if t - self._lit_t >= REST_S:
            self._lit_from = t
        elif t - self._lit_from >= LONGEST_RUN_S:
            self._begin_at = self._lit_t + REST_S
            return
        most = MOST_SEQUENCES if self.running else WAKING_SEQUENCES
        nothing = FIRST_NOTHING if self._controls else FRESH_NOTHING
        if self._nothing or not self.running:
            nothing = STILL_NOTHING
        inquiry = self._inquire(self._targets, self._known.of(self._targets), most, nothing)
        self._known = Known({}, ())
        self._choosing = Choosing(
            self._targets,
            inquiry,
            self.settings.certainty if self.running else WAKING_CERTAINTY,
            self.settings.interval_s,
            self._number,
            self._emit,
            most,
        )
        self._choosing.begin(t)

    def _decided(self, t: float, decision: Decision | None) -> Decided | None:
        choosing = self._choosing
        if decision is None or choosing is None:
            return None
        self._darken(t)
        target = next((each for each in choosing.targets if each.id == decision.name), None)
        if not self.running:
            self._waken(t, choosing, meant=target is not None)
            return None
        self._begin_at = t + self.settings.reading_s
        if target is not None:
            self._controls = True
            self._known = Known(choosing.inquiry.evidence, choosing.targets)  # if it cannot be done now
            return Decided(target, decision.posterior, choosing.numbers, choosing.targets, choosing.inquiry)
        self._nothing = self._nothing + 1 if decision.name == NOTHING else 0
        self._unclear = self._unclear + 1 if decision.name is None else 0
        if self._nothing >= NO_CONTROL:
            self.stop(t, Stop.NO_CONTROL)
        elif self._unclear >= UNCLEAR:
            self.stop(t, Stop.UNCLEAR)
        return None

    def _waken(self, t: float, choosing: Choosing, *, meant: bool) -> None:
        if meant:
            self.start(t)
        else:  # who waits for the same key until the next time is heard even where one time is too short
            inquiry = choosing.inquiry
            evidence = faded(inquiry.evidence, inquiry.prior, STILL_MEANT)
            self._known = Known(evidence, choosing.targets)
            self._begin_at = t + WAKING_S

    def _too_many_void(self, t: float) -> bool:
        void = len(self._void) == EPOCHS and sum(self._void) > MOST_VOID * EPOCHS
        if void:
            self._void.clear()
            self.stop(t, Stop.POOR)
        return void

    def _interrupt(self, t: float, pause_s: float) -> None:
        """End a sequence in the middle and go on after a pause with what is known; what only wakes waits for its turn."""
        assert self._choosing is not None
        if self.running:
            self._known = Known(self._choosing.inquiry.evidence, self._choosing.targets)
        self._darken(t)
        self._begin_at = t + (pause_s if self.running else WAKING_S)

    def _darken(self, t: float) -> None:
        if self._choosing is not None:
            self._choosing = None
            self._emit(StopFlashes(t))


def _is_said(target: Target) -> bool:
    return target.kind is TargetKind.GROUP or target.action.verb in (Verb.WRITE, Verb.WORD, Verb.SAY)
