"""What a person picks, passes over and rejects changes the next proposals a little, for a while, and can be taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.steering import (
    HALF_LIFE,
    MOST,
    MOST_UNDOS,
    MOST_WORDS,
    PASSED,
    PICKED,
    REJECTED,
    Influence,
    Kind,
    PersonSteering,
)
from models.language.messages import Steering, Tone

SLOTS = ("garden", "gardening", "kitchen", "the", "to")


def nudges(steering: PersonSteering) -> dict[str, float]:
    return dict(steering.steering().nudges)


def test_nobody_steers_at_first() -> None:
    assert PersonSteering().steering() == Steering()
    assert PersonSteering().in_force() == ()
    assert PersonSteering().undone() == PersonSteering()


def test_a_pick_raises_the_word_and_its_kin_and_lowers_what_was_passed_over() -> None:
    assert nudges(PersonSteering().picked("Garden", SLOTS)) == {
        "garden": PICKED,
        "gardening": PICKED / 2,
        "kitchen": PASSED,
    }


def test_every_word_of_a_phrase_counts_and_small_words_do_not() -> None:
    assert nudges(PersonSteering().picked("to the garden, please!")) == {"garden": PICKED, "please": PICKED}


def test_it_fades_with_the_selections_and_is_forgotten() -> None:
    steering = PersonSteering().picked("garden")
    for _ in range(HALF_LIFE):
        steering = steering.finished()
    assert nudges(steering)["garden"] == pytest.approx(PICKED / 2)
    for _ in range(5 * HALF_LIFE):
        steering = steering.picked("to")
    assert nudges(steering) == {}


def test_picking_it_again_and_again_has_an_end() -> None:
    steering = PersonSteering()
    for _ in range(20):
        steering = steering.picked("garden", ("kitchen",))
    assert nudges(steering)["garden"] == MOST
    assert -MOST <= nudges(steering)["kitchen"] < 5 * PASSED


def test_a_rejected_word_sinks_until_the_word_is_finished() -> None:
    steering = PersonSteering().typed_on(("I", "Garden")).typed_on(("gate",))
    assert nudges(steering) == {"i": REJECTED, "garden": REJECTED, "gate": REJECTED}
    assert nudges(steering.finished()) == {}
    assert nudges(steering.picked("to")) == {}


def test_an_undone_choice_leaves_no_trace() -> None:
    one = PersonSteering().picked("garden", SLOTS).typed_on(("gate",))
    assert one.picked("kitchen", SLOTS).undone() == one
    assert one.typed_on(("x",)).ban("damn").undone() == one.ban("damn")
    many = one
    for _ in range(2 * MOST_UNDOS):
        many = many.finished()
    for _ in range(3 * MOST_UNDOS):
        many = many.undone()
    assert many == many.undone()


def test_everything_is_visible_and_can_be_taken_back_one_by_one() -> None:
    steering = (
        PersonSteering(Tone.WARM, ("garden", "roses"))
        .ban("damn")
        .picked("kitchen", ("table",))
        .typed_on(("gate",))
    )
    assert [(influence.kind, influence.text) for influence in steering.in_force()] == [
        (Kind.TONE, "warm"),
        (Kind.TOPIC, "garden"),
        (Kind.TOPIC, "roses"),
        (Kind.BANNED, "damn"),
        (Kind.REJECTED, "gate"),
        (Kind.PICKED, "kitchen"),
        (Kind.PASSED, "table"),
    ]
    for influence in steering.in_force():
        assert influence not in steering.without(influence).in_force()
        assert len(steering.without(influence).in_force()) == 6
    for influence in steering.in_force():
        steering = steering.without(influence)
    assert steering.steering() == Steering()


def test_a_word_is_banned_once() -> None:
    assert PersonSteering().ban("damn").ban("DAMN").ban(" ").banned == ("DAMN",)
    assert PersonSteering().ban("damn").without(Influence(Kind.BANNED, "other")).banned == ("damn",)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("picked"), st.text(max_size=8), st.lists(st.text(max_size=8), max_size=5)),
            st.tuples(st.just("typed_on"), st.just(""), st.lists(st.text(max_size=8), max_size=5)),
            st.tuples(st.just("finished"), st.just(""), st.just([])),
        ),
        max_size=40,
    )
)
def test_whatever_happens_the_nudges_stay_small_and_can_be_undone(
    steps: list[tuple[str, str, list[str]]],
) -> None:
    steering = PersonSteering()
    seen = [steering]
    for step, word, shown in steps:
        match step:
            case "picked":
                steering = steering.picked(word, shown)
            case "typed_on":
                steering = steering.typed_on(shown)
            case _:
                steering = steering.finished()
        seen.append(steering)
        assert len(steering.steering().nudges) <= 2 * MOST_WORDS
        assert all(REJECTED <= nudge <= MOST for _, nudge in steering.steering().nudges)
    for expected in reversed(seen[:-1]):
        steering = steering.undone()
        assert steering == expected
