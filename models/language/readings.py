"""models.language: all that can be asked of one model, answered from one tree."""

from __future__ import annotations

from collections.abc import Callable

from models.language.errors import ModelError
from models.language.finder import Finder
from models.language.messages import Expansions, ProposalRequest, Proposals, Question, Response, Source
from models.language.runtime import Runtime


class Readings:
    """Answers every kind of question by reading the same tree: what one has evaluated serves the others.

    Parameters
    ----------
    runtime : Runtime
        The model; belongs to the readings from now on.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._finder = Finder(runtime)

    def warm(self, language: str) -> None:
        """Evaluate what every prompt in `language` begins with, so that the first answer comes quickly."""
        self._finder.warm(language)

    def answer(
        self, request: Question, emit: Callable[[Expansions], None], stale: Callable[[], bool]
    ) -> Response:
        """Return the answer to `request`; its time and how long it took are for whoever asked to fill in.

        Parameters
        ----------
        request : Question
            What is asked.
        emit : callable
            Gets expansions that are not complete yet, each better than the one before.
        stale : callable
            Whether the answer is no longer wanted; asked between two decodes.

        Raises
        ------
        Cancelled
            `stale` turned true.
        ModelError
            The model failed.
        """
        match request:
            case ProposalRequest():
                found = self._finder.find(request, stale)
                return Proposals(request.generation, request.t, found.words, Source.MODEL, 0.0, found.phrases)
            case _:
                raise ModelError("it does not know this kind of question")
