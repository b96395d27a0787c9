"""A made-up person with a cap on, before keys that flash; the listener hears both, in virtual time."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from eeg_person import CHANNELS, EegPerson

from assistive.eeg.listener import EegListener
from assistive.eeg.messages import (
    ChoiceJudged,
    EegCalibrating,
    EegFitRequest,
    FlashScored,
    FlashShown,
    ShowFlashes,
)
from assistive.messages import SettingsChanged
from assistive.settings import Settings
from devices.clock import VirtualClock
from devices.samples import EegChunk

SEQUENCE = 12  # flashes
CHUNK_S = 0.1
WANTED, OTHER = "flash:0", "flash:1"
HZ = 250.0

Message = TypeVar("Message")


class CapOn:
    """The listener, what it posts, and time, which goes on as the EEG does."""

    def __init__(
        self, folder: Path, settings: Settings | None = None, tr: Callable[[str], str] = str, t: float = 100.0
    ) -> None:
        self.clock = VirtualClock(t)
        self.settings = settings or Settings()
        self.posted: queue.Queue[Any] = queue.Queue()
        self.all: list[Any] = []
        self.number = 0
        self.listener = EegListener(folder, self.posted.put, self.clock, tr, self.settings)
        self._begun = False

    def wait(self, kind: type[Message]) -> Message:
        """The next message of this kind."""
        while True:
            message = self.posted.get(timeout=60.0)
            self.all.append(message)
            if isinstance(message, kind):
                return message

    def of(self, kind: type[Message]) -> list[Message]:
        """All of this kind that have been waited past."""
        return [message for message in self.all if isinstance(message, kind)]

    def change(self, path: str, value: object) -> None:
        self.settings = self.settings.changed(path, value)
        self.listener.outgoing(SettingsChanged(self.clock.now(), self.settings))

    def eeg(
        self,
        data: np.ndarray[Any, np.dtype[np.float64]],
        *,
        channels: tuple[str, ...] = CHANNELS,
        gap: bool = False,
        hz: float = HZ,
    ) -> None:
        """The amplifier sends these samples, the first one a period from now."""
        t = self.clock.now() + (1 + np.arange(len(data))) / hz
        self.listener.sample(EegChunk(t, data.astype(np.float32), channels, hz, gap or not self._begun))
        self._begun = True
        self.clock.advance(len(data) / hz)

    def rest(self, seconds: float, **how: Any) -> None:
        """Nothing flashes; there is EEG all the same."""
        channels = how.get("channels", CHANNELS)
        noise = np.random.default_rng(4).normal(0.0, 8.0, (round(seconds * HZ), len(channels)))
        noise += np.random.default_rng(5).normal(0.0, 8.0, (len(noise), 1))
        for start in range(0, len(noise), 25):
            self.eeg(noise[start : start + 25], **how)
            how.pop("gap", None)

    def flash(
        self,
        person: EegPerson,
        flashes: int,
        seed: int,
        *,
        wanted: str = "",
        lose: Callable[[int], bool] = lambda chunk: False,
    ) -> tuple[list[FlashScored], list[bool], list[int]]:
        """Keys flash and the person waits for `WANTED`.

        Returns what was scored, whether each flash was waited for, and the numbers of the sequences. `lose`: chunks by
        their number that never arrive.
        """
        data, onsets, target = person.samples(flashes, seed)
        begin = self.clock.now()
        numbers = []
        for first in range(0, flashes, SEQUENCE):
            self.number += 1
            numbers.append(self.number)
            groups = tuple((WANTED,) if hit else (OTHER,) for hit in target[first : first + SEQUENCE])
            self.listener.outgoing(
                ShowFlashes(begin, self.number, groups, 0.1, person.soa_s, wanted and WANTED)
            )
        scored: list[FlashScored] = []
        shown, gap, step = 0, False, round(CHUNK_S * HZ)
        for chunk, start in enumerate(range(0, len(data), step)):
            while shown < flashes and onsets[shown] <= start / HZ:
                number, index = numbers[shown // SEQUENCE], shown % SEQUENCE
                self.listener.shown(FlashShown(begin + onsets[shown], number, index))
                shown += 1
            if lose(chunk):
                self.clock.advance(CHUNK_S)
                gap = True
            else:
                self.eeg(data[start : start + step], gap=gap)
                gap = False
            if start and start % (50 * step) == 0:  # no more waits than the mailbox holds
                whole = np.sum(onsets + 1.0 < (start + step) / HZ)
                scored += [self.wait(FlashScored) for _ in range(int(whole) - len(scored))]
        scored += [self.wait(FlashScored) for _ in range(flashes - len(scored))]
        return scored, target, numbers

    def calibrate(
        self, person: EegPerson, flashes: int = 204, *, last: bool = True, resumed: bool = False
    ) -> None:
        """A calibration, up to its fit."""
        self.listener.outgoing(EegCalibrating(self.clock.now(), True, resumed))
        self.flash(person, flashes, seed=3 + resumed, wanted=WANTED)
        self.listener.outgoing(EegFitRequest(self.clock.now(), 1, last))

    def judge(self, numbers: list[int], *, right: bool = True, outcome: int = 0) -> None:
        """The choice that these sequences led to proves right or wrong."""
        self.listener.outgoing(
            ChoiceJudged(self.clock.now(), outcome, tuple(numbers), WANTED if right else OTHER, right)
        )

    def close(self) -> None:
        assert self.listener.close(30.0)
        while not self.posted.empty():
            self.all.append(self.posted.get())
