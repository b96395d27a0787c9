"""`sayso propose`: what a clinician types and reads."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from assistive.cli import main
from assistive.commands import propose as command
from models.language.messages import ModelState, Question
from models.language.proposer import FakeProposer, Post
from models.weights import installed


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = os.environ.get("SAYSO_TEST_MODEL") or installed("gemma-3-270m")
    if chosen is None:
        pytest.skip("no language model: set SAYSO_TEST_MODEL or run `sayso models fetch gemma-3-270m`")
    monkeypatch.setenv("SAYSO_MODEL", str(chosen))


def test_all_readings_of_a_text_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["propose", "I would like ", "--partner", "What do you want?", "--tone", "warm"]
    assert main([*asked, "--expand", "s w", "--characters", "--tokens", "--ban", "a"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    tables = {table.splitlines()[0].split(" (")[0]: table for table in out.strip().split("\n\n")}
    assert list(tables)[:5] == ["Words", "Phrases", "Expansions", "Characters", "Tokens"]
    assert re.search(r"^ +\d+\.\d%  to$", tables["Words"], re.MULTILINE)
    assert not re.search(r"^ +\d+\.\d%  a$", tables["Words"], re.MULTILINE)
    assert "some w" in tables["Expansions"] and "the first after" in tables["Expansions"]
    assert re.search(r"%  t$", tables["Characters"], re.MULTILINE) and "all others" in tables["Characters"]
    assert "␣to" in tables["Tokens"] or "%  to" in tables["Tokens"]


def test_a_file_that_is_not_there_is_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "gone.gguf"
    assert main(["propose", "I", "--model", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == "" and str(path) in err and "letters work" in err


class Dying(FakeProposer):
    """A model that stops at every question."""

    def __init__(self, _: Path, post: Post, *__: object, **___: object) -> None:
        super().__init__(post)

    def request(self, request: Question) -> None:
        self.becomes(ModelState.LOST, "The language model stopped (signal 11).")
        self.becomes(ModelState.LOST, "The language model stopped (signal 11).")


class Silent(Dying):
    """A model that says nothing."""

    def request(self, request: Question) -> None: ...


@pytest.mark.parametrize(("proposer", "said"), [(Dying, "signal 11"), (Silent, "did not answer within 0 s")])
def test_a_model_that_does_not_answer_is_a_sentence(
    proposer: type[Dying], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "LanguageProcess", proposer)
    monkeypatch.setattr(command, "ANSWER_WITHIN_S", 0.0)
    assert main(["propose", "I"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and said in err
