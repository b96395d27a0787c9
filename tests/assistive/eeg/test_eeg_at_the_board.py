"""With EEG alone, from the page where it is started to a spoken sentence, on the real boards of the engine."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from brain_at_the_board import AGREED, BrainAtTheBoard
from recording.diarist import Diarist

from assistive.eeg.messages import (
    ChoiceJudged,
    OutcomeScored,
    ShowFlashes,
    ShowOutcome,
    StopFlashes,
)
from assistive.messages import NoticesShown, Selection
from assistive.recording.player import replay
from assistive.text.history import Restored
from devices.samples import DeviceState, DeviceStatus


def started(**what: object) -> BrainAtTheBoard:
    """Somebody beside the person starts the flashing, which leads to the letters."""
    person = BrainAtTheBoard(**what)  # type: ignore[arg-type]
    for name in ("more", "EEG", "start"):
        person.press(name)
    assert person.board.page == "letters"
    return person


def test_a_word_is_written_and_spoken_by_eeg_alone() -> None:
    person = started()
    assert [person.attend(letter) for letter in "tea"] == list("tea")
    assert person.text == "Tea"
    assert person.attend("speak") == "Speak"
    assert person.spoken == ["Tea"]


def test_whoever_looks_at_the_key_that_they_wait_for_does_not_choose_it_by_the_look() -> None:
    person = started()
    person.wants = "nothing"
    person.look("a", 3.0)
    assert person.text == ""
    person.press("more")  # a click stops the flashing
    person.press("back")
    person.look("a", 2.0)
    assert person.text == "A"


def test_a_word_that_is_proposed_is_chosen_as_it_stands() -> None:
    person = started(proposer=lambda request: ("water", "want", "warm", "well", "why"))
    flashed = len(person.flash_times)
    assert person.attend("Water") == "Water"
    assert person.text.startswith("Water")
    assert len(person.flash_times) - flashed < 60


def test_a_wrong_letter_is_taken_back_and_the_rest_of_its_evidence_counts_on() -> None:
    person = started()
    person.attend("t")
    person.attend("undo")
    judged = person.of(ChoiceJudged)
    assert (judged[-1].target, judged[-1].right) == ("letter:t", False)  # type: ignore[attr-defined]
    assert person.text == ""
    assert person.attend("r") == "r"


def test_what_the_eeg_doubts_is_offered_and_one_choice_puts_it_right() -> None:
    person = started(separation=1.4)
    person.attend("t")
    number = person.of(ShowOutcome)[-1].number  # type: ignore[attr-defined]
    person.tell(OutcomeScored(person.clock.now(), number, 0.8, True))
    offer = person.engine.eeg.offer
    assert offer is not None and offer.instead is not None
    assert [t.note for t in person.board.targets if t.id.startswith("offer:")] == [
        f"“{offer.chosen.label}”",
        f"“{offer.instead.label}”",
    ]
    assert person.attend("offer:instead") == "meant?"
    assert person.text.lower() == offer.instead.label
    assert not person.of(ChoiceJudged)[-1].right  # type: ignore[attr-defined]


def test_nothing_flashes_without_consent_even_where_the_settings_file_asks_for_it() -> None:
    person = BrainAtTheBoard(AGREED.changed("eeg.flashing", False), restored=Restored())
    for name in ("more", "EEG", "start"):
        person.press(name)
    assert person.board.page.startswith("eeg/consent")
    assert not person.pass_time(100.0).of(ShowFlashes)


def test_the_person_takes_their_consent_back_by_eeg_in_the_middle_of_it() -> None:
    person = started()
    for name in ("more", "EEG", "nothing may flash"):
        assert person.attend(name) == name
    flashed = len(person.flash_times)
    assert isinstance(person.of(StopFlashes)[-1], StopFlashes)
    person.pass_time(300.0)
    assert len(person.flash_times) == flashed
    assert not person.engine.settings.eeg.flashing
    assert "eeg.flashing" not in person.engine.consents


def test_eeg_that_is_lost_is_told_and_the_person_goes_on_when_it_is_back() -> None:
    person = started()
    person.attend("t")
    person.wants = "e"
    person.pass_time(5.0)
    person.tell(DeviceStatus(person.clock.now(), "eeg", DeviceState.LOST))
    assert person.of(NoticesShown)[-1].notices[0].key == "eeg-lost"  # type: ignore[attr-defined]
    flashed = len(person.flash_times)
    person.pass_time(10.0)
    assert len(person.flash_times) == flashed
    person.tell(DeviceStatus(person.clock.now(), "eeg", DeviceState.RUNNING))
    assert person.attend("e") == "e"
    assert person.text == "Te"


def test_a_click_stops_the_flashing_though_it_chooses_nothing() -> None:
    person = started()
    person.pass_time(5.0)
    person.press("yes")
    flashed = len(person.flash_times)
    person.pass_time(200.0)
    assert len(person.flash_times) == flashed


def test_the_flashes_of_an_hour_have_their_breaks() -> None:
    person = started(separation=2.2)
    for letter in itertools.islice(itertools.cycle("etaoin"), 60):
        person.attend(letter)
    begin = person.flash_times[0]
    for t, after in itertools.pairwise(person.flash_times):
        begin = after if after - t >= 15.0 - 1e-6 else begin
        assert after - begin <= 120.0 + 1e-6
    right = [one.label for one in person.of(Selection)[-60:]]  # type: ignore[attr-defined]
    assert right.count("t") + right.count("e") >= 15


class Recorded(BrainAtTheBoard, Diarist):
    """The same person, whose every message is kept."""


@pytest.mark.parametrize("from_the_middle", [False, True])
def test_what_was_chosen_by_eeg_comes_out_again_in_a_replay(tmp_path: Path, from_the_middle: bool) -> None:
    person = Recorded(AGREED)
    for name in ("more", "EEG", "start"):
        person.press(name)
    person.attend("t")
    if from_the_middle:
        person.pass_time(6.0).begin()  # type: ignore[attr-defined]
    for name in ("e", "undo", "a"):
        person.attend(name)
    replayed = replay(person.keep(tmp_path / "by_eeg.jsonl"))
    assert replayed.first_difference is None
    assert replayed.text == person.text == "Ta"
