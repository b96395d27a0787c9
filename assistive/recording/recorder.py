"""assistive.recording: the thread that writes a recording while the person goes on."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from assistive.boards.layout import Layout, load_layout
from assistive.durable import plain_reason
from assistive.messages import Incoming, JournalEntry, Outgoing, Selection, TextShown, Trouble, Utterance
from assistive.recording.format import Header
from assistive.recording.recording_file import RecordingFile
from devices.clock import Clock
from devices.i18n import N_

TROUBLE = "recording"
FLUSH_S = 0.5  # of real time: what a crash can cost
MOST_WAITING = 20_000  # messages: five minutes of a 60 Hz tracker
ROOM_FOR_THE_TEXT = 100 * 2**20  # a recording must not be what fills the disk that the text is kept on

_RECORDED = (Selection, JournalEntry, Utterance, TextShown)

_log = logging.getLogger(__name__)


class Recorder:
    """Writes one recording on its own thread; whoever hands messages over never waits.

    When the disk refuses, is nearly full or does not keep up, the recording stops and `post` is told;
    nothing else happens.

    Parameters
    ----------
    folder : Path
        Where the recording is made; its name is the time.
    header : Header
    post : callable
        Takes a Trouble, from any thread; must not block.
    clock : Clock
        Stamps it.
    layout_for : callable
        Gives the layout of a language.
    """

    def __init__(
        self,
        folder: Path,
        header: Header,
        post: Callable[[Trouble], None],
        clock: Clock,
        layout_for: Callable[[str], Layout] = load_layout,
    ) -> None:
        self._folder = folder
        self._header = header
        self._post = post
        self._clock = clock
        self._layout_for = layout_for
        self._news = threading.Condition()
        self._waiting: deque[Incoming | Outgoing] = deque()
        self._closing = False
        self._over = False
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def incoming(self, message: Incoming) -> None:
        """The engine is about to handle this."""
        self._take(message)

    def outgoing(self, message: Outgoing) -> None:
        """The engine answered with this."""
        if isinstance(message, _RECORDED):
            self._take(message)

    @property
    def stopped(self) -> bool:
        """Whether nothing more is recorded."""
        return self._over

    def close(self, timeout_s: float = 0.0) -> bool:
        """Complete the recording; return whether that was done within `timeout_s` of real time."""
        with self._news:
            self._closing = True
            self._news.notify()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _take(self, message: Incoming | Outgoing) -> None:
        with self._news:
            if self._over or self._closing:
                return
            self._waiting.append(message)
            if len(self._waiting) <= MOST_WAITING:
                return
        self._stop(N_("the disk does not answer"))

    def _run(self) -> None:
        try:
            file = self._made()
        except Exception as error:
            self._stop(self._reason(error))
            return
        try:
            while not self._over:
                with self._news:
                    self._news.wait_for(lambda: self._closing, FLUSH_S)
                    closing = self._closing
                    batch = list(self._waiting)
                    self._waiting.clear()
                if file.free_bytes() < ROOM_FOR_THE_TEXT:
                    self._stop(N_("the disk is full"))
                    break
                file.write(*batch)
                if closing:
                    file.complete()
                    return
        except Exception as error:
            self._stop(self._reason(error))
        file.close()

    def _made(self) -> RecordingFile:
        stem = time.strftime("%Y-%m-%d-%H%M%S")
        path, count = self._folder / f"{stem}.jsonl", 1
        while True:
            try:
                return RecordingFile(path, self._header, self._layout_for)
            except FileExistsError:
                if not os.path.lexists(path):  # it is the folder's name that is taken
                    raise
            count += 1
            path = self._folder / f"{stem}_{count}.jsonl"

    def _reason(self, error: Exception) -> str:
        if not isinstance(error, OSError):
            _log.error("something could not be recorded", exc_info=error)
        return plain_reason(error)

    def _stop(self, reason: str) -> None:
        with self._news:
            if self._over:
                return
            self._over = True
            self._waiting.clear()
        self._post(recording_stopped(self._clock.now(), reason))


def recording_stopped(t: float, reason: str) -> Trouble:
    """What the person reads when their recording ends without their will."""
    return Trouble(
        t,
        TROUBLE,
        f"The recording has stopped: {reason}.",
        N_("Writing and speaking work. What was recorded until then is kept."),
        N_("When there is room on the disk, switch the recording off and on again in the settings."),
    )
