"""assistive: files that are whole or not there: atomic writes, setting aside, and why a disk refused."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable
from pathlib import Path

_UNSUPPORTED = {errno.EINVAL, errno.ENOTSUP}


def sync_folder(folder: Path) -> None:
    """Put a folder's list of names on disk, so that a new or renamed file survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network and memory-card file systems cannot do this; then nobody can.
        if error.errno not in _UNSUPPORTED:
            raise
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte, however short the single writes are.

    Raises
    ------
    OSError
        The disk refused; some of the bytes may have been written.
    """
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file's content: after a crash at any moment the old or the new content is there, whole.

    The file is readable by its owner alone; a symbolic link stays one.

    Raises
    ------
    OSError
        The disk refused; the old content is untouched.
    """
    path = Path(os.path.realpath(path))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # One fixed name: what a crash leaves behind is overwritten by the next try instead of piling up.
    new = path.with_name(f".{path.name}.new")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def set_aside(path: Path) -> Path:
    """Give a file a dated name beside its old one, and return that name."""
    aside = _dated_name(path)
    path.rename(aside)
    sync_folder(aside.parent)
    return aside


def copy_aside(path: Path, start: int = 0) -> Path:
    """Copy a file's bytes from `start` on to a dated name beside it, on disk, and return that name."""
    # Rarely needed, and slow to import where every start passes by.
    import shutil

    aside = _dated_name(path)
    try:
        with path.open("rb") as source, open(aside, "xb", opener=open_private) as copy:
            source.seek(start)
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
    except OSError:
        # Half a copy helps nobody, and the original is still there.
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    sync_folder(aside.parent)
    return aside


def plain_reason(error: BaseException, tr: Callable[[str], str] = str) -> str:
    """Say in plain words why a file could not be written or read (part of a sentence)."""
    match error.errno if isinstance(error, OSError) else None:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return tr("the disk is full")
        case errno.EROFS:
            return tr("the disk can only be read")
        case errno.EACCES | errno.EPERM:
            return tr("Sayso has no permission there")
        case errno.ENOENT | errno.ENOTDIR | errno.EISDIR | errno.EEXIST:
            return tr("the folder is not there")
        case errno.EIO | errno.ENXIO | errno.ENODEV:
            return tr("the disk does not answer")
        case _:
            detail = error.strerror if isinstance(error, OSError) else None
            return detail or str(error) or type(error).__name__


def open_private(path: str, flags: int) -> int:
    """Open a file that only its owner can read (an opener for ``open``)."""
    return os.open(path, flags, 0o600)


def _dated_name(path: Path) -> Path:
    """Return a name that is free: ``journal.aside-2026-11-24-075312``, then ``...-2``, ``...-3``."""
    stem = f"{path.name}.aside-{time.strftime('%Y-%m-%d-%H%M%S')}"
    name, count = path.with_name(stem), 1
    while os.path.lexists(name):
        count += 1
        name = path.with_name(f"{stem}-{count}")
    return name
