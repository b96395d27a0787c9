"""What a calibration with EEG ends with: it helps, it helps a little, or it does not and why."""

from __future__ import annotations

import numpy as np
import pytest
from eeg_person import EegPerson
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.erp import (
    MOST_FLASHES,
    ErpFinding,
    Verdict,
    judge,
    judge_held_out,
    permutation_p,
    share_right,
)
from models.erp.epochs import epochs_of
from models.erp.p300 import P300Model, fit_p300
from models.erp.single_trial import HeldOut

BLOCKS = 5


def held_out(lead: float, flashes: int = 480, seed: int = 0, drift: float = 0.0) -> HeldOut:
    """Ratios of flashes of which one in six was waited for; `lead` standard deviations apart, and drifting."""
    chance = np.random.default_rng(seed)
    target = chance.random(flashes) < 1 / 6
    slow = drift * np.sin(np.arange(flashes) / 20.0)
    llr = chance.normal(size=flashes) + lead * target + slow
    return HeldOut(0.2 * np.arange(flashes), target, llr, llr, np.arange(flashes) * BLOCKS // flashes)


def fitted(person: EegPerson, flashes: int = 240, seed: int = 0) -> P300Model:
    epochs, texts = epochs_of(person.raw(flashes, seed))
    return fit_p300(epochs, np.array([text == "target" for text in texts]))


def test_a_person_who_responds_is_helped() -> None:
    found = judge(fitted(EegPerson()))
    assert found.verdict is Verdict.HELPS
    assert found.auc > 0.75
    assert found.p_value <= 0.001
    assert "EEG helps" in found.why


def test_a_person_who_does_not_is_not_told_that_they_are() -> None:
    found = judge(fitted(EegPerson(response_uv=0.0)), bad_channels=("TP9", "AF7"))
    assert found.verdict is Verdict.UNUSABLE
    assert "no response" in found.why
    assert "TP9, AF7" in found.why


def test_without_a_response_the_verdict_is_unusable_however_often_one_tries() -> None:
    verdicts = [judge_held_out(held_out(0.0, seed=seed, drift=1.0)).verdict for seed in range(100)]
    assert verdicts.count(Verdict.UNUSABLE) == 100


@pytest.mark.parametrize(
    ("lead", "verdict"), [(2.0, Verdict.HELPS), (0.62, Verdict.HELPS_A_LITTLE), (0.25, Verdict.UNUSABLE)]
)
def test_how_strong_the_response_is_decides(lead: float, verdict: Verdict) -> None:
    assert judge_held_out(held_out(lead, 960)).verdict is verdict


def test_a_response_that_is_too_weak_is_called_so() -> None:
    found = judge_held_out(held_out(0.3, 4000))
    assert found.p_value < 0.01
    assert found.verdict is Verdict.UNUSABLE
    assert "too weak" in found.why
    assert "in order" in found.why


def test_what_neighbouring_epochs_share_is_taken_off() -> None:
    plain, shared = (judge_held_out(held_out(0.8, 1920), temper) for temper in (1.0, 0.5))
    assert shared.right < plain.right
    assert shared.verdict is Verdict.HELPS_A_LITTLE


def test_a_verdict_needs_flashes() -> None:
    found = judge_held_out(held_out(3.0, 40))
    assert not found.enough
    assert found.verdict is Verdict.UNUSABLE
    assert "go on" in found.why
    assert not judge_held_out(
        HeldOut(np.zeros(0), np.zeros(0, bool), np.zeros(0), np.zeros(0), np.zeros(0, np.intp))
    ).enough


def test_a_calibration_ends_as_soon_as_it_is_clear() -> None:
    def flashes_needed(lead: float) -> int:
        for flashes in range(60, 1200, 60):
            if judge_held_out(held_out(lead, flashes, seed=3)).enough:
                return flashes
        raise AssertionError("it never ended")

    strong, middling, none = flashes_needed(2.0), flashes_needed(0.65), flashes_needed(-0.2)
    assert strong <= 180
    assert none < MOST_FLASHES
    assert strong < middling <= MOST_FLASHES


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_chance_is_not_significant_more_often_than_it_says(seed: int) -> None:
    values = [permutation_p(held_out(0.0, 120, seed=seed * 20 + i, drift=2.0)) for i in range(20)]
    assert np.mean(np.array(values) < 0.05) < 0.4
    assert min(values) >= 0.001


def test_shares_of_right_choices() -> None:
    assert share_right(0.5) == share_right(0.3) == pytest.approx(1 / 8)
    assert share_right(0.5 + 1e-9) == pytest.approx(1 / 8, abs=1e-3)
    assert share_right(0.99) == pytest.approx(1.0, abs=1e-6)
    chance = np.random.default_rng(0)
    rounds = chance.normal(size=(20_000, 8, 20)).sum(axis=2)
    rounds[:, 0] += 20 * 0.5
    won = np.mean(rounds.argmax(axis=1) == 0)
    auc = 0.6381632  # of two Gaussians half a standard deviation apart
    assert share_right(auc) == pytest.approx(won, abs=0.01)


def test_every_sentence_is_translated() -> None:
    said: list[str] = []

    def tr(text: str) -> str:
        said.append(text)
        return text

    findings: list[ErpFinding] = [
        judge_held_out(held_out(lead, flashes), tr=tr, bad_channels=bad)
        for lead, flashes in ((2.0, 960), (0.62, 960), (0.0, 960), (0.3, 4000), (2.0, 40))
        for bad in ((), ("Cz",))
    ]
    assert all(any(text.split("{")[0] in found.why for text in said) for found in findings)
    assert len(set(said)) == 7
