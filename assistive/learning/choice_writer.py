"""assistive.learning: the thread that puts choices on disk, and takes them away when the person wants them gone."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from assistive.durable import set_aside
from assistive.learning.choice import Began, Event
from assistive.learning.choice_file import NewerFormat, is_damaged, remove, why_not
from assistive.learning.choice_store import ChoiceStore
from assistive.messages import Trouble, TroubleOver
from devices.clock import Clock
from devices.i18n import N_

KEEPING = "choices"
ERASING = "choices:erase"
DAMAGED = "choices:damaged"
MOST_WAITING = 2000  # events: half an hour of quick writing
FLUSH_S = 0.5  # of real time: what a crash can cost
RETRY_S = 5.0

_FAILURES = (OSError, sqlite3.Error, NewerFormat)

_log = logging.getLogger(__name__)


class ChoiceWriter:
    """Writes on its own thread, which starts with the first thing to do; nobody else waits for the disk.

    What the disk refuses waits in memory and is tried again. Where too much waits, what comes then is left out;
    the person is told of both.

    Parameters
    ----------
    path : Path
        The file. Put away, it lies beside under another name until it is erased.
    post : callable
        Takes a Trouble or TroubleOver, from any thread; must not block.
    clock : Clock
        Stamps them.
    retry_s : float
        Pause before what failed is tried again, in seconds of real time.
    """

    def __init__(
        self,
        path: Path,
        post: Callable[[Trouble | TroubleOver], None],
        clock: Clock,
        retry_s: float = RETRY_S,
    ) -> None:
        self._path = path
        self._away = put_away_name(path)
        self._post = post
        self._clock = clock
        self._retry_s = retry_s
        self._news = threading.Condition()
        self._waiting: deque[Event] = deque()
        self._missed = False  # something was left out: what undo takes back is not known any more
        self._puts_away = False
        self._erase_at: float | None = None
        self._closing = False
        self._thread: threading.Thread | None = None
        self._troubles: dict[str, str] = {}
        self._store: ChoiceStore | None = None  # belongs to the thread

    def submit(self, event: Event) -> None:
        """Have this kept; `Began` also brings back what was put away."""
        with self._news:
            if isinstance(event, Began):
                self._puts_away, self._erase_at = False, None
            full = len(self._waiting) >= MOST_WAITING
            if not full:
                if self._missed:
                    self._waiting.append(Began())
                self._waiting.append(event)
            self._missed = full
            self._wake()
        if full:
            self._tell(KEEPING, OSError(errno.EIO, os.strerror(errno.EIO)))

    def put_away(self, erased_after_s: float) -> None:
        """Keep nothing more, and erase everything after that time, or when this is closed."""
        with self._news:
            self._puts_away = True
            self._erase_at = time.monotonic() + erased_after_s
            self._wake()

    def erase_what_was_put_away(self) -> None:
        """Sayso ended before it had erased this."""
        with self._news:
            self._erase_at = time.monotonic()
            self._wake()

    def close(self, timeout_s: float) -> bool:
        """Write or erase what waits; return whether that was done within `timeout_s` of real time."""
        with self._news:
            self._closing = True
            self._news.notify()
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        with self._news:
            done = not self._waiting and self._erase_at is None
        return done and not (thread is not None and thread.is_alive())

    def _wake(self) -> None:
        self._news.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="choices", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        pause = FLUSH_S
        while True:
            with self._news:
                self._news.wait_for(self._has_work, self._patience())
                self._news.wait_for(lambda: self._closing, pause)
                closing = self._closing
                puts_away = self._puts_away
                erase_at = self._erase_at
                due = erase_at is not None and (closing or self._patience() == 0.0)
                batch = list(self._waiting)
            done = not batch or self._write(batch)
            with self._news:
                if self._puts_away:  # what the disk refused until now is not wanted any more
                    self._waiting.clear()
            if puts_away or due:
                done = self._clear_away(puts_away, erase_at if due else None) and done
            pause = FLUSH_S if done else self._retry_s
            if closing:
                self._let_go()
                return

    def _has_work(self) -> bool:
        moves = self._puts_away and self._store is not None
        return self._closing or bool(self._waiting) or moves or self._patience() == 0.0

    def _patience(self) -> float | None:
        return None if self._erase_at is None else max(0.0, self._erase_at - time.monotonic())

    def _write(self, batch: list[Event]) -> bool:
        try:
            if self._store is None:
                if self._away.exists() and not self._path.exists():
                    self._away.replace(self._path)
                self._store = ChoiceStore(self._path)
            self._store.write(batch)
        except _FAILURES as error:
            if not is_damaged(error):
                self._tell(KEEPING, error)
            else:
                self._begin_anew()
            return False
        except Exception:  # it would fail again and again, and all that comes after it would wait
            _log.exception("choices that cannot be written are left out")
        with self._news:
            for _ in batch:
                self._waiting.popleft()
        self._over(KEEPING)
        return True

    def _begin_anew(self) -> None:
        self._let_go()
        try:
            aside = set_aside(self._path)
            unfinished = self._path.with_name(f"{self._path.name}-journal")
            if unfinished.exists():  # it belongs to the damaged file and must not be taken for the new one's
                unfinished.replace(aside.with_name(f"{aside.name}-journal"))
        except OSError as error:
            self._tell(KEEPING, error)
            return
        works = N_("Writing and speaking work. From now on your choices are kept in a new file.")
        what = f"The file with your choices was damaged. It is now called {aside.name}."
        self._post(Trouble(self._clock.now(), DAMAGED, what, works))

    def _clear_away(self, puts_away: bool, erases: float | None) -> bool:
        self._let_go()
        try:
            if puts_away and self._path.exists():
                self._path.replace(self._away)
            if erases is not None:
                remove(self._path if puts_away else self._away)
        except OSError as error:
            self._tell(ERASING, error)
            return False
        with self._news:
            if erases is not None and self._erase_at == erases:  # nobody has asked for something else since
                self._puts_away, self._erase_at = False, None
        self._over(ERASING)
        return True

    def _let_go(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def _tell(self, key: str, error: Exception) -> None:
        reason = why_not(error)
        # Once for each reason: a notice that the person has dismissed stays away while nothing changes.
        if self._troubles.get(key) == reason:
            return
        self._troubles[key] = reason
        what = f"Your choices cannot be kept: {reason}."
        if key == ERASING:
            what = f"Your choices cannot be erased: {reason}."
        works = N_("Writing and speaking work.")
        todo = N_("Have somebody look at the disk. Sayso tries again by itself.")
        self._post(Trouble(self._clock.now(), key, what, works, todo))

    def _over(self, key: str) -> None:
        if self._troubles.pop(key, None) is not None:
            self._post(TroubleOver(self._clock.now(), key))


def put_away_name(path: Path) -> Path:
    """Return the name that the file has between being switched off and being erased."""
    return path.with_name(f"{path.name}.put-away")
