"""A running session is recorded while the person wants it: they switch it on and off on their own board."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from person import Person
from test_session import Writer, running

from assistive.cli import main
from assistive.eeg.recording import recordings_folder
from assistive.folders import find_folders
from assistive.messages import ChangeSetting, JournalEntry, NoticesShown, Press, SettingsChanged
from assistive.recording.fif import FifRecording
from assistive.recording.format import header_midway
from assistive.recording.player import replay
from assistive.settings import Settings
from assistive.store import read_settings
from assistive.text.document import Edit
from assistive.text.history import restore, snapshot
from assistive.text.journal import open_journal
from devices.clock import LslClock
from devices.samples import EegChunk

RECORDINGS = "more:privacy.recordings"


def recorded() -> list[Path]:
    folder = find_folders()[0].recordings
    return sorted(folder.iterdir()) if folder.exists() else []


def open_settings(person: Writer) -> None:
    """From the letters to the settings page with the recordings."""
    person.press("more", "settings")
    w = person.watcher
    while w.board.target(RECORDINGS) is None:
        page = w.board.page
        person.press("next page")
        w.wait_for("the next page", lambda was=page: w.board.page != was)


def switch(person: Writer) -> None:
    """Choose the other value of "Record what I do"."""
    w = person.watcher
    before = len(w.of(SettingsChanged))
    target = w.board.target(RECORDINGS)
    assert target is not None
    person.session.post(Press(LslClock().now(), target.id, target.label))
    w.wait_for("the change", lambda: len(w.of(SettingsChanged)) > before)


WISHED = Settings().changed("privacy.recordings", True)


def agreed() -> None:
    """In an earlier session the person switched it on."""
    journal = open_journal(find_folders()[0].journal)[0]
    journal.append(JournalEntry(1.0, 1, "consent", {"to": "privacy.recordings", "given": True}))
    journal.close()


def test_nothing_is_recorded_before_the_person_wants_it() -> None:
    with running() as person:
        person.press("h", "i")
    assert recorded() == []


def test_the_person_switches_it_on_and_off_and_what_was_between_replays() -> None:
    with running() as person:
        person.press("h", "i")
        open_settings(person)
        switch(person)
        w = person.watcher
        w.wait_for("that it is seen", lambda: any(c.note == "Sayso is recording." for c in w.board.captions))
        person.press("back", "a", "undo", "y", "Speak")
        open_settings(person)
        switch(person)
        w.wait_for(
            "that it is over", lambda: not any(c.note == "Sayso is recording." for c in w.board.captions)
        )
        person.press("back", "n", "o")
    (path,) = recorded()
    replayed = replay(path)
    assert (replayed.first_difference, replayed.complete) == (None, True)
    assert (replayed.text, replayed.utterances) == ("Hiy", ("Hiy",))
    assert [step.label for step in replayed.selections[:5]] == ["back", "a", "undo", "y", "Speak"]
    assert not read_settings(find_folders()[0].settings)[0].privacy.recordings


def test_with_the_wish_kept_the_next_start_is_recorded_from_its_first_moment() -> None:
    agreed()
    for text in ("ok", "no"):
        with running(WISHED) as person:
            person.press(*text)
    first, second = recorded()
    assert (replay(first).text, replay(second).text) == ("Ok", "Okno")
    assert replay(first).first_difference is replay(second).first_difference is None


def test_nobody_else_can_switch_it_on() -> None:
    with running() as person:
        w = person.watcher
        for path in ("privacy.recordings", "privacy.history"):
            person.session.post(ChangeSetting(LslClock().now(), path, path.endswith("recordings")))
        w.wait_for(
            "two notices", lambda: bool(w.of(NoticesShown)) and len(w.of(NoticesShown)[-1].notices) == 2
        )
        assert w.of(NoticesShown)[-1].notices[0].what == "Only the person can change what is kept about them."
        assert w.of(SettingsChanged) == []
        person.press("a")
    assert recorded() == []


def test_a_wish_in_the_settings_file_alone_is_no_consent() -> None:
    with running(WISHED) as person:
        w = person.watcher
        w.wait_for("a notice", lambda: bool(w.of(NoticesShown)))
        assert [notice.key for notice in w.of(NoticesShown)[-1].notices] == ["consent:privacy.recordings"]
        person.press("a")
    assert recorded() == []


def test_consent_is_kept_and_taken_back_with_the_switch() -> None:
    given = []
    for _ in range(2):
        with running(read_settings(find_folders()[0].settings)[0]) as person:
            open_settings(person)
            switch(person)
            person.press("back")
        entries = open_journal(find_folders()[0].journal)[1]
        given.append(restore(entries).consents)
        assert restore([snapshot(restore(entries), 1.0, keep_history=False)]).consents == given[-1]
    assert given == [{"privacy.recordings"}, frozenset()]
    assert [replay(path).complete for path in recorded()] == [True, True]


def test_a_disk_that_refuses_the_recording_leaves_the_person_writing() -> None:
    folders = find_folders()[0]
    folders.recordings.write_text("in the way")
    agreed()
    with running(WISHED) as person:
        w = person.watcher
        person.press("o", "k")
        w.wait_for("a notice", lambda: bool(w.of(NoticesShown)))
        assert [notice.key for notice in w.of(NoticesShown)[-1].notices] == ["recording"]
        assert w.text == "Ok"


def test_to_begin_in_a_long_day_is_quick_enough_for_the_next_look() -> None:
    person = Person()
    for number in range(3000):
        person.engine.document.apply(Edit("", f"word{number} "))
        person.engine.conversation.said(f"This is sentence {number}.")
    person.look("a", 0.5)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        header_midway(person.engine, 1.0)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.02


def test_the_person_sees_and_deletes_what_was_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recordings", "list"]) == 0
    assert "There are no recordings." in capsys.readouterr().out
    agreed()
    for _ in range(3):
        with running(WISHED):
            pass
    first, *others = (path.name for path in recorded())
    assert main(["recordings", "list"]) == 0
    assert first in capsys.readouterr().out
    assert main(["replay", Path(first).stem]) == 0
    assert main(["recordings", "delete", first]) == 0
    assert [path.name for path in recorded()] == others
    assert main(["recordings", "delete", first, "../journal"]) == 1
    assert "There is no recording called ../journal." in capsys.readouterr().err
    eeg = recordings_folder(find_folders()[0].eeg)
    recording = FifRecording(eeg / "2026-11-24_eeg.fif")
    recording.add(EegChunk(np.arange(500) / 250.0, np.ones((500, 1), np.float32), ("Cz",), 250.0))
    recording.save()
    assert main(["recordings", "list"]) == 0
    assert "2026-11-24_eeg.fif" in capsys.readouterr().out
    assert main(["recordings", "delete"]) == 0
    assert (recorded(), list(eeg.iterdir())) == ([], [])
