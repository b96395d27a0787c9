"""Whether a model can be started is known before anything is started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.language.errors import ModelError
from models.language.preflight import CONTEXT_BYTES, check_model, default_threads, memory_available


def test_a_model_that_fits(tiny_model: Path) -> None:
    assert check_model(tiny_model).name == "A tiny model"
    assert check_model(tiny_model, available=lambda: None).name == "A tiny model"


def test_a_model_that_does_not_fit_says_how_much_is_missing(tiny_model: Path) -> None:
    with pytest.raises(ModelError, match="needs 315 MB of memory and 100 MB are free"):
        check_model(tiny_model, available=lambda: 100_000_000)
    just_enough = CONTEXT_BYTES + int(tiny_model.stat().st_size * 1.1)
    assert check_model(tiny_model, available=lambda: just_enough)


def test_an_adapter_is_no_model(tiny_model: Path) -> None:
    data = tiny_model.read_bytes()
    name, kind = b"general.name", b"general.type"
    tiny_model.write_bytes(data.replace(name, kind))
    with pytest.raises(ModelError, match="only a part"):
        check_model(tiny_model)


def test_errors_are_translated(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="ÜBERSETZT"):
        check_model(tmp_path / "gone", lambda text: f"ÜBERSETZT {text}")


@pytest.mark.parametrize("content", [None, "", "MemTotal: 5 kB\n", "MemAvailable: many kB\n"])
def test_a_kernel_that_does_not_say(tmp_path: Path, content: str | None) -> None:
    meminfo = tmp_path / "meminfo"
    if content is not None:
        meminfo.write_text(content, encoding="ascii")
    assert memory_available(meminfo) is None


def test_memory_is_in_bytes(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:  9 kB\nMemAvailable:       7 kB\n", encoding="ascii")
    assert memory_available(meminfo) == 7 * 1024


def test_one_core_is_left_free_and_affinity_counts() -> None:
    allowed = os.sched_getaffinity(0)
    assert default_threads() == min(4, max(1, len(allowed) - 1))
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert default_threads() == 1
    finally:
        os.sched_setaffinity(0, allowed)
