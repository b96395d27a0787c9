"""The supervisor: Sayso comes back whenever it dies, and goes when the person wants it to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistive.supervisor import CANNOT_RUN, die_with_parent, supervised

WAIT_S = 20.0

SUPERVISE = """
import signal, sys
from pathlib import Path
from assistive.supervisor import supervise

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
state, delay_s, quick_s, grace_s, silence_s, app = sys.argv[1:]
sys.exit(supervise([sys.executable, "-c", app, state], Path(state), delays_s=(float(delay_s),),
                   quick_s=float(quick_s), grace_s=float(grace_s), silence_s=float(silence_s)))
"""

# Every app below knows how often it has been opened, and says so with its arguments.
OPENED = """
import os, signal, sys, threading
from pathlib import Path
from assistive.supervisor import die_with_parent, supervised

die_with_parent()
assert supervised()
opened = Path(sys.argv[1], "opened")
with opened.open("a") as file:
    file.write(" ".join(sys.argv[2:]) + "\\n")
time = len(opened.read_text().splitlines())
"""

Supervised = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Supervised]:
    """Start a supervisor over an app; whatever is left of either ends with the test."""
    started: list[subprocess.Popen[str]] = []

    def start_app(
        app: str,
        delay_s: float = 0.0,
        quick_s: float = 60.0,
        grace_s: float = 60.0,
        silence_s: float = 60.0,
    ) -> subprocess.Popen[str]:
        arguments = [str(tmp_path), str(delay_s), str(quick_s), str(grace_s), str(silence_s), OPENED + app]
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start_app
    for process in started:
        process.kill()
        process.communicate(timeout=WAIT_S)


def opened(folder: Path) -> list[str]:
    return (folder / "opened").read_text().split("\n")[:-1]


def test_it_is_opened_again_after_a_crash_and_after_an_error(start: Supervised, tmp_path: Path) -> None:
    process = start("""
if time == 1: os.kill(os.getpid(), signal.SIGSEGV)
if time == 2: sys.exit(3)
""")
    assert process.wait(WAIT_S) == 0
    assert opened(tmp_path) == ["", "", ""]
    log = (tmp_path / "crashes.log").read_text().splitlines()
    assert ["SIGSEGV after" in log[0], "exit status 3 after" in log[1], len(log)] == [True, True, 2]
    assert (tmp_path / "crashes.log").stat().st_mode & 0o777 == 0o600


def test_quitting_ends_it(start: Supervised, tmp_path: Path) -> None:
    assert start("").wait(WAIT_S) == 0
    assert opened(tmp_path) == [""]
    assert not (tmp_path / "crashes.log").exists()


def test_an_app_that_cannot_run_here_is_not_opened_again(start: Supervised, tmp_path: Path) -> None:
    assert start(f"sys.exit({CANNOT_RUN})").wait(WAIT_S) == CANNOT_RUN
    assert opened(tmp_path) == [""]


def test_after_three_quick_deaths_it_is_opened_safe_and_stays_so(start: Supervised, tmp_path: Path) -> None:
    assert start("if time < 6: os.abort()").wait(WAIT_S) == 0
    assert opened(tmp_path) == ["", "", "", "--safe", "--safe", "--safe"]


def test_deaths_far_apart_are_not_a_reason_to_be_safe(start: Supervised, tmp_path: Path) -> None:
    assert start("if time < 6: os.abort()", quick_s=0.0).wait(WAIT_S) == 0
    assert opened(tmp_path) == [""] * 6


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_reach_the_app_which_ends_in_its_own_way(
    start: Supervised, tmp_path: Path, number: signal.Signals
) -> None:
    process = start("""
def end(number, frame):
    print("ending", signal.Signals(number).name, flush=True)
    sys.exit(0)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, end)
print("ready", flush=True)
while True: signal.pause()
""")
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    assert process.wait(WAIT_S) == 0
    assert process.stdout.readline() == f"ending {number.name}\n"
    assert opened(tmp_path) == [""]


def test_an_app_without_a_handler_dies_of_the_signal_and_stays_closed(start: Supervised) -> None:
    process = start("print('ready', flush=True)\nsignal.pause()")
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.terminate()
    assert process.wait(WAIT_S) == 128 + signal.SIGTERM


def test_an_app_that_does_not_listen_is_killed_after_a_while(start: Supervised) -> None:
    process = start(
        """
signal.signal(signal.SIGTERM, lambda *_: print("no", flush=True))
print("ready", flush=True)
while True: signal.pause()
""",
        grace_s=0.05,
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.terminate()
    assert process.wait(WAIT_S) == 128 + signal.SIGKILL


BEATS_ONCE = """
beat = int(os.environ["SAYSO_HEARTBEAT"])
if time < 3:
    os.write(beat, b".")
    signal.pause()
print("works", flush=True)
"""


def test_an_app_that_hangs_is_ended_and_opened_again(start: Supervised, tmp_path: Path) -> None:
    process = start(BEATS_ONCE, silence_s=0.1)
    assert process.wait(WAIT_S) == 0
    assert len(opened(tmp_path)) == 3
    assert process.stderr is not None
    assert "SIGABRT" in process.stderr.readline()


def test_an_app_that_hangs_and_ignores_it_is_killed(start: Supervised, tmp_path: Path) -> None:
    deaf = "signal.signal(signal.SIGABRT, signal.SIG_IGN)\n"
    process = start(deaf + BEATS_ONCE, silence_s=0.1, grace_s=0.1)
    assert process.wait(WAIT_S) == 0
    assert process.stderr is not None
    assert "SIGKILL" in process.stderr.readline()


def test_an_app_that_beats_is_left_alone(start: Supervised, tmp_path: Path) -> None:
    process = start(
        """
for _ in range(20):
    os.write(int(os.environ["SAYSO_HEARTBEAT"]), b".")
    threading.Event().wait(0.02)
os.close(int(os.environ["SAYSO_HEARTBEAT"]))
threading.Event().wait(0.3)
""",
        silence_s=0.25,
    )
    assert process.wait(WAIT_S) == 0
    assert opened(tmp_path) == [""]


def test_a_stop_between_two_openings_counts_too(start: Supervised, tmp_path: Path) -> None:
    process = start("sys.exit(1)", delay_s=3600.0)
    assert process.stderr is not None
    assert "is opened again" in process.stderr.readline()
    process.terminate()
    assert process.wait(WAIT_S) == 0
    assert opened(tmp_path) == [""]


def test_the_app_dies_with_its_supervisor(start: Supervised) -> None:
    process = start("print('ready', flush=True)\nthreading.Event().wait()")
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.kill()
    # The end of the pipe comes when the last process that holds it is gone.
    assert process.stdout.read() == ""


def test_what_a_dead_app_leaves_behind_does_not_outlive_it(start: Supervised) -> None:
    process = start("""
if time == 1:
    import subprocess
    reading, writing = os.pipe()
    subprocess.Popen(["cat"], stdin=reading, pass_fds=[writing])  # reads from itself: never ends
    os.kill(os.getpid(), signal.SIGKILL)
print("again", flush=True)
""")
    assert process.stdout is not None
    assert process.stdout.read() == "again\n"
    assert process.wait(WAIT_S) == 0


def test_the_app_is_told_where_its_last_words_go(start: Supervised, tmp_path: Path) -> None:
    process = start("""
import faulthandler
if time == 1:
    faulthandler.enable(open(os.environ["SAYSO_FAULTS"], "a"))
    os.kill(os.getpid(), signal.SIGSEGV)
""")
    assert process.wait(WAIT_S) == 0
    assert "Segmentation fault" in (tmp_path / "faults.log").read_text()


def test_a_state_folder_that_cannot_be_written_does_not_matter(tmp_path: Path) -> None:
    code = "from assistive.supervisor import supervise; from pathlib import Path; import sys;"
    code += "sys.exit(supervise([sys.executable, '-c', sys.argv[1]], Path('/dev/null/state'), delays_s=(0,)))"
    app = f"import os, sys; p = {str(tmp_path / 'mark')!r}\n"
    app += "sys.exit(0 if os.path.exists(p) else (open(p, 'w').close(), 4)[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, app], timeout=WAIT_S, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "exit status 4" in done.stderr


def test_without_a_supervisor_nothing_is_tied_to_the_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAYSO_SUPERVISOR", raising=False)
    die_with_parent()
    assert not supervised()


def test_an_app_whose_supervisor_is_gone_already_does_not_start() -> None:
    code = "from assistive.supervisor import die_with_parent; die_with_parent(); print('here')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"SAYSO_SUPERVISOR": "1"},
        timeout=WAIT_S,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "")


def test_it_imports_nothing_heavy() -> None:
    code = "import sys; import assistive.supervisor, assistive.folders; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pydantic", "numpy", "PyQt6", "tomlkit", "pylsl", "asyncio"} & set(done.stdout.split())
