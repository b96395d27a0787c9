"""What is done to the proposals can be seen on a page, and each of it taken back there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from board_walk import DESK, GRIDS, content, layout, untranslated

from assistive.boards.board import Action, Board, Verb
from assistive.boards.pages import build_board
from assistive.boards.steering_page import SteeringShown
from assistive.settings import Grid


def page(shown: SteeringShown, *, banned: str = "", grid: Grid = "auto", name: str = "steering") -> Board:
    settings = content().settings.changed("look.grid", grid).changed("model.banned", banned)
    return build_board(
        layout("en"), name, DESK, replace(content(), settings=settings, steering=shown), untranslated
    )


def labels(board: Board) -> list[str]:
    return [target.label for target in board.targets if target.id.startswith("steer:") and target.choosable]


def test_the_last_word_can_be_banned_and_the_partners_line_kept_in_view() -> None:
    board = page(SteeringShown("walk", "Shall we go out?"))
    assert labels(board) == [
        "tone: neutral",
        "never propose “walk”",
        "talk about “walk”",
        "keep in view: Shall we go out?",
    ]
    ban = board.target("steer:ban")
    assert ban is not None
    assert ban.action == Action(Verb.STEER, "ban walk")


def test_what_is_in_force_is_taken_back_where_it_is_shown() -> None:
    shown = SteeringShown("walk", "Shall we go out?", ("Shall we go out?",), ("tea", "coffee"))
    board = page(shown, banned="Walk, run")
    assert labels(board) == [
        "tone: neutral",
        "talk about “walk”",
        "no longer in view: Shall we go out?",
        "propose “Walk” again",
        "propose “run” again",
        "forget what I chose lately: tea, coffee",
    ]


def test_a_long_line_is_cut_on_the_board_and_whole_when_it_is_read_aloud() -> None:
    line = "word " * 60
    target = page(SteeringShown("", line)).target("steer:pin")
    assert target is not None
    assert len(target.label) < 100
    assert target.name.count("word") == 60


@pytest.mark.parametrize("grid", GRIDS)
def test_many_bans_are_all_reached_by_next(grid: Grid) -> None:
    words = [f"word{i}" for i in range(70)]
    seen: set[str] = set()
    name, visited = "steering", set()
    while name not in visited:
        visited.add(name)
        board = page(SteeringShown(), banned=", ".join(words), grid=grid, name=name)
        seen.update(target.action.argument for target in board.targets if target.action.verb is Verb.STEER)
        following = board.target("fn:next")
        assert board.target("fn:back") is not None
        name = following.action.argument if following is not None else name
    assert {f"allow {word}" for word in words} <= seen


def test_a_page_that_is_no_longer_there_is_the_first() -> None:
    assert labels(page(SteeringShown(), name="steering/9")) == ["tone: neutral"]


def test_what_can_be_done_does_not_move_when_some_of_it_cannot() -> None:
    """Whoever still looks there must not choose the neighbour that took its place."""
    before, after = (
        page(SteeringShown("walk", "Shall we?")),
        page(SteeringShown("walk", "Shall we?"), banned="walk"),
    )
    ban, topic = after.target("steer:ban"), after.target("steer:topic")
    assert ban is not None and topic is not None
    assert not ban.choosable
    assert topic.choosable
    order = [t.id for t in before.targets if t.id.startswith("steer:")]
    assert [t.id for t in after.targets if t.id.startswith("steer:")][: len(order)] == order
