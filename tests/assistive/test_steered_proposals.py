"""A person says what is to be proposed, sees it, and takes it back; it survives a restart."""

from __future__ import annotations

from person import Person

from assistive.messages import PartnerSaid, SettingsChanged
from assistive.settings import Settings
from models.language.messages import ProposalRequest, Tone


def asked(person: Person) -> ProposalRequest:
    return [request for request in person.of(ProposalRequest) if not request.speculative][-1]


def open_page(person: Person) -> Person:
    return person.look("fn:more").look("fn:steering")


def test_a_word_that_is_banned_is_asked_for_no_more_until_it_is_allowed_again() -> None:
    person = Person(proposer=lambda request: ("walk",))
    open_page(person.look("word:0")).look("steer:ban")
    assert asked(person).steering.banned == ("Walk",)
    assert person.of(SettingsChanged)[-1].settings.model.banned == "Walk"
    person.look("steer:allow:Walk")
    assert asked(person).steering.banned == ()


def test_the_partners_line_stays_in_view_over_a_restart() -> None:
    person = Person()
    person.tell(PartnerSaid(person.clock.now(), "The doctor comes at four."))
    open_page(person).look("steer:pin")
    assert asked(person).pinned == ("The doctor comes at four.",)
    again = person.crash_and_start_again()
    assert asked(again).pinned == ("The doctor comes at four.",)
    again.look("steer:unpin:The doctor comes at four.")
    assert asked(again).pinned == ()


def test_the_tone_goes_round() -> None:
    person = open_page(Person())
    tones = []
    for _ in range(5):
        person.look("steer:tone")
        tones.append(asked(person).steering.tone)
    assert tones == [Tone.WARM, Tone.FORMAL, Tone.URGENT, Tone.PLAYFUL, Tone.NEUTRAL]


def test_a_word_that_was_read_and_not_taken_is_put_last_until_the_word_is_finished() -> None:
    person = Person(proposer=lambda request: ("walk", "tea", "sleep"))
    person.look("word:0", 0.3).write("t")
    assert {word for word, by in asked(person).steering.nudges if by < -1} == {"walk"}
    person.write("o ")
    assert not [by for _, by in asked(person).steering.nudges if by < -1]


def test_what_was_chosen_lately_comes_sooner_can_be_seen_and_forgotten() -> None:
    person = Person(proposer=lambda request: ("breakfast",))
    person.look("word:0")
    assert dict(asked(person).steering.nudges)["breakfast"] > 0
    open_page(person)
    assert "breakfast" in person.target("steer:forget").label
    person.look("steer:forget")
    assert asked(person).steering.nudges == ()


def test_undo_takes_back_what_the_choice_did_to_the_proposals() -> None:
    person = Person(proposer=lambda request: ("breakfast",))
    before = asked(person).steering
    person.look("word:0").look("fn:undo")
    assert asked(person).steering == before


def test_what_is_prepared_during_a_look_is_what_is_asked_when_it_ends() -> None:
    person = Person(proposer=lambda request: ("breakfast", "lunch"))
    person.look("word:1", 0.3).look("word:0")
    prepared = [request for request in person.of(ProposalRequest) if request.speculative][-1]
    assert prepared.steering == asked(person).steering
    assert prepared.text == asked(person).text


def test_the_last_word_becomes_the_topic_and_is_let_go_again() -> None:
    person = open_page(Person().write("garden ")).look("steer:topic")
    assert asked(person).steering.topics == ("Garden",)
    person.look("steer:off:Garden")
    assert asked(person).steering.topics == ()


def test_a_half_written_word_is_not_what_is_banned() -> None:
    person = open_page(Person().write("tea w"))
    assert person.target("steer:ban").label == "never propose “Tea”"


def test_what_comes_into_the_place_of_what_was_taken_back_is_not_chosen_by_the_same_look() -> None:
    person = Person(Settings().changed("model.banned", "tea, milk, water"))
    open_page(person)
    x, y = person.target("steer:allow:tea").rect.center
    person.gaze(x, y, 6.0)
    assert person.of(SettingsChanged)[-1].settings.model.banned == "milk, water"
