"""`sayso imagine-eeg`: another program whose brain, over real LSL, is calibrated, spells its word and has it spoken.

What flashes here stands for Sayso: it publishes markers, takes the EEG by its driver, scores it by its model.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from outlet_process import keep_lsl_apart

from assistive.cli import main
from assistive.eeg.imagined import IMAGINED_EEG
from assistive.eeg.marker_text import BoardMark, FlashMark, OutcomeMark, mark_text, read_mark
from assistive.fusion.flashing import Grouping, sequence
from assistive.fusion.inquiry import Inquiry
from devices.clock import LslClock
from devices.driver import Emitted
from devices.eeg.lsl import LslEegDriver
from devices.eeg.marker_outlet import MarkerOutlet
from devices.samples import EegChunk, Marker
from models.erp.cutter import CutEpoch, EpochCutter
from models.erp.epochs import Epochs
from models.erp.p300 import P300Model, fit_p300

keep_lsl_apart()
ROOT = Path(__file__).parents[2]
SOA_S = 0.1
LEARNED = 60  # flashes
SURE = 0.95
MOST_FLASHES = 600
BOARD = {f"letter:{letter}": letter for letter in "ehiost"} | {
    "word:0": "hit",
    "fn:undo": "undo",
    "speak": "Speak",
}
PLACES = {target: divmod(i, 3) for i, target in enumerate(BOARD)}


class Flasher:
    """Flashes keys as soon as the EEG has come that far, learns from what is known, then asks until it is sure."""

    def __init__(self, markers: MarkerOutlet) -> None:
        self.text = ""
        self.chosen: list[str] = []
        self.flashes = 0
        self.stop = threading.Event()
        self._markers = markers
        self._clock = LslClock()
        self._cutter = EpochCutter()
        self._chance = random.Random(3)
        self._next_at = 0.0
        self._plan: list[tuple[str, ...]] = []
        self._flashed: list[tuple[str, ...]] = []
        self._learned: list[tuple[Epochs, bool]] = []
        self._model: P300Model | None = None
        self._inquiry = self._asking()

    def take(self, message: Emitted) -> None:
        """Take what the driver emits."""
        if not isinstance(message, EegChunk):
            return
        for cut in self._cutter.take(message):
            self._score(cut)
        if message.t[-1] >= self._next_at and self._model_or_wait():
            self._flash()

    def _model_or_wait(self) -> bool:
        return self._model is not None or self.flashes < LEARNED

    def _flash(self) -> None:
        now = self._clock.now()
        if not self._plan:
            self._plan = list(sequence(PLACES, Grouping.GROUPS, self._chance, before=self._flashed[-3:]))
            self._mark(now, BoardMark(self.flashes, BOARD, self.text))
        group = self._plan.pop(0)
        self._flashed.append(group)
        wanted = "letter:o" if self._model is None else ""
        marker = self._mark(now, FlashMark(self.flashes, 0, group, wanted))
        self._cutter.take(marker)
        self._next_at = now + SOA_S
        self.flashes += 1
        if self.flashes >= MOST_FLASHES:
            self.stop.set()

    def _score(self, cut: CutEpoch) -> None:
        mark = read_mark(cut.marker.label)
        assert isinstance(mark, FlashMark)
        if cut.epoch is None:
            return
        if self._model is None:
            self._learned.append((cut.epoch, mark.wanted in mark.targets))
            if len(self._learned) >= LEARNED - 5:
                self._learn()
            return
        self._inquiry.flash(mark.targets, float(self._model.llr(cut.epoch)[0]))
        target = self._inquiry.decided(SURE)
        if target:
            self._choose(target)

    def _learn(self) -> None:
        epochs = [epoch for epoch, _ in self._learned]
        whole = Epochs(
            np.concatenate([one.t for one in epochs]),
            np.concatenate([one.data for one in epochs]),
            epochs[0].channels,
        )
        self._model = fit_p300(whole, np.array([target for _, target in self._learned]))
        self._forget_what_flashes()

    def _choose(self, target: str) -> None:
        self.chosen.append(target)
        self._mark(self._clock.now(), OutcomeMark(len(self.chosen), target, SURE))
        if target.startswith("letter:"):
            self.text += BOARD[target]
        elif target == "word:0":
            self.text = BOARD[target] + " "
        elif target == "fn:undo":
            self.text = self.text[:-1]
        elif self.text:
            self.stop.set()
        self._forget_what_flashes()

    def _forget_what_flashes(self) -> None:
        """What is cut later was flashed before: it is not about what is asked now."""
        self._cutter, self._plan, self._inquiry = EpochCutter(), [], self._asking()

    def _asking(self) -> Inquiry:
        return Inquiry(dict.fromkeys(BOARD, 1.0))

    def _mark(self, t: float, mark: BoardMark | FlashMark | OutcomeMark) -> Marker:
        marker = Marker(t, mark_text(mark))
        self._markers.mark(marker)
        return marker


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.lsl_stream.OTHERS_S", 0.05)
    monkeypatch.setattr("devices.eeg.lsl_session.HELD_S", 0.2)


@pytest.fixture
def imagine() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def start(started: list[subprocess.Popen[str]], *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "assistive", "imagine-eeg", *options]
    started.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
    return started[-1]


def test_it_is_calibrated_spells_its_word_and_has_it_spoken(
    quick: None, imagine: list[subprocess.Popen[str]]
) -> None:
    markers = MarkerOutlet()
    brain = start(imagine, "--wants", "hit", "--auc", "0.98", "--seed", "4")
    assert brain.stdout is not None
    assert IMAGINED_EEG in brain.stdout.readline()
    flasher = Flasher(markers)
    LslEegDriver(IMAGINED_EEG).run(flasher.take, flasher.stop, LslClock())
    markers.close()
    assert flasher.flashes < MOST_FLASHES, f"only {flasher.chosen} was chosen"
    assert flasher.text.strip() == "hit"
    assert flasher.chosen[-1] == "speak"
    assert len(flasher.chosen) <= 4, "the word, Speak, and a mistake that was undone at most"


@pytest.mark.parametrize(
    "options",
    [
        ("--auc", "0.3"),
        ("--auc", "nan"),
        ("--channels", "0"),
        ("--channels", "33"),
        ("--rate", "60"),
        ("--rate", "inf"),
    ],
)
def test_what_cannot_be_is_told(options: Sequence[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = main(["imagine-eeg", "--wants", "tea", *options])
    except SystemExit as ended:
        status = int(ended.code or 0)
    assert status in (1, 2)
    assert "between" in capsys.readouterr().err
