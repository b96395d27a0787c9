"""The models that the tests of models.language use: the real one, where there is one, and a tiny one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from process_inbox import Inbox, Start
from tiny_model import write_tiny_model

from devices.clock import LslClock
from models.language.finder import Finder
from models.language.preflight import default_threads
from models.language.process import LanguageProcess
from models.language.runtime import Runtime
from models.weights import installed


@pytest.fixture(scope="session")
def real_model() -> Path:
    chosen = os.environ.get("SAYSO_TEST_MODEL")
    path = Path(chosen) if chosen else installed("gemma-3-270m")
    if path is None or not path.is_file():
        pytest.skip("no language model: set SAYSO_TEST_MODEL or run `sayso models fetch gemma-3-270m`")
    return path


@pytest.fixture(scope="session")
def finder(real_model: Path) -> Iterator[Finder]:
    runtime = Runtime(real_model, default_threads())
    yield Finder(runtime)
    runtime.close()


@pytest.fixture
def tiny_model(tmp_path: Path) -> Path:
    return write_tiny_model(tmp_path / "tiny.gguf")


@pytest.fixture
def tiny_runtime(tiny_model: Path) -> Iterator[Runtime]:
    runtime = Runtime(tiny_model, 1)
    yield runtime
    runtime.close()


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[LanguageProcess] = []

    def begin(model: Path) -> tuple[LanguageProcess, Inbox]:
        inbox = Inbox()
        process = LanguageProcess(model, inbox.post, LslClock(), n_threads=1)
        running.append(process)
        process.start()
        return process, inbox

    yield begin
    for process in running:
        process.close()
