"""What protects a person while keys flash: consent, breaks, rests, and an end of it when anything is wrong."""

from __future__ import annotations

import itertools

import pytest
from attending import ON, Attending

from assistive.boards.board import Action, Board, Rect, Target, TargetKind, Verb
from assistive.eeg.messages import (
    EegCalibrating,
    EegFitRequest,
    EegFitted,
    EegModelFound,
    EegSignal,
    ElectrodeSignal,
    FlashesBroken,
    ShowFlashes,
    StopFlashes,
)
from assistive.messages import Trouble, TroubleOver
from assistive.settings import Settings
from calibration.verdict import Verdict
from devices.samples import DeviceState, DeviceStatus
from models.erp.signal_level import SignalLevel

NO_CONSENT = ON.changed("eeg.flashing", False)


def flashing(settings: Settings = ON, *, seed: int = 1, separation: float = 1.8) -> Attending:
    """Somebody whose keys flash, and who waits for the letter g."""
    person = Attending(settings, seed=seed, separation=separation)
    person.eeg.start(person.t)
    person.wants = "letter:g"
    return person.wait(5.0)


def dark_for(person: Attending, seconds: float) -> bool:
    """Whether nothing flashes for so long."""
    before = len(person.flash_times)
    person.wait(seconds)
    return len(person.flash_times) == before


def status(person: Attending, state: DeviceState) -> DeviceStatus:
    return DeviceStatus(person.t, "eeg", state)


# ---------------------------------------------------------------- consent


def test_nothing_flashes_without_consent_and_who_asks_for_it_is_told_why() -> None:
    person = Attending(NO_CONSENT)
    person.eeg.start(person.t)
    person.eeg.calibrate(person.t, "calibrate")
    assert dark_for(person, 300.0)
    assert person.troubles == ["eeg-start", "eeg-start"]
    assert "agreed" in person.eeg.state(person.t).sentence


def test_consent_that_is_withdrawn_stops_the_sequence_in_the_middle() -> None:
    person = flashing()
    stops = len(person.of(StopFlashes))
    person.eeg.use(person.t, NO_CONSENT)
    assert len(person.of(StopFlashes)) == stops + 1
    assert dark_for(person, 600.0)
    person.eeg.use(person.t, ON)
    assert dark_for(person, 600.0), "consent alone starts nothing"
    person.eeg.start(person.t)
    assert not dark_for(person, 4.0)


def test_consent_that_is_withdrawn_ends_a_calibration() -> None:
    person = Attending()
    person.eeg.calibrate(person.t, "calibrate")
    person.eeg.take(EegSignal(person.t, (ElectrodeSignal("Cz", SignalLevel.GOOD),)))
    person.eeg.calibrate(person.t, "start")
    person.wait(3.0)
    assert person.of(ShowFlashes)
    person.eeg.use(person.t, NO_CONSENT)
    assert not person.eeg.calibrating.active
    assert dark_for(person, 60.0)


@pytest.mark.parametrize(
    ("settings", "verdict", "said"),
    [
        (ON.changed("eeg.source", "off"), None, "switched off"),
        (ON, None, "not calibrated"),
        (ON, Verdict.UNUSABLE, "does not help"),
    ],
)
def test_where_nothing_could_be_chosen_nothing_flashes_and_the_reason_is_told(
    settings: Settings, verdict: Verdict | None, said: str
) -> None:
    person = Attending(settings, verdict=verdict)
    person.eeg.start(person.t)
    assert dark_for(person, 200.0)
    (trouble,) = [one for one in person.of(Trouble) if one.key == "eeg-start"]
    assert said in trouble.what and trouble.works and trouble.todo
    assert said in person.eeg.state(person.t).sentence


def test_a_model_that_turns_out_unusable_stops_what_flashes() -> None:
    person = flashing()
    person.eeg.take(EegModelFound(person.t, Verdict.UNUSABLE, 0.5))
    assert dark_for(person, 200.0)
    assert person.troubles == ["eeg-start"]


# ---------------------------------------------------------------- limits


def test_after_two_minutes_there_is_a_break_and_then_it_goes_on_with_what_it_knows() -> None:
    person = Attending(separation=0.0, seed=3)
    person.eeg.start(person.t)
    person.wait(500.0)
    begin = person.flash_times[0]
    runs = 0
    for t, after in itertools.pairwise(person.flash_times):
        if after - t >= 15.0 - 1e-6:
            assert t - begin <= 120.0 + 1e-6
            begin, runs = after, runs + 1
    assert runs >= 2
    assert person.flash_times[-1] - begin <= 120.0 + 1e-6


def test_a_calibration_counts_towards_the_two_minutes() -> None:
    person = Attending()
    person.eeg.calibrate(person.t, "calibrate")
    person.eeg.take(EegSignal(person.t, (ElectrodeSignal("Cz", SignalLevel.GOOD),)))
    person.eeg.calibrate(person.t, "start")
    for _ in range(70):
        person.eeg.take(EegSignal(person.t, (ElectrodeSignal("Cz", SignalLevel.GOOD),)))
        person.wait(1.0)
    person.eeg.calibrate(person.t, "end")
    person.separation = 0.0
    person.eeg.start(person.t)
    person.wait(100.0)
    begin = person.flash_times[0]
    for t, after in itertools.pairwise(person.flash_times):
        begin = after if after - t >= 15.0 - 1e-6 else begin
        assert after - begin <= 120.0 + 1e-6


def test_who_means_nothing_is_left_in_peace_and_asked_once_a_minute() -> None:
    person = Attending()
    person.eeg.start(person.t)
    person.wait(60.0)
    assert not person.eeg.running and not person.chosen
    assert "rests" in person.eeg.state(person.t).sentence
    stopped = len(person.flash_times)
    person.wait(600.0)
    pauses = [b - a for a, b in itertools.pairwise(person.flash_times[stopped - 1 :]) if b - a > 1.0]
    assert 8 <= len(pauses) <= 10 and min(pauses) > 55.0
    plans = person.of(ShowFlashes)
    assert len(plans) <= 10 + 3 * 11
    assert not person.chosen and not person.troubles


def test_who_waits_for_a_key_then_is_heard_and_that_only_wakes() -> None:
    person = Attending(seed=2)
    person.eeg.start(person.t)
    person.wait(60.0)
    person.wants = "letter:g"
    while not person.eeg.running and person.t < 1000.0:
        person.wait(1.0)
    assert person.eeg.running and not person.chosen
    assert dark_for(person, 1.5)
    assert person.until_chosen("letter:g") == "letter:g"


def test_a_choice_in_another_way_starts_it_again_and_a_stop_is_a_stop() -> None:
    person = Attending()
    person.eeg.start(person.t)
    person.wait(60.0)
    person.eeg.start(person.t)
    assert person.eeg.running
    person.eeg.stop(person.t)
    assert dark_for(person, 600.0)
    assert person.eeg.deadline() is None


def test_a_key_of_the_caregiver_stops_it_at_once_and_for_good() -> None:
    person = flashing()
    person.eeg.caregiver_key(person.t)
    assert isinstance(person.said[-1], StopFlashes)
    assert dark_for(person, 600.0)
    assert "key" in person.eeg.state(person.t).sentence


def test_nothing_clear_for_a_while_lets_it_rest() -> None:
    person = Attending(separation=0.05, seed=4)
    person.eeg.start(person.t)
    person.wait(400.0)
    assert not person.eeg.running and not person.chosen
    assert "Nothing was clear" in person.eeg.state(person.t).sentence


# ---------------------------------------------------------------- what can be wrong


def test_eeg_that_is_lost_stops_it_and_it_goes_on_by_itself_when_it_is_back() -> None:
    person = flashing()
    person.eeg.device(status(person, DeviceState.LOST))
    assert person.troubles == ["eeg-lost"]
    assert isinstance(person.of(StopFlashes)[-1], StopFlashes)
    assert dark_for(person, 100.0)
    assert "gone" in person.eeg.state(person.t).sentence
    person.eeg.take(EegSignal(person.t, ()))
    assert dark_for(person, 10.0), "a late word about the signal is no EEG"
    person.eeg.device(status(person, DeviceState.RUNNING))
    assert TroubleOver(person.t, "eeg-lost") in person.said
    assert person.until_chosen("letter:g") == "letter:g"


def test_eeg_that_comes_back_starts_nothing_that_did_not_flash() -> None:
    person = Attending()
    person.eeg.device(status(person, DeviceState.LOST))
    person.eeg.device(status(person, DeviceState.RUNNING))
    assert dark_for(person, 60.0)
    person = flashing()
    person.eeg.device(status(person, DeviceState.LOST))
    person.eeg.stop(person.t)
    person.eeg.device(status(person, DeviceState.RUNNING))
    assert dark_for(person, 60.0)


def test_another_device_that_is_lost_does_not_matter() -> None:
    person = flashing()
    person.eeg.device(DeviceStatus(person.t, "webcam", DeviceState.LOST))
    assert not dark_for(person, 1.0)


def test_epochs_that_are_void_stop_it() -> None:
    person = flashing()
    person.eeg_works = False
    person.wait(20.0)
    assert not person.eeg.running
    assert person.troubles[0] == "eeg-poor"
    assert not person.chosen
    person.eeg_works = True
    while not person.eeg.running and person.t < 1000.0:
        person.wait(1.0)
    assert person.until_chosen("letter:g") == "letter:g"


def test_scores_that_never_come_are_void_too() -> None:
    person = flashing()
    person._answer = lambda *_: None  # type: ignore[method-assign]
    person.wait(70.0)
    assert person.troubles[0] == "eeg-poor"
    assert not person.chosen


def test_a_window_that_cannot_flash_is_told_and_asked_again_later() -> None:
    person = flashing()
    person.eeg.take(FlashesBroken(person.t, 999))
    assert person.eeg.running, "another sequence"
    person.eeg.take(FlashesBroken(person.t, person.of(ShowFlashes)[-1].number))
    assert person.troubles == ["eeg-broken"]
    assert dark_for(person, 50.0)
    assert not dark_for(person, 15.0)


def test_a_window_that_says_nothing_at_all_is_broken() -> None:
    person = flashing()
    person.window_works = False
    person.wait(5.0)
    assert person.troubles == ["eeg-broken"]


# ---------------------------------------------------------------- calibration and rest


def test_the_new_model_of_a_calibration_is_used_at_once() -> None:
    person = Attending(verdict=None)
    person.eeg.calibrate(person.t, "calibrate")
    signal = (ElectrodeSignal("Cz", SignalLevel.GOOD),)
    person.eeg.take(EegSignal(person.t, signal))
    person.eeg.calibrate(person.t, "start")
    numbers: list[int] = []
    while person.eeg.calibrating.active and person.t < 1000.0:
        person.eeg.take(EegSignal(person.t, signal))
        person.wait(1.0)
        asked = [one for one in person.of(EegFitRequest) if one.number not in numbers]
        for one in asked:
            numbers.append(one.number)
            person.eeg.take(EegFitted(person.t, one.number, Verdict.HELPS, 0.9, enough=True, flashes=99))
        if person.eeg.calibrating.view(person.t) and person.eeg.calibrating.view(person.t).verdict:
            person.eeg.calibrate(person.t, "use")
    assert person.of(EegFitRequest)[-1].last
    assert [one.on for one in person.of(EegCalibrating)] == [True, False]
    person.eeg.take(EegModelFound(person.t, Verdict.HELPS, 0.9))
    assert person.eeg.running
    assert person.until_chosen("letter:g") == "letter:g"


def test_a_calibration_stops_what_flashes() -> None:
    person = flashing()
    person.eeg.calibrate(person.t, "calibrate")
    assert not person.eeg.running
    person.eeg.start(person.t)
    assert not person.eeg.running
    assert dark_for(person, 60.0)


def test_the_page_rest_flashes_wake_and_help_only_and_then_rests_too() -> None:
    wake = Target("wake", TargetKind.FUNCTION, "wake", Rect(0.1, 0.2, 0.3, 0.6), Action(Verb.WAKE))
    help_now = Target("help", TargetKind.HELP, "help", Rect(0.6, 0.2, 0.3, 0.6), Action(Verb.HELP))
    person = flashing()
    person.wants = ""
    person.show(Board("rest", (wake, help_now)))
    plans = len(person.of(ShowFlashes))
    person.wait(30.0)
    flashed = {name for plan in person.of(ShowFlashes)[plans:] for flash in plan.flashes for name in flash}
    assert flashed == {"wake", "help"}
    assert not person.eeg.running
    while not person.eeg.running and person.t < 2000.0:
        person.wants = "wake"
        person.wait(1.0)
    assert person.until_chosen("wake") == "wake"
