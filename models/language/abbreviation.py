"""models.language: abbreviation expansion: whole sentences for the beginnings of their words.

Cai et al., "Context-aware abbreviation expansion using large language models", NAACL 2022, for the task; the search
is ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import chain

from models.language.abbreviation_parse import (
    Abbreviation,
    Part,
    joined,
    parse_abbreviation,
    parse_beginning,
    parse_whole,
    words_of,
)
from models.language.expansion_search import WIDEST, SentenceSearch, plain
from models.language.expansion_tokens import Spellings
from models.language.messages import Expansion, ExpansionRequest, Repair
from models.language.pieces import Pieces
from models.language.tree import Tree

MOST_ROWS = 120
"""So many rows are computed at most, about half a second on one core of an ordinary computer."""

_ROWS_A_WORD = 16
_WIDEST_REPAIR = 14.0  # there are few to choose from

_Emit = Callable[[tuple[Expansion, ...]], None]


class ExpansionSearch:
    """Expands abbreviations with the model of a tree.

    Parameters
    ----------
    tree : Tree
        Belongs to all readings of the model together.
    pieces : Pieces
        The vocabulary of the model.
    """

    def __init__(self, tree: Tree, pieces: Pieces) -> None:
        self._tree = tree
        self._spellings = Spellings(pieces)

    def expand(
        self,
        root_tokens: Callable[[str], list[int]],
        request: ExpansionRequest,
        emit: _Emit,
        stale: Callable[[], bool],
    ) -> tuple[tuple[Expansion, ...], bool]:
        """Return the likeliest expansions, best first, and whether they match the abbreviation.

        Parameters
        ----------
        root_tokens : callable
            Gives the tokens of the prompt with the person's text up to a word boundary.
        request : ExpansionRequest
            What is asked.
        emit : callable
            Gets what was found so far, whenever that is better than before.
        stale : callable
            Whether the answer is no longer wanted; asked between two decodes.

        Raises
        ------
        Cancelled
            `stale` turned true.
        ModelError
            The model failed.
        """
        if request.n < 1:
            return (), True
        prompt = root_tokens(request.text.rstrip())
        if request.repair is not None:
            found = self._repair(prompt, request, request.repair, emit, stale)
            return found, bool(found)
        wanted = parse_abbreviation(request.abbreviation, request.language)
        if not wanted.parts:
            return (), wanted.understood
        found = self._search(prompt, wanted, request.n, emit, stale)
        if found:
            return found, wanted.understood
        initials = [part if part.is_number else Part(part.letters[0]) for part in wanted.parts]
        return self._search(prompt, wanted._replace(parts=tuple(initials)), request.n, emit, stale), False

    def _repair(
        self,
        prompt: list[int],
        request: ExpansionRequest,
        repair: Repair,
        emit: _Emit,
        stale: Callable[[], bool],
    ) -> tuple[Expansion, ...]:
        """Search with all words known but one: what the search before has evaluated is in the tree."""
        known = [parse_whole(word) for word in repair.words]
        if not 0 <= repair.at < len(known) or not all(known):
            return ()
        known[repair.at] = parse_beginning(repair.letters or known[repair.at][0].letters[0])
        wanted = Abbreviation(tuple(chain.from_iterable(known)))
        return self._search(
            prompt, wanted, request.n, emit, stale, refused=plain(joined(repair.words)), widest=_WIDEST_REPAIR
        )

    def _search(
        self,
        prompt: list[int],
        wanted: Abbreviation,
        n: int,
        emit: _Emit,
        stale: Callable[[], bool],
        *,
        refused: str = "",
        widest: float = WIDEST,
    ) -> tuple[Expansion, ...]:
        root = self._tree.root(prompt, stale)
        most_rows = min(MOST_ROWS, _ROWS_A_WORD * (len(wanted.parts) + 1))
        self._tree.make_room(most_rows)
        search = SentenceSearch(self._tree, self._spellings, wanted, refused=refused, widest=widest)
        last: tuple[Expansion, ...] = ()
        for _ in search.run(root, n, most_rows, stale):
            found = _expansions(search, n)
            if [expansion.text for expansion in found] != [expansion.text for expansion in last]:
                emit(found)
                last = found
        return _expansions(search, n)


def _expansions(search: SentenceSearch, n: int) -> tuple[Expansion, ...]:
    return tuple(
        Expansion(
            sentence.text.strip() + sentence.mark,
            words_of(sentence.text),
            math.exp(sentence.log_p - search.log_total),
        )
        for sentence in search.best(n)
    )
