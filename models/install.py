"""models: landing verified files in the weights folder, all or nothing."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO

from models.catalog import Entry
from models.checksum import sha256_of
from models.weights import MARKER, WeightsError, weights_dir

# Weights never take the room that the person's text needs.
RESERVED_BYTES = 100 * 10**6

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on one entry is.

    Parameters
    ----------
    name : str
        The entry.
    stage : {"download", "copy", "verify"}
        They follow each other; each goes from 0 to `total_bytes`.
    done_bytes, total_bytes : int
        Bytes of the finished files, not of the wheels they came in.
    """

    name: str
    stage: Literal["download", "copy", "verify"]
    done_bytes: int
    total_bytes: int


def no_progress(progress: Progress) -> None:
    """Tell nobody."""


def still_works(kind: str, tr: Callable[[str], str]) -> str:
    """Return a sentence that says what works without weights of `kind`."""
    return {
        "language": tr("The letters work, and words still come from the word list."),
        "face": tr("The pointer, the switch and other eye trackers still work."),
        "voice": tr("Speech still comes from the espeak voice."),
    }[kind]


def private_folder(path: Path) -> None:
    """Make the folder `path`, and any that is missing above it, for the owner alone."""
    for folder in reversed([path, *path.parents]):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)


@contextlib.contextmanager
def workplace(entry: Entry, tr: Callable[[str], str]) -> Iterator[Path]:
    """Give a private folder to gather `entry`'s files in, on the disk where they will land, to one process at a time.

    Raises
    ------
    WeightsError
        Another process is at it, or the disk is full or not writable; a full disk gets its room back.
    """
    folder = weights_dir() / ".fetching" / entry.name
    try:
        private_folder(folder)
        with _locked(folder.with_name(f"{entry.name}.lock")):
            yield folder
    except BlockingIOError as error:
        raise WeightsError(
            tr("{title} is being fetched by another Sayso.").format(title=entry.title),
            still_works(entry.kind, tr),
            tr("Wait until it is done."),
        ) from error
    except OSError as error:
        if error.errno in _FULL:
            shutil.rmtree(folder, ignore_errors=True)
            raise full_disk(entry, tr) from error
        raise WeightsError(
            tr("{title} cannot be stored in {folder} ({detail}).").format(
                title=entry.title, folder=weights_dir(), detail=error.strerror or error
            ),
            still_works(entry.kind, tr),
            tr("Check that this user may write there, or set SAYSO_WEIGHTS to another folder."),
        ) from error


def require_room(entry: Entry, needed_bytes: int, tr: Callable[[str], str]) -> None:
    """Raise WeightsError if the disk has not `needed_bytes` and some reserve for the person's text."""
    if shutil.disk_usage(weights_dir()).free < needed_bytes + RESERVED_BYTES:
        raise full_disk(entry, tr, needed_bytes + RESERVED_BYTES)


def full_disk(entry: Entry, tr: Callable[[str], str], needed_bytes: int | None = None) -> WeightsError:
    """Return the error for a disk without room."""
    happened = tr("There is not enough room on the disk for {title}.").format(title=entry.title)
    needed = -(-(needed_bytes or 2 * entry.size + RESERVED_BYTES) // 10**6)
    return WeightsError(
        happened,
        still_works(entry.kind, tr),
        tr(
            "Free {needed} MB in {folder} and try again, or set SAYSO_WEIGHTS to a folder on another disk."
        ).format(needed=needed, folder=weights_dir()),
    )


def wrong_file(entry: Entry, folder: Path, progress: Callable[[Progress], None]) -> str | None:
    """Return the name of the first file of `entry` in `folder` that cannot be read or is not what the catalog says."""
    before = 0
    for file in entry.files:

        def report(done: int, before: int = before) -> None:
            progress(Progress(entry.name, "verify", before + done, entry.size))

        path = folder / file.name
        try:
            if path.stat().st_size != file.size or sha256_of(path, report) != file.sha256:
                return file.name
        except OSError:
            return file.name
        before += file.size
    return None


def land(entry: Entry, folder: Path) -> Path:
    """Move the verified files of `entry` from `folder` to their place and return the one to load."""
    place = weights_dir() / entry.name
    private_folder(place)
    for file in entry.files:
        (folder / file.name).chmod(0o600)
        _sync(folder / file.name)
    for file in entry.files:
        (folder / file.name).replace(place / file.name)
    _sync(place)
    write_marker(entry)
    shutil.rmtree(folder, ignore_errors=True)
    return place / entry.files[0].name


def write_marker(entry: Entry) -> None:
    """Note that the files of `entry` in their place were verified, as they are now."""
    place = weights_dir() / entry.name
    lines = []
    for file in entry.files:
        status = (place / file.name).stat()
        lines.append(f"{file.sha256}\t{status.st_size}\t{status.st_mtime_ns}\t{file.name}\n")
    write_private(place / MARKER, "".join(lines))


def write_private(path: Path, text: str) -> None:
    """Write a small file atomically, for the owner alone."""
    new = path.with_name(f"{path.name}.new")
    with _open_private(new) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _sync(path.parent)


def _open_private(path: Path) -> TextIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system drops when the process dies."""
    with _open_private(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
