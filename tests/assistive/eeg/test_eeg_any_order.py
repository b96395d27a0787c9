"""Whatever comes, in whatever order: nothing raises, nothing that is not on the board is chosen, consent holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attending import ON, Attending, letters_board
from hypothesis import given, settings
from hypothesis import strategies as st

from assistive.boards.board import Board
from assistive.eeg.following import Chosen, Eeg
from assistive.eeg.messages import (
    EegCalibrationFound,
    EegFitted,
    EegModelFound,
    EegSignal,
    FlashesBroken,
    FlashScored,
    FlashShown,
    OutcomeScored,
    OutcomeShown,
    ShowFlashes,
)
from assistive.recording.codec import decode, encode
from calibration.verdict import Verdict
from devices.samples import DeviceState, DeviceStatus

BOARDS = (
    letters_board(),
    letters_board(("water", "want")),
    Board("rest", letters_board().targets[-2:]),
    Board("", ()),
)
NO_CONSENT = ON.changed("eeg.flashing", False)
numbers, indices = st.integers(-1, 6), st.integers(-1, 20)
steps = st.one_of(
    st.tuples(st.just("shown"), numbers, indices),
    st.tuples(st.just("scored"), numbers, indices, st.floats()),
    st.tuples(st.just("good"), st.just(0)),
    st.tuples(st.just("broken"), numbers),
    st.tuples(st.just("outcome"), numbers, st.floats(), st.booleans()),
    st.tuples(st.just("model"), st.sampled_from([None, *Verdict])),
    st.tuples(st.just("device"), st.sampled_from(list(DeviceState))),
    st.tuples(st.just("board"), st.sampled_from(BOARDS)),
    st.tuples(st.just("choose"), st.sampled_from(["start", "stop", "calibrate", "end", "use", "again", "?"])),
    st.tuples(st.just("key")),
    st.tuples(st.just("consent"), st.booleans()),
    st.tuples(st.just("wait"), st.floats(0.0, 100.0)),
    st.tuples(st.just("select"), st.integers(0, 40), st.booleans()),
    st.tuples(st.just("fitted"), numbers, st.sampled_from([None, *Verdict])),
    st.tuples(st.just("kept")),
)


class Story:
    """Plays steps to an `Eeg` and watches what comes out."""

    def __init__(self) -> None:
        self.t = 10.0
        self.consent = True
        self.board = BOARDS[0]
        self.said: list[Any] = []
        self.eeg = Eeg(ON, self._hear, str)
        self.eeg.show(self.t, self.board, None, "")
        self.eeg.device(DeviceStatus(self.t, "eeg", DeviceState.RUNNING))
        self.eeg.take(EegModelFound(self.t, Verdict.HELPS, 0.9))
        self.eeg.choose(self.t, "start")
        self._pass(4.0)

    def _hear(self, message: object) -> None:
        self.said.append(message)
        if isinstance(message, ShowFlashes):
            assert self.consent, "it flashes without consent"
            shown = {target.id for target in self.board.targets if target.choosable}
            if not message.wanted:
                assert {name for flash in message.flashes for name in flash} <= shown

    def _chosen(self, chosen: Chosen | None) -> None:
        if chosen is not None:
            assert chosen.target in self.board.targets
            assert chosen.posterior >= 0.8
            self.eeg.selected(self.t, chosen.target, by_eeg=True)

    def _pass(self, seconds: float) -> None:
        end = self.t + seconds
        while (at := self.eeg.deadline()) is not None and at <= end:
            self.t = max(self.t, at)
            self._chosen(self.eeg.tick(self.t))
            if self.eeg.deadline() == at:
                self.t += 0.01  # a deadline that does not pass would hang the engine
                self._chosen(self.eeg.tick(self.t))
                assert self.eeg.deadline() != at
        self.t = end

    def play(self, step: tuple[Any, ...]) -> None:
        """One step."""
        t, (kind, *what) = self.t, step
        takes: dict[str, Callable[..., Any]] = {
            "shown": FlashShown,
            "scored": FlashScored,
            "broken": FlashesBroken,
            "outcome": OutcomeScored,
        }
        if kind in takes:
            self._chosen(self.eeg.take(takes[kind](t, *what)))
            return
        match kind:
            case "good":
                self._answer_all()
            case "model":
                self.eeg.take(EegModelFound(t, what[0]))
            case "fitted":
                self._chosen(self.eeg.take(EegFitted(t, what[0], what[1], enough=True)))
                self.eeg.take(EegSignal(t, ()))
                self.eeg.take(EegCalibrationFound(t, what[0]))
                self.eeg.take(OutcomeShown(t, what[0]))
            case "device":
                self.eeg.device(DeviceStatus(t, "eeg", what[0]))
            case "board":
                self.board = what[0]
                self.eeg.show(t, self.board, None, "")
            case "choose":
                self.eeg.choose(t, what[0])
            case "key":
                self.eeg.caregiver_key(t)
            case "consent":
                self.consent = what[0]
                self.eeg.use(t, ON if self.consent else NO_CONSENT)
            case "wait":
                self._pass(what[0])
            case "select":
                if what[0] < len(self.board.targets):
                    self.eeg.selected(t, self.board.targets[what[0]], by_eeg=what[1])
            case "kept":
                self.eeg.restore(decode(encode(self.eeg.kept(t))))
        self.eeg.state(t)

    def _answer_all(self) -> None:
        """The window shows the latest sequence, and the EEG answers for its first target."""
        plans = [one for one in self.said if isinstance(one, ShowFlashes)]
        if not plans:
            return
        plan = plans[-1]
        wanted = next(name for flash in plan.flashes for name in flash)
        for index, flash in enumerate(plan.flashes):
            self.eeg.take(FlashShown(self.t, plan.number, index))
            llr = 5.0 if wanted in flash else -3.0
            self._chosen(self.eeg.take(FlashScored(self.t, plan.number, index, llr)))


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=30))
def test_whatever_comes_nothing_breaks_and_nothing_flashes_without_consent(
    story: list[tuple[Any, ...]],
) -> None:
    person = Story()
    for step in story:
        person.play(step)


def test_such_a_story_can_end_in_a_choice() -> None:
    person = Story()
    for _ in range(4):
        person.play(("good", 0))
    assert any(type(one).__name__ == "ShowOutcome" for one in person.said)


def test_a_recording_that_begins_in_the_middle_goes_on_as_its_replay() -> None:
    live = Attending(seed=9)
    live.eeg.start(live.t)
    for letter in "ab":
        live.until_chosen(f"letter:{letter}")
    live.wait(5.0)
    kept = live.eeg.kept(live.t)
    live.eeg.restore(kept)
    again = Attending(seed=9)
    again.eeg.restore(decode(encode(kept)))
    again.t, again._chance = live.t, live._chance
    since = len(live.said), len(again.said)
    state = live._chance.getstate()
    live.until_chosen("letter:g")
    again._chance.setstate(state)
    again._scores = []
    again.until_chosen("letter:g")
    assert live.said[since[0] :] == again.said[since[1] :]
