"""models.language: the likeliest next tokens: the person is the sampler.

A token is shown as what it adds to the text. One that adds nothing yet (half a character, a lone space, a part of what
is typed already) is never shown: it is merged with each token that can follow, and the two are one to the person.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.language.bans import Bans
from models.language.errors import Cancelled
from models.language.messages import Token, TokensRequest
from models.language.partial import fold, split_partial
from models.language.pieces import Pieces
from models.language.runtime import Runtime
from models.language.steering import Weights
from models.language.tree import N_NODES as N_TREE
from models.language.tree import Node, Tree

MOST_PASSED = 16
"""Tokens taken without asking in one answer."""

MOST_MERGED = 6
"""Tokens that are one to the person: the end of what is typed, and at most four bytes of a character."""

ROWS = 8
N_NODES = MOST_PASSED + MOST_MERGED * ROWS
_HEALED = 2  # of the tokens of what is typed: they may be cut otherwise when the word goes on
_LOOKED_AT = 512  # of the likeliest tokens after one node
_MORE = 32  # are looked at beyond those wanted, where some are nudged
_CUT = 128  # the prompt gives way to a long row of choices in steps of so many tokens
_SEEN = 200  # characters of the text in which the word that a token completes is sought
_VARIANTS = "\ufe0e\ufe0f"  # choose how the emoji before them looks; nothing to see by themselves
_CLINGING = tuple(".,!?;:…)%")  # these may follow a space that is written already: it makes room for them


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
            text, due = text + (_added(data, due) or ""), ""
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
        bans, weights = Bans(request.steering.banned), Weights(request.steering)
        wanted = request.n + (_MORE if weights else 0)
        mass = 0.0 if due.strip() else 1.0
        found: dict[str, _Found] = {}
        paths = [_Path(1.0, root)]
        for _ in range(MOST_MERGED):
            deeper: list[_Path] = []
            for path in paths:
                ids, p, agreeing = self._candidates(path, due)
                mass += agreeing
                n_complete = 0
                for token, p_token in zip(ids.tolist(), p.tolist(), strict=True):
                    longer = _Path(
                        path.p * p_token, path.node, (*path.tokens, token), path.data + self._bytes(token)
                    )
                    added = _added(longer.data, due) if longer.data != path.data else None
                    if added == "":
                        deeper.append(longer)
                        if due.strip() and token in self._pieces.fragments and _spells_out(longer.data, due):
                            mass += longer.p
                    elif added and _shows(added) and not bans.completed_by(added, text):
                        _merge(found, _Found(longer.p, longer, added))
                        n_complete += 1
                        if n_complete == wanted:
                            break
            best = sorted((candidate.p for candidate in found.values()), reverse=True)[:wanted]
            least = best[-1] if len(best) == wanted else 0.0
            rows = min(ROWS, self._tree.n_free - 1)  # one is left to the token that passes
            deeper = sorted((path for path in deeper if path.p > least), key=lambda path: -path.p)[:rows]
            if not deeper or len(deeper[0].tokens) == MOST_MERGED:
                break
            if stale():
                raise Cancelled
            nodes = self._tree.grow([(path.node, path.tokens[-1]) for path in deeper])
            paths = [replace(path, node=node) for path, node in zip(deeper, nodes, strict=True)]
        for candidate in found.values():
            candidate.p = min(1.0, candidate.p / max(mass, 1e-30))
        return _weighted(list(found.values()), text, weights)[: request.n]

    def _candidates(self, path: _Path, due: str) -> tuple[NDArray[np.intp], NDArray[np.float32], float]:
        """Return the likeliest tokens that may go on, likeliest first, and the mass that spells all of `due`."""
        row, agreeing = path.node.row, 0.0
        spelled, pending = _spelled(path.data) or ("", b"")
        rest = due[len(spelled) :]
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
            spelled, pending = _spelled(b"".join(map(self._bytes, tokens[:kept]))) or ("", b"")
            if not pending and len(spelled) < len(due) and due.startswith(spelled):
                return tokens[:kept], due[len(spelled) :]
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


def joined(tokens: Sequence[int], n_vocab: int) -> int:
    """Return the number that stands for `tokens` as one: that of a single token is its own.

    The others follow as digits to the base `n_vocab` + 1, each one more than its token.
    """
    number = 0
    for token in reversed(tokens[1:]):
        number = number * (n_vocab + 1) + token + 1
    return number * n_vocab + tokens[0]


def parted(number: int, n_vocab: int) -> list[int]:
    """Return the tokens of which `joined` made `number`; tokens below 0 where it did not."""
    number, first = divmod(number, n_vocab)
    tokens = [first]
    while number > 0 and len(tokens) < MOST_MERGED:
        number, digit = divmod(number, n_vocab + 1)
        tokens.append(digit - 1)
    return tokens if number == 0 else [-1]


def _spelled(data: bytes) -> tuple[str, bytes] | None:
    """Return the whole characters of `data` and what is left of the last one; None where it is no UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return None
    return text, decoder.getstate()[0]


def _spells_out(data: bytes, due: str) -> bool:
    """Whether `data` is `due` to the last byte."""
    parts = _spelled(data)
    return parts is not None and not parts[1] and fold(parts[0]) == due


def _added(data: bytes, due: str) -> str | None:
    """Return what `data` adds to a text that ends with `due`: "" is nothing yet, None that it disagrees."""
    parts = _spelled(data)
    if parts is None or "  " in parts[0]:
        return None
    text, pending = parts
    folded = fold(text)
    if len(folded) != len(text):
        return None
    if len(folded) < len(due) and due.startswith(folded):
        wanted = due[len(folded)]
        agrees = any(form.encode().startswith(pending) for form in (wanted, wanted.upper()))
        return "" if agrees else None
    if folded.startswith(due):
        added = text[len(due) :]
        return added if added.strip(" ") and not pending else ""
    return text if due == " " and not pending and text.startswith(_CLINGING) else None


def _shows(text: str) -> bool:
    return text.isprintable() and "\ufffd" not in text and text.strip(_VARIANTS) != ""


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
