"""The words benchmark writes a dialogue with the real child and gives exactly its two figures."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest

from benchmarks.words import add_arguments, run
from models.weights import installed


def arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(given)


def test_it_gives_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = os.environ.get("SAYSO_TEST_MODEL") or installed("gemma-3-270m")
    if not model:
        pytest.skip("no language model: set SAYSO_TEST_MODEL or run `sayso models fetch gemma-3-270m`")
    data = tmp_path / "dialogues.tsv"
    data.write_text("What would you like?\tI would like some tea.\tHere.\tThanks\n", encoding="utf-8")
    figures = run(arguments("--data", str(data), "--limit", "1", "--model", str(model), "--phrases"))
    assert set(figures) == {"p50_ms", "p95_ms"}
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]
    printed = capsys.readouterr().out
    assert "1 turns written" in printed and "22 characters" in printed
    assert "of the selections are phrases" in printed


def test_without_dialogues_or_model_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAYSO_MODEL", raising=False)
    data = tmp_path / "empty.tsv"
    data.write_text("only one turn\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no dialogues"):
        run(arguments("--data", str(data), "--model", str(tmp_path / "gone.gguf")))
    data.write_text("one\ttwo\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="not there"):
        run(arguments("--data", str(data), "--model", str(tmp_path / "gone.gguf")))
