"""assistive: only one Sayso at a time writes a person's text."""

from __future__ import annotations

import contextlib
import fcntl
from pathlib import Path
from typing import IO

from assistive.durable import open_private


class Instance:
    """The claim of this process on the state folder; it ends with the process, however that ends.

    Parameters
    ----------
    state : Path
        The folder.

    Attributes
    ----------
    alone : bool
        Whether no other Sayso uses the folder. Also true when the disk cannot tell (read-only, or no locks):
        a person who cannot speak is worse than two windows.
    """

    def __init__(self, state: Path) -> None:
        self.alone = True
        self._lock: IO[bytes] | None = None
        with contextlib.suppress(OSError):
            self._lock = open(state / "running.lock", "ab", opener=open_private)  # noqa: SIM115
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.alone = False

    def release(self) -> None:
        """Give the claim up."""
        if self._lock is not None:
            self._lock.close()
