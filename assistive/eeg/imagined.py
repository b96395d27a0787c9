"""assistive.eeg: an imagined brain, to try Sayso without an amplifier: `sayso imagine-eeg`.

It has to read the board, as a person does. What is written is nobody else's business, so the board is told only where
the settings name the imagined brain's stream as the one whose EEG is taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistive.boards.board import Board
from assistive.eeg.marker_text import BoardMark
from assistive.eeg.messages import ShowFlashes
from assistive.messages import BoardShown, Span, SpanStyle, TextShown
from assistive.settings import EegSettings

IMAGINED_EEG = "Sayso imagined EEG"


def is_imagined(settings: EegSettings) -> bool:
    """Whether the EEG of the imagined brain is taken, and of no other one."""
    return settings.source == "lsl" and settings.stream.strip() == IMAGINED_EEG


class BoardReader:
    """Keeps what is on screen, to tell an imagined brain of it before each sequence."""

    def __init__(self) -> None:
        self._board: Board | None = None
        self._spans: Sequence[Span] = ()

    def take(self, shown: BoardShown | TextShown) -> None:
        """Take what is shown from now on."""
        if isinstance(shown, BoardShown):
            self._board = shown.board
        else:
            self._spans = shown.spans

    def mark(self, sequence: ShowFlashes) -> BoardMark:
        """Return what is read before this sequence."""
        flashing = {target for flash in sequence.flashes for target in flash}
        targets = self._board.targets if self._board is not None else ()
        labels = {target.id: target.label for target in targets if target.id in flashing}
        text = "".join(span.text for span in self._spans if span.style is not SpanStyle.SPOKEN)
        return BoardMark(sequence.number, labels, text)
