"""Markers as text: what was written is read back, and other programs' markers are not taken for ours."""

from __future__ import annotations

import json
from pathlib import Path

import mne
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistive.eeg.marker_text import (
    CalibrationMark,
    FlashMark,
    JudgedMark,
    Mark,
    OutcomeMark,
    mark_text,
    read_mark,
)
from assistive.recording.fif import FifRecording
from devices.samples import EegChunk, Marker

NUMBERS = st.integers(0, 2**40)
TEXTS = st.text(max_size=12)
MARKS: st.SearchStrategy[Mark] = st.one_of(
    st.builds(FlashMark, NUMBERS, NUMBERS, st.lists(TEXTS).map(tuple), TEXTS),
    st.builds(OutcomeMark, NUMBERS, TEXTS, st.floats(0.0, 1.0)),
    st.builds(JudgedMark, NUMBERS, st.lists(NUMBERS).map(tuple), TEXTS, st.booleans()),
    st.builds(CalibrationMark, st.booleans(), st.booleans()),
)


@given(MARKS)
def test_what_was_written_is_read_back(mark: Mark) -> None:
    text = mark_text(mark)
    assert text.isascii() and "\n" not in text
    assert read_mark(text) == mark


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_the_markers_of_other_programs_are_none_of_ours(text: str) -> None:
    assert read_mark(text) is None


def test_a_flash_is_written_as_others_are_told() -> None:
    text = mark_text(FlashMark(7, 2, ("letter:a", "word:0"), "letter:a"))
    assert json.loads(text) == {
        "flash": 7,
        "index": 2,
        "targets": ["letter:a", "word:0"],
        "wanted": "letter:a",
    }
    assert read_mark('{"flash": 7}') is None
    assert read_mark('{"flash": -7, "index": 0, "targets": [], "wanted": ""}') is None


def test_marks_survive_a_recording(tmp_path: Path) -> None:
    marks: list[Mark] = [
        FlashMark(7, 2, ("letter:ж", 'a "quoted": one', "a/b"), "letter:ж"),
        OutcomeMark(1, "word:0", 0.96),
        JudgedMark(1, (7, 8), "word:0", True),
        CalibrationMark(True),
    ]
    recording = FifRecording(tmp_path / "one_eeg.fif")
    recording.add(EegChunk(np.arange(500) / 250.0, np.zeros((500, 1), np.float32), ("Cz",), 250.0))
    for place, mark in enumerate(marks):
        recording.add(Marker(0.1 * (1 + place), mark_text(mark)))
    [path] = recording.save()
    raw = mne.io.read_raw_fif(path, verbose="error")
    assert [read_mark(str(text)) for text in raw.annotations.description] == marks
