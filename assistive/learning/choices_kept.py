"""assistive.learning: the choices that were kept: to read, and to erase."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistive.learning.choice import Choice, Option
from assistive.learning.choice_file import COLUMNS, NewerFormat, is_damaged, open_existing, remove
from models.language.messages import Speaker, Turn


@dataclass(frozen=True, slots=True)
class KeptChoice:
    """A choice from the file.

    `number` grows from choice to choice; `undone` is when it was taken back, in seconds since 1970, or None.
    """

    number: int
    choice: Choice
    undone: float | None


def read_choices(path: Path) -> Iterator[KeptChoice]:
    """Yield the choices, oldest first.

    Raises
    ------
    OSError, sqlite3.Error
        There is no such file, or it cannot be read; see `assistive.learning.choice_file.is_damaged`.
    NewerFormat
        It has a format that this Sayso does not know.
    """
    with contextlib.closing(open_existing(path)) as base:
        base.execute("BEGIN")  # the choices and their options are those of one moment
        turns = {
            number: tuple(Turn(Speaker(speaker), text) for speaker, text in json.loads(said))
            for number, said in base.execute("SELECT id, turns FROM conversations")
        }
        for number, undone, *row in base.execute(f"SELECT id, undone, {COLUMNS} FROM choices ORDER BY id"):
            (
                t,
                how,
                language,
                model,
                text,
                said,
                shown_s,
                verb,
                argument,
                slot,
                removed,
                inserted,
                undoable,
            ) = row
            options = base.execute(
                "SELECT slot, text, probability, propensity, source FROM options WHERE choice = ? ORDER BY place",
                (number,),
            )
            shown = tuple(Option(*option) for option in options)
            before = (t, how, language, model, text, turns[said], shown, shown_s)
            chosen = (verb, argument, slot, removed, inserted, bool(undoable))
            yield KeptChoice(number, Choice(*before, *chosen), undone)


def erase_choices(path: Path) -> int | None:
    """Erase all choices, and what lies beside them; return how many there were (None: that cannot be told).

    A Sayso that is running goes on with the empty file.

    Raises
    ------
    OSError, sqlite3.Error
        They are still there.
    """
    n: int | None = 0
    if os.path.lexists(path):
        try:
            with contextlib.closing(open_existing(path)) as base:
                n = _emptied(base)
        except (sqlite3.DatabaseError, NewerFormat, FileNotFoundError) as error:
            if isinstance(error, sqlite3.DatabaseError) and not is_damaged(error):
                raise
            remove(path)
            n = 0 if isinstance(error, FileNotFoundError) else None
    for beside in path.parent.glob(f"{path.name}.*"):
        remove(beside)
    return n


def _emptied(base: sqlite3.Connection) -> int:
    with base:
        ((n,),) = base.execute("SELECT count(*) FROM choices")
        for table in ("options", "choices", "conversations"):
            base.execute(f"DELETE FROM {table}")
    base.execute("VACUUM")
    return int(n)
