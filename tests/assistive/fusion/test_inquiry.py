"""Flashes are answered or not; the belief follows, and stops when it is sure."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.fusion.flashing import Grouping, sequence
from assistive.fusion.inquiry import NOTHING, Inquiry

WORDS = ("water", "wait", "walk", "want", "warm", "wash", "watch", "way")
PLACES = {word: divmod(i, 4) for i, word in enumerate(WORDS)}
EQUAL = dict.fromkeys(WORDS, 1.0)
D = 1.5  # how far the scores of targets are from those of others, in standard deviations


def ask(inquiry: Inquiry, meant: str, chance: random.Random, threshold: float = 0.95) -> str | None:
    """Flash until it is decided; the EEG answers as Gaussian scores do, whose log-likelihood ratio is known."""
    while (decided := inquiry.decided(threshold)) is None and not inquiry.exhausted:
        for flash in sequence(PLACES, Grouping.SINGLE, chance):
            inquiry.flash(flash, D * chance.gauss(D / 2 if meant in flash else -D / 2, 1.0))
        inquiry.sequence_done()
    return decided


def test_the_word_that_answers_is_chosen() -> None:
    inquiry = Inquiry(EQUAL)
    for word in WORDS:
        inquiry.flash((word,), 5.0 if word == "wait" else -1.0)
    assert inquiry.decided(0.95) == "wait"


def test_each_flash_counts_once_for_each_member_of_the_group_and_for_nobody_else() -> None:
    inquiry = Inquiry({"a": 0.4, "b": 0.4, "c": 0.2}, nothing=0.1)
    inquiry.flash(("a", "b", "a", "stranger", NOTHING), math.log(3.0))
    p = inquiry.posterior
    assert p["a"] == pytest.approx(p["b"])
    assert p["a"] / p["c"] == pytest.approx(2.0 * 3.0)
    assert p["c"] / p[NOTHING] == pytest.approx(0.18 / 0.1)
    assert inquiry.evidence == {"a": math.log(3.0), "b": math.log(3.0), "c": 0.0, NOTHING: 0.0}


@given(
    st.dictionaries(st.text(min_size=1), st.floats(0, 1e6), min_size=1, max_size=9),
    st.lists(st.tuples(st.integers(0, 8), st.floats())),
)
def test_whatever_is_measured_the_probabilities_are_probabilities(
    prior: dict[str, float], answers: list[tuple[int, float]]
) -> None:
    inquiry = Inquiry(prior, nothing=0.05)
    names = sorted(prior)
    for i, llr in answers:
        inquiry.flash(names[i : i + 2], min(max(llr, -1e4), 1e4))
    posterior = inquiry.posterior
    assert set(posterior) == {*prior, NOTHING}
    assert sum(posterior.values()) == pytest.approx(1.0)
    assert all(0.0 <= p <= 1.0 for p in posterior.values())


def test_an_epoch_across_a_gap_says_nothing() -> None:
    inquiry = Inquiry(EQUAL)
    before = inquiry.posterior
    inquiry.flash(("water",), math.nan)
    assert inquiry.posterior == before


def test_what_is_claimed_is_what_happens_and_a_good_prior_needs_fewer_sequences() -> None:
    chance = random.Random(1)
    p = [2.0**-i for i in range(len(WORDS))]
    n_asked, sequences, wrong, claimed = 600, {"prior": 0, "equal": 0}, 0, 0.0
    for _ in range(n_asked):
        meant = chance.choices(WORDS, p)[0]
        for name, prior in (("prior", dict(zip(WORDS, p, strict=True))), ("equal", EQUAL)):
            inquiry = Inquiry(prior, nothing=0.001, most_sequences=40)
            while inquiry.decided(0.9) is None:
                for word in WORDS:
                    inquiry.flash((word,), D * chance.gauss(D / 2 if word == meant else -D / 2, 1.0))
                sequences[name] += 1
            if name == "prior":
                chosen, sure = inquiry.best
                wrong += chosen != meant
                claimed += 1.0 - sure
    assert abs(wrong - claimed) / n_asked < 0.02
    assert 0.01 < wrong / n_asked < 0.1
    assert sequences["prior"] < 0.8 * sequences["equal"]


def test_who_does_not_answer_means_nothing_and_is_not_asked_for_ever() -> None:
    chance = random.Random(3)
    found = [ask(Inquiry(EQUAL, nothing=0.3, most_sequences=30), "none of them", chance) for _ in range(100)]
    assert found.count(NOTHING) >= 90
    assert None not in found


def test_nothing_is_chosen_by_the_language_model_alone() -> None:
    inquiry = Inquiry({"water": 0.999, "wait": 0.001}, nothing=0.001)
    assert inquiry.decided(0.95) is None
    inquiry.flash(("water",), -1.0)
    assert inquiry.posterior["water"] > 0.95
    assert inquiry.decided(0.95) is None
    inquiry.flash(("water",), 1.5)
    assert inquiry.decided(0.95) == "water"


def test_a_flat_answer_ends_with_the_sequences() -> None:
    inquiry = Inquiry(EQUAL, most_sequences=3)
    for _ in range(3):
        assert not inquiry.exhausted
        inquiry.flash(WORDS, 0.0)
        inquiry.sequence_done()
    assert inquiry.exhausted
    assert inquiry.decided(0.95) is None


def test_undo_keeps_its_floor_however_sure_the_language_model_is() -> None:
    inquiry = Inquiry({"water": 1.0}, nothing=0.05, floors={"undo": 0.035})
    assert inquiry.posterior["undo"] == pytest.approx(0.035)
    assert inquiry.posterior["water"] == pytest.approx(0.915)
    likelier = Inquiry({"water": 1.0, "undo": 1.0}, nothing=0.05, floors={"undo": 0.035})
    assert likelier.posterior["undo"] == pytest.approx(0.475)


def test_floors_that_push_others_down_do_not_push_them_below_theirs() -> None:
    inquiry = Inquiry({"a": 10.0, "b": 0.11, "c": 0.0}, nothing=0.01, floors={"b": 0.01, "c": 0.3})
    assert inquiry.posterior == pytest.approx({"a": 0.68, "b": 0.01, "c": 0.3, NOTHING: 0.01})


def test_after_an_undo_the_second_best_is_soon_chosen_because_its_evidence_is_kept() -> None:
    inquiry = Inquiry(EQUAL)
    inquiry.flash(("water",), 6.0)
    inquiry.flash(("wait",), 5.0)
    inquiry.flash(("walk",), -1.0)
    assert inquiry.best[0] == "water"
    again = Inquiry(EQUAL, evidence=inquiry.evidence_after_undo("water"))
    assert again.best[0] == "wait"
    assert again.decided(0.9) is None  # not before it was answered once more
    again.flash(("wait",), 0.5)
    assert again.decided(0.9) == "wait"
    assert again.posterior["walk"] < again.posterior["way"]
    assert again.posterior["water"] > 0.0


def test_an_error_potential_that_is_not_sure_only_lowers_what_was_chosen() -> None:
    inquiry = Inquiry(EQUAL)
    inquiry.flash(("water",), 6.0)
    again = Inquiry(EQUAL, evidence=inquiry.evidence_after_undo("water", llr_right=-1.0))
    assert again.best[0] == "water"
    assert again.best[1] < inquiry.best[1]
    ruled_out = Inquiry(EQUAL, evidence=inquiry.evidence_after_undo("water", llr_right=-math.inf))
    assert ruled_out.posterior["water"] == 0.0


def test_evidence_goes_on_to_a_board_with_some_of_the_same_targets() -> None:
    inquiry = Inquiry(EQUAL)
    inquiry.flash(("water", "wait"), 2.0)
    after = Inquiry({"water": 1.0, "window": 1.0}, evidence=inquiry.evidence)
    assert after.posterior["water"] / after.posterior["window"] == pytest.approx(math.exp(2.0))
    assert "wait" not in after.posterior


@pytest.mark.parametrize(
    ("prior", "nothing", "floors"),
    [
        ({}, 0.1, {}),
        ({"a": -1.0}, 0.1, {}),
        ({"a": math.nan}, 0.1, {}),
        ({"a": 1.0}, 0.0, {}),
        ({"a": 1.0}, 0.5, {"b": 0.6}),
    ],
)
def test_a_prior_that_is_none_is_refused(
    prior: dict[str, float], nothing: float, floors: dict[str, float]
) -> None:
    with pytest.raises(ValueError, match=r"probabilit|target"):
        Inquiry(prior, nothing=nothing, floors=floors)
