"""The file of choices: odd texts come out as they went in, a killed writer leaves it whole, nobody's file is harmed."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistive.learning import choice_file
from assistive.learning.choice import Began, Choice, Option, TakenBack
from assistive.learning.choice_file import NewerFormat, NotAChoiceLog, is_damaged, why_not
from assistive.learning.choice_store import ChoiceStore
from assistive.learning.choices_kept import erase_choices, read_choices
from models.language.messages import Speaker, Turn

TEXT = st.text(st.characters(), max_size=40)  # half surrogate pairs too
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
SLOT = st.sampled_from(["word:0", "phrase:2"])
OPTION = st.builds(Option, SLOT, TEXT, st.none() | NUMBER, NUMBER, st.sampled_from(["model", "ngram", ""]))
CHOICE = st.builds(
    Choice,
    NUMBER,
    st.sampled_from(["dwell", "press"]),
    st.sampled_from(["en", "ru"]),
    TEXT,
    TEXT,
    st.lists(st.builds(Turn, st.sampled_from(Speaker), TEXT), max_size=3).map(tuple),
    st.lists(OPTION, max_size=5).map(tuple),
    NUMBER,
    st.just("word"),
    TEXT,
    st.just(""),
    st.none() | TEXT,
    st.none() | TEXT,
    st.booleans(),
)
WORD = Choice(1.0, "dwell", "en", "", "", (), (), 0.0, "word", "tea", "", "", "tea ", True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "choices.sqlite"


def write(path: Path, *events: Choice | TakenBack | Began) -> None:
    with contextlib.closing(ChoiceStore(path)) as store:
        store.write(events)


def storable(choice: Choice) -> Choice:
    """The same with a question mark for half a surrogate pair."""
    text, argument, model = map(whole, (choice.text, choice.argument, choice.model))
    removed, inserted = (None if t is None else whole(t) for t in (choice.removed, choice.inserted))
    turns = tuple(Turn(turn.speaker, whole(turn.text)) for turn in choice.turns)
    shown = tuple(replace(option, text=whole(option.text)) for option in choice.shown)
    whole_texts = {
        "text": text,
        "argument": argument,
        "model": model,
        "removed": removed,
        "inserted": inserted,
    }
    return replace(choice, turns=turns, shown=shown, **whole_texts)


def whole(text: str) -> str:
    return re.sub("[\ud800-\udfff]", "?", text)


@settings(max_examples=30)
@given(st.lists(CHOICE, min_size=1, max_size=4))
def test_odd_texts_come_out_as_they_went_in(
    tmp_path_factory: pytest.TempPathFactory, choices: list[Choice]
) -> None:
    path = tmp_path_factory.mktemp("odd") / "choices.sqlite"
    write(path, *choices)
    assert [kept.choice for kept in read_choices(path)] == [storable(choice) for choice in choices]


def test_a_transaction_that_fails_changes_nothing_not_even_what_undo_takes_back(path: Path) -> None:
    with contextlib.closing(ChoiceStore(path)) as store:
        store.write([WORD])
        with pytest.raises(sqlite3.Error):
            store.write([TakenBack(2.0), Choice(1.0, "", "", "", "", (), (), 0.0, None)])  # type: ignore[arg-type]
        store.write([TakenBack(3.0)])
    assert [kept.undone for kept in read_choices(path)] == [3.0]


KILLED = """
import sys
from pathlib import Path
from assistive.learning.choice import Choice, Option
from assistive.learning.choice_store import ChoiceStore
store = ChoiceStore(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    shown = tuple(Option(f"word:{n}", f"word {number}") for n in range(5))
    choice = Choice(float(number), "dwell", "en", "", "x" * 3000, (), shown, 0.0, "word", str(number))
    store.write([choice] * 3)
    print(number, flush=True)
"""


def test_a_writer_that_is_killed_leaves_whole_choices(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        acknowledged = [next(writer.stdout) for _ in range(20)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += list(writer.stdout)
    kept = list(read_choices(path))
    assert len(kept) % 3 == 0
    assert len(kept) >= 3 * len(acknowledged)
    assert all(len(each.choice.shown) == 5 for each in kept)
    write(path, WORD)
    assert list(read_choices(path))[-1].choice == WORD


def test_somebody_else_s_database_is_left_alone(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE recipes (cake)")
    before = path.read_bytes()
    for attempt in (lambda: ChoiceStore(path), lambda: list(read_choices(path))):
        with pytest.raises(NotAChoiceLog):
            attempt()
    assert path.read_bytes() == before


def test_a_newer_format_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path, WORD)
    monkeypatch.setattr(choice_file, "FORMAT", 0)
    with pytest.raises(NewerFormat):
        list(read_choices(path))


def test_a_link_somewhere_else_is_not_followed(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    path.symlink_to(elsewhere)
    with pytest.raises(OSError):
        ChoiceStore(path)
    assert not elsewhere.exists()


def test_erased_choices_cannot_be_found_in_the_file(path: Path) -> None:
    write(path, *[WORD] * 50)
    (path.parent / "choices.sqlite.aside-2026-01-01-000000").write_bytes(b"tea")
    assert erase_choices(path) == 50
    assert b"tea" not in path.read_bytes()
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert erase_choices(path) == 0


def test_a_sayso_that_runs_goes_on_with_the_empty_file(path: Path) -> None:
    with contextlib.closing(ChoiceStore(path)) as store:
        store.write([WORD])
        erase_choices(path)
        store.write([TakenBack(2.0), WORD])
    ((number, undone),) = ((kept.number, kept.undone) for kept in read_choices(path))
    assert (number, undone) == (2, None), "the number of an erased choice is not used again"


def test_a_damaged_file_is_erased_as_a_whole(path: Path) -> None:
    path.write_bytes(b"no database at all, but longer than a header" * 100)
    assert erase_choices(path) is None
    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("SQLITE_FULL", "the disk is full"),
        ("SQLITE_READONLY_DIRECTORY", "the disk can only be read"),
        ("SQLITE_BUSY", "another program is using it"),
        ("SQLITE_IOERR_WRITE", "the disk does not answer"),
        ("SQLITE_CANTOPEN", "Sayso has no permission there"),
        ("SQLITE_CORRUPT", "the file is damaged"),
    ],
)
def test_why_not_is_said_in_plain_words(name: str, reason: str) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorname = name
    assert why_not(error) == reason
    assert is_damaged(error) is (name == "SQLITE_CORRUPT")
