"""Everything can be reached on every grid, in both languages: nobody loses a letter to a small screen."""

from __future__ import annotations

import pytest
from board_walk import DESK, GRIDS, LANGUAGES, PHRASES, WORDS, actions, board, geometries, layout, walk
from hypothesis import given, settings
from hypothesis import strategies as st

from assistive.boards.board import Action, Board, Geometry, TargetKind, Verb
from assistive.boards.pages import page_after
from assistive.settings import Grid

ALWAYS = (
    Action(Verb.WRITE, " "),
    Action(Verb.DELETE_LETTER),
    Action(Verb.DELETE_WORD),
    Action(Verb.UNDO),
    Action(Verb.CLEAR),
    Action(Verb.SPEAK),
    Action(Verb.REPEAT),
    Action(Verb.REST),
    Action(Verb.WAKE),
    Action(Verb.HELP),
    Action(Verb.CHIME),
    Action(Verb.OPEN, "numbers"),
    Action(Verb.OPEN, "punctuation"),
    Action(Verb.OPEN, "phrases"),
    Action(Verb.OPEN, "settings/1"),
    Action(Verb.SETTING, "sound.muted=true"),
)


def missing(boards: dict[str, Board], language: str, phrases: tuple[str, ...] = ()) -> set[Action]:
    spoken = layout(language)
    letters = [*spoken.alphabet, *spoken.punctuation, *spoken.numbers]
    row = [spoken.fixed.yes, spoken.fixed.no, spoken.fixed.wait, spoken.fixed.pain]
    needed = {Action(Verb.WRITE, character) for character in letters}
    needed |= {Action(Verb.SAY, sentence) for sentence in spoken.phrases}
    needed |= {Action(Verb.WORD, word) for word in (*WORDS, *phrases)}
    needed |= {choice.action for choice in row} | {spoken.functions.language.action} | set(ALWAYS)
    return needed - actions(boards)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("phrases", [(), PHRASES])
def test_every_grid_reaches_everything(grid: Grid, language: str, phrases: tuple[str, ...]) -> None:
    boards = walk(DESK, language, grid=grid, phrases=phrases)
    assert not missing(boards, language, phrases)
    for page, shown in boards.items():
        assert shown.target("help") is not None, page
        assert len({target.id for target in shown.targets}) == len(shown.targets), page


@settings(max_examples=60, deadline=None)
@given(geometries(), st.sampled_from(LANGUAGES), st.sampled_from(("auto", *GRIDS)))
def test_every_screen_reaches_everything(geometry: Geometry, language: str, grid: Grid) -> None:
    boards = walk(geometry, language, grid=grid)
    assert not missing(boards, language)
    assert all(shown.target("help") is not None for shown in boards.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("grid", GRIDS)
def test_every_page_leads_back_to_the_letters(grid: Grid, language: str) -> None:
    boards = walk(DESK, language, grid=grid)
    for start in boards:
        page = start
        for _ in range(5):
            back = boards[page].target("fn:back") or boards[page].target("wake")
            if back is None:
                break
            page = page_after(page, back.action)
        assert page == "letters", start


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("grid", "most"),
    [("9x6", 1), ("8x6", 1), ("6x5", 2), ("5x4", 2), ("4x3", 2), ("3x3", 2), ("3x2", 3), ("2x2", 4)],
)
def test_a_letter_takes_few_steps(grid: Grid, most: int, language: str) -> None:
    boards = walk(DESK, language, grid=grid)
    deepest = max(
        1 + page.count("/")
        for page, shown in boards.items()
        for target in shown.targets
        if page.startswith("letters") and target.kind is TargetKind.LETTER
    )
    assert deepest <= most


@pytest.mark.parametrize("grid", GRIDS)
def test_a_group_says_what_is_in_it(grid: Grid) -> None:
    boards = walk(DESK, "en", grid=grid)
    for shown in boards.values():
        for target in shown.targets:
            if target.kind is TargetKind.GROUP and target.id.startswith("group:"):
                inside = [t.label for t in boards[target.action.argument].targets]
                first = target.label.split(" ")[0]
                assert any(label.startswith(first) for label in inside)


def test_a_word_is_spelled_through_groups() -> None:
    """On the smallest grid a person looks for the group with the letter in it, again and again."""
    page, written = "letters", ""
    for letter in "hello":
        while True:
            shown = board(page, DESK, "en", grid="2x2")
            cells = [t for t in shown.targets if t.kind in (TargetKind.LETTER, TargetKind.GROUP)]
            target = next(t for t in cells if letter in t.label.replace("space", "").split())
            page = page_after(page, target.action)
            if target.action.verb is Verb.WRITE:
                written += target.action.argument
                break
        assert page == "letters"
    assert written == "hello"
