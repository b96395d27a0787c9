"""What the person can do for their gaze is two choices away on every grid."""

from __future__ import annotations

import pytest
from board_walk import DESK, GRIDS, LINES, board, walk

from assistive.boards.board import Action, Verb
from assistive.settings import Grid


@pytest.mark.parametrize("grid", [*GRIDS, *LINES])
def test_the_gaze_can_be_put_right_and_calibrated_from_the_board(grid: Grid) -> None:
    boards = walk(DESK, "en", grid=grid)
    offered = {t.action for page, shown in boards.items() if page.startswith("eyes") for t in shown.targets}
    assert Action(Verb.CALIBRATE, "recentre") in offered
    assert Action(Verb.CALIBRATE, "start") in offered


def test_where_i_look_is_shown_and_hidden_at_the_same_place() -> None:
    off = board("eyes").target("eyes:cursor")
    assert off is not None
    assert off.action == Action(Verb.SETTING, "look.gaze_cursor=true")
    assert off.label == "show where I look"
