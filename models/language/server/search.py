"""models.language.server: words and phrases from a server that writes lines and tells what else was likely at each token.

A first request gets the likeliest next tokens. The best of them are then continued together, each into a line of the
likeliest tokens: its first tokens tell whether the word ends there or what else it may become, the rest is a phrase.
A server tells only the likeliest tokens of each place (`TOP`): probabilities are shares of what is told.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from models.language.bans import Bans
from models.language.messages import PhraseProposal, ProposalRequest, Request, WordProposal
from models.language.partial import fold, is_bare_letter, plain_marks, split_partial
from models.language.pieces import Script, script_of
from models.language.prompt import build_prompt
from models.language.server.completions import Step
from models.language.steering import Weights

Complete = Callable[[Sequence[str], int], Awaitable[list[list[Step]]]]
"""Has each prompt continued by so many of the likeliest tokens."""

ROOM = 12_000
"""Characters of a prompt: some 4000 tokens, which every server holds that was not told to hold less."""

LINES = 8
"""Lines that are asked for together."""

_ROUNDS = 3
_SHORT, _LONG, _REPLY = 3, 9, 14  # tokens of a line: for words alone, with phrases, for whole replies
_CUT_AS_TYPED = 0.01  # how likely it is beforehand that the word's tokens are cut after its first letter
_FOR_EACH_LETTER = 0.3  # and after each further letter that is typed: fewer words begin with more letters
_MARGIN = 1.25  # an open hypothesis must beat the last slot by this to be worth a line
_FLOOR = 0.002  # of all that begins with what was typed: rarer words are neither sought nor proposed
_TYPED_ALONE = 0.1  # what was typed is proposed as a whole word from this probability on
_LEAST_PHRASE = 3e-3
_ENDED, _UNFINISHED = (
    0.5,
    0.6,
)  # a mark saves half a selection; a phrase that stops in a sentence is worth less

_SCRIPTS = {"en": Script.LATIN, "ru": Script.CYRILLIC}
_GOES_ON = re.compile(r"[^\W_]|[\u0300-\u036f]|['’‑-](?:[^\W_]|$)|\ufffd")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_INSIDE = re.compile(r"(?:[^\W\d_]|['’‑-])+")
_OF_PHRASE = re.compile(r"(?:[^\W\d_]|[ ,'’‑-])+")


class Found(NamedTuple):
    """What the server proposes, best first."""

    words: tuple[WordProposal, ...] = ()
    phrases: tuple[PhraseProposal, ...] = ()


class _Begun(NamedTuple):
    p: float
    text: str


@dataclass(slots=True)
class _Word:
    p: float = 0.0
    forms: dict[str, float] = field(default_factory=dict)

    def add(self, form: str, p: float) -> None:
        self.p += p
        self.forms[form] = self.forms.get(form, 0.0) + p


class _Phrase(NamedTuple):
    saved: float
    text: str
    p: float


def prompt_text(request: Request, before: str, room: int = ROOM) -> str:
    """Return the prompt up to a word boundary, in at most `room` characters.

    The examples go first, oldest before newest, then the opening, then the beginning of the conversation. What
    stays the same between two requests stands first, so that a server finds it in its prefix cache.
    """
    prompt = build_prompt(request, before)
    dialogue = prompt.dialogue[-room:]
    opening = prompt.opening if len(prompt.opening) + len(dialogue) <= room else ""
    examples = list(prompt.examples)
    while examples and len(opening) + sum(map(len, examples)) + 1 + len(dialogue) > room:
        del examples[0]
    return opening + "".join(examples) + ("\n" if examples else "") + dialogue


def sentence_mark(token: str) -> str:
    """Return the mark with which `token` ends a sentence, "" where it does not; an end without one is a full stop."""
    if token and token[0] in ".?!":
        return token[0]
    # A control token is shown as nothing or in angle brackets.
    return "." if not token or token[0] in "…\n<" else ""


class ServerSearch:
    """One search for words and phrases.

    Parameters
    ----------
    request : ProposalRequest
        What is wanted.
    complete : callable
        Asks the server.
    room : int
        Characters that the prompt may have.
    """

    def __init__(self, request: ProposalRequest, complete: Complete, room: int = ROOM) -> None:
        self._request = request
        self._complete = complete
        self._split = split_partial(request.text)
        self._base = prompt_text(request, self._split.before, room)
        self._space = " " if self._split.space else ""
        self._target = self._space + fold(self._split.partial)
        self._script = (
            script_of(self._split.partial)
            or _SCRIPTS.get(request.language)
            or script_of(self._split.before[-1:])
            or Script.LATIN
        )
        self._open: list[_Begun] = []
        self._words: dict[str, _Word] = {}
        self._phrases: list[_Phrase] = []

    async def run(self) -> Found:
        """Search.

        Raises
        ------
        ServerError
            `complete` failed.
        """
        await self._begin()
        request = self._request
        n_tokens = _SHORT
        if request.n_phrases > 0:
            n_tokens = _LONG if request.text.strip() else _REPLY
        for _ in range(_ROUNDS):
            batch = self._next_batch()
            if not batch:
                break
            lines = await self._complete([self._base + begun.text for begun in batch], n_tokens)
            for begun, line in zip(batch, lines, strict=True):
                self._read_word(begun, line)
                if request.n_phrases > 0:
                    self._phrases += _phrases(begun, line)
            n_tokens = _SHORT
        return Found(self._best_words(), self._best_phrases())

    # ---------------------------------------------------------------- words

    async def _begin(self) -> None:
        """Ask for the next token: after the last word boundary, and after what is typed of the word."""
        partial = self._split.partial
        if not partial:
            first = await self._complete([self._base], 1)
            self._open = [_Begun(p, token) for token, p in _row(first[0]).items() if self._begins(token)]
            return
        typed = self._space + partial
        before, after = await self._complete([self._base, self._base + typed], 1)
        # A word's first token may hold all that is typed and more, which the second row knows nothing of; or
        # the word is cut into tokens as it is typed. The first row tells how likely the former is.
        whole = {
            token: p
            for token, p in _row(before).items()
            if self._begins(token) and fold(token).startswith(self._target)
        }
        cut = _CUT_AS_TYPED * _FOR_EACH_LETTER ** (len(partial) - 1)
        share = cut / (cut + sum(whole.values()))
        row = _row(after)
        told = sum(row.values()) or 1.0
        self._open = [_Begun(p / sum(whole.values()) * (1 - share), token) for token, p in whole.items()]
        self._open += [
            _Begun(p / told * share, typed + token)
            for token, p in row.items()
            if _INSIDE.fullmatch(token) and self._in_script(token)
        ]
        self._complete_word(typed, _ends(row) * share)

    def _next_batch(self) -> list[_Begun]:
        """Take the hypotheses that can still change the best words, likeliest first, each word once."""
        n_words = self._request.n_sure or self._request.n_words
        complete = sorted((word.p for word in self._words.values()), reverse=True)
        threshold = max(_FLOOR, complete[n_words - 1] * _MARGIN if 0 < n_words <= len(complete) else 0.0)
        self._open.sort(key=lambda begun: -begun.p)
        batch: dict[str, _Begun] = {}
        later = []
        for begun in self._open:
            key = fold(begun.text)
            if begun.p > threshold and len(batch) < LINES and key not in batch:
                batch[key] = begun
            else:
                later.append(begun)
        self._open = later
        return list(batch.values())

    def _read_word(self, begun: _Begun, line: list[Step]) -> None:
        """Follow a line to the end of its first word."""
        p, text = begun
        for step in line:
            row = step.likeliest
            told = sum(row.values())
            if told <= 0.0:
                return
            self._complete_word(text, p * _ends(row))
            followed = _INSIDE.fullmatch(step.token) is not None
            for token, share in row.items():
                if token != step.token and _INSIDE.fullmatch(token) and self._in_script(token):
                    self._open.append(_Begun(p * share / told, text + token))
            if not followed:
                return
            p, text = p * row[step.token] / told, text + step.token
        self._open.append(_Begun(p, text))

    def _complete_word(self, text: str, p: float) -> None:
        word = plain_marks(text).strip()
        if _WORD.fullmatch(word):
            self._words.setdefault(fold(word), _Word()).add(word, p)

    def _best_words(self) -> tuple[WordProposal, ...]:
        request, typed = self._request, self._target.strip()
        weights, bans = Weights(request.steering), Bans(request.steering.banned)
        found = []
        for folded, word in self._words.items():
            p = min(1.0, word.p)
            lowest = _TYPED_ALONE if folded == typed else _FLOOR
            form = max(word.forms, key=lambda form: word.forms[form])
            if p < lowest or is_bare_letter(folded, request.language) or self._banned(bans, form):
                continue
            factor = weights.of(form)
            found.append(WordProposal(form, p * factor / (1.0 - p + p * factor)))
        found.sort(key=lambda proposal: -proposal.probability)
        return tuple(found[: request.n_words])

    # ---------------------------------------------------------------- phrases

    def _best_phrases(self) -> tuple[PhraseProposal, ...]:
        bans = Bans(self._request.steering.banned)
        begun: set[str] = set()
        chosen: list[PhraseProposal] = []
        for phrase in sorted(self._phrases, key=lambda phrase: -phrase.saved):
            beginning = " ".join(fold(phrase.text).split()[:2])
            if beginning in begun or self._banned(bans, phrase.text):
                continue
            begun.add(beginning)
            chosen.append(PhraseProposal(phrase.text, min(1.0, phrase.p)))
        return tuple(chosen[: max(0, self._request.n_phrases)])

    # ---------------------------------------------------------------- what may be proposed

    def _begins(self, token: str) -> bool:
        letters = token.removeprefix(self._space)
        return (
            token.startswith(self._space)
            and _INSIDE.fullmatch(letters) is not None
            and letters[0] not in "'’‑-"
            and self._in_script(letters)
        )

    def _in_script(self, letters: str) -> bool:
        return script_of(letters) in (self._script, Script.NONE)

    def _banned(self, bans: Bans, added: str) -> bool:
        return bans.completed_by(self._space + added, self._split.before)


def _row(line: list[Step]) -> dict[str, float]:
    return line[0].likeliest if line else {}


def _ends(row: dict[str, float]) -> float:
    """Return how likely it is that the word before this place ends here."""
    told = sum(row.values())
    return sum(p for token, p in row.items() if not _GOES_ON.match(token)) / told if told > 0.0 else 0.0


def _phrases(begun: _Begun, line: list[Step]) -> Iterator[_Phrase]:
    """Give the best place to stop on a line, if it is worth a slot."""
    p, text = begun
    found = []
    for step in line:
        told = sum(step.likeliest.values())
        if told <= 0.0 or p < _LEAST_PHRASE:
            break
        n_words = len(text.split())
        ended = sentence_mark(step.token)
        share = step.likeliest[step.token] / told
        if ended and n_words > 1:
            found.append(_Phrase(p * share * (n_words - 1 + _ENDED), text.strip() + ended, p * share))
        elif n_words > 1 and text[-1] not in " ,'’‑-":
            complete = p * _ends(step.likeliest)
            found.append(_Phrase(complete * (n_words - 1) * _UNFINISHED, text.strip(), complete))
        if ended or not _OF_PHRASE.fullmatch(step.token):
            break
        p, text = p * share, text + step.token
    worthwhile = [phrase for phrase in found if phrase.p >= _LEAST_PHRASE]
    if worthwhile:
        yield max(worthwhile)
