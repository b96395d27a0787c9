"""Error potentials (made up, in made-up EEG): when undo is offered, and how seldom it interrupts."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from eeg_person import EegPerson
from numpy.typing import NDArray

from models.erp.epochs import Epochs, epochs_of
from models.erp.errp import NEVER, ErrpModel, fit_errp, undo_threshold

Told = tuple[Epochs, NDArray[np.bool_], NDArray[np.float64]]


def shown(seed: int, selections: int = 360, response_uv: float = 12.0) -> Told:
    """Selections a second apart, one in six wrong, and how sure Sayso was of each."""
    epochs, texts = epochs_of(EegPerson(response_uv=response_uv, soa_s=1.0).raw(selections, seed))
    wrong = np.array([text == "target" for text in texts])
    # Honest posteriors of which one in six is wrong on average.
    chance = np.random.default_rng(seed)
    posterior = np.where(wrong, chance.beta(4.0, 2.0, len(wrong)), chance.beta(5.0, 1.0, len(wrong)))
    return epochs, wrong, posterior


@pytest.fixture(scope="module")
def model() -> ErrpModel:
    return fit_errp(*shown(0))


def test_undo_is_offered_for_wrong_selections_and_seldom_interrupts(model: ErrpModel) -> None:
    epochs, wrong, posterior = shown(1, 500)
    offered = model.offers_undo(epochs, posterior)
    assert offered[wrong].mean() > 0.3
    assert offered[~wrong].mean() <= 0.02


def test_the_probability_is_honest(model: ErrpModel) -> None:
    epochs, wrong, posterior = shown(2, 500)
    p_wrong = model.p_wrong(epochs, posterior)
    assert p_wrong.mean() == pytest.approx(wrong.mean(), abs=0.05)
    likely = p_wrong > 0.5
    assert wrong[likely].mean() == pytest.approx(p_wrong[likely].mean(), abs=0.15)


def test_a_selection_that_was_nearly_certain_is_not_questioned(model: ErrpModel) -> None:
    epochs, _, _ = shown(3, 60)
    assert not model.offers_undo(epochs, np.full(len(epochs), 0.9999)).any()
    p_wrong = [model.p_wrong(epochs, np.full(len(epochs), p)) for p in (0.0, 0.5, 0.9, 1.0)]
    assert all((a >= b).all() for a, b in pairwise(p_wrong))
    assert np.isfinite(p_wrong).all()


def test_who_shows_no_error_potential_is_not_interrupted() -> None:
    model = fit_errp(*shown(4, response_uv=0.0))
    again, wrong, posterior = shown(5, 500, response_uv=0.0)
    assert model.offers_undo(again, posterior)[~wrong].mean() <= 0.03


def test_without_posteriors_each_selection_is_as_often_right_as_all() -> None:
    epochs, wrong, _ = shown(4, 200)
    plain = fit_errp(epochs, wrong)
    assert plain.threshold >= 0.5
    assert plain.offers_undo(epochs, np.full(len(epochs), 1.0 - wrong.mean()))[wrong].any()


def test_too_few_correct_selections_promise_nothing() -> None:
    assert undo_threshold(np.linspace(0.0, 0.4, 148)) == NEVER
    assert undo_threshold(np.linspace(0.0, 0.4, 149)) == 0.5
    assert undo_threshold(np.linspace(0.0, 0.9, 149)) == pytest.approx(0.9)
    assert undo_threshold(np.zeros(0)) == NEVER
    # Of a thousand, a few may be interrupted: fewer than twenty, because it is an estimate.
    many = undo_threshold(np.linspace(0.0, 1.0, 1001))
    assert 0.98 < many < 0.99


def test_written_and_read_it_says_the_same(model: ErrpModel) -> None:
    epochs, _, posterior = shown(6, 40)
    again = ErrpModel.from_json(model.to_json())
    np.testing.assert_array_equal(again.p_wrong(epochs, posterior), model.p_wrong(epochs, posterior))
    assert again.threshold == model.threshold


def test_a_damaged_file_is_refused(model: ErrpModel) -> None:
    good = json.loads(model.to_json())
    for text in ("", "[]", "[" * 5000, json.dumps(good | {"errp": 0.1}), json.dumps(good | {"errp": None})):
        with pytest.raises(ValueError):
            ErrpModel.from_json(text)
    with pytest.raises(ValueError, match="no model of EEG"):
        ErrpModel.from_json(json.dumps(good | {"trial": None}))
