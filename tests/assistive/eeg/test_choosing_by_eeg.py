"""A person with EEG alone writes, takes back, and is asked no more than they want."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest
from attending import ON, Attending, letters_board
from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.board import Action, Board, Rect, Target, TargetKind, Verb
from assistive.eeg.choosing import faded
from assistive.eeg.following import Chosen
from assistive.eeg.messages import (
    ChoiceJudged,
    EegSignal,
    ElectrodeSignal,
    FlashScored,
    FlashShown,
    OutcomeScored,
    ShowFlashes,
    ShowOutcome,
    StopFlashes,
)
from assistive.fusion.inquiry import Inquiry
from calibration.verdict import Verdict
from models.erp.signal_level import SignalLevel


def key(number: int, kind: TargetKind = TargetKind.FUNCTION, action: Action | None = None) -> Target:
    """One of a few equal keys."""
    rect = Rect(0.05 + 0.2 * number, 0.4, 0.18, 0.2)
    return Target(f"k{number}", kind, f"K{number}", rect, action or Action(Verb.OPEN, f"p{number}"))


def writing(number: int) -> Target:
    """A key that writes a letter."""
    return key(number, TargetKind.LETTER, Action(Verb.WRITE, "abc"[number]))


# So few flash one by one.
THREE = Board("yes", tuple(key(i) for i in range(3)))
WRITING = Board("letters", tuple(writing(i) for i in range(3)))


def begun(board: Board = THREE) -> Attending:
    """Somebody whose first flash was just told to the window; the answers are the test's."""
    person = Attending(board=board)
    person.window_works = False
    person.eeg.start(person.t)
    return person.wait(3.0)


def answer(person: Attending, llr: Mapping[str, float], otherwise: float = -1.0) -> Chosen | None:
    """Show the latest sequence and score each flash by who is in it, until something is chosen."""
    plan = person.of(ShowFlashes)[-1]
    for index, flash in enumerate(plan.flashes):
        person.eeg.take(FlashShown(person.t, plan.number, index))
        if flash:
            said = max(llr.get(name, otherwise) for name in flash)
            chosen = person.eeg.take(FlashScored(person.t, plan.number, index, said))
            if chosen is not None:
                person.eeg.selected(person.t, chosen.target, by_eeg=True)
                return chosen
    return None


def choose(person: Attending, llr: Mapping[str, float], otherwise: float = -1.0) -> str:
    """Answer sequence after sequence until something is chosen; "": nothing in five of them."""
    for _ in range(5):
        chosen = answer(person, llr, otherwise)
        if chosen is not None:
            return chosen.target.id
    return ""


def test_a_word_is_written_letter_by_letter() -> None:
    person = Attending()
    person.eeg.start(person.t)
    assert [person.until_chosen(f"letter:{letter}") for letter in "water"] == [
        f"letter:{letter}" for letter in "water"
    ]
    assert all(chosen.posterior >= 0.95 for chosen in person.chosen)
    assert person.t - 100.0 < 5 * 15.0
    assert [outcome.target for outcome in person.of(ShowOutcome)] == [f"letter:{c}" for c in "water"]
    assert [outcome.number for outcome in person.of(ShowOutcome)] == [1, 2, 3, 4, 5]


def test_flashes_follow_each_other_without_a_hole_and_rest_while_the_new_words_are_read() -> None:
    person = Attending()
    person.eeg.start(person.t)
    chosen_at: list[float] = []
    person.on_choice = lambda _: chosen_at.append(person.t)
    for letter in "water":
        person.until_chosen(f"letter:{letter}")
    for t, after in itertools.pairwise(person.flash_times):
        if not any(t <= choice < after for choice in chosen_at):
            assert after - t == pytest.approx(0.2)
    for choice in chosen_at:
        assert not any(choice < t < choice + 3.0 for t in person.flash_times)
    assert len(person.of(StopFlashes)) == len(chosen_at)


def test_every_choice_that_stands_is_judged_right_with_its_sequences() -> None:
    person = Attending()
    person.eeg.start(person.t)
    for letter in "water":
        person.until_chosen(f"letter:{letter}")
    judged = person.of(ChoiceJudged)
    assert [(one.target, one.right, one.number) for one in judged] == [
        ("letter:w", True, 1),
        ("letter:a", True, 2),
        ("letter:t", True, 3),
        ("letter:e", True, 4),
    ]
    numbers = [plan.number for plan in person.of(ShowFlashes)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(itertools.chain(*(one.sequences for one in judged))) <= set(numbers)


def test_the_same_messages_bring_about_the_same() -> None:
    first, second = Attending(seed=5), Attending(seed=5)
    for person in (first, second):
        person.eeg.start(person.t)
        person.until_chosen("letter:h")
        person.until_chosen("letter:i")
    assert first.said == second.said


def test_the_evidence_goes_on_after_an_undo() -> None:
    undo = key(2, action=Action(Verb.UNDO))
    person = begun(Board("letters", (writing(0), writing(1), undo)))
    assert choose(person, {"k0": 2.9, "k1": 2.0}) == "k0"
    person.wait(3.0)
    assert choose(person, {"k2": 9.0}) == "k2"
    assert [(one.target, one.right) for one in person.of(ChoiceJudged)] == [("k0", False)]
    person.wait(3.0)
    chosen = answer(person, {"k1": 2.5}, 0.0)
    assert chosen is not None and chosen.target.id == "k1"


def test_without_the_undo_so_little_would_choose_nothing() -> None:
    person = begun(WRITING)
    assert choose(person, {"k0": 2.9, "k1": 2.0}) == "k0"
    person.wait(3.0)
    assert answer(person, {"k1": 2.5}, 0.0) is None


def test_what_cannot_be_taken_back_needs_to_be_surer() -> None:
    speak = key(1, TargetKind.SPEAK, Action(Verb.SPEAK))
    help_now = key(2, TargetKind.HELP, Action(Verb.HELP))
    board = Board("yes", (key(0), speak, help_now))
    assert choose(begun(board), {"k0": 3.9}, 0.0) == "k0"
    for name in ("k1", "k2"):
        person = begun(board)
        assert answer(person, {name: 3.9}, 0.0) is None
        assert choose(person, {name: 2.0}, 0.0) == name
        assert person.of(ShowOutcome)[-1].posterior >= 0.98


def test_new_words_end_the_sequence_and_the_letters_keep_what_was_said_of_them() -> None:
    person = begun(letters_board(("water", "want", "warm")))
    assert answer(person, {"letter:w": 1.5}, -0.1) is None
    stops = len(person.of(StopFlashes))
    before = person.of(ShowFlashes)[-1].number
    person.show(letters_board(("walk", "want", "warm")))
    assert len(person.of(StopFlashes)) == stops + 1
    person.wait(1.4)
    assert person.of(ShowFlashes)[-1].number == before
    person.wait(0.2)
    chosen = answer(person, {"letter:w": 2.5}, -0.1)
    assert chosen is not None and chosen.target.id == "letter:w"
    assert answer(begun(letters_board()), {"letter:w": 2.5}, -0.1) is None


def test_a_word_that_came_into_the_place_of_another_inherits_nothing() -> None:
    person = begun(letters_board(("water", "want", "warm")))
    assert answer(person, {"word:0": 2.5}, -0.1) is None
    person.show(letters_board(("walk", "want", "warm")))
    person.wait(1.6)
    assert answer(person, {"word:0": 2.5}, -0.1) is None


def test_a_board_that_is_shown_again_unchanged_disturbs_nothing() -> None:
    person = begun()
    person.show(Board(THREE.page, THREE.targets))
    person.show(Board("another page", THREE.targets))
    assert not person.of(StopFlashes)


def test_a_choice_by_gaze_while_it_flashes_ends_the_inquiry() -> None:
    person = begun()
    answer(person, {"k1": 1.0})
    person.eeg.selected(person.t, THREE.targets[2], by_eeg=False)
    assert len(person.of(StopFlashes)) == 1
    assert not person.of(ShowOutcome)
    number = person.of(ShowFlashes)[-1].number
    person.wait(2.9)
    assert person.of(ShowFlashes)[-1].number == number
    person.wait(0.2)
    assert person.of(ShowFlashes)[-1].number == number + 1


def test_what_a_late_epoch_says_of_an_old_sequence_counts_for_nothing() -> None:
    person = begun()
    old = person.of(ShowFlashes)[-1]
    person.eeg.selected(person.t, THREE.targets[2], by_eeg=False)
    person.wait(3.0)
    for index in range(len(old.flashes)):
        assert person.eeg.take(FlashScored(person.t, old.number, index, 9.0)) is None


def test_a_consent_is_not_given_by_eeg_that_helps_only_a_little_but_can_always_be_withdrawn() -> None:
    asks = key(0, TargetKind.SETTING, Action(Verb.SETTING, "privacy.recordings=true"))
    withdraws = key(1, TargetKind.SETTING, Action(Verb.SETTING, "eeg.flashing=false"))
    board = Board("eeg", (asks, withdraws, key(2)))

    def flashes(verdict: Verdict) -> set[str]:
        person = Attending(board=board, verdict=verdict)
        person.eeg.start(person.t)
        person.wait(3.5)
        return {name for plan in person.of(ShowFlashes) for flash in plan.flashes for name in flash}

    assert flashes(Verdict.HELPS) == {"k0", "k1", "k2"}
    assert flashes(Verdict.HELPS_A_LITTLE) == {"k1", "k2"}


def test_nothing_flashes_while_the_eyes_are_on_the_targets_of_their_own_calibration() -> None:
    person = Attending(board=Board("calibration/target", THREE.targets))
    person.eeg.start(person.t)
    assert not person.wait(30.0).of(ShowFlashes)
    person.show(Board("calibration/result", THREE.targets))
    assert person.wait(6.0).of(ShowFlashes)


# ---------------------------------------------------------------- what earlier flashes said

evidences = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-300, 300), min_size=1)


@given(evidences, st.floats(0.0, 0.999))
def test_what_may_be_about_something_else_says_less_and_favours_the_same(
    evidence: dict[str, float], counts: float
) -> None:
    inquiry = Inquiry(dict.fromkeys(evidence, 1.0), evidence=evidence)
    less = Inquiry(
        dict.fromkeys(evidence, 1.0), evidence=faded(inquiry.evidence, inquiry.prior, counts)
    ).posterior
    expected = {
        name: counts * p + (1.0 - counts) * inquiry.prior[name] for name, p in inquiry.posterior.items()
    }
    assert less == pytest.approx(expected, abs=1e-9)


def test_who_was_surely_right_and_takes_it_back_has_changed_their_mind() -> None:
    """What the flashes said of the neighbours of that key is of no use then; where it was unsure, it is."""

    def second_best_after(llr: float) -> int:
        person = begun(WRITING)
        assert choose(person, {"k0": llr, "k1": 2.0}) == "k0"
        undo = key(0, action=Action(Verb.UNDO))
        person.eeg.selected(person.t, undo, by_eeg=False)
        person.wait(3.0)
        answer(person, {"k1": 1.0}, 0.0)
        number = len(person.of(ShowFlashes))
        while not choose(person, {"k1": 0.3}, 0.0):
            pass
        return len(person.of(ShowFlashes)) - number

    assert second_best_after(2.9) < second_best_after(9.0)


# ---------------------------------------------------------------- the error potential


def doubted(person: Attending, llr: Mapping[str, float]) -> None:
    """Something is chosen, and the EEG says that it was wrong."""
    assert choose(person, llr)
    outcome = person.of(ShowOutcome)[-1]
    person.eeg.take(OutcomeScored(person.t, outcome.number, 0.8, True))


def test_where_the_eeg_doubts_a_letter_undo_is_offered_and_the_second_best_beside_it() -> None:
    person = begun(WRITING)
    doubted(person, {"k0": 2.9, "k2": 2.0})
    assert person.eeg.offer is not None
    assert person.eeg.state(person.t).offer == ("K0", "K2")
    assert not [one for one in person.of(ChoiceJudged) if not one.right]
    person.wait(30.1)
    assert person.eeg.offer is None


def test_no_doubt_is_cast_on_what_was_spoken_nor_on_a_call_for_help() -> None:
    board = Board(
        "yes",
        (
            key(0, TargetKind.SPEAK, Action(Verb.SPEAK)),
            key(1, TargetKind.PHRASE, Action(Verb.SAY, "Yes")),
            key(2, TargetKind.HELP, Action(Verb.HELP)),
        ),
    )
    for name in ("k0", "k1", "k2"):
        person = begun(board)
        doubted(person, {name: 9.0})
        assert person.of(ShowOutcome)
        assert person.eeg.offer is None


def test_of_the_right_choices_at_most_two_in_a_hundred_are_interrupted() -> None:
    person = begun(WRITING)
    offers = 0
    for _ in range(120):
        doubted(person, {"k0": 9.0})
        offers += person.eeg.offer is not None
        flashed = len(person.of(ShowFlashes))
        while len(person.of(ShowFlashes)) == flashed:  # longer where a break is due
            person.wait(1.0)
    assert offers == 3  # the first, and one for each fifty that stood


def test_who_does_not_want_offers_gets_none() -> None:
    person = begun(WRITING)
    person.eeg.use(person.t, ON.changed("eeg.undo_offers", False))
    doubted(person, {"k0": 9.0})
    assert person.eeg.offer is None


def test_what_is_offered_is_likely_and_takes_the_choice_back() -> None:
    person = begun(WRITING)
    doubted(person, {"k0": 2.9, "k2": 2.0})
    undo = Target("offer:undo", TargetKind.NOTICE, "take back?", Rect(0.1, 0.1, 0.2, 0.1), Action(Verb.UNDO))
    instead = Target(
        "offer:instead", TargetKind.NOTICE, "meant?", Rect(0.4, 0.1, 0.2, 0.1), Action(Verb.EEG, "instead")
    )
    person.show(Board("yes", (*WRITING.targets, undo, instead)))
    person.wait(3.0)
    assert choose(person, {"offer:instead": 4.5}) == "offer:instead"
    assert [(one.target, one.right) for one in person.of(ChoiceJudged)] == [("k0", False)]


def test_the_state_tells_what_there_is() -> None:
    person = Attending(verdict=Verdict.HELPS_A_LITTLE)
    bad = ElectrodeSignal("Cz", SignalLevel.BAD)
    person.eeg.take(EegSignal(person.t, (bad,)))
    state = person.eeg.state(person.t)
    assert (state.on, state.running, state.verdict) == (True, False, Verdict.HELPS_A_LITTLE)
    assert state.electrodes == (bad,)
    assert "start" in state.sentence
    person.eeg.start(person.t)
    assert person.eeg.state(person.t).running
    assert person.eeg.state(person.t).sentence == "Time to read."
    person.wait(4.0)
    assert "Keys flash" in person.eeg.state(person.t).sentence
