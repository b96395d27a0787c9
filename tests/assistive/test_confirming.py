"""Nothing is spoken without a yes; with one switch and nobody looking, yes and no are highlighted in turn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.board import Action, Rect, Target, TargetKind, Verb
from assistive.confirming import HIGHLIGHT_S, PAUSE_S, QUESTIONS, ROUNDS, Confirming, sentence_to_confirm
from assistive.fusion.yes_no import Answer, PressRates, Rate

SPEAK = Action(Verb.SPEAK)
SENTENCE = "I am cold."
SURE = 0.95
YES, NO = Answer.YES, Answer.NO


class Scanned:
    """Somebody with one switch, who is asked at once."""

    def __init__(self, *, switch: bool = True) -> None:
        self.confirming = Confirming()
        self.t = 10.0
        if switch:
            self.press()
        self.ask()

    def ask(self, sentence: str = SENTENCE) -> None:
        self.confirming.ask(self.t, SPEAK, sentence)

    def press(self) -> Action | None:
        return self.confirming.press(self.t, SURE, looking=False)

    def wait(self, seconds: float) -> None:
        """Let time pass as the engine does: by the deadlines."""
        end = self.t + seconds
        while (deadline := self.confirming.deadline()) is not None and deadline <= end:
            self.t = max(self.t, deadline)
            self.confirming.tick(self.t)
        self.t = end
        self.confirming.tick(end)

    def wait_for(self, answer: Answer) -> None:
        """Until this one is highlighted."""
        for _ in range(20):
            if self.highlighted is answer:
                return
            self.wait(0.5)
        raise AssertionError(f"{answer} was not highlighted")

    def answer(self, answer: Answer) -> Action | None:
        self.wait_for(answer)
        return self.press()

    @property
    def highlighted(self) -> Answer | None:
        view = self.confirming.view(self.t)
        return None if view is None else view.highlighted

    @property
    def claimed(self) -> float:
        view = self.confirming.view(self.t)
        assert view is not None and view.error is not None
        return view.error

    def practised(self) -> Scanned:
        """Ten sentences that were meant, so that a press is worth something."""
        self.confirming.answer(NO)
        for _ in range(10):
            self.ask()
            while self.answer(YES) is None:
                pass
            self.confirming.chosen(Verb.WRITE)
        self.ask()
        return self


def target(kind: TargetKind, action: Action) -> Target:
    return Target("x", kind, "x", Rect(0, 0, 1, 1), action)


# ---------------------------------------------------------------- what is asked


def test_sentences_are_asked_about_and_the_quick_row_is_not() -> None:
    say = Action(Verb.SAY, "I am in pain.")
    assert sentence_to_confirm(target(TargetKind.SPEAK, SPEAK), "Hello there") == "Hello there"
    assert sentence_to_confirm(target(TargetKind.SPEAK, SPEAK), "") == ""  # nothing would be spoken
    assert sentence_to_confirm(target(TargetKind.PHRASE, say), "Hello") == "I am in pain."
    assert sentence_to_confirm(target(TargetKind.FIXED, say), "Hello") == ""
    assert sentence_to_confirm(target(TargetKind.HELP, Action(Verb.HELP)), "Hello") == ""


@pytest.mark.parametrize("answer", Answer)
def test_a_chosen_key_answers_at_once(answer: Answer) -> None:
    """By a look, a click or EEG: whatever chose it knows how sure it is."""
    asked = Scanned()
    assert asked.confirming.answer(answer) == (SPEAK if answer is YES else None)
    assert not asked.confirming.active
    assert asked.confirming.answer(YES) is None  # it is over


# ---------------------------------------------------------------- one switch


def test_yes_and_no_are_highlighted_in_turn_and_then_it_goes_back_unspoken() -> None:
    asked = Scanned()
    seen = [asked.highlighted]
    asked.wait(PAUSE_S)
    for _ in range(2 * ROUNDS):
        seen.append(asked.highlighted)
        asked.wait(HIGHLIGHT_S)
    assert seen == [None, *[YES, NO] * ROUNDS]
    assert not asked.confirming.active
    assert asked.confirming.deadline() is None


def test_a_press_while_yes_is_highlighted_speaks_once_the_presses_are_known() -> None:
    asked = Scanned().practised()
    asked.wait_for(YES)
    assert asked.claimed < 1 - SURE
    assert asked.press() == SPEAK
    assert not asked.confirming.active


def test_a_yes_that_is_not_sure_is_asked_for_once_more_and_then_counts_with_the_first() -> None:
    asked = Scanned()
    asked.wait_for(YES)
    first = asked.claimed
    assert first > 1 - SURE
    assert asked.press() is None
    view = asked.confirming.view(asked.t)
    assert view is not None and view.again and view.highlighted is None
    asked.wait_for(YES)
    assert asked.claimed < 1 - SURE < first
    assert asked.press() == SPEAK


def test_a_no_is_taken_at_once_and_nothing_is_spoken() -> None:
    asked = Scanned().practised()
    assert asked.answer(NO) is None
    assert not asked.confirming.active


def test_somebody_whose_presses_say_nothing_is_asked_a_few_times_and_speaks_nothing_by_them() -> None:
    asked = Scanned()
    asked.confirming.rates = PressRates(Rate(50.0, 50.0), Rate(50.0, 50.0))
    for number in range(QUESTIONS):
        assert asked.confirming.active, number
        assert asked.answer(YES) is None
    assert not asked.confirming.active


def test_the_press_that_led_here_may_bounce() -> None:
    asked = Scanned()
    asked.wait(0.5 * PAUSE_S)
    assert asked.press() is None
    assert asked.confirming.active


def test_while_somebody_looks_nothing_is_highlighted_and_a_press_takes_what_is_looked_at() -> None:
    asked = Scanned().practised()
    asked.wait_for(YES)
    asked.confirming.looked(asked.t)
    assert asked.confirming.tick(asked.t)  # the window has to show it
    assert asked.highlighted is None
    assert asked.confirming.press(asked.t, SURE, looking=True) is None
    assert asked.confirming.active
    asked.wait(3.0)
    assert asked.highlighted is not None


def test_without_a_switch_the_question_waits() -> None:
    asked = Scanned(switch=False)
    asked.wait(600.0)
    assert asked.confirming.active and asked.highlighted is None
    assert asked.press() is None  # the first press of a switch shows that there is one
    asked.wait(PAUSE_S)
    assert asked.highlighted is YES


# ---------------------------------------------------------------- what is learned


def spoken(asked: Scanned) -> None:
    while asked.answer(YES) is None:
        pass


@pytest.mark.parametrize("back", [Verb.UNDO, Verb.STOP])
def test_what_was_spoken_and_taken_back_was_a_false_press(back: Verb) -> None:
    asked = Scanned()
    before = asked.confirming.rates
    spoken(asked)
    asked.confirming.chosen(back)
    assert asked.confirming.rates.false_press.mean > before.false_press.mean
    assert asked.confirming.rates.means_yes.mean < 0.5


def test_what_was_spoken_and_left_was_meant() -> None:
    asked = Scanned()
    before = asked.confirming.rates
    spoken(asked)
    asked.confirming.chosen(Verb.WRITE)
    asked.confirming.chosen(Verb.UNDO)  # of the letter
    assert asked.confirming.rates.miss.mean < before.miss.mean
    assert asked.confirming.rates.means_yes.mean > 0.5


@pytest.mark.parametrize(("then", "meant_yes"), [(SENTENCE, True), ("Something else.", False)])
def test_a_no_was_an_error_where_the_same_sentence_is_wanted_again(then: str, meant_yes: bool) -> None:
    asked = Scanned()
    assert asked.answer(NO) is None
    asked.confirming.chosen(Verb.SPEAK)
    asked.ask(then)
    assert (asked.confirming.rates.means_yes.mean > 0.5) is meant_yes
    assert (asked.confirming.rates.false_press.mean > 0.05) is meant_yes


def test_a_choice_without_the_switch_teaches_nothing_about_it() -> None:
    asked = Scanned()
    asked.confirming.answer(YES)
    asked.confirming.chosen(Verb.UNDO)
    assert asked.confirming.rates == PressRates()


EVENTS = st.sampled_from(
    ("ask", "press", "press looking", "look", "wait", "tick", "yes", "no", "undo", "write")
)


@given(st.lists(st.tuples(EVENTS, st.floats(0.0, 7.0))))
def test_in_any_order_nothing_is_spoken_without_a_yes(events: list[tuple[str, float]]) -> None:
    asked = Scanned(switch=False)
    confirming = asked.confirming
    for event, seconds in events:
        was, highlighted, done = confirming.active, asked.highlighted, None
        match event:
            case "ask":
                asked.ask()
            case "press":
                done = asked.press()
                assert done is None or highlighted is YES
            case "press looking":
                assert confirming.press(asked.t, SURE, looking=True) is None
            case "look":
                confirming.looked(asked.t)
            case "wait":
                asked.wait(seconds)
            case "tick":
                confirming.tick(asked.t)
            case "yes" | "no":
                done = confirming.answer(Answer(event))
                assert done is None or event == "yes"
            case _:
                confirming.chosen(Verb(event))
        if done is not None:
            assert was and not confirming.active
        deadline = confirming.deadline()
        assert deadline is None or confirming.active
