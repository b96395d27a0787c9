"""assistive.simulate: a gaze that writes one sentence and has it spoken, by looking at what is on the board."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

from assistive.boards.board import Board, Target, TargetKind, Verb
from assistive.messages import BoardShown, Incoming, Outgoing, TextShown
from assistive.text.compose import partial_word
from devices.clock import Clock
from devices.driver import DeviceKind, Emit
from devices.samples import GazeSample

JITTER = 0.004  # share of the screen: the tremor of a good tracker
SETTLE_S = 0.35  # proposals are read before the next look


class ScriptedGaze:
    """A gaze driver that reads the board as a person would: word slots first, letters otherwise.

    `observe` takes everything the window is shown; `run` is the driver. `finished` is set once the
    sentence has been spoken or `patience_s` has passed since the start.
    """

    name = "script"
    kind = DeviceKind.GAZE

    def __init__(
        self, sentence: str, *, rate_hz: float = 60.0, seed: int = 1, patience_s: float = 120.0
    ) -> None:
        self.sentence = sentence
        self.finished = threading.Event()
        self.looks: list[tuple[float, str]] = []  # when a look at which target began
        self._rate_hz = rate_hz
        self._random = random.Random(seed)
        self._patience_s = patience_s
        self._board = Board("", ())
        self._text = ""

    def observe(self, message: Incoming | Outgoing) -> None:
        """Take in what is shown, of all that happens; from any thread."""
        if isinstance(message, BoardShown):
            self._board = message.board
        elif isinstance(message, TextShown):
            self._text = "".join(span.text for span in message.spans)

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Look at what is needed next until the sentence is spoken."""
        started = clock.now()
        looked_at, seen, settled, heard = "", "", started, False
        while not stop.wait(1.0 / self._rate_hz):
            t = clock.now()
            if t - started > self._patience_s:
                break
            if self._text != seen:
                seen, settled = self._text, t + SETTLE_S
            if self._speaking():
                heard = True
            elif heard:
                break
            target = self._next() if t >= settled and not heard else None
            if target is None:
                emit(GazeSample(t, float("nan"), float("nan")))
                continue
            if target.id != looked_at:
                looked_at = target.id
                self.looks.append((t, target.name or target.label))
            x, y = target.rect.center
            emit(GazeSample(t, x + self._tremor(), y + self._tremor()))
        self.finished.set()

    def _speaking(self) -> bool:
        return self._find(lambda t: t.action.verb is Verb.STOP) is not None

    def _tremor(self) -> float:
        return self._random.gauss(0.0, JITTER)

    def _next(self) -> Target | None:
        """What a person would look at now; None while there is nothing to look for."""
        written = self._text
        if self._finished_writing(written):
            return self._find(lambda t: t.kind is TargetKind.SPEAK)
        if not self._right_so_far(written):
            return self._find(lambda t: t.action.verb is Verb.UNDO)
        partial = partial_word(written)
        rest = self.sentence[len(written) - len(partial) :]
        word = rest.split(" ", 1)[0].rstrip(".?!,")
        slot = self._find(lambda t: t.kind is TargetKind.WORD and t.label.lower() == word.lower())
        if slot is not None and len(partial) < len(word):
            return slot
        letter = self.sentence[len(written)].lower()
        return self._find(lambda t: t.action.verb is Verb.WRITE and t.action.argument.lower() == letter)

    def _finished_writing(self, written: str) -> bool:
        return written.strip().lower() == self.sentence.strip().lower()

    def _right_so_far(self, written: str) -> bool:
        return self.sentence.lower().startswith(written.lower())

    def _find(self, wanted: Callable[[Target], bool]) -> Target | None:
        return next((t for t in self._board.targets if t.choosable and wanted(t)), None)
