"""The journal: what was put on disk comes back, whatever happens to the file."""

from __future__ import annotations

import errno
import os
import stat
import string
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistive.messages import JournalEntry
from assistive.text.journal import Journal, decode, encode, open_journal

# Any text at all: control characters, emoji, halves of surrogate pairs.
anything = st.text(st.characters(exclude_categories=()))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=8,
)
entries_of_any_kind = st.lists(
    st.builds(
        JournalEntry,
        t=st.floats(0, 1e9),
        number=st.integers(1, 10**9),
        kind=st.text(string.ascii_lowercase, min_size=1, max_size=8),
        data=st.dictionaries(anything, json_values, max_size=4),
    ),
    max_size=6,
)
reuses_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def edit(number: int, inserted: str) -> JournalEntry:
    return JournalEntry(
        number * 0.8, number, "edit", {"removed": "", "inserted": inserted, "proposed": False}
    )


def morning() -> list[JournalEntry]:
    """Somebody writes, undoes, speaks and turns a page."""
    entries = [edit(n, letter) for n, letter in enumerate("Good mörning 🌞 доброе", 1)]
    number = len(entries)
    entries.append(JournalEntry(20.0, number + 1, "undo", {}))
    entries.append(JournalEntry(21.0, number + 2, "speak", {"text": "line one\nline two\0\ttab"}))
    entries.append(JournalEntry(22.0, number + 3, "page", {"page": "numbers"}))
    return entries


def test_what_was_written_is_there_the_next_day(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal"
    journal, before, recovery = open_journal(path)
    assert (before, recovery.what) == ([], "")
    for entry in morning():
        journal.append(entry)
    journal.close()

    journal, entries, recovery = open_journal(path)
    assert entries == morning()
    assert (recovery.entries, recovery.what, recovery.aside) == (len(morning()), "", None)
    journal.append(edit(99, "!"))
    assert open_journal(path)[1] == [*morning(), edit(99, "!")]


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal"
    Journal(path).append(edit(1, "private"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    open_journal(path)[0].append(edit(2, "too"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_journal_cut_at_any_byte_gives_back_every_complete_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)  # nothing is switched off here, and thousands take long
    records = [encode(entry) for entry in morning()]
    whole = b"".join(records)
    ends = [sum(map(len, records[: n + 1])) for n in range(len(records))]
    for cut in range(len(whole) + 1):
        path = tmp_path / str(cut) / "journal"
        path.parent.mkdir()
        path.write_bytes(whole[:cut])
        complete = sum(end <= cut for end in ends)
        intact = ends[complete - 1] if complete else 0

        _, entries, recovery = open_journal(path)

        assert entries == morning()[:complete], f"cut at byte {cut}"
        if cut == intact:
            assert recovery.what == ""
        else:
            assert recovery.what.startswith("The last choice")
            assert recovery.aside is not None and recovery.aside.read_bytes() == whole[intact:cut]
        if intact:
            assert path.read_bytes() == whole[:intact]


def test_writing_goes_on_after_a_torn_tail(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    whole = b"".join(map(encode, morning()))
    path.write_bytes(whole[:-3])
    journal, entries, _ = open_journal(path)
    journal.append(edit(50, "on"))
    assert open_journal(path)[1] == [*entries, edit(50, "on")] == [*morning()[:-1], edit(50, "on")]


@reuses_folder
@given(entries=entries_of_any_kind)
def test_any_text_comes_back_as_it_was(tmp_path: Path, entries: list[JournalEntry]) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"".join(map(encode, entries)))
    assert open_journal(path)[1] == entries


def test_a_hundred_thousand_characters_are_one_entry(tmp_path: Path) -> None:
    long = edit(1, "слово\n🙂\0" * 12_500)
    Journal(tmp_path / "journal").append(long)
    assert open_journal(tmp_path / "journal")[1] == [long]


@reuses_folder
@given(data=st.data())
def test_corruption_never_invents_an_entry(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "journal"
    original = bytearray(b"".join(map(encode, morning())))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(original)))
        length = data.draw(st.integers(0, 40))
        original[start : start + length] = data.draw(st.binary(max_size=40))
    path.write_bytes(original)

    journal, entries, recovery = open_journal(path)

    # Cutting a whole record out of the middle leaves intact neighbours; so: nothing that was not written.
    assert all(entry in morning() for entry in entries)
    if recovery.aside is not None:
        kept = path.read_bytes() if path.exists() else b""
        assert kept + recovery.aside.read_bytes() == original
        recovery.aside.unlink()
    journal.append(edit(77, "still writing"))
    journal.close()
    assert open_journal(path)[1] == [*entries, edit(77, "still writing")]
    path.unlink()


@reuses_folder
@given(foreign=st.binary(min_size=1, max_size=300))
def test_a_foreign_file_is_kept_and_a_new_journal_begun(tmp_path: Path, foreign: bytes) -> None:
    path = tmp_path / "journal"
    path.write_bytes(foreign)
    journal, entries, recovery = open_journal(path)
    assert entries == []
    assert recovery.what and recovery.works and recovery.todo
    assert recovery.aside is not None and recovery.aside.read_bytes() == foreign
    journal.append(edit(1, "a"))
    journal.close()
    assert open_journal(path)[1] == [edit(1, "a")]
    recovery.aside.unlink()
    path.unlink()


def test_a_picture_in_the_journals_place_is_told_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50)
    recovery = open_journal(path)[2]
    assert recovery.what == f"The saved text in {path} cannot be read: it holds something else."
    assert recovery.works == "Writing and speaking work; you begin with an empty text."
    assert recovery.todo == f"Nothing was deleted: what could not be read is kept in {recovery.aside}."


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_not_a_file_is_moved_out_of_the_way(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "journal"
    if kind == "folder":
        (path / "inside").mkdir(parents=True)
    else:
        os.mkfifo(path)
    journal, entries, recovery = open_journal(path)
    assert entries == [] and "it is not a file" in recovery.what
    journal.append(edit(1, "a"))
    assert open_journal(path)[1] == [edit(1, "a")]


def test_damage_in_the_middle_says_which_step_was_the_last(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    records = [encode(entry) for entry in morning()]
    records[10] = records[10].replace(b'"edit"', b'"adit"')
    path.write_bytes(b"".join(records))
    _, entries, recovery = open_journal(path)
    assert entries == morning()[:10]
    assert recovery.what == "The saved text is damaged: what came after step 10 cannot be read."
    assert recovery.aside is not None and recovery.aside.read_bytes() == b"".join(records[10:])


def test_several_damaged_files_of_one_day_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    for n in range(4):
        path.write_bytes(b"?%d" % n)
        open_journal(path)
    assert sorted(p.read_bytes() for p in tmp_path.glob("journal.aside-*")) == [b"?0", b"?1", b"?2", b"?3"]


def test_a_record_with_a_right_checksum_but_another_shape_is_not_an_entry() -> None:
    entry = edit(1, "a")
    assert decode(encode(entry)) == entry
    assert decode(encode(entry)[:-1]) is None
    for foreign in (b"[1, 2]", b"{}", b"true", b"\xff"):
        assert decode(b"%08x %d %b\n" % (zlib.crc32(foreign), len(foreign), foreign)) is None


def test_compacting_keeps_numbers_and_lets_writing_go_on(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    journal.append(*morning())
    journal.compact(morning()[-2:])
    journal.append(edit(60, "next"))
    assert open_journal(path)[1] == [*morning()[-2:], edit(60, "next")]
    assert [p.name for p in tmp_path.iterdir()] == ["journal"]


def test_a_compaction_that_fails_leaves_the_journal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    journal.append(*morning())

    def full(descriptor: int, data: bytes) -> None:
        os.write(descriptor, data[:5])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr("assistive.durable.write_all", full)
        with pytest.raises(OSError):
            journal.compact([edit(1, "only this")])
    assert [p.name for p in tmp_path.iterdir()] == ["journal"]
    journal.append(edit(60, "next"))
    assert open_journal(path)[1] == [*morning(), edit(60, "next")]


def test_a_disk_that_takes_half_a_record_is_cut_back_before_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    journal.append(*morning())
    write = os.write
    room = 20

    def short(descriptor: int, data: bytes) -> int:
        nonlocal room
        if room == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(descriptor, data[: min(7, room)])
        room -= written
        return written

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", short)
        with pytest.raises(OSError):
            journal.append(edit(60, "lost?"))
        room = 10_000  # short writes still, but there is room again
        journal.append(edit(60, "no"))
    assert open_journal(path)[1] == [*morning(), edit(60, "no")]


def test_a_broken_tail_that_cannot_be_set_aside_yet_is_set_aside_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal"
    whole = b"".join(map(encode, morning()))
    path.write_bytes(whole + b"torn")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr("shutil.copyfileobj", full)
        journal, entries, recovery = open_journal(path)
        assert entries == morning() and recovery.aside is None
        assert "is as it was" in recovery.todo
        with pytest.raises(OSError):
            journal.append(edit(60, "not yet"))
        assert path.read_bytes() == whole + b"torn"
    journal.append(edit(60, "now"))
    assert open_journal(path)[1] == [*morning(), edit(60, "now")]
    (aside,) = tmp_path.glob("journal.aside-*")
    assert aside.read_bytes() == b"torn"


def test_a_journal_deleted_while_sayso_runs_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal"
    journal = Journal(path)
    journal.append(*morning())
    path.unlink()
    path.parent.rmdir()
    journal.append(edit(60, "here"))
    assert open_journal(path)[1] == [*morning(), edit(60, "here")]


def test_a_journal_replaced_while_sayso_runs_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    journal.append(*morning())
    (tmp_path / "other").write_text("an old backup")
    (tmp_path / "other").replace(path)
    journal.append(edit(60, "here"))
    assert open_journal(path)[1] == [*morning(), edit(60, "here")]
    (aside,) = tmp_path.glob("journal.aside-*")
    assert aside.read_text() == "an old backup"


FULL_DISK = """
import resource, sys
from pathlib import Path
from assistive.messages import JournalEntry
from assistive.text.journal import Journal, open_journal

path = Path(sys.argv[1])
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
journal, kept, failures = Journal(path), [], 0
for number in range(1, 41):
    entry = JournalEntry(float(number), number, "edit", {"inserted": "word " * (number % 5)})
    try:
        journal.append(entry)
    except OSError:
        failures += 1
        if failures == 3:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    else:
        kept.append(entry)
assert failures == 3, failures
assert open_journal(path)[1] == kept
print(len(kept))
"""


def test_a_real_limit_on_the_files_size_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "journal")],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("37", "")
