"""A calibration by EEG from its first page to its verdict, with a window, an amplifier and a worker that play along."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count, pairwise
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistive.eeg.calibrating import LONGEST_RUN_S, REST_S, RESULT_S, Calibrating, Heard, Sent
from assistive.eeg.calibration_view import EegCalibrationView, EegPhase
from assistive.eeg.fits import FIT_S
from assistive.eeg.messages import (
    EegCalibrating,
    EegFitRequest,
    EegFitted,
    EegShown,
    EegSignal,
    ElectrodeSignal,
    FlashesBroken,
    FlashScored,
    FlashShown,
    ShowFlashes,
    StopFlashes,
)
from assistive.eeg.rounds import KEYS, MOST_ROUNDS, wanted_key
from assistive.i18n import translator
from calibration.verdict import Verdict
from devices.samples import DeviceState, DeviceStatus
from models.erp.signal_level import Fault, SignalLevel

HELPS = EegFitted(
    0.0,
    0,
    Verdict.HELPS,
    auc=0.85,
    enough=True,
    why="It helps.",
    expected_error=0.05,
    observed_error=0.06,
    reliability=((0.9, 0.88),),
)
UNUSABLE = EegFitted(0.0, 0, Verdict.UNUSABLE, auc=0.52, why="No response can be seen.")
GOOD = (ElectrodeSignal("Cz", SignalLevel.GOOD), ElectrodeSignal("Pz", SignalLevel.GOOD))
BAD = tuple(ElectrodeSignal(name, SignalLevel.BAD, (Fault.FLAT,)) for name in ("Cz", "Pz"))
SOA_S = 0.2

Kind = TypeVar("Kind")
Worker = Callable[[int], EegFitted | None]
"""What is found after so many rounds; None: no answer."""


@dataclass
class Room:
    """All that is around a calibration."""

    worker: Worker = lambda rounds: HELPS
    fit_s: float = 4.0
    t: float = 100.0
    sent: list[Sent] = field(default_factory=list)
    electrodes: tuple[ElectrodeSignal, ...] = GOOD
    kept_epochs: float = 1.0
    amplifier: bool = True
    window: bool = True
    flashed: list[tuple[float, str]] = field(default_factory=list)  # when, and what was waited for

    def __post_init__(self) -> None:
        numbers = count(1)
        self.calibrating = Calibrating(self._sent, str, lambda: next(numbers))
        self._playing: list[tuple[float, ShowFlashes, int]] = []
        self._answers: list[tuple[float, EegFitted]] = []
        self._told_at = -math.inf

    def _sent(self, message: Sent) -> None:
        self.sent.append(message)
        match message:
            case ShowFlashes():
                free = self._playing[-1][0] + message.soa_s if self._playing else self.t + 0.02
                for index in range(len(message.flashes)):
                    self._playing.append((free + index * message.soa_s, message, index))
            case StopFlashes():
                self._playing.clear()
            case EegFitRequest():
                answer = self.worker(self.view.done if self.view is not None else 0)
                if answer is not None:
                    at = self.t + self.fit_s
                    self._answers.append((at, replace(answer, t=at, number=message.number)))

    @property
    def view(self) -> EegCalibrationView | None:
        """What is shown now."""
        return self.calibrating.view(self.t)

    def shown(self) -> EegCalibrationView:
        """What is shown now; something is."""
        assert self.view is not None
        return self.view

    def of(self, kind: type[Kind]) -> list[Kind]:
        """The messages of one kind, in order."""
        return [message for message in self.sent if isinstance(message, kind)]

    def begin(self, resumed: int = 0) -> None:
        """The first page is shown, and EEG comes in."""
        self.calibrating.begin(self.t, SOA_S, resumed, may_flash=True)
        self._pass()

    def choose(self, what: str) -> None:
        """Somebody chooses this."""
        self.calibrating.choose(self.t, what)

    def until(self, *phases: EegPhase | None, longest_s: float = 400.0) -> None:
        """Let the time pass until one of these phases is there."""
        end = self.t + longest_s
        while self.calibrating.phase not in phases:
            assert self.t < end, f"still {self.calibrating.phase}"
            self._pass()

    def wait(self, seconds: float) -> None:
        """Let the time pass."""
        end = self.t + seconds
        while self.t < end:
            self._pass()

    def _pass(self) -> None:
        self.t = round(self.t + 0.05, 3)
        if self.amplifier and self.t >= self._told_at + 1.0:
            self._told_at = self.t
            self.calibrating.take(EegSignal(self.t, self.electrodes, self.kept_epochs))
        while self.window and self._playing and self._playing[0][0] <= self.t:
            at, sequence, index = self._playing.pop(0)
            self.flashed.append((at, sequence.wanted))
            self.calibrating.take(FlashShown(at, sequence.number, index))
            self.calibrating.take(FlashScored(self.t, sequence.number, index, math.nan))
        while self._answers and self._answers[0][0] <= self.t:
            self.calibrating.take(self._answers.pop(0)[1])
        deadline = self.calibrating.deadline()
        if deadline is not None and deadline <= self.t:
            self.calibrating.tick(self.t)


def test_a_person_is_led_through_it_and_it_ends_as_soon_as_that_is_enough() -> None:
    room = Room()
    room.begin()
    assert room.shown().phase is EegPhase.READY and not room.of(EegCalibrating)
    began = room.t
    room.choose("start")
    assert room.of(EegCalibrating) == [EegCalibrating(began, True)]
    assert room.shown().phase is EegPhase.CUE and "Look at A" in room.shown().sentence
    assert not room.flashed, "what to look at is told before something flashes"
    room.until(EegPhase.RESULT)

    assert room.shown().done == 4, "the fit after the third round said so while the fourth went on"
    assert room.t - began < 75.0
    assert room.shown().verdict is Verdict.HELPS and room.shown().sentence == "It helps."
    assert room.shown().reliability == ((0.9, 0.88),) and room.shown().errors == (0.05, 0.06)
    room.choose("use")
    assert [request.last for request in room.of(EegFitRequest)] == [False, False, True]
    assert room.sent[-2:] == [EegCalibrating(room.t, False), EegShown(room.t, None)]
    assert not room.calibrating.active and room.calibrating.deadline() is None


def test_each_round_is_ten_seconds_of_one_letter_and_a_moment_to_blink() -> None:
    room = Room()
    room.begin()
    room.choose("start")
    for number in range(3):
        room.until(EegPhase.FLASHING)
        assert room.shown().wanted == wanted_key(number)
        room.until(EegPhase.BREAK)
        assert (
            "Blink" in room.shown().sentence and room.shown().wanted == "" and room.shown().done == number + 1
        )
        room.until(EegPhase.CUE)
    for number in range(3):
        times = [t for t, wanted in room.flashed if wanted == wanted_key(number)]
        assert 9.0 <= times[-1] - times[0] <= 12.0
    sequences = [message for message in room.sent if isinstance(message, ShowFlashes)]
    assert [message.number for message in sequences] == list(range(1, len(sequences) + 1))
    assert all(message.on_s == pytest.approx(0.1) and message.soa_s == SOA_S for message in sequences)
    assert {key for message in sequences for flash in message.flashes for key in flash} == set(KEYS)


def test_the_board_is_told_nothing_while_something_flashes() -> None:
    room = Room()
    room.begin()
    room.choose("start")
    room.until(EegPhase.FLASHING)
    told = len(room.of(EegShown))
    room.wait(5.0)
    assert room.shown().phase is EegPhase.FLASHING and len(room.of(EegShown)) == told


def test_what_is_never_enough_is_called_unusable_and_nothing_else() -> None:
    room = Room(worker=lambda rounds: UNUSABLE)
    room.begin()
    room.choose("start")
    room.until(EegPhase.RESULT)

    assert room.shown().done == room.shown().most == MOST_ROUNDS
    assert room.shown().verdict is Verdict.UNUSABLE and room.shown().sentence == "No response can be seen."
    asked = [request.last for request in room.of(EegFitRequest)]
    assert asked == [False] * 6, "after the rounds 3, 5, 7, 9, 11, and 12"
    room.choose("use")
    assert room.shown().phase is EegPhase.RESULT, "it cannot be used"
    assert "the board comes back in 60 s" in room.shown().note
    room.until(None)
    assert not any(request.last for request in room.of(EegFitRequest))
    assert room.of(EegCalibrating)[-1] == EegCalibrating(room.t, False)


def test_eyes_rest_after_at_most_two_minutes_of_flashes() -> None:
    room = Room(worker=lambda rounds: UNUSABLE)
    room.begin()
    room.choose("start")
    room.until(EegPhase.RESULT)

    times = [t for t, _ in room.flashed]
    rests = [late for early, late in pairwise(times) if late - early >= REST_S]
    assert len(rests) == 1
    for begin, end in pairwise([times[0], *rests, math.inf]):
        run = [t for t in times if begin <= t < end]
        assert run[-1] - run[0] <= LONGEST_RUN_S
    assert "rest" in next(v.sentence for v in views(room) if v.phase is EegPhase.BREAK and "15" in v.sentence)


def test_what_flashed_before_it_is_part_of_the_same_run() -> None:
    room = Room()
    room.calibrating.begin(room.t, SOA_S, may_flash=True, lit=(room.t - 110.0, room.t - 1.0))
    room.wait(1.0)
    room.choose("start")
    assert room.shown().phase is EegPhase.BREAK and "rest" in room.shown().sentence
    room.until(EegPhase.CUE)
    assert room.flashed == []


def test_after_a_rest_that_was_long_enough_it_begins_at_once() -> None:
    room = Room()
    room.calibrating.begin(room.t, SOA_S, may_flash=True, lit=(room.t - 110.0, room.t - REST_S))
    room.wait(1.0)
    room.choose("start")
    assert room.shown().phase is EegPhase.CUE


def views(room: Room) -> Iterator[EegCalibrationView]:
    """All that was shown, in order."""
    for message in room.sent:
        if isinstance(message, EegShown) and message.view is not None:
            yield message.view


@pytest.mark.parametrize(("found", "used"), [(HELPS, True), (UNUSABLE, False)])
def test_a_person_alone_is_told_what_happens_by_itself_and_it_does(found: EegFitted, used: bool) -> None:
    room = Room(worker=lambda rounds: replace(found, enough=True))
    room.begin()
    room.choose("start")
    room.until(EegPhase.RESULT)
    came = room.t
    room.wait(RESULT_S - 5.0)
    told = [view.note for view in views(room) if view.phase is EegPhase.RESULT]
    assert [note.split(" in ")[1] for note in told] == [f"{s} seconds." for s in (60, 50, 40, 30, 20, 10)]
    assert all(("it is used" in note) is used for note in told)
    room.until(None)
    assert room.t - came == pytest.approx(RESULT_S, abs=0.2)
    assert any(request.last for request in room.of(EegFitRequest)) is used


@pytest.mark.parametrize("phase", [EegPhase.CUE, EegPhase.FLASHING, EegPhase.BREAK])
def test_a_pause_stops_it_at_once_and_it_goes_on_with_the_same_letter(phase: EegPhase) -> None:
    room = Room()
    room.begin()
    room.choose("start")
    room.until(EegPhase.BREAK)
    room.until(phase)
    done, flashed = room.shown().done, len(room.flashed)
    room.choose("pause")
    assert (room.sent[-2:-1] == [StopFlashes(room.t)]) is (phase is EegPhase.FLASHING)
    room.wait(60.0)
    assert room.shown().phase is EegPhase.PAUSED and len(room.flashed) == flashed
    assert room.calibrating.deadline() is None
    room.choose("go_on")
    assert (room.shown().phase, room.shown().done, room.shown().wanted) == (
        EegPhase.CUE,
        done,
        wanted_key(done),
    )
    room.until(EegPhase.RESULT)


def test_an_amplifier_that_is_lost_pauses_it_and_says_why_until_it_is_back() -> None:
    room = Room()
    room.begin()
    room.choose("start")
    room.until(EegPhase.FLASHING)
    room.amplifier = False
    room.until(EegPhase.PAUSED, longest_s=5.0)
    assert "No EEG comes in" in room.shown().sentence and room.sent[-2] == StopFlashes(room.t)
    room.choose("go_on")
    assert room.shown().phase is EegPhase.PAUSED, "not without EEG"
    room.amplifier = True
    room.wait(1.0)
    room.choose("go_on")
    room.until(EegPhase.RESULT)


def test_a_driver_that_says_so_pauses_it_at_once() -> None:
    room = Room()
    room.begin()
    room.choose("start")
    room.until(EegPhase.FLASHING)
    room.calibrating.take(DeviceStatus(room.t, "eeg", DeviceState.LOST))
    assert room.shown().phase is EegPhase.PAUSED


def test_nothing_begins_without_eeg() -> None:
    room = Room(amplifier=False)
    room.begin()
    assert "No EEG comes in yet" in room.shown().note
    room.choose("start")
    assert room.shown().phase is EegPhase.READY and not room.of(EegCalibrating)
    room.amplifier = True
    room.wait(1.0)
    assert "minutes" in room.shown().note
    room.amplifier = False
    room.wait(5.0)
    assert "No EEG comes in yet" in room.shown().note


def test_electrodes_that_come_off_pause_it_once_and_are_named() -> None:
    room = Room()
    room.begin()
    room.choose("start")
    room.until(EegPhase.FLASHING)
    room.electrodes = BAD
    room.until(EegPhase.PAUSED, longest_s=2.0)
    assert "Cz, Pz" in room.shown().sentence
    room.choose("go_on")
    room.until(EegPhase.RESULT)
    assert len([view for view in views(room) if view.phase is EegPhase.PAUSED]) == 1, (
        "it was gone on with as it is"
    )


def test_restless_eeg_pauses_it_after_the_round_which_counts() -> None:
    room = Room(kept_epochs=0.5)
    room.begin()
    room.choose("start")
    room.until(EegPhase.PAUSED)
    assert "restless" in room.shown().sentence and room.shown().done == 1
    room.choose("go_on")
    room.until(EegPhase.PAUSED)
    assert room.shown().done == 2
    room.kept_epochs = 1.0
    room.choose("go_on")
    room.until(EegPhase.RESULT)


def test_a_window_that_cannot_flash_pauses_it() -> None:
    room = Room()
    room.begin()
    room.choose("start")
    room.until(EegPhase.FLASHING)
    number = room.of(ShowFlashes)[0].number
    room.calibrating.take(FlashesBroken(room.t, number + 999))
    assert room.shown().phase is EegPhase.FLASHING, "that is nothing of this"
    room.calibrating.take(FlashesBroken(room.t, number))
    assert room.shown().phase is EegPhase.PAUSED and "window" in room.shown().sentence


def test_a_window_that_says_nothing_pauses_it_too() -> None:
    room = Room(window=False)
    room.begin()
    room.choose("start")
    room.until(EegPhase.PAUSED, longest_s=30.0)
    assert "window" in room.shown().sentence


def test_one_that_was_broken_off_is_gone_on_with_where_it_was() -> None:
    room = Room()
    room.begin(resumed=5)
    assert room.shown().resumable == 5 and "5 of at most 12" in room.shown().note
    room.choose("go_on")
    assert room.of(EegCalibrating) == [EegCalibrating(room.t, True, resumed=True)]
    assert room.shown().done == 5 and room.shown().wanted == wanted_key(5)
    assert room.of(EegFitRequest), "what is there may be enough"
    room.until(EegPhase.RESULT)
    assert room.shown().done <= 6


def test_or_from_the_beginning() -> None:
    room = Room()
    room.begin(resumed=5)
    room.choose("start")
    assert room.of(EegCalibrating) == [EegCalibrating(room.t, True)]
    assert room.shown().done == 0


def test_a_fit_that_fails_changes_nothing_and_can_be_asked_for_again() -> None:
    failed = EegFitted(0.0, 0, None, why="The disk is full.")
    room = Room(worker=lambda rounds: failed)
    room.begin()
    room.choose("start")
    room.until(EegPhase.RESULT)
    assert room.shown().verdict is None and room.shown().sentence == "The disk is full."
    room.worker = lambda rounds: HELPS
    room.choose("again")
    assert room.shown().phase is EegPhase.READY and room.shown().resumable == MOST_ROUNDS
    flashed = len(room.flashed)
    room.choose("go_on")
    room.until(EegPhase.RESULT)
    assert room.shown().verdict is Verdict.HELPS and len(room.flashed) == flashed


def test_one_failed_fit_does_not_spoil_the_next() -> None:
    failed = EegFitted(0.0, 0, None, why="It crashed.")
    room = Room(worker=lambda rounds: failed if rounds == 3 else HELPS)
    room.begin()
    room.choose("start")
    room.until(EegPhase.RESULT)
    assert room.shown().verdict is Verdict.HELPS


def test_what_was_found_before_a_fit_failed_is_still_true() -> None:
    failed = EegFitted(0.0, 0, None, why="It crashed.")
    room = Room(worker=lambda rounds: failed if rounds == MOST_ROUNDS else replace(HELPS, enough=False))
    room.begin()
    room.choose("start")
    room.until(EegPhase.RESULT)
    assert room.shown().done == MOST_ROUNDS and room.shown().verdict is Verdict.HELPS


def test_a_worker_that_never_answers_is_given_up() -> None:
    room = Room(worker=lambda rounds: None)
    room.begin()
    room.choose("start")
    room.until(EegPhase.FITTING)
    began = room.t
    room.until(EegPhase.RESULT)
    assert room.t - began <= FIT_S + 0.1
    assert room.shown().verdict is None and "could not be computed" in room.shown().sentence


def test_again_begins_a_new_one_and_drops_late_answers() -> None:
    room = Room()
    room.begin()
    room.choose("start")
    room.until(EegPhase.RESULT)
    late = room.of(EegFitRequest)[-1]
    room.choose("again")
    assert room.of(EegCalibrating)[-1] == EegCalibrating(room.t, False)
    assert None not in [message.view for message in room.of(EegShown)], "the board does not flicker up"
    room.choose("start")
    room.calibrating.take(replace(HELPS, t=room.t, number=late.number))
    assert room.shown().done == 0 and room.shown().phase is EegPhase.CUE


@pytest.mark.parametrize("phase", [EegPhase.READY, EegPhase.CUE, EegPhase.FLASHING, EegPhase.FITTING])
def test_it_can_be_ended_at_any_time(phase: EegPhase) -> None:
    room = Room(fit_s=20.0)
    room.begin()
    if phase is not EegPhase.READY:
        room.choose("start")
    room.until(phase)
    room.choose("end")
    assert not room.calibrating.active and room.sent[-1] == EegShown(room.t, None)
    assert sum(m.on for m in room.of(EegCalibrating)) * 2 == len(room.of(EegCalibrating))
    flashed = len(room.flashed)
    room.wait(5.0)
    assert len(room.flashed) == flashed


def test_without_the_consent_nothing_begins_and_without_it_any_longer_nothing_goes_on() -> None:
    room = Room()
    room.calibrating.begin(room.t, SOA_S)
    assert not room.calibrating.active and not room.sent
    room.begin()
    room.choose("start")
    room.until(EegPhase.FLASHING)
    room.calibrating.allow(room.t, may_flash=False)
    assert not room.calibrating.active
    assert room.sent[-3:] == [StopFlashes(room.t), EegCalibrating(room.t, False), EegShown(room.t, None)]


def test_what_was_found_before_the_consent_was_taken_back_may_be_used_but_not_repeated() -> None:
    room = Room()
    room.begin()
    room.choose("start")
    room.until(EegPhase.RESULT)
    room.calibrating.allow(room.t, may_flash=False)
    assert room.shown().verdict is Verdict.HELPS
    room.choose("again")
    assert not room.calibrating.active


def test_it_speaks_the_language_of_the_person() -> None:
    sent: list[Sent] = []
    calibrating = Calibrating(sent.append, translator("ru"), lambda: 1)
    calibrating.begin(0.0, SOA_S, may_flash=True)
    calibrating.take(EegSignal(0.1, GOOD))
    calibrating.choose(0.2, "start")
    view = calibrating.view(0.2)
    assert view is not None and "Смотрите на А" in view.sentence


messages = st.one_of(
    st.builds(FlashShown, st.just(0.0), st.integers(1, 60), st.integers(0, 13)),
    st.builds(FlashScored, st.just(0.0), st.integers(1, 60), st.integers(0, 13), st.floats()),
    st.builds(FlashesBroken, st.just(0.0), st.integers(1, 60)),
    st.builds(EegSignal, st.just(0.0), st.sampled_from([GOOD, BAD, ()]), st.floats(0, 1)),
    st.builds(
        EegFitted,
        st.just(0.0),
        st.integers(0, 9),
        st.sampled_from([None, *Verdict]),
        enough=st.booleans(),
        expected_error=st.floats(),
        observed_error=st.floats(),
    ),
    st.builds(DeviceStatus, st.just(0.0), st.just("eeg"), st.sampled_from(list(DeviceState))),
)
choices = st.sampled_from(
    ["start", "pause", "go_on", "again", "end", "use", "begin", "nonsense", "allow", "forbid"]
)
steps = st.lists(
    st.one_of(choices, messages, st.just("last"), st.sampled_from([0.05, 2.0, 15.0, 100.0])), max_size=60
)


@given(steps)
@settings(max_examples=150)
def test_no_order_of_what_happens_raises_or_flashes_in_a_pause(
    what_happens: list[str | float | Heard],
) -> None:
    sent: list[Sent] = []
    numbers = count(1)
    calibrating = Calibrating(sent.append, str, lambda: next(numbers))
    t, on, may_flash, last, lit = 0.0, False, True, (0, 0), False
    seen = 0
    for step in ["begin", EegSignal(0.0, GOOD), "start", 2.5, *what_happens]:
        match step:
            case "begin":
                calibrating.begin(t, SOA_S, 3, may_flash=may_flash)
            case "allow" | "forbid":
                may_flash = step == "allow"
                calibrating.allow(t, may_flash)
            case "last":
                calibrating.take(FlashShown(t, *last))
                lit = False
            case str():
                calibrating.choose(t, step)
            case float():
                t += step
                calibrating.tick(t)
            case _:
                lit = lit and (getattr(step, "number", 0), getattr(step, "index", 0)) != last
                calibrating.take(replace(step, t=t))
        for message in sent[seen:]:
            match message:
                case ShowFlashes():
                    assert calibrating.phase is EegPhase.FLASHING and may_flash
                    assert message.wanted in KEYS and message.number == last[0] + 1
                    last, lit = (message.number, len(message.flashes) - 1), True
                case StopFlashes():
                    lit = False
                case EegCalibrating():
                    assert message.on is not on, "begins and ends come in turns"
                    on = message.on
                case _:
                    pass
        seen = len(sent)
        assert lit is (calibrating.phase is EegPhase.FLASHING)
        assert calibrating.active == (calibrating.view(t) is not None)
        for _ in range(4):
            deadline = calibrating.deadline()
            if deadline is None or deadline > t:
                break
            calibrating.tick(t)
        else:
            raise AssertionError("it wants a tick again and again")
