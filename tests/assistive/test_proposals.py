"""The proposers together: the n-gram at once, then the model with the n-gram mixed in."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from assistive.proposals import ProposalService
from devices.clock import LslClock
from models.language.messages import ModelState, ModelStatus, ProposalRequest, Proposals, Source
from models.weights import installed

WITHIN_S = 60.0


class Listener:
    """Somebody who asks and waits."""

    def __init__(self, own_text: list[str]) -> None:
        self.inbox: queue.SimpleQueue[Proposals | ModelStatus] = queue.SimpleQueue()
        self.service = ProposalService(self.inbox.put, LslClock(), "en", own_text)
        self._numbers = count(1)

    def ask(self, text: str, source: Source, n_words: int = 5) -> list[str]:
        number = next(self._numbers)
        self.service.request(ProposalRequest(number, 0.0, text, n_words=n_words))
        while True:
            message = self.inbox.get(timeout=WITHIN_S)
            if isinstance(message, Proposals) and (message.generation, message.source) == (number, source):
                assert len(message.words) <= n_words
                return [proposal.word for proposal in message.words]

    def wait_for(self, state: ModelState) -> None:
        while True:
            message = self.inbox.get(timeout=WITHIN_S)
            if isinstance(message, ModelStatus) and message.state is state:
                return


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener(["Please call Zuzka."] * 5)
    yield one
    one.service.close()


def test_without_a_model_the_n_gram_learns_and_forgets(listener: Listener) -> None:
    listener.service.start(None)
    assert listener.ask("please call ", Source.NGRAM)[0] == "Zuzka"
    listener.service.learn("Where is Bartholomew? Bartholomew, come here!")
    assert listener.ask("where is bar", Source.NGRAM)[0] == "Bartholomew"
    listener.service.forget()
    assert "Zuzka" not in listener.ask("please call ", Source.NGRAM)
    assert "Bartholomew" not in listener.ask("where is bar", Source.NGRAM)
    listener.service.learn("Bartholomew")
    assert listener.ask("bar", Source.NGRAM)[0] == "Bartholomew"


def test_the_models_words_come_with_those_of_the_person(listener: Listener) -> None:
    chosen = os.environ.get("SAYSO_TEST_MODEL")
    model = Path(chosen) if chosen else installed("gemma-3-270m")
    if model is None:
        pytest.skip("no language model: set SAYSO_TEST_MODEL or run `sayso models fetch gemma-3-270m`")
    listener.service.start(model)
    listener.wait_for(ModelState.READY)
    assert "Zuzka" in listener.ask("Yes. Please call ", Source.MODEL)
    assert "the" in listener.ask("I want to sit in ", Source.MODEL)
    assert len(listener.ask("I want to ", Source.MODEL, 2)) == 2
    listener.service.forget()
    assert "Zuzka" not in listener.ask("Yes. Please call ", Source.MODEL)
