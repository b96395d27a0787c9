"""models.language: the prompt as tokens, cut to what the context holds."""

from __future__ import annotations

from itertools import chain

from models.language.messages import Request
from models.language.prompt import build_prompt
from models.language.runtime import Runtime
from models.language.tree import N_NODES

_STEP = 128
_MOST_KNOWN = 64


class PromptTokens:
    """Gives the tokens of a prompt.

    Parameters
    ----------
    runtime : Runtime
        The model whose tokens they are.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._opening_key: tuple[str, tuple[str, ...]] | None = None
        self._opening_tokens: list[int] = []
        self._known: dict[str, list[int]] = {}

    def __call__(self, request: Request, before: str) -> list[int]:
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
        room = self._runtime.n_context - N_NODES - _STEP
        opening = self._opening(prompt.opening, prompt.examples, room // 2)
        turns = self._tokens("".join(prompt.turns))
        kept = self._kept(prompt.kept, room // 4)
        text = self._tokens(prompt.text)
        # The oldest tokens go in whole steps, so that the rest stays in the cache while the person writes.
        excess = max(0, len(opening) + len(turns) + len(kept) + len(text) - room)
        from_turns = min(len(turns), -(-excess // _STEP) * _STEP)
        excess = max(0, excess - from_turns)
        from_text = -(-excess // _STEP) * _STEP
        return opening + turns[from_turns:] + kept + text[from_text:]

    def _tokens(self, text: str) -> list[int]:
        """Return the tokens of a part of the prompt; most are those of the request before, a letter earlier."""
        if text not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[text] = self._runtime.tokenize(text, start=False)
        return self._known[text]

    def _kept(self, lines: tuple[str, ...], room: int) -> list[int]:
        """Return the tokens of the newest of `lines` that fit."""
        kept: list[int] = []
        for line in reversed(lines):
            tokens = self._tokens(line)
            if len(kept) + len(tokens) <= room:
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
