"""The recorder's thread: it never holds up the engine, and a disk that refuses ends the recording only."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from diarist import Diarist

from assistive.boards.layout import Layout, load_layout
from assistive.messages import Incoming, Outgoing, PartnerSaid, Trouble
from assistive.recording import recorder as recorder_module
from assistive.recording.player import replay
from assistive.recording.recorder import MOST_WAITING, Recorder
from devices.clock import VirtualClock
from devices.samples import GazeSample

PATIENCE_S = 20.0


class Troubles:
    """Takes what the recorder has to say and waits for it."""

    def __init__(self) -> None:
        self.came: list[Trouble] = []
        self._news = threading.Condition()

    def __call__(self, trouble: Trouble) -> None:
        with self._news:
            self.came.append(trouble)
            self._news.notify_all()

    def wait(self) -> Trouble:
        with self._news:
            assert self._news.wait_for(lambda: bool(self.came), PATIENCE_S)
        return self.came[0]


def made(
    folder: Path, person: Diarist, troubles: Troubles, layout_for: Callable[[str], Layout] = load_layout
) -> Recorder:
    return Recorder(folder, person.header, troubles, VirtualClock(1.0), layout_for)


def hand_over(recorder: Recorder, messages: list[Incoming | Outgoing]) -> None:
    for message in messages:
        if isinstance(message, get_args(Incoming)):
            recorder.incoming(message)
        else:
            recorder.outgoing(message)


def test_what_the_thread_wrote_replays_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    person, troubles = Diarist().write("hi").look("speak"), Troubles()
    recorder = made(tmp_path / "state" / "recordings", person, troubles)
    hand_over(recorder, person.messages)
    assert recorder.close(PATIENCE_S)
    (path,) = (tmp_path / "state" / "recordings").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    replayed = replay(path)
    assert (replayed.text, replayed.first_difference, replayed.complete) == ("Hi", None, True)
    assert troubles.came == []


def test_two_recordings_of_one_second_have_two_names(tmp_path: Path) -> None:
    person, troubles = Diarist(), Troubles()
    for recorder in [made(tmp_path / "recordings", person, troubles) for _ in range(3)]:
        assert recorder.close(PATIENCE_S)
    assert len(list((tmp_path / "recordings").iterdir())) == 3
    assert troubles.came == []


def test_a_folder_that_cannot_be_made_is_said_and_nothing_else_happens(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("a file is in the way")
    person, troubles = Diarist(), Troubles()
    recorder = made(tmp_path / "recordings", person, troubles)
    trouble = troubles.wait()
    assert (trouble.key, trouble.what) == ("recording", "The recording has stopped: the folder is not there.")
    hand_over(recorder, person.messages)
    assert recorder.stopped
    assert recorder.close(PATIENCE_S)
    assert len(troubles.came) == 1


def test_the_room_that_the_text_needs_is_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "ROOM_FOR_THE_TEXT", 2**62)
    person, troubles = Diarist(), Troubles()
    made(tmp_path, person, troubles)
    assert troubles.wait().what == "The recording has stopped: the disk is full."


def test_a_disk_that_hangs_holds_up_nobody_and_memory_stays_bounded(tmp_path: Path) -> None:
    awake = threading.Event()

    def hanging(language: str) -> Layout:
        assert awake.wait(PATIENCE_S)
        return load_layout(language)

    person, troubles = Diarist(), Troubles()
    recorder = made(tmp_path, person, troubles, hanging)
    for number in range(MOST_WAITING + 1):
        recorder.incoming(GazeSample(float(number), 0.5, 0.5))
    assert troubles.came[0].what == "The recording has stopped: the disk does not answer."
    assert len(recorder._waiting) == 0
    awake.set()
    assert recorder.close(PATIENCE_S)
    assert len(troubles.came) == 1


def test_what_cannot_be_recorded_ends_the_recording_and_what_was_before_it_is_kept(tmp_path: Path) -> None:
    person, troubles = Diarist().write("a"), Troubles()
    recorder = made(tmp_path, person, troubles)
    hand_over(recorder, person.messages)
    recorder.incoming(PartnerSaid(200.0, threading))  # type: ignore[arg-type]
    assert recorder.close(PATIENCE_S)
    assert "cannot be recorded" in troubles.wait().what


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
sys.path[:0] = {paths!r}
from diarist import Diarist
from test_recorder import Troubles, hand_over, made
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
person, troubles = Diarist().write("no"), Troubles()
resource.setrlimit(resource.RLIMIT_FSIZE, (9000, resource.RLIM_INFINITY))
recorder = made(Path(sys.argv[1]), person, troubles)
hand_over(recorder, person.messages)
print(troubles.wait().what, recorder.close(20))
"""


def test_a_disk_that_fills_up_leaves_a_recording_that_can_be_replayed(tmp_path: Path) -> None:
    here = Path(__file__).resolve()
    code = FULL_DISK.format(paths=[str(here.parents[3]), str(here.parents[1]), str(here.parent)])
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "The recording has stopped: the disk is full. True\n", done.stderr
    (path,) = tmp_path.iterdir()
    assert path.stat().st_size == 9000
    replayed = replay(path)
    assert (replayed.first_difference, replayed.complete) == (None, False)
