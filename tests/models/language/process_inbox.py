"""Keeps what the model's process posts, and lets a test wait for more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from models.language.messages import Expansions, ModelState, ModelStatus, Proposals, Response
from models.language.process import LanguageProcess

PATIENCE_S = 60.0

T = TypeVar("T")


class Inbox:
    """Keeps what was posted and lets a test wait for more."""

    def __init__(self) -> None:
        self.messages: list[Response | ModelStatus] = []
        self._news = threading.Condition()

    def post(self, message: Response | ModelStatus) -> None:
        with self._news:
            self.messages.append(message)
            self._news.notify_all()

    def wait_for(self, state: ModelState, count: int = 1) -> ModelStatus:
        """Return the last status once `state` was posted `count` times."""
        return self._wait(lambda: [s for s in self.statuses if s.state is state][count - 1 :])[0]

    def answer_to(self, generation: int) -> Proposals:
        return self._wait(lambda: [p for p in self.proposals if p.generation == generation])[0]

    def complete_answer_to(self, generation: int) -> Response:
        """Return the last answer to a question of any kind."""
        return self._wait(lambda: [a for a in self.answers_to(generation) if not _partial(a)])[0]

    def answers_to(self, generation: int) -> list[Response]:
        return [m for m in self.messages if not isinstance(m, ModelStatus) and m.generation == generation]

    def parts_of(self, generation: int, count: int = 1) -> list[Expansions]:
        """Return the first answers to a question, of which at least `count` are waited for."""
        return self._wait(lambda: self._parts(generation)[count - 1 :] and self._parts(generation))

    def _parts(self, generation: int) -> list[Expansions]:
        return [a for a in self.answers_to(generation) if isinstance(a, Expansions) and not a.complete]

    def _wait(self, found: Callable[[], list[T]]) -> list[T]:
        with self._news:
            assert self._news.wait_for(found, PATIENCE_S), self.messages
            return found()

    @property
    def statuses(self) -> list[ModelStatus]:
        return [m for m in self.messages if isinstance(m, ModelStatus)]

    @property
    def states(self) -> list[ModelState]:
        return [s.state for s in self.statuses]

    @property
    def proposals(self) -> list[Proposals]:
        return [m for m in self.messages if isinstance(m, Proposals)]


def _partial(answer: Response) -> bool:
    return isinstance(answer, Expansions) and not answer.complete


Start = Callable[[Path], tuple[LanguageProcess, Inbox]]
"""Starts the process of a model; it is closed when the test ends."""
