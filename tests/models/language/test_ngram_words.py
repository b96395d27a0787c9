"""Words without a language model: from frequencies and from what the person wrote."""

from __future__ import annotations

import statistics
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.messages import ProposalRequest, Proposals, Source, Speaker, Steering, Turn
from models.language.ngram import NgramProposer
from models.language.partial import fold, split_partial

TEXT = st.text(alphabet=st.sampled_from("abcdehilnorstuw ABI'’-.,?!\nжяёй7🙂م\u0301\x00"), max_size=40)


@pytest.fixture(scope="module")
def english() -> NgramProposer:
    proposer = NgramProposer("en")
    proposer.load()
    return proposer


@pytest.fixture(scope="module")
def russian() -> NgramProposer:
    proposer = NgramProposer("ru")
    proposer.load()
    return proposer


def ask(proposer: NgramProposer, text: str, n: int = 5) -> Proposals:
    return proposer.propose(ProposalRequest(7, 3.0, text, n_words=n))


def words(proposer: NgramProposer, text: str, n: int = 5) -> list[str]:
    return [proposal.word for proposal in ask(proposer, text, n).words]


def test_it_works_with_nothing_learned(english: NgramProposer, russian: NgramProposer) -> None:
    answer = ask(english, "")
    assert (answer.generation, answer.source) == (7, Source.NGRAM)
    assert answer.t == 3.0 + answer.elapsed_s
    assert len(answer.words) == 5
    assert fold(words(english, "the hosp")[0]) == "hospital"
    assert words(russian, "я хочу пож")[0] == "пожалуйста"


def test_before_it_is_loaded_it_proposes_everyday_words() -> None:
    assert "would" in words(NgramProposer("en"), "I ")
    assert words(NgramProposer("xx"), "") == []


def test_it_learns_the_persons_words_and_pairs() -> None:
    proposer = NgramProposer("en")
    proposer.load()
    assert "Zuzka" not in words(proposer, "zuz")
    proposer.learn("Please call Zuzka. I want to see Zuzka today! Can Zuzka come?")
    assert words(proposer, "zuz")[0] == "Zuzka"
    assert words(proposer, "Please call ")[0] == "Zuzka"
    assert words(proposer, "please call Z")[0] == "Zuzka"
    assert words(proposer, "I want to see ")[0] == "Zuzka"


def test_a_sentence_begins_with_a_capital(english: NgramProposer) -> None:
    assert all(word[0].isupper() for word in words(english, "") + words(english, "Yes. th"))
    assert words(english, "we th")[0].islower()
    assert "I" in words(english, "and i")
    assert "I'm" in words(english, "and i'")


def test_contractions(english: NgramProposer) -> None:
    assert words(english, "we don")[0] == "don't"
    assert words(english, "we don’")[0] == "don't"


def test_it_answers_within_two_milliseconds(english: NgramProposer, russian: NgramProposer) -> None:
    for proposer, texts in ((english, ("", "I ", "s", "the s", "xy")), (russian, ("", "п", "я п", "с "))):
        took = [ask(proposer, text).elapsed_s for _ in range(20) for text in texts]
        assert statistics.median(took) < 0.002


@given(text=TEXT, learned=TEXT, n=st.integers(0, 8))
def test_every_answer_is_a_sorted_subdistribution(
    english: NgramProposer, text: str, learned: str, n: int
) -> None:
    english.learn(learned)
    found = ask(english, text, n).words
    probabilities = [proposal.probability for proposal in found]
    assert len(found) <= n
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0.0 < p <= 1.0 for p in probabilities)
    assert sum(probabilities) <= 1.0 + 1e-9
    folded = [fold(proposal.word) for proposal in found]
    assert len(set(folded)) == len(folded)
    assert all(word.startswith(fold(split_partial(text).partial)) for word in folded)
    assert all(len(word) > 1 or word in "ia" for word in folded)


@given(learned=st.lists(st.sampled_from(["I am here", "we go home", "here we go", "a b"]), max_size=8))
def test_all_words_with_one_beginning_have_probability_one(learned: list[str]) -> None:
    proposer = NgramProposer("en")
    for text in learned:
        proposer.learn(text)
    for text in ("h", "we h", "here we g", "my b"):
        assert sum(p.probability for p in ask(proposer, text, 500).words) == pytest.approx(1.0)


def test_it_can_learn_while_it_proposes(english: NgramProposer) -> None:
    stop = threading.Event()

    def learn() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            english.learn(f"word {'abcdefghij'[number % 10] * (number % 30 + 2)} again")

    learner = threading.Thread(target=learn)
    learner.start()
    for text in ("", "a", "word ", "word a", "again") * 40:
        assert ask(english, text).words
    stop.set()
    learner.join()


def test_a_hundred_thousand_characters(english: NgramProposer) -> None:
    english.learn("so many words " * 7000)
    assert words(english, "so many words " * 7000 + "so ")[0] == "many"
    assert words(english, "x" * 100_000) == []


@given(
    learned=st.lists(TEXT, max_size=4),
    forgotten=st.lists(TEXT, max_size=4),
    never=TEXT,
    text=TEXT,
)
def test_what_is_forgotten_leaves_nothing_behind(
    learned: list[str], forgotten: list[str], never: str, text: str
) -> None:
    one, other = NgramProposer("en"), NgramProposer("en")
    for said in learned:
        one.learn(said)
    for said in forgotten + learned:
        other.learn(said)
    for said in forgotten:
        other.forget(said)
    assert ask(one, text, 50).words == ask(other, text, 50).words
    other.forget(never)
    other.erase()
    assert ask(other, text, 50).words == ask(NgramProposer("en"), text, 50).words


def test_the_words_of_the_conversation_come_more_easily(english: NgramProposer) -> None:
    def p_lasagne(*turns: Turn) -> float:
        request = ProposalRequest(7, 3.0, "I like l", turns=turns, n_words=200)
        found = {fold(word.word): word.probability for word in english.propose(request).words}
        return found.get("lasagne", 0.0)

    alone = p_lasagne()
    asked = Turn(Speaker.PARTNER, "Shall I warm up the lasagne?")
    long_ago = p_lasagne(asked, Turn(Speaker.ME, "Let us wait until the others are home. " * 3))
    assert alone < long_ago < p_lasagne(asked)


def test_nudges_and_bans_hold(english: NgramProposer) -> None:
    def steered(text: str, **steering: object) -> list[str]:
        request = ProposalRequest(7, 3.0, text, n_words=5, steering=Steering(**steering))  # type: ignore[arg-type]
        found = english.propose(request).words
        assert sum(word.probability for word in found) <= 1.0 + 1e-9
        return [word.word for word in found]

    first, second = words(english, "the ")[:2]
    assert first not in steered("the ", banned=(first.upper(),))
    assert len(steered("the ", banned=(first,))) == 5
    assert steered("the ", nudges=((second, 3.0),))[0] == second
    assert steered("the ", nudges=((first, -4.0),))[0] == second
