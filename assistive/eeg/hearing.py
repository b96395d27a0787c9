"""assistive.eeg: from samples and onsets to what each flash says, and how good the signal is."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from assistive.eeg.kept import Montage
from assistive.eeg.learning import Answered, Learning
from assistive.eeg.marker_text import (
    BoardMark,
    CalibrationMark,
    FlashMark,
    JudgedMark,
    Mark,
    OutcomeMark,
    mark_text,
    read_mark,
)
from assistive.eeg.messages import (
    ChoiceJudged,
    EegCalibrating,
    EegFitRequest,
    EegSignal,
    ElectrodeSignal,
    FlashScored,
    FlashShown,
    OutcomeShown,
    ShowFlashes,
    ShowOutcome,
    StopFlashes,
)
from assistive.eeg.recording import EegRecording, recordings_folder
from assistive.messages import Incoming
from assistive.settings import Settings
from devices.clock import Clock
from devices.eeg.marker_outlet import MarkerOutlet
from devices.eeg.recent import RecentEeg
from devices.samples import DeviceState, DeviceStatus, EegChunk, Marker
from models.erp.cutter import CutEpoch, EpochCutter
from models.erp.epochs import LENGTH_S
from models.erp.quality import LEAST_S, WINDOW_S, signal_quality
from models.erp.signal_level import SignalLevel

LATE_S = 1.5  # after its end, samples of an epoch do not come any more
SIGNAL_S = 1.0
LATEST_FLASHES = 60  # of which the share that is kept is told
SEQUENCES = 60  # are remembered, to know what a flash was
CLOSING_S = 3.0

Asked = EegFitRequest | ChoiceJudged | EegCalibrating | ShowFlashes | ShowOutcome | StopFlashes


class Hearing:
    """Belongs to the listener's thread.

    Parameters
    ----------
    folder : Path
        This person's EEG; recordings are made in a folder in it.
    post : callable
        Takes what is for the engine.
    later : callable
        Takes what is to be given to `answer` in the listener's thread; called from other threads.
    clock : Clock
    tr : callable
    settings : Settings
    """

    def __init__(
        self,
        folder: Path,
        post: Callable[[Incoming], None],
        later: Callable[[Answered], None],
        clock: Clock,
        tr: Callable[[str], str],
        settings: Settings,
    ) -> None:
        self._folder, self._post, self._clock, self._tr = folder, post, clock, tr
        self._learning = Learning(folder, post, later, clock, tr)
        self._cutter, self._recent = EpochCutter(), RecentEeg()
        self._montage: Montage | None = None
        self._signal_at = -math.inf
        self._electrodes: tuple[ElectrodeSignal, ...] = ()
        self._void: deque[bool] = deque(maxlen=LATEST_FLASHES)
        self._pending: list[str] = []  # labels of markers whose epochs are not known yet
        self._asked: list[tuple[EegFitRequest, set[str]]] = []  # and the flashes that they wait for
        self._sequences: dict[int, ShowFlashes] = {}
        self._outcomes: dict[int, ShowOutcome] = {}
        self._recording: EegRecording | None = None
        self._outlet: MarkerOutlet | None = None
        self._settings = settings
        self.apply(settings)

    def apply(self, settings: Settings) -> None:
        """Record and publish only as long as the settings say so."""
        self._settings = settings
        if settings.privacy.eeg_recordings and self._recording is None:
            self._recording = EegRecording(recordings_folder(self._folder), self._post, self._clock, self._tr)
        elif not settings.privacy.eeg_recordings and self._recording is not None:
            self._recording.close()
            self._recording = None
        if settings.eeg.publish_markers and self._outlet is None:
            self._outlet = MarkerOutlet()
        elif not settings.eeg.publish_markers and self._outlet is not None:
            self._outlet.close()
            self._outlet = None

    def chunk(self, chunk: EegChunk) -> None:
        """Take samples."""
        if self._recording is not None:
            self._recording.add(chunk)
        if not len(chunk.t):
            return
        montage = Montage(chunk.channels, chunk.rate_hz)
        if montage != self._montage:
            self._montage = montage
            self._electrodes = ()
            self._learning.begin(montage)
        self._recent.add(chunk)
        self._known(self._cutter.take(chunk))
        if chunk.t[-1] - self._signal_at >= SIGNAL_S or chunk.t[-1] < self._signal_at:
            self._signal_at = float(chunk.t[-1])
            self._tell_signal()

    def marker(self, marker: Marker) -> None:
        """Take a marker of the amplifier's program."""
        if self._recording is not None:
            self._recording.add(marker)

    def status(self, status: DeviceStatus) -> None:
        """Take the amplifier's state: while it is lost no samples come."""
        if status.state in (DeviceState.LOST, DeviceState.STOPPED):
            self._known(self._cutter.give_up(math.inf))

    def shown(self, message: FlashShown | OutcomeShown) -> None:
        """Take when something was shown."""
        t = message.t + self._settings.eeg.delay_ms / 1000.0
        if isinstance(message, FlashShown):
            sequence = self._sequences.get(message.number)
            known = sequence is not None and 0 <= message.index < len(sequence.flashes)
            targets = sequence.flashes[message.index] if sequence is not None and known else ()
            wanted = sequence.wanted if sequence is not None else ""
            mark: Mark = FlashMark(message.number, message.index, targets, wanted)
        else:
            outcome = self._outcomes.get(message.number)
            target, posterior = ("", 0.0) if outcome is None else (outcome.target, outcome.posterior)
            mark = OutcomeMark(message.number, target, posterior)
        marker = self._mark(t, mark)
        self._pending.append(marker.label)
        self._known(self._cutter.take(marker))

    def read(self, t: float, mark: BoardMark) -> None:
        """Tell an imagined brain what is on the board; it is not recorded."""
        if self._outlet is not None:
            self._outlet.mark(Marker(t, mark_text(mark)))

    def asked(self, message: Asked) -> None:
        """Take what the engine sends out."""
        match message:
            case ShowFlashes():
                self._sequences[message.number] = message
                _trim(self._sequences)
            case ShowOutcome():
                self._outcomes[message.number] = message
                _trim(self._outcomes)
            case StopFlashes():
                pass  # what was shown is scored all the same
            case EegCalibrating():
                self._mark(message.t, CalibrationMark(message.on, message.resumed))
                self._learning.calibrating(message)
            case ChoiceJudged():
                mark = JudgedMark(message.number, message.sequences, message.target, message.right)
                self._mark(message.t, mark)
                self._learning.judged(message)
            case EegFitRequest():
                self._asked.append((message, set(self._pending)))
                self._fit_what_is_whole()

    def answer(self, message: Answered) -> None:
        """Take what came from the disk or from a fit."""
        self._learning.answer(message)

    def tick(self) -> None:
        """Give up epochs whose samples should have come by now."""
        self._known(self._cutter.give_up(self._clock.now() - LENGTH_S - LATE_S))

    def close(self, timeout_s: float) -> bool:
        """Write what is to be written; False: the disk did not answer in time."""
        if self._outlet is not None:
            self._outlet.close()
        recorded = self._recording is None or self._recording.close(timeout_s)
        return self._learning.close(timeout_s) and recorded

    def _mark(self, t: float, mark: Mark) -> Marker:
        marker = Marker(t, mark_text(mark))
        if self._recording is not None:
            self._recording.add(marker)
        if self._outlet is not None:
            self._outlet.mark(marker)
        return marker

    def _known(self, cuts: Sequence[CutEpoch]) -> None:
        for cut in cuts:
            mark = read_mark(cut.marker.label)
            if isinstance(mark, FlashMark):
                self._void.append(cut.epoch is None)
                llr = self._learning.flash(mark, cut.epoch)
                self._post(FlashScored(self._clock.now(), mark.number, mark.index, llr))
            elif isinstance(mark, OutcomeMark):
                scored = self._learning.outcome(mark, cut.epoch)
                if scored is not None:
                    self._post(scored)
            self._pending.remove(cut.marker.label)
            for _, waits_for in self._asked:
                waits_for.discard(cut.marker.label)
        if cuts:
            self._fit_what_is_whole()

    def _fit_what_is_whole(self) -> None:
        while self._asked and not self._asked[0][1]:
            request, _ = self._asked.pop(0)
            bad = tuple(one.channel for one in self._electrodes if one.level is SignalLevel.BAD)
            self._learning.fit(request, bad)

    def _tell_signal(self) -> None:
        """Where there is too little without a gap to judge the electrodes, they are as they were judged last."""
        window = self._latest()
        if window is not None:
            found = signal_quality(window.data, window.rate_hz, window.channels)
            self._electrodes = tuple(ElectrodeSignal(one.channel, one.level, one.faults) for one in found)
        kept = 1.0 - sum(self._void) / len(self._void) if self._void else 1.0
        self._post(EegSignal(self._clock.now(), self._electrodes, kept))

    def _latest(self) -> EegChunk | None:
        until, montage = self._recent.until, self._montage
        if until is None or montage is None:
            return None
        for length_s in (WINDOW_S, LEAST_S):
            # A sample more: the first one of so many seconds lies a period after their beginning.
            window = self._recent.between(until - length_s - 1.0 / montage.rate_hz, until)
            if window is not None and len(window.t) >= LEAST_S * montage.rate_hz:
                return window
        return None


def _trim(table: dict[int, ShowFlashes] | dict[int, ShowOutcome]) -> None:
    while len(table) > SEQUENCES:
        del table[next(iter(table))]
