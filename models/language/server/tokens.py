"""models.language.server: the likeliest next tokens, from a server: the person is the sampler.

A server tells what its tokens look like, not their numbers. They get numbers here, below zero, so that no other
proposer takes them for its own.
"""

from __future__ import annotations

from dataclasses import replace

from models.language.bans import Bans
from models.language.messages import Source, Token, Tokens, TokensRequest
from models.language.server.completions import Step
from models.language.server.search import ROOM, Complete, prompt_text

MOST_PASSED = 8
"""Tokens taken without asking in one answer."""


class ServerTokens:
    """Reads tokens from a server, and remembers which number it gave to which.

    Parameters
    ----------
    complete : callable
        Asks the server.
    """

    def __init__(self, complete: Complete) -> None:
        self._complete = complete
        self._texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def knows(self, chosen: tuple[int, ...]) -> bool:
        """Whether all of these tokens are the server's."""
        return all(-len(self._texts) <= number < 0 for number in chosen)

    def spelled(self, request: TokensRequest) -> TokensRequest:
        """Return `request` with the server's tokens at its beginning written out as text."""
        text, chosen = request.text, request.chosen
        while chosen and self.knows(chosen[:1]):
            text, chosen = text + self._text(chosen[0]), chosen[1:]
        return replace(request, text=text, chosen=chosen)

    async def read(self, request: TokensRequest, room: int = ROOM) -> Tokens:
        """Return the likeliest tokens that may follow, after those that are taken without asking.

        Probabilities are the server's, of all tokens. Control tokens, line ends and what completes something
        banned are not shown.

        Raises
        ------
        ServerError
            The server did not answer.
        """
        text = self.spelled(request).text
        n_tokens = MOST_PASSED + 1 if request.pass_at <= 1.0 else 1
        (line,) = await self._complete([prompt_text(request, text, room)], n_tokens)
        bans = Bans(request.steering.banned)
        passed: list[Token] = []
        for step in line:
            found = self._shown(step, text, bans)
            certain = (
                found
                and found[0].text == _added(step.token, text)
                and found[0].probability >= request.pass_at
            )
            if not certain or step is line[-1]:
                return Tokens(0, 0.0, found[: max(0, request.n)], Source.SERVER, 0.0, tuple(passed))
            passed.append(found[0])
            text += found[0].text
        return Tokens(0, 0.0, (), Source.SERVER, 0.0, tuple(passed))

    def _shown(self, step: Step, text: str, bans: Bans) -> tuple[Token, ...]:
        shown: dict[str, float] = {}
        for token, p in step.likeliest.items():
            if token.strip() and token[0] != "<" and token.isprintable() and "\ufffd" not in token:
                added = _added(token, text)
                shown[added] = shown.get(added, 0.0) + p
        return tuple(
            Token(self._number(token), token, p)
            for token, p in sorted(shown.items(), key=lambda entry: -entry[1])
            if not bans.completed_by(token, text)
        )

    def _number(self, token: str) -> int:
        number = self._numbers.get(token)
        if number is None:
            self._texts.append(token)
            number = self._numbers[token] = -len(self._texts)
        return number

    def _text(self, number: int) -> str:
        return self._texts[-number - 1]


def _added(token: str, text: str) -> str:
    """Return what `token` adds to `text`: the space before a word may be there already."""
    return token.removeprefix(" ") if not text or text[-1].isspace() else token
