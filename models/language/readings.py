"""models.language: all that can be asked of one model, answered from one tree."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from models.language.abbreviation.expansions import ExpansionSearch
from models.language.characters.reader import CharacterReader
from models.language.finder import Finder
from models.language.messages import (
    Characters,
    CharactersRequest,
    Expansion,
    ExpansionRequest,
    Expansions,
    ProposalRequest,
    Proposals,
    Question,
    Response,
    Source,
    Tokens,
    TokensRequest,
)
from models.language.runtime import Runtime
from models.language.shortlist import Shortlists
from models.language.tokens import TokenReader


class Readings:
    """Answers every kind of question by reading the same tree: what one has evaluated serves the others.

    Parameters
    ----------
    runtime : Runtime
        The model; belongs to the readings from now on.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._finder = Finder(runtime)
        tree, pieces = self._finder.tree, self._finder.pieces
        shortlists = Shortlists(runtime, pieces)
        self._expansions = ExpansionSearch(tree, pieces, shortlists.head)
        self._characters = CharacterReader(tree, pieces, shortlists.head)
        self._tokens = TokenReader(tree, pieces, runtime)

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
        root_tokens = partial(self._finder.tokens, request)
        about = (request.generation, request.t)
        match request:
            case ProposalRequest():
                found = self._finder.find(request, stale)
                return Proposals(*about, found.words, Source.MODEL, 0.0, found.phrases, found.tree)
            case ExpansionRequest():

                def emit_first(expansions: tuple[Expansion, ...]) -> None:
                    emit(Expansions(*about, expansions, Source.MODEL, 0.0, complete=False))

                expansions, matching = self._expansions.expand(root_tokens, request, emit_first, stale)
                return Expansions(*about, expansions, Source.MODEL, 0.0, matching=matching)
            case CharactersRequest():
                return Characters(
                    *about, self._characters.read(root_tokens, request, stale), Source.MODEL, 0.0
                )
            case TokensRequest():
                passed, tokens = self._tokens.read(root_tokens, request, stale)
                return Tokens(*about, tokens, Source.MODEL, 0.0, passed)
