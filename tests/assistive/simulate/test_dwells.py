"""Modes of dwell are compared where they make as many mistakes; a Bayesian dwell keeps what it claims."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.cli import main
from assistive.simulate.dwells import Variant, kept, point, slow_reader, variants, wpm_at
from assistive.simulate.person import load_person
from assistive.simulate.proposer import RealModel, _Answer
from assistive.simulate.report import System
from assistive.simulate.run import DialogueTurn, Outcome, simulate
from assistive.simulate.writer import Counts
from models.language.messages import ProposalRequest, Proposals, Source
from models.language.ngram import NgramProposer

TURNS = [
    DialogueTurn("Are you warm enough?", "No, I am a little cold.", True),
    DialogueTurn("Shall I close the window?", "Yes please, and the door.", False),
]


class NgramAsModel:
    """A language model that knows word frequencies only, and is quick."""

    def __init__(self) -> None:
        self._ngram = NgramProposer("en")
        self._ngram.load()

    def answer(self, request: ProposalRequest) -> _Answer:
        words = tuple(self._ngram.likeliest(request, request.n_words))
        return _Answer(Proposals(0, 0.0, words, Source.MODEL, 0.1), 0.1)

    def close(self) -> None:
        """Nothing runs."""


@pytest.fixture(scope="module")
def model() -> RealModel:
    return cast(RealModel, NgramAsModel())


def test_the_speed_between_two_points_and_none_outside_of_them() -> None:
    points = [(4.0, 12.0), (1.0, 9.0), (2.0, 11.0)]
    assert wpm_at(points, 1.5) == 10.0
    assert wpm_at(points, 3.0) == 11.5
    assert wpm_at(points, 1.0) == 9.0
    assert (wpm_at(points, 0.9), wpm_at(points, 4.1), wpm_at([], 1.0)) == (None, None, None)


@given(
    st.lists(st.tuples(st.floats(0, 10), st.floats(1, 30)), min_size=2, max_size=6),
    st.floats(0, 10),
)
def test_the_speed_between_points_is_none_that_no_point_reaches(
    points: list[tuple[float, float]], wrong: float
) -> None:
    found = wpm_at(points, wrong)
    speeds = [wpm for _, wpm in points]
    assert found is None or min(speeds) - 1e-9 <= found <= max(speeds) + 1e-9


def test_claims_count_after_the_first_five_hundred() -> None:
    early, late = [(0.5, True)] * 500, [(0.02, False)] * 98 + [(0.02, True)] * 2
    outcomes = [Outcome(Counts(claims=early + late)), Outcome(Counts(claims=early))]
    found = kept(outcomes)
    assert (round(found.claimed, 6), found.observed, found.selections) == (0.02, 0.02, 100)
    assert kept([]).selections == 0


def test_a_slow_reader_is_the_same_person_but_for_reading() -> None:
    person = load_person("als_tracker")
    slow = slow_reader(person)
    assert slow.looking.read_word_s.value == pytest.approx(1.5 * person.looking.read_word_s.value)
    assert slow.gaze == person.gaze
    assert slow.fingerprint != person.fingerprint


def test_every_variant_is_a_setting_that_sayso_has() -> None:
    for mode in ("fixed", "cascade", "bayes"):
        for variant in variants(mode):
            assert variant.settings("en").dwell.mode == mode
    assert len({v.title for v in [*variants("fixed"), *variants("fixed", multiplied=True)]}) == 8


@pytest.mark.parametrize("variant", [Variant("cascade", 0.6), Variant("bayes", 0.02)])
def test_a_person_writes_with_every_mode(variant: Variant, model: RealModel) -> None:
    person = load_person("als_tracker")
    outcomes = [simulate(person, variant.settings("en"), TURNS, seed, model) for seed in (1, 2)]
    assert all(outcome.counts.given_up == 0 for outcome in outcomes)
    wrong, wpm = point(System(variant.title, variant.value, outcomes))
    assert wpm > 5
    assert wrong < 15
    assert bool(outcomes[0].counts.claims) == (variant.mode == "bayes")


def test_a_bayesian_dwell_is_quicker_than_a_careful_fixed_one(model: RealModel) -> None:
    person = load_person("als_tracker")
    bayes, fixed = (
        simulate(person, variant.settings("en"), TURNS * 3, 1, model)
        for variant in (Variant("bayes", 0.02), Variant("fixed", 1.0))
    )
    assert bayes.wpm > 1.1 * fixed.wpm


def test_the_command_compares_the_modes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("assistive.commands.simulate.RealModel", lambda *_: NgramAsModel())
    monkeypatch.setattr("assistive.commands.simulate.resolve_language_model", Path)
    monkeypatch.setattr("assistive.simulate.dwells.LETTER_S", (0.5, 1.0))
    monkeypatch.setattr("assistive.simulate.dwells.ERROR_SHARES", (0.02,))
    dialogues, out = tmp_path / "d.tsv", tmp_path / "o.json"
    dialogues.write_text("Are you cold?\tYes I am\n", encoding="utf-8")
    arguments = ["--turns", "1", "--seeds", "1,2", "--dwell", "bayes", "--json", str(out)]
    assert main(["simulate", "--dialogues", str(dialogues), *arguments]) == 0
    figures: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert {"fixed", "fixed_multiplied", "bayes", "at_equal_wrong", "claims", "wpm_plain"} <= set(figures)
    assert set(figures["claims"]) == {"usual", "slow_reader"}
    assert set(figures["claims"]["usual"]) == {"claimed", "observed", "selections"}
    said = capsys.readouterr().out
    assert "claimed" in said
    assert "bayes 2%" in said


def test_a_mode_that_does_not_exist_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["simulate", "--dialogues", "d.tsv", "--dwell", "quick"])
    assert "neither seconds nor one of fixed, cascade, bayes" in capsys.readouterr().err
