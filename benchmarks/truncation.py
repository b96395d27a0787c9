"""benchmarks: is every acknowledged entry there when the journal was cut off at any byte?"""

from __future__ import annotations

import threading
from pathlib import Path

from assistive.messages import JournalAcked, JournalEntry
from assistive.text.journal import open_journal
from assistive.text.journal_writer import JournalWriter, Posted
from devices.clock import LslClock

_PIECES = ("a", "é", "ж", "🌞", "\n", "\0", "\ud83d", " thank you", "спасибо ", '"quoted\\"')
_WAIT_S = 60.0


def check_truncations(folder: Path, n_entries: int) -> int:
    """Write a journal, cut it off at every byte, and open what is left each time.

    Parameters
    ----------
    folder : Path
        An empty folder to work in.
    n_entries : int
        How many entries are written, each waited for until it is acknowledged, as the engine does. An entry
        takes about 90 bytes.

    Returns
    -------
    int
        The number of truncations checked: one more than the journal has bytes.

    Raises
    ------
    AssertionError
        An acknowledged entry was lost, or something was read that had not been written.
    """
    whole, acknowledged = _write(folder / "written" / "journal", n_entries)
    path = folder / "cut" / "journal"
    path.parent.mkdir()
    after = JournalEntry(0.0, n_entries + 1, "edit", {"inserted": "after the crash"})
    complete: list[JournalEntry] = []
    for cut in range(len(whole) + 1):
        while len(complete) < len(acknowledged) and acknowledged[len(complete)][0] <= cut:
            complete.append(acknowledged[len(complete)][1])
        path.write_bytes(whole[:cut])
        journal, entries, recovery = open_journal(path)
        _compare(entries, complete, f"cut at byte {cut} of {len(whole)}")
        if recovery.aside is not None:
            recovery.aside.unlink()
        if cut in (0, len(whole)) or cut % 7 == 0:
            journal.append(after)
            journal.close()
            _compare(open_journal(path)[1], [*complete, after], f"written on after a cut at byte {cut}")
        path.unlink(missing_ok=True)
    return len(whole) + 1


def _write(path: Path, n_entries: int) -> tuple[bytes, list[tuple[int, JournalEntry]]]:
    """Return the journal's bytes, and each entry with the size that the file had when it was acknowledged."""
    answered = threading.Event()
    answers: list[Posted] = []

    def hear(answer: Posted) -> None:
        answers.append(answer)
        answered.set()

    writer = JournalWriter(open_journal(path)[0], hear, LslClock())
    acknowledged: list[tuple[int, JournalEntry]] = []
    for number in range(1, n_entries + 1):
        inserted = _PIECES[number % len(_PIECES)]
        data = {"removed": inserted[: number % 3], "inserted": inserted, "proposed": number % 4 == 0}
        entry = JournalEntry(number * 0.8, number, "edit", data)
        answered.clear()
        writer.submit(entry)
        if not answered.wait(_WAIT_S):
            raise AssertionError(f"entry {number} was neither acknowledged nor refused in {_WAIT_S} s")
        if not isinstance(answers[-1], JournalAcked) or answers[-1].number != number:
            raise AssertionError(f"entry {number} was answered with {answers[-1]}")
        acknowledged.append((path.stat().st_size, entry))
    if not writer.close(_WAIT_S):
        raise AssertionError("the writer did not close")
    return path.read_bytes(), acknowledged


def _compare(found: list[JournalEntry], expected: list[JournalEntry], when: str) -> None:
    if found != expected:
        raise AssertionError(f"{when}: {len(found)} entries read, {len(expected)} expected")
