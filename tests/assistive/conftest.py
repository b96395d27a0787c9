"""Recordings that come as from a device, by a program that ends with its test."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def replaying() -> Iterator[Callable[..., tuple[subprocess.Popen[str], str]]]:
    """Start `sayso replay-gaze` or `replay-eeg`; gives the process and the first line that it says."""
    started: list[subprocess.Popen[str]] = []

    def start(command: str, recording: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "assistive", command, str(recording), *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline()

    yield start
    for process in started:
        process.kill()
        process.communicate()
