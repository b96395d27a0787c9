"""assistive.ui: without a display: a scripted gaze writes and speaks a sentence on the real offscreen window."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from pathlib import Path

from assistive.ui.offscreen import pretend_screen

SENTENCE = "I would like some tea"
SIZE = (1920, 1080)
PATIENCE_S = 120.0


class Transcript:
    """What happened, in order, with the time since the first look."""

    def __init__(self) -> None:
        self._lines: list[tuple[float, str]] = []
        self._lock = threading.Lock()

    def note(self, t: float, what: str) -> None:
        """Add a line; from any thread."""
        with self._lock:
            self._lines.append((t, what))

    def text(self) -> str:
        """All lines, each with its seconds."""
        with self._lock:
            start = self._lines[0][0] if self._lines else 0.0
            return "".join(f"{t - start:7.2f} s  {what}\n" for t, what in self._lines)


def run_demo(folder: Path) -> int:
    """Write and speak `SENTENCE`; leave transcript.txt, screenshot.png and speech.wav in `folder`.

    Returns 0 when the sentence was written and heard, 1 otherwise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sayso-demo-") as home:
        return _in_own_home(folder, Path(home))


def _in_own_home(folder: Path, home: Path) -> int:
    from models.weights import weights_dir

    os.environ["SAYSO_WEIGHTS"] = str(weights_dir())  # the demo's text is nobody's; the weights are shared
    os.environ["SAYSO_HOME"] = str(home)
    pretend_screen(home, *SIZE)

    from PyQt6.QtCore import QTimer
    from PyQt6.QtWidgets import QApplication

    from assistive.folders import find_folders
    from assistive.messages import Incoming, JournalEntry, Outgoing, TextShown, Utterance
    from assistive.settings import Settings
    from assistive.simulate.scripted_gaze import ScriptedGaze
    from assistive.ui.app import Application
    from devices.clock import LslClock
    from models.language.messages import ModelState, ModelStatus

    qt = QApplication([sys.argv[0]])
    transcript = Transcript()
    gaze = ScriptedGaze(SENTENCE, patience_s=PATIENCE_S)
    ready = threading.Event()
    written: list[str] = []
    spoken: list[str] = []

    def watch(message: Incoming | Outgoing) -> None:
        gaze.observe(message)
        if isinstance(message, TextShown):
            written.append("".join(span.text for span in message.spans))
        elif isinstance(message, JournalEntry):
            what = message.data.get("inserted") or message.data.get("text") or message.kind
            transcript.note(message.t, f"{message.kind:6} {what!r}")
        elif isinstance(message, Utterance):
            spoken.append(message.text)
            transcript.note(message.t, f"voice  {message.text!r}")
        elif isinstance(message, ModelStatus) and message.state in (ModelState.READY, ModelState.FAILED):
            transcript.note(message.t, f"model  {message.state.value} {message.name}{message.detail}")
            ready.set()

    folders, troubles = find_folders()
    app = Application(
        folders, Settings(), LslClock(), wav=folder / "speech.wav", troubles=troubles, watch=watch
    )
    app.open(SIZE)
    picture: list[bool] = []

    def step() -> None:
        """The Qt side of the demo: start the gaze when the model is ready, take the picture, end."""
        if ready.is_set() and not started:
            started.append(True)
            app.session.add_driver(gaze)
        text = written[-1].strip() if written else ""
        view = app.session.view()
        if not picture and len(text) > len(SENTENCE) * 0.6 and 0.4 < view.progress < 0.9:
            picture.append(app.window.grab().save(str(folder / "screenshot.png")))
        if gaze.finished.is_set() or app.clock.now() - begun > PATIENCE_S:
            timer.stop()
            app.window.close()

    started: list[bool] = []
    begun = app.clock.now()
    app.window.when_painted(lambda: app.session.start_helpers(model=True))
    timer = QTimer()
    timer.timeout.connect(step)
    timer.start(100)
    qt.exec()
    (folder / "transcript.txt").write_text(transcript.text(), encoding="utf-8")
    print(transcript.text(), end="")
    heard = spoken[-1] if spoken else ""
    right = heard.strip().lower() == SENTENCE.lower()
    print(f"Written and spoken: {heard!r}" if right else f"The sentence was not completed: {heard!r}")
    print(f"Look in {folder}/ for transcript.txt, screenshot.png and speech.wav.")
    return 0 if right else 1
