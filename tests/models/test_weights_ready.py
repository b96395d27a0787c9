"""Which weights are ready is known at once at the start, and a changed file is never taken for a verified one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from shelf import write_catalog

from models.catalog import load_catalog
from models.fetch import fetch, is_ready, verify
from models.weights import WeightsError, installed, resolve_language_model, weights_dir

FILES = {"voice.onnx": b"sound" * 1000, "voice.onnx.json": b"{}"}


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAYSO_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.delenv("SAYSO_MODEL", raising=False)
    return tmp_path / "weights"


@pytest.fixture
def catalog(weights: Path, tmp_path: Path) -> Path:
    """A catalog without a source, whose files lie in their place already."""
    (weights / "voice").mkdir(parents=True)
    for name, data in FILES.items():
        (weights / "voice" / name).write_bytes(data)
    return write_catalog(tmp_path / "catalog.toml", "voice", FILES, [], kind="voice")


def test_the_folder_is_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SAYSO_WEIGHTS", str(tmp_path / "elsewhere"))
    assert weights_dir() == tmp_path / "elsewhere"
    monkeypatch.setenv("SAYSO_WEIGHTS", "")
    monkeypatch.setenv("SAYSO_HOME", str(tmp_path / "home"))
    assert weights_dir() == tmp_path / "home" / "weights"
    monkeypatch.delenv("SAYSO_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert weights_dir() == tmp_path / "data" / "sayso" / "weights"


def test_files_that_lie_there_are_verified_and_not_fetched(weights: Path, catalog: Path) -> None:
    assert installed("voice") is None
    assert fetch("voice", catalog=catalog) == weights / "voice" / "voice.onnx" == installed("voice")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("change", ["longer", "touched", "gone"])
def test_a_changed_file_is_not_ready(weights: Path, catalog: Path, file: str, change: str) -> None:
    verify("voice", catalog=catalog)
    path = weights / "voice" / file
    if change == "longer":
        path.write_bytes(b"sound" * 1001)
    elif change == "touched":
        os.utime(path, (1, 1))
    else:
        path.unlink()
    assert installed("voice") is None
    assert not is_ready(load_catalog(catalog)[0])


@pytest.mark.parametrize(
    "marker", [b"", b"\xff\xfe", b"one\ttwo\n", b"a\tb\tc\td\n", b"a\t5000\t1\tvoice.onnx\n"]
)
def test_a_damaged_marker_counts_as_none(weights: Path, catalog: Path, marker: bytes) -> None:
    (weights / "voice" / "verified").write_bytes(marker)
    assert installed("voice") is None


def test_a_newer_catalog_asks_for_newer_files(weights: Path, catalog: Path) -> None:
    verify("voice", catalog=catalog)
    assert is_ready(load_catalog(catalog)[0])
    newer = write_catalog(catalog, "voice", FILES | {"voice.onnx": b"better"}, [], kind="voice")
    assert not is_ready(load_catalog(newer)[0])
    assert installed("voice") is not None, "the old voice speaks until the new one is here"


def test_verify_finds_a_flipped_bit_that_kept_size_and_time(weights: Path, catalog: Path) -> None:
    verify("voice", catalog=catalog)
    path = weights / "voice" / "voice.onnx"
    status = path.stat()
    path.write_bytes(b"Sound" + b"sound" * 999)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert installed("voice") == path
    with pytest.raises(WeightsError, match=r"voice\.onnx is damaged or missing") as caught:
        verify("voice", catalog=catalog)
    assert "sayso models fetch voice" in caught.value.to_do
    assert installed("voice") is None


def test_verify_of_what_was_never_fetched(weights: Path, tmp_path: Path) -> None:
    catalog = write_catalog(tmp_path / "c.toml", "face", {"f": b"f"}, [])
    with pytest.raises(WeightsError, match="has not been fetched"):
        verify("face", catalog=catalog)


def test_the_start_asks_quickly_and_imports_nothing_heavy(weights: Path, catalog: Path) -> None:
    verify("voice", catalog=catalog)
    story = """
import sys, time
from models.weights import installed
started = time.perf_counter()
assert installed("voice")
print(time.perf_counter() - started)
print(*sorted({"hashlib", "subprocess", "urllib.request", "tomllib", "tomlkit", "zipfile"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", story], capture_output=True, text=True, timeout=30, check=True
    )
    seconds, heavy = done.stdout.split("\n", 1)
    assert heavy.strip() == ""
    assert float(seconds) < 0.02, "about 0.1 ms; the margin is for a busy machine"


def test_the_language_model_is_the_environments_then_the_settings_then_the_catalogs(
    weights: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(WeightsError, match="has not been fetched yet") as caught:
        resolve_language_model("")
    assert "sayso models fetch" in caught.value.to_do
    folder = weights / "gemma-3-270m"
    folder.mkdir(parents=True)
    (folder / "m.gguf").write_bytes(b"GGUF")
    status = (folder / "m.gguf").stat()
    (folder / "verified").write_text(f"digest\t{status.st_size}\t{status.st_mtime_ns}\tm.gguf\n")
    assert resolve_language_model("") == resolve_language_model("  ") == folder / "m.gguf"
    assert resolve_language_model(str(tmp_path / "own.gguf")) == tmp_path / "own.gguf"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SAYSO_MODEL", "~/other.gguf")
    assert resolve_language_model(str(tmp_path / "own.gguf")) == tmp_path / "other.gguf"
