"""What the person picked, passed over and banned changes what is proposed, and only that."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.bans import Bans
from models.language.finder import Finder
from models.language.messages import ProposalRequest, Speaker, Steering, Turn, WordProposal
from models.language.steering import MOST_NUDGED, Guide, Weights, steer_words

PROBABILITIES = st.floats(0.0, 1.0)
WORDS = st.lists(
    st.tuples(st.text(alphabet="abAж'", min_size=1, max_size=3), PROBABILITIES),
    max_size=6,
    unique_by=lambda word: word[0].casefold(),
)


NOTHING = Steering()


def request(text: str, steering: Steering = NOTHING, n_phrases: int = 0) -> ProposalRequest:
    turns = (Turn(Speaker.PARTNER, "What do you want to do today?"),)
    return ProposalRequest(1, 0.0, text, turns, n_phrases=n_phrases, steering=steering)


def proposals(words: list[tuple[str, float]]) -> list[WordProposal]:
    total = max(1.0, sum(p for _, p in words))
    return sorted((WordProposal(word, p / total) for word, p in words), key=lambda word: -word.probability)


@given(WORDS)
def test_no_steering_changes_nothing(words: list[tuple[str, float]]) -> None:
    before = proposals(words)
    assert not Guide(Steering())
    assert steer_words(before, Guide(Steering())) == tuple(before)


@given(WORDS, st.lists(st.tuples(st.text(alphabet="abAж'", max_size=3), st.floats()), max_size=4))
def test_any_nudges_leave_probabilities(
    words: list[tuple[str, float]], nudges: list[tuple[str, float]]
) -> None:
    steered = steer_words(proposals(words), Guide(Steering(nudges=tuple(nudges))))
    assert len(steered) == len(words)
    assert sum(word.probability for word in steered) <= 1.0 + 1e-6


def test_a_nudge_is_a_change_of_log_odds() -> None:
    words = proposals([("tea", 0.2), ("coffee", 0.3)])
    steered = {
        w.word: w.probability
        for w in steer_words(words, Guide(Steering(nudges=(("Tea", 1.0), ("TEA", 0.5)))))
    }

    def log_odds(p: float) -> float:
        return math.log(p / (1 - p))

    assert log_odds(steered["tea"]) == pytest.approx(log_odds(0.2) + 1.5)
    assert steered["coffee"] < 0.3
    assert Weights(Steering(nudges=(("tea", 99.0),))).of("tea") == pytest.approx(math.exp(MOST_NUDGED))


@pytest.mark.parametrize("text", ["", "I want to ", "I want to g", "Can we "])
def test_banned_words_leave_their_slots_to_others(finder: Finder, text: str) -> None:
    plain = [word.word for word in finder.find(request(text)).words]
    banned = tuple(word.upper() for word in plain[:3])
    found = finder.find(request(text, Steering(banned=banned), n_phrases=3))
    words = [word.word for word in found.words]
    assert len(words) >= min(5, len(plain))
    assert words[: len(plain[3:])] == plain[3:]
    assert not set(words) & set(plain[:3])
    assert not any(Bans(banned).completed_by(phrase.text) for phrase in found.phrases)


def test_a_banned_phrase_ends_before_its_last_word(finder: Finder) -> None:
    plain = finder.find(request("I want to ", n_phrases=3))
    assert plain.words[0].word == "go"
    steering = Steering(banned=("Want  to, GO", "the park"))
    found = finder.find(request("I want to ", steering, n_phrases=3))
    assert "go" not in [word.word for word in found.words]
    assert not any(phrase.text.startswith("go") or "the park" in phrase.text for phrase in found.phrases)
    assert found.phrases
    assert "go" in [word.word for word in finder.find(request("Can we ", steering)).words]


def test_picked_words_rise_and_passed_ones_sink(finder: Finder) -> None:
    plain = finder.find(request("I want to ", n_phrases=3))
    words = [word.word for word in plain.words]
    steering = Steering(nudges=((words[3], 3.0), (words[0], -3.0)))
    steered = finder.find(request("I want to ", steering, n_phrases=3))
    assert steered.words[0].word == words[3]
    assert words[0] not in [word.word for word in steered.words[:2]]
    firsts = [phrase.text.split()[0] for phrase in steered.phrases]
    assert firsts.count(words[0]) < [phrase.text.split()[0] for phrase in plain.phrases].count(words[0])


def test_a_nudge_inside_a_phrase_counts(finder: Finder) -> None:
    def chance(steering: Steering) -> float:
        phrases = finder.find(request("I want to go ", steering, n_phrases=3)).phrases
        return sum(phrase.probability for phrase in phrases if "beach" in phrase.text)

    assert chance(Steering(nudges=(("beach", 2.0),))) > chance(Steering())


def test_taking_it_back_takes_back_all_of_it(finder: Finder) -> None:
    asked = request("I want to ", n_phrases=3)
    plain = finder.find(asked)
    finder.find(replace(asked, steering=Steering(banned=("go",), nudges=(("see", 3.0),))))
    assert finder.find(asked) == plain
