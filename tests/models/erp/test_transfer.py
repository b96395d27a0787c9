"""What other people's recordings, and earlier sessions, are worth in the first minute."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from eeg_person import EegPerson
from sklearn.metrics import roc_auc_score

from models.erp.epochs import Epochs, epochs_of
from models.erp.model_file import model_from_json, model_to_json
from models.erp.p300 import fit_p300
from models.erp.single_trial import Kind
from models.erp.transfer import Labelled, fit_earlier

PERSON = EegPerson(response_uv=8.0)


def recorded(person: EegPerson, flashes: int, seed: int) -> Labelled:
    epochs, texts = epochs_of(person.raw(flashes, seed))
    return Labelled(epochs, np.array([text == "target" for text in texts]))


@pytest.fixture(scope="module")
def minute() -> Labelled:
    return recorded(PERSON, 70, 1)


@pytest.fixture(scope="module")
def later() -> Labelled:
    return recorded(PERSON, 500, 2)


@pytest.fixture(scope="module")
def others() -> list[Labelled]:
    """Two people with other amplifiers, whose responses are larger and smaller."""
    return [
        recorded(EegPerson(response_uv=12.0, gain=50.0), 300, 3),
        recorded(EegPerson(response_uv=8.0, rate_hz=500.0), 300, 4),
    ]


def auc(minute: Labelled, later: Labelled, earlier: list[Labelled]) -> float:
    model = fit_p300(minute.epochs, minute.target, earlier)
    return float(roc_auc_score(later.target, model.llr(later.epochs)))


def test_other_people_help_in_the_first_minute(
    minute: Labelled, later: Labelled, others: list[Labelled]
) -> None:
    assert auc(minute, later, others) > auc(minute, later, []) + 0.03


def test_people_who_respond_to_nothing_do_little_harm(minute: Labelled, later: Labelled) -> None:
    nobody = [recorded(EegPerson(response_uv=0.0), 300, 5)]
    assert auc(minute, later, nobody) > auc(minute, later, []) - 0.05


def test_recordings_that_do_not_fit_are_left_out(minute: Labelled, others: list[Labelled]) -> None:
    channels = minute.epochs.channels
    fewer = Labelled(others[0].epochs.of_channels(channels[:-1]), others[0].target)
    one_kind = replace(others[0], target=np.zeros(len(others[0].epochs), dtype=bool))
    dead = Labelled(
        Epochs(others[0].epochs.t, np.zeros_like(others[0].epochs.data), channels), others[0].target
    )
    assert fit_earlier([fewer, one_kind, dead], channels) == ()
    assert len(fit_earlier([fewer, others[1], dead], channels)) == 2


def test_what_was_taught_is_in_the_file(minute: Labelled, later: Labelled, others: list[Labelled]) -> None:
    model = fit_p300(minute.epochs, minute.target, others)
    assert model.shares[Kind.EARLIER] > 0.3
    assert sum(model.shares.values()) == pytest.approx(1.0)
    again = model_from_json(model_to_json(model))
    np.testing.assert_array_equal(again.llr(later.epochs), model.llr(later.epochs))
