"""The log of choices: a sentence is written by looking, and all that was there to be chosen is kept with it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from chooser import KEPT, QUICK, Chooser

from assistive.consents import CHOICES
from assistive.learning import choice_log, choice_store, choice_writer
from assistive.learning.choice import Option
from assistive.learning.choice_writer import put_away_name
from assistive.learning.choices_kept import read_choices
from assistive.messages import PartnerSaid, Trouble, TroubleOver
from assistive.text.history import restore
from devices.samples import SwitchEvent
from models.language.messages import Speaker, Turn


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "choices.sqlite"


def test_a_sentence_is_kept_with_all_that_could_have_been_chosen(path: Path) -> None:
    person = Chooser(path)
    person.tell(PartnerSaid(person.clock.now(), "What can I bring you?"))
    person.look("word:0").look("word:1").look("phrase:0").look("speak")
    first, second, third, spoken = (kept.choice for kept in person.kept())
    assert first.shown == (
        Option("phrase:0", "Thank you.", 0.125, 1.0, "model"),
        Option("phrase:1", "Good morning.", 0.125, 1.0, "model"),
        Option("phrase:2", "See you soon.", 0.125, 1.0, "model"),
        Option("word:0", "I", 0.5, 1.0, "model"),
        Option("word:1", "The", 0.25, 1.0, "model"),
    )
    assert (first.verb, first.argument, first.slot, first.text) == ("word", "I", "word:0", "")
    assert (first.model, first.language, first.input) == ("tiny", "en", "dwell")
    assert first.turns == (Turn(Speaker.PARTNER, "What can I bring you?"),)
    assert (second.argument, second.text, second.slot) == ("would", "I ", "word:1")
    assert (second.removed, second.inserted) == ("", "would ")
    assert (third.argument, third.slot) == ("like a cup of tea", "phrase:0")
    assert (spoken.verb, spoken.slot, spoken.inserted) == ("speak", "", None)
    assert 0.5 < second.shown_s < 5.0


def test_a_letter_passes_over_the_words_that_were_there(path: Path) -> None:
    person = Chooser(path).look("word:0").look("c")
    letter = person.kept()[-1].choice
    assert (letter.verb, letter.argument, letter.slot) == ("write", "c", "")
    assert [option.text for option in letter.shown] == ["want", "would"]


def test_what_was_undone_says_so_and_what_was_not_does_not(path: Path) -> None:
    person = (
        Chooser(path).look("word:0").look("word:0").look("undo").look("word:1").look("speak").look("undo")
    )
    kept = person.kept()
    assert [(k.choice.verb, k.choice.argument, k.undone is not None) for k in kept] == [
        ("word", "I", False),
        ("word", "want", True),
        ("undo", "", False),
        ("word", "would", False),
        ("speak", "", True),
        ("undo", "", False),
    ]
    assert kept[1].undone == kept[2].choice.t


def test_a_new_start_takes_back_the_choices_of_the_day_before(path: Path) -> None:
    person = Chooser(path).look("word:0").look("word:0").look("word:0", 0.1).close()
    again = Chooser(path, restored=restore(person.entries)).look("undo").look("undo")
    assert [kept.undone is not None for kept in again.kept()] == [True, True, False, False]


def test_what_was_written_while_nothing_was_kept_is_not_taken_for_another_choice(path: Path) -> None:
    person = Chooser(path).look("word:0").close()
    unseen = Chooser(path.with_name("other"), QUICK, restored=restore(person.entries)).write("ab").close()
    again = Chooser(path, restored=restore(person.entries + unseen.entries)).look("undo").look("undo")
    assert [kept.undone for kept in again.kept() if kept.choice.verb == "word"] == [None]


def test_switch_and_press_are_told_from_dwell(path: Path) -> None:
    person = Chooser(path)
    person.look("word:0", 0.6).tell(SwitchEvent(person.clock.now(), "1", True)).gaze(0.5, -0.2, 0.1)
    person.press("word:0").look("speak")
    assert [kept.choice.input for kept in person.kept()] == ["switch", "press", "dwell"]


def test_pages_settings_rest_and_help_are_nobodys_business(path: Path) -> None:
    person = Chooser(path).look("more").look("back").look("rest").look("wake").look("help").look("help")
    assert person.kept() == []


def test_fixed_sentences_are_kept_with_what_was_passed_over(path: Path) -> None:
    person = Chooser(path).look("fixed:yes")
    (said,) = (kept.choice for kept in person.kept())
    assert (said.verb, said.argument, said.undoable) == ("say", "Yes.", False)
    assert len(said.shown) == 5


def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    Chooser(path).look("word:0").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    Chooser(path).look("word:0").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# ------------------------------------------------------------ consent


def settings_press(person: Chooser, name: str) -> Chooser:
    person.press("more").press("settings")
    while person.board.target(name) is None:
        person.press("next page")
    return person.press(name).press("back")  # type: ignore[return-value]


def test_nothing_is_kept_before_the_person_wants_it(path: Path) -> None:
    Chooser(path, QUICK).look("word:0").close()
    assert not path.exists()


def test_what_is_kept_begins_and_ends_with_the_person_s_wish(path: Path) -> None:
    person = Chooser(path, QUICK).look("word:0")
    settings_press(person, f"more:{CHOICES}")
    person.look("word:0")
    assert [kept.choice.argument for kept in person.kept()] == ["want"]
    assert person.engine.consents == {CHOICES}


def test_switched_off_it_is_erased_when_sayso_closes(path: Path) -> None:
    person = Chooser(path).look("word:0").wait_for("the file", path.exists)
    settings_press(person, f"more:{CHOICES}")
    person.look("word:0").close()
    assert list(path.parent.iterdir()) == []


def test_switched_off_it_is_erased_after_a_while(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice_log, "ERASED_AFTER_S", 0.0)
    person = Chooser(path).look("word:0").wait_for("the file", path.exists)
    settings_press(person, f"more:{CHOICES}")
    person.wait_for("nothing", lambda: list(path.parent.iterdir()) == [])
    person.close()


def test_a_slip_of_the_eye_costs_nothing(path: Path) -> None:
    person = Chooser(path).look("word:0")
    settings_press(person, f"more:{CHOICES}")
    person.wait_for("it is put away", lambda: put_away_name(path).exists() and not path.exists())
    settings_press(person, f"more:{CHOICES}")
    person.look("word:1").look("undo").look("undo")
    assert [kept.undone is not None for kept in person.kept()] == [True, True, False, False]


def test_what_a_crash_kept_from_being_erased_goes_at_the_next_start(path: Path) -> None:
    path.parent.mkdir()
    put_away_name(path).write_bytes(b"old choices")
    Chooser(path, QUICK).close()
    assert list(path.parent.iterdir()) == []


def test_a_damaged_settings_file_does_not_erase_what_was_kept(path: Path) -> None:
    Chooser(path).look("word:0").close()
    Chooser(path, QUICK).close()
    assert len(list(read_choices(path))) == 1


@pytest.mark.parametrize("at_start", [True, False])
def test_without_history_there_is_no_log_either(path: Path, at_start: bool) -> None:
    person = Chooser(path).look("word:0").wait_for("the file", path.exists)
    if at_start:
        person.close()
        person = Chooser(path, KEPT.changed("privacy.history", False))
    else:
        settings_press(person, "more:privacy.history")
    person.look("word:0")
    person.wait_for("nothing is left", lambda: not any(path.parent.iterdir()))
    person.close()
    assert not any(path.parent.iterdir())


# ------------------------------------------------------------ disks


def test_a_full_disk_is_told_once_and_what_waits_is_kept_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice_writer, "FLUSH_S", 0.01)
    monkeypatch.setattr(choice_store, "ROOM_FOR_THE_TEXT", 2**62)
    person = Chooser(path)
    person.writer._retry_s = 0.01
    person.look("word:0").look("word:0")
    person.wait_for("a notice", lambda: bool(person.told))
    (trouble,) = person.told
    assert isinstance(trouble, Trouble)
    assert (trouble.key, trouble.what) == ("choices", "Your choices cannot be kept: the disk is full.")
    assert person.text == "I want ", "the person writes on"
    monkeypatch.setattr(choice_store, "ROOM_FOR_THE_TEXT", 0)
    person.wait_for("that it is mended", lambda: len(person.told) == 2)
    assert isinstance(person.told[1], TroubleOver)
    assert [kept.choice.argument for kept in person.kept()] == ["I", "want"]


def test_what_the_disk_refused_is_not_wanted_any_more_once_it_is_switched_off(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice_writer, "FLUSH_S", 0.01)
    person = Chooser(path).look("word:0").wait_for("the file", path.exists)
    person.writer._retry_s = 0.01
    monkeypatch.setattr(choice_store, "ROOM_FOR_THE_TEXT", 2**62)
    person.look("word:0").wait_for("a notice", lambda: bool(person.told))
    settings_press(person, f"more:{CHOICES}")
    person.wait_for("it is put away", lambda: put_away_name(path).exists() and not path.exists())
    assert person.writer.close(10.0), "nothing waits any more"
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_cannot_be_written_leaves_the_person_writing(path: Path) -> None:
    path.parent.write_text("in the way")
    person = Chooser(path).look("word:0").look("word:0")
    person.wait_for("a notice", lambda: bool(person.told))
    assert person.text == "I want "
    person.close()


def test_when_too_much_waits_the_rest_is_left_out_and_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice_writer, "MOST_WAITING", 3)
    monkeypatch.setattr(choice_writer, "FLUSH_S", 60.0)
    person = Chooser(path).look("word:0").look("word:0").look("undo").look("word:1").look("undo")
    assert [trouble.key for trouble in person.told if isinstance(trouble, Trouble)] == ["choices"]
    assert [kept.choice.argument for kept in person.kept()] == ["I", "want"]


def test_after_what_was_left_out_no_choice_is_taken_for_the_one_that_undo_takes_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice_writer, "FLUSH_S", 0.01)
    monkeypatch.setattr(choice_writer, "MOST_WAITING", 3)
    monkeypatch.setattr(choice_store, "ROOM_FOR_THE_TEXT", 2**62)
    person = Chooser(path)
    person.writer._retry_s = 0.01
    person.look("word:0").look("word:0").look("undo")
    monkeypatch.setattr(choice_store, "ROOM_FOR_THE_TEXT", 0)
    person.wait_for("that it is mended", lambda: isinstance(person.told[-1], TroubleOver))
    person.look("undo")
    assert [(kept.choice.argument, kept.undone) for kept in person.kept()] == [
        ("I", None),
        ("want", None),
        ("", None),
    ]


def test_a_damaged_file_is_set_aside_and_a_new_one_begun(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\x00\xff no database" * 500)
    person = Chooser(path)
    person.writer._retry_s = 0.01
    person.look("word:0")
    person.wait_for("a notice", lambda: bool(person.told))
    (aside,) = path.parent.glob("choices.sqlite.aside-*")
    assert aside.read_bytes().startswith(b"\x00\xff no database")
    assert person.told[0].key == "choices:damaged"
    person.wait_for("the new file", path.exists)
    assert len(person.kept()) == 1


def test_a_file_of_a_newer_sayso_stays_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistive.learning import choice_file

    with monkeypatch.context() as newer:
        newer.setattr(choice_file, "FORMAT", 2)
        Chooser(path).look("word:0").close()
    before = path.read_bytes()
    person = Chooser(path).look("word:0")
    person.wait_for("a notice", lambda: bool(person.told))
    person.close()
    assert path.read_bytes() == before


def test_an_undo_that_finds_nothing_leaves_nothing(path: Path) -> None:
    assert Chooser(path).look("undo").look("speak").kept() == []
