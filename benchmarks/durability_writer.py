"""benchmarks: the app without a window, fed with choices as fast as it accepts them, until it is killed.

Every accepted selection is reported as a JSON line on standard output the moment its entry is on disk.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time

from assistive.audio_output import FakeAudioOutput
from assistive.boards.board import Board, Geometry, TargetKind, Verb
from assistive.folders import find_folders
from assistive.messages import (
    BoardShown,
    Incoming,
    JournalAcked,
    JournalEntry,
    Outgoing,
    Press,
    WindowGeometry,
)
from assistive.session import Session
from assistive.settings import Settings
from assistive.supervisor import die_with_parent
from devices.clock import LslClock
from models.language.messages import ModelState, ModelStatus

WANTED = {
    Verb.WRITE,
    Verb.WORD,
    Verb.DELETE_LETTER,
    Verb.DELETE_WORD,
    Verb.UNDO,
    Verb.SPEAK,
    Verb.OPEN,
    Verb.CLEAR,
}


class Writer:
    """Presses a random target each time the last choice is on disk, and reports what is on disk."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._board = Board("", ())
        self._entries: dict[int, JournalEntry] = {}
        self._lock = threading.Lock()
        self.turn = threading.Event()
        self.session: Session | None = None

    def watch(self, message: Incoming | Outgoing) -> None:
        """Follow the engine; from any thread."""
        if isinstance(message, BoardShown):
            self._board = message.board
        elif isinstance(message, JournalEntry):
            with self._lock:
                self._entries[message.number] = message
        elif isinstance(message, JournalAcked):
            self._report(message.number)
            self.turn.set()
        elif isinstance(message, ModelStatus) and message.state in (ModelState.READY, ModelState.LOST):
            pid = self.session.model_pid if self.session is not None else None
            self._say({"model": message.state.value, "pid": pid})

    def press(self, t: float) -> Press | None:
        """The next press: mostly letters and words, sometimes something else."""
        targets = [x for x in self._board.targets if x.choosable and x.action.verb in WANTED]
        if not targets:
            return None
        plain = [x for x in targets if x.kind in (TargetKind.LETTER, TargetKind.WORD, TargetKind.GROUP)]
        pool = plain if plain and self._random.random() < 0.85 else targets
        target = self._random.choice(pool)
        return Press(t, target.id, target.label)

    def _report(self, number: int) -> None:
        with self._lock:
            ready = [self._entries.pop(n) for n in sorted(self._entries) if n <= number]
            for entry in ready:
                self._say({"number": entry.number, "kind": entry.kind, "data": entry.data})

    def _say(self, what: dict[str, object]) -> None:
        os.write(1, (json.dumps(what) + "\n").encode())


def main() -> None:
    """Write until killed. argv: seed, 1 with the model or 0 without."""
    die_with_parent()
    writer = Writer(int(sys.argv[1]))
    clock = LslClock()
    folders, troubles = find_folders()
    session = Session(folders, Settings(), clock, lambda _: None, FakeAudioOutput(), troubles, writer.watch)
    writer.session = session
    session.start()
    session.post(WindowGeometry(clock.now(), Geometry(1920, 1080, 531, 299)))
    session.start_helpers(model=sys.argv[2] == "1")
    # Without the model as fast as the disk answers; with it slower, so that its child can load beside it.
    pause_s = 0.02 if sys.argv[2] == "1" else 0.0
    while True:
        if pause_s:
            time.sleep(pause_s)
        press = writer.press(clock.now())
        if press is not None:
            writer.turn.clear()
            session.post(press)
        writer.turn.wait(0.02)


if __name__ == "__main__":
    main()
