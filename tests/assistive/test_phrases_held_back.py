"""Phrases that could hurt are held back on their way to the board, as long as the person wants it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistive.proposals import ProposalService
from devices.clock import LslClock
from models.language.messages import (
    PhraseProposal,
    ProposalRequest,
    Proposals,
    Source,
    WordProposal,
)
from models.language.proposer import FakeProposer
from models.language.safety.filter import SPARE

RUDE = ("I hate you.", "I am here.", "You are stupid.", "Come in.", "Thank you.")
WORDS = (WordProposal("kill", 0.5), WordProposal("stupid", 0.25))


class Board:
    """What reaches the board of what a model says; the model says rude things."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, own_text: tuple[str, ...] = ()) -> None:
        self.seen: list[object] = []
        self.service = ProposalService(self.seen.append, LslClock(), "en", own_text)

        def model(path: Path, post: object) -> FakeProposer:
            self.model = FakeProposer(post)  # type: ignore[arg-type]
            return self.model

        monkeypatch.setattr(self.service, "_local_model", model)
        self.service.use(Path("model.gguf"))

    def phrases(self, text: str = "", n: int = 3, generation: int = 1) -> tuple[str, ...]:
        self.service.request(ProposalRequest(generation, 0.0, text, n_phrases=n))
        asked = self.model.asked[-1]
        assert isinstance(asked, ProposalRequest)
        said = tuple(PhraseProposal(phrase, 0.1) for phrase in RUDE[: asked.n_phrases])
        self.service._told(Proposals(generation, 0.0, WORDS, Source.MODEL, 0.1, said))
        answer = self.seen[-1]
        assert isinstance(answer, Proposals)
        assert answer.words[:2] == WORDS, "words are never touched"
        return tuple(phrase.text for phrase in answer.phrases)


def test_a_few_more_are_asked_for_so_that_good_ones_take_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board(monkeypatch)
    assert board.phrases() == ("I am here.", "Come in.", "Thank you.")
    assert board.model.asked[-1].n_phrases == 3 + SPARE  # type: ignore[union-attr]


def test_what_was_prepared_ahead_is_the_same_question(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board(monkeypatch)
    board.service.request(ProposalRequest(1, 0.0, "", n_phrases=3, speculative=True))
    board.phrases()
    ahead, real = board.model.asked
    assert (ahead.n_phrases, ahead.n_words) == (real.n_phrases, real.n_words)  # type: ignore[union-attr]


def test_where_no_phrases_have_a_place_none_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Board(monkeypatch).phrases(n=0) == ()


def test_switched_off_they_come_as_the_model_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board(monkeypatch)
    board.service.hold_back(False)
    assert board.phrases() == ("I hate you.", "I am here.", "You are stupid.")
    board.service.hold_back(True)
    assert board.phrases(generation=2) == ("I am here.", "Come in.", "Thank you.")


def test_what_the_person_says_themselves_is_held_back_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board(monkeypatch, ("I hate you, disease.",))
    assert board.phrases() == ("I hate you.", "I am here.", "Come in.")
    board.service.learn("You stupid machine")
    assert board.phrases(generation=2) == ("I hate you.", "I am here.", "You are stupid.")
    board.service.forget()
    assert board.phrases(generation=3) == ("I am here.", "Come in.", "Thank you.")


def test_a_filter_that_breaks_costs_no_proposals(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    board = Board(monkeypatch)
    monkeypatch.setattr("assistive.proposals.rank_down", None)
    assert board.phrases() == RUDE[:3]
    assert "could not be filtered" in caplog.text
