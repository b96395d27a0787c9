"""`sayso export choices` and `sayso choices erase`: what the person gives away, and what they take back."""

from __future__ import annotations

import contextlib
import io
import json
import re
import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from chooser import Chooser
from test_session import running, setting_press

from assistive.cli import main
from assistive.consents import CHOICES
from assistive.durable import write_atomically
from assistive.folders import Folders, find_folders
from assistive.learning import choice_file
from assistive.learning.choices_kept import read_choices
from assistive.messages import PartnerSaid, SettingsChanged
from assistive.settings import Settings
from assistive.store import settings_text

DOCS = Path(__file__).resolve().parents[3] / "docs" / "choices.md"


@pytest.fixture
def folders() -> Folders:
    """Of somebody who wants their choices kept."""
    found = find_folders()[0]
    settings = Settings().changed(CHOICES, True)
    write_atomically(found.settings, settings_text(settings, "").encode())
    return found


def a_sentence(folders: Folders) -> Chooser:
    person = Chooser(folders.choices)
    person.tell(PartnerSaid(person.clock.now(), "What can I bring you?"))
    return person.look("word:0").look("word:0").look("undo").look("w").look("speak").close()


def exported(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_sentence_is_written_undone_and_exported(
    folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_sentence(folders)
    out = tmp_path / "given" / "choices.jsonl"
    assert main(["export", "choices", "--out", str(out)]) == 0
    assert f"5 choices are written to {out}." in capsys.readouterr().out
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    first, second, undo, letter, spoken = exported(out.read_text("utf-8"))
    assert first["chosen"] == {"verb": "word", "text": "I", "slot": "word:0"}
    assert first["rejected"] == ["Thank you.", "Good morning.", "See you soon.", "The"]
    assert first["context"]["turns"] == [{"speaker": "partner", "text": "What can I bring you?"}]
    assert second["shown"][0] == {
        "slot": "word:0",
        "text": "want",
        "probability": 0.5,
        "propensity": 1.0,
        "source": "model",
    }
    assert (second["change"], second["undone"]) == ({"removed": "", "inserted": "want "}, undo["t"])
    assert (undo["chosen"]["verb"], undo["rejected"], undo["change"]) == ("undo", [], None)
    assert (letter["chosen"]["slot"], letter["rejected"], letter["undone"]) == (None, ["want", "would"], None)
    assert (spoken["chosen"]["verb"], spoken["change"]) == ("speak", None)


def test_without_a_file_it_is_printed(folders: Folders, capsys: pytest.CaptureFixture[str]) -> None:
    a_sentence(folders)
    assert main(["export", "choices"]) == 0
    assert len(exported(capsys.readouterr().out)) == 5


def test_every_field_is_described_and_every_description_is_of_a_field(
    folders: Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    def names(value: object, before: str = "") -> set[str]:
        if isinstance(value, dict):
            return set().union(*(names(item, f"{before}.{key}".strip(".")) for key, item in value.items()))
        inside = [names(item, before + "[]") for item in value] if isinstance(value, list) else []
        return set().union(*inside) or {before}

    a_sentence(folders)
    main(["export", "choices"])
    fields = set().union(*map(names, exported(capsys.readouterr().out)))
    described = set(re.findall(r"^\| `([^`]+)` \|", DOCS.read_text("utf-8"), re.MULTILINE))
    assert {field for field in fields if not field.startswith(tuple(described))} == set()
    assert {name for name in described if not any(field.startswith(name) for field in fields)} == set()


def test_without_the_person_s_consent_there_is_nothing_to_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["export", "choices", "--out", str(out)]) == 1
    assert "The person can switch that on" in capsys.readouterr().err
    assert not out.exists()


def test_before_the_first_choice_there_is_nothing_to_export(
    folders: Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "choices"]) == 1
    Chooser(folders.choices).close()
    assert main(["export", "choices"]) == 1
    assert capsys.readouterr().err == "No choice has been kept yet.\n" * 2


@pytest.mark.parametrize("damage", ["nonsense", "cut", "another", "newer"])
def test_a_file_that_cannot_be_read_is_told_and_kept(
    folders: Folders,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
) -> None:
    a_sentence(folders)
    content = folders.choices.read_bytes()
    out = tmp_path / "out"
    out.write_text("what was exported before")
    match damage:
        case "nonsense":
            folders.choices.write_bytes(b"nonsense" * 1000)
        case "cut":
            folders.choices.write_bytes(content[: len(content) // 2])
        case "another":
            with contextlib.closing(sqlite3.connect(folders.choices)) as base, base:
                base.execute("UPDATE conversations SET turns = '[[1]]'")
        case "newer":
            monkeypatch.setattr(choice_file, "FORMAT", 0)
    before = folders.choices.read_bytes()
    assert main(["export", "choices", "--out", str(out)]) == 1
    error = capsys.readouterr().err
    assert "cannot be read" in error and "Traceback" not in error
    assert folders.choices.read_bytes() == before
    assert out.read_text() == "what was exported before"


def test_a_file_that_somebody_else_holds_is_told(
    folders: Folders, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_sentence(folders)
    monkeypatch.setattr(choice_file, "WAIT_S", 0.0)
    with contextlib.closing(sqlite3.connect(folders.choices)) as base:
        base.execute("BEGIN EXCLUSIVE")
        assert main(["export", "choices"]) == 1
        assert main(["choices", "erase", "--yes"]) == 1
    assert capsys.readouterr().err.count("another program is using it") == 2
    assert len(list(read_choices(folders.choices))) == 5


@pytest.mark.parametrize("where", ["itself", "under a file"])
def test_what_cannot_be_written_to_is_told(
    folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    a_sentence(folders)
    (tmp_path / "file").write_text("in the way")
    out = folders.choices if where == "itself" else tmp_path / "file" / "out"
    assert main(["export", "choices", "--out", str(out)]) == 1
    assert str(out) in capsys.readouterr().err
    assert len(list(read_choices(folders.choices))) == 5


# ------------------------------------------------------------ erasing


@pytest.mark.parametrize(("answer", "left"), [("yes\n", 0), ("д\n", 0), ("no\n", 5), ("", 5)])
def test_erasing_asks_first(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, answer: str, left: int
) -> None:
    a_sentence(folders)
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    assert main(["choices", "erase"]) == (0 if left == 0 else 1)
    assert len(list(read_choices(folders.choices))) == left


def test_erasing_what_is_not_there_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["choices", "erase", "--yes"]) == 0
    assert capsys.readouterr().out == "There were no choices.\n"


# ------------------------------------------------------------ a whole session


def test_a_session_keeps_choices_from_the_moment_the_person_wants_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with running() as person:
        w = person.watcher
        person.press("a")
        person.press("more", "settings")
        person.session.post(setting_press(person, f"{CHOICES}=true"))
        w.wait_for("the change", lambda: bool(w.of(SettingsChanged)))
        person.press("back", "b", "undo", "c")
    assert main(["export", "choices"]) == 0
    kept = exported(capsys.readouterr().out)
    assert [(line["chosen"]["text"], line["undone"] is None) for line in kept] == [
        ("b", False),
        ("", True),
        ("c", True),
    ]
    assert all(line["input"] == "press" for line in kept)
    assert {option["source"] for line in kept for option in line["shown"]} <= {"ngram"}
