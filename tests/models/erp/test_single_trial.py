"""A person's calibration goes in, log-likelihood ratios of new epochs come out."""

from __future__ import annotations

import json

import numpy as np
import pytest
from eeg_person import CHANNELS, EegPerson
from sklearn.metrics import roc_auc_score

from models.erp.epochs import Epochs, epochs_of
from models.erp.likelihood import LLR_LIMITS, expected_and_observed_error
from models.erp.model_file import model_from_json, model_to_json
from models.erp.p300 import P300Model, fit_p300

Told = tuple[Epochs, np.ndarray]


def recorded(person: EegPerson, flashes: int = 400, seed: int = 0) -> Told:
    epochs, descriptions = epochs_of(person.raw(flashes, seed))
    return epochs, np.array([text == "target" for text in descriptions])


@pytest.fixture(scope="module")
def calibration() -> Told:
    return recorded(EegPerson())


@pytest.fixture(scope="module")
def model(calibration: Told) -> P300Model:
    return fit_p300(*calibration)


@pytest.fixture(scope="module")
def later() -> Told:
    return recorded(EegPerson(), 600, seed=1)


def test_a_later_session_of_the_person_is_told_apart(model: P300Model, later: Told) -> None:
    epochs, target = later
    llr = model.llr(epochs)
    assert roc_auc_score(target, llr) > 0.8
    assert llr.min() >= LLR_LIMITS[0] and llr.max() <= LLR_LIMITS[1]
    assert llr[target].mean() > 0.3 > -0.3 > llr[~target].mean()


def test_it_claims_as_many_errors_as_it_makes(model: P300Model, later: Told) -> None:
    epochs, target = later
    for runs in (1, 2, 4):
        expected, observed = expected_and_observed_error(model.llr(epochs), target, runs)
        assert expected == pytest.approx(observed, abs=0.05)


def test_what_it_says_of_its_own_calibration_is_no_flattery(model: P300Model, later: Told) -> None:
    epochs, target = later
    assert model.held_out.auc == pytest.approx(roc_auc_score(target, model.llr(epochs)), abs=0.06)


def test_someone_who_waits_for_nothing_is_not_claimed_to_answer() -> None:
    person = EegPerson(response_uv=0.0)
    model = fit_p300(*recorded(person))
    epochs, _ = recorded(person, seed=5)
    assert np.abs(model.llr(epochs)).mean() < 0.25


def test_the_unit_does_not_matter(calibration: Told, later: Told) -> None:
    volts = fit_p300(*recorded(EegPerson(gain=1e-6)))
    epochs, _ = recorded(EegPerson(gain=1e-6), 600, seed=1)
    np.testing.assert_allclose(volts.llr(epochs), fit_p300(*calibration).llr(later[0]), atol=0.05)


def test_a_channel_that_goes_silent_costs_little_and_is_not_believed(model: P300Model, later: Told) -> None:
    epochs, target = later
    data = epochs.data.copy()
    data[:, CHANNELS.index("P3")] = np.nan
    llr = model.llr(Epochs(epochs.t, data, epochs.channels))
    assert np.isfinite(llr).all()
    assert roc_auc_score(target, llr) > roc_auc_score(target, model.llr(epochs)) - 0.05


def test_without_most_channels_there_is_no_evidence(model: P300Model, later: Told) -> None:
    epochs, _ = later
    assert not model.llr(epochs.of_channels(("Cz", "Oz"))).any()


def test_channels_are_known_by_their_names(model: P300Model, later: Told) -> None:
    epochs, _ = later
    turned = epochs.of_channels(tuple(reversed(CHANNELS)))
    np.testing.assert_allclose(model.llr(turned), model.llr(epochs))


def test_a_dead_channel_is_not_listened_to() -> None:
    epochs, target = recorded(EegPerson())
    data = epochs.data.copy()
    data[:, 2], data[:, 4] = 0.0, np.nan
    assert fit_p300(Epochs(epochs.t, data, epochs.channels), target).channels == ("Fz", "Cz", "Oz", "P4")


def test_written_and_read_it_says_the_same(model: P300Model, later: Told) -> None:
    again = model_from_json(model_to_json(model))
    np.testing.assert_array_equal(again.llr(later[0]), model.llr(later[0]))
    assert (again.shares, again.channels, again.held_out.auc) == (
        model.shares,
        model.channels,
        model.held_out.auc,
    )


@pytest.mark.parametrize(
    "damage",
    [
        {"version": 2},
        {"temper": 1.5},
        {"slope": -1.0},
        {"channels": ["Cz"]},
        {"spread": [0.0] * 6},
        {"covariance": [[1.0]]},
        {"scorers": []},
        {"scorers": [{"kind": "lda", "weight": 1.0, "weights": [1.0]}]},
        {"command": "rm"},
    ],
)
def test_a_damaged_file_is_refused(model: P300Model, damage: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no model of EEG"):
        model_from_json(json.dumps(json.loads(model_to_json(model)) | damage))


def test_what_is_no_file_of_a_model_is_refused() -> None:
    for text in ("", "{}", "[" * 5000, '{"version": NaN}'):
        with pytest.raises(ValueError, match="no model of EEG"):
            model_from_json(text)


def test_too_little_to_learn_from_is_said() -> None:
    epochs, target = recorded(EegPerson(), 60)
    with pytest.raises(ValueError, match="5 epochs of each kind"):
        fit_p300(epochs, np.zeros(len(epochs), dtype=bool))
    with pytest.raises(ValueError, match="no channel"):
        fit_p300(Epochs(epochs.t, np.full_like(epochs.data, np.nan), epochs.channels), target)
    with pytest.raises(ValueError, match="labels"):
        fit_p300(epochs, target[:-1])
    with pytest.raises(ValueError, match="too close"):
        fit_p300(Epochs(epochs.t / 1000, epochs.data, epochs.channels), target)
