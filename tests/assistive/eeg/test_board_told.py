"""What is written on the board is told to the imagined brain, and to nobody else who hears the markers."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistive.boards.board import Action, Board, Rect, Target, TargetKind, Verb
from assistive.eeg.imagined import IMAGINED_EEG
from assistive.eeg.listener import EegListener
from assistive.eeg.marker_text import BoardMark, FlashMark, Mark, read_mark
from assistive.eeg.messages import FlashShown, ShowFlashes
from assistive.messages import BoardShown, SettingsChanged, Span, SpanStyle, TextShown
from assistive.settings import EegSettings, Settings
from devices.clock import VirtualClock
from devices.samples import Marker

BOARD = Board(
    "letters",
    (Target("word:0", TargetKind.WORD, "home", Rect(0, 0, 0.1, 0.1), Action(Verb.WORD, "home")),),
)


class Published:
    """Stands for the marker stream."""

    marks: list[Mark | None]

    def __init__(self) -> None:
        Published.marks = []

    def mark(self, marker: Marker) -> None:
        Published.marks.append(read_mark(marker.label))

    def close(self) -> None:
        pass


def published(folder: Path, eeg: EegSettings) -> list[Mark | None]:
    """What other programs hear while a word stands on the board, something is written, and it flashes."""
    Published.marks = []
    settings = Settings(eeg=eeg)
    listener = EegListener(folder, lambda message: None, VirtualClock(10.0), str, settings)
    listener.outgoing(SettingsChanged(1.0, settings))
    listener.outgoing(TextShown(1.0, (Span("I go ", SpanStyle.OWN),)))
    listener.outgoing(BoardShown(1.0, BOARD))
    listener.outgoing(ShowFlashes(2.0, 1, (("word:0",),), 0.1, 0.2))
    listener.shown(FlashShown(2.1, 1, 0))
    assert listener.close(20.0)
    return Published.marks


@pytest.fixture(autouse=True)
def stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistive.eeg.hearing.MarkerOutlet", Published)


def test_the_imagined_brain_reads_the_board_before_it_flashes(tmp_path: Path) -> None:
    marks = published(tmp_path, EegSettings(source="lsl", stream=IMAGINED_EEG, publish_markers=True))
    assert marks == [BoardMark(1, {"word:0": "home"}, "I go "), FlashMark(1, 0, ("word:0",))]


@pytest.mark.parametrize("stream_name", ["", "Unicorn", "EEG"])
def test_a_program_that_records_hears_what_flashes_and_never_the_words(
    tmp_path: Path, stream_name: str
) -> None:
    marks = published(tmp_path, EegSettings(source="lsl", stream=stream_name, publish_markers=True))
    assert marks == [FlashMark(1, 0, ("word:0",))]


def test_nobody_hears_anything_where_no_markers_are_to_be_published(tmp_path: Path) -> None:
    assert published(tmp_path, EegSettings(source="lsl", stream=IMAGINED_EEG)) == []
