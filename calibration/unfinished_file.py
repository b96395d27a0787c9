"""calibration: the calibration that is being made, on disk, so that a crash does not cost the person their looks."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from calibration.store import Setup, Write, read_table

LASTS_S = 900.0  # the person has not been moved before the camera within a quarter of an hour
NAME = "unfinished"


def keep_unfinished(folder: Path, setup: Setup, state: Mapping[str, Any], now: float, write: Write) -> None:
    """Keep the state of a calibration (`Procedure.state`); an empty one is forgotten.

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
    if not state:
        path.unlink(missing_ok=True)
        return
    data = {"setup": setup.to_json(), "made_at": now, "state": dict(state)}
    write(path, json.dumps(data).encode())


def load_unfinished(folder: Path, setup: Setup, now: float) -> dict[str, Any] | None:
    """Return the state of a calibration that was broken off a while ago with this setup; None: there is none."""
    with contextlib.suppress(OSError, ValueError, RecursionError, TypeError):
        data = read_table(folder / NAME)
        if data.get("setup") == setup.to_json() and 0 <= now - data.get("made_at", 0.0) <= LASTS_S:
            state = data.get("state")
            return state if isinstance(state, dict) else None
    return None
