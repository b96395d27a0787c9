"""A person at the engine: looks at targets in virtual time and sees what the window would show."""

from __future__ import annotations

from collections.abc import Callable

from assistive.boards.board import Board, Geometry, Target
from assistive.boards.layout import load_layout
from assistive.engine import Engine
from assistive.i18n import translator
from assistive.messages import (
    BoardShown,
    JournalAcked,
    JournalEntry,
    Outgoing,
    Press,
    Selection,
    TextShown,
    Tick,
    Utterance,
    VoicePhase,
    VoiceProgress,
    WindowGeometry,
)
from assistive.settings import Settings
from assistive.text.history import Restored, restore
from devices.clock import VirtualClock
from devices.samples import GazeSample
from models.language.messages import ProposalRequest, Proposals, Source, WordProposal

FULL_HD = Geometry(1920, 1080, 531, 299)
HZ = 60.0


class Person:
    """Drives an engine. `shown` holds everything that came out of it, `entries` what is on disk."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        geometry: Geometry = FULL_HD,
        restored: Restored | None = None,
        proposer: Callable[[ProposalRequest], tuple[str, ...]] | None = None,
        disk_works: bool = True,
    ) -> None:
        self.clock = VirtualClock(100.0)
        self.shown: list[Outgoing] = []
        self.entries: list[JournalEntry] = []
        self.disk_works = disk_works
        self.proposer = proposer
        self.speech_s = 0.0  # how long an utterance takes; 0: it is not heard at all yet
        self.engine = Engine(
            settings or Settings(), restored or Restored(), load_layout, translator, self._out
        )
        self._queue: list[object] = []
        self._wiggle = 0
        self.engine.start(self.clock.now())
        self.tell(WindowGeometry(self.clock.now(), geometry))

    def _out(self, message: Outgoing) -> None:
        self.shown.append(message)
        if isinstance(message, JournalEntry) and self.disk_works:
            self.entries.append(message)
            self._queue.append(JournalAcked(message.t, message.number))
        elif isinstance(message, ProposalRequest) and self.proposer is not None and not message.speculative:
            words = tuple(WordProposal(word, 0.1) for word in self.proposer(message))
            self._queue.append(Proposals(message.generation, message.t, words, Source.MODEL, 0.05))
        elif isinstance(message, Utterance) and self.speech_s > 0:
            self._queue.append(VoiceProgress(message.t, message.number, VoicePhase.STARTED))

    def tell(self, message: object) -> Person:
        """Give the engine a message, and what its own messages bring about."""
        self.engine.handle(message)
        while self._queue:
            self.engine.handle(self._queue.pop(0))
        return self

    def wait(self, seconds: float) -> Person:
        """Let time pass with the eyes closed to the board, waking the engine at its deadlines."""
        end = self.clock.now() + seconds
        while (deadline := self.engine.deadline()) is not None and deadline <= end:
            self.clock.advance(max(0.0, deadline - self.clock.now()))
            self.tell(Tick(self.clock.now()))
        self.clock.advance(max(0.0, end - self.clock.now()))
        return self.tell(Tick(self.clock.now()))

    def gaze(self, x: float, y: float, seconds: float) -> Person:
        """Look at a point of the window (shares) for a while, with a tremor."""
        for _ in range(round(seconds * HZ)):
            self._wiggle += 1
            t = self.clock.advance(1 / HZ)
            self.tell(GazeSample(t, x + 0.001 * (self._wiggle % 3 - 1), y))
        return self

    def blink(self, seconds: float) -> Person:
        """Close the eyes for a moment."""
        for _ in range(round(seconds * HZ)):
            self.tell(GazeSample(self.clock.advance(1 / HZ), float("nan"), float("nan")))
        return self

    def look(self, name: str, seconds: float | None = None) -> Person:
        """Look at the target with this id or label; without a time, until it is chosen (or for 8 s)."""
        target = self.target(name)
        x, y = target.rect.center
        if seconds is not None:
            return self.gaze(x, y, seconds)
        before = len(self.of(Selection))
        for _ in range(round(8 * HZ)):
            self.gaze(x, y, 1 / HZ)
            if len(self.of(Selection)) > before:
                return self.gaze(0.5, -0.2, 0.1)
        raise AssertionError(f"looking at {name} for 8 s chose nothing")

    def write(self, text: str) -> Person:
        """Spell a text on the letters page of the full grid."""
        for character in text:
            self.look("space" if character == " " else character)
        return self

    def press(self, name: str) -> Person:
        """Click a target."""
        target = self.target(name)
        return self.tell(Press(self.clock.now(), target.id, target.label))

    def target(self, name: str) -> Target:
        """The target with this id or label."""
        for target in self.board.targets:
            if name in (target.id, target.label):
                return target
        raise AssertionError(f"no {name!r} on {self.board.page}: {[t.label for t in self.board.targets]}")

    def of(self, kind: type) -> list[Outgoing]:
        """Everything of one kind that came out of the engine."""
        return [message for message in self.shown if isinstance(message, kind)]

    @property
    def board(self) -> Board:
        """What is on the screen."""
        boards = self.of(BoardShown)
        assert boards, "no board was shown"
        return boards[-1].board

    @property
    def text(self) -> str:
        """The text on the screen."""
        shown = self.of(TextShown)
        return "".join(span.text for span in shown[-1].spans) if shown else ""

    @property
    def spoken(self) -> list[str]:
        """What the voice was asked to say."""
        return [message.text for message in self.of(Utterance)]

    def crash_and_start_again(self) -> Person:
        """A new engine over what is on disk."""
        again = Person(self.engine.settings, restored=restore(self.entries), proposer=self.proposer)
        again.entries = self.entries
        return again
