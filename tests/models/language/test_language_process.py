"""The model's process answers, is killed, comes back, and never takes anybody with it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from process_inbox import PATIENCE_S, Inbox, Start
from tiny_model import write_tiny_model

from devices.clock import LslClock
from models.language.messages import (
    ModelState,
    ModelStatus,
    ProposalRequest,
    Response,
    Source,
    Speaker,
    Turn,
)
from models.language.process import MOST_CRASHES_AT_LOAD, LanguageProcess
from models.language.schedule import Schedule

ROOT = Path(__file__).resolve().parents[3]


def ask(process: LanguageProcess, generation: int, text: str = "I l", said: tuple[str, ...] = ()) -> None:
    process.request(
        ProposalRequest(generation, 0.0, text, turns=tuple(Turn(Speaker.ME, line) for line in said))
    )


def alive(process: LanguageProcess) -> int:
    pid = process.pid
    assert pid is not None
    return pid


def test_after_a_kill_it_comes_back_and_answers(start: Start, real_model: Path) -> None:
    process, inbox = start(real_model)
    ask(process, 1, "I would ")
    answer = inbox.answer_to(1)
    assert answer.words[0].word == "like"
    assert answer.source is Source.MODEL
    assert answer.elapsed_s > 0.0
    first = alive(process)
    os.kill(first, signal.SIGKILL)
    ask(process, 2, "Thank you very ")
    assert inbox.answer_to(2).words[0].word == "much"
    assert alive(process) != first
    assert inbox.states == [
        ModelState.STARTING,
        ModelState.READY,
        ModelState.LOST,
        ModelState.STARTING,
        ModelState.READY,
    ]
    lost = inbox.statuses[2]
    assert "signal 9" in lost.detail and "word list" in lost.detail


def test_a_question_that_died_with_the_child_is_asked_again(start: Start, tiny_model: Path) -> None:
    process, inbox = start(tiny_model)
    inbox.wait_for(ModelState.READY)
    os.kill(alive(process), signal.SIGSTOP)  # it will have the question and not answer it
    ask(process, 1)
    os.kill(alive(process), signal.SIGKILL)
    assert inbox.answer_to(1).words[0].word == "like"


def test_the_newest_question_wins(start: Start, tiny_model: Path) -> None:
    process, inbox = start(tiny_model)
    for generation in range(200):
        ask(process, generation, "to " * (generation % 90) + "I l")
    inbox.answer_to(199)
    for generation in range(200, 260):
        ask(process, generation)
        inbox.answer_to(generation)
    generations = [p.generation for p in inbox.proposals]
    assert generations == sorted(set(generations))
    times = [m.t for m in inbox.messages]
    assert times == sorted(times)


def guess(process: LanguageProcess, text: str) -> None:
    process.request(ProposalRequest(0, 0.0, text, n_phrases=3, speculative=True))


@pytest.fixture
def finished(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Return what does something and waits until the child has finished with it."""
    done = threading.Event()
    finish = Schedule.finish

    def finish_and_tell(schedule: Schedule, answer: Response | None) -> Response | None:
        told = finish(schedule, answer)
        done.set()
        return told

    def wait_for(begin: Callable[[], None]) -> None:
        done.clear()
        begin()
        assert done.wait(PATIENCE_S)

    monkeypatch.setattr(Schedule, "finish", finish_and_tell)
    return wait_for


def test_a_right_guess_makes_the_answer_instant(
    start: Start, real_model: Path, finished: Callable[[Callable[[], None]], None]
) -> None:
    process, inbox = start(real_model)
    inbox.wait_for(ModelState.READY)
    finished(lambda: guess(process, "I would like "))
    os.kill(alive(process), signal.SIGSTOP)  # what comes now does not come from the child
    asked = time.perf_counter()
    process.request(ProposalRequest(1, 0.0, "I would like ", n_phrases=3))
    answer = inbox.answer_to(1)
    took = time.perf_counter() - asked
    os.kill(alive(process), signal.SIGCONT)
    assert answer.elapsed_s == 0.0 and took < 0.05
    assert "to" in [word.word for word in answer.words]
    assert answer.phrases and answer.source is Source.MODEL
    assert inbox.proposals == [answer]


def test_a_question_overtakes_a_guess_at_something_else(start: Start, real_model: Path) -> None:
    process, inbox = start(real_model)
    inbox.wait_for(ModelState.READY)
    for generation, text in enumerate(("Thank you very ", "I would ", "How are ")):
        guess(process, "This will never be asked " + text)
        process.request(ProposalRequest(generation, 0.0, text))
        assert inbox.answer_to(generation).words[0].word in ("much", "like", "you")
    assert [p.generation for p in inbox.proposals] == [0, 1, 2]


def test_a_guess_that_comes_true_in_time_answers_the_question(start: Start, real_model: Path) -> None:
    process, inbox = start(real_model)
    inbox.wait_for(ModelState.READY)
    guess(process, "I would like ")
    process.request(ProposalRequest(9, 0.0, "I would like ", n_phrases=3))
    answer = inbox.answer_to(9)
    assert answer.words and answer.phrases
    assert [p.generation for p in inbox.proposals] == [9]


def test_the_child_is_humble_and_silent(
    start: Start, tiny_model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    process, inbox = start(tiny_model)
    inbox.wait_for(ModelState.READY)
    pid = alive(process)
    assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 5)
    libraries = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    assert "libllama" in libraries
    assert not any(name in libraries for name in ("Qt6", "pydantic", "liblsl"))
    os.kill(pid, signal.SIGINT)
    ask(process, 1)
    inbox.answer_to(1)
    assert alive(process) == pid
    process.close()
    assert capfd.readouterr() == ("", "")


def test_it_goes_on_with_another_model(start: Start, tiny_model: Path, tmp_path: Path) -> None:
    process, inbox = start(tmp_path / "gone.gguf")
    ask(process, 1)
    assert inbox.wait_for(ModelState.FAILED).name == "gone"
    process.swap(tiny_model)
    assert inbox.wait_for(ModelState.READY).name == "A tiny model"
    assert inbox.answer_to(1).words
    process.swap(tmp_path / "gone.gguf")
    inbox.wait_for(ModelState.FAILED, count=2)
    assert process.pid is None
    process.close()
    assert inbox.states[-1] is ModelState.STOPPED


def test_three_crashes_while_it_is_loaded_are_enough(tiny_model: Path) -> None:
    inbox = Inbox()

    def kill_at_start(message: Response | ModelStatus) -> None:
        inbox.post(message)
        if isinstance(message, ModelStatus) and message.state is ModelState.STARTING:
            os.kill(alive(process), signal.SIGKILL)

    process = LanguageProcess(tiny_model, kill_at_start, LslClock())
    process.start()
    failed = inbox.wait_for(ModelState.FAILED)
    assert inbox.states.count(ModelState.STARTING) == MOST_CRASHES_AT_LOAD
    assert str(tiny_model) in failed.detail and "three times" in failed.detail
    process.close()


def test_a_model_that_llama_cpp_refuses_is_not_tried_again(start: Start, tiny_model: Path) -> None:
    data = tiny_model.read_bytes()
    tiny_model.write_bytes(data.replace(b"blk.0.ffn_up.weight", b"blk.0.ffn_xx.weight"))
    _, inbox = start(tiny_model)
    failed = inbox.wait_for(ModelState.FAILED)
    assert inbox.states == [ModelState.STARTING, ModelState.FAILED]
    assert "ffn_up" in failed.detail and "letters work" in failed.detail


@pytest.mark.parametrize("damage", ["missing", "not a GGUF", "truncated", "too large"])
def test_a_file_that_cannot_work_starts_nothing(start: Start, tmp_path: Path, damage: str) -> None:
    model = write_tiny_model(tmp_path / "model.gguf")
    if damage == "missing":
        model.unlink()
    elif damage == "not a GGUF":
        model.write_bytes(b"PK" + bytes(5000))
    elif damage == "truncated":
        model.write_bytes(model.read_bytes()[:-1000])
    else:
        os.truncate(model, 2**42)  # sparse: it takes no space on the disk
    process, inbox = start(model)
    failed = inbox.wait_for(ModelState.FAILED)
    assert inbox.states == [ModelState.FAILED]
    assert process.pid is None
    assert str(model) in failed.detail and "letters work" in failed.detail
    ask(process, 1)
    process.close()
    assert inbox.states == [ModelState.FAILED, ModelState.STOPPED]


def test_a_child_that_hangs_blocks_nobody(start: Start, tiny_model: Path) -> None:
    process, inbox = start(tiny_model)
    inbox.wait_for(ModelState.READY)
    with Ended(alive(process)) as end:
        os.kill(alive(process), signal.SIGSTOP)
        for generation in range(3):
            ask(process, generation, said=("a long story " * 100_000,))
        process.close()
        end.wait()


class Ended:
    """Waits for the end of a process that is not our child."""

    def __init__(self, pid: int) -> None:
        self._fd = os.pidfd_open(pid)

    def __enter__(self) -> Ended:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)

    def wait(self) -> None:
        assert select.select([self._fd], [], [], PATIENCE_S)[0], "it is still there"


PARENT = """
import sys
from pathlib import Path
from devices.clock import LslClock
from models.language.process import LanguageProcess

if __name__ == "__main__":
    process = LanguageProcess(
        Path(sys.argv[1]), lambda status: print(process.pid, status.state, flush=True), LslClock()
    )
    process.start()
    sys.stdin.read()
"""


@pytest.mark.parametrize("when", ["starting", "ready"])
def test_the_child_dies_with_its_parent(tiny_model: Path, tmp_path: Path, when: str) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(script), str(tiny_model)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as parent:
        assert parent.stdout is not None
        pid = next(int(line.split()[0]) for line in parent.stdout if line.split()[1] == when)
        with Ended(pid) as end:
            parent.kill()
            end.wait()


def test_the_parent_never_loads_llama_cpp() -> None:
    code = (
        "import sys, models.language.process, models.language.ngram, models.language.preflight; "
        "sys.exit('llama_cpp' in sys.modules or 'wordfreq' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
