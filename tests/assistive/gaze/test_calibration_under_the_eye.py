"""What a calibration brings under the eye by itself is never chosen by the look that rests there already."""

from __future__ import annotations

import pytest
from person import HZ, Person

from assistive.boards.calibration_page import RECENTRE_KEY
from assistive.gaze.messages import FitRequest, Fitted
from assistive.messages import Selection, Trouble
from assistive.settings import Settings
from calibration.fit import fit
from calibration.view import Phase


class Tracked(Person):
    """A person before a tracker."""

    def __init__(self, axes: str = "both") -> None:
        settings = Settings().changed("input.gaze", "lsl").changed("gaze.points", "3")
        super().__init__(settings.changed("gaze.axes", axes))
        self.resting = (0.5, 0.5)

    def follow_targets(self, at_most_s: float = 60.0) -> Phase | None:
        """Look at each target; return what comes after the last one, the eyes still there."""
        for _ in range(round(at_most_s * HZ)):
            view = self.engine.calibration
            if view is None or view.phase in (Phase.RESULT, Phase.LEFT):
                return view.phase if view is not None else None
            self.resting = view.place or self.resting
            self.gaze(*self.resting, 1 / HZ)
            for request in self.of(FitRequest):
                self.shown.remove(request)
                assert isinstance(request, FitRequest)
                model = fit(request.samples, request.screen, request.plan)
                self.tell(Fitted(self.clock.now(), request.number, model.to_json()))
        raise AssertionError("the calibration did not end")


@pytest.mark.parametrize("axes", ["both", "horizontal", "vertical"])
def test_the_result_is_not_answered_by_the_look_at_the_last_target(axes: str) -> None:
    person = Tracked(axes)
    person.press("more").press("eyes").press("calibrate the gaze")
    assert person.follow_targets() is Phase.RESULT
    chosen = len(person.of(Selection))
    person.gaze(*person.resting, 5.0)
    assert len(person.of(Selection)) == chosen
    person.gaze(0.5, 0.02, 0.5)
    assert person.look("calibrate:use").engine.calibration is None


def test_what_was_asked_for_can_be_chosen_by_the_same_look_after_the_usual_time() -> None:
    person = Tracked()
    person.press("more").press("eyes").press("calibrate the gaze").follow_targets()
    use = person.target("calibrate:use").rect.center
    person.gaze(0.5, 0.02, 0.5).gaze(*use, 4.0)
    chosen = [m.target_id for m in person.of(Selection) if isinstance(m, Selection)]
    assert chosen[chosen.index("calibrate:use") :][:2] == ["calibrate:use", "fn:back"]


def test_the_board_that_comes_back_after_one_look_chooses_nothing() -> None:
    person = Tracked()
    person.tell(Trouble(person.clock.now(), RECENTRE_KEY, "The gaze is a little off."))
    person.press("calibrate:recentre")
    assert person.follow_targets() is None
    chosen = len(person.of(Selection))
    person.gaze(*person.resting, 5.0)
    assert len(person.of(Selection)) == chosen
    letter = person.board.at(*person.resting)
    person.gaze(0.5, 0.02, 0.5).gaze(*person.resting, 1.5)
    assert letter is not None
    assert person.text.lower() == letter.label
