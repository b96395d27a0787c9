"""assistive.simulate: the language model on the virtual clock: its answers come after the time they really took."""

from __future__ import annotations

import queue
from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path

from devices.clock import VirtualClock
from models.language.messages import ModelState, ModelStatus, ProposalRequest, Proposals, Response, Source
from models.language.mixture import Mixture, to_be_mixed
from models.language.ngram import NgramProposer
from models.language.process import LanguageProcess

KEPT_AHEAD = 4  # answers that were prepared and are kept, as models/language/process.py does
GIVE_WAY_S = 0.03  # a decode that runs when a real request comes is finished first
QUICKEST_S = 0.06  # no answer was ever quicker, so work that was dropped sooner need not be done
ANSWER_WITHIN_S = 120.0


class ModelError(RuntimeError):
    """The language model could not be used for a simulation."""


@dataclass(frozen=True, slots=True)
class _Answer:
    proposals: Proposals
    took_s: float


@dataclass(slots=True)
class _Work:
    """A speculative request that is worked on since `start`; the model is asked only when the answer matters."""

    request: ProposalRequest
    start: float
    answer: _Answer | None = None


class RealModel:
    """The real model in its real process, asked one question at a time; equal questions are asked once.

    The wall time of the first answer is charged each time: asked again, the model would take it again.
    """

    def __init__(self, path: Path, language: str = "en") -> None:
        self._inbox: queue.SimpleQueue[Response | ModelStatus] = queue.SimpleQueue()
        self._answers: dict[ProposalRequest, _Answer] = {}
        self._generation = 0
        self._process = LanguageProcess(path, self._inbox.put, VirtualClock(), language=language)
        self._process.start()
        self._until(lambda m: isinstance(m, ModelStatus) and m.state is ModelState.READY)

    def answer(self, request: ProposalRequest) -> _Answer:
        """The proposals and the wall time they took."""
        key = content(request)
        known = self._answers.get(key)
        if known is None:
            self._generation += 1
            self._process.request(replace(key, generation=self._generation))
            told = self._until(lambda m: isinstance(m, Proposals) and m.generation == self._generation)
            assert isinstance(told, Proposals)
            known = self._answers[key] = _Answer(told, told.elapsed_s)
        return known

    def close(self) -> None:
        """End the model's process."""
        self._process.close()

    def _until(self, wanted: object) -> Response | ModelStatus:
        assert callable(wanted)
        while True:
            try:
                message = self._inbox.get(timeout=ANSWER_WITHIN_S)
            except queue.Empty:
                raise ModelError(
                    f"the language model did not answer within {ANSWER_WITHIN_S:.0f} s"
                ) from None
            if isinstance(message, ModelStatus) and message.state in (ModelState.FAILED, ModelState.LOST):
                raise ModelError(message.detail or "the language model stopped")
            if wanted(message):
                return message


class VirtualProposer:
    """Answers requests at virtual times, by the same rules as the model's process does.

    A real request is worked on at once; speculative work gives way to it, unless it is for the same
    content, and finished speculative answers are kept for a while. See `LanguageProcess.request`. The n-gram
    is mixed in when an answer is told, as `assistive.proposals` does; it knows what this person said so far.
    """

    def __init__(self, model: RealModel) -> None:
        self._model = model
        self._ahead: OrderedDict[ProposalRequest, _Answer] = OrderedDict()
        self._work: _Work | None = None
        self._busy_until = 0.0
        self._said: list[str] = []
        self._mixtures: dict[str, Mixture] = {}

    def learn(self, text: str) -> None:
        """The person said this."""
        self._said.append(text)
        for mixture in self._mixtures.values():
            mixture.ngram.learn(text)

    def request(self, request: ProposalRequest, t: float) -> tuple[float, Proposals] | None:
        """Take a request at time `t`; return when its answer comes and what it is (None: speculative)."""
        self._finish(t)
        key = content(to_be_mixed(request))
        if request.speculative:
            if key not in self._ahead and (self._work is None or self._work.request != key):
                self._work = _Work(key, max(t, self._busy_until))
            return None
        prepared = self._ahead.pop(key, None)
        if prepared is not None:
            return t, self._told(prepared.proposals, request, t, 0.0)
        work, self._work = self._work, None
        answer = self._model.answer(key)
        if work is not None and work.request == key:
            done_at = work.start + answer.took_s
        else:
            gives_way = GIVE_WAY_S if work is not None and work.start < t else 0.0
            done_at = max(t, self._busy_until) + gives_way + answer.took_s
        self._busy_until = done_at
        return done_at, self._told(answer.proposals, request, done_at, answer.took_s)

    def _finish(self, t: float) -> None:
        """Put speculative work that is done by now aside for later."""
        work = self._work
        if work is None or t - work.start < QUICKEST_S:
            return
        work.answer = work.answer or self._model.answer(work.request)
        if work.start + work.answer.took_s <= t:
            self._ahead[work.request] = work.answer
            self._busy_until = max(self._busy_until, work.start + work.answer.took_s)
            self._work = None
            while len(self._ahead) > KEPT_AHEAD:
                self._ahead.popitem(last=False)

    def _told(self, found: Proposals, request: ProposalRequest, t: float, took_s: float) -> Proposals:
        answer = Proposals(request.generation, t, found.words, Source.MODEL, took_s, found.phrases)
        return self._mixture(request.language).mix(request, answer)

    def _mixture(self, language: str) -> Mixture:
        if language not in self._mixtures:
            ngram = NgramProposer(language)
            ngram.load()
            for text in self._said:
                ngram.learn(text)
            self._mixtures[language] = Mixture(ngram)
        return self._mixtures[language]


def content(request: ProposalRequest) -> ProposalRequest:
    """What is asked, without when, and by which number."""
    return replace(request, generation=0, t=0.0, speculative=False)
