"""Sayso in its real window on a virtual screen: what is there, what a hand does, what is kept on the disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desktop import Desktop, Key

from assistive.text.history import Restored, restore
from assistive.text.journal import open_journal

PATIENCE_S = 40.0


def wait_for(what: str, condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Ask again and again, with a pause, until it is so."""
    pause = threading.Event()
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if condition():
            return
        pause.wait(0.1)
    raise AssertionError(f"waited {patience_s:.0f} s in vain: {what}")


@dataclass(frozen=True)
class Sayso:
    """One run of it.

    Parameters
    ----------
    place : Desktop
        Where its window is.
    home : Path
        Its folders.
    process : subprocess.Popen
        Its supervisor.
    """

    place: Desktop
    home: Path
    process: subprocess.Popen[bytes]

    def key(self, beginning: str) -> Key | None:
        """The key of this name, else one whose name begins with this word; None while there is none."""
        keys = self.place.keys()
        if len(beginning) == 1:
            return keys.get(beginning)
        return next((key for name, key in keys.items() if name.lower().startswith(beginning.lower())), None)

    def wait_for_key(self, beginning: str) -> Key:
        """That key, as soon as it is there."""
        found: list[Key] = []

        def there() -> bool:
            key = self.key(beginning)
            found.extend([key] if key is not None else [])
            return bool(found)

        wait_for(f"a key {beginning!r} is on the screen", there)
        return found[0]

    def wait_for_notice(self, words: str) -> None:
        """Until a notice, or whatever else is a key, says these words."""
        wait_for(f"{words!r} is said", lambda: any(words in key.name for key in self.place.keys().values()))

    def wait_until_gone(self, beginning: str) -> None:
        """Until there is no such key any more, but there are others."""
        wait_for(
            f"no key {beginning!r} is on the screen",
            lambda: bool(self.place.keys()) and self.key(beginning) is None,
        )

    def click(self, *names: str) -> None:
        """A hand clicks on one key after the other, as soon as each is there."""
        for name in names:
            self.place.click(*self.wait_for_key(name).center)

    def on_disk(self) -> Restored:
        """What the journal holds now; of a copy, because the app is writing it."""
        source = self.home / "state" / "journal"
        copy = self.home / "copy.jsonl"
        copy.write_bytes(source.read_bytes() if source.exists() else b"")
        journal, entries, _ = open_journal(copy)
        journal.close()
        return restore(entries)

    def wait_for_text(self, text: str) -> None:
        """Until this is what is written, and on the disk."""
        wait_for(f"{text!r} is written", lambda: self.on_disk().document.text == text)

    def kill_the_window(self) -> None:
        """kill -9 of the window's process; the supervisor stays."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        assert children, "the supervisor has no child"
        for child in children:
            os.kill(int(child), signal.SIGKILL)


@contextmanager
def sayso(
    place: Desktop, home: Path, *arguments: str, settings: str = "", extra: dict[str, str] | None = None
) -> Iterator[Sayso]:
    """Sayso on this desktop, closed afterwards as by a person.

    Parameters
    ----------
    settings : str
        What is written into its settings file before, as TOML; "": it stays as it is.
    extra : dict, optional
        More of the environment.
    """
    if settings:
        path = home / "config" / "settings.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("version = 1\n" + settings, encoding="utf-8")
    environment = place.environment | {"SAYSO_HOME": str(home)} | (extra or {})
    command = [sys.executable, "-P", "-m", "assistive", "run", *arguments]
    process = subprocess.Popen(command, env=environment)
    try:
        yield Sayso(place, home, process)
    finally:
        process.send_signal(signal.SIGTERM)
        status = process.wait(30)
    assert status == 0, "it did not end well"
