"""Tone and topics change what the real model proposes, in the direction that was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from models.language.finder import Finder
from models.language.messages import ProposalRequest, Speaker, Steering, Tone, Turn
from models.language.steering import Weights
from models.language.tones import manner, manners

ASKED = {"en": "What is it?", "ru": "Что такое?"}


def log_ratio(
    finder: Finder,
    steering: Steering,
    text: str,
    word: str,
    language: str = "en",
    pinned: tuple[str, ...] = (),
) -> float:
    """By how much the prompt raises the log-probability of `word` after `text`."""
    (token, *_) = finder.runtime.tokenize(f" {word}", start=False)

    def log_p(steering: Steering, pinned: tuple[str, ...]) -> float:
        request = ProposalRequest(
            1,
            0.0,
            text,
            (Turn(Speaker.PARTNER, ASKED[language]),),
            language=language,
            pinned=pinned,
            steering=steering,
        )
        row = finder.tree.root(finder.tokens(request, text), lambda: False).row
        return float(np.log(row.probabilities(np.array([token]))[0]))

    return log_p(steering, pinned) - log_p(Steering(), ())


@pytest.mark.parametrize(
    ("tone", "text", "raised", "others"),
    [
        (Tone.FORMAL, "", "Would", (Tone.URGENT, Tone.PLAYFUL, Tone.WARM)),
        (Tone.FORMAL, "", "Please", (Tone.PLAYFUL, Tone.WARM)),
        (Tone.URGENT, "", "Come", (Tone.FORMAL, Tone.PLAYFUL)),
        (Tone.URGENT, "I need you", "now", (Tone.FORMAL, Tone.WARM)),
        (Tone.WARM, "I", "love", (Tone.FORMAL,)),
        (Tone.PLAYFUL, "", "Ha", (Tone.FORMAL, Tone.URGENT, Tone.WARM)),
    ],
)
def test_a_tone_raises_its_own_words_more_than_other_tones_do(
    finder: Finder, tone: Tone, text: str, raised: str, others: tuple[Tone, ...]
) -> None:
    own = log_ratio(finder, Steering(tone), text, raised)
    assert own > 1.0
    assert all(own > log_ratio(finder, Steering(other), text, raised) for other in others)


@pytest.mark.parametrize(
    ("tone", "text", "raised"),
    [
        (Tone.FORMAL, "Помогите мне,", "пожалуйста"),
        (Tone.URGENT, "Помоги мне", "сейчас"),
        (Tone.WARM, "Я тебя", "люблю"),
        (Tone.PLAYFUL, "", "Ха"),
    ],
)
def test_a_tone_sounds_in_russian_too(finder: Finder, tone: Tone, text: str, raised: str) -> None:
    assert log_ratio(finder, Steering(tone), text, raised, "ru") > 0.2


def test_topics_raise_related_words_that_are_not_named(finder: Finder) -> None:
    steering = Steering(topics=("gardening", "roses"))
    for word in ("plant", "water"):
        assert log_ratio(finder, steering, "I want to", word) > 1.0
    assert log_ratio(finder, Steering(topics=("сад", "розы")), "Я хочу", "посадить", "ru") > 0.3


def test_a_pinned_line_is_minded(finder: Finder) -> None:
    pinned = ("My daughter Zuzanna comes on Sunday.",)
    assert log_ratio(finder, Steering(), "On Sunday I see", "Zuzanna", pinned=pinned) > 3.0


def test_the_words_of_a_tone_are_nudged_a_little() -> None:
    assert 1.0 < Weights(Steering(Tone.FORMAL)).of("Please") < 2.0
    assert 1.0 < Weights(Steering(Tone.FORMAL)).of("пожалуйста") < 2.0
    assert Weights(Steering(Tone.FORMAL, nudges=(("please", -2.0),))).of("please") < 1.0
    assert not Weights(Steering())


def test_every_tone_is_there_in_both_languages() -> None:
    for tone in Tone:
        assert set(manners(tone)) == (set() if tone is Tone.NEUTRAL else {"en", "ru"})
    assert manner(Tone.WARM, "xx") is None
