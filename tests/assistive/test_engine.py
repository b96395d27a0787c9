"""Stories at the engine: a gaze trace goes in, text and speech come out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from person import Person

from assistive.boards.board import Geometry
from assistive.messages import (
    BoardShown,
    ChangeSetting,
    HelpAnswered,
    HelpShown,
    JournalAcked,
    JournalFailed,
    NoticesShown,
    PartnerSaid,
    Press,
    SettingsChanged,
    Sound,
    SpanStyle,
    StopVoice,
    TextShown,
    Tone,
    Trouble,
    Utterance,
    VoicePhase,
    VoiceProgress,
    WindowGeometry,
)
from assistive.settings import Settings
from devices.samples import DeviceState, DeviceStatus, GazeSample, SwitchEvent
from models.language.messages import (
    ModelState,
    ModelStatus,
    PhraseProposal,
    ProposalRequest,
    Proposals,
    Source,
    Speaker,
    Turn,
    WordProposal,
)


def notices(person: Person) -> list[str]:
    shown = person.of(NoticesShown)
    return [notice.key for notice in shown[-1].notices] if shown else []


def test_letters_by_dwell_are_written_and_spoken() -> None:
    person = Person().write("i am cold").look("speak")
    assert person.text == "I am cold"
    assert person.spoken == ["I am cold"]


def test_looking_at_a_proposed_word_writes_it_and_it_looks_unconfirmed_until_the_next_choice() -> None:
    answers = {"": ("I", "the"), "I ": ("would", "am"), "I would ": ("like", "love")}
    person = Person(proposer=lambda request: answers.get(request.text, ()))
    person.look("I").look("would")
    assert person.text == "I would "
    last = person.of(TextShown)[-1]
    assert last.spans[-1].style is SpanStyle.PROPOSED
    person.look("a")
    assert all(span.style is SpanStyle.OWN for span in person.of(TextShown)[-1].spans)


def test_words_at_the_start_of_a_sentence_are_shown_as_they_will_be_written() -> None:
    person = Person(proposer=lambda request: ("hello", "thanks"))
    assert person.target("word:0").label == "Hello"
    assert person.look("word:0").text == "Hello "
    assert person.target("word:0").label == "hello"


def test_all_slots_change_at_once_when_a_selection_lands() -> None:
    person = Person(proposer=lambda request: ("a", "b", "c", "d", "e") if not request.text else ("f",))
    boards = len(person.of(BoardShown))
    person.look("word:2")
    labels = [
        [board.board.target(f"word:{i}").label for i in range(5)] for board in person.of(BoardShown)[boards:]
    ]
    assert labels == [["", "", "", "", ""], ["f", "", "", "", ""]]


def test_a_proposal_never_changes_under_the_eye() -> None:
    person = Person().tell(ModelStatus(100.0, ModelState.READY))
    person.write("h")
    generation = person.of(ProposalRequest)[-1].generation
    t = person.clock.now()
    words = (WordProposal("he", 0.3), WordProposal("have", 0.2))
    person.tell(Proposals(generation, t, words, Source.NGRAM, 0.001)).wait(0.6)
    assert person.target("word:0").label == "He", "the model is late: the simple list stands in"
    person.look("word:0", 0.3)
    late = (WordProposal("how", 0.4), WordProposal("hello", 0.2))
    person.tell(Proposals(generation, person.clock.now(), late, Source.MODEL, 0.6))
    assert person.target("word:0").label == "He"
    assert person.look("word:0").text == "He "


def test_an_answer_to_an_older_question_is_dropped() -> None:
    person = Person().tell(ModelStatus(100.0, ModelState.READY)).write("h")
    old = person.of(ProposalRequest)[-1].generation
    person.write("e")
    person.tell(Proposals(old, person.clock.now(), (WordProposal("house", 0.9),), Source.MODEL, 0.1))
    assert person.target("word:0").label == ""


def test_the_next_choice_waits_until_the_last_one_is_on_disk() -> None:
    person = Person(disk_works=False)
    person.look("a")
    assert person.text == "A"
    x, y = person.target("b").rect.center
    person.gaze(x, y, 2.0)
    assert person.text == "A"
    person.tell(JournalAcked(person.clock.now(), 1))
    person.gaze(x, y, 0.1)
    assert person.text == "Ab"


def test_a_full_disk_does_not_silence_the_person() -> None:
    person = Person(disk_works=False)
    person.look("a")
    person.tell(JournalFailed(person.clock.now(), 1, "the disk is full"))
    person.tell(
        Trouble(person.clock.now(), "disk", "The disk is full.", "You can still speak.", "Free some space.")
    )
    person.write("b").look("speak")
    assert person.spoken == ["Ab"]
    assert notices(person) == ["disk"]


def test_every_selection_can_be_undone_spoken_and_cleared_ones_included() -> None:
    person = Person().write("no").look("speak").wait(1).write("yes")
    person.look("more").look("clear all")
    assert person.text == ""
    if person.board.page != "letters":
        person.look("back")
    person.look("undo")
    assert person.text == "Yes"
    for _ in range(3):
        person.look("undo")
    assert person.text == "No"
    assert person.of(TextShown)[-1].spans[0].style is SpanStyle.SPOKEN


def test_after_a_crash_text_page_and_undo_are_back() -> None:
    person = Person().write("tea").look("more")
    page = person.board.page
    again = person.crash_and_start_again()
    assert (again.text, again.board.page) == ("Tea", page)
    again.look("back").look("undo")
    assert again.text == "Te"


def test_yes_is_spoken_at_once_and_leaves_the_text_alone() -> None:
    person = Person().write("hm").look("fixed:yes")
    assert (person.text, len(person.spoken)) == ("Hm", 1)
    assert "yes" in person.spoken[0].lower()


def test_the_speak_key_becomes_stop_and_the_same_look_does_not_stop_the_voice() -> None:
    person = Person()
    person.speech_s = 5.0
    person.write("hello")
    x, y = person.target("speak").rect.center
    person.gaze(x, y, 6.0)
    assert person.spoken == ["Hello"]
    assert person.of(StopVoice) == []
    person.gaze(0.5, -0.2, 0.2).gaze(x, y, 2.0)
    assert len(person.of(StopVoice)) == 1


def test_the_word_that_is_heard_is_highlighted_where_it_stands_in_the_text() -> None:
    person = Person()
    person.speech_s = 1.0
    person.write("i am ok").look("speak")
    number = person.of(Utterance)[-1].number
    person.tell(VoiceProgress(person.clock.now(), number, VoicePhase.WORD, 2, 4))
    assert person.of(TextShown)[-1].speaking == (2, 4)
    person.tell(VoiceProgress(person.clock.now(), number, VoicePhase.FINISHED))
    assert person.of(TextShown)[-1].speaking is None


def test_help_sounds_until_somebody_comes_and_mute_does_not_touch_it() -> None:
    settings = Settings().changed("sound.muted", True).changed("help.repeat_s", 5)
    person = Person(settings).look("help")
    person.wait(11.0)
    calls = [sound for sound in person.of(Sound) if sound.tone is Tone.HELP]
    assert [round(b.t - a.t, 1) for a, b in pairwise(calls)] == [5.0, 5.0]
    assert all(sound.volume == 1.0 for sound in calls)
    assert all(utterance.urgent and utterance.volume == 1.0 for utterance in person.of(Utterance))
    person.tell(HelpAnswered(person.clock.now())).wait(20.0)
    assert len([sound for sound in person.of(Sound) if sound.tone is Tone.HELP]) == len(calls)
    assert [shown.calling for shown in person.of(HelpShown)] == [True, False]


def test_the_person_can_take_a_call_back_but_the_same_look_does_not() -> None:
    person = Person()
    x, y = person.target("help").rect.center
    person.gaze(x, y, 5.0)
    assert person.of(HelpShown)[-1].calling
    person.gaze(0.5, -0.2, 0.2).gaze(x, y, 1.8)
    assert not person.of(HelpShown)[-1].calling


def test_help_is_reachable_from_every_page_and_from_rest() -> None:
    person = Person()
    for page in ("more", "rest"):
        person.look(page)
        person.look("help")
        assert person.of(HelpShown)[-1].calling
        person.tell(HelpAnswered(person.clock.now()))
        person.look("wake" if page == "rest" else "back")


def test_rest_shows_wake_and_help_only() -> None:
    person = Person().look("rest")
    assert sorted(t.action.verb.value for t in person.board.targets if t.choosable) == ["help", "wake"]
    person.gaze(0.5, 0.02, 10)
    assert person.look("wake").board.page == "letters"


def test_the_look_that_chose_rest_calls_no_help() -> None:
    person = Person()
    x, y = person.target("rest").rect.center
    person.gaze(x, y, 10.0)
    assert person.board.page == "rest"
    assert person.of(HelpShown) == []
    person.gaze(0.2, 0.5, 0.5).gaze(x, y, 2.0)
    assert person.of(HelpShown)[-1].calling


def test_when_the_only_input_is_lost_sayso_calls_for_help_itself() -> None:
    person = Person(Settings().changed("input.gaze", "lsl"))
    t = person.clock.now()
    person.tell(DeviceStatus(t, "lsl", DeviceState.LOST, "The eye tracker is gone."))
    assert notices(person) == ["gaze-lost"]
    person.wait(19.0)
    assert person.of(HelpShown) == []
    person.wait(2.0)
    assert person.of(HelpShown)[-1].calling
    assert any(sound.tone is Tone.HELP for sound in person.of(Sound))


def test_an_input_that_comes_back_in_time_calls_nobody_and_its_notice_stays_until_it_is_read() -> None:
    person = Person(Settings().changed("input.gaze", "lsl"))
    person.tell(DeviceStatus(person.clock.now(), "lsl", DeviceState.LOST, "The eye tracker is gone."))
    person.wait(10.0).tell(DeviceStatus(person.clock.now(), "lsl", DeviceState.RUNNING)).wait(60.0)
    assert person.of(HelpShown) == []
    assert notices(person) == ["gaze-lost"]
    person.look("notice")
    assert notices(person) == []


def test_eyes_that_the_tracker_cannot_find_call_for_help_but_sleep_does_not() -> None:
    person = Person(Settings().changed("input.gaze", "lsl"))
    person.blink(21.0)
    assert person.of(HelpShown)[-1].calling
    sleeper = Person(Settings().changed("input.gaze", "lsl")).look("rest")
    sleeper.blink(60.0)
    assert sleeper.of(HelpShown) == []


def test_a_tracker_that_falls_silent_calls_for_help_too() -> None:
    person = Person(Settings().changed("input.gaze", "lsl")).look("a")
    person.wait(19.0)
    assert person.of(HelpShown) == []
    person.wait(2.0)
    assert person.of(HelpShown)[-1].calling


def test_a_resting_mouse_calls_nobody() -> None:
    assert Person().look("a").wait(600.0).of(HelpShown) == []


def test_a_notice_moves_nothing() -> None:
    person = Person()
    before = {target.id: target.rect for target in person.board.targets}
    person.tell(Trouble(person.clock.now(), "audio", "No sound device.", "Writing works.", "Plug one in."))
    after = {target.id: target.rect for target in person.board.targets}
    assert {name: after[name] for name in before} == before
    assert "notice" in after


def test_while_the_model_is_gone_the_simple_list_proposes() -> None:
    person = Person().tell(ModelStatus(100.0, ModelState.READY)).write("t")
    generation = person.of(ProposalRequest)[-1].generation
    person.tell(Proposals(generation, person.clock.now(), (WordProposal("the", 0.2),), Source.NGRAM, 0.001))
    assert person.target("word:0").label == ""
    person.tell(ModelStatus(person.clock.now(), ModelState.LOST, "The language model stopped."))
    assert person.target("word:0").label == "The"
    assert notices(person) == ["model"]
    person.tell(ModelStatus(person.clock.now(), ModelState.READY))
    assert "again" in person.of(NoticesShown)[-1].notices[0].works


def test_a_switch_chooses_what_is_looked_at() -> None:
    person = Person().wait(1).look("a", 0.3)
    person.tell(SwitchEvent(person.clock.now(), "1", True))
    assert person.text == "A"


def test_a_click_chooses_at_once_and_one_that_comes_too_late_is_dropped() -> None:
    person = Person(proposer=lambda request: ("yes",) if not request.text else ("no",))
    target = person.target("word:0")
    person.press("word:0")
    assert person.text == "Yes "
    person.tell(Press(person.clock.now(), target.id, target.label))
    assert person.text == "Yes "


def test_a_click_may_be_switched_off() -> None:
    assert Person(Settings().changed("input.click", False)).press("a").text == ""


def test_settings_apply_at_once_and_an_impossible_one_changes_nothing() -> None:
    person = Person()
    person.tell(ChangeSetting(person.clock.now(), "look.language", "ru"))
    assert person.of(SettingsChanged)[-1].settings.look.language == "ru"
    assert person.target("я").label == "я"
    person.tell(ChangeSetting(person.clock.now(), "dwell.letter_s", 99))
    assert person.engine.settings.dwell.letter_s == 1.0
    assert notices(person) == ["setting:dwell.letter_s"]


def test_a_longer_dwell_takes_longer() -> None:
    person = Person(Settings().changed("dwell.letter_s", 2.0)).wait(1)
    assert person.look("a", 1.9).text == ""
    assert person.look("a", 0.2).text == "A"


def test_another_window_size_in_the_middle_of_a_word_loses_nothing() -> None:
    person = Person().write("he").look("l", 0.5)
    person.tell(WindowGeometry(person.clock.now(), Geometry(800, 1280, 299, 531)))
    assert person.text == "He"
    person.tell(WindowGeometry(person.clock.now(), Geometry(1920, 1080, 531, 299)))
    assert person.write("y").text == "Hey"


def test_a_window_that_is_not_the_whole_screen() -> None:
    person = Person()
    person.tell(WindowGeometry(person.clock.now(), Geometry(960, 540, 265, 150), (0.5, 0.5, 0.5, 0.5)))
    board = person.board
    target = next(t for t in board.targets if t.choosable)
    x, y = target.rect.center
    for i in range(150):
        person.tell(GazeSample(person.clock.advance(1 / 60), 0.5 + 0.5 * x + 0.0001 * (i % 3), 0.5 + 0.5 * y))
    assert person.engine.view.target_id == target.id or person.of(BoardShown)[-1].board != board


def test_samples_once_a_second_are_said_to_be_too_rare() -> None:
    person = Person()
    for _ in range(30):
        person.tell(GazeSample(person.clock.advance(1.0), 0.5, 0.5))
    assert notices(person) == ["gaze-slow"]
    assert person.text == ""


def test_the_partner_is_context_for_the_proposals() -> None:
    person = Person()
    person.tell(PartnerSaid(person.clock.now(), "Are you cold?"))
    assert person.of(ProposalRequest)[-1].turns == (Turn(Speaker.PARTNER, "Are you cold?"),)
    assert person.of(TextShown)[-1].partner == "Are you cold?"
    assert person.crash_and_start_again().of(TextShown)[-1].partner == "Are you cold?"


def test_a_disk_that_hangs_does_not_silence_the_person() -> None:
    person = Person(disk_works=False).look("a").wait(3.5)
    assert notices(person) == ["disk-slow"]
    assert person.write("b").text == "Ab"


def test_a_notice_has_to_be_read_before_a_look_dismisses_it() -> None:
    person = Person()
    what = "The settings in the file cannot be read because it is damaged."
    person.tell(
        Trouble(person.clock.now(), "x", what, "Sayso works with the usual settings.", "Nothing was deleted.")
    )
    person.look("notice", 3.0)
    assert notices(person) == ["x"]
    person.look("notice")
    assert notices(person) == []


def test_what_follows_a_choice_is_prepared_while_the_look_is_still_going_on() -> None:
    person = Person().write("te").look("a", 0.25)
    assert not person.of(ProposalRequest)[-1].speculative
    person.look("a", 0.15)
    ahead = person.of(ProposalRequest)[-1]
    assert (ahead.speculative, ahead.text) == (True, "Tea")
    asked = len(person.of(ProposalRequest))
    person.look("a", 0.2)
    assert len(person.of(ProposalRequest)) == asked, "each choice is prepared once"
    person.look("a")
    real = person.of(ProposalRequest)[-1]
    assert replace(real, t=0.0, generation=0) == replace(ahead, t=0.0, generation=0, speculative=False)


def test_the_reply_after_speaking_is_prepared_too() -> None:
    person = Person().write("hi").look("speak")
    ahead, real = person.of(ProposalRequest)[-2:]
    assert (ahead.speculative, real.speculative) == (True, False)
    assert replace(real, t=0.0, generation=0) == replace(ahead, t=0.0, generation=0, speculative=False)


def test_phrases_have_a_row_where_it_costs_no_letters() -> None:
    assert person_with_phrases(Geometry(1920, 1080, 531, 299)) == 3
    assert person_with_phrases(Geometry(1366, 768, 286, 179)) == 0


def person_with_phrases(geometry: Geometry) -> int:
    person = Person(geometry=geometry)
    shown = len([target for target in person.board.targets if target.id.startswith("phrase:")])
    assert person.of(ProposalRequest)[-1].n_phrases == shown
    return shown


def test_a_phrase_completes_the_word_and_the_sentence() -> None:
    person = Person().tell(ModelStatus(100.0, ModelState.READY)).write("i wo")
    request = person.of(ProposalRequest)[-1]
    phrases = (PhraseProposal("would like some tea, please.", 0.01),)
    t = person.clock.now()
    person.tell(Proposals(request.generation, t, (), Source.MODEL, 0.2, phrases))
    assert person.look("phrase:0").text == "I would like some tea, please. "
    assert person.look("undo").text == "I wo"


def test_what_the_partner_types_changes_no_slot_under_the_eye() -> None:
    person = Person(proposer=lambda request: ("yes",) if request.turns else ("hello",))
    person.look("word:0", 0.5)
    person.tell(PartnerSaid(person.clock.now(), "Are you cold?"))
    assert person.target("word:0").label == "Hello"
    person.look("a", 0.1)
    assert person.target("word:0").label == "Yes"


def test_a_switch_does_not_choose_a_word_that_has_just_changed() -> None:
    person = Person(proposer=lambda request: ("yes",) if not request.text else ("no",))
    person.wait(1).look("word:0", 0.3).tell(SwitchEvent(person.clock.now(), "1", True))
    assert person.text == "Yes "
    person.look("word:0", 0.2).tell(SwitchEvent(person.clock.now(), "1", True))
    assert person.text == "Yes "
    person.look("word:0", 0.4).tell(SwitchEvent(person.clock.now(), "1", True))
    assert person.text == "Yes no "


def test_after_somebody_came_a_tracker_that_is_being_mended_calls_nobody_for_a_while() -> None:
    person = Person(Settings().changed("input.gaze", "lsl"))
    person.tell(DeviceStatus(person.clock.now(), "lsl", DeviceState.LOST, "The eye tracker is gone.")).wait(
        21
    )
    assert person.of(HelpShown)[-1].calling
    person.tell(HelpAnswered(person.clock.now())).wait(120)
    assert not person.of(HelpShown)[-1].calling
    person.wait(120)
    assert person.of(HelpShown)[-1].calling


def test_after_a_long_pause_what_was_said_before_is_no_context_any_more() -> None:
    person = Person()
    person.tell(PartnerSaid(person.clock.now(), "Are you cold?")).wait(3600)
    person.tell(PartnerSaid(person.clock.now(), "Good morning"))
    assert person.of(ProposalRequest)[-1].turns == (Turn(Speaker.PARTNER, "Good morning"),)
    assert person.engine.conversation.turns[0].text == "Are you cold?", "it is remembered all the same"
