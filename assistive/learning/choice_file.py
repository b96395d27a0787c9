"""assistive.learning: the SQLite file that choices are kept in: its tables, opening it, and taking it away.

docs/choices.md describes the tables for people.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from assistive.durable import plain_reason

FORMAT = 1
WAIT_S = 5.0  # for another program that is using the file

COLUMNS = "t, input, language, model, text, conversation, shown_s, verb, argument, slot, removed, inserted, undoable"
"""The columns of a choice that do not change any more once it is written."""

_APPLICATION = 0x53617973  # "Says": whose file it is
_TABLES = """
CREATE TABLE conversations (id INTEGER PRIMARY KEY, turns TEXT NOT NULL UNIQUE);
CREATE TABLE choices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    t REAL NOT NULL,
    input TEXT NOT NULL,
    language TEXT NOT NULL,
    model TEXT NOT NULL,
    text TEXT NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations,
    shown_s REAL NOT NULL,
    verb TEXT NOT NULL,
    argument TEXT NOT NULL,
    slot TEXT NOT NULL,
    removed TEXT,
    inserted TEXT,
    undoable INTEGER NOT NULL,
    undone REAL
);
CREATE TABLE options (
    choice INTEGER NOT NULL REFERENCES choices,
    place INTEGER NOT NULL,
    slot TEXT NOT NULL,
    text TEXT NOT NULL,
    probability REAL,
    propensity REAL NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (choice, place)
) WITHOUT ROWID;
"""
_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")


class NewerFormat(Exception):
    """The file was made by a newer Sayso; it stays as it is."""


class NotAChoiceLog(sqlite3.DatabaseError):
    """The file is a database, but somebody else's."""


def open_or_make(path: Path) -> sqlite3.Connection:
    """Open the file for writing; make it, readable by its owner alone, where there is none.

    Raises
    ------
    OSError, sqlite3.Error
        It cannot be made or opened; see `is_damaged`.
    NewerFormat
        It has a format that this Sayso does not know.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)
    return _connected(path, new=_made)


def open_existing(path: Path) -> sqlite3.Connection:
    """Open the file if there is one; one without tables is none.

    Raises
    ------
    OSError, sqlite3.Error
        There is none (FileNotFoundError), or it cannot be read; see `is_damaged`.
    NewerFormat
        It has a format that this Sayso does not know.
    """
    path.open("rb").close()  # says what is wrong with it in the words of the system
    return _connected(path, new=_not_there)


def remove(path: Path) -> None:
    """Take the file away with all that lies beside it: unfinished changes, damaged ones, one that was put away.

    Raises
    ------
    OSError
        It is still there.
    """
    for each in (path, *path.parent.glob(f"{path.name}[-.]*")):
        each.unlink(missing_ok=True)


def is_damaged(error: Exception) -> bool:
    """Whether the file is none of this kind, and not merely out of reach for the moment."""
    return isinstance(error, NotAChoiceLog) or getattr(error, "sqlite_errorname", "").startswith(_DAMAGED)


def why_not(error: Exception, tr: Callable[[str], str] = str) -> str:
    """Say in plain words why the file could not be read or written (part of a sentence)."""
    if isinstance(error, NewerFormat):
        return tr("it was made by a newer Sayso")
    if is_damaged(error):
        return tr("the file is damaged")
    name = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
    match name:
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return tr("another program is using it")
        case "SQLITE_FULL":
            code = errno.ENOSPC
        case "SQLITE_READONLY":
            code = errno.EROFS
        case "SQLITE_CANTOPEN" | "SQLITE_PERM":
            code = errno.EACCES
        case "SQLITE_IOERR":
            code = errno.EIO
        case _:
            return plain_reason(error, tr)
    return plain_reason(OSError(code, os.strerror(code)), tr)


def _connected(path: Path, new: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    # Whoever only reads may have to write too: what a crash left half done is taken back first.
    base = sqlite3.connect(path, timeout=WAIT_S)
    try:
        base.execute("PRAGMA secure_delete = ON")
        ((version,),) = base.execute("PRAGMA user_version")
        ((application,),) = base.execute("PRAGMA application_id")
        if application == 0 and not base.execute("SELECT 1 FROM sqlite_master").fetchone():
            new(base)
        elif application != _APPLICATION:
            raise NotAChoiceLog("not a log of choices")
        elif version != FORMAT:
            raise NewerFormat(f"format {version}")
    except BaseException:
        base.close()
        raise
    return base


def _made(base: sqlite3.Connection) -> None:
    base.executescript(
        f"BEGIN;{_TABLES}PRAGMA user_version = {FORMAT};PRAGMA application_id = {_APPLICATION};COMMIT;"
    )


def _not_there(base: sqlite3.Connection) -> None:
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
