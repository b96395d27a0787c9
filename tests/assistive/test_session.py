"""The session: engine, journal, voice and word list together, without a window and without a model."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import http_server as toy
from http_server import serving

from assistive.audio_output import FakeAudioOutput
from assistive.boards.board import Board, Geometry
from assistive.folders import Folders, find_folders
from assistive.messages import (
    BoardShown,
    ChangeSetting,
    Incoming,
    JournalAcked,
    NoticesShown,
    Outgoing,
    Press,
    SettingsChanged,
    TextShown,
    Utterance,
    WindowGeometry,
)
from assistive.session import Session
from assistive.settings import Settings
from assistive.store import read_settings
from devices.clock import LslClock
from models.language.messages import ModelStatus, Proposals, Source

PATIENCE_S = 20.0


class Watcher:
    """Sees everything that goes through a session and waits for it."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self.seen: list[Incoming | Outgoing] = []

    def __call__(self, message: Incoming | Outgoing) -> None:
        with self._news:
            self.seen.append(message)
            self._news.notify_all()

    def wait_for(self, what: str, condition: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(condition, PATIENCE_S), f"waited in vain: {what}"

    def of(self, kind: type) -> list:
        return [message for message in self.seen if isinstance(message, kind)]

    @property
    def board(self) -> Board:
        return self.of(BoardShown)[-1].board

    @property
    def text(self) -> str:
        shown = self.of(TextShown)
        return "".join(span.text for span in shown[-1].spans) if shown else ""


class Writer:
    """Presses keys of a running session."""

    def __init__(self, session: Session, watcher: Watcher) -> None:
        self.session = session
        self.watcher = watcher

    def press(self, *labels: str) -> None:
        for label in labels:
            self.watcher.wait_for(
                label, lambda name=label: any(t.label == name for t in self.watcher.board.targets)
            )
            target = next(t for t in self.watcher.board.targets if t.label == label)
            acked = len(self.watcher.of(JournalAcked))
            self.session.post(Press(LslClock().now(), target.id, target.label))
            self.watcher.wait_for(
                f"{label} is on disk", lambda n=acked: len(self.watcher.of(JournalAcked)) > n
            )


@contextmanager
def running(settings: Settings | None = None, folders: Folders | None = None) -> Iterator[Writer]:
    clock, watcher = LslClock(), Watcher()
    session = Session(
        folders or find_folders()[0],
        settings or Settings(),
        clock,
        lambda _: None,
        FakeAudioOutput(),
        watch=watcher,
    )
    session.start()
    session.post(WindowGeometry(clock.now(), Geometry(1920, 1080, 531, 299)))
    session.start_helpers(model=False)
    watcher.wait_for("a board", lambda: bool(watcher.of(BoardShown)))
    try:
        yield Writer(session, watcher)
    finally:
        session.close()


def test_what_was_written_and_said_is_there_after_a_new_start() -> None:
    with running() as person:
        person.press("h", "i", "Speak")
        person.watcher.wait_for("the voice", lambda: bool(person.watcher.of(Utterance)))
    with running() as person:
        assert person.watcher.text == "Hi"
        person.press("undo", "undo")
        assert person.watcher.text == "H"


def test_without_the_model_the_word_list_proposes() -> None:
    with running() as person:
        person.press("t", "h")
        w = person.watcher
        w.wait_for("words", lambda: any(t.label == "The" for t in w.board.targets))
        assert all(not p.words or p.source.value == "ngram" for p in w.of(Proposals))


def test_what_was_said_before_comes_more_easily() -> None:
    with running() as person:
        person.press("x", "y", "l", "o", "x", "Speak")
    with running() as person:
        person.press("x")
        w = person.watcher
        w.wait_for("the person's own word", lambda: any(t.label == "Xylox" for t in w.board.targets))


def test_a_person_who_wants_no_history_keeps_the_text_on_screen_alone() -> None:
    settings = Settings().changed("privacy.history", False)
    with running(settings) as person:
        person.press("h", "i", "Speak", "o")
    with running(settings) as person:
        assert person.watcher.text == "O"
    folders = find_folders()[0]
    assert b"Hi" not in folders.journal.read_bytes()


def test_a_changed_setting_is_on_disk_and_there_at_the_next_start() -> None:
    folders = find_folders()[0]
    with running() as person:
        person.session.post(ChangeSetting(LslClock().now(), "look.theme", "light"))
        person.watcher.wait_for("the change", lambda: bool(person.watcher.of(SettingsChanged)))
    settings, troubles = read_settings(folders.settings)
    assert (settings.look.theme, troubles) == ("light", ())


def test_a_broken_journal_is_set_aside_and_said_so() -> None:
    folders = find_folders()[0]
    folders.journal.write_bytes(b"\x00\xff not a journal" * 100)
    with running() as person:
        w = person.watcher
        w.wait_for("a notice", lambda: bool(w.of(NoticesShown)))
        assert "journal" in {notice.key for notice in w.of(NoticesShown)[-1].notices}
        person.press("o", "k")
        assert w.text == "Ok"


FULL_DISK = """
import resource, signal, sys
sys.path[:0] = {paths!r}
from test_session import LslClock, running
from assistive.messages import NoticesShown, Press, Utterance
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with running() as person:
    w = person.watcher
    person.press("n", "o")
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    for label in ("w", "Speak"):
        target = next(t for t in w.board.targets if t.label == label)
        person.session.post(Press(LslClock().now(), target.id, target.label))
        w.wait_for(label, lambda: w.text == "Now")
        w.wait_for("a notice", lambda: bool(w.of(NoticesShown)))
    w.wait_for("the voice", lambda: bool(w.of(Utterance)))
    print(w.of(Utterance)[-1].text, [n.key for n in w.of(NoticesShown)[-1].notices])
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""


def test_a_disk_that_fills_up_while_the_person_writes_does_not_silence_them() -> None:
    here = Path(__file__).parent
    code = FULL_DISK.format(paths=[str(here), str(here.parent), str(here.parents[1])])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "Now ['disk']\n", done.stderr
    with running() as person:
        assert person.watcher.text == "Now", "what the full disk refused is written as soon as it can be"


def test_who_wants_no_history_any_more_is_forgotten_at_once() -> None:
    folders = find_folders()[0]
    aside = folders.state / f"{folders.journal.name}.aside-2026-01-01-000000"
    with running() as person:
        person.press("h", "i", "Speak", "o")
        aside.write_bytes(b"an old secret")
        w = person.watcher
        person.press("more", "settings")
        person.session.post(setting_press(person, "privacy.history=false"))
        w.wait_for("the change", lambda: bool(w.of(SettingsChanged)))
        w.wait_for(
            "nothing is left", lambda: b"Hi" not in folders.journal.read_bytes() and not aside.exists()
        )
        assert not person.session._settings.privacy.history
        proposals = person.session._proposals
        w.wait_for("the n-gram forgets", lambda: not (proposals._said or proposals._own_text))
    with running(Settings().changed("privacy.history", False)) as person:
        assert person.watcher.text == "O"


def setting_press(person: Writer, argument: str) -> Press:
    """Page through the settings to the one that sets this, and press it."""
    w = person.watcher
    for _ in range(20):
        found = next((t for t in w.board.targets if t.action.argument == argument), None)
        if found is not None:
            return Press(LslClock().now(), found.id, found.label)
        person.press(next(t.label for t in w.board.targets if t.id == "fn:next"))
    raise AssertionError(f"no setting {argument}")


def test_a_language_server_proposes_once_the_settings_name_it() -> None:
    settings = Settings().changed("model.path", "/nowhere/model.gguf")
    with serving(toy.well) as server, running(settings) as person:
        person.session.post(ChangeSetting(LslClock().now(), "model.server_url", server.url))
        w = person.watcher
        w.wait_for("the server", lambda: any(s.name == "toy" for s in w.of(ModelStatus)))
        person.press("y", "e", "s")
        w.wait_for("its words", lambda: any(p.source is Source.SERVER for p in w.of(Proposals)))
        assert all("Me: " in prompt for prompt in server.prompts[3:])
