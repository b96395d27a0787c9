"""The whole way: the pointer rests on keys of the real window, text appears, and a voice is heard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from desktop import Desktop, Key, desktop, missing
from null_sink import null_sink

from assistive.text.history import Restored, restore
from assistive.text.journal import open_journal

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "never")

PATIENCE_S = 60.0


def wait_for(what: str, condition: Callable[[], bool]) -> None:
    """Ask again and again, with a pause, until it is so."""
    pause = threading.Event()
    for _ in range(int(PATIENCE_S / 0.1)):
        if condition():
            return
        pause.wait(0.1)
    raise AssertionError(f"waited {PATIENCE_S:.0f} s in vain: {what}")


def on_disk(home: Path) -> Restored:
    """What the journal holds now; a copy, because the app is writing it."""
    source = home / "state" / "journal"
    copy = home / "copy.jsonl"
    copy.write_bytes(source.read_bytes() if source.exists() else b"")
    journal, entries, _ = open_journal(copy)
    journal.close()
    return restore(entries)


def test_the_pointer_dwells_text_appears_and_the_voice_is_heard(own_home: Path, tmp_path: Path) -> None:
    with desktop(tmp_path) as place, null_sink(tmp_path) as sink:
        environment = place.environment | dict(sink.environment) | {"SAYSO_HOME": str(own_home)}
        command = [sys.executable, "-P", "-m", "assistive", "run"]
        app = subprocess.Popen(command, env=environment)
        try:
            keys = shown_keys(place)
            for name in ("a", "z", "Speak", "help", "yes", "undo"):
                assert any(key.lower().startswith(name.lower()) for key in keys), f"{name} is not in the tree"
            for count, letter in enumerate("hi", start=1):
                place.mouse(*keys[letter].center)
                wait_for(f"{letter} is written", lambda n=count: len(on_disk(own_home).document.text) == n)
                place.mouse(960, 40)
            assert on_disk(own_home).document.text == "Hi"
            place.screenshot(tmp_path / "written.png")
            place.mouse(*next(key for name, key in keys.items() if name.lower().startswith("speak")).center)
            wait_for("the sentence is spoken", lambda: on_disk(own_home).conversation.own == ["Hi"])
            sound = np.asarray(sink.record(2.0), dtype=float)
            assert np.abs(sound).max() > 500, "nothing was heard"
            kill_the_window(app.pid)
            wait_for("it is back after the kill", lambda: bool(place.keys()))
            assert on_disk(own_home).document.text == "Hi"
        finally:
            app.send_signal(signal.SIGTERM)
            assert app.wait(20) == 0


def shown_keys(place: Desktop) -> dict[str, Key]:
    """The keys, as soon as the window is there."""
    found: dict[str, Key] = {}

    def there() -> bool:
        found.clear()
        found.update(place.keys())
        return "a" in found

    wait_for("the board is in the accessibility tree", there)
    return found


def kill_the_window(supervisor: int) -> None:
    """kill -9 of the app under its supervisor."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    assert children, "the supervisor has no child"
    for child in children:
        os.kill(int(child), signal.SIGKILL)
