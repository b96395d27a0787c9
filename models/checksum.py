"""models: the checksum of a file of any size."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

CHUNK_BYTES = 2**20


def sha256_of(path: Path, report: Callable[[int], None]) -> str:
    """Return the sha256 of the file at `path`, in hexadecimal; `report` gets the number of bytes read so far."""
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            done += len(chunk)
            report(done)
    return digest.hexdigest()
