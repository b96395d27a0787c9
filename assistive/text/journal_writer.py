"""assistive.text: the thread that puts the journal and the settings on disk, and says when they are there."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from assistive.durable import plain_reason, write_atomically
from assistive.messages import JournalAcked, JournalEntry, JournalFailed, Trouble, TroubleOver
from assistive.text.journal import Journal, encode
from devices.clock import Clock

Posted = JournalAcked | JournalFailed | Trouble | TroubleOver
Contents = str | Callable[[], str]

DISK = "disk"
FORGET = "disk:forget"
SETTINGS = "disk:settings"

_log = logging.getLogger(__name__)


class JournalWriter:
    """Writes on its own thread, so that nobody else ever waits for the disk.

    What the disk refuses is kept in memory, in order, and tried again every `retry_s` and whenever something
    new comes, until it is written.

    Parameters
    ----------
    journal : Journal
        Used by this thread alone from now on.
    post : callable
        Takes the answers, on the writer's thread; must not block.
    clock : Clock
        Stamps the answers.
    tr : callable
        Translates the words for the person.
    retry_s : float
        Pause before what failed is tried again, in seconds of real time.
    """

    def __init__(
        self,
        journal: Journal,
        post: Callable[[Posted], None],
        clock: Clock,
        tr: Callable[[str], str] = str,
        retry_s: float = 2.0,
    ) -> None:
        self._journal = journal
        self._post = post
        self._clock = clock
        self._tr = tr
        self._retry_s = retry_s
        self._changed = threading.Condition()
        self._records: list[tuple[int, bytes]] = []
        self._files: dict[Path, Contents] = {}
        self._snapshot: JournalEntry | None = None  # what takes the place of all before it
        self._new = False
        self._closing = False
        # The two below belong to the writer's thread.
        self._reported = 0
        self._troubles: dict[str, str] = {}
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def submit(self, entry: JournalEntry) -> None:
        """Have an entry written; `JournalAcked` or `JournalFailed` follows. Never waits for the disk.

        Raises
        ------
        TypeError, ValueError
            The payload is not JSON-ready.
        """
        record = encode(entry)
        with self._changed:
            self._refuse_when_closed()
            self._records.append((entry.number, record))
            self._wake()

    def save(self, path: Path, contents: Contents) -> None:
        """Have a small file replaced atomically. A newer call for the same path takes an unwritten one's place.

        `contents` may be a function that makes the text; it runs on the writer's thread.
        """
        with self._changed:
            self._refuse_when_closed()
            self._files[path] = contents
            self._wake()

    def forget(self, snapshot: JournalEntry) -> None:
        """Have `snapshot` take the place of itself and all before it; what was once set aside goes. Never waits."""
        with self._changed:
            self._refuse_when_closed()
            self._snapshot = snapshot
            self._wake()

    def close(self, timeout: float) -> bool:
        """Write what waits, end the thread, and return whether everything is on disk.

        `timeout` is how long to wait at most, in seconds.
        """
        with self._changed:
            self._closing = True
            self._wake()
        self._thread.join(timeout)
        with self._changed:
            return not (self._thread.is_alive() or self._records or self._files)

    def _refuse_when_closed(self) -> None:
        if self._closing:
            raise RuntimeError("the journal's writer is closed")

    def _wake(self) -> None:
        self._new = True
        self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                waiting = bool(self._records or self._files or self._snapshot)
                self._changed.wait_for(lambda: self._new, self._retry_s if waiting else None)
                self._new = False
                closing = self._closing
                records = list(self._records)
                files = dict(self._files)
                snapshot = self._snapshot
            if snapshot is not None:
                before = [record for record in records if record[0] <= snapshot.number]
                records = records[len(before) :]
                if before:
                    self._write_records(before)
                self._write_over(snapshot)
            if records:
                self._write_records(records)
            if files:
                self._write_files(files)
            if closing:
                self._journal.close()
                return

    def _write_records(self, records: list[tuple[int, bytes]]) -> None:
        tr = self._tr
        try:
            self._journal.append_records([record for _, record in records])
        except Exception as error:
            # Not only OSError: a writer that dies of a surprise would leave the person waiting for ever.
            reason = self._reason(error)
            for number, _ in records[self._reported :]:
                self._post(JournalFailed(self._clock.now(), number, reason))
            self._reported = len(records)
            self._trouble(
                DISK,
                reason,
                what=tr("What you write now cannot be kept: {reason}.").format(reason=reason),
                works=tr("Writing and speaking work. Sayso remembers the text while it is open."),
                todo=tr(
                    "Make room on the disk or have somebody look at {folder}. Sayso tries again by itself."
                ).format(folder=self._journal.path.parent),
            )
            return
        with self._changed:
            del self._records[: len(records)]
        self._reported = 0
        self._post(JournalAcked(self._clock.now(), records[-1][0]))
        self._over(DISK)

    def _write_over(self, snapshot: JournalEntry) -> None:
        """Forget what the person does not want kept; a disk that refuses is tried again later."""
        try:
            self._journal.compact([snapshot])
            for aside in self._journal.path.parent.glob(f"{self._journal.path.name}.aside-*"):
                aside.unlink(missing_ok=True)
        except Exception as error:
            reason = self._reason(error)
            self._trouble(
                FORGET,
                reason,
                what=self._tr("What you wrote before cannot be erased: {reason}.").format(reason=reason),
                works=self._tr("Writing and speaking work. Nothing new is learned from it."),
                todo=self._tr("Have somebody look at {folder}. Sayso tries again by itself.").format(
                    folder=self._journal.path.parent
                ),
            )
            return
        with self._changed:
            if self._snapshot is snapshot:
                self._snapshot = None
        self._over(FORGET)

    def _write_files(self, files: dict[Path, Contents]) -> None:
        tr = self._tr
        failed = False
        for path, contents in files.items():
            try:
                text = contents if isinstance(contents, str) else contents()
                write_atomically(path, text.encode("utf-8"))
            except Exception as error:
                failed = True
                reason = self._reason(error)
                self._trouble(
                    SETTINGS,
                    reason,
                    what=tr("{file} cannot be saved: {reason}.").format(file=path.name, reason=reason),
                    works=tr("Everything works as it is set now, while Sayso is open."),
                    todo=tr(
                        "Make room on the disk or have somebody look at {folder}. Sayso tries again by itself."
                    ).format(folder=path.parent),
                )
                continue
            with self._changed:
                if self._files.get(path) is contents:
                    del self._files[path]
        if not failed:
            self._over(SETTINGS)

    def _reason(self, error: Exception) -> str:
        if not isinstance(error, OSError):
            _log.error("the journal's writer met a surprise", exc_info=error)
        return plain_reason(error, self._tr)

    def _trouble(self, key: str, reason: str, *, what: str, works: str, todo: str) -> None:
        # Once for each reason: a notice that the person has dismissed stays away while nothing changes.
        if self._troubles.get(key) != reason:
            self._troubles[key] = reason
            self._post(Trouble(self._clock.now(), key, what, works, todo))

    def _over(self, key: str) -> None:
        if self._troubles.pop(key, None) is not None:
            self._post(TroubleOver(self._clock.now(), key))
