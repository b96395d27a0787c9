"""models: smaller copies of language models, made on this computer from verified weights.

Each lies in a folder of its own with the files of its licence and a note of what it was made of
(`models.weights.slim_of` finds it). `models.language.slim` says what is left out.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from models.checksum import sha256_of
from models.gguf_header import GgufError, check_gguf
from models.install import RESERVED_BYTES, private_folder, write_private
from models.language.errors import ModelError
from models.weights import MARKER, WeightsError, read_marker, slim_folder, slim_of


def make_slim(source: Path, beside: Sequence[Path] = (), tr: Callable[[str], str] = str) -> Path:
    """Make the smaller copy of the language model `source`, unless it is there, and return it.

    It is compared with the model before it takes its place: the same tokens, the same probabilities.

    Parameters
    ----------
    source : Path
        A GGUF file, absolute.
    beside : sequence of Path
        Files that must stay with the model: its licence and notices.
    tr : callable
        Translates the sentences of an error.

    Raises
    ------
    WeightsError
        There is no room, or the copy cannot be made of this model.
    """
    if (ready := slim_of(source)) is not None:
        return ready
    try:
        check_gguf(source, tr)
        return _make(source, beside)
    except GgufError as error:
        raise WeightsError(error.happened, error.still_works, error.to_do) from error
    except ModelError as error:
        raise WeightsError(
            _happened(source, str(error), tr), _still_works(tr), tr("Nothing has to be done.")
        ) from error
    except OSError as error:
        raise WeightsError(
            _happened(source, error.strerror or str(error), tr),
            _still_works(tr),
            tr("Free some room in {folder} and run `sayso models slim`.").format(folder=slim_folder(source)),
        ) from error


def verify_slim(source: Path, tr: Callable[[str], str] = str) -> None:
    """Compare the smaller copy of `source`, if there is one, with its checksum.

    Raises
    ------
    WeightsError
        It is damaged; it is not used any more.
    """
    slim = slim_of(source)
    if slim is None:
        return
    if sha256_of(slim, lambda done: None) != read_marker(slim.parent)[slim.name]:
        (slim.parent / MARKER).unlink()
        raise WeightsError(
            tr("The smaller copy of the language model {path} is damaged.").format(path=slim),
            _still_works(tr),
            tr("Run `sayso models slim` to make it again."),
        )


def _make(source: Path, beside: Sequence[Path]) -> Path:
    from models.language.slim import write_slim
    from models.language.slim_check import check_slim

    folder = slim_folder(source)
    private_folder(folder)
    with _private(folder / "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (ready := slim_of(source)) is not None:  # another process has made it meanwhile
            return ready
        if shutil.disk_usage(folder).free < source.stat().st_size + RESERVED_BYTES:
            raise OSError(None, "there is not enough room on the disk")
        slim = folder / f"{source.stem}-latin-cyrillic.gguf"
        new = slim.with_suffix(".new")
        try:
            before = source.stat()
            digest = sha256_of(source, lambda done: None)
            if read_marker(source.parent).get(source.name, digest) != digest:
                raise ModelError("its checksum has changed: run `sayso models verify`")
            with _private(new) as file:
                kept = write_slim(source, digest, file)
                file.flush()
                os.fsync(file.fileno())
            check_slim(source, new, kept)
            for path in beside:
                shutil.copyfile(path, folder / path.name)
                (folder / path.name).chmod(0o600)
            new.replace(slim)
        finally:
            new.unlink(missing_ok=True)
        lines = [
            f"{sha}\t{status.st_size}\t{status.st_mtime_ns}\t{name}\n"
            for sha, status, name in (
                (sha256_of(slim, lambda done: None), slim.stat(), slim.name),
                (digest, before, source),
            )
        ]
        write_private(folder / MARKER, "".join(lines))
        return slim


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _happened(source: Path, detail: str, tr: Callable[[str], str]) -> str:
    return tr("No smaller copy of the language model {path} could be made ({detail}).").format(
        path=source, detail=detail
    )


def _still_works(tr: Callable[[str], str]) -> str:
    return tr("The whole model is used: it proposes the same, more slowly.")
