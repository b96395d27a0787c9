"""What flashes harms nobody: computed for every kind of cell, in every theme, at both strengths."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from assistive.boards.board import Action, Rect, Target, TargetKind, Verb
from assistive.ui.cell_face import CellFace, Scale, face_of
from assistive.ui.flash_look import (
    CLEAR_STEP,
    DISTANCE_MM,
    GENTLE_STEP,
    flash_face,
    flash_fill,
    is_saturated_red,
    solid_angle,
    step_allowed,
)
from assistive.ui.theme import THEMES, Theme, contrast, luminance

GENERAL_FLASH = 0.1  # WCAG 2.2: of the maximum relative luminance
SMALL_SR = 0.006  # WCAG 2.2
COLOR = st.from_regex(re.compile(r"#[0-9a-f]{6}"), fullmatch=True)

every_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
every_kind = pytest.mark.parametrize("kind", TargetKind)


def face(kind: TargetKind, theme: Theme, note: str = "note") -> CellFace:
    target = Target("x", kind, "word", Rect(0, 0, 1, 1), Action(Verb.WRITE), note=note)
    return face_of(target, theme, QRectF(0, 0, 240, 110), Scale(1.0, 8.0))


@every_theme
@every_kind
def test_a_gentle_flash_is_no_flash_in_the_sense_of_wcag(
    qtbot: QtBot, kind: TargetKind, theme: Theme
) -> None:
    dark = face(kind, theme)
    bright = flash_face(dark, theme, step_allowed("gentle", [1.0]))
    assert abs(luminance(bright.colors.fill) - luminance(dark.colors.fill)) < GENERAL_FLASH
    assert bright.colors.fill != dark.colors.fill, "but it is seen"


@every_theme
@every_kind
@pytest.mark.parametrize("step", [GENTLE_STEP, CLEAR_STEP])
def test_a_flash_is_no_saturated_red_and_its_text_is_read(
    qtbot: QtBot, kind: TargetKind, theme: Theme, step: float
) -> None:
    bright = flash_face(face(kind, theme), theme, step)
    assert abs(luminance(bright.colors.fill) - luminance(face(kind, theme).colors.fill)) <= 0.35
    assert not is_saturated_red(bright.colors.fill)
    assert contrast(bright.colors.fill, bright.colors.ink) >= 4.5
    assert contrast(bright.colors.fill, bright.colors.note) >= 4.5


@every_theme
@every_kind
@pytest.mark.parametrize("step", [GENTLE_STEP, CLEAR_STEP])
def test_the_dwells_ring_is_seen_on_a_flashing_cell(
    qtbot: QtBot, kind: TargetKind, theme: Theme, step: float
) -> None:
    colors = flash_face(face(kind, theme), theme, step).colors
    assert contrast(colors.fill, colors.ring) >= 3.0


@every_theme
def test_a_clear_flash_of_a_letter_is_clearer(qtbot: QtBot, theme: Theme) -> None:
    def step(allowed: float) -> float:
        bright = flash_face(face(TargetKind.LETTER, theme, note=""), theme, allowed)
        return abs(luminance(bright.colors.fill) - luminance(theme.cell))

    assert step(CLEAR_STEP) > 1.2 * step(GENTLE_STEP)


@given(st.lists(st.floats(1.0, 1e6), min_size=1, max_size=60))
def test_more_than_gentle_is_only_what_is_small_to_the_eyes(areas: list[float]) -> None:
    assert step_allowed("gentle", areas) < GENERAL_FLASH
    if sum(areas) / DISTANCE_MM**2 >= SMALL_SR:
        assert step_allowed("clear", areas) < GENERAL_FLASH
    else:
        assert step_allowed("clear", areas) <= 0.35


def test_a_solid_angle_is_never_taken_for_smaller_than_it_is() -> None:
    # A square of 46 mm straight ahead at 60 cm: 4 atan(a^2 / (d sqrt(2 a^2 + d^2))), with half its side a.
    assert solid_angle([46.0 * 46.0]) == pytest.approx(0.00586, rel=0.01)
    assert solid_angle([46.0 * 46.0]) >= 0.00586
    assert solid_angle([100.0] * 4) == solid_angle([400.0])


@given(COLOR, COLOR, COLOR, st.floats(0.0, 0.35))
def test_the_limits_hold_for_any_colours(fill: str, ink: str, flash: str, step: float) -> None:
    bright = flash_fill(fill, ((ink, 4.5),), flash, step)
    assert abs(luminance(bright) - luminance(fill)) <= step
    assert bright == fill or (contrast(bright, ink) >= 4.5 and not is_saturated_red(bright))


@pytest.mark.parametrize(
    ("color", "red"),
    [("#ff0000", True), ("#ff5050", True), ("#ff8080", False), ("#000000", False), ("#00ff00", False)],
)
def test_a_saturated_red_is_that_of_wcag(color: str, red: bool) -> None:
    assert is_saturated_red(color) is red
