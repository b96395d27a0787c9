"""A person says what is to be proposed, sees it, and takes it back; it survives a restart."""

from __future__ import annotations

from person import Person

from assistive.messages import PartnerSaid, SettingsChanged
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
    person.look("steer:allow:0")
    assert asked(person).steering.banned == ()


def test_the_partners_line_stays_in_view_over_a_restart() -> None:
    person = Person()
    person.tell(PartnerSaid(person.clock.now(), "The doctor comes at four."))
    open_page(person).look("steer:pin")
    assert asked(person).pinned == ("The doctor comes at four.",)
    again = person.crash_and_start_again()
    assert asked(again).pinned == ("The doctor comes at four.",)
    again.look("steer:unpin:0")
    assert asked(again).pinned == ()


def test_the_tone_goes_round() -> None:
    person = open_page(Person())
    tones = []
    for _ in range(5):
        person.look("steer:tone")
        tones.append(asked(person).steering.tone)
    assert tones == [Tone.WARM, Tone.FORMAL, Tone.URGENT, Tone.PLAYFUL, Tone.NEUTRAL]
