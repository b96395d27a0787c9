"""The text: who wrote what can be seen, and any text is harmless."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import colors, picture
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from assistive.messages import Span, SpanStyle, TextShown
from assistive.ui.cell_face import Scale
from assistive.ui.text_panel import TextPanel
from assistive.ui.theme import CONTRAST, DARK, THEMES, Theme


def panel_with(shown: TextShown, theme: Theme = DARK, size: tuple[int, int] = (1600, 178)) -> TextPanel:
    """A panel that shows this text."""
    host = QWidget()
    panel = TextPanel(host, lambda text: text, lambda text: None)
    panel.setParent(None)
    panel.resize(*size)
    panel.set_look(theme, Scale(1.0, 16.0))
    panel.show_text(shown)
    return panel


def text_colors(panel: TextPanel) -> set[str]:
    """Every colour in the lower part of the panel, where the text stands, without the panel's own outline."""
    return colors(panel, top=panel.height() * 2 // 5)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_own_proposed_and_spoken_words_look_different(qtbot: QtBot, theme: Theme) -> None:
    own = text_colors(panel_with(TextShown(0.0, (Span("we go", SpanStyle.OWN),)), theme))
    proposed = text_colors(panel_with(TextShown(0.0, (Span("we go", SpanStyle.PROPOSED),)), theme))
    spoken = text_colors(panel_with(TextShown(0.0, (Span("we go", SpanStyle.SPOKEN),)), theme))
    assert theme.ink in own
    assert theme.model in proposed
    assert theme.ink not in proposed or theme.outlined_cells
    assert theme.ink_2 in spoken
    assert theme.dwell in own, "the caret"


def test_the_word_that_is_heard_is_marked(qtbot: QtBot) -> None:
    shown = TextShown(0.0, (Span("good ", SpanStyle.SPOKEN), Span("day", SpanStyle.SPOKEN)), speaking=(0, 4))
    panel = panel_with(shown, replace(CONTRAST, mark="#00ff00", on_mark="#ff0000"))
    assert {"#00ff00", "#ff0000"} <= text_colors(panel)
    nothing = TextShown(0.0, shown.spans, speaking=(400, 900))
    assert picture(panel_with(nothing)) == picture(panel_with(TextShown(0.0, shown.spans)))


def test_a_hundred_thousand_characters_show_their_end(qtbot: QtBot) -> None:
    long = "ab cd " * 16_700
    panel = panel_with(TextShown(0.0, (Span(long, SpanStyle.OWN), Span("outside", SpanStyle.PROPOSED))))
    assert DARK.model in text_colors(panel)
    assert panel.accessibleDescription().endswith("outside")


def test_nothing_at_all_shows_a_caret(qtbot: QtBot) -> None:
    assert DARK.dwell in text_colors(panel_with(TextShown(0.0, ())))


@given(
    st.lists(st.tuples(st.text(st.characters(), max_size=60), st.sampled_from(SpanStyle)), max_size=6),
    st.text(st.characters(), max_size=60),
    st.one_of(st.none(), st.tuples(st.integers(-5, 400), st.integers(-5, 400))),
    st.tuples(st.integers(1, 900), st.integers(1, 300)),
)
def test_any_text_in_any_room_is_harmless(
    qapp: object,
    spans: list[tuple[str, SpanStyle]],
    partner: str,
    speaking: tuple[int, int] | None,
    size: tuple[int, int],
) -> None:
    shown = TextShown(0.0, tuple(Span(*span) for span in spans), partner, partner[::-1], speaking)
    assert not picture(panel_with(shown, DARK, size)).isNull()
