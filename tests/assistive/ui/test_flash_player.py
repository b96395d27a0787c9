"""Flashes on a real window, by a clock that the story moves: what is stamped, what is lit, what is marked."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, pairwise

import pytest
from conftest import Stage
from hand_made_board import letters_board
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pictures import count
from PyQt6.QtCore import Qt

from assistive.eeg.calibration_view import EegCalibrationView, EegPhase
from assistive.eeg.messages import (
    EegShown,
    FlashesBroken,
    FlashShown,
    OutcomeShown,
    ShowFlashes,
    ShowOutcome,
    StopFlashes,
)
from assistive.messages import BoardShown, Press, SettingsChanged, Trouble
from assistive.settings import Settings
from assistive.ui.flash_look import GENTLE_STEP, flash_fill
from assistive.ui.flash_player import SHORTEST_S, FlashPlayer
from assistive.ui.theme import DARK, THEMES

A, B, C = "letter:a", "letter:b", "letter:c"
SOA = 0.2


def plan(number: int, *flashes: tuple[str, ...], on_s: float = 0.1, soa_s: float = SOA) -> ShowFlashes:
    return ShowFlashes(0.0, number, flashes, on_s, soa_s)


def player(stage: Stage) -> FlashPlayer:
    return stage.window.player


def go_on(stage: Stage, seconds: float, step: float = 0.001) -> None:
    """Let time pass, as the player's timer sees it."""
    for _ in range(round(seconds / step)):
        stage.clock.advance(step)
        player(stage).tick()


def stamps(stage: Stage) -> list[tuple[int, int]]:
    return [(m.number, m.index) for m in stage.posted_of(FlashShown) if isinstance(m, FlashShown)]


def times(stage: Stage) -> list[float]:
    return [message.t for message in stage.posted_of(FlashShown)]


def lit(stage: Stage, theme: str = "dark") -> set[str]:
    """The letters that are painted as in a flash."""
    look = THEMES[theme]
    fill = flash_fill(look.cell, ((look.ink, 4.5),), look.flash, GENTLE_STEP)
    return {letter for letter in (A, B, C, "letter:d") if count(stage.button(letter), fill) > 100}


def test_flashes_come_in_their_order_at_their_times_and_end(stage: Stage) -> None:
    stage.show(plan(1, (A, B), (), (C,)))
    assert lit(stage) == {A, B}
    go_on(stage, 0.105)
    assert lit(stage) == set()
    go_on(stage, 0.31)
    assert lit(stage) == {C}
    go_on(stage, 1.0)
    assert lit(stage) == set()
    assert stamps(stage) == [(1, 0), (1, 1), (1, 2)], "a pause is told as well"
    assert times(stage) == pytest.approx([100.0, 100.2, 100.4], abs=0.0015)
    assert not any(m.swapped for m in stage.posted if isinstance(m, FlashShown)), "which the stamps tell"


def test_the_next_sequence_follows_without_a_hole_and_without_drift(stage: Stage) -> None:
    stage.show(plan(1, (A,), (B,)))
    go_on(stage, 0.25)
    for number in range(2, 60):
        stage.show(plan(number, (A,), (B,)))
        go_on(stage, 0.4)
    told = times(stage)
    assert told == pytest.approx([100.0 + SOA * i for i in range(len(told))], abs=0.002)
    assert len(told) > 100


def test_a_window_that_is_always_a_little_late_is_never_later(stage: Stage) -> None:
    stage.show(*(plan(number, (A,), (B,)) for number in range(1, 40)))
    go_on(stage, 16.0, step=0.007)
    told = times(stage)
    assert told == pytest.approx([100.0 + SOA * i for i in range(78)], abs=0.0076)


def test_a_sequence_that_comes_while_the_last_flash_is_over_waits_for_its_turn(stage: Stage) -> None:
    stage.show(plan(1, (A,)))
    go_on(stage, 0.15)
    stage.show(plan(2, (B,)))
    assert stamps(stage) == [(1, 0)]
    go_on(stage, 0.1)
    assert times(stage) == pytest.approx([100.0, 100.2], abs=0.0015)


def test_after_a_pause_a_sequence_begins_at_once(stage: Stage) -> None:
    stage.show(plan(1, (A,)))
    go_on(stage, 3.0)
    stage.show(plan(2, (B,)))
    assert times(stage) == pytest.approx([100.0, 103.0])


flash = st.lists(st.sampled_from([A, B, C, "word:0", "nobody", ""]), max_size=3).map(tuple)


@given(
    plans=st.lists(st.lists(flash, min_size=1, max_size=6), min_size=1, max_size=4),
    steps=st.lists(st.floats(0.01, 0.3), min_size=1, max_size=12),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_stamps_are_the_plan_in_its_order_however_late_the_window_is(
    stage: Stage, plans: list[list[tuple[str, ...]]], steps: list[float]
) -> None:
    stage.show(StopFlashes(0.0))
    stage.posted.clear()
    for number, flashes in enumerate(plans, 1):
        stage.show(plan(number, *flashes, soa_s=SHORTEST_S, on_s=0.06))
    end = stage.clock.now() + sum(SHORTEST_S + max(steps) for flashes in plans for _ in flashes)
    for step in cycle(steps):
        if stage.clock.advance(step) > end:
            break
        player(stage).tick()
    assert stamps(stage) == [
        (number, index) for number, flashes in enumerate(plans, 1) for index in range(len(flashes))
    ]
    told = times(stage)
    apart = [after - before for before, after in pairwise(told)]
    assert all(gap >= SHORTEST_S - 0.0121 for gap in apart), (
        "never quicker than allowed, even after being late"
    )
    assert player(stage).lit == ()


def test_what_is_asked_for_too_quickly_is_slowed_down(stage: Stage) -> None:
    stage.show(plan(1, (A,), (B,), (A,), soa_s=0.01, on_s=0.5))
    go_on(stage, 1.0)
    assert times(stage) == pytest.approx([100.0, 100.12, 100.24], abs=0.0015)


def test_stop_makes_all_dark_and_drops_what_waits(stage: Stage) -> None:
    stage.show(plan(1, (A, B), (C,)), plan(2, (A,)))
    stage.show(StopFlashes(0.0))
    assert lit(stage) == set()
    go_on(stage, 2.0)
    assert stamps(stage) == [(1, 0)]
    stage.show(plan(3, (C,)))
    assert lit(stage) == {C}


def test_stopping_and_starting_makes_no_quicker_flashes(stage: Stage) -> None:
    for number in range(1, 40):
        stage.show(plan(number, (A,), (B,)), StopFlashes(0.0))
        stage.show(plan(1000 + number, (A,)))
        go_on(stage, 0.03)
        stage.show(StopFlashes(0.0))
    told = times(stage)
    assert len(told) >= 9
    assert min(after - before for before, after in pairwise(told)) >= SHORTEST_S - 0.001


def test_a_target_that_left_the_board_does_not_flash_and_a_new_one_does(stage: Stage) -> None:
    board = letters_board(width=960, height=540)
    stage.show(plan(1, (A, B), (A, B), (A, B)))
    fewer = replace(board, targets=tuple(t for t in board.targets if t.id != A))
    stage.show(BoardShown(0.0, fewer))
    go_on(stage, 0.201)
    assert stage.window.board.button(A) is None and stage.button(B) is not None
    stage.show(BoardShown(0.0, board))
    assert not lit(stage) & {A}
    go_on(stage, 0.2)
    assert lit(stage) == {A, B}
    assert len(stamps(stage)) == 3


@pytest.mark.parametrize("hide", ["hide", "minimise"])
def test_a_window_that_nobody_sees_stops_and_says_so(stage: Stage, hide: str) -> None:
    stage.show(plan(7, (A,), (B,), (C,)))
    if hide == "hide":
        stage.window.hide()
    else:
        stage.window.setWindowState(Qt.WindowState.WindowMinimized)
    stage.qtbot.waitUntil(lambda: not player(stage).onset.seen)
    go_on(stage, 0.25)
    assert [m for m in stage.posted if isinstance(m, FlashesBroken)] == [
        FlashesBroken(pytest.approx(100, abs=1), 7)
    ]
    assert stamps(stage) == [(7, 0)] and player(stage).lit == ()
    stage.show(plan(8, (A,)))
    assert [m.number for m in stage.posted_of(FlashesBroken)] == [7, 8]
    stage.window.showNormal()
    stage.qtbot.waitUntil(lambda: player(stage).onset.seen)
    stage.show(plan(9, (A,)))
    assert stamps(stage)[-1] == (9, 0)


def test_a_window_that_hung_gives_up_the_sequence(stage: Stage) -> None:
    stage.show(plan(3, (A,), (B,), (C,)))
    stage.clock.advance(2.0)
    player(stage).tick()
    assert [m.number for m in stage.posted_of(FlashesBroken)] == [3]
    assert lit(stage) == set() and stamps(stage) == [(3, 0)]


def test_uneven_flashes_are_said(stage: Stage) -> None:
    stage.show(*(plan(number, (A,), (B,)) for number in range(1, 31)))
    chance = random.Random(4)
    for _ in range(400):
        stage.clock.advance(chance.uniform(0.001, 0.08))
        player(stage).tick()
    troubles = [m for m in stage.posted if isinstance(m, Trouble)]
    assert {m.key for m in troubles} == {"eeg.flashes"}
    assert all(m.what and m.works and m.todo for m in troubles)


def test_even_flashes_say_nothing(stage: Stage) -> None:
    stage.show(*(plan(number, (A,), (B,)) for number in range(1, 31)))
    go_on(stage, 12.5)
    assert len(stamps(stage)) == 60 and not stage.posted_of(Trouble)


def test_the_dwells_ring_goes_on_in_a_flash(stage: Stage) -> None:
    stage.look_at(A, 0.6)
    stage.qtbot.waitUntil(lambda: count(stage.button(A), DARK.dwell) > 0)
    stage.show(plan(1, (A,)))
    assert lit(stage) == {A} and count(stage.button(A), DARK.dwell) > 0


# ---------------------------------------------------------------- marks


def test_what_was_chosen_is_outlined_for_its_time_and_told_when_it_is_seen(stage: Stage) -> None:
    stage.show(ShowOutcome(0.0, 4, B, 0.97, 0.05))
    assert stage.posted_of(OutcomeShown) == [OutcomeShown(100.0, 4)]
    assert count(stage.button(B), DARK.go) > 100 and not count(stage.button(A), DARK.go)
    stage.qtbot.waitUntil(lambda: not count(stage.button(B), DARK.go))


def test_a_chosen_word_stays_to_be_seen_while_others_take_its_place_and_cannot_be_pressed_then(
    stage: Stage,
) -> None:
    button = stage.button("word:0")
    stage.show(ShowOutcome(0.0, 4, "word:0", 0.97, 60.0))
    before = _ink(stage)
    stage.show(BoardShown(0.0, letters_board(words=("mmmmm", "to", "home"), width=960, height=540)))
    assert _ink(stage) == before
    button.click()
    assert not stage.posted_of(Press)
    stage.show(ShowOutcome(0.0, 5, A, 0.97, 60.0))
    stage.settle()
    assert _ink(stage) != before
    button.click()
    assert [m.label for m in stage.posted_of(Press)] == ["mmmmm"]


def test_a_chosen_letter_can_be_pressed_again_at_once(stage: Stage) -> None:
    stage.show(ShowOutcome(0.0, 4, A, 0.97, 60.0))
    stage.button(A).click()
    assert [m.target_id for m in stage.posted_of(Press)] == [A]


def _ink(stage: Stage) -> int:
    return count(stage.button("word:0"), DARK.ink)


def test_an_outcome_that_is_on_no_board_is_not_told(stage: Stage) -> None:
    stage.show(ShowOutcome(0.0, 4, "nobody", 0.97, 0.05))
    assert not stage.posted_of(OutcomeShown)


def test_the_target_to_wait_for_is_pointed_out_until_the_flashes_begin(stage: Stage) -> None:
    stage.show(EegShown(0.0, EegCalibrationView(EegPhase.CUE, wanted=B)))
    assert count(stage.button(B), DARK.dwell) > 100
    stage.show(BoardShown(0.0, letters_board(width=960, height=540)))
    assert count(stage.button(B), DARK.dwell) > 100
    stage.show(EegShown(0.0, EegCalibrationView(EegPhase.FLASHING, wanted=B)))
    assert not count(stage.button(B), DARK.dwell)
    stage.show(EegShown(0.0, EegCalibrationView(EegPhase.CUE, wanted=A)), EegShown(0.0, None))
    assert not count(stage.button(A), DARK.dwell)


def test_a_cue_that_is_told_before_its_board_is_there_with_it(stage: Stage) -> None:
    board = letters_board(width=960, height=540)
    stage.show(BoardShown(0.0, replace(board, targets=tuple(t for t in board.targets if t.id != B))))
    stage.show(EegShown(0.0, EegCalibrationView(EegPhase.CUE, wanted=B)), BoardShown(0.0, board))
    assert count(stage.button(B), DARK.dwell) > 100


# ---------------------------------------------------------------- by the real clock


@pytest.mark.parametrize("theme", THEMES)
def test_cells_light_up_in_every_theme(open_stage: Callable[..., Stage], theme: str) -> None:
    stage = open_stage(settings=Settings().changed("look.theme", theme))
    stage.show(plan(1, (A,)))
    assert lit(stage, theme) == {A}


def test_a_new_strength_counts_from_the_next_flash(stage: Stage) -> None:
    stage.show(plan(1, (A,), (A,)))
    clear = SettingsChanged(0.0, Settings().changed("eeg.strength", "clear"))
    stage.show(clear)
    assert lit(stage) == {A}
    go_on(stage, 0.201)
    assert stamps(stage)[-1] == (1, 1) and lit(stage) == set(), "one letter is small enough for more"


def test_its_own_timer_keeps_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from devices.clock import LslClock

    real = LslClock()
    monkeypatch.setattr(stage.clock, "now", real.now)
    began = real.now()
    stage.show(*(plan(number, (A,), (B,), (C,)) for number in (1, 2)))
    stage.qtbot.waitUntil(lambda: len(stamps(stage)) == 6)
    assert stamps(stage) == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]
    for i, t in enumerate(times(stage)):
        assert t >= began + i * SOA - 0.01, "none comes early"
    stage.qtbot.waitUntil(lambda: player(stage).lit == ())
    assert math.isfinite(times(stage)[-1])
