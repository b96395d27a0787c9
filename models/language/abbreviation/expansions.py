"""models.language.abbreviation: abbreviation expansion: whole sentences for the beginnings of their words.

Cai et al., "Context-aware abbreviation expansion using large language models", NAACL 2022, for the task; the search
is ours.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from heapq import nlargest
from itertools import chain
from typing import NamedTuple

from models.language.abbreviation.parse import (
    MAX_PARTS,
    Abbreviation,
    Part,
    joined,
    parse_beginning,
    parse_whole,
    readings_of,
    words_of,
)
from models.language.abbreviation.sentences import WIDEST, Sentence, SentenceSearch, plain
from models.language.abbreviation.tokens import Spellings
from models.language.bans import Bans
from models.language.head import Head
from models.language.messages import Expansion, ExpansionRequest, Repair
from models.language.pieces import Pieces, Script, script_of
from models.language.tree import Tree

MOST_ROWS = 100
"""So many rows are computed at most for initials: half a second on one core of an ordinary computer."""

LONGEST_S = 2.0
"""A search on a busy computer ends with what it has found after so long, or when it has found the first sentence."""

_ROWS_A_WORD = 16
_KNOWN = 2
"""So many times more rows where two letters of each word are known: half of these searches end earlier by themselves,
and of 80 sentences of training dialogues four more are found."""

_WIDEST_KNOWN = 9.0  # with two letters of each word there are fewer to choose from,
_WIDEST_REPAIR = 14.0  # and with all words but one very few

_Emit = Callable[[tuple[Expansion, ...]], None]


class _Asked(NamedTuple):
    """What stays the same in one request: the prompt's tokens, how many sentences, who gets and who stops them."""

    prompt: list[int]
    n: int
    language: str
    emit: _Emit
    stale: Callable[[], bool]


class ExpansionSearch:
    """Expands abbreviations with the model of a tree.

    Parameters
    ----------
    tree : Tree
        Belongs to all readings of the model together.
    pieces : Pieces
        The vocabulary of the model.
    head : callable
        Returns the output layer over the usual tokens of a script and a language, or None.
    clock : callable
        Seconds, for `LONGEST_S`.
    """

    def __init__(
        self,
        tree: Tree,
        pieces: Pieces,
        head: Callable[[Script, str], Head | None] = lambda _script, _language: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._head = head
        self._clock = clock
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
        before = request.text.rstrip()
        asked = _Asked(root_tokens(before), request.n, request.language, emit, stale)
        bans = Bans(request.steering.banned)

        def banned(text: str) -> bool:
            return bans.completed_by(text, before)

        if request.repair is not None:
            found = self._repair(asked, request.repair, banned)
            return found, bool(found)
        readings = readings_of(request.abbreviation, request.language)
        wanted = readings[0]
        if not wanted.parts:
            return (), wanted.understood
        found = self._search(asked, readings, banned)
        if found:
            return found, wanted.understood
        initials = [part if part.is_number else Part(part.letters[0]) for part in wanted.parts]
        wanted = wanted._replace(parts=tuple(initials))
        return self._search(asked, (wanted,), banned), False

    def _repair(self, asked: _Asked, repair: Repair, banned: Callable[[str], bool]) -> tuple[Expansion, ...]:
        """Search with all words known but one: what the search before has evaluated is in the tree."""
        known = [parse_whole(word) for word in repair.words]
        if len(known) > MAX_PARTS or not 0 <= repair.at < len(known) or not all(known):
            return ()
        known[repair.at] = parse_beginning(repair.letters or known[repair.at][0].letters[0])
        if not known[repair.at]:
            return ()
        wanted = Abbreviation(tuple(chain.from_iterable(known)))
        wrong = plain(joined(repair.words))

        def unwanted(text: str) -> bool:
            return plain(text) == wrong or banned(text)

        return self._search(asked, (wanted,), unwanted, _WIDEST_REPAIR)

    def _search(
        self,
        asked: _Asked,
        readings: tuple[Abbreviation, ...],
        unwanted: Callable[[str], bool],
        widest: float = 0.0,
    ) -> tuple[Expansion, ...]:
        """Search for the sentences of all readings, which compete; what has fewer words is done sooner and first."""
        end = self._clock() + LONGEST_S
        scripts = {script_of(part.letters) for part in readings[0].parts if not part.is_number}
        head = self._head(scripts.pop(), asked.language) if len(scripts) == 1 else None
        root = self._tree.root(asked.prompt, asked.stale, head)
        last: tuple[Expansion, ...] = ()
        others: list[Sentence] = []
        for wanted in sorted(readings, key=lambda wanted: len(wanted.parts)):
            well_known = all(part.whole or len(part.letters) > 1 for part in wanted.parts)
            most_rows = min(MOST_ROWS, _ROWS_A_WORD * (len(wanted.parts) + 1))
            self._tree.make_room(most_rows)
            most_rows *= _KNOWN if well_known else 1
            search = SentenceSearch(
                self._tree,
                self._spellings,
                wanted,
                unwanted=unwanted,
                widest=widest or (_WIDEST_KNOWN if well_known else WIDEST),
                head=head,
            )
            for _ in search.run(
                root,
                asked.n,
                lambda rows, most=most_rows: rows >= most or self._clock() > end,  # type: ignore[misc]
                asked.stale,
            ):
                found = _expansions(others + search.found, asked.n)
                if [expansion.text for expansion in found] != [expansion.text for expansion in last]:
                    asked.emit(found)
                    last = found
            others += search.found
        return _expansions(others, asked.n)


def _expansions(sentences: list[Sentence], n: int) -> tuple[Expansion, ...]:
    """Return the best `n`, best first; their probabilities are those among all that were found."""
    best = nlargest(n, sentences, key=lambda sentence: sentence.log_p)
    total = sum(math.exp(sentence.log_p - best[0].log_p) for sentence in sentences)
    return tuple(
        Expansion(
            sentence.text.strip() + sentence.mark,
            words_of(sentence.text),
            math.exp(sentence.log_p - best[0].log_p) / total,
        )
        for sentence in best
    )
