"""Outcomes of the person's own choices teach what an error looks like, over many sittings (made-up EEG)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cap_on import HZ, CapOn
from eeg_person import EegPerson

from assistive.eeg.epoch_file import EpochFile, from_path, to_bytes
from assistive.eeg.keeper import EegKeeper
from assistive.eeg.kept import Montage
from assistive.eeg.messages import ChoiceJudged, EegModelFound, OutcomeScored, OutcomeShown, ShowOutcome
from assistive.eeg.training import FEWEST_RIGHT, FEWEST_WRONG, Outcomes
from assistive.messages import Trouble
from models.erp.epochs import TIMES_S, Epochs
from models.erp.errp import ErrpModel

# One in six outcomes is wrong, and the person sees it.
PERSON = EegPerson(response_uv=16.0, soa_s=1.0)


def choose(cap: CapOn, count: int, seed: int, *, judge: bool = True) -> list[bool]:
    """So many choices are shown, and judged at once; return which were wrong."""
    data, onsets, wrong = PERSON.samples(count, seed)
    begin = cap.clock.now()
    for number in range(count):
        cap.listener.outgoing(ShowOutcome(begin, number, "word:0", 0.85, 0.5))
        if judge:
            cap.listener.outgoing(ChoiceJudged(begin, number, (), "word:0", not wrong[number]))
        cap.listener.shown(OutcomeShown(begin + onsets[number], number))
        start = 0 if number == 0 else round(onsets[number] * HZ)
        cap.eeg(data[start : round((onsets[number] + 1.0) * HZ)])
    return wrong


def test_after_enough_of_both_kinds_errors_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cap = CapOn(tmp_path)
    cap.rest(0.5)
    cap.wait(EegModelFound)
    choose(cap, 120, seed=1)
    cap.close()
    [kept] = tmp_path.glob("*/outcomes.npz")
    file = from_path(kept)
    assert len(file.label) == 120 and FEWEST_WRONG <= file.label.sum() <= 120 - FEWEST_RIGHT

    again = CapOn(tmp_path)
    keep = EegKeeper.keep_errp

    def kept_errp(keeper: EegKeeper, montage: Montage, model: ErrpModel) -> None:
        keep(keeper, montage, model)
        again.posted.put(model)

    monkeypatch.setattr(EegKeeper, "keep_errp", kept_errp)
    again.rest(0.5)
    again.wait(EegModelFound)
    choose(again, 12, seed=2)
    again.wait(ErrpModel)
    wrong = choose(again, 48, seed=3, judge=False)
    scored = [again.wait(OutcomeScored) for _ in range(40)]
    p_wrong = np.array([one.p_wrong for one in scored])
    were = np.array([wrong[one.number] for one in scored])
    assert p_wrong[were].mean() > 0.2 + p_wrong[~were].mean()
    # With fewer than 149 right ones nothing can be promised.
    assert not any(one.offers_undo for one in scored)
    again.close()
    assert not again.of(Trouble)
    assert list(tmp_path.glob("*/errp.json"))


def test_too_few_outcomes_tell_nothing(tmp_path: Path) -> None:
    cap = CapOn(tmp_path)
    cap.rest(0.5)
    cap.wait(EegModelFound)
    choose(cap, 36, seed=1)
    cap.close()
    assert not cap.of(OutcomeScored)
    assert not list(tmp_path.glob("*/errp.json"))


def test_an_outcome_that_is_judged_twice_counts_once() -> None:
    outcomes = Outcomes()
    outcomes.judged(ChoiceJudged(0.0, 1, (), "a", True))
    outcomes.judged(ChoiceJudged(0.0, 1, (), "a", False))
    assert outcomes.file is None and not outcomes.enough


@pytest.mark.parametrize("cut", [0, 40, 400])
def test_a_damaged_file_of_epochs_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "outcomes.npz"
    epochs = Epochs(np.array([1.0, 2.0]), np.zeros((2, 6, len(TIMES_S))), ("a", "b", "c", "d", "e", "é"))
    whole = to_bytes(EpochFile(epochs, np.array([True, False]), np.zeros(2), {"rounds": 3.0}))
    path.write_bytes(whole)
    assert from_path(path).numbers == {"rounds": 3.0}
    assert from_path(path).epochs.channels[-1] == "é"
    path.write_bytes(whole[:cut])
    with pytest.raises(ValueError):
        from_path(path)
