"""Eyes that move in one direction only: every target crosses the middle of the other one, and all can be reached."""

from __future__ import annotations

import pytest
from board_walk import DESK, LANGUAGES, LINES, board, geometries, walk
from hypothesis import given, settings
from hypothesis import strategies as st
from test_board_reach import missing

from assistive.boards.board import Board, Geometry, TargetKind, Verb
from assistive.boards.grid import LINES as PLANS
from assistive.boards.pages import page_after
from assistive.fusion.assign import assign
from assistive.settings import Grid


def along(grid: Grid, share: float) -> tuple[float, float]:
    """Where the gaze of one direction is: in the middle of the other one."""
    return (share, 0.5) if PLANS[grid].rows == 1 else (0.5, share)


def chosen(shown: Board, grid: Grid, target_id: str) -> str | None:
    target = shown.target(target_id)
    assert target is not None
    x, y = target.rect.x + target.rect.w / 2, target.rect.y + target.rect.h / 2
    found = assign(shown, *along(grid, x if PLANS[grid].rows == 1 else y), None)
    return None if found is None else found.id


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("grid", LINES)
def test_a_line_reaches_everything(grid: Grid, language: str) -> None:
    boards = walk(DESK, language, grid=grid)
    assert not missing(boards, language)


@settings(max_examples=30, deadline=None)
@given(geometries(), st.sampled_from(LANGUAGES), st.sampled_from(LINES))
def test_each_target_is_chosen_by_its_place_on_the_line_alone(
    geometry: Geometry, language: str, grid: Grid
) -> None:
    for page, shown in walk(geometry, language, grid=grid).items():
        assert shown.target("help") is not None, page
        if not page.startswith("settings"):  # set by the caregiver, with a mouse
            for target in shown.targets:
                if target.choosable:
                    assert chosen(shown, grid, target.id) == target.id, (page, target.id)


@pytest.mark.parametrize("grid", LINES)
def test_help_is_last_and_never_moves(grid: Grid) -> None:
    boards = walk(DESK, "en", grid=grid)
    places = {
        shown.targets[-1].rect
        for page, shown in boards.items()
        if page != "rest" and shown.targets[-1].id == "help"
    }
    assert len(places) == 1
    assert sum(shown.targets[-1].id != "help" for page, shown in boards.items() if page != "rest") == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("grid", "most"), [("6x1", 3.0), ("1x5", 4.0)])
def test_a_letter_takes_few_looks(grid: Grid, most: float, language: str) -> None:
    looks = [
        1 + page.count("/")
        for page, shown in walk(DESK, language, grid=grid).items()
        for target in shown.targets
        if page.startswith("letters") and target.kind is TargetKind.LETTER
    ]
    assert sum(looks) / len(looks) <= most
    assert max(looks) <= most + 1


def test_a_word_is_written_and_spoken_with_sideways_looks_alone() -> None:
    """The letters of "hi", then more and speak."""
    page, done = "letters", ""
    for letter in "hi":
        while True:
            shown = board(page, DESK, "en", grid="6x1")
            target = next(
                t
                for t in shown.targets
                if t.kind in (TargetKind.LETTER, TargetKind.GROUP) and letter in t.label.split()
            )
            assert chosen(shown, "6x1", target.id) == target.id
            page = page_after(page, target.action)
            if target.action.verb is Verb.WRITE:
                done += target.action.argument
                break
    assert done == "hi"
    assert page == "letters"
    more = board(page, DESK, "en", grid="6x1").target("fn:more")
    assert more is not None
    assert board(page_after(page, more.action), DESK, "en", grid="6x1").target("speak") is not None


def test_a_notice_does_not_take_the_line() -> None:
    before = board(grid="6x1")
    assert before.text_rect is not None
    assert all(target.rect.y >= before.text_rect.y + before.text_rect.h for target in before.targets)
