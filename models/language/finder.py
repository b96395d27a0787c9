"""models.language: answers one request with words and phrases of one model."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from models.language import phrases, words
from models.language.continuations import continuation_tree
from models.language.messages import ContinuationNode, PhraseProposal, ProposalRequest, WordProposal
from models.language.partial import fold, split_partial
from models.language.phrases import PhraseSearch
from models.language.pieces import Pieces, Script, script_of
from models.language.prompt_tokens import PromptTokens
from models.language.runtime import Runtime
from models.language.steering import Guide
from models.language.tree import Tree
from models.language.words import WordSearch

_LONGEST_PARTIAL = 40

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

    Attributes
    ----------
    tree : Tree
        What the model has read; other readings may share it.
    pieces : Pieces
        The model's vocabulary.
    tokens : PromptTokens
        Gives the tokens of a prompt.
    """

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        texts = runtime.pieces()
        self.pieces = Pieces(
            texts, [t for t, piece in enumerate(texts) if not piece and runtime.ends_text(t)]
        )
        self.tree = Tree(runtime)
        self.tokens = PromptTokens(runtime)

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
        root = self.tree.root(self.tokens(request, split.before), stale)
        wants_more = request.n_phrases > 0 or request.breadth > 0
        self.tree.make_room(words.N_NODES + (phrases.N_NODES if wants_more else 0))
        target = (" " if split.space else "") + fold(split.partial)
        guide = Guide(request.steering, split.before + (" " if split.space else ""))
        search = WordSearch(self.tree, self.pieces, script, target, guide)
        search.run(root, request.n_sure or request.n_words, stale)
        proposals = search.words(request.n_words, request.language)
        if not wants_more:
            return Found(proposals)
        longer = PhraseSearch(
            self.tree,
            self.pieces,
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
        self.tree.root(self.tokens(empty, ""), lambda: False)
