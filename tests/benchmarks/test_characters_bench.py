"""The benchmark of characters: both models are asked for the same characters, and none was learned before."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import pytest

from benchmarks.characters import ALPHABETS, add_arguments, run
from models.language.characters.ppm import Ppm
from tests.models.language.tiny_model import write_tiny_model


def arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(given)


def files(folder: Path, data: str, train: str) -> list[str]:
    (folder / "data.txt").write_text(data, encoding="utf-8")
    (folder / "train.txt").write_text(train, encoding="utf-8")
    model = write_tiny_model(folder / "tiny.gguf")
    return ["--data", str(folder / "data.txt"), "--train", str(folder / "train.txt"), "--model", str(model)]


def test_it_gives_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = files(tmp_path, "I like you!\nOh.\nNever written\n", "i LIKE you\nI like tea.\n\nThe two of us\n")
    figures = run(arguments(*given, "--limit", "2"))
    assert list(figures) == ["bits_per_char", "bits_per_char_ppm5", "ms_per_char_mean", "ms_per_char_p95"]
    ppm = Ppm.as_in_dasher()
    ppm.learn("i like tea\n")
    ppm.learn("the two of us\n")
    alphabet = ALPHABETS["en"]
    bits = [
        -math.log2(ppm.probabilities("\n" + text[:i], alphabet)[alphabet.index(text[i])])
        for text in ("i like you\n", "oh\n")
        for i in range(len(text))
    ]
    assert figures["bits_per_char_ppm5"] == pytest.approx(sum(bits) / len(bits), abs=1e-4)
    assert 0 < figures["bits_per_char"] < 8
    assert figures["ms_per_char_mean"] > 0
    printed = capsys.readouterr().out
    assert "2 sentences are written, 2 were learned" in printed
    assert "1 lines of train.txt also stand in data.txt" in printed
    assert "14 characters" in printed


def test_the_letters_tell_the_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(arguments(*files(tmp_path, "Да.\n", "Я люблю чай.\n")))
    assert "tiny.gguf, ru: 1 sentences" in capsys.readouterr().out


def test_without_sentences_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing to write, or nothing to learn from"):
        run(arguments(*files(tmp_path, "Yes!\n", "yes\n")))
