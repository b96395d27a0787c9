"""A person who chooses by EEG: a window that flashes what it is told, and a brain that answers what it waits for."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from assistive.boards.board import Action, Board, Rect, Target, TargetKind, Verb
from assistive.eeg.following import Chosen, Eeg
from assistive.eeg.messages import (
    EegModelFound,
    EegSignal,
    FlashesBroken,
    FlashScored,
    FlashShown,
    ShowFlashes,
    StopFlashes,
)
from assistive.messages import Trouble
from assistive.settings import Settings
from calibration.verdict import Verdict
from devices.samples import DeviceState, DeviceStatus

SEPARATION = 1.8  # of single flashes, in standard deviations: an AUC of .90
LATENCY_S = 1.0  # from a flash to its score
ON = Settings().changed("eeg.source", "lsl").changed("eeg.flashing", True).changed("input.gaze", "pointer")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def key(name: str, column: int, row: int, action: Action, kind: TargetKind = TargetKind.LETTER) -> Target:
    """A key of a grid of eight columns."""
    rect = Rect(0.01 + 0.12 * column, 0.2 + 0.12 * row, 0.11, 0.11)
    return Target(name, kind, name.partition(":")[2] or name, rect, action, name)


def letters_board(words: tuple[str, ...] = ()) -> Board:
    """Letters, undo, speak and help, with some words above them."""
    keys = [key(f"letter:{c}", i % 8, 1 + i // 8, Action(Verb.WRITE, c)) for i, c in enumerate(LETTERS)]
    for i, word in enumerate(words):
        rect = Rect(0.01 + 0.2 * i, 0.2, 0.18, 0.1)
        keys.append(Target(f"word:{i}", TargetKind.WORD, word, rect, Action(Verb.WORD, word), word))
    return Board(
        "letters",
        (
            *keys,
            key("undo", 4, 4, Action(Verb.UNDO), TargetKind.FUNCTION),
            key("speak", 5, 4, Action(Verb.SPEAK), TargetKind.SPEAK),
            key("help", 6, 4, Action(Verb.HELP), TargetKind.HELP),
        ),
    )


class Attending:
    """Holds an `Eeg` and lets time pass over it; `wants` is the id of what the person waits for, "": nothing."""

    def __init__(
        self,
        settings: Settings = ON,
        board: Board | None = None,
        *,
        verdict: Verdict | None = Verdict.HELPS,
        seed: int = 1,
        separation: float = SEPARATION,
    ) -> None:
        self.t = 100.0
        self.wants = ""
        self.said: list[object] = []
        self.chosen: list[Chosen] = []
        self.board = letters_board() if board is None else board
        self.separation = separation
        self.flash_times: list[float] = []
        self.window_works = True
        self.eeg_works = True
        self.on_choice: Callable[[Chosen], None] = lambda _: None
        self._chance = random.Random(seed)
        self._queue: list[tuple[float, int, int]] = []  # flashes to come: when, number, index
        self._plans: dict[int, ShowFlashes] = {}
        self._scores: list[tuple[float, FlashScored]] = []
        self._free_t = 0.0
        self.eeg = Eeg(settings, self._hear, str)
        if settings.eeg.source != "off":
            self.eeg.device(DeviceStatus(self.t, "eeg", DeviceState.RUNNING))
            self.eeg.take(EegModelFound(self.t, verdict, 0.9))
        self.show(self.board)

    def show(self, board: Board) -> None:
        """This board is on the screen now."""
        self.board = board
        self.eeg.show(self.t, board, None, "")

    def wait(self, seconds: float) -> Attending:
        """Let time pass: the window flashes, the EEG answers, the engine wakes at its deadlines."""
        end = self.t + seconds
        while (t := self._next_t()) <= end:
            self.t = max(self.t, t)
            self._step()
        self.t = end
        return self

    def until_chosen(self, wants: str, most_s: float = 300.0) -> str:
        """Wait for a target until something is chosen, and return what; "": nothing was."""
        self.wants = wants
        before, end = len(self.chosen), self.t + most_s
        while len(self.chosen) == before and self.t < end:
            self.wait(0.2)
        return self.chosen[-1].target.id if len(self.chosen) > before else ""

    def of(self, kind: type) -> list:
        """Everything of one kind that came out."""
        return [message for message in self.said if isinstance(message, kind)]

    @property
    def troubles(self) -> list[str]:
        """The keys of the troubles that were told."""
        return [message.key for message in self.said if isinstance(message, Trouble)]

    def _hear(self, message: object) -> None:
        self.said.append(message)
        if isinstance(message, StopFlashes):
            self._queue.clear()
            self._free_t = 0.0
        elif isinstance(message, ShowFlashes):
            self._plans[message.number] = message
            begin = max(self._free_t, message.t + 0.02)
            times = [begin + i * message.soa_s for i in range(len(message.flashes))]
            self._queue += [(t, message.number, i) for i, t in enumerate(times)]
            self._free_t = begin + len(times) * message.soa_s

    def _next_t(self) -> float:
        deadline = self.eeg.deadline()
        times = [math.inf if deadline is None else deadline]
        if self._queue and self.window_works:
            times.append(self._queue[0][0])
        if self._scores:
            times.append(self._scores[0][0])
        return min(times)

    def _step(self) -> None:
        if self.window_works and self._queue and self._queue[0][0] <= self.t:
            t, number, index = self._queue.pop(0)
            self.flash_times.append(t)
            flash = self._plans[number].flashes[index]
            if flash:
                self._answer(t, number, index, flash)
            self._take(FlashShown(t, number, index))
        elif self._scores and self._scores[0][0] <= self.t:
            self._take(self._scores.pop(0)[1])
        else:
            self._choose(self.eeg.tick(self.t))

    def _answer(self, t: float, number: int, index: int, flash: tuple[str, ...]) -> None:
        half = self.separation / 2
        score = self._chance.gauss(half if self.wants in flash else -half, 1.0)
        llr = self.separation * score if self.eeg_works else math.nan
        self._scores.append((t + LATENCY_S, FlashScored(t + LATENCY_S, number, index, llr)))

    def _take(self, message: FlashShown | FlashScored | FlashesBroken | EegSignal) -> None:
        self._choose(self.eeg.take(message))

    def _choose(self, chosen: Chosen | None) -> None:
        if chosen is not None:
            self.chosen.append(chosen)
            self.eeg.selected(self.t, chosen.target, by_eeg=True)
            self.on_choice(chosen)
