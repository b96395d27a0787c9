"""assistive.ui: the simulated person before the real window."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from assistive.folders import find_folders
from assistive.messages import Incoming, Outgoing
from assistive.simulate.live import LivePerson
from assistive.simulate.person import Person
from assistive.simulate.run import DialogueTurn, system_settings
from assistive.ui.app import Application
from assistive.ui.offscreen import pretend_screen
from devices.clock import LslClock
from models.language.messages import ModelState, ModelStatus
from models.weights import weights_dir

DWELL_S = 0.8
LOOK_EVERY_MS = 200


def run_on_window(
    person: Person, turns: Sequence[DialogueTurn], seed: int, language: str, dwell_s: float | None
) -> int:
    """Open the window (offscreen without a display) in a home of its own and let the person write there.

    Returns 0 when every turn was written to its end.
    """
    os.environ["SAYSO_WEIGHTS"] = str(weights_dir())
    with tempfile.TemporaryDirectory(prefix="sayso-simulated-") as home:
        os.environ["SAYSO_HOME"] = home
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            pretend_screen(Path(home), person.screen.width_px, person.screen.height_px)
        return _write(person, turns, seed, language, dwell_s or DWELL_S)


def _write(person: Person, turns: Sequence[DialogueTurn], seed: int, language: str, dwell_s: float) -> int:
    qt = QApplication([sys.argv[0]])
    settings = system_settings(dwell_s, proposals=True, language=language)
    clock = LslClock()
    folders, troubles = find_folders(t=clock.now())
    ready: list[bool] = []
    live: list[LivePerson] = []

    def watch(message: Incoming | Outgoing) -> None:
        for one in live:
            one.watch(message)
        if isinstance(message, ModelStatus) and message.state in (ModelState.READY, ModelState.FAILED):
            ready.append(True)

    app = Application(
        folders, settings, clock, wav=Path(folders.state, "speech.wav"), troubles=troubles, watch=watch
    )
    live.append(LivePerson(person, turns, seed, language, settings.dwell, app.session.post))
    app.open(None)
    app.window.when_painted(lambda: app.session.start_helpers(model=True))
    started: list[bool] = []

    def step() -> None:
        if ready and not started:
            started.append(True)
            app.session.add_driver(live[0])
        if live[0].finished.is_set():
            timer.stop()
            app.window.close()

    timer = QTimer()
    timer.timeout.connect(step)
    timer.start(LOOK_EVERY_MS)
    qt.exec()
    counts = live[0].counts
    if counts.seconds:
        minutes = counts.seconds / 60
        print(f"{counts.turns} turns, {counts.chars} characters, {counts.selections} selections")
        print(
            f"{counts.chars / 5 / minutes:.1f} words a minute, {counts.wrong} wrong, {counts.errors_left} left wrong"
        )
    return 0 if counts.turns == len(turns) and not counts.given_up else 1
