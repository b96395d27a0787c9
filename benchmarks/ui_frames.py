"""benchmarks: paints the real window while a gaze dwells on its keys, and times every frame. A child of `ui`."""

from __future__ import annotations

import json
import sys
import threading
import time

from PyQt6.QtCore import QEvent, QObject, QTimer
from PyQt6.QtWidgets import QApplication

from assistive.boards.board import Board, TargetKind
from assistive.folders import find_folders
from assistive.messages import BoardShown, Incoming, Outgoing
from assistive.settings import Settings
from assistive.ui.app import Application
from devices.clock import Clock, LslClock
from devices.driver import DeviceKind, Emit
from devices.samples import GazeSample

LOOK_S = 1.6  # long enough for a choice and the board that follows it


class TimedApplication(QApplication):
    """Times each update of a window: painting what changed and handing it to the screen."""

    def __init__(self, argv: list[str]) -> None:
        super().__init__(argv)
        self.frames_ms: list[float] = []

    def notify(self, receiver: QObject | None, event: QEvent | None) -> bool:
        """Deliver the event; time it if it is a window's update."""
        if event is None or event.type() != QEvent.Type.UpdateRequest:
            return super().notify(receiver, event)
        begun = time.perf_counter()
        done = super().notify(receiver, event)
        self.frames_ms.append((time.perf_counter() - begun) * 1e3)
        return done


class WanderingGaze:
    """Looks at one letter after the other, long enough to choose each."""

    name = "pointer"
    kind = DeviceKind.GAZE

    def __init__(self) -> None:
        self.board = Board("", ())

    def watch(self, message: Incoming | Outgoing) -> None:
        """Follow what is on the board."""
        if isinstance(message, BoardShown):
            self.board = message.board

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Emit 60 samples a second."""
        n = 0
        while not stop.wait(1 / 60):
            letters = [t for t in self.board.targets if t.kind is TargetKind.LETTER and t.choosable]
            if letters:
                target = letters[int(n / 60 / LOOK_S) % len(letters)]
                x, y = target.rect.center
                emit(GazeSample(clock.now(), x + 0.0005 * (n % 5 - 2), y))
            n += 1


def main() -> None:
    """argv: seconds, width, height. Prints the times as JSON."""
    seconds, width, height = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    qt = TimedApplication(["sayso"])
    folders, troubles = find_folders()
    gaze = WanderingGaze()
    app = Application(folders, Settings(), LslClock(), troubles=troubles, watch=gaze.watch)
    app.open((width, height))

    def begin() -> None:
        app.session.add_driver(gaze)
        app.session.start_helpers(model=True)

    app.window.when_painted(begin)
    QTimer.singleShot(2000, lambda: qt.frames_ms.clear())  # the first paint of all is start-up, not a frame
    QTimer.singleShot(round((seconds + 2) * 1000), app.window.close)
    qt.exec()
    print(json.dumps(qt.frames_ms))


if __name__ == "__main__":
    main()
