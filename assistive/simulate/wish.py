"""assistive.simulate: what somebody who means to write a sentence and have it spoken waits for on the board."""

from __future__ import annotations

from collections.abc import Mapping

from assistive.simulate.target_text import TargetText

AWAKE = "wake"
SPEAK = "speak"
MENDING = ("fn:undo", "fn:delete_letter", "fn:back")  # the first of them that is there
LEAVING = ("fn:back",)
SIGNS = ("fn:numbers", "fn:punctuation")


class Wish:
    """A sentence, and how far it has come.

    Parameters
    ----------
    sentence : str
        What the person wants to say.
    """

    def __init__(self, sentence: str) -> None:
        self._sentence = " ".join(sentence.split())
        self._labels: Mapping[str, str] = {}
        self._text = ""
        self.spoken = False

    def read(self, labels: Mapping[str, str], text: str) -> None:
        """Look at the board: the labels of the targets by id, and what is written and not spoken yet."""
        self._labels, self._text = labels, text

    def chosen(self, target: str) -> None:
        """See that this target was chosen."""
        if target == SPEAK and self._is_written():
            self.spoken = True

    def label(self, target: str) -> str:
        """What stands on a target; its id where that was not read."""
        return self._labels.get(target) or target

    @property
    def target(self) -> str:
        """The id of what is wanted now; "": nothing that is there."""
        if self.spoken:
            return ""
        if AWAKE in self._labels:
            return AWAKE
        if self._is_written():
            return self._first((SPEAK, *LEAVING))
        if not self._is_right():
            return self._first(MENDING)
        return self._slot() or self._character() or self._first(LEAVING)

    def _is_right(self) -> bool:
        return self._sentence.lower().startswith(self._text.lower().rstrip())

    def _is_written(self) -> bool:
        return self._sentence.lower() == self._text.lower().rstrip()

    def _first(self, ids: tuple[str, ...]) -> str:
        return next((each for each in ids if each in self._labels), "")

    def _slot(self) -> str:
        """The word or phrase that the sentence goes on with, the one that brings it furthest."""
        meant = TargetText(self._sentence)
        meant.resume_from(self._text)
        after = {
            each: meant.after_phrase(label)
            for each, label in self._labels.items()
            if each.startswith(("word:", "phrase:"))
        }
        fitting = {each: place for each, place in after.items() if place is not None}
        return max(fitting, key=lambda each: fitting[each], default="")

    def _character(self) -> str:
        """The key of the next character, or the one behind which it is."""
        meant = TargetText(self._sentence)
        meant.resume_from(self._text)
        character = meant.next_character
        key = "letter:space" if character == " " else f"letter:{character}"
        if key in self._labels:
            return key
        behind = (
            each
            for each, label in self._labels.items()
            if each.startswith("group:") and character in label.lower().split()
        )
        signs = SIGNS if not character.isalpha() else ()
        return next(behind, "") or self._first(signs)
