"""A person before a real board who chooses by EEG: the engine decides, a window flashes, a brain answers."""

from __future__ import annotations

import math
import random

from person import Person

from assistive.eeg.messages import EegModelFound, FlashScored, FlashShown, ShowFlashes, StopFlashes
from assistive.messages import Outgoing, Selection, Tick
from assistive.settings import Settings
from assistive.text.history import Restored
from calibration.verdict import Verdict
from devices.samples import DeviceState, DeviceStatus

LATENCY_S = 1.0
AGREED = Settings().changed("eeg.source", "lsl").changed("eeg.flashing", True)


class BrainAtTheBoard(Person):
    """`wants` is what the person waits for, the id of a target or its label; `separation` is how clear their EEG is."""

    def __init__(
        self, settings: Settings = AGREED, *, seed: int = 1, separation: float = 1.8, **what: object
    ) -> None:
        self.wants = ""
        self.separation = separation
        self.flash_times: list[float] = []
        self._chance = random.Random(seed)
        self._plans: dict[int, ShowFlashes] = {}
        self._flashes: list[tuple[float, int, int]] = []
        self._scores: list[tuple[float, FlashScored]] = []
        self._free_t = 0.0
        what.setdefault("restored", Restored(consents=frozenset({"eeg.flashing"})))
        super().__init__(settings, **what)  # type: ignore[arg-type]
        self.tell(DeviceStatus(self.clock.now(), "eeg", DeviceState.RUNNING))
        self.tell(EegModelFound(self.clock.now(), Verdict.HELPS, 0.9))

    def _out(self, message: Outgoing) -> None:
        super()._out(message)
        if isinstance(message, StopFlashes):
            self._flashes.clear()
            self._free_t = 0.0
        elif isinstance(message, ShowFlashes):
            self._plans[message.number] = message
            begin = max(self._free_t, message.t + 0.02)
            for index in range(len(message.flashes)):
                self._flashes.append((begin + index * message.soa_s, message.number, index))
            self._free_t = begin + len(message.flashes) * message.soa_s

    def attend(self, name: str, most_s: float = 200.0) -> str:
        """Wait for a target until something is chosen by EEG; return the label of what was, "": nothing."""
        self.wants = name
        before, end = len(self.of(Selection)), self.clock.now() + most_s
        while len(self.of(Selection)) == before and self.clock.now() < end:
            self.next_event(end)
        chosen = self.of(Selection)[before:]
        return chosen[0].label if chosen else ""  # type: ignore[attr-defined]

    def pass_time(self, seconds: float) -> BrainAtTheBoard:
        """Let time pass with what the person waits for unchanged."""
        end = self.clock.now() + seconds
        while self.clock.now() < end:
            self.next_event(end)
        return self

    def next_event(self, end: float) -> None:
        """Go on to what happens next: a flash, a score, a deadline of the engine; or to the `end`."""
        deadline = self.engine.deadline()
        times = [end, math.inf if deadline is None else deadline]
        times += [line[0][0] for line in (self._flashes, self._scores) if line]
        t = self.clock.advance(max(0.0, min(times) - self.clock.now()))
        if self._flashes and self._flashes[0][0] <= t:
            at, number, index = self._flashes.pop(0)
            self._flash(at, number, index)
        elif self._scores and self._scores[0][0] <= t:
            self.tell(self._scores.pop(0)[1])
        else:
            self.tell(Tick(t))

    def _flash(self, t: float, number: int, index: int) -> None:
        self.flash_times.append(t)
        flash = self._plans[number].flashes[index]
        meant = any(self._is_wanted(name) for name in flash)
        if flash:
            score = self._chance.gauss(self.separation / 2 if meant else -self.separation / 2, 1.0)
            told_t = t + LATENCY_S
            self._scores.append((told_t, FlashScored(told_t, number, index, self.separation * score)))
        self.tell(FlashShown(t, number, index))

    def _is_wanted(self, name: str) -> bool:
        target = self.board.target(name)
        return bool(self.wants) and target is not None and self.wants in (target.id, target.label)
