"""`sayso replay-gaze`: a recording comes out of a real LSL outlet and in at the driver, as from a tracker."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from outlet_process import keep_lsl_apart

from assistive.cli import main
from devices.clock import LslClock
from devices.driver import DeviceLost, Emitted
from devices.gaze.lsl import LslGazeDriver
from devices.samples import GazeSample

keep_lsl_apart()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / f"{uuid4()}.csv"
    rows = [f"{1000 + n / 50},{n / 100},0.5,{n / 100},0.5,," for n in range(40)]
    rows[10] = f"{1000 + 10 / 50},,,,,,"
    path.write_text("t,x,y,left_x,left_y,right_x,right_y\n" + "\n".join(rows) + "\n")
    return path


Replaying = Callable[..., tuple[subprocess.Popen[str], str]]


def look(stream: str, enough: int) -> list[GazeSample]:
    """What the driver makes of a stream, until its end or until that many samples saw something."""
    stop = threading.Event()
    seen: list[GazeSample] = []

    def emit(sample: Emitted) -> None:
        if isinstance(sample, GazeSample):
            seen.append(sample)
            if sum(s.valid for s in seen) >= enough:
                stop.set()

    try:
        LslGazeDriver(stream).run(emit, stop, LslClock())
    except DeviceLost as lost:
        assert "has ended" in str(lost)
    return seen


def test_as_app_tobiipro(recording: Path, replaying: Replaying) -> None:
    _, told = replaying("replay-gaze", recording)
    assert recording.stem in told
    seen = look(recording.stem, 39)
    assert [round(s.x, 4) for s in seen if s.valid] == [n / 100 for n in range(40) if n != 10]
    assert not seen[10].valid
    assert seen[5].left == pytest.approx((0.05, 0.5))
    assert seen[39].t - seen[0].t == pytest.approx(39 / 50, abs=0.02)


def test_as_app_tobiistreamengine_twice_as_fast(recording: Path, replaying: Replaying) -> None:
    name = f"{recording.stem} fast"
    replaying("replay-gaze", recording, "--layout", "streamengine", "--speed", "2", "--name", name)
    seen = look(name, 39)
    assert [round(s.x, 4) for s in seen] == [n / 100 for n in range(40) if n != 10], "no eyes, no sample"
    assert seen[-1].t - seen[0].t == pytest.approx(39 / 100, abs=0.02)


def test_at_the_end_the_command_ends_and_all_has_arrived(recording: Path, replaying: Replaying) -> None:
    process, _ = replaying("replay-gaze", recording, "--speed", "4")
    assert sum(s.valid for s in look(recording.stem, 1000)) == 39
    assert process.wait(10) == 0


@pytest.mark.parametrize("content", [None, "t,x\n", "t,x,y\n"])
def test_what_is_no_gaze_recording_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    file = tmp_path / "look.csv"
    if content is not None:
        file.write_text(content)
    assert main(["replay-gaze", str(file)]) == 1
    assert str(file) in capsys.readouterr().err


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "inf", "quick"])
def test_an_impossible_speed_is_refused(speed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["replay-gaze", "look.csv", "--speed", speed])
    assert "--speed" in capsys.readouterr().err
