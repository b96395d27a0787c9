"""A run of the simulated person is recorded by the same means, and comes out again."""

from __future__ import annotations

import random
from pathlib import Path

from assistive.recording.format import header_at_start
from assistive.recording.player import replay
from assistive.recording.recording_file import RecordingFile
from assistive.simulate.eye import Eye
from assistive.simulate.person import load_person
from assistive.simulate.run import system_settings
from assistive.simulate.world import World
from assistive.simulate.writer import Writer
from assistive.text.history import Restored


def test_what_a_simulated_person_wrote_comes_out_again(tmp_path: Path) -> None:
    person = load_person("als_tracker")
    settings = system_settings(0.6, proposals=False, language="en")
    path = tmp_path / "simulated.jsonl"
    with RecordingFile(path, header_at_start(settings, Restored(), 1.0)) as file:
        eye = Eye(person, random.Random("eye"))
        world = World(person, settings, eye, None, watch=file.write)
        writer = Writer(person, world, eye, random.Random("chance"), slots=False)
        writer.turn("Are you cold?", "a bit, thank you")
        writer.turn("Tea?", "yes")
    replayed = replay(path)
    assert (replayed.first_difference, replayed.complete) == (None, True)
    assert replayed.text == world.text
    assert replayed.utterances == ("A bit, thank you", "Yes")
    assert [step.verb for step in replayed.selections].count("speak") == 2
