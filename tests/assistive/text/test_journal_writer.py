"""The journal's thread: it never makes anybody wait, tells what is on disk, and never gives an entry up."""

from __future__ import annotations

import errno
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from assistive.messages import JournalAcked, JournalEntry, JournalFailed, Trouble, TroubleOver
from assistive.text.journal import Journal, open_journal
from assistive.text.journal_writer import JournalWriter, Posted
from devices.clock import VirtualClock

WAIT_S = 10.0
NEVER_S = 3600.0


class StubbornJournal(Journal):
    """A journal on a disk that can be told to refuse, or to take its time."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.refusal: BaseException | None = None
        self.may_write = threading.Event()
        self.may_write.set()
        self.called = threading.Event()
        self.batches: list[int] = []

    def append_records(self, records: Sequence[bytes]) -> None:
        self.called.set()
        assert self.may_write.wait(WAIT_S)
        if self.refusal is not None:
            raise self.refusal
        super().append_records(records)
        self.batches.append(len(records))


class Desk:
    """A writer, its journal, and what it posts."""

    def __init__(self, folder: Path) -> None:
        self.journal = StubbornJournal(folder / "state" / "journal")
        self.posted: queue.Queue[Posted] = queue.Queue()
        self.writers: list[JournalWriter] = []

    def writer(self, retry_s: float = NEVER_S) -> JournalWriter:
        self.writers.append(JournalWriter(self.journal, self.posted.put, VirtualClock(5.0), retry_s=retry_s))
        return self.writers[-1]

    def next(self) -> Posted:
        return self.posted.get(timeout=WAIT_S)

    def on_disk(self) -> list[JournalEntry]:
        return open_journal(self.journal.path)[1]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.journal.may_write.set()
    made.journal.refusal = None
    for writer in made.writers:
        assert writer.close(WAIT_S)


def entry(number: int) -> JournalEntry:
    return JournalEntry(float(number), number, "edit", {"inserted": "é🌞\n"})


def refusal(code: int) -> OSError:
    return OSError(code, os.strerror(code))


def test_an_entry_is_acknowledged_when_it_is_on_disk(desk: Desk) -> None:
    writer = desk.writer()
    writer.submit(entry(1))
    assert desk.next() == JournalAcked(5.0, 1)
    assert desk.on_disk() == [entry(1)]


def test_what_waits_is_written_together_and_acknowledged_once(desk: Desk) -> None:
    desk.journal.may_write.clear()
    writer = desk.writer()
    writer.submit(entry(1))
    assert desk.journal.called.wait(WAIT_S)
    for number in range(2, 501):
        writer.submit(entry(number))  # would hang here if submitting waited for the disk
    desk.journal.may_write.set()
    assert [desk.next(), desk.next()] == [JournalAcked(5.0, 1), JournalAcked(5.0, 500)]
    assert desk.journal.batches == [1, 499]
    assert desk.on_disk() == [entry(number) for number in range(1, 501)]


def test_a_full_disk_is_told_once_and_everything_is_written_when_there_is_room(desk: Desk) -> None:
    writer = desk.writer()
    desk.journal.refusal = refusal(errno.ENOSPC)
    writer.submit(entry(1))
    assert desk.next() == JournalFailed(5.0, 1, "the disk is full")
    trouble = desk.next()
    assert isinstance(trouble, Trouble) and trouble.key == "disk"
    assert trouble.what == "What you write now cannot be kept: the disk is full."
    assert trouble.works == "Writing and speaking work. Sayso remembers the text while it is open."
    assert "Make room on the disk" in trouble.todo

    writer.submit(entry(2))
    assert desk.next() == JournalFailed(5.0, 2, "the disk is full")

    desk.journal.refusal = None
    writer.submit(entry(3))
    assert desk.next() == JournalAcked(5.0, 3)
    assert desk.next() == TroubleOver(5.0, "disk")
    assert desk.on_disk() == [entry(1), entry(2), entry(3)]


def test_it_tries_again_by_itself(desk: Desk) -> None:
    desk.journal.refusal = refusal(errno.EROFS)
    writer = desk.writer(retry_s=0.001)
    writer.submit(entry(1))
    assert desk.next() == JournalFailed(5.0, 1, "the disk can only be read")
    assert isinstance(desk.next(), Trouble)
    desk.journal.refusal = None
    assert desk.next() == JournalAcked(5.0, 1)
    assert desk.next() == TroubleOver(5.0, "disk")


def test_a_new_reason_is_told_anew(desk: Desk) -> None:
    writer = desk.writer()
    reasons = []
    for number, code in enumerate((errno.ENOSPC, errno.EACCES, errno.EACCES), 1):
        desk.journal.refusal = refusal(code)
        writer.submit(entry(number))
        failed = desk.next()
        assert isinstance(failed, JournalFailed)
        reasons.append(failed.reason)
        if number < 3:
            assert isinstance(desk.next(), Trouble)
    assert reasons == ["the disk is full", "Sayso has no permission there", "Sayso has no permission there"]
    assert desk.posted.empty()


@pytest.mark.filterwarnings("error")
def test_a_surprise_does_not_end_the_thread(desk: Desk) -> None:
    writer = desk.writer()
    desk.journal.refusal = RuntimeError("a bug")
    writer.submit(entry(1))
    assert desk.next() == JournalFailed(5.0, 1, "a bug")
    assert isinstance(desk.next(), Trouble)
    desk.journal.refusal = None
    writer.submit(entry(2))
    assert desk.next() == JournalAcked(5.0, 2)


def test_an_entry_that_is_not_json_is_refused_at_once(desk: Desk) -> None:
    writer = desk.writer()
    with pytest.raises(TypeError):
        writer.submit(JournalEntry(0.0, 1, "edit", {"inserted": object()}))
    writer.submit(entry(1))
    assert desk.next() == JournalAcked(5.0, 1)


def test_closing_writes_what_waits(desk: Desk) -> None:
    desk.journal.may_write.clear()
    writer = desk.writer()
    for number in range(1, 4):
        writer.submit(entry(number))
    desk.journal.may_write.set()
    assert writer.close(WAIT_S)
    assert desk.on_disk() == [entry(1), entry(2), entry(3)]
    with pytest.raises(RuntimeError):
        writer.submit(entry(4))


def test_closing_on_a_full_disk_says_that_something_is_missing(tmp_path: Path) -> None:
    journal = StubbornJournal(tmp_path / "journal")
    journal.refusal = refusal(errno.ENOSPC)
    writer = JournalWriter(journal, lambda message: None, VirtualClock(), retry_s=NEVER_S)
    writer.submit(entry(1))
    assert not writer.close(WAIT_S)


def test_of_several_saves_the_latest_is_on_disk(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.toml"
    desk.journal.may_write.clear()
    writer = desk.writer()
    writer.submit(entry(1))
    assert desk.journal.called.wait(WAIT_S)
    made: list[str] = []
    for theme in ("light", "contrast", "dark"):
        writer.save(path, contents(theme, made))
    desk.journal.may_write.set()
    assert writer.close(WAIT_S)
    assert path.read_text(encoding="utf-8") == "dark"
    assert made == ["dark"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["settings.toml"]


def contents(text: str, made: list[str]) -> Callable[[], str]:
    def make() -> str:
        made.append(text)
        return text

    return make


def test_settings_that_cannot_be_saved_do_not_stop_the_journal(desk: Desk, tmp_path: Path) -> None:
    in_the_way = tmp_path / "config"
    in_the_way.write_text("a file where the folder should be")
    writer = desk.writer()
    writer.save(in_the_way / "settings.toml", "theme")
    trouble = desk.next()
    assert isinstance(trouble, Trouble) and trouble.key == "disk:settings"
    assert trouble.what == "settings.toml cannot be saved: the folder is not there."
    writer.submit(entry(1))
    assert desk.next() == JournalAcked(5.0, 1)
    in_the_way.unlink()
    writer.submit(entry(2))
    # In either order: the writer may have been at the settings when the way became free.
    answers = [desk.next(), desk.next()]
    assert JournalAcked(5.0, 2) in answers and TroubleOver(5.0, "disk:settings") in answers
    assert (in_the_way / "settings.toml").read_text() == "theme"
