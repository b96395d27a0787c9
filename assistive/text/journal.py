"""assistive.text: the journal on disk. Only ever appended to; whatever was acknowledged is there after any crash.

One record a line, ``CRC32 LENGTH JSON``: the checksum (eight hexadecimal digits) and the length in bytes
are those of the JSON. A record counts when it is complete up to its newline and its checksum is right. The
JSON is UTF-8, so that a person can read the file; half a surrogate pair, which UTF-8 has no form for, is
written the way Python's "surrogatepass" does. What the payload of each kind means is told by history.py.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assistive.durable import (
    copy_aside,
    plain_reason,
    set_aside,
    sync_folder,
    write_all,
    write_atomically,
)
from assistive.messages import JournalEntry

MAX_RECORD_BYTES = 64 * 2**20

_RECORD = re.compile(rb"([0-9a-f]{8}) ([1-9][0-9]*) (.*)\n", re.DOTALL)
_UNFINISHED = re.compile(rb"[0-9a-f]{0,8}|[0-9a-f]{8} [0-9]*|[0-9a-f]{8} [0-9]+ [^\n]*")


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was found when the journal was opened.

    Parameters
    ----------
    entries : int
        How many records were read.
    aside : Path, optional
        Where the part that could not be read is kept.
    what, works, todo : str
        Words for the person, as in `assistive.messages.Trouble`; empty when all was well.
    """

    entries: int
    aside: Path | None = None
    what: str = ""
    works: str = ""
    todo: str = ""


def encode(entry: JournalEntry) -> bytes:
    """Return the record of an entry, newline included.

    Raises
    ------
    TypeError, ValueError
        The payload is not JSON-ready, or larger than 64 MiB.
    """
    fields = {"n": entry.number, "t": entry.t, "kind": entry.kind, "data": entry.data}
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    payload = text.encode("utf-8", "surrogatepass")
    if len(payload) > MAX_RECORD_BYTES:
        raise ValueError(f"a journal entry of {len(payload)} bytes is larger than {MAX_RECORD_BYTES}")
    return b"%08x %d %b\n" % (zlib.crc32(payload), len(payload), payload)


def decode(line: bytes) -> JournalEntry | None:
    """Return the entry in a record (newline included), or None if it is broken."""
    record = _RECORD.fullmatch(line)
    if record is None:
        return None
    checksum, length, payload = record.groups()
    if len(payload) != int(length) or zlib.crc32(payload) != int(checksum, 16):
        return None
    try:
        fields = json.loads(payload.decode("utf-8", "surrogatepass"))
        return JournalEntry(fields["t"], fields["n"], fields["kind"], fields["data"])
    except (ValueError, KeyError, TypeError, RecursionError):
        # The checksum is right, so somebody else wrote this line.
        return None


class Journal:
    """The file that entries are appended to. Get one from `open_journal`.

    Parameters
    ----------
    path : Path
        The file; it and its folder are made when the first entry comes.
    length : int
        How many bytes of the file are intact records.
    broken : bool
        Bytes that are not ours follow them; they are set aside before anything is written.
    """

    def __init__(self, path: Path, length: int = 0, *, broken: bool = False) -> None:
        self.path = path
        self._length = length
        self._broken = broken
        self._descriptor: int | None = None

    def append(self, *entries: JournalEntry) -> None:
        """Put entries on disk, in order; when this returns they survive a power cut.

        Raises
        ------
        OSError
            None of the entries may be relied on; the next call cuts the file back to what is intact first.
        """
        self.append_records([encode(entry) for entry in entries])

    def append_records(self, records: Sequence[bytes]) -> None:
        """Put records made by `encode` on disk with one write and one fsync; see `append`."""
        data = b"".join(records)
        if self._descriptor is not None and self._taken_away(self._descriptor):
            self._bring_back(self._descriptor)
        try:
            descriptor = self._ready()
            write_all(descriptor, data)
            os.fsync(descriptor)
        except OSError:
            self.close()
            raise
        self._length += len(data)

    def compact(self, entries: Iterable[JournalEntry]) -> None:
        """Replace everything by `entries` (which keep their numbers), atomically.

        Raises
        ------
        OSError
            The disk refused; the journal is as it was.
        """
        data = b"".join(encode(entry) for entry in entries)
        self.settle()
        write_atomically(self.path, data)
        self.close()
        self._length = len(data)

    def settle(self) -> Path | None:
        """Set broken bytes aside and cut the file to its intact records; return where they are now."""
        if not self._broken:
            return None
        if self._length == 0:
            aside = set_aside(self.path)
        else:
            aside = copy_aside(self.path, self._length)
            os.truncate(self.path, self._length)
        self._broken = False
        return aside

    def close(self) -> None:
        """Let go of the file; `append` opens it again."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None

    def _ready(self) -> int:
        if self._descriptor is None:
            self.settle()
            self._descriptor = self._open()
        return self._descriptor

    def _taken_away(self, descriptor: int) -> bool:
        held = os.fstat(descriptor)
        if held.st_nlink > 0:
            return False
        # A few file systems count no links at all, so the name has the last word.
        try:
            return not os.path.samestat(held, self.path.stat())
        except FileNotFoundError:
            return True

    def _bring_back(self, descriptor: int) -> None:
        """Write the file anew: somebody deleted or replaced it, but its content is still in our hands."""
        data = os.pread(descriptor, self._length, 0)
        if os.path.lexists(self.path):
            set_aside(self.path)
        write_atomically(self.path, data)
        self.close()

    def _open(self) -> int:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            with contextlib.suppress(PermissionError):
                os.fchmod(descriptor, 0o600)
            size = os.fstat(descriptor).st_size
            if size < self._length:
                # Somebody cut the file while it was closed: go on after its last whole record.
                with self.path.open("rb") as file:
                    self._length = _read(file)[1]
            if size != self._length:
                # What a failed write left behind; its entries will be written again.
                os.ftruncate(descriptor, self._length)
            os.fsync(descriptor)
            sync_folder(self.path.parent)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor


def open_journal(path: Path, tr: Callable[[str], str] = str) -> tuple[Journal, list[JournalEntry], Recovery]:
    """Read a journal and make it ready for more. Never raises for what it finds on the disk.

    Parameters
    ----------
    path : Path
        Need not exist.
    tr : callable
        Translates the words for the person.

    Returns
    -------
    journal : Journal
    entries : list of JournalEntry
        Everything before the first record that is not intact.
    recovery : Recovery
        What could not be read, where it is kept, and what to tell the person.
    """
    try:
        # Reading a pipe or a device could wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            return _begin_anew(path, tr("it is not a file"), tr)
        with path.open("rb") as file:
            entries, length = _read(file)
            file.seek(length)
            rest = file.read(MAX_RECORD_BYTES)
    except FileNotFoundError:
        return Journal(path), [], Recovery(0)
    except OSError as error:
        return _begin_anew(path, plain_reason(error, tr), tr)
    if not rest:
        return Journal(path, length), entries, Recovery(len(entries))
    torn = _UNFINISHED.fullmatch(rest) is not None
    if not entries and not torn:
        return _begin_anew(path, tr("it holds something else"), tr)
    journal = Journal(path, length, broken=True)
    aside = _try_to_settle(journal)
    if torn:
        what = tr("The last choice before Sayso stopped was not completely on the disk.")
    else:
        what = tr("The saved text is damaged: what came after step {number} cannot be read.").format(
            number=entries[-1].number if entries else 0
        )
    works = tr("Everything before it is here. Writing and speaking work.")
    return journal, entries, Recovery(len(entries), aside, what, works, _where(path, aside, tr))


def _begin_anew(
    path: Path, why: str, tr: Callable[[str], str]
) -> tuple[Journal, list[JournalEntry], Recovery]:
    journal = Journal(path, broken=True)
    aside = _try_to_settle(journal)
    what = tr("The saved text in {path} cannot be read: {reason}.").format(path=path, reason=why)
    works = tr("Writing and speaking work; you begin with an empty text.")
    return journal, [], Recovery(0, aside, what, works, _where(path, aside, tr))


def _try_to_settle(journal: Journal) -> Path | None:
    # A disk that refuses now is told about when the first entry cannot be written.
    with contextlib.suppress(OSError):
        return journal.settle()
    return None


def _where(path: Path, aside: Path | None, tr: Callable[[str], str]) -> str:
    if aside is None:
        return tr("Nothing was deleted: {path} is as it was. Somebody should look at the disk.").format(
            path=path
        )
    return tr("Nothing was deleted: what could not be read is kept in {path}.").format(path=aside)


def _read(file: BinaryIO) -> tuple[list[JournalEntry], int]:
    """Return the intact entries from the start of a file, and how many bytes they take."""
    entries: list[JournalEntry] = []
    length = 0
    while (entry := decode(line := file.readline(MAX_RECORD_BYTES + 100))) is not None:
        entries.append(entry)
        length += len(line)
    return entries, length
