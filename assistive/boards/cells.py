"""assistive.boards: what stands in a cell, before it has a place."""

from __future__ import annotations

from dataclasses import dataclass

from assistive.boards.board import Action, Rect, Target, TargetKind, Verb
from assistive.boards.layout import Layout


@dataclass(frozen=True, slots=True)
class Cell:
    """A target without its rectangle; see `assistive.boards.board.Target`."""

    id: str
    kind: TargetKind
    label: str
    action: Action
    name: str = ""
    note: str = ""

    def at(self, rect: Rect) -> Target:
        """The target at this place."""
        return Target(self.id, self.kind, self.label, rect, self.action, self.name or self.label, self.note)


def letter(character: str, name: str = "") -> Cell:
    """A cell that writes one character."""
    return Cell(f"letter:{character}", TargetKind.LETTER, character, Action(Verb.WRITE, character), name)


def space(layout: Layout) -> Cell:
    """The cell that writes a space."""
    return Cell("letter:space", TargetKind.LETTER, layout.labels.space, Action(Verb.WRITE, " "))


def function(layout: Layout, which: str) -> Cell:
    """One of the layout's functions, or "words"."""
    if which == "words":
        return opens("fn:words", layout.labels.words, "words")
    choice = getattr(layout.functions, which)
    return Cell(f"fn:{which}", TargetKind.FUNCTION, choice.label, choice.action, choice.name)


def fixed(layout: Layout, which: str) -> Cell:
    """One of the row that is always there."""
    choice = getattr(layout.fixed, which)
    if which == "help":
        return Cell("help", TargetKind.HELP, choice.label, choice.action, choice.name)
    return Cell(f"fixed:{which}", TargetKind.FIXED, choice.label, choice.action, choice.name)


def opens(cell_id: str, label: str, page: str, name: str = "") -> Cell:
    """A function that opens a page."""
    return Cell(cell_id, TargetKind.FUNCTION, label, Action(Verb.OPEN, page), name)


def group(page: str, members: tuple[Cell, ...]) -> Cell:
    """A cell that opens the page with these members."""
    label = " ".join(member.label for member in members)
    name = ", ".join(member.name or member.label for member in members)
    return Cell(f"group:{page}", TargetKind.GROUP, label, Action(Verb.OPEN, page), name)


def word_slot(number: int) -> Cell:
    """The place of a proposed word; its label comes with the content."""
    return Cell(f"word:{number}", TargetKind.WORD, "", Action(Verb.WORD))


def phrase_slot(number: int) -> Cell:
    """The place of a proposed phrase; its label comes with the content."""
    return Cell(f"phrase:{number}", TargetKind.PHRASE, "", Action(Verb.WORD))


def quick_phrase(number: int, sentence: str) -> Cell:
    """A sentence that is spoken at once."""
    return Cell(f"say:{number}", TargetKind.PHRASE, sentence, Action(Verb.SAY, sentence))
