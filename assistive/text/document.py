"""assistive.text: the text the person writes, and the undo of every change to it."""

from __future__ import annotations

from dataclasses import dataclass

from assistive.messages import Span, SpanStyle


@dataclass(frozen=True, slots=True)
class Edit:
    """The end of the text changes: `removed` goes, `inserted` comes. The caret is always at the end.

    `proposed`: the model wrote `inserted`; it stays marked until the person's next choice confirms it.
    """

    removed: str
    inserted: str
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One undoable step: an edit, or (`edit` is None) that the text was spoken; with the marks before it."""

    edit: Edit | None
    spoken_before: int
    finished_before: bool
    proposed_before: int


class TextDocument:
    """Text with an undo history of every selection, spoken and cleared ones included.

    Attributes
    ----------
    text : str
        All of it.
    spoken : int
        The first `spoken` characters have been heard. That is a fact: undoing a Speak keeps the mark.
    finished : bool
        The text was spoken and nothing was written since: the next word may begin a new sentence.
    """

    def __init__(self) -> None:
        self.text = ""
        self.spoken = 0
        self.finished = False
        self._proposed = 0  # how many characters at the end wait for confirmation
        self._history: list[Change] = []

    def apply(self, edit: Edit) -> None:
        """Change the end of the text. Raises ValueError where the text does not end with `edit.removed`."""
        if not self.text.endswith(edit.removed):
            raise ValueError("the text does not end with what the edit removes")
        self._history.append(self._change(edit))
        self.text = self.text[: len(self.text) - len(edit.removed)] + edit.inserted
        self.spoken = min(self.spoken, len(self.text) - len(edit.inserted))
        self.finished = False
        self._proposed = len(edit.inserted) if edit.proposed else 0

    def speak(self) -> None:
        """The person had the text spoken: it is confirmed and marked as spoken."""
        self._history.append(self._change(None))
        self.spoken = len(self.text)
        self.finished = True
        self._proposed = 0

    def unspoken(self) -> tuple[str, int] | None:
        """What Speak would say now, and where it begins in the text; None when there is nothing to say."""
        start = self.spoken if self.text[self.spoken :].strip() else 0
        words = self.text[start:].strip()
        start += len(self.text[start:]) - len(self.text[start:].lstrip())
        return (words, start) if words else None

    def confirm(self) -> None:
        """The person went on with something else: what the model wrote is theirs now."""
        self._proposed = 0

    def undo(self) -> Change | None:
        """Take the last change back and return it; None when there is nothing to undo."""
        if not self._history:
            return None
        change = self._history.pop()
        if change.edit is not None:
            kept = self.text[: len(self.text) - len(change.edit.inserted)]
            self.text = kept + change.edit.removed
            self.spoken = change.spoken_before
        self.finished = change.finished_before
        self._proposed = change.proposed_before
        return change

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._history)

    @property
    def history(self) -> tuple[Change, ...]:
        """The undoable steps, oldest first."""
        return tuple(self._history)

    def spans(self) -> tuple[Span, ...]:
        """The text in pieces of one style, in order, none of them empty."""
        own_from = self.spoken
        proposed_from = max(own_from, len(self.text) - self._proposed)
        pieces = (
            Span(self.text[:own_from], SpanStyle.SPOKEN),
            Span(self.text[own_from:proposed_from], SpanStyle.OWN),
            Span(self.text[proposed_from:], SpanStyle.PROPOSED),
        )
        return tuple(piece for piece in pieces if piece.text)

    @classmethod
    def restored(
        cls, text: str, spoken: int, finished: bool, proposed: int, history: list[Change]
    ) -> TextDocument:
        """A document as it was when its parts were written down."""
        document = cls()
        document.text = text
        document.spoken = max(0, min(spoken, len(text)))
        document.finished = finished
        document._proposed = max(0, min(proposed, len(text)))
        document._history = history
        return document

    @property
    def proposed(self) -> int:
        """How many characters at the end the model wrote and the person has not confirmed."""
        return self._proposed

    def _change(self, edit: Edit | None) -> Change:
        return Change(edit, self.spoken, self.finished, self._proposed)
