"""models.language: answers one request with words and phrases of one model."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

from models.language import phrases, words
from models.language.continuations import continuation_tree
from models.language.messages import ContinuationNode, PhraseProposal, ProposalRequest, Request, WordProposal
from models.language.partial import fold, split_partial
from models.language.phrases import PhraseSearch
from models.language.pieces import Pieces, Script, script_of
from models.language.prompt import build_prompt
from models.language.runtime import Runtime
from models.language.steering import Guide
from models.language.tree import N_NODES, Tree
from models.language.words import WordSearch

_LONGEST_PARTIAL = 40
_TOKEN_STEP = 128

_SCRIPTS = {"en": Script.LATIN, "ru": Script.CYRILLIC}


class Found(NamedTuple):
    """What the model proposes, best first."""

    words: tuple[WordProposal, ...] = ()
    phrases: tuple[PhraseProposal, ...] = ()
    tree: tuple[ContinuationNode, ...] = ()


class Finder:
    """Answers requests with the words and phrases of one model.

    Parameters
    ----------
    runtime : Runtime
        The model; belongs to the finder from now on.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        texts = runtime.pieces()
        self._pieces = Pieces(
            texts, [t for t, piece in enumerate(texts) if not piece and runtime.ends_text(t)]
        )
        self._tree = Tree(runtime)
        self._opening_key: tuple[str, tuple[str, ...]] | None = None
        self._opening_tokens: list[int] = []

    def find(self, request: ProposalRequest, stale: Callable[[], bool] = lambda: False) -> Found:
        """Return at most ``request.n_words`` words and ``request.n_phrases`` phrases, best first.

        Probabilities are those of the next word or words, given what is typed of them.

        Raises
        ------
        Cancelled
            `stale` turned true between two decodes.
        ModelError
            The model failed.
        """
        split = split_partial(request.text)
        if len(split.partial) > _LONGEST_PARTIAL:
            return Found()
        script = script_of(split.partial) or _SCRIPTS.get(request.language) or script_of(split.before[-1:])
        script = script or Script.LATIN
        root = self._tree.root(self._tokens(request, split.before), stale)
        wants_more = request.n_phrases > 0 or request.breadth > 0
        self._tree.make_room(words.N_NODES + (phrases.N_NODES if wants_more else 0))
        target = (" " if split.space else "") + fold(split.partial)
        guide = Guide(request.steering, split.before + (" " if split.space else ""))
        search = WordSearch(self._tree, self._pieces, script, target, guide)
        search.run(root, request.n_sure or request.n_words, stale)
        proposals = search.words(request.n_words, request.language)
        if not wants_more:
            return Found(proposals)
        longer = PhraseSearch(
            self._tree,
            self._pieces,
            script,
            request.language,
            guide,
            whole=not (split.before or split.partial),
        )
        longer.run(search.starts, search.mass, stale, broad=request.breadth > 0)
        found = [(word.word, word.probability) for word in proposals] + longer.found()
        return Found(
            proposals,
            longer.phrases(request.n_phrases, {fold(word.word) for word in proposals}),
            continuation_tree(found, request.breadth, request.depth),
        )

    def warm(self, language: str) -> None:
        """Evaluate what every prompt in `language` begins with, so that the first answer comes quickly."""
        empty = ProposalRequest(0, 0.0, "", language=language)
        self._tree.root(self._tokens(empty, ""), lambda: False)

    def _tokens(self, request: Request, before: str) -> list[int]:
        """Return the prompt, cut to what the context holds.

        What is dropped first, until the rest fits:

        1. of the opening with the examples, which may fill half of the room (so that it does not change with
           the conversation): the oldest examples, then exchanges of other days, then the opening itself;
        2. the oldest turns of the conversation;
        3. the beginning of the text that is being written;
        4. never what the person pinned, the topics and the tone, which may fill a quarter of the room: of more
           than that the oldest pinned lines are left out.
        """
        prompt = build_prompt(request, before)
        room = self._runtime.n_context - N_NODES - _TOKEN_STEP
        opening = self._opening(prompt.opening, prompt.examples, room // 2)
        turns = self._runtime.tokenize("".join(prompt.turns), start=False)
        kept = self._kept(prompt.kept, room // 4)
        text = self._runtime.tokenize(prompt.text, start=False)
        # The oldest tokens go in whole steps, so that the rest stays in the cache while the person writes.
        excess = max(0, len(opening) + len(turns) + len(kept) + len(text) - room)
        from_turns = min(len(turns), -(-excess // _TOKEN_STEP) * _TOKEN_STEP)
        excess = max(0, excess - from_turns)
        from_text = -(-excess // _TOKEN_STEP) * _TOKEN_STEP
        return opening + turns[from_turns:] + kept + text[from_text:]

    def _kept(self, lines: tuple[str, ...], room: int) -> list[int]:
        """Return the tokens of the newest of `lines` that fit."""
        kept: list[int] = []
        for line in reversed(lines):
            tokens = self._runtime.tokenize(line, start=False)
            if len(kept) + len(tokens) > room:
                break
            kept = tokens + kept
        return kept

    def _opening(self, opening: str, examples: tuple[str, ...], room: int) -> list[int]:
        key = (opening, examples)
        if key != self._opening_key:
            tokens = self._runtime.tokenize(opening, start=True)
            lines = [self._runtime.tokenize(line, start=False) for line in examples]
            while lines and len(tokens) + sum(map(len, lines)) >= room:
                del lines[0]
            if len(tokens) > room:
                tokens = tokens[:1]
            if lines:
                lines.append(self._runtime.tokenize("\n", start=False))
            self._opening_key, self._opening_tokens = key, [*tokens, *chain.from_iterable(lines)]
        return self._opening_tokens
