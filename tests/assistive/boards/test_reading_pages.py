"""Pages that are read before a key is chosen: nothing touches, the worst electrode comes first, a question has two answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from board_walk import DESK, GRIDS, LINES, SCREENS, board, content, geometries, layout, untranslated
from hypothesis import given, settings
from hypothesis import strategies as st
from test_board_places import check_places, smallest_mm
from test_line_boards import chosen

from assistive.boards.board import Action, Board, Geometry, TargetKind, Verb
from assistive.boards.pages import build_board
from assistive.confirming import ConfirmView
from assistive.eeg.messages import ElectrodeSignal
from assistive.eeg.state import EegState
from assistive.fusion.yes_no import Answer
from assistive.settings import Grid
from calibration.level import Level
from models.erp.signal_level import Fault, SignalLevel

SENTENCE = "I would like to go outside for a while."


def electrodes(count: int, every_bad: int = 4) -> tuple[ElectrodeSignal, ...]:
    """Each `every_bad`-th is flat, the one after it noisy."""
    return tuple(
        ElectrodeSignal(f"E{i}", SignalLevel.BAD, (Fault.FLAT,))
        if i % every_bad == 1
        else ElectrodeSignal(f"E{i}", SignalLevel.POOR, (Fault.NOISE,))
        if i % every_bad == 2
        else ElectrodeSignal(f"E{i}", SignalLevel.GOOD)
        for i in range(count)
    )


def shown(
    page: str,
    geometry: Geometry = DESK,
    grid: Grid = "auto",
    signal: tuple[ElectrodeSignal, ...] = (),
    confirm: ConfirmView | None = None,
) -> Board:
    what = replace(content(grid=grid), eeg=EegState(electrodes=signal), confirm=confirm)
    return build_board(layout("en"), page, geometry, what, untranslated)


def signal_pages(signal: tuple[ElectrodeSignal, ...], grid: Grid = "auto") -> list[Board]:
    """All of them, by "next" from the first until that comes again."""
    pages = [shown("eeg/signal", grid=grid, signal=signal)]
    while (turn := pages[-1].target("fn:next")) is not None and turn.action.argument != "eeg/signal":
        pages.append(shown(turn.action.argument, grid=grid, signal=signal))
    return pages


@settings(max_examples=60, deadline=None)
@given(
    geometry=geometries(),
    grid=st.sampled_from(("auto", *GRIDS)),
    page=st.sampled_from(("eeg", "eeg/consent", "eeg/consent/off", "eeg/consent/agree", "eeg/signal")),
    count=st.sampled_from((0, 1, 8, 64)),
    asked=st.booleans(),
)
def test_nothing_touches_on_any_screen(
    geometry: Geometry, grid: Grid, page: str, count: int, asked: bool
) -> None:
    question = ConfirmView(SENTENCE) if asked else None
    built = shown(page, geometry, grid, electrodes(count), question)
    check_places(built, geometry)
    letters = board("letters", geometry, "en", grid=grid)
    assert smallest_mm(built, geometry) >= min(30.0, smallest_mm(letters, geometry)) - 1e-6


@pytest.mark.parametrize("grid", LINES)
def test_eyes_of_one_direction_answer_too(grid: Grid) -> None:
    for built in (
        shown("letters", grid=grid, confirm=ConfirmView(SENTENCE)),
        shown("eeg/signal", grid=grid, signal=electrodes(64)),
        shown("eeg/consent", grid=grid),
    ):
        check_places(built, DESK)
        for target in built.targets:
            assert chosen(built, grid, target.id) == target.id, (built.page, target.id)


# ---------------------------------------------------------------- the electrodes


@pytest.mark.parametrize("grid", [*GRIDS, *LINES])
@pytest.mark.parametrize("count", [8, 16, 32, 64])
def test_every_electrode_is_told_once_the_worst_first(count: int, grid: Grid) -> None:
    signal = electrodes(count)
    captions = [c for built in signal_pages(signal, grid) for c in built.captions[1:]]
    told = [caption.text for caption in captions]
    bad = [f"{e.channel}: bad" for e in signal if e.level is SignalLevel.BAD]
    poor = [f"{e.channel}: poor" for e in signal if e.level is SignalLevel.POOR]
    assert told == [*bad, *poor, "Good"]
    assert captions[-1].note.split(", ") == [e.channel for e in signal if e.level is SignalLevel.GOOD]
    assert {c.level for c in captions if c.text.endswith("bad")} == {Level.POOR}
    assert all("flat" in c.note for c in captions if c.text.endswith("bad"))


def test_the_title_says_how_many_are_good_and_what_to_do() -> None:
    (some,), (all_good,), (none,) = (signal_pages(signal) for signal in (electrodes(8), electrodes(1), ()))
    assert some.captions[0].text == "4 of 8 electrodes are good"
    assert all_good.captions[0].note == "Nothing needs to be done."
    assert none.captions[0].text == "No signal yet"


def test_a_page_that_is_gone_since_electrodes_were_mended_is_the_last_one() -> None:
    assert shown("eeg/signal/9", signal=electrodes(64)).page == signal_pages(electrodes(64))[-1].page
    assert shown("eeg/signal/9", signal=electrodes(1)).page == "eeg/signal"


# ---------------------------------------------------------------- the question before a sentence is spoken


@pytest.mark.parametrize("screen", SCREENS)
def test_the_question_has_two_large_keys_and_help_where_it_always_is(screen: str) -> None:
    geometry = SCREENS[screen]
    built = shown("letters", geometry, confirm=ConfirmView(SENTENCE))
    assert [t.action for t in built.targets[:2]] == [Action(Verb.CONFIRM, "yes"), Action(Verb.CONFIRM, "no")]
    assert len(built.targets) == 3
    assert built.targets[2] == board("letters", geometry).target("help")
    assert all(t.rect.w * t.rect.h > 0.15 for t in built.targets[:2])
    (caption,) = built.captions
    assert (caption.text, caption.note, caption.large) == (SENTENCE, "Say this?", True)


def test_what_the_switch_would_take_is_the_coloured_key_and_its_error_is_told() -> None:
    for answer in Answer:
        built = shown("letters", confirm=ConfirmView(SENTENCE, answer, again=True, error=0.0421))
        kinds = {t.id: t.kind for t in built.targets}
        assert kinds[f"confirm:{answer}"] is TargetKind.SPEAK
        assert list(kinds.values()).count(TargetKind.SPEAK) == 1
        assert "once more" in built.captions[0].note
        assert "wrong at most 5 times out of 100" in built.captions[0].note


def test_the_question_stands_over_every_page_but_hides_no_call_for_help() -> None:
    for page in ("letters", "rest", "settings/1", "eeg/consent"):
        what = replace(content(), confirm=ConfirmView(SENTENCE), help_calling=True)
        built = build_board(layout("en"), page, DESK, what, untranslated)
        assert built.page == "confirm"
        help_now = built.target("help")
        assert help_now is not None
        assert help_now.action.verb is Verb.HELP_BACK
