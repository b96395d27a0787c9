"""What can be done by EEG is found on one page, at the same places whatever can be done now; it tells how it stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from board_walk import DESK, GRIDS, LANGUAGES, LINES, content, layout, untranslated, walk

from assistive.boards.board import Action, Board, Target, Verb
from assistive.boards.layout import LAYOUTS, LayoutError, read_layout
from assistive.boards.pages import build_board, page_after
from assistive.boards.setting_choices import setting_choice, setting_paths
from assistive.consents import ASKS_FOR, FLASHING
from assistive.eeg.messages import ElectrodeSignal
from assistive.eeg.state import EegState
from assistive.i18n import translator
from assistive.messages import Notice
from assistive.settings import Grid, Settings
from calibration.verdict import Verdict
from models.erp.signal_level import Fault, SignalLevel

ON = Settings().changed("eeg.source", "lsl")
AGREED = ON.changed("eeg.flashing", True)
ELECTRODES = (
    ElectrodeSignal("Cz", SignalLevel.GOOD),
    ElectrodeSignal("Pz", SignalLevel.BAD, (Fault.FLAT,)),
)


def page(settings: Settings, state: EegState | None = None, name: str = "eeg", grid: Grid = "auto") -> Board:
    shown = replace(
        content(),
        settings=settings.changed("look.grid", grid),
        eeg=state if state is not None else EegState(),
    )
    return build_board(layout("en"), name, DESK, shown, untranslated)


def key(board: Board, name: str) -> Target:
    target = board.target(f"eeg:{name}")
    assert target is not None
    return target


def test_before_eeg_is_switched_on_it_can_only_be_set_up() -> None:
    board = page(Settings())
    assert key(board, "source").action == Action(Verb.SETTING, "eeg.source=lsl")
    for name in ("run", "calibrate", "signal"):
        assert not key(board, name).choosable
    assert key(page(ON), "source").action == Action(Verb.SETTING, "eeg.source=off")


def test_no_key_moves_when_more_can_be_done() -> None:
    boards = [page(settings) for settings in (Settings(), ON, AGREED)]
    boards.append(
        page(AGREED, EegState(True, True, Verdict.HELPS, "Keys brighten.", ELECTRODES, offer=("a",)))
    )
    places = [{t.id: t.rect for t in board.targets if t.id.startswith("eeg:")} for board in boards]
    assert all(place == places[0] for place in places)


@pytest.mark.parametrize("what", ["run", "calibrate"])
def test_whatever_flashes_asks_for_consent_first(what: str) -> None:
    assert key(page(ON), what).action == Action(Verb.OPEN, "eeg/consent")
    assert key(page(AGREED), what).action.verb is Verb.EEG


def test_flashing_is_started_and_stopped_at_the_same_place_and_says_why_it_stopped() -> None:
    stopped = key(page(AGREED, EegState(True, sentence="The EEG is gone.")), "run")
    running = key(page(AGREED, EegState(True, running=True)), "run")
    assert (stopped.action, stopped.note) == (Action(Verb.EEG, "start"), "The EEG is gone.")
    assert running.action == Action(Verb.EEG, "stop")


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        (None, "not measured yet"),
        (Verdict.HELPS, "EEG helps"),
        (Verdict.HELPS_A_LITTLE, "EEG helps a little"),
        (Verdict.UNUSABLE, "EEG does not help now"),
    ],
)
def test_the_verdict_is_told_as_it_is(verdict: Verdict | None, word: str) -> None:
    assert key(page(AGREED, EegState(True, verdict=verdict)), "calibrate").note == word


def test_the_signal_and_how_flashes_are_timed_are_told_in_a_line() -> None:
    board = page(AGREED, EegState(True, electrodes=ELECTRODES, onset="timed by the screen"))
    assert key(board, "signal").note == "1 of 2 good"
    assert key(board, "source").note == "the amplifier sends; timed by the screen"
    assert key(page(AGREED), "source").note == "nothing comes in"
    assert "1 of 2 good" in key(board, "signal").name  # read aloud too


@pytest.mark.parametrize(("name", "path"), [("confirm", "confirm_speech"), ("offers", "undo_offers")])
def test_what_is_on_is_switched_off_where_it_was_switched_on(name: str, path: str) -> None:
    for now in (True, False):
        settings = Settings().changed(f"eeg.{path}", now)
        target = key(page(settings), name)
        assert target.action == Action(Verb.SETTING, f"eeg.{path}={'false' if now else 'true'}")
        assert target.note == ("now: on" if now else "now: off")


def test_the_flashes_are_made_clearer_and_gentler() -> None:
    assert key(page(ON), "strength").action == Action(Verb.SETTING, "eeg.strength=clear")
    clear = ON.changed("eeg.strength", "clear")
    assert key(page(clear), "strength").action == Action(Verb.SETTING, "eeg.strength=gentle")


@pytest.mark.parametrize("grid", [*GRIDS, *LINES])
def test_everything_is_reached_on_every_grid(grid: Grid) -> None:
    boards = walk(DESK, "en", grid=grid)
    offered = {t.id for name, board in boards.items() if name.startswith("eeg") for t in board.targets}
    ids = ("source", "run", "calibrate", "signal", "strength", "confirm", "offers", "consent")
    assert {f"eeg:{name}" for name in ids} <= offered
    assert {"eeg/consent", "eeg/consent/off", "eeg/consent/agree"} <= boards.keys()


# ---------------------------------------------------------------- consent


def test_the_only_key_that_lets_keys_flash_is_on_the_page_after_the_question() -> None:
    for grid in (*GRIDS, *LINES):
        for name, board in walk(DESK, "en", grid=grid).items():
            for target in board.targets:
                if target.action == Action(Verb.SETTING, f"{FLASHING}=true"):
                    assert name == "eeg/consent/agree"
                if target.action == Action(Verb.OPEN, "eeg/consent/agree"):
                    assert (name, target.id) == ("eeg/consent", "consent:no")


def test_agreeing_and_taking_it_back_lead_to_the_page() -> None:
    for value in ("true", "false"):
        assert page_after("eeg/consent/agree", Action(Verb.SETTING, f"{FLASHING}={value}")) == "eeg"
    assert key(page(AGREED), "consent").action == Action(Verb.SETTING, f"{FLASHING}=false")


def test_the_settings_pages_do_not_offer_flashing() -> None:
    assert FLASHING not in setting_paths(Settings())
    assert "privacy.eeg_recordings" in setting_paths(Settings())


@pytest.mark.parametrize("path", ASKS_FOR)
def test_no_layout_can_hold_a_key_that_agrees_in_the_persons_place(path: str, tmp_path: Path) -> None:
    text = (LAYOUTS / "en.toml").read_text("utf-8")
    value = str(ASKS_FOR[path]).lower()
    tricky = tmp_path / "en.toml"
    tricky.write_text(text.replace("setting sound.muted=true", f"setting {path}={value}"), "utf-8")
    with pytest.raises(LayoutError, match="the person's own"):
        read_layout(tricky)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_speak_the_persons_language(language: str) -> None:
    shown = replace(content(language), eeg=EegState(True, electrodes=ELECTRODES))
    for name in ("eeg", "eeg/consent", "eeg/consent/off", "eeg/consent/agree", "eeg/signal"):
        board = build_board(layout(language), name, DESK, shown, translator(language))
        words = [c.text + c.note for c in board.captions] + [t.label + t.note for t in board.targets]
        russian = [any("а" <= letter <= "я" for letter in each.lower()) for each in words if each]
        assert all(russian) if language == "ru" else not any(russian), words


def test_the_settings_of_eeg_are_called_what_they_are() -> None:
    assert setting_choice(ON, "eeg.source", str).value == "an amplifier over LSL"
    assert setting_choice(ON, "input.gaze", str).more == ("webcam", "a webcam")
    assert setting_choice(ON.changed("eeg.delay_ms", 35.0), "eeg.delay_ms", str).value == "35 ms"


# ---------------------------------------------------------------- what is offered


def test_what_the_eeg_doubts_is_offered_beside_the_text_and_moves_nothing() -> None:
    before, after = page(AGREED, name="letters"), page(AGREED, EegState(offer=("at", "art")), name="letters")
    undo, instead = after.target("offer:undo"), after.target("offer:instead")
    assert undo is not None and instead is not None
    assert (undo.action, undo.note) == (Action(Verb.UNDO), "“at”")
    assert (instead.action, instead.note) == (Action(Verb.EEG, "instead"), "“art”")
    assert tuple(t for t in after.targets if not t.id.startswith("offer:")) == before.targets
    assert after.text_rect is not None
    assert after.text_rect.x + after.text_rect.w < undo.rect.x < instead.rect.x


def test_without_a_second_best_undo_has_the_place_for_itself() -> None:
    board = page(AGREED, EegState(offer=("at",)), name="letters")
    assert [t.id for t in board.targets if t.id.startswith("offer:")] == ["offer:undo"]


def test_an_offer_stands_before_a_notice_which_comes_back() -> None:
    shown = replace(content(), notice=Notice("camera", "The camera is lost.", "", ""))
    offered = replace(shown, eeg=EegState(offer=("at",)))
    first = build_board(layout("en"), "letters", DESK, offered, untranslated)
    assert first.target("notice") is None
    assert build_board(layout("en"), "letters", DESK, shown, untranslated).target("notice") is not None


def test_whoever_does_not_want_offers_gets_none() -> None:
    quiet = AGREED.changed("eeg.undo_offers", False)
    assert page(quiet, EegState(offer=("at", "art")), name="letters").target("offer:undo") is None
