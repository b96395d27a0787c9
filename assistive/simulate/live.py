"""assistive.simulate: a simulated person before the real window, in real time: a gaze driver."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from assistive.boards.board import Board, Target
from assistive.fusion.times import dwell_time
from assistive.messages import BoardShown, Incoming, Outgoing, PartnerSaid, Selection, TextShown
from assistive.settings import DwellSettings
from assistive.simulate.eye import Eye
from assistive.simulate.person import Person
from assistive.simulate.run import DialogueTurn, board_characters
from assistive.simulate.target_text import writable
from assistive.simulate.writer import Counts, Writer
from devices.clock import Clock
from devices.driver import DeviceKind, Emit
from devices.samples import GazeSample, SwitchEvent

NOWHERE = float("nan")


class Stopped(Exception):
    """The window was closed while the person wrote."""


class LivePerson:
    """Writes turns on a running session; everything it sees comes from the session's messages.

    Parameters
    ----------
    post : callable
        Takes what the partner says.
    """

    name = "simulated"
    kind = DeviceKind.GAZE

    def __init__(
        self,
        person: Person,
        turns: Sequence[DialogueTurn],
        seed: int,
        language: str,
        dwell: DwellSettings,
        post: Callable[[Incoming], None],
    ) -> None:
        self.finished = threading.Event()
        self.counts = Counts()
        self.counting = False
        self._person = person
        self._turns = turns
        self._dwell = dwell
        self._post = post
        self._eye = Eye(person, random.Random(f"{seed} eye"))
        self._writer = Writer(person, self, self._eye, random.Random(seed), slots=True)
        self._alphabet = board_characters(language)
        self._board = Board("", ())
        self._text = ""
        self._selected: Selection | None = None
        self._emit: Emit = lambda _: None
        self._stop = threading.Event()
        self._clock: Clock | None = None

    def watch(self, message: Incoming | Outgoing) -> None:
        """See what the session shows; from any thread."""
        match message:
            case BoardShown():
                self._board = message.board
            case TextShown():
                self._text = "".join(span.text for span in message.spans)
            case Selection():
                self._selected = message

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Write all turns."""
        self._emit, self._stop, self._clock = emit, stop, clock
        try:
            for turn in self._turns:
                text, _ = writable(turn.text, self._alphabet)
                if text:
                    self._writer.turn(turn.partner, text)
        except Stopped:
            return
        finally:
            self.counts = self._writer.counts
            self.finished.set()

    @property
    def now(self) -> float:
        """The time on the shared clock."""
        assert self._clock is not None
        return self._clock.now()

    @property
    def board(self) -> Board:
        """What is on the screen."""
        return self._board

    @property
    def text(self) -> str:
        """What is written."""
        return self._text

    @property
    def letter_s(self) -> float:
        """About how long a look at a letter has to last."""
        return self._dwell.letter_s

    @property
    def claim(self) -> float | None:
        """The session does not tell."""
        return None

    def dwell_s(self, target: Target) -> float:
        """How long a look at this target has to last with a fixed dwell."""
        return dwell_time(target, self._dwell)

    @contextmanager
    def spending(self, what: str) -> Iterator[None]:
        """Real time is not counted by what it is spent on."""
        yield

    def new_conversation(self) -> None:
        """The conversation on the window goes on."""

    def partner_says(self, text: str) -> None:
        """The partner's turn of the conversation."""
        self._post(PartnerSaid(self.now, text))

    def stare(self, seconds: float) -> Selection | None:
        """Keep looking at the place the eye is at; return the first selection, which ends the look."""
        end = self.now + seconds
        while self.now < end:
            self._wait(1.0 / self._person.gaze.rate_hz.value)
            self._emit(GazeSample(self.now, *self._eye.sample()))
            if self._selected is not None:
                return self._taken()
        return None

    def press(self) -> Selection | None:
        """Press the switch: what is looked at is chosen."""
        self._emit(SwitchEvent(self.now, "1", True))
        self._wait(0.05)
        self._emit(SwitchEvent(self.now, "1", False))
        return self._taken()

    def pass_time(self, seconds: float) -> None:
        """Let time pass without looking at the board."""
        self._emit(GazeSample(self.now, NOWHERE, NOWHERE))
        self._wait(seconds)
        self._selected = None

    def _taken(self) -> Selection | None:
        selected, self._selected = self._selected, None
        return selected

    def _wait(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Stopped
