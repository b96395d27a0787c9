"""EEG and onsets go in; what each flash says, what a calibration found, and what is wrong come out."""

from __future__ import annotations

import math
import shutil
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cap_on import HZ, SEQUENCE, WANTED, CapOn
from eeg_person import CHANNELS, EegPerson
from sklearn.metrics import roc_auc_score

from assistive.eeg import learning
from assistive.eeg.fitting import P300Request
from assistive.eeg.listener import EegListener
from assistive.eeg.messages import (
    EegCalibrating,
    EegCalibrationFound,
    EegFitRequest,
    EegFitted,
    EegModelFound,
    EegSignal,
    FlashScored,
    FlashShown,
    ShowFlashes,
)
from assistive.messages import Trouble, TroubleOver
from assistive.settings import Settings
from calibration.verdict import Verdict
from devices.clock import VirtualClock
from devices.samples import DeviceState, DeviceStatus, EegChunk
from models.erp.signal_level import Fault, SignalLevel

PERSON = EegPerson(response_uv=14.0)


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[object]]:
    """The folder of a person who has calibrated, and all that was posted meanwhile."""
    folder = tmp_path_factory.mktemp("eeg") / "eeg"
    cap = CapOn(folder)
    cap.rest(4.5)
    cap.calibrate(PERSON, last=False)
    cap.wait(EegFitted)
    cap.listener.outgoing(EegFitRequest(cap.clock.now(), 2, last=True))
    cap.listener.outgoing(EegCalibrating(cap.clock.now(), False))
    cap.wait(EegFitted)
    cap.wait(EegModelFound)
    cap.close()
    return folder, cap.all


@pytest.fixture
def copy(calibrated: tuple[Path, list[object]], tmp_path: Path) -> Path:
    """That folder, to do with what one likes."""
    return Path(shutil.copytree(calibrated[0], tmp_path / "eeg"))


@pytest.fixture
def cap(tmp_path: Path) -> Iterator[CapOn]:
    """Somebody who has never calibrated."""
    cap = CapOn(tmp_path / "eeg")
    yield cap
    cap.close()


# ---------------------------------------------------------------- the calibration


def test_a_calibration_ends_with_what_it_is_worth(calibrated: tuple[Path, list[object]]) -> None:
    folder, posted = calibrated
    first, second = [message for message in posted if isinstance(message, EegFitted)]
    assert first.verdict is Verdict.HELPS and first.why.startswith("EEG helps")
    assert first.auc > 0.85 and first.flashes == 204
    assert first.expected_error == pytest.approx(first.observed_error, abs=0.05)
    assert len(first.reliability) == 8 and first.reliability[-1][1] > 0.9
    # The last one is about the same flashes.
    assert (second.number, second.auc) == (2, first.auc)
    nothing, found = [message for message in posted if isinstance(message, EegModelFound)]
    assert (nothing.verdict, nothing.problem) == (None, "")
    assert found.verdict is Verdict.HELPS and found.age_s < 60
    assert not [message for message in posted if isinstance(message, Trouble)]
    [own] = folder.iterdir()
    assert sorted(path.name[:7] for path in own.iterdir()) == ["model.j", "session"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in own.iterdir())
    assert stat.S_IMODE(own.stat().st_mode) == 0o700


def test_what_other_people_agreed_to_share_is_learned_from(
    calibrated: tuple[Path, list[object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = tmp_path / "eeg" / "others"
    others.mkdir(parents=True)
    [session] = calibrated[0].glob("eeg-*/session-*.npz")
    shutil.copy(session, others / "ann.npz")
    (others / "damaged.npz").write_bytes(session.read_bytes()[:200])
    asked: list[P300Request] = []

    def noted(*what: Any) -> P300Request:
        asked.append(P300Request(*what))
        return asked[-1]

    monkeypatch.setattr(learning, "P300Request", noted)
    cap = CapOn(tmp_path / "eeg")
    cap.rest(4.5)
    cap.calibrate(EegPerson(response_uv=6.0), last=True)
    assert cap.wait(EegFitted).verdict is not None
    cap.close()
    [request] = asked
    [shared] = request.earlier
    assert shared.epochs.channels == CHANNELS and shared.target.sum() > 15


def test_the_next_day_the_flashes_that_are_waited_for_stand_out(copy: Path) -> None:
    cap = CapOn(copy)
    cap.rest(1.0)
    found = cap.wait(EegModelFound)
    assert found.verdict is Verdict.HELPS and found.auc > 0.85
    scored, target, _ = cap.flash(PERSON, 96, seed=9)
    assert [(one.number, one.index) for one in scored] == [divmod(i, SEQUENCE) for i in range(SEQUENCE, 108)]
    llr = np.array([one.llr for one in scored])
    assert roc_auc_score(target, llr) > 0.85
    assert llr[np.array(target)].mean() > 1.0 > -0.5 > llr[~np.array(target)].mean()
    cap.close()


def test_the_delay_of_the_screen_counts(copy: Path) -> None:
    aucs = {}
    for delay_ms in (0.0, 100.0):
        cap = CapOn(copy, Settings().changed("eeg.delay_ms", delay_ms))
        cap.rest(1.0)
        cap.wait(EegModelFound)
        scored, target, _ = cap.flash(PERSON, 96, seed=9)
        aucs[delay_ms] = roc_auc_score(target, [one.llr for one in scored])
        cap.close()
    assert aucs[100.0] < aucs[0.0] - 0.1


def test_who_does_not_respond_is_told_so(tmp_path: Path) -> None:
    cap = CapOn(tmp_path)
    cap.rest(4.5)
    cap.calibrate(EegPerson(response_uv=0.0))
    assert cap.wait(EegFitted).verdict is Verdict.UNUSABLE
    found = cap.wait(EegModelFound)
    assert found.verdict is Verdict.UNUSABLE and "does not help now" in found.why
    cap.close()


def test_a_calibration_that_is_broken_off_is_gone_on_with(tmp_path: Path) -> None:
    cap = CapOn(tmp_path)
    cap.rest(1.0)
    cap.listener.outgoing(EegCalibrating(cap.clock.now(), True))
    cap.flash(PERSON, 60, seed=3, wanted=WANTED)
    cap.listener.outgoing(EegCalibrating(cap.clock.now(), False))
    assert cap.wait(EegCalibrationFound).rounds == 1
    cap.close()

    again = CapOn(tmp_path, t=7.0)
    again.rest(1.0)
    assert again.wait(EegCalibrationFound).rounds == 1
    again.calibrate(PERSON, 144, resumed=True)
    assert again.wait(EegFitted).flashes == 204
    assert again.wait(EegCalibrationFound).rounds == 0
    again.close()


def test_too_few_flashes_are_no_verdict(cap: CapOn) -> None:
    cap.rest(1.0)
    cap.calibrate(PERSON, 12)
    fitted = cap.wait(EegFitted)
    assert fitted.verdict is None and "Too few flashes" in fitted.why


def test_a_calibration_without_eeg_is_no_verdict(cap: CapOn) -> None:
    cap.listener.outgoing(EegCalibrating(1.0, True))
    cap.listener.outgoing(EegFitRequest(1.0, 5))
    fitted = cap.wait(EegFitted)
    assert fitted.number == 5 and fitted.verdict is None and "No EEG" in fitted.why


def test_other_electrodes_in_the_middle_are_said_and_nothing_is_mixed(cap: CapOn) -> None:
    cap.rest(1.0)
    cap.listener.outgoing(EegCalibrating(cap.clock.now(), True))
    cap.flash(PERSON, 60, seed=1, wanted=WANTED)
    cap.rest(1.0, channels=("Cz", "Pz"), gap=True)
    assert "electrodes" in cap.wait(Trouble).what
    cap.listener.outgoing(EegFitRequest(cap.clock.now(), 1))
    assert cap.wait(EegFitted).verdict is None


# ---------------------------------------------------------------- the model on disk


def test_with_other_electrodes_the_model_is_not_used_and_it_is_said(copy: Path) -> None:
    cap = CapOn(copy)
    cap.rest(1.0, channels=("Cz", "Pz"))
    found = cap.wait(EegModelFound)
    assert found.verdict is None and "other electrodes" in found.problem
    cap.close()


def test_a_damaged_model_is_set_aside(copy: Path) -> None:
    [path] = copy.glob("*/model.json")
    path.write_bytes(path.read_bytes()[:5000])
    cap = CapOn(copy)
    cap.rest(1.0)
    found = cap.wait(EegModelFound)
    assert found.verdict is None and "set aside" in found.problem
    assert list(copy.glob("*/model.json.aside-*"))
    cap.close()


def test_a_full_disk_is_said_and_the_model_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [True]

    def write(path: Path, data: bytes) -> None:
        if full[0]:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("assistive.eeg.keeper.write_atomically", write)
    cap = CapOn(tmp_path)
    cap.rest(4.5)
    cap.calibrate(PERSON)
    trouble = cap.wait(Trouble)
    assert "the disk is full" in trouble.what and trouble.works and trouble.todo
    assert cap.wait(EegModelFound).verdict is Verdict.HELPS
    scored, target, _ = cap.flash(PERSON, 96, seed=9)
    assert roc_auc_score(target, [one.llr for one in scored]) > 0.8
    full[0] = False
    cap.calibrate(PERSON, 12, last=False)
    cap.wait(TroubleOver)
    cap.close()


def test_a_fit_that_dies_has_an_answer(cap: CapOn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistive.eeg.fitting.LONGEST_S", 0.0)
    cap.rest(1.0)
    cap.calibrate(PERSON, 60)
    fitted = cap.wait(EegFitted)
    assert fitted.verdict is None and "nothing has changed" in fitted.why


# ---------------------------------------------------------------- it learns from choices


def test_what_choices_confirm_is_learned_and_used_if_it_is_no_worse(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistive.eeg.training.CHOICES", 3)
    cap = CapOn(copy)
    cap.rest(1.0)
    before = cap.wait(EegModelFound)
    [session] = copy.glob("*/session-*.npz")
    size = session.stat().st_size
    _, _, numbers = cap.flash(EegPerson(response_uv=20.0), 120, seed=11)
    cap.judge(numbers[6:8], right=False)
    for choice in range(3):
        cap.judge(numbers[2 * choice : 2 * choice + 2])
    after = cap.wait(EegModelFound)
    assert after.auc >= before.auc - learning.WORSE
    assert after.age_s >= before.age_s
    cap.close()
    assert session.stat().st_size > size


def test_what_would_be_worse_is_not_used(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistive.eeg.training.CHOICES", 3)
    asked: list[float] = []
    cap = CapOn(copy)
    cap.rest(1.0)
    cap.wait(EegModelFound)
    [model] = copy.glob("*/model.json")
    kept = model.read_bytes()
    # Nobody waited for these.
    _, _, numbers = cap.flash(EegPerson(response_uv=0.0), 204, seed=12)
    adapted = learning.Learning._adapted

    def watched(self: learning.Learning, request: object, fit: object) -> None:
        adapted(self, request, fit)  # type: ignore[arg-type]
        cap.posted.put(asked)

    monkeypatch.setattr(learning.Learning, "_adapted", watched)
    for choice in range(3):
        cap.judge(numbers[5 * choice : 5 * choice + 5])
    assert cap.wait(list) is asked
    cap.close()
    assert len(cap.of(EegModelFound)) == 1
    assert model.read_bytes() == kept


# ---------------------------------------------------------------- loss


def test_flashes_over_a_gap_say_nothing(copy: Path) -> None:
    cap = CapOn(copy)
    cap.rest(1.0)
    cap.wait(EegModelFound)
    # From 5.0 s to 5.5 s: flashes from 4.2 s on reach into it.
    scored, _, _ = cap.flash(PERSON, 60, seed=9, lose=lambda chunk: 50 <= chunk < 55)
    void = {one.index + SEQUENCE * (one.number - 1) for one in scored if math.isnan(one.llr)}
    assert void == set(range(17, 23)) or void == set(range(16, 23))
    cap.rest(2.0)
    assert cap.wait(EegSignal).kept_epochs == pytest.approx(1.0 - len(void) / 60)
    cap.close()


def test_without_a_model_every_flash_is_answered_all_the_same(cap: CapOn) -> None:
    cap.rest(1.0)
    scored, _, _ = cap.flash(PERSON, 24, seed=2)
    assert len(scored) == 24 and all(math.isnan(one.llr) for one in scored)


def test_a_lost_amplifier_makes_what_is_waiting_void_at_once(cap: CapOn) -> None:
    cap.rest(1.0)
    cap.listener.outgoing(ShowFlashes(cap.clock.now(), 1, (("a",),), 0.1, 0.2))
    cap.listener.shown(FlashShown(cap.clock.now(), 1, 0))
    cap.listener.sample(DeviceStatus(cap.clock.now(), "eeg", DeviceState.LOST))
    assert math.isnan(cap.wait(FlashScored).llr)


def test_samples_that_do_not_come_are_not_waited_for(cap: CapOn) -> None:
    cap.listener.shown(FlashShown(cap.clock.now(), 1, 0))
    cap.clock.advance(3.0)
    assert math.isnan(cap.wait(FlashScored).llr)


def test_a_listener_that_cannot_keep_up_drops_the_oldest_and_no_epoch_reaches_over_it(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistive.eeg.listener.WAITING_CHUNKS", 30)
    gaps: list[tuple[float, bool]] = []
    busy, free = threading.Event(), threading.Event()

    class Hearing:
        def __init__(self, *_: object) -> None:
            busy.set()
            free.wait(30.0)

        def chunk(self, chunk: EegChunk) -> None:
            gaps.append((float(chunk.t[0]), chunk.gap))

        def tick(self) -> None: ...

        def close(self, timeout_s: float) -> bool:
            return True

    monkeypatch.setattr("assistive.eeg.hearing.Hearing", Hearing)
    listener = EegListener(copy, lambda message: None, VirtualClock(), str, Settings())
    listener.sample(EegChunk(np.array([0.0]), np.zeros((1, 1), np.float32), ("Cz",), HZ, True))
    assert busy.wait(30.0)
    for number in range(1, 101):
        listener.sample(EegChunk(np.array([float(number)]), np.zeros((1, 1), np.float32), ("Cz",), HZ))
    free.set()
    while len(gaps) < 31:
        assert free.wait(1.0)
    listener.close(30.0)
    assert gaps == [(0.0, True), (71.0, True), *((float(n), False) for n in range(72, 101))]


# ---------------------------------------------------------------- the signal


def test_bad_electrodes_are_told_once_a_second(cap: CapOn) -> None:
    noise = np.random.default_rng(1).normal(0.0, 8.0, (1250, len(CHANNELS)))
    noise += np.random.default_rng(2).normal(0.0, 8.0, (1250, 1))
    noise[:, 2] = 0.0
    for start in range(0, len(noise), 25):
        cap.eeg(noise[start : start + 25])
    told = [cap.wait(EegSignal) for _ in range(5)]
    assert told[0].electrodes == ()  # too short to judge
    pz = told[-1].electrodes[2]
    assert (pz.channel, pz.level, pz.faults) == ("Pz", SignalLevel.BAD, (Fault.FLAT,))
    assert all(one.level is not SignalLevel.BAD for one in told[-1].electrodes if one.channel != "Pz")


def test_what_is_not_about_eeg_is_passed_over(tmp_path: Path) -> None:
    listener = EegListener(tmp_path / "eeg", print, VirtualClock(), str, Settings())
    listener.outgoing("something else")
    listener.shown(DeviceStatus(0.0, "eeg", DeviceState.LOST))
    assert listener.close(10.0)
    assert not (tmp_path / "eeg").exists()
