"""A person before a webcam: calibrates by looking, writes, drifts and is put right; all through the real engine."""

from __future__ import annotations

import random

import pytest
from looker import SCREEN, features
from person import Person

from assistive.boards.board import Geometry
from assistive.gaze.messages import (
    Calibrated,
    CalibrationFound,
    CalibrationShown,
    EndCalibration,
    FitRequest,
    Fitted,
    SetupChanged,
)
from assistive.messages import DwellView, NoticesShown, Sound, Tick, Tone
from assistive.settings import Settings
from calibration.fit import fit
from calibration.view import Phase
from devices.samples import DeviceState, DeviceStatus, FaceVerdict, SwitchEvent
from models.gaze.features import EyeFeatures

HZ = 30.0
WINDOW = Geometry(SCREEN.width_px, SCREEN.height_px, SCREEN.width_mm, SCREEN.height_mm)


class Faced(Person):
    """A person whose face a webcam sees."""

    def __init__(self, settings: Settings | None = None, **more: object) -> None:
        settings = (settings or Settings()).changed("input.gaze", "webcam").changed("gaze.points", "5")
        self._chance = random.Random(7)
        self.offset = (
            0.0,
            0.0,
        )  # of the head since the calibration: the gaze is off by so much of the screen
        super().__init__(settings, geometry=WINDOW, **more)  # type: ignore[arg-type]

    def face(self, look: tuple[float, float] | None, **how: object) -> None:
        """One frame."""
        t = self.clock.advance(1 / HZ)
        shake = (self._chance.gauss(0.0, 0.25), self._chance.gauss(0.0, 0.25))
        if look is not None:
            look = (look[0] + self.offset[0], look[1] + self.offset[1])
        self.tell(features(t, look, shake=shake, **how))  # type: ignore[arg-type]
        for message in self.of(FitRequest):
            assert isinstance(message, FitRequest)
            self.shown.remove(message)
            model = fit(message.samples, message.screen, message.plan)
            self.tell(Fitted(self.clock.now(), message.number, model.to_json()))

    def follow_targets(self, at_most_s: float = 120.0) -> Phase | None:
        """Look at whatever target there is until the calibration needs a choice, or is over."""
        for _ in range(round(at_most_s * HZ)):
            view = self.engine.calibration
            if view is None or view.phase in (Phase.RESULT, Phase.LEFT):
                return view.phase if view is not None else None
            self.face(view.place or (0.5, 0.5))
        raise AssertionError("the calibration did not end")

    def calibrate(self) -> Faced:
        self.press("more").press("eyes").press("calibrate the gaze")
        assert self.follow_targets() is Phase.RESULT
        self.press("Use it")
        return self

    def linger(self) -> None:
        """No eye leaves its target at once: it rests where the last one was."""
        for _ in range(round(0.3 * HZ)):
            self.face((0.5, 0.5))

    def look_face(self, name: str, seconds: float = 6.0) -> Faced:
        """Look at a key until it is chosen."""
        target = self.target(name)
        board = self.board
        x, y = target.rect.center
        for _ in range(round(seconds * HZ)):
            self.face((x, y))
            if self.board is not board:
                break
        for _ in range(round(0.6 * HZ)):
            self.face((0.5, 0.02))
        return self


@pytest.fixture(scope="module")
def calibrated() -> Calibrated:
    """What a calibration of that person finds; the engine it was made with is gone."""
    person = Faced().calibrate()
    found = person.of(Calibrated)[-1]
    assert isinstance(found, Calibrated)
    return found


def someone(calibrated: Calibrated, **more: object) -> Faced:
    """The same person on the next morning."""
    person = Faced(Settings().changed("look.grid", "4x3"), **more)
    setup = person.of(SetupChanged)[-1]
    assert isinstance(setup, SetupChanged)
    person.tell(CalibrationFound(person.clock.now(), setup.setup, calibrated.model, accuracy_cm=1.0))
    return person


def test_a_person_calibrates_hands_free_and_the_board_chooses_its_grid() -> None:
    person = Faced()
    person.press("more").press("eyes").press("calibrate the gaze")
    assert person.board.page.startswith("calibration/")
    assert person.board.target("help") is not None
    assert person.follow_targets() is Phase.RESULT
    shown = [m.view for m in person.of(CalibrationShown) if isinstance(m, CalibrationShown)]
    phases = list(dict.fromkeys(view.phase for view in shown if view is not None))
    assert phases == [Phase.FACE, Phase.TARGET, Phase.FITTING, Phase.CHECK, Phase.RESULT]
    result = person.engine.calibration
    assert result is not None
    assert result.validation is not None
    assert result.validation.accuracy_deg < 1.5
    person.press("Use it")
    assert person.engine.calibration is None
    assert person.engine.settings.look.grid == result.grid
    dwell = person.engine.settings.dwell
    assert dwell.floor_s <= dwell.letter_s <= dwell.ceiling_s
    assert dwell.ceiling_s < Settings().dwell.ceiling_s  # a gaze as good as this needs no longer look
    assert not person.board.page.startswith("calibration/")


def test_before_a_calibration_nothing_is_chosen_by_a_webcam() -> None:
    person = Faced()
    person.look_face("e", 5.0)
    assert person.text == ""


def test_after_it_they_write_with_their_eyes(calibrated: Calibrated) -> None:
    person = someone(calibrated)
    person.look_face("yes")
    assert person.spoken == ["Yes."]


def test_nothing_is_chosen_while_the_eyes_are_on_the_targets(calibrated: Calibrated) -> None:
    person = someone(calibrated)
    person.press("more")
    before = list(person.of(DwellView))
    person.tell(Tick(person.clock.now()))
    person.engine.handle(EndCalibration(person.clock.now()))  # there is none: nothing happens
    assert person.text == ""
    assert person.of(DwellView) == before


def test_escape_ends_it_and_the_board_is_back() -> None:
    person = Faced()
    person.press("more").press("eyes").press("calibrate the gaze")
    for _ in range(30):
        person.face((0.5, 0.5))
    person.tell(EndCalibration(person.clock.now()))
    assert person.engine.calibration is None
    assert person.board.page == "eyes"
    assert not person.of(Calibrated)


def test_help_can_be_called_in_the_middle_of_it() -> None:
    person = Faced()
    person.press("more").press("eyes").press("calibrate the gaze")
    for _ in range(60):
        person.face((0.5, 0.5))
    person.press("help")
    assert person.engine.calibration is None  # whoever calls sees that help is being called
    assert any("help" in words.lower() for words in person.spoken)


def test_a_switch_ends_it_before_there_is_something_to_choose() -> None:
    person = Faced()
    person.press("more").press("eyes").press("calibrate the gaze")
    for _ in range(60):
        person.face((0.5, 0.5))
    person.tell(SwitchEvent(person.clock.now(), "1", True))
    assert person.engine.calibration is None
    assert person.board.page == "eyes"
    assert person.text == ""


def test_a_soft_sound_tells_that_a_target_is_done() -> None:
    person = Faced()
    person.press("more").press("eyes").press("calibrate the gaze").follow_targets()
    points = [m for m in person.of(Sound) if isinstance(m, Sound) and m.tone is Tone.POINT]
    view = person.engine.calibration
    assert view is not None
    assert view.validation is not None
    assert len(points) == 5 + len(view.validation.regions)


def test_a_blink_does_not_cost_the_look(calibrated: Calibrated) -> None:
    person = someone(calibrated)
    yes = person.target("yes").rect.center
    for _ in range(round(0.7 * HZ)):
        person.face(yes)
    for _ in range(round(0.2 * HZ)):
        person.face(yes, opening=0.03)
    board = person.board
    for _ in range(round(2.5 * HZ)):
        person.face(yes)
        if person.spoken or person.board is not board:
            break
    assert person.spoken == ["Yes."]


def test_a_drift_is_followed_by_what_was_meant(calibrated: Calibrated) -> None:
    person = someone(calibrated)
    for step in range(36):
        person.offset = (min(0.05, 0.002 * step), 0.0)
        person.look_face(("yes", "no")[step % 2], 4.0)
    person.offset = (0.05, 0.0)
    for _ in range(30):
        person.face(person.target("yes").rect.center)
    assert 0.01 < person.engine.gaze.kept()["offset"][0] < 0.06


def test_one_look_puts_a_shifted_gaze_right(calibrated: Calibrated) -> None:
    person = someone(calibrated)
    person.offset = (0.06, 0.0)
    person.press("more").press("next").press("eyes").press("put the gaze right: one look")
    assert person.follow_targets() is None
    assert person.engine.gaze.kept()["offset"][0] == pytest.approx(0.06, abs=0.02)
    person.linger()
    person.look_face("yes")
    assert person.spoken == ["Yes."]


def test_an_old_calibration_offers_one_look(calibrated: Calibrated) -> None:
    person = Faced()
    setup = person.of(SetupChanged)[-1]
    assert isinstance(setup, SetupChanged)
    day = 26 * 3600.0
    person.tell(CalibrationFound(person.clock.now(), setup.setup, calibrated.model, 1.0, day))
    offer = person.board.target("calibrate:recentre")
    assert offer is not None
    person.offset = (0.03, 0.0)
    person.press(offer.id)
    assert person.engine.calibration is not None
    assert person.follow_targets() is None
    kept = person.of(Calibrated)[-1]
    assert isinstance(kept, Calibrated)
    assert kept.model not in ("", calibrated.model)  # the model has learned what has moved since
    person.linger()
    person.look_face("yes")
    assert person.spoken == ["Yes."]
    assert person.board.target("calibrate:recentre") is None
    assert person.of(NoticesShown)[-1].notices == ()  # type: ignore[attr-defined]


def test_a_calibration_for_another_screen_is_said_and_not_used(calibrated: Calibrated) -> None:
    person = Faced()
    setup = person.of(SetupChanged)[-1]
    assert isinstance(setup, SetupChanged)
    problem = "The calibration that there is was made for another screen."
    person.tell(CalibrationFound(person.clock.now(), setup.setup, problem=problem))
    assert person.of(NoticesShown)[-1].notices[0].what == problem  # type: ignore[attr-defined]
    person.press("End").look_face("e", 4.0)
    assert person.text == ""


def test_a_webcam_without_a_calibration_begins_one_by_itself() -> None:
    person = Faced()
    setup = person.of(SetupChanged)[-1]
    assert isinstance(setup, SetupChanged)
    person.tell(CalibrationFound(person.clock.now(), setup.setup))
    assert person.board.page == "calibration/face"
    assert person.follow_targets() is Phase.RESULT


def test_a_damaged_model_is_no_crash() -> None:
    person = Faced()
    setup = person.of(SetupChanged)[-1]
    assert isinstance(setup, SetupChanged)
    person.tell(CalibrationFound(person.clock.now(), setup.setup, "{]", unfinished="[1"))
    person.tell(CalibrationFound(person.clock.now(), setup.setup, '{"version": 1}', unfinished="7"))
    assert person.press("End").press("e").text.lower() == "e"


def test_the_camera_says_what_is_wrong_and_the_notice_goes_when_it_is_mended() -> None:
    person = Faced()
    person.face((0.5, 0.5))
    said = "It is too dark."
    person.tell(DeviceStatus(person.clock.now(), "webcam", DeviceState.RUNNING, said))
    assert person.of(NoticesShown)[-1].notices[0].what == said  # type: ignore[attr-defined]
    person.tell(DeviceStatus(person.clock.now(), "webcam", DeviceState.RUNNING, ""))
    assert "works again" in person.of(NoticesShown)[-1].notices[0].works  # type: ignore[attr-defined]


def test_a_face_that_is_gone_for_long_calls_for_help(calibrated: Calibrated) -> None:
    person = someone(calibrated)
    person.look_face("yes")
    for _ in range(round(21 * HZ)):
        person.face(None)
    assert any("input device is lost" in words for words in person.spoken)


def test_a_photo_never_chooses(calibrated: Calibrated) -> None:
    person = someone(calibrated)
    for _ in range(round(6 * HZ)):
        person.face(person.target("yes").rect.center, verdict=FaceVerdict.STILL)
    assert person.spoken == []


def test_eyes_are_taken_in_any_order_of_time() -> None:
    person = Faced()
    for t in (5.0, 3.0, float("nan"), 1e9):
        person.tell(EyeFeatures(t, FaceVerdict.NO_FACE))
    assert person.press("e").text.lower() == "e"
