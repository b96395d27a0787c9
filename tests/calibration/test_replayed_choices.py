"""Choices replayed from flashes that were not seen: what is claimed, and what comes true."""

from __future__ import annotations

import math

import numpy as np
import pytest

from calibration.replayed_choices import CHOICES, ReplayedChoices, replay_choices
from models.erp.single_trial import HeldOut


def held_out(d: float, claimed: float | None = None, flashes: int = 40_000, blocks: int = 5) -> HeldOut:
    """Gaussian scores `d` standard deviations apart, whose ratios are honest; or say that they are `claimed` apart."""
    rng = np.random.default_rng(2)
    target = rng.random(flashes) < 1 / 8
    score = rng.normal(size=flashes) + d * target
    says = d if claimed is None else claimed
    llr = says * score - says**2 / 2
    t = np.arange(flashes) * 0.2
    block = np.arange(flashes) * blocks // flashes
    return HeldOut(t, target, llr, llr, block)


@pytest.mark.parametrize("d", [0.4, 1.0, 2.0])
def test_honest_ratios_claim_as_many_errors_as_they_make(d: float) -> None:
    found = replay_choices(held_out(d))
    assert found.expected_error == pytest.approx(found.observed_error, abs=0.05)
    assert all(claimed == pytest.approx(right, abs=0.12) for claimed, right in found.reliability)


def test_what_claims_too_much_is_found_out() -> None:
    found = replay_choices(held_out(0.4, claimed=1.2))
    assert found.observed_error > found.expected_error + 0.15
    claimed, right = found.reliability[-1]
    assert right < claimed - 0.1


def test_more_is_told_apart_the_better_the_flashes_are() -> None:
    errors = [replay_choices(held_out(d)).observed_error for d in (0.0, 0.4, 1.0, 2.0)]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] == pytest.approx(1 - 1 / CHOICES, abs=0.1) and errors[-1] < 0.03


def test_ratios_that_say_nothing_choose_one_in_eight() -> None:
    silent = held_out(1.0, claimed=0.0)
    assert replay_choices(silent).observed_error == pytest.approx(1 - 1 / CHOICES)


def test_the_least_sure_come_first() -> None:
    claims = [claimed for claimed, _ in replay_choices(held_out(1.0)).reliability]
    assert claims == sorted(claims) and len(claims) == 8


def test_without_both_kinds_there_is_nothing_to_replay() -> None:
    one = held_out(1.0)
    none = HeldOut(one.t, np.zeros_like(one.target), one.llr, one.forward, one.block)
    found = replay_choices(none)
    assert isinstance(found, ReplayedChoices) and math.isnan(found.expected_error + found.observed_error)
    assert found.reliability == ()
