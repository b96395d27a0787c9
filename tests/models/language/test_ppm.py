"""PPM as Dasher has it: what was written before says what comes next, and what is forgotten says nothing."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.characters.ppm import Ppm

ALPHABET = "ab c\n"

texts = st.text(alphabet=ALPHABET, max_size=30)


def small(order: int = 1) -> Ppm:
    return Ppm([0.5] * (order + 1), [0.75] * (order + 1))


def test_contexts_are_blended_as_dasher_does() -> None:
    """After "ab", "ab": b follows a twice; of all characters a and b are new once each in some context.

    The contexts: "\\n" has a once, "a" has b twice, "b" has a once; that makes one b and, from "\\n" and "b",
    two a in the empty context.
    """
    ppm = small()
    ppm.learn("abab")
    p = dict(zip("abc", ppm.probabilities("a", "abc"), strict=True))
    shared = (0.5 + 0.75) / 2.5  # what the context "a" leaves
    rest = shared * (0.5 + 2 * 0.75) / 3.5 / 3  # what the empty context leaves, shared by three
    assert p["b"] == pytest.approx(1.25 / 2.5 + shared * 0.25 / 3.5 + rest)
    assert p["a"] == pytest.approx(shared * 1.25 / 3.5 + rest)
    assert p["c"] == pytest.approx(rest)


def test_what_was_never_written_is_equally_likely() -> None:
    assert Ppm.as_in_dasher().probabilities("hello", "abcd") == pytest.approx([0.25] * 4)


def test_a_longer_context_decides() -> None:
    ppm = Ppm.for_a_person()
    ppm.learn("the cat sat on the mat\nthe cat is on the sofa\n")
    p = dict(
        zip(
            "abcdefghijklmnopqrstuvwxyz \n",
            ppm.probabilities("\nthe ca", "abcdefghijklmnopqrstuvwxyz \n"),
            strict=True,
        )
    )
    assert max(p, key=lambda character: p[character]) == "t"
    assert p["t"] > 0.8


@given(learned=st.lists(texts, max_size=5), context=texts)
def test_the_probabilities_sum_to_one(learned: list[str], context: str) -> None:
    ppm = small(3)
    for text in learned:
        ppm.learn(text)
    p = ppm.probabilities(context, ALPHABET)
    assert p.sum() == pytest.approx(1.0)
    assert (p > 0.0).all()


@given(kept=st.lists(texts, max_size=4), forgotten=st.lists(texts, max_size=4), context=texts)
def test_what_is_forgotten_leaves_no_trace(kept: list[str], forgotten: list[str], context: str) -> None:
    ppm, other = small(3), small(3)
    for text in [*forgotten, *kept]:
        ppm.learn(text)
    for text in forgotten:
        ppm.forget(text)
    for text in kept:
        other.learn(text)
    assert ppm.probabilities(context, ALPHABET) == pytest.approx(other.probabilities(context, ALPHABET))


def test_forgetting_what_was_not_learned_does_nothing() -> None:
    ppm, other = small(), small()
    ppm.learn("aab")
    other.learn("aab")
    ppm.forget("ccc")
    for context in ("", "a", "b", "c"):
        assert ppm.probabilities(context, "abc") == pytest.approx(other.probabilities(context, "abc"))


def test_a_character_outside_the_alphabet_costs_the_others_nothing() -> None:
    ppm = small()
    ppm.learn("a?a?a?")
    assert ppm.probabilities("a", "ab").sum() == pytest.approx(1.0)


def test_parameters_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="same contexts"):
        Ppm([0.5], [0.7, 0.7])


def test_it_answers_in_less_than_two_milliseconds() -> None:
    ppm = Ppm.for_a_person()
    random = np.random.default_rng(1)
    for _ in range(500):
        ppm.learn("".join(random.choice(list("etaoin shrdlu"), 40)) + "\n")
    start = time.process_time()
    for _ in range(50):
        ppm.probabilities("\nshe said the", "abcdefghijklmnopqrstuvwxyz' \n")
    assert (time.process_time() - start) / 50 < 0.002
