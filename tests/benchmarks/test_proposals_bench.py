"""The benchmark of the proposals: perfect users write a dialogue with the real child."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest

from benchmarks.dialogues import every_turn, read_dialogues, some_exchanges
from benchmarks.proposals import _Person, add_arguments, run
from models.language.messages import ProposalRequest, Proposals, Source, Speaker, WordProposal
from models.weights import installed


def arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(given)


def test_it_gives_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = os.environ.get("SAYSO_TEST_MODEL") or installed("gemma-3-270m")
    if not model:
        pytest.skip("no language model: set SAYSO_TEST_MODEL or run `sayso models fetch gemma-3-270m`")
    data, train = tmp_path / "data.tsv", tmp_path / "train.tsv"
    data.write_text("Would you like some tea?\tYes, please.\n", encoding="utf-8")
    train.write_text("Would you like some tea?\tYes, please.\nAre you cold?\tA bit.\n", encoding="utf-8")
    figures = run(arguments("--data", str(data), "--train", str(train), "--model", str(model)))
    assert list(figures) == [
        "words",
        "top5",
        "ksr_5",
        "ksr_5_with_phrases",
        "ksr_5_ngram",
        "p50_ms",
        "p95_ms",
    ]
    assert figures["words"] == 7
    assert 0 < figures["ksr_5"] <= figures["ksr_5_with_phrases"] < 1
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]
    printed = capsys.readouterr().out
    assert "2 turns, 1 dialogues of other days" in printed, "what is measured is not learned before"
    assert "36 characters, 7 words" in printed


def test_without_dialogues_or_model_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAYSO_MODEL", raising=False)
    data = tmp_path / "data.tsv"
    data.write_text("\n\t\n", encoding="utf-8")
    there = tmp_path / "there.gguf"
    there.touch()
    with pytest.raises(ValueError, match="no dialogues"):
        run(arguments("--data", str(data), "--model", str(there)))
    data.write_text("one\ttwo\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="not there"):
        run(arguments("--data", str(data), "--model", str(tmp_path / "gone.gguf")))


def test_every_turn_is_the_persons_after_those_before_it(tmp_path: Path) -> None:
    data = tmp_path / "dialogues.tsv"
    data.write_text("one\ttwo\tthree\n\nfour\tfive\n", encoding="utf-8")
    turns = every_turn(read_dialogues(data))
    assert [turn.text for turn in turns] == ["one", "two", "three", "four", "five"]
    assert [turn.text for turn in turns[2].before] == ["one", "two"]
    assert [turn.speaker for turn in turns[2].before] == [Speaker.ME, Speaker.PARTNER]
    assert turns[0].before == turns[3].before == ()
    exchanges = some_exchanges(read_dialogues(data), 8, 1)
    assert [exchange[-1].speaker for exchange in exchanges] == [Speaker.ME, Speaker.PARTNER]


def test_a_perfect_user_counts_selections_and_passes_over_what_does_not_fit() -> None:
    asked: list[ProposalRequest] = []

    def ask(request: ProposalRequest) -> Proposals:
        asked.append(request)
        words = {"": ("No", "yes"), "Yes, ": ("the", "a"), "Yes, p": ("please",)}.get(request.text, ())
        found = tuple(WordProposal(word, 0.1) for word in words)
        return Proposals(0, 0.0, found, Source.NGRAM, 0.0)

    (turn,) = every_turn([["Yes, please."]])
    person = _Person(ask)
    person.write(turn, ProposalRequest(0, 0.0, ""))
    assert [request.text for request in asked] == ["", "Yes", "Yes,", "Yes, ", "Yes, p", "Yes, please"]
    assert person.selections == 6
    assert (person.words, person.at_once, person.spaces_after_marks) == (2, 1, 1)
    assert {word for word, _ in asked[4].steering.nudges} == {"the", "a"}
    assert asked[5].steering.nudges == ()
