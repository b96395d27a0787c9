"""What the board shows may change; where things are may not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from board_walk import DESK, GRIDS, LANGUAGES, PHRASES, board, content, layout, untranslated, walk

from assistive.boards.board import Action, TargetKind, Verb
from assistive.boards.pages import build_board, page_after
from assistive.messages import Notice
from assistive.settings import Grid

NOTICE = Notice("camera", "The camera is lost.", "The letters still work.", "Plug it in again.")


def test_the_full_board_from_top_to_bottom() -> None:
    """Text and Speak, phrases, words, letters with functions in the last column, the row that never changes."""
    shown = board(phrases=PHRASES)
    rows: dict[float, list[str]] = {}
    for target in sorted(shown.targets, key=lambda t: (round(t.rect.y, 4), t.rect.x)):
        rows.setdefault(round(target.rect.y, 4), []).append(target.label)
    assert list(rows.values()) == [
        ["Speak"],
        list(PHRASES),
        ["outside", "to", "home", "now", "out"],
        [*"abcdefgh", "delete letter"],
        [*"ijklmnop", "delete word"],
        [*"qrstuvwx", "undo"],
        [*"yz", "space", *".,?'", "! - :", "more"],
        ["yes", "no", "wait, I am not finished", "pain", "phrases", "rest", "chime", "help"],
    ]


def test_the_russian_board_has_five_rows_of_eight_letters() -> None:
    shown = board(language="ru")
    letters = [t for t in shown.targets if t.kind is TargetKind.LETTER or t.id == "fn:punctuation"]
    assert len(letters) == 40
    assert len({round(t.rect.y, 4) for t in letters}) == 5
    assert len({round(t.rect.x, 4) for t in letters}) == 8
    column = [t.label for t in shown.targets if t.kind is TargetKind.FUNCTION]
    assert column == ["стереть букву", "стереть слово", "отменить", "1 2 3", "ещё"]


def test_a_sign_that_stands_beside_the_letters_takes_one_selection_and_the_rarer_ones_two() -> None:
    beside = {t.action.argument for t in board().targets if t.action.verb is Verb.WRITE}
    assert set(".,?'") <= beside
    opener = board().target("fn:punctuation")
    assert opener is not None
    assert not set(opener.label.split()) & beside  # it shows what is to be found behind it
    assert {t.action.argument for t in board("punctuation").targets} >= set(layout("en").punctuation)


def test_without_phrases_the_letters_get_their_height() -> None:
    tall, low = board().target("letter:a"), board(phrases=PHRASES).target("letter:a")
    assert tall is not None
    assert low is not None
    assert tall.rect.h > low.rect.h


@pytest.mark.parametrize("grid", GRIDS)
def test_a_notice_moves_no_target(grid: Grid) -> None:
    for page, before in walk(DESK, "en", grid=grid).items():
        after = board(page, grid=grid, notice=NOTICE)
        assert tuple(t for t in after.targets if t.id != "notice") == before.targets
        assert after.captions == before.captions
        if before.text_rect is not None:
            notice = after.target("notice")
            assert after.text_rect is not None
            assert notice is not None
            assert notice.action == Action(Verb.DISMISS, "camera")
            assert (notice.label, notice.note) == (
                "The camera is lost.",
                "The letters still work. Plug it in again.",
            )
            right = before.text_rect.x + before.text_rect.w
            assert notice.rect.x + notice.rect.w == pytest.approx(right)
            assert after.text_rect.x + after.text_rect.w < notice.rect.x


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["letters", "phrases", "more", "numbers"])
def test_content_changes_labels_and_no_place(page: str, language: str) -> None:
    def places(**what: object) -> dict[str, object]:
        shown = board(page, DESK, language, **what)
        return {target.id: target.rect for target in shown.targets}

    plain = places()
    assert places(words=()) == plain
    assert places(words=("a", "", "incomprehensibilities")) == plain
    assert places(speaking=True, help_calling=True) == plain


def test_words_fill_their_slots_and_missing_ones_are_empty() -> None:
    shown = board(words=("now", "", "out"))
    slots = [shown.target(f"word:{i}") for i in range(5)]
    assert [slot.label for slot in slots if slot] == ["now", "", "out", "", ""]
    assert [slot.choosable for slot in slots if slot] == [True, False, True, False, False]
    assert slots[0] is not None
    assert slots[0].action == Action(Verb.WORD, "now")


def test_speak_becomes_stop_while_the_voice_is_heard() -> None:
    silent, heard = board().target("speak"), board(speaking=True).target("speak")
    assert silent is not None
    assert heard is not None
    assert silent.action == Action(Verb.SPEAK)
    assert (heard.label, heard.action, heard.rect) == ("Stop", Action(Verb.STOP), silent.rect)


@pytest.mark.parametrize("page", ["letters", "more", "settings/1", "rest"])
def test_help_can_be_taken_back_where_it_was_called(page: str) -> None:
    before, after = board(page).target("help"), board(page, help_calling=True).target("help")
    assert before is not None
    assert after is not None
    assert before.action == Action(Verb.HELP)
    assert after.action == Action(Verb.HELP_BACK)
    assert (after.label, after.kind, after.rect) == ("take back help", TargetKind.HELP, before.rect)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rest_shows_wake_and_help_and_nothing_else(language: str) -> None:
    shown = board("rest", language=language, notice=NOTICE)
    assert [target.id for target in shown.targets] == ["wake", "help"]
    assert shown.text_rect is None
    assert all(target.rect.w * target.rect.h > 0.41 for target in shown.targets)
    assert shown.at(0.9, 0.05) is None, "the band that tells of a call for help covers no target"


@pytest.mark.parametrize("grid", GRIDS)
def test_help_is_the_last_of_the_row_and_the_row_is_on_every_page(grid: Grid) -> None:
    boards = walk(DESK, "en", grid=grid)
    top = [t for t in boards["letters"].targets if t.rect.y == boards["letters"].targets[-1].rect.y]
    assert top[-1].id == "help"
    assert len(top) == min(8, int(grid[0]))
    for page, shown in boards.items():
        if page != "rest":
            assert [t for t in shown.targets if t in top] == top, page


def test_mute_offers_the_sound_again_when_it_is_off() -> None:
    quiet = replace(content(), settings=content().settings.changed("sound.muted", True))
    target = build_board(layout("en"), "more", DESK, quiet, untranslated).target("fn:mute")
    assert target is not None
    assert (target.label, target.action) == ("sound on", Action(Verb.SETTING, "sound.muted=false"))


def test_every_target_has_a_name_to_be_read_aloud() -> None:
    for page, shown in walk(DESK, "en").items():
        assert all(target.name for target in shown.targets if target.choosable), page
    stop = board("punctuation").target("letter:.")
    assert stop is not None
    assert stop.name == "full stop"


def test_a_page_that_this_grid_does_not_have_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        board("letters/0", grid="8x6")


def test_the_same_input_gives_the_same_board() -> None:
    assert board("letters", notice=NOTICE) == board("letters", notice=NOTICE)


@pytest.mark.parametrize(
    ("page", "action", "after"),
    [
        ("letters/0/1", Action(Verb.WRITE, "a"), "letters"),
        ("punctuation/2", Action(Verb.WRITE, "?"), "letters"),
        ("numbers", Action(Verb.WRITE, "1"), "numbers"),
        ("numbers/0", Action(Verb.WRITE, "1"), "numbers"),
        ("words", Action(Verb.WORD, "home"), "letters"),
        ("phrases/2", Action(Verb.SAY, "Thank you."), "letters"),
        ("letters/0", Action(Verb.SAY, "Yes."), "letters/0"),
        ("letters/0", Action(Verb.UNDO), "letters/0"),
        ("more", Action(Verb.DELETE_WORD), "more"),
        ("more", Action(Verb.CLEAR), "letters"),
        ("more", Action(Verb.OPEN, "settings/1"), "settings/1"),
        ("settings/2", Action(Verb.SETTING, "dwell.letter_s=1.1"), "settings/2"),
        ("numbers", Action(Verb.REST), "rest"),
        ("rest", Action(Verb.WAKE), "letters"),
        ("rest", Action(Verb.HELP), "rest"),
    ],
)
def test_the_page_after_a_choice(page: str, action: Action, after: str) -> None:
    assert page_after(page, action) == after
