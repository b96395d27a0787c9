"""models.language: whoever can be asked for proposals: a model in a process of its own, or on a server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from models.language.messages import ModelState, ModelStatus, Question, Request, Response

Post = Callable[[Response | ModelStatus], None]
"""Takes what a proposer says; called from one of its threads."""


class Proposer(Protocol):
    """Answers questions by posting; none of its calls blocks.

    A newer question replaces the one of its kind that is being answered. What cannot be answered stays
    unanswered: a `ModelStatus` tells why.
    """

    def start(self) -> None:
        """Begin; a status tells what became of it."""
        ...

    def request(self, request: Question) -> None:
        """Ask for something; the answer has the question's generation."""
        ...

    def close(self) -> None:
        """End; nothing but a status is posted from then on."""
        ...


class PartialProposer(Proposer, Protocol):
    """A proposer that cannot be asked everything."""

    def answers(self, request: Question) -> bool:
        """Whether it can be asked this at all."""
        ...

    def spelled(self, request: Question) -> Question:
        """Return `request` without what only this proposer understands, to be asked of another one."""
        ...


class FakeProposer:
    """A proposer that says what it is told to, when it is told to.

    Parameters
    ----------
    post : callable
        Takes what it is told to say.
    kinds : tuple of type
        The kinds of questions that it answers.

    Attributes
    ----------
    asked : list of Question
        What it was asked, oldest first.
    running : bool
        Whether it was started and not closed.
    """

    def __init__(self, post: Post, kinds: tuple[type[Request], ...] = (Request,)) -> None:
        self._post = post
        self._kinds = kinds
        self.asked: list[Question] = []
        self.running = False

    def start(self) -> None:
        """Begin."""
        self.running = True

    def request(self, request: Question) -> None:
        """Remember what is asked."""
        self.asked.append(request)

    def answers(self, request: Question) -> bool:
        """Whether the question is of one of its kinds."""
        return isinstance(request, self._kinds)

    def spelled(self, request: Question) -> Question:
        """Return `request`: everybody understands it."""
        return request

    def close(self) -> None:
        """End."""
        self.running = False

    def say(self, message: Response | ModelStatus) -> None:
        """Post this now."""
        self._post(message)

    def becomes(self, state: ModelState, detail: str = "", name: str = "fake") -> None:
        """Post a status."""
        self._post(ModelStatus(0.0, state, detail, name))
