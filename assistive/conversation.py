"""assistive: what was said, by whom, in order: the context of the proposals, and the person's own sentences."""

from __future__ import annotations

from collections.abc import Iterable

from models.language.messages import Speaker, Turn

N_EXAMPLES = 20
N_EXCHANGES = 8
EXCHANGE_TURNS = 6
MOST_PINNED = 6
EXAMPLE_WORDS = range(3, 13)
RECENT_TURNS = 12  # these are the conversation itself, not examples of an earlier one


class Conversation:
    """The turns of both speakers, oldest first; the present conversation is the last of them."""

    def __init__(self, turns: Iterable[Turn] = (), begins: int = 0) -> None:
        self.turns = list(turns)
        self.pinned: tuple[str, ...] = ()  # lines that the person keeps in view
        self._begins = begins

    def begin(self) -> None:
        """A new conversation: what was said before is no context any more."""
        self._begins = len(self.turns)

    def present(self) -> Conversation:
        """A copy, to think ahead with."""
        copy = Conversation(self.turns, self._begins)
        copy.pinned = self.pinned
        return copy

    def pin(self, line: str) -> None:
        """Keep this line in view; the oldest goes when there are too many."""
        self.pinned = (*(p for p in self.pinned if p != line), line)[-MOST_PINNED:]

    def unpin(self, line: str) -> None:
        """Let go of this line."""
        self.pinned = tuple(p for p in self.pinned if p != line)

    def recent(self, most: int) -> tuple[Turn, ...]:
        """The last turns of the present conversation, at most so many."""
        return tuple(self.turns[max(self._begins, len(self.turns) - most) :])

    def heard(self, text: str) -> None:
        """The partner said this; a correction of the same turn replaces it."""
        if len(self.turns) > self._begins and self.turns[-1].speaker is Speaker.PARTNER:
            self.turns.pop()
        if text.strip():
            self.turns.append(Turn(Speaker.PARTNER, text))

    def said(self, text: str) -> None:
        """The person said this."""
        self.turns.append(Turn(Speaker.ME, text))

    @property
    def partner(self) -> str:
        """What the partner said last, "" when nothing yet."""
        return next((t.text for t in reversed(self.turns) if t.speaker is Speaker.PARTNER), "")

    @property
    def last_said(self) -> str:
        """What the person said last, "" when nothing yet."""
        return next((t.text for t in reversed(self.turns) if t.speaker is Speaker.ME), "")

    @property
    def own(self) -> list[str]:
        """Everything that the person said."""
        return [turn.text for turn in self.turns if turn.speaker is Speaker.ME]

    def exchanges(self) -> tuple[tuple[Turn, ...], ...]:
        """Parts of earlier conversations in which the partner speaks first and the person answers, the latest."""
        parts: list[list[Turn]] = []
        for turn in self.turns[:-RECENT_TURNS]:
            if turn.speaker is Speaker.PARTNER and (not parts or len(parts[-1]) >= EXCHANGE_TURNS - 1):
                parts.append([turn])
            elif parts and len(parts[-1]) < EXCHANGE_TURNS:
                parts[-1].append(turn)
        answered = [tuple(part) for part in parts if any(turn.speaker is Speaker.ME for turn in part)]
        return tuple(answered[-N_EXCHANGES:])

    def examples(self) -> tuple[str, ...]:
        """Sentences that show how the person speaks: their latest from before this conversation, each once.

        What stands in an exchange is left out.
        """
        exchanged = {turn for exchange in self.exchanges() for turn in exchange}
        turns = (turn for turn in self.turns[:-RECENT_TURNS] if turn not in exchanged)
        earlier = [turn.text for turn in turns if turn.speaker is Speaker.ME]
        usable = dict.fromkeys(text for text in reversed(earlier) if len(text.split()) in EXAMPLE_WORDS)
        return tuple(reversed(list(usable)[:N_EXAMPLES]))
