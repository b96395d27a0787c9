"""assistive.eeg: the thread between the amplifier, the window's onsets and the engine.

What it needs of numpy, MNE and scikit-learn is loaded in the thread when the first of it comes: who does not use EEG does
not wait for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from assistive.eeg.imagined import BoardReader, is_imagined
from assistive.eeg.marker_text import BoardMark
from assistive.eeg.messages import (
    ChoiceJudged,
    EegCalibrating,
    EegFitRequest,
    FlashShown,
    OutcomeShown,
    ShowFlashes,
    ShowOutcome,
    StopFlashes,
)
from assistive.messages import BoardShown, Incoming, SettingsChanged, TextShown
from assistive.settings import Settings
from devices.clock import Clock
from devices.driver import Emitted
from devices.mailbox import Mailbox
from devices.samples import DeviceStatus, EegChunk, Marker

if TYPE_CHECKING:
    from assistive.eeg.hearing import Hearing
    from assistive.eeg.learning import Answered

WAITING_CHUNKS = 600  # some 20 s of EEG
TICK_S = 0.25

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Numbered:
    """A chunk, counted as it came in: a missing number is a gap."""

    number: int
    chunk: EegChunk


@dataclass(frozen=True, slots=True, eq=False)
class _Later:
    answer: Answered


@dataclass(frozen=True, slots=True)
class _Read:
    t: float
    mark: BoardMark


@dataclass(frozen=True, slots=True)
class _End:
    closing_s: float


_Asked: TypeAlias = ShowFlashes | ShowOutcome | StopFlashes | EegCalibrating | EegFitRequest | ChoiceJudged
_Heard: TypeAlias = (
    _Numbered | Marker | DeviceStatus | FlashShown | OutcomeShown | _Asked | SettingsChanged | _Later | _Read
)


class EegListener:
    """Hears the EEG, scores what flashes, fits models; all calls return at once.

    Parameters
    ----------
    folder : Path
        This person's EEG: models, what they learn from, recordings.
    post : callable
        Takes what is for the engine; from several threads.
    clock : Clock
    tr : callable
        Translates what a person sees.
    settings : Settings
        Until a `SettingsChanged` comes.
    """

    def __init__(
        self,
        folder: Path,
        post: Callable[[Incoming], None],
        clock: Clock,
        tr: Callable[[str], str],
        settings: Settings,
    ) -> None:
        self._folder, self._post, self._clock, self._tr, self._settings = folder, post, clock, tr, settings
        self._reader = BoardReader()  # belongs to the engine's thread
        self._mailbox: Mailbox[_Heard | _End] = Mailbox(WAITING_CHUNKS, droppable=(_Numbered,))
        self._chunks = self._heard = 0
        self._hearing: Hearing | None = None
        self._all_written = True
        self._thread = threading.Thread(target=self._run, name="eeg", daemon=True)
        self._thread.start()

    def sample(self, emitted: Emitted) -> None:
        """Take what the EEG driver emits, from its thread; anything else is passed over."""
        if isinstance(emitted, EegChunk):
            self._chunks += 1
            self._mailbox.put(_Numbered(self._chunks, emitted))
        elif isinstance(emitted, Marker | DeviceStatus):
            self._mailbox.put(emitted)

    def shown(self, message: object) -> None:
        """Take when a flash or an outcome was shown, from the window's thread; anything else is passed over."""
        if isinstance(message, FlashShown | OutcomeShown):
            self._mailbox.put(message)

    def outgoing(self, message: object) -> None:
        """Take what the engine sends out; what has nothing to do with EEG is passed over."""
        if isinstance(message, BoardShown | TextShown):
            self._reader.take(message)
        elif isinstance(message, _Asked | SettingsChanged):
            if isinstance(message, ShowFlashes) and is_imagined(self._settings.eeg):
                self._mailbox.put(_Read(message.t, self._reader.mark(message)))
            self._mailbox.put(message)

    def close(self, timeout_s: float) -> bool:
        """Write what is to be written and end; False: the disk did not answer in time."""
        self._mailbox.put(_End(timeout_s))
        self._thread.join(timeout_s)
        return not self._thread.is_alive() and self._all_written

    def _run(self) -> None:
        while not isinstance(message := self._mailbox.get(None if self._hearing is None else TICK_S), _End):
            try:
                if message is not None:
                    self._take(message)
                # While something waits, the samples that are missed may be in it.
                if self._hearing is not None and not len(self._mailbox):
                    self._hearing.tick()
            # One strange message must not end the EEG of the whole day.
            except Exception:
                _log.exception("something about the EEG went wrong")
        if self._hearing is not None:
            self._all_written = self._hearing.close(message.closing_s)

    def _take(self, message: _Heard) -> None:
        if isinstance(message, SettingsChanged):
            self._settings = message.settings
            if self._hearing is not None:
                self._hearing.apply(message.settings)
            return
        hearing = self._hear()
        match message:
            case _Numbered(number, chunk):
                missing, self._heard = number != self._heard + 1, number
                hearing.chunk(replace(chunk, gap=True) if missing else chunk)
            case Marker():
                hearing.marker(message)
            case DeviceStatus():
                hearing.status(message)
            case FlashShown() | OutcomeShown():
                hearing.shown(message)
            case _Later(answer):
                hearing.answer(answer)
            case _Read(t, mark):
                hearing.read(t, mark)
            case _:
                hearing.asked(message)

    def _hear(self) -> Hearing:
        if self._hearing is None:
            from assistive.eeg.hearing import Hearing

            self._hearing = Hearing(
                self._folder,
                self._post,
                lambda answer: self._mailbox.put(_Later(answer)),
                self._clock,
                self._tr,
                self._settings,
            )
        return self._hearing
