"""The settings can be changed by looking: each has its sentence, its value, and a step either way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from board_walk import DESK, GRIDS, LANGUAGES, LINES, SCREENS, content, layout, walk
from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.board import Action, Board, Target, Verb
from assistive.boards.pages import build_board
from assistive.boards.setting_choices import setting_choice, setting_paths
from assistive.settings import DwellSettings, Grid, Settings


def shouted(sentence: str) -> str:
    """Stands in for a translation."""
    return sentence.upper().replace("{NUMBER}", "{number}").replace("{PAGES}", "{pages}")


def settings_boards(settings: Settings, language: str = "en") -> Iterator[Board]:
    shown = content(language)
    shown = replace(shown, settings=settings)
    number = 1
    while True:
        board = build_board(layout(language), f"settings/{number}", DESK, shown, shouted)
        yield board
        if not (turn := board.target("fn:next")) or not turn.choosable:
            return
        number += 1


def setting_targets(settings: Settings) -> dict[str, Target]:
    return {target.id: target for board in settings_boards(settings) for target in board.targets}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("grid", GRIDS)
def test_every_setting_has_one_row_with_its_sentence_and_value(grid: Grid, language: str) -> None:
    captions = [
        caption
        for page, board in walk(DESK, language, grid=grid).items()
        if page.startswith("settings")
        for caption in board.captions
    ]
    for path in setting_paths(Settings()):
        names = [caption for caption in captions if caption.id == f"setting:{path}"]
        values = [caption for caption in captions if caption.id == f"value:{path}"]
        assert len(names) == len(values) == 1
        assert names[0].text
        assert names[0].note
        assert values[0].text


def test_each_step_sets_a_value_that_the_settings_take() -> None:
    for target in setting_targets(Settings()).values():
        if target.action.verb is Verb.SETTING and target.choosable:
            path, _, value = target.action.argument.partition("=")
            assert Settings().changed(path, value) != Settings()
            assert target.note


def test_more_and_less_step_the_dwell_time() -> None:
    targets = setting_targets(Settings())
    assert targets["less:dwell.letter_s"].action == Action(Verb.SETTING, "dwell.letter_s=0.9")
    assert targets["more:dwell.letter_s"].action == Action(Verb.SETTING, "dwell.letter_s=1.1")
    assert targets["more:dwell.letter_s"].note == "1.1 S"


def test_at_the_end_of_its_range_a_setting_goes_one_way() -> None:
    targets = setting_targets(Settings().changed("dwell.letter_s", 0.2))
    assert not targets["less:dwell.letter_s"].choosable
    assert targets["more:dwell.letter_s"].choosable
    assert not targets["less:look.theme"].choosable


def test_a_choice_goes_through_its_values_in_order() -> None:
    settings, seen = Settings(), ["auto"]
    while (more := setting_targets(settings)["more:look.grid"]).choosable:
        path, _, value = more.action.argument.partition("=")
        settings = settings.changed(path, value)
        seen.append(value)
    assert tuple(seen) == ("auto", *GRIDS, *LINES)


def test_a_switch_has_one_target_that_turns_it() -> None:
    targets = setting_targets(Settings())
    assert "less:sound.click" not in targets
    assert targets["more:sound.click"].action == Action(Verb.SETTING, "sound.click=false")


def test_what_is_a_path_is_shown_and_not_offered() -> None:
    boards = list(settings_boards(Settings().changed("voice.banked_voice", "/home/me/voice.onnx")))
    assert not any("banked_voice" in target.id for board in boards for target in board.targets)
    values = {caption.id: caption.text for board in boards for caption in board.captions}
    assert values["value:voice.banked_voice"] == "/home/me/voice.onnx"
    assert values["value:model.path"] == "NOT SET"


def test_every_word_goes_through_the_translation() -> None:
    for board in settings_boards(Settings()):
        for target in board.targets:
            if target.action.verb is Verb.SETTING:
                assert target.label == target.label.upper()
        for caption in board.captions:
            if caption.id.startswith("setting:"):
                assert caption.text == caption.text.upper()
                assert caption.note == caption.note.upper()


def test_russian_numbers_have_a_comma() -> None:
    settings = Settings().changed("look.language", "ru")
    assert setting_choice(settings, "dwell.lock_on_s", str).value == "0,25 s"
    assert setting_choice(settings, "voice.volume", str).value == "90 %"


def test_a_page_beyond_the_last_is_the_last() -> None:
    """A larger grid has fewer pages: whoever changes it there stays in the settings."""
    last = list(settings_boards(Settings()))[-1]
    beyond = build_board(layout("en"), "settings/99", DESK, content(), shouted)
    assert beyond.page == last.page
    assert build_board(layout("en"), "settings/x", DESK, content(), shouted).page == "settings/1"


@pytest.mark.parametrize("screen", SCREENS)
def test_the_pages_are_evenly_filled(screen: str) -> None:
    rows = [
        sum(caption.id.startswith("setting:") for caption in board.captions)
        for page, board in walk(SCREENS[screen], "en").items()
        if page.startswith("settings")
    ]
    assert max(rows) - min(rows) <= 1


@given(st.sampled_from(("letter_s", "word_factor", "lock_on_s", "keep_s", "drain_s", "rearm_s")), st.data())
def test_any_number_steps_to_both_ends(field: str, data: st.DataObject) -> None:
    """Also one that somebody typed between two steps."""
    limits = {type(m).__name__: m for m in DwellSettings.model_fields[field].metadata}
    low, high = limits["Ge"].ge, limits["Le"].le
    settings = Settings().changed(f"dwell.{field}", data.draw(st.floats(low, high)))
    for way, end in (("less", low), ("more", high)):
        reached = settings
        for _ in range(60):
            step = getattr(setting_choice(reached, f"dwell.{field}", str), way)
            if step is None:
                break
            reached = reached.changed(f"dwell.{field}", step[0])
        assert getattr(reached.dwell, field) == end
