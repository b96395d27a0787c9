"""assistive.simulate: the world of a simulated person: the real engine on a virtual clock."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistive.boards.board import Board, Geometry, Target
from assistive.boards.layout import load_layout
from assistive.engine import PAUSE_S, Engine
from assistive.i18n import translator
from assistive.messages import (
    BoardShown,
    Incoming,
    JournalAcked,
    JournalEntry,
    Outgoing,
    PartnerSaid,
    Selection,
    Tick,
    Utterance,
    VoicePhase,
    VoiceProgress,
    WindowGeometry,
)
from assistive.settings import Settings
from assistive.simulate.eye import Eye
from assistive.simulate.person import Person
from assistive.simulate.place import CORRECTING
from assistive.simulate.proposer import VirtualProposer
from assistive.text.history import Restored
from devices.clock import VirtualClock
from devices.samples import GazeSample, SwitchEvent
from models.language.messages import ModelState, ModelStatus, ProposalRequest

ON_DISK_S = 0.004  # from an entry to its acknowledgement: p99 of append and fsync, as measured
READY_S = 0.05  # slots that are full so soon after a selection were ready
NOWHERE = float("nan")

Watch = Callable[[Incoming | Outgoing], None]


class World:
    """The engine, its board and the time that passes. All places are shares of the screen."""

    STARTS_AT = 1.0  # seconds on the virtual clock

    def __init__(
        self,
        person: Person,
        settings: Settings,
        eye: Eye,
        proposer: VirtualProposer | None,
        watch: Watch | None = None,
    ) -> None:
        self._person = person
        self._eye = eye
        self._proposer = proposer
        self._watch = watch
        self._clock = VirtualClock(self.STARTS_AT)
        self._events: list[tuple[float, int, Incoming]] = []
        self._order = itertools.count()
        self._selected: Selection | None = None
        self._spends: list[str] = []
        self._asked_at: float | None = None
        self._blink_until = 0.0
        self.board = Board("", ())
        self.seconds: dict[str, float] = defaultdict(float)  # where the time went
        self.counting = False
        self.asked = 0  # selections after which slots had to be filled
        self.ready = 0  # ... that were full within READY_S
        self.engine = Engine(settings, Restored(), load_layout, translator, self._out)
        screen = person.screen
        geometry = Geometry(screen.width_px, screen.height_px, screen.width_mm, screen.height_mm)
        self.engine.start(self.now)
        self._tell(WindowGeometry(self.now, geometry))
        if proposer is not None:
            self._tell(ModelStatus(self.now, ModelState.READY))

    @property
    def now(self) -> float:
        """The virtual time, in seconds."""
        return self._clock.now()

    @property
    def letter_s(self) -> float:
        """About how long a look at a letter has to last."""
        return self.engine.pace.letter_s

    @property
    def claim(self) -> float | None:
        """How probable it is that the last selection was wrong, by the engine's own account."""
        return self.engine.pace.claim

    def dwell_s(self, target: Target) -> float:
        """How long a look at this target has to last now."""
        return self.engine.pace.dwell_s(target)

    @property
    def text(self) -> str:
        """What is written."""
        return self.engine.document.text

    @contextmanager
    def spending(self, what: str) -> Iterator[None]:
        """Time that passes inside is spent on `what`; whatever is done to correct counts as correcting."""
        self._spends.append(what)
        try:
            yield
        finally:
            self._spends.pop()

    def new_conversation(self) -> None:
        """What was said before has nothing to do with what comes."""
        self.pass_time(PAUSE_S + 1.0, step_s=5.0)

    def partner_says(self, text: str) -> None:
        """The partner's turn of the conversation."""
        self._tell(PartnerSaid(self.now, text))

    def stare(self, seconds: float) -> Selection | None:
        """Keep looking at the place the eye is at; return the first selection, which ends the look."""
        end = self.now + seconds
        period = 1.0 / self._person.gaze.rate_hz.value
        while self.now < end - 1e-9:
            self._advance(min(period, end - self.now))
            if self.now >= self._blink_until and self._eye.blinks(period):
                self._blink_until = self.now + self._person.gaze.blink_s.value
            x, y = (NOWHERE, NOWHERE) if self.now < self._blink_until else self._eye.sample()
            self._tell(GazeSample(self.now, x, y))
            if self._selected is not None:
                selected, self._selected = self._selected, None
                return selected
        return None

    def press(self) -> Selection | None:
        """Press the switch: what is looked at is chosen."""
        self._tell(SwitchEvent(self.now, "1", True))
        self._tell(SwitchEvent(self.now, "1", False))
        selected, self._selected = self._selected, None
        return selected

    def pass_time(self, seconds: float, step_s: float = 0.05) -> None:
        """Let time pass without looking at the board."""
        end = self.now + seconds
        while self.now < end - 1e-9:
            self._advance(min(step_s, end - self.now))
            self._tell(GazeSample(self.now, NOWHERE, NOWHERE))
        self._selected = None

    # ------------------------------------------------------------ time and messages

    def _advance(self, seconds: float) -> None:
        end = self.now + seconds
        while True:
            deadline = self.engine.deadline()
            event_at = self._events[0][0] if self._events else float("inf")
            next_at = min(event_at, float("inf") if deadline is None else deadline)
            if next_at > end:
                break
            self._clock.advance(max(0.0, next_at - self.now))
            if event_at <= next_at:
                self._tell(heapq.heappop(self._events)[2])
            else:
                self._tell(Tick(self.now))
        self._clock.advance(max(0.0, end - self.now))
        if self._spends and self.counting:
            what = CORRECTING if CORRECTING in self._spends else self._spends[-1]
            self.seconds[what] += seconds

    def _tell(self, message: Incoming) -> None:
        if self._watch is not None:
            self._watch(message)
        self.engine.handle(message)

    def _later(self, t: float, message: Incoming) -> None:
        heapq.heappush(self._events, (t, next(self._order), message))

    def _out(self, message: Outgoing) -> None:
        if self._watch is not None:
            self._watch(message)
        match message:
            case Selection():
                self._selected = message
            case BoardShown():
                self.board = message.board
                self._slots_filled()
            case JournalEntry():
                if self._proposer is not None and message.kind in ("speak", "say"):
                    self._proposer.learn(str(message.data["text"]))
                self._later(self.now + ON_DISK_S, JournalAcked(self.now + ON_DISK_S, message.number))
            case ProposalRequest():
                self._propose(message)
            case Utterance():
                # Listening to the voice is not part of writing.
                self._later(self.now, VoiceProgress(self.now, message.number, VoicePhase.FINISHED))

    def _propose(self, request: ProposalRequest) -> None:
        if self._proposer is None:
            return
        if not request.speculative:
            self._slots_filled(late=True)
            self._asked_at = self.now
        answer = self._proposer.request(request, self.now)
        if answer is not None:
            t, proposals = answer
            self._later(t, proposals)

    def _slots_filled(self, *, late: bool = False) -> None:
        """Count whether the slots were full in time."""
        if self._asked_at is None or not (late or any(t.label for t in self.slots())):
            return
        if self.counting:
            self.asked += 1
            self.ready += not late and self.now - self._asked_at <= READY_S
        self._asked_at = None

    def slots(self) -> list[Target]:
        """The word and phrase slots of the board."""
        return [t for t in self.board.targets if t.id.startswith(("word:", "phrase:"))]
