"""models.language: how many threads compute, measured once for this computer and this model.

More threads than the memory can feed only take time from the window and the gaze: the fewest that are nearly as quick
as the best are chosen, and one core is always left free (`models.language.preflight.default_threads`).
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from models.install import private_folder, write_private
from models.language.preflight import default_threads
from models.language.runtime import BatchToken, Runtime

FILE = "threads.json"

_ROWS = 8  # as many as a search for words evaluates in one decode
_REPEATS = 3
_NEARLY = 1.1  # of the shortest time


def choose_threads(
    runtime: Runtime,
    path: Path,
    folder: Path,
    most: int | None = None,
    seconds: Callable[[Runtime, int], float] | None = None,
) -> int:
    """Let `runtime` compute with as many threads as are worth it, and return how many.

    What was measured is kept in `folder` until the file of the model, the processor or the number of threads that
    may be used changes.

    Parameters
    ----------
    runtime : Runtime
        The model; its cache is cleared if it is measured.
    path : Path
        Its file.
    folder : Path
        Where the result is kept; where it cannot be, it is measured at every start.
    most : int, optional
        Threads that may be used; default: see `default_threads`.
    seconds : callable, optional
        Returns how long a decode takes with so many threads; default: it is measured.
    """
    most = most or default_threads()
    chosen = 1
    if most > 1:
        circumstances = _circumstances(path, most)
        known = _read(folder / FILE)
        before, chosen = known.get(str(path), ("", 0))
        if before != circumstances or not 1 <= chosen <= most:
            chosen = fewest({n: (seconds or decode_seconds)(runtime, n) for n in range(1, most + 1)})
            with contextlib.suppress(OSError):
                private_folder(folder)
                write_private(folder / FILE, json.dumps(known | {str(path): (circumstances, chosen)}))
    runtime.use_threads(chosen)
    return chosen


def fewest(seconds: Mapping[int, float]) -> int:
    """Return the smallest number of threads that is within a tenth of the quickest."""
    return min(n for n, taken in seconds.items() if taken <= _NEARLY * min(seconds.values()))


def decode_seconds(runtime: Runtime, n_threads: int) -> float:
    """Return the shortest wall time of a few decodes of eight rows each; the cache is clear afterwards."""
    runtime.use_threads(n_threads)
    taken = []
    for _ in range(_REPEATS):
        runtime.clear()
        started = time.perf_counter()
        runtime.decode([BatchToken(token, 0, token, True) for token in range(_ROWS)])
        taken.append(time.perf_counter() - started)
    runtime.clear()
    return min(taken)


def _circumstances(path: Path, most: int) -> str:
    status = path.stat()
    return f"{_processor()} {os.cpu_count()} {most} {status.st_size} {status.st_mtime_ns}"


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def _read(path: Path) -> dict[str, tuple[str, int]]:
    """Return the models' paths with what was measured; a damaged file is as good as none."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return {str(model): (str(what), int(n)) for model, (what, n) in known.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
