"""Labels: they break between words, shrink until they fit, and survive any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from assistive.ui.fitted_text import fit, harmless
from assistive.ui.text_tail import BEFORE, lay_out_tail, utf16_length


def test_a_label_that_fits_keeps_its_size(qtbot: QtBot) -> None:
    text = fit("yes", 500, 30, 10, 200, 100, 2)
    assert (text.lines, text.font.pixelSize()) == (("yes",), 30)


def test_a_long_label_breaks_into_lines_of_like_length(qtbot: QtBot) -> None:
    text = fit("wait, I am not finished", 500, 30, 10, 200, 100, 3)
    assert text.lines == ("wait, I am", "not finished")


def test_one_word_never_breaks_it_shrinks(qtbot: QtBot) -> None:
    text = fit("finished", 500, 60, 10, 100, 100, 3)
    assert text.lines == ("finished",)
    assert 10 < text.font.pixelSize() < 60
    assert text.width <= 100


def test_below_the_smallest_size_the_end_is_left_out(qtbot: QtBot) -> None:
    text = fit("a sentence that no cell can hold", 500, 30, 20, 100, 30, 1)
    assert text.font.pixelSize() == 20
    assert text.elided
    assert text.lines[0].endswith("\N{HORIZONTAL ELLIPSIS}")


def test_what_breaks_lines_or_turns_them_is_made_harmless() -> None:
    assert harmless("a\nb\tc") == "a b c"
    assert harmless("\x00\x1b") == "\ufffd\ufffd"
    assert harmless("\u202eevil") == "\u200bevil"
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467 \u0645\u0631\u062d\u0628\u0627"
    assert harmless(family) == family


@given(st.text(st.characters(), max_size=200))
def test_harmless_text_keeps_every_position(text: str) -> None:
    assert len(harmless(text)) == len(text)


@given(st.text(st.characters(), max_size=120), st.integers(1, 3))
def test_any_label_fits_its_width(qapp: object, text: str, lines: int) -> None:
    fitted = fit(text, 500, 40, 1, 180, 90, lines)
    assert len(fitted.lines) <= lines
    assert fitted.width <= 184


def test_a_short_text_stays_large_a_longer_one_takes_two_smaller_lines(qtbot: QtBot) -> None:
    short = lay_out_tail("I would like", 52, 900, 90, 500)
    longer = lay_out_tail("I would like to go " * 4, 52, 900, 90, 500)
    assert (short.size_px, short.layout.lineCount()) == (52, 1)
    assert longer.size_px < 52
    assert (longer.layout.lineCount(), longer.skipped) == (2, 0)


def test_of_a_very_long_text_the_end_stays_visible(qtbot: QtBot) -> None:
    whole = "word " * 20_000 + "and this is the end"
    tail = lay_out_tail(whole, 52, 900, 90, 500)
    assert tail.text.startswith(BEFORE)
    assert tail.text.endswith("and this is the end")
    assert len(tail.text) < 500
    assert tail.layout.lineCount() <= 2
    assert whole[tail.skipped + len(BEFORE) :] == tail.text[len(BEFORE) :]


@given(st.text(st.characters(), max_size=300), st.integers(0, 3))
def test_any_text_ends_at_its_end(qapp: object, text: str, grow: int) -> None:
    whole = text * 4**grow
    tail = lay_out_tail(whole, 40, 300, 90, 500)
    assert tail.layout.lineCount() >= 1
    assert tail.units(len(whole)) == utf16_length(tail.text)
    assert tail.layout.lineCount() <= 2
