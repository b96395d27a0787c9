"""What was chosen by scanning is chosen again in a replay, from the beginning or from the middle of a row."""

from __future__ import annotations

from pathlib import Path

import pytest
from diarist import Diarist

from assistive.messages import ScanShown
from assistive.recording.player import replay
from assistive.settings import Settings
from devices.samples import SwitchEvent

SCANNING = Settings().changed("scanning.mode", "row_column")


def press(person: Diarist) -> None:
    for pressed in (True, False):
        person.tell(SwitchEvent(person.clock.now(), "1", pressed)).wait(0.1)


def choose(person: Diarist, name: str) -> None:
    """Press where it is offered among others, and once more where it is offered alone."""
    target = person.target(name).id
    while True:
        person.wait(0.4)
        offered = person.of(ScanShown)[-1].targets  # type: ignore[union-attr]
        if target in offered:
            press(person)
            if offered == (target,):
                return


@pytest.mark.parametrize("midway", [False, True])
def test_a_word_that_was_scanned_comes_out_again(tmp_path: Path, midway: bool) -> None:
    person = Diarist(SCANNING)
    choose(person, "h")
    while "letter:i" not in person.of(ScanShown)[-1].targets:  # type: ignore[union-attr]
        person.wait(0.4)
    press(person)
    if midway:
        person.begin()
    choose(person, "i")
    choose(person, "speak")
    replayed = replay(person.keep(tmp_path / "scanned.jsonl"))
    assert replayed.first_difference is None
    assert replayed.complete
    assert replayed.utterances == ("Hi",)
