"""A made-up person with a cap on is led through a calibration: the session, the listener and the fits are the real ones."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np
from cap_on import CHUNK_S, HZ, CapOn
from eeg_person import CHANNELS, PATTERN

from assistive.eeg.calibrating import Calibrating, Sent
from assistive.eeg.calibration_view import EegCalibrationView, EegPhase
from assistive.eeg.messages import (
    EegCalibrating,
    EegCalibrationFound,
    EegFitRequest,
    EegFitted,
    EegModelFound,
    EegSignal,
    FlashScored,
    FlashShown,
    ShowFlashes,
)
from calibration.verdict import Verdict

SOA_S = 0.2
FIT_S = 5.0  # that a fit takes, in the person's time
CHUNK = round(CHUNK_S * HZ)
SCORED_S = 1.3  # after a flash it has been scored


class Led:
    """The person looks where they are told to; what they wait for shows in their EEG, as strong as `response_uv`."""

    def __init__(self, folder: Path, response_uv: float, seed: int = 0) -> None:
        self.cap = CapOn(folder)
        self.response_uv = response_uv
        numbers = count(1)
        self.sent: list[Sent] = []
        self.calibrating = Calibrating(self._send, str, lambda: next(numbers))
        self._chance = np.random.default_rng(seed)
        self._playing: list[tuple[float, int, int, bool]] = []
        self._responses: list[float] = []
        self._owed: list[float] = []
        self._answers: list[tuple[float, int, EegFitted]] = []

    @property
    def t(self) -> float:
        return self.cap.clock.now()

    @property
    def shown(self) -> EegCalibrationView:
        view = self.calibrating.view(self.t)
        assert view is not None
        return view

    def _send(self, message: Sent) -> None:
        self.sent.append(message)
        if isinstance(message, ShowFlashes | EegCalibrating | EegFitRequest):
            self.cap.listener.outgoing(message)
        if isinstance(message, ShowFlashes):
            begin = self._playing[-1][0] + SOA_S if self._playing else self.t + 0.02
            for index, flash in enumerate(message.flashes):
                hit = message.wanted in flash
                self._playing.append((begin + index * SOA_S, message.number, index, hit))
        elif isinstance(message, EegFitRequest):
            fitted = self.cap.wait(EegFitted)
            heapq.heappush(self._answers, (self.t + FIT_S, message.number, fitted))

    def lead(self, until: Callable[[], bool]) -> None:
        """Let the time pass, a tenth of a second at a time."""
        while not until():
            self._flash()
            self.cap.eeg(self._eeg())
            while self._owed and self._owed[0] + SCORED_S < self.t:
                self._owed.pop(0)
                self.calibrating.take(self.cap.wait(FlashScored))
            while self._answers and self._answers[0][0] <= self.t:
                self.calibrating.take(heapq.heappop(self._answers)[2])
            self.calibrating.take(EegSignal(self.t, ()))
            self.calibrating.tick(self.t)

    def _flash(self) -> None:
        while self._playing and self._playing[0][0] <= self.t + CHUNK_S:
            at, number, index, hit = self._playing.pop(0)
            self._responses += [at] * hit
            self._owed.append(at)
            self.cap.listener.shown(FlashShown(at, number, index))
            self.calibrating.take(FlashShown(at, number, index))

    def _eeg(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        t = self.t + (1 + np.arange(CHUNK)) / HZ
        noise = self._chance.normal(0.0, 5.0, (CHUNK, len(CHANNELS))) + self._chance.normal(
            0.0, 4.0, (CHUNK, 1)
        )
        self._responses = [at for at in self._responses if at > self.t - 1.0]
        for at in self._responses:
            peak = np.exp(-0.5 * ((t - at - 0.35) / 0.06) ** 2)
            noise += self.response_uv * peak[:, None] * PATTERN
        return noise


def test_who_responds_is_told_so_in_about_a_minute_and_can_choose_by_it(tmp_path: Path) -> None:
    led = Led(tmp_path, response_uv=8.0)
    led.calibrating.begin(led.t, SOA_S, may_flash=True)
    led.lead(lambda: "No EEG" not in led.shown.note)
    began = led.t
    led.calibrating.choose(led.t, "start")
    led.lead(lambda: led.shown.phase is EegPhase.RESULT)
    assert led.t - began < 75.0
    assert led.shown.verdict is Verdict.HELPS and "EEG helps" in led.shown.sentence
    assert led.shown.errors is not None and len(led.shown.reliability) > 1

    led.calibrating.choose(led.t, "use")
    found = led.cap.wait(EegModelFound)
    while found.verdict is None:  # that was before
        found = led.cap.wait(EegModelFound)
    assert found.verdict is Verdict.HELPS
    led.cap.close()
    assert led.cap.of(EegCalibrationFound)[-1].rounds == 0, "it is over; nothing is to be gone on with"
