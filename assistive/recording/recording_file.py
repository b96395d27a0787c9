"""assistive.recording: a recording as it is written, by whoever has the messages in their order."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from assistive.boards.layout import Layout, load_layout
from assistive.durable import write_all
from assistive.messages import Incoming, Outgoing
from assistive.recording.format import END_LINE, Header, header_line, message_line


class RecordingFile:
    """A new recording, readable by its owner alone. As a context manager it is completed at the end.

    Parameters
    ----------
    path : Path
        Must not exist; its folder is made.
    header : Header
    layout_for : callable
        Gives the layout of a language, as the engine has it.

    Raises
    ------
    OSError
        It cannot be made (FileExistsError where it is there already).
    """

    def __init__(self, path: Path, header: Header, layout_for: Callable[[str], Layout] = load_layout) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            write_all(self._descriptor, header_line(header, layout_for))
        except BaseException:
            self.close()
            raise

    def write(self, *messages: Incoming | Outgoing) -> None:
        """Add what went into the engine and what came out of it, in that order.

        Raises
        ------
        OSError
            The disk refused; what was written before is kept.
        TypeError, ValueError
            A message holds something that cannot be recorded.
        """
        write_all(self._descriptor, b"".join(message_line(message) for message in messages))

    def complete(self) -> None:
        """Write the last line, which says that nothing is missing, and let go of the file."""
        write_all(self._descriptor, END_LINE)
        self.close()

    def free_bytes(self) -> int:
        """How much room the disk has for more."""
        disk = os.fstatvfs(self._descriptor)
        return disk.f_bavail * disk.f_frsize

    def close(self) -> None:
        """Let go of the file as it is."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)

    def __enter__(self) -> RecordingFile:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Complete it, or leave it cut short where something went wrong."""
        if error is None:
            self.complete()
        else:
            self.close()
