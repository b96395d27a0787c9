"""A person whose eyes follow what is drawn calibrates, from the first target to the map, and chooses to use it."""

from __future__ import annotations

from conftest import Stage
from looker import MIDDLE, SCREEN, Looker, Place, perfect
from PyQt6.QtCore import Qt

from assistive.boards.board import Geometry
from assistive.boards.calibration_page import calibration_board
from assistive.boards.key_sizes import key_sizes
from assistive.boards.layout import load_layout
from assistive.gaze.messages import CalibrationShown
from assistive.messages import BoardShown, Press
from assistive.ui.geometry import real_geometry
from calibration.gaze import Axes
from calibration.level import Level, validation_level
from calibration.plan import Plan
from calibration.procedure import Procedure
from calibration.view import CalibrationView, Phase

EN = load_layout("en")
KEYS = key_sizes(EN, Geometry(1920, 1080, 527.0, 296.0))
FOLLOWED_AFTER_S = 0.12


def test_eyes_that_follow_the_target_are_calibrated_and_the_person_uses_what_was_found(stage: Stage) -> None:
    page, drawn, phases = stage.window.calibration, list[tuple[float, Place | None]](), set[Phase]()

    def looks(t: float, view: CalibrationView) -> Place:
        stage.clock.advance(t - stage.clock.now())
        page.show_moment(view)
        phases.add(view.phase)
        drawn.append((t, page._glide.at(t)))
        seen = [place for shown_at, place in drawn[-30:] if shown_at <= t - FOLLOWED_AFTER_S]
        return (seen[-1] if seen else None) or MIDDLE

    looker = Looker(looks=looks, slow_s=0.0)
    procedure = Procedure(Plan(), SCREEN, looker.t, keys=KEYS)
    assert looker.run(procedure).phase is Phase.FITTING
    for sample in procedure.samples():
        point = perfect(sample.seen)
        assert abs(point.x - sample.x) < 0.15
        assert abs(point.y - sample.y) < 0.2
    procedure.fitted(looker.t, perfect)
    looker.run(procedure)
    result = procedure.view(looker.t)
    assert result.phase is Phase.RESULT
    assert phases >= {Phase.FACE, Phase.TARGET, Phase.CHECK}
    assert result.validation is not None
    assert validation_level(result.validation) is Level.GOOD

    window = real_geometry(stage.window)
    board = calibration_board(result, window, EN, Axes.BOTH, lambda text: text, calling=False)
    stage.show(CalibrationShown(looker.t, result), BoardShown(looker.t, board))
    assert page.isVisible()
    assert page.accessibleName() == result.message
    stage.qtbot.mouseClick(stage.button("calibrate:use"), Qt.MouseButton.LeftButton)
    assert [press.target_id for press in stage.posted_of(Press)] == ["calibrate:use"]
