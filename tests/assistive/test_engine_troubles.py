"""Stories of a person at the engine while something around them goes wrong."""

from __future__ import annotations

from itertools import pairwise

from person import Person

from assistive.boards.board import Verb
from assistive.messages import (
    HelpAnswered,
    HelpShown,
    JournalFailed,
    Sound,
    SpanStyle,
    TextShown,
    Tone,
    Utterance,
    VoicePhase,
    VoiceProgress,
)
from assistive.settings import Settings
from devices.samples import DeviceState, DeviceStatus
from models.language.messages import (
    ModelState,
    ModelStatus,
    ProposalRequest,
    Proposals,
    Source,
    WordProposal,
)


def test_a_click_that_waited_for_a_disk_that_refuses_is_not_kept_for_later() -> None:
    person = Person(disk_works=False).press("a").press("b")
    assert person.text == "A"
    person.tell(JournalFailed(person.clock.now(), 1, "the disk is full"))
    assert person.text == "Ab"


def test_a_resting_mouse_that_stands_in_for_a_missing_tracker_calls_nobody() -> None:
    person = Person(Settings().changed("input.gaze", "tracker"))
    person.tell(DeviceStatus(person.clock.now(), "pointer", DeviceState.RUNNING))
    assert person.look("a").blink(0.1).wait(600.0).of(HelpShown) == []


def test_a_person_who_rests_still_rests_after_a_crash() -> None:
    again = Person().write("hi").look("rest").crash_and_start_again()
    assert again.board.page == "rest"
    assert again.look("wake").text == "Hi"


def test_a_repeated_call_for_help_lets_the_person_finish_what_they_say() -> None:
    person = Person().look("help").wait(2.0).look("fixed:pain")
    words = person.of(Utterance)[-1]
    assert not words.urgent
    person.wait(7.0)
    assert person.of(Utterance)[-1] == words
    person.tell(VoiceProgress(person.clock.now(), words.number, VoicePhase.FINISHED)).wait(1.0)
    assert person.of(Utterance)[-1].urgent


def test_a_voice_that_never_ends_does_not_silence_the_call_for_help() -> None:
    person = Person().look("help").wait(2.0).look("fixed:pain").wait(60.0)
    calls = [sound.t for sound in person.of(Sound) if sound.tone is Tone.HELP]
    assert len(calls) >= 8
    assert max(b - a for a, b in pairwise(calls)) < 17.0


def test_the_words_stay_under_the_eye_when_the_model_becomes_ready() -> None:
    person = Person()
    generation = person.of(ProposalRequest)[-1].generation
    words = (WordProposal("hello", 0.2),)
    person.tell(Proposals(generation, person.clock.now(), words, Source.NGRAM, 0.001))
    person.wait(1.0).look("word:0", 1.0)
    person.tell(ModelStatus(person.clock.now(), ModelState.READY))
    assert person.target("word:0").label == "Hello"
    assert person.look("word:0", 0.5).text == "Hello "


def test_a_call_for_help_goes_on_after_a_crash_until_somebody_answers_it() -> None:
    person = Person().write("hi").look("help")
    again = person.crash_and_start_again().wait(1.0)
    assert again.of(HelpShown)[-1].calling
    assert any(sound.tone is Tone.HELP for sound in again.of(Sound))
    assert again.target("help").action.verb is Verb.HELP_BACK
    assert again.text == "Hi"
    again.tell(HelpAnswered(again.clock.now()))
    assert not again.crash_and_start_again().wait(1.0).of(HelpShown)


def test_a_call_for_help_does_not_confirm_what_the_model_wrote() -> None:
    person = Person(proposer=lambda request: ("hello",)).look("word:0").look("help")
    assert person.of(TextShown)[-1].spans[-1].style is SpanStyle.PROPOSED
    assert person.crash_and_start_again().of(TextShown)[-1].spans[-1].style is SpanStyle.PROPOSED


def test_why_the_model_cannot_be_used_is_said_once_and_in_the_persons_language() -> None:
    detail = (
        "The file /a/b.gguf is not a GGUF language model. The letters work, and words still come from the word list. "
        "Choose a file whose name ends in .gguf."
    )
    person = Person(Settings().changed("look.language", "ru"))
    person.tell(ModelStatus(person.clock.now(), ModelState.FAILED, detail))
    notice = person.target("notice")
    assert notice.label == "Файл /a/b.gguf — не языковая модель GGUF."
    assert notice.note.count("Буквы работают") == 1
    assert "letters" not in notice.name


def test_reading_that_help_is_being_called_does_not_take_the_call_back() -> None:
    person = Person().look("rest").look("help")
    person.gaze(0.9, 0.05, 4.0).gaze(0.2, 0.05, 4.0)
    assert person.of(HelpShown)[-1].calling
    assert person.board.page == "rest"
    person.look("help")
    assert not person.of(HelpShown)[-1].calling
