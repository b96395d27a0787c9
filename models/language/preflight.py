"""models.language: whether a model can be started at all, asked before anything is started."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from models.gguf_header import GgufError, GgufInfo, check_gguf
from models.language.errors import ModelError

CONTEXT_BYTES = 300 * 2**20
"""What Sayso needs beside the weights: the KV cache, the rows that are kept, the space to compute."""

_OVERHEAD = 1.1
_MOST_THREADS = 4


def check_model(
    path: Path, tr: Callable[[str], str] = str, available: Callable[[], int | None] | None = None
) -> GgufInfo:
    """Return what the file at `path` says about itself.

    Parameters
    ----------
    path : Path
        The GGUF file.
    tr : callable
        Translates the sentences of an error.
    available : callable, optional
        Returns the bytes of memory that are free for a new process, None if unknown; default: what the
        kernel says.

    Raises
    ------
    ModelError
        The file is missing, cut short, no GGUF, not a whole model, or too large for the memory.
    """
    try:
        info = check_gguf(path, tr)
    except GgufError as error:
        raise ModelError(str(error)) from error
    if info.kind not in ("", "model"):
        raise ModelError(
            tr(
                "The file {path} holds only a part of a language model. Choose a file with a whole model."
            ).format(path=path)
        )
    free = (available or memory_available)()
    needed = int(info.size_bytes * _OVERHEAD) + CONTEXT_BYTES
    if free is not None and needed > free:
        raise ModelError(
            tr(
                "The language model {path} needs {needed} MB of memory and {free} MB are free. "
                "The letters work, and words still come from the word list. "
                "Close other programs, or choose a smaller model."
            ).format(path=path, needed=_megabytes(needed), free=_megabytes(free))
        )
    return info


def memory_available(meminfo: Path = Path("/proc/meminfo")) -> int | None:
    """Return the bytes that a new process can use without swapping, None where the kernel does not say."""
    try:
        for line in meminfo.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return None


def default_threads() -> int:
    """Return how many threads may compute: one core is left to the window and the gaze, four are enough."""
    return min(_MOST_THREADS, max(1, len(os.sched_getaffinity(0)) - 1))


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.0f}".replace(",", " ")
