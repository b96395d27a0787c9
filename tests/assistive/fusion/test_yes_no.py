"""One switch between yes and no: what a press is worth, and that the claimed error is the one that is observed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.fusion.yes_no import Answer, Heard, PressRates, Rate

counts = st.integers(0, 6)
heards = st.builds(Heard, counts, counts, counts, counts)


def test_a_press_at_yes_speaks_for_yes_and_one_at_no_for_no() -> None:
    rates = PressRates()
    assert rates.posterior_yes(Heard()) == pytest.approx(0.5)
    # A press is 0.9 / 0.05 times as probable where it is meant.
    assert rates.posterior_yes(Heard(yes_pressed=1)) == pytest.approx(18 / 19)
    assert rates.posterior_yes(Heard(no_pressed=1)) == pytest.approx(1 / 19)


def test_letting_yes_pass_speaks_against_it() -> None:
    rates = PressRates()
    assert rates.posterior_yes(Heard(yes_passed=1)) < 0.2
    assert rates.posterior_yes(Heard(yes_passed=1, no_passed=1)) == pytest.approx(0.5)
    assert rates.posterior_yes(Heard(yes_pressed=2)) > rates.posterior_yes(Heard(yes_pressed=1))


def test_what_is_counted_is_integrated_over_and_not_taken_for_certain() -> None:
    """After one false press in one chance, two more are not taken to be sure."""
    rate = Rate(1.0, 1.0).seen(1, 0)
    assert rate.mean == pytest.approx(2 / 3)
    assert rate.log_evidence(1, 0) == pytest.approx(-0.405, abs=0.001)  # ln 2/3
    assert rate.log_evidence(2, 0) == pytest.approx(-0.693, abs=0.001)  # ln 2/3 * 3/4, not ln 4/9


def test_many_false_presses_make_each_press_worth_less() -> None:
    steady = shaky = PressRates()
    for _ in range(40):
        steady = steady.learned(Heard(yes_pressed=1), Answer.YES)
        steady = steady.learned(Heard(yes_passed=1, no_pressed=1), Answer.NO)
        shaky = shaky.learned(Heard(yes_pressed=1), Answer.YES)
        shaky = shaky.learned(Heard(yes_pressed=1), Answer.NO)
    assert steady.posterior_yes(Heard(yes_pressed=1)) > 0.97
    assert shaky.posterior_yes(Heard(yes_pressed=1)) < 0.65


@given(heards, st.lists(st.tuples(heards, st.sampled_from(Answer)), max_size=10))
def test_whatever_was_heard_it_is_a_probability(heard: Heard, before: list[tuple[Heard, Answer]]) -> None:
    rates = PressRates()
    for each, meant in before:
        rates = rates.learned(each, meant)
    assert 0.0 <= rates.posterior_yes(heard) <= 1.0
    if rates.means_yes.times == rates.means_yes.times_not:
        assert rates.posterior_yes(heard) + rates.posterior_yes(heard.turned()) == pytest.approx(1.0)


def presses(meant: Answer, false: float, miss: float, chance: random.Random) -> Heard:
    """Yes and no in turn, until this person presses."""
    heard = Heard()
    while True:
        for shown in Answer:
            if chance.random() < (1 - miss if shown is meant else false):
                return heard.pressed(shown)
            heard = heard.passed(int(shown is Answer.YES), int(shown is Answer.NO))


@pytest.mark.parametrize(("false", "miss", "yes"), [(0.02, 0.1, 0.9), (0.1, 0.3, 0.7), (0.25, 0.2, 0.8)])
def test_the_claimed_error_is_the_observed_one_for_a_person_who_is_known(
    false: float, miss: float, yes: float
) -> None:
    """After a hundred questions, over a few thousand: whatever this person's hands are like."""
    chance, rates = random.Random(5), PressRates()
    claimed: list[float] = []
    wrong = 0
    for number in range(4000):
        meant = Answer.YES if chance.random() < yes else Answer.NO
        heard = presses(meant, false, miss, chance)
        if heard.yes_pressed and number >= 100:
            claimed.append(1.0 - rates.posterior_yes(heard))
            wrong += meant is Answer.NO
        rates = rates.learned(heard, meant)
    assert sum(claimed) / len(claimed) == pytest.approx(wrong / len(claimed), abs=0.01)


def test_the_first_claim_is_right_over_all_people_that_are_expected() -> None:
    """Nothing is known of anybody: the claims hold on average over people as the starting rates suppose them."""
    chance, rates = random.Random(8), PressRates()
    claimed: list[float] = []
    wrong = 0
    for _ in range(20000):
        false, miss = chance.betavariate(1, 19), chance.betavariate(2, 18)
        meant = Answer.YES if chance.random() < chance.betavariate(1, 1) else Answer.NO
        heard = presses(meant, false, miss, chance)
        if heard.yes_pressed:
            claimed.append(1.0 - rates.posterior_yes(heard))
            wrong += meant is Answer.NO
    assert sum(claimed) / len(claimed) == pytest.approx(wrong / len(claimed), abs=0.006)
