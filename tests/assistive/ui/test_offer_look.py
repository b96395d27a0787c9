"""What scanning offers is seen at once, in every theme, and what stands there is still read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Stage
from hand_made_board import WORDS, letters_board
from pictures import colors, picture

from assistive.messages import BoardShown, ScanShown
from assistive.settings import Settings
from assistive.ui.theme import THEMES, contrast

OFFERED = ("letter:a", "word:0", "undo", "yes", "speak", "help")


@pytest.mark.parametrize("name", THEMES)
def test_each_kind_of_key_looks_offered_and_stays_legible(
    open_stage: Callable[..., Stage], name: str
) -> None:
    stage = open_stage((1366, 768), Settings().changed("look.theme", name))
    stage.settle()
    theme = THEMES[name]
    before = {target: picture(stage.button(target)) for target in (*OFFERED, "letter:b")}
    plain = {target: colors(stage.button(target)) for target in OFFERED}
    stage.show(ScanShown(1.0, OFFERED))
    for target in OFFERED:
        button = stage.button(target)
        drawn, expected = colors(button), theme.cell_colors(button.target.kind)
        assert theme.dwell in drawn, target
        assert expected.ink in drawn, target
        image = picture(button)
        fill = image.pixelColor(image.width() // 2, image.height() // 6).name()
        assert contrast(fill, expected.ink) >= 7.0, target
        if expected.ring != theme.dwell:
            assert contrast(fill, expected.ring) >= 3.0
        assert drawn != plain[target]
    assert picture(stage.button("letter:b")) == before["letter:b"]
    stage.show(ScanShown(2.0, ()))
    assert all(picture(stage.button(target)) == before[target] for target in OFFERED)


def test_a_key_that_comes_with_a_board_is_shown_as_offered(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(board=letters_board(words=("", "", "", "", ""), width=960, height=540))
    stage.settle()
    stage.show(ScanShown(1.0, ("word:0", "letter:a")))
    offered = picture(stage.button("letter:a"))
    stage.show(BoardShown(2.0, letters_board(words=WORDS, width=960, height=540)))
    stage.settle()
    assert picture(stage.button("letter:a")) == offered
    assert THEMES["dark"].dwell in colors(stage.button("word:0"))
