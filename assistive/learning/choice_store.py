"""assistive.learning: choices are written to their file, each with what it becomes later: taken back or not."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable
from pathlib import Path

from assistive.learning.choice import Began, Choice, Event, TakenBack
from assistive.learning.choice_file import COLUMNS, open_or_make

ROOM_FOR_THE_TEXT = 100 * 2**20  # what is learned from must not fill the disk that the text is kept on
STEPS_KEPT = 1000  # as many as the journal keeps of undo


class ChoiceStore:
    """The file, open for writing, by one thread of one Sayso; others may read it at the same time.

    Parameters
    ----------
    path : Path
        Made where it is not there.

    Raises
    ------
    OSError, sqlite3.Error, NewerFormat
        See `assistive.learning.choice_file.open_or_make`.
    """

    def __init__(self, path: Path) -> None:
        self._base = open_or_make(path)
        self._folder = path.parent
        self._steps: list[int] = []  # the choices that undo takes back, oldest first

    def write(self, events: Iterable[Event]) -> None:
        """Add these, all or none.

        Raises
        ------
        OSError, sqlite3.Error
            The disk refused, or is nearly full.
        """
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < ROOM_FOR_THE_TEXT:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        steps = list(self._steps)
        try:
            with self._base:
                for event in events:
                    self._add(event)
        except BaseException:
            self._steps = steps
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def _add(self, event: Event) -> None:
        match event:
            case Began():
                self._steps = self._aligned(event)
            case TakenBack():
                if self._steps:
                    taken = (event.t, self._steps.pop())
                    self._base.execute("UPDATE choices SET undone = ? WHERE id = ?", taken)
            case Choice():
                number = self._inserted(event)
                if event.undoable:
                    self._steps.append(number)

    def _inserted(self, choice: Choice) -> int:
        values = (
            choice.t,
            choice.input,
            choice.language,
            _storable(choice.model),
            _storable(choice.text),
            self._conversation(choice),
            choice.shown_s,
            choice.verb,
            _storable(choice.argument),
            choice.slot,
            None if choice.removed is None else _storable(choice.removed),
            None if choice.inserted is None else _storable(choice.inserted),
            choice.undoable,
        )
        marks = ", ".join("?" * len(values))
        row = self._base.execute(f"INSERT INTO choices ({COLUMNS}) VALUES ({marks})", values)
        number = int(row.lastrowid or 0)
        self._base.executemany(
            "INSERT INTO options VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (number, place, o.slot, _storable(o.text), o.probability, o.propensity, o.source)
                for place, o in enumerate(choice.shown)
            ],
        )
        return number

    def _conversation(self, choice: Choice) -> int:
        """The number of these turns: a conversation is kept once, not with each of its letters."""
        turns = [[turn.speaker.value, turn.text] for turn in choice.turns]
        said = (_storable(json.dumps(turns, ensure_ascii=False)),)
        self._base.execute("INSERT OR IGNORE INTO conversations (turns) VALUES (?)", said)
        ((number,),) = self._base.execute("SELECT id FROM conversations WHERE turns = ?", said)
        return int(number)

    def _aligned(self, began: Began) -> list[int]:
        """The choices that made the steps which undo would take back: as many as follow each other in both."""
        rows = self._base.execute(
            "SELECT id, removed, inserted FROM choices WHERE undoable AND undone IS NULL ORDER BY id DESC LIMIT ?",
            (STEPS_KEPT,),
        )
        found: list[int] = []
        for (number, removed, inserted), step in zip(rows, reversed(began.steps), strict=False):
            if (removed, inserted) != ((None, None) if step is None else tuple(map(_storable, step))):
                break
            found.append(int(number))
        return found[::-1]


def _storable(text: str) -> str:
    """Half a surrogate pair is no character and cannot be stored."""
    return text.encode("utf-8", "replace").decode("utf-8")
