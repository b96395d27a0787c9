"""The colours: everything that is read or followed with the eyes stands out enough, in every theme."""

from __future__ import annotations

import pytest

from assistive.boards.board import TargetKind
from assistive.ui.theme import CONTRAST, THEMES, Theme, contrast, type_of

TEXT, PART = 7.0, 3.0
every_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)


def text_pairs(theme: Theme) -> list[tuple[str, str, str]]:
    """Every text on every background that the window draws: what, text, background."""
    pairs = []
    for kind in TargetKind:
        colors = theme.cell_colors(kind)
        pairs += [(kind, colors.ink, colors.fill), (f"{kind}'s note", colors.note, colors.fill)]
    return [
        *pairs,
        ("caption", theme.ink, theme.ground),
        ("caption's note", theme.ink_2, theme.ground),
        ("partner", theme.ink_2, theme.panel),
        ("own text", theme.ink, theme.panel),
        ("proposed text", theme.model, theme.panel),
        ("spoken text", theme.ink_2, theme.panel),
        ("word that is heard", theme.on_mark, theme.mark),
        ("help is called", theme.on_help, theme.help),
        ("I am here", theme.help, theme.on_help),
    ]


def part_pairs(theme: Theme) -> list[tuple[str, str, str]]:
    """Every part that carries meaning on every background: what, part, background."""
    pairs = []
    for kind in TargetKind:
        colors = theme.cell_colors(kind)
        pairs.append((f"ring on {kind}", colors.ring, colors.fill))
        if colors.outline:
            pairs.append((f"outline of {kind}", colors.outline, theme.ground))
    return [
        *pairs,
        ("frame of the dwell", theme.dwell, theme.ground),
        ("frame of the focus", theme.ink, theme.ground),
        ("caret", theme.dwell, theme.panel),
        ("line under proposed text", theme.model, theme.panel),
        ("Speak", theme.go, theme.ground),
        ("gaze dot", theme.ink, theme.ground),
    ]


@every_theme
def test_text_has_a_contrast_of_seven(theme: Theme) -> None:
    weak = {what: round(contrast(a, b), 2) for what, a, b in text_pairs(theme) if contrast(a, b) < TEXT}
    assert not weak


@every_theme
def test_parts_have_a_contrast_of_three(theme: Theme) -> None:
    weak = {what: round(contrast(a, b), 2) for what, a, b in part_pairs(theme) if contrast(a, b) < PART}
    assert not weak


@every_theme
def test_the_advised_key_stands_out_from_the_other_ones_and_from_help(theme: Theme) -> None:
    kinds = (TargetKind.ADVISED, TargetKind.FUNCTION, TargetKind.HELP)
    assert len({theme.cell_colors(kind).fill for kind in kinds}) == 3


def test_high_contrast_is_black_white_and_yellow_with_thick_lines() -> None:
    drawn = set(Theme.__slots__) - {
        "flash"
    }  # towards it cells change; no pure colour is left to a yellow cell
    colors = {value for name in drawn if str(value := getattr(CONTRAST, name)).startswith("#")}
    assert colors == {"#000000", "#ffffff", "#ffff00"}
    assert CONTRAST.outline_px == 3.0


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_what_proposed_text_looks_like_is_its_own() -> None:
    for theme in THEMES.values():
        assert theme.model not in (theme.ink, theme.ink_2)


def test_a_word_in_a_letters_cell_is_set_as_a_word() -> None:
    assert type_of(TargetKind.LETTER, "space").size_px < type_of(TargetKind.LETTER, ". ? !").size_px
    assert type_of(TargetKind.GROUP, "a b c d").size_px == type_of(TargetKind.LETTER, "a").size_px
