"""With one switch every target of every page is reached: letters, settings, EEG, questions, rest, notices, calibrations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest
from board_walk import DESK, GRIDS, LANGUAGES, LINES, PHRASES, board, layout, untranslated, walk

from assistive.boards.board import Board
from assistive.boards.calibration_page import calibration_board
from assistive.boards.eeg_calibration_page import eeg_calibration_board
from assistive.confirming import ConfirmView
from assistive.eeg.calibration_view import EegCalibrationView, EegPhase
from assistive.messages import Notice, ScanShown
from assistive.scanning import Scanning
from assistive.settings import Grid, Language, ScanningSettings
from calibration.gaze import Axes
from calibration.verdict import Verdict
from calibration.view import CalibrationView, Phase
from devices.samples import SwitchEvent

MODES = [mode for mode in get_args(ScanningSettings.model_fields["mode"].annotation) if mode != "off"]
PAUSE_S = 1.0  # between two presses


class Hands:
    """Two switches, pressed without haste; what is offered is seen."""

    def __init__(self, mode: str, board: Board) -> None:
        self.t = 0.0
        self.offered: tuple[str, ...] = ()
        settings = ScanningSettings.model_validate({"mode": mode, "switches": "two"})
        self.scanning = Scanning(settings, self._see)
        self.scanning.show(self.t, board, None, "", quiet=False, held_back=False)

    def _see(self, message: ScanShown) -> None:
        self.offered = message.targets

    def press(self, switch: str) -> str | None:
        """Press and let go; what that took."""
        self.t += PAUSE_S
        taken = self.scanning.switched(SwitchEvent(self.t, switch, True))
        self.scanning.switched(SwitchEvent(self.t + 0.2, switch, False))
        if taken is not None:
            self.scanning.begin_anew(self.t)
        return taken.id if taken is not None else None

    def reach(self, wanted: str) -> None:
        """Step to what is wanted and take it."""
        for _ in range(200):
            taken = self.press("2" if wanted in self.offered else "1")
            if taken is not None:
                assert taken == wanted
                return
        raise AssertionError(f"{wanted} is not reached")


def check(shown: Board, mode: str) -> None:
    hands = Hands(mode, shown)
    targets = [target for target in shown.targets if target.choosable]
    assert targets, shown.page
    for target in targets:
        hands.reach(target.id)


def special(language: Language) -> Iterator[Board]:
    """The boards on which no page leads."""
    notice = Notice("disk", "The disk is full.", "Speaking works.", "Make room.")
    yield board(language=language, notice=notice, help_calling=True)
    yield board("rest", language=language, help_calling=True)
    yield board("confirm", language=language, confirm=ConfirmView("I would like to go outside."))
    for phase in (Phase.RESULT, Phase.LEFT):
        view = CalibrationView(1.0, phase, (0.5, 0.5), 0.3, 2, 5)
        yield calibration_board(view, DESK, layout(language), Axes.BOTH, untranslated, calling=False)
    for eeg_phase in EegPhase:
        eeg = EegCalibrationView(eeg_phase, "A sentence.", verdict=Verdict.HELPS, most=12, resumable=4)
        yield eeg_calibration_board(eeg, DESK, layout(language), Axes.BOTH, str, calling=False)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("grid", [*GRIDS, *LINES])
def test_every_target_of_every_page_is_reached(grid: Grid, language: Language, mode: str) -> None:
    pages = walk(DESK, language, grid=grid, phrases=PHRASES)
    assert {"letters", "settings/1", "rest", "eeg"} <= set(pages)
    for shown in pages.values():
        check(shown, mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_so_are_questions_notices_a_call_for_help_and_the_calibrations(language: Language, mode: str) -> None:
    pages = set()
    for shown in special(language):
        pages.add(shown.page)
        check(shown, mode)
    assert {"confirm", "rest", "calibration/result", "calibration/left"} <= pages
