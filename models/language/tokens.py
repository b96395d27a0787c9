"""models.language: the likeliest next tokens: the person is the sampler.

A token is shown as what it adds to the text. One that adds nothing yet (half a character, a lone space, a part of what
is typed already) is never shown: it is merged with each token that can follow, and the two are one to the person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from models.language.bans import Bans
from models.language.errors import Cancelled
from models.language.messages import Token, TokensRequest
from models.language.partial import fold, split_partial
from models.language.pieces import Pieces
from models.language.row import Node
from models.language.runtime import Runtime
from models.language.steering import Weights
from models.language.token_text import MOST_MERGED, added_text, joined, parted, shows, spelled, spells_out
from models.language.tree import N_NODES as N_TREE
from models.language.tree import Tree

MOST_PASSED = 16
"""Tokens taken without asking in one answer."""

ROWS = 8
N_NODES = MOST_PASSED + MOST_MERGED * ROWS
_HEALED = 2  # of the tokens of what is typed: they may be cut otherwise when the word goes on
_LOOKED_AT = 512  # of the likeliest tokens after one node
_MORE = 32  # are looked at beyond those wanted, where some are nudged
_CUT = 128  # the prompt gives way to a long row of choices in steps of so many tokens
_SEEN = 200  # characters of the text in which the word that a token completes is sought


@dataclass(frozen=True, slots=True)
class _Path:
    """Tokens that add nothing to the text yet; `data` is what they spell. `node` is where the last one goes."""

    p: float
    node: Node
    tokens: tuple[int, ...] = ()
    data: bytes = b""


@dataclass(slots=True)
class _Found:
    p: float
    path: _Path
    text: str


@dataclass(slots=True)
class _Step:
    """What is known of the next token so far.

    `text` ends with `due`, which is not yet spelled by tokens; `found` is by what it adds to the text; `mass` is
    the probability of all that agrees with what is typed.
    """

    text: str
    due: str
    wanted: int
    bans: Bans
    mass: float
    found: dict[str, _Found] = field(default_factory=dict)
    deeper: list[_Path] = field(default_factory=list)


class TokenReader:
    """Reads the next tokens.

    Parameters
    ----------
    tree : Tree
        Belongs to the same model.
    pieces : Pieces
        Its vocabulary.
    runtime : Runtime
        The model.
    """

    def __init__(self, tree: Tree, pieces: Pieces, runtime: Runtime) -> None:
        self._tree = tree
        self._pieces = pieces
        self._runtime = runtime
        self._fragments = np.array(sorted(pieces.fragments), np.intp)

    def read(
        self,
        root_tokens: Callable[[str], list[int]],
        request: TokensRequest,
        stale: Callable[[], bool] = lambda: False,
    ) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
        """Return the tokens that were taken without asking, and the likeliest that may follow, best first.

        A probability is the token's share of the whole vocabulary (what is exp(-14) times as likely as the
        likeliest counts as nothing); where a part of a word is typed and nothing was chosen after it, its share
        of all that agrees with the part. Control tokens, line ends and what would complete something banned are
        not shown, and their share is not given to others. A nudge applies to tokens that complete its word; the
        probability is that after the change.

        A number stands for all tokens that are one to the person, see `joined`. Numbers that this vocabulary
        does not have (the model was swapped) are answered with nothing.

        Parameters
        ----------
        root_tokens : callable
            Gives the prompt's tokens with a text that ends at a word boundary.
        request : TokensRequest
            The text, what was chosen after it, and how many tokens are wanted.
        stale : callable
            Asked between two decodes.

        Raises
        ------
        Cancelled
            `stale` turned true.
        ModelError
            The model failed.
        """
        n_vocab = self._runtime.n_vocab
        chosen = [token for number in request.chosen for token in parted(number, n_vocab)]
        if request.n < 1 or not all(0 <= token < n_vocab and self._bytes(token) for token in chosen):
            return (), ()
        split = split_partial(request.text)
        text = request.text
        apart = split.space and (split.partial or not text or text[-1].isspace())
        typed, due = self._typed((" " if apart else "") + fold(split.partial))
        if chosen:
            data = b"".join(map(self._bytes, chosen))
            text, due = text + (added_text(data, due) or ""), ""
        node = self._tree.root(self._fitting(root_tokens(split.before), typed + chosen), stale)
        self._tree.make_room(N_NODES)
        passed: list[Token] = []
        while True:
            found = self._next(node, text, due, request, stale)
            full = len(passed) == MOST_PASSED or self._tree.n_free < 2
            if full or not found or found[0].p < request.pass_at:
                return tuple(passed), tuple(self._token(candidate) for candidate in found)
            best = found[0]
            passed.append(self._token(best))
            (node,) = self._tree.grow([(best.path.node, best.path.tokens[-1])])
            text, due = text + best.text, ""

    def _next(
        self, root: Node, text: str, due: str, request: TokensRequest, stale: Callable[[], bool]
    ) -> list[_Found]:
        """Return the best ways to go on from `text`, whose end `due` the tokens must spell first."""
        weights = Weights(request.steering)
        wanted = request.n + (_MORE if weights else 0)
        step = _Step(text, due, wanted, Bans(request.steering.banned), 0.0 if due.strip() else 1.0)
        paths = [_Path(1.0, root)]
        while paths:
            step.deeper = []
            for path in paths:
                self._go_on(path, step)
            paths = self._grown(step, stale)
        found = list(step.found.values())
        for candidate in found:
            candidate.p = min(1.0, candidate.p / max(step.mass, 1e-30))
        return _weighted(found, text, weights)[: request.n]

    def _go_on(self, path: _Path, step: _Step) -> None:
        """Sort what may follow `path` into what adds to the text and what does not yet."""
        ids, p, agreeing = self._candidates(path, step.due)
        step.mass += agreeing
        n_found = 0
        for token, p_token in zip(ids.tolist(), p.tolist(), strict=True):
            data = self._bytes(token)
            longer = _Path(path.p * p_token, path.node, (*path.tokens, token), path.data + data)
            added = added_text(longer.data, step.due) if data else None
            if added == "":
                step.deeper.append(longer)
                if step.due.strip() and token in self._pieces.fragments and spells_out(longer.data, step.due):
                    step.mass += longer.p
            elif added and shows(added) and not step.bans.completed_by(added, step.text):
                _merge(step.found, _Found(longer.p, longer, added))
                n_found += 1
                if n_found == step.wanted:
                    return

    def _grown(self, step: _Step, stale: Callable[[], bool]) -> list[_Path]:
        """Evaluate what adds nothing yet and can still lead to one of the best; return it with its rows."""
        best = sorted((candidate.p for candidate in step.found.values()), reverse=True)[: step.wanted]
        least = best[-1] if len(best) == step.wanted else 0.0
        rows = max(0, min(ROWS, self._tree.n_free - 1))  # one is left to the token that passes
        paths = [path for path in step.deeper if path.p > least and len(path.tokens) < MOST_MERGED]
        paths = sorted(paths, key=lambda path: -path.p)[:rows]
        if paths and stale():
            raise Cancelled
        nodes = self._tree.grow([(path.node, path.tokens[-1]) for path in paths])
        return [replace(path, node=node) for path, node in zip(paths, nodes, strict=True)]

    def _candidates(self, path: _Path, due: str) -> tuple[NDArray[np.intp], NDArray[np.float32], float]:
        """Return the likeliest tokens that may go on, likeliest first, and the mass that spells all of `due`."""
        row, agreeing = path.node.row, 0.0
        whole, pending = spelled(path.data) or ("", b"")
        rest = due[len(whole) :]
        if pending:
            ids = self._fragments
            p = row.probabilities(ids)
        elif rest.strip():
            through = self._pieces.starting_with(rest)
            agreeing = path.p * float(row.probabilities(through).sum())
            ids = np.concatenate([through, self._pieces.beginnings_of(rest), self._fragments])
            p = row.probabilities(ids)
        else:
            ids, p = row.ids, row.p
        if len(ids) > _LOOKED_AT:
            top = np.argpartition(p, len(p) - _LOOKED_AT)[-_LOOKED_AT:]
            ids, p = ids[top], p[top]
        order = np.argsort(-p, kind="stable")
        return ids[order], p[order], agreeing

    def _typed(self, due: str) -> tuple[list[int], str]:
        """Return the first tokens of what is typed, where it takes many, and what is left of it."""
        tokens = self._runtime.tokenize(due, start=False) if len(due) > 1 else []
        for kept in range(len(tokens) - _HEALED, 0, -1):
            whole, pending = spelled(b"".join(map(self._bytes, tokens[:kept]))) or ("", b"")
            if not pending and len(whole) < len(due) and due.startswith(whole):
                return tokens[:kept], due[len(whole) :]
        return [], due

    def _fitting(self, prompt: list[int], chosen: list[int]) -> list[int]:
        """Return both in one; of a prompt that is too long the oldest tokens go, but not its first."""
        excess = len(prompt) + len(chosen) + N_TREE - self._runtime.n_context
        if excess > 0:
            prompt = prompt[:1] + prompt[1 - (-excess // _CUT) * _CUT :]
            chosen = chosen[max(0, len(prompt) + len(chosen) + N_TREE - self._runtime.n_context) :]
        return prompt + chosen

    def _bytes(self, token: int) -> bytes:
        return self._pieces.fragments.get(token) or self._pieces.texts[token].encode()

    def _token(self, found: _Found) -> Token:
        return Token(joined(found.path.tokens, self._runtime.n_vocab), found.text, found.p)


def _merge(found: dict[str, _Found], candidate: _Found) -> None:
    """Add `candidate`; two that add the same to the text are one, with the tokens of the likelier."""
    known = found.setdefault(candidate.text, candidate)
    if known is not candidate:
        if candidate.p > known.p:
            known.path = candidate.path
        known.p += candidate.p


def _weighted(found: list[_Found], text: str, weights: Weights) -> list[_Found]:
    """Return `found`, best first, with the log-odds of those that complete a nudged word changed."""
    if weights:
        factors = [weights.of(split_partial(text[-_SEEN:] + candidate.text).partial) for candidate in found]
        total = 1.0 + sum(
            candidate.p * (factor - 1.0) for candidate, factor in zip(found, factors, strict=True)
        )
        for candidate, factor in zip(found, factors, strict=True):
            candidate.p *= factor / total
    return sorted(found, key=lambda candidate: -candidate.p)
