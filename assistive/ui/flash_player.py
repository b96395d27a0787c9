"""assistive.ui: lets targets flash on the board, each at its time, and tells when each was seen."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable

from PyQt6.QtCore import QObject, Qt, QTimer

from assistive.eeg.messages import FlashesBroken, FlashShown, OutcomeShown, ShowFlashes, ShowOutcome
from assistive.messages import Incoming
from assistive.ui.board_view import BoardView
from assistive.ui.flash_jitter import FlashJitter
from assistive.ui.flash_look import Strength, step_allowed
from assistive.ui.geometry import real_geometry
from assistive.ui.onset import OnsetClock, OnsetKind
from devices.clock import Clock

SHORTEST_S = 0.12  # from one flash to the next, whatever is asked for
EARLY_S = 0.0005  # a timer counts in milliseconds
LATE_S = 0.010  # what comes later moves the flashes after it, so that none follow each other too quickly
BROKEN_S = 0.5  # so long the window did nothing: what is on the screen is no sequence any more


def _nothing_else(lit: bool) -> None:
    """Nothing but the board flashes."""


class FlashPlayer(QObject):
    """Plays the sequences of flashes that it is given, one right after the other, without drift.

    Each flash is due at a time counted from the beginning of its sequence. The board's cells are repainted in one
    go, and only those that change.

    Parameters
    ----------
    board : BoardView
        Whose buttons flash.
    post : callable
        Takes FlashShown, OutcomeShown, FlashesBroken and Trouble.
    clock : Clock
    also : callable, optional
        Called with True and False when a flash begins and ends, before it is painted.
    """

    def __init__(
        self,
        board: BoardView,
        post: Callable[[Incoming], None],
        clock: Clock,
        also: Callable[[bool], None] = _nothing_else,
    ) -> None:
        super().__init__(board)
        self._board = board
        self._post = post
        self._clock = clock
        self._also = also
        self.onset = OnsetClock(board.window() or board, clock)
        self.jitter = FlashJitter(post)
        self._strength: Strength = "gentle"
        self._queue: deque[ShowFlashes] = deque()
        self._index = 0
        self._begin = -math.inf  # of the first sequence in the queue; without one, when the next may begin
        self._shown_at = -math.inf  # the latest flash
        self._first = True  # nothing was flashed right before
        self._dark_at = math.inf
        self.lit: tuple[str, ...] = ()  # what is bright now
        self._cued = ""
        self._outcome = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._outcome_timer = QTimer(self)
        self._outcome_timer.setSingleShot(True)
        self._outcome_timer.timeout.connect(self._end_outcome)

    @property
    def kind(self) -> OnsetKind:
        """How the stamps are made."""
        return self.onset.kind

    def set_strength(self, strength: Strength) -> None:
        """Flash as strongly as this from the next flash on, where it may be."""
        self._strength = strength

    # ------------------------------------------------------------ flashes

    def play(self, sequence: ShowFlashes) -> None:
        """Flash this after what is flashing now: without a hole, or at once where nothing is."""
        if not sequence.flashes:
            return
        if not self._queue:
            now = self._clock.now()
            self._first = now > self._begin
            self._begin = max(self._begin, now + self._lead())
            self._index = 0
        self._queue.append(sequence)
        self.tick()

    def stop(self) -> None:
        """Flash nothing any more; what comes next keeps its distance from the latest flash all the same."""
        self._queue.clear()
        self._timer.stop()
        self._begin = self._shown_at + SHORTEST_S
        self._dark_at = math.inf
        self._light(())

    def tick(self) -> None:
        """Show what is due. The player's own timer calls this."""
        now = self._clock.now()
        if self._queue and not self.onset.seen:
            self._break(now)
            return
        if now >= self._wake_for(self._dark_at):
            self._dark_at = math.inf
            if not self._queue or now < self._wake_for(self._due()):  # else the next flash ends this one
                self._light(())
                self.onset.show()
        if self._queue and now >= self._wake_for(self._due()):
            self._flash(now)
        wake = self._wake_for(min(self._dark_at, self._due() if self._queue else math.inf))
        if wake < math.inf:
            self._timer.start(max(0, math.ceil(1000 * (wake - self._clock.now()))))

    def _flash(self, now: float) -> None:
        sequence, index, due = self._queue[0], self._index, self._due()
        if now - due > BROKEN_S:
            self._break(now)
            return
        self._light(sequence.flashes[index])
        shown, first = self.onset.show(), self._first
        if first or shown - due > LATE_S:
            self._begin += shown - due
        self._shown_at, self._first = shown, False
        self._dark_at = self._due() + min(max(0.0, sequence.on_s), self._soa_s(sequence))
        self._index += 1
        if self._index == len(sequence.flashes):
            self._begin, self._index = self._due(), 0
            self._queue.popleft()
        # Last: whoever hears of it may ask for the next sequence at once.
        swapped = self.kind is OnsetKind.FRAME_SWAPPED
        self._post(FlashShown(shown, sequence.number, index, swapped))
        if not first:
            self.jitter.take(due, shown, self.onset.frame_s)

    def _due(self) -> float:
        return self._begin + self._index * self._soa_s(self._queue[0])

    def _soa_s(self, sequence: ShowFlashes) -> float:
        soa_s = max(SHORTEST_S, sequence.soa_s)
        if self.kind is OnsetKind.AFTER_PAINT:
            return soa_s
        frame_s = self.onset.frame_s
        return math.ceil(soa_s / frame_s - 0.05) * frame_s

    def _lead(self) -> float:
        """How long before a flash is due it is painted: half a frame before the swap, so that it takes that one."""
        return self.onset.frame_s / 2 if self.kind is OnsetKind.FRAME_SWAPPED else 0.0

    def _wake_for(self, due: float) -> float:
        return due - self._lead() - EARLY_S

    def _break(self, now: float) -> None:
        number = self._queue[0].number
        self.stop()
        self._post(FlashesBroken(now, number))

    def _light(self, targets: Iterable[str]) -> None:
        """Let these flash and no others; what is not on the board does not."""
        buttons = {target: self._board.button(target) for target in targets}
        lit = {
            target: button for target, button in buttons.items() if button is not None and button.isVisible()
        }
        for target in self.lit:
            button = self._board.button(target)
            if button is not None and target not in lit:
                button.set_flash(0.0)
        geometry = real_geometry(self._board)
        mm2_per_px = geometry.width_mm * geometry.height_mm / max(1, geometry.width_px * geometry.height_px)
        step = step_allowed(self._strength, [button.area_px() * mm2_per_px for button in lit.values()])
        for button in lit.values():
            button.set_flash(step)
        self.lit = tuple(lit)
        self._also(bool(lit))

    # ------------------------------------------------------------ marks

    def board_changed(self) -> None:
        """Another board or theme is shown: point out on it what was pointed out."""
        self.cue(self._cued)

    def cue(self, target_id: str) -> None:
        """Point out the target to wait for; "": none."""
        self._set_mark(self._cued, "")
        self._cued = target_id
        self._set_mark(target_id, self._board.theme.dwell)

    def mark(self, outcome: ShowOutcome) -> None:
        """Mark what was chosen, as it was then, and tell when it was seen; nothing where it is not on the board."""
        self._end_outcome()
        if not self.onset.seen or not self._set_mark(outcome.target, self._board.theme.go, keep=True):
            return
        self._outcome = outcome.target
        self._post(OutcomeShown(self.onset.show(), outcome.number))
        self._outcome_timer.start(math.ceil(1000 * max(0.0, outcome.show_s)))

    def _end_outcome(self) -> None:
        self._outcome_timer.stop()
        self._set_mark(self._outcome, "")
        self._outcome = ""
        self.cue(self._cued)

    def _set_mark(self, target_id: str, color: str, *, keep: bool = False) -> bool:
        button = self._board.button(target_id)
        if button is not None:
            button.set_mark(color, keep=keep)
        return button is not None
