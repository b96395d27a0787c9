"""calibration: the calibration that is being made, on disk, so that a crash does not cost the person their looks."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from calibration.store import Setup, Write, read_table
from calibration.unfinished import Unfinished

LASTS_S = 900.0  # the person has not been moved before the camera within a quarter of an hour
NAME = "unfinished"


def keep_unfinished(
    folder: Path, setup: Setup, unfinished: Unfinished | None, now: float, write: Write
) -> None:
    """Keep a calibration that is being made; None: forget it.

    Parameters
    ----------
    now : float
        Seconds since 1970.

    Raises
    ------
    OSError
        The disk refused.
    """
    path = folder / NAME
    if unfinished is None:
        path.unlink(missing_ok=True)
        return
    data = {"setup": setup.to_json(), "made_at": now, "unfinished": unfinished.to_json()}
    write(path, json.dumps(data).encode())


def load_unfinished(folder: Path, setup: Setup, now: float) -> Unfinished | None:
    """Return the calibration that was broken off a while ago with this setup; None: there is none."""
    with contextlib.suppress(OSError, ValueError, RecursionError, TypeError):
        data = read_table(folder / NAME)
        if data.get("setup") == setup.to_json() and 0 <= now - data.get("made_at", 0.0) <= LASTS_S:
            return Unfinished.from_json(data.get("unfinished", {}))
    return None
