"""A person finds EEG on the board, agrees to what flashes, looks at the electrodes and is told why nothing can start."""

from __future__ import annotations

import pytest
from person import Person

from assistive.consents import FLASHING
from assistive.eeg.messages import EegModelFound, EegSignal, ElectrodeSignal, ShowFlashes, StopFlashes
from assistive.messages import NoticesShown
from assistive.settings import Settings
from assistive.text.history import Restored
from calibration.verdict import Verdict
from devices.samples import DeviceState, DeviceStatus
from models.erp.signal_level import Fault, SignalLevel

AGREED = Settings().changed("eeg.source", "lsl").changed(FLASHING, True)
GOOD_AND_FLAT = (
    ElectrodeSignal("Cz", SignalLevel.GOOD),
    ElectrodeSignal("Pz", SignalLevel.BAD, (Fault.FLAT,)),
)


@pytest.fixture
def person() -> Person:
    """They have agreed to flashing keys and are on the page of EEG."""
    restored = Restored(consents=frozenset({FLASHING}))
    return Person(AGREED, restored=restored).look("more").look("EEG")


def amplifier_on(person: Person, electrodes: tuple[ElectrodeSignal, ...] = GOOD_AND_FLAT) -> Person:
    now = person.clock.now()
    person.tell(DeviceStatus(now, "eeg", DeviceState.RUNNING))
    return person.tell(EegSignal(now, electrodes))


def notices(person: Person) -> str:
    shown = person.of(NoticesShown)[-1]
    assert isinstance(shown, NoticesShown)
    return " ".join(f"{n.what} {n.works} {n.todo}" for n in shown.notices)


def flashed(person: Person) -> object:
    """The latest that the window was told to flash or to stop."""
    return next(m for m in reversed(person.shown) if isinstance(m, ShowFlashes | StopFlashes))


def note(person: Person, name: str) -> str:
    return person.target(f"eeg:{name}").note


def test_without_an_amplifier_starting_says_what_to_do(person: Person) -> None:
    assert note(person, "source") == "nothing comes in"
    person.look("start")
    assert "Start the amplifier" in notices(person)
    assert person.of(ShowFlashes) == []


def test_the_electrodes_are_followed_while_they_are_mended(person: Person) -> None:
    amplifier_on(person)
    assert note(person, "signal") == "1 of 2 good"
    person.look("electrodes")
    assert [c.text for c in person.board.captions] == ["1 of 2 electrodes are good", "Pz: bad", "Good"]
    person.tell(
        EegSignal(person.clock.now(), tuple(ElectrodeSignal(c, SignalLevel.GOOD) for c in ("Cz", "Pz")))
    )
    assert [c.text for c in person.board.captions] == ["2 of 2 electrodes are good", "Good"]
    assert person.look("back").board.page == "eeg"


def test_an_eeg_that_does_not_help_starts_nothing_and_says_so(person: Person) -> None:
    amplifier_on(person).tell(EegModelFound(person.clock.now(), Verdict.UNUSABLE, 0.52))
    assert note(person, "calibrate") == "EEG does not help now"
    person.look("start")
    assert "EEG does not help now" in notices(person)
    assert person.of(ShowFlashes) == []


def test_what_flashes_stops_at_the_same_key_and_when_the_consent_is_taken_back(person: Person) -> None:
    amplifier_on(person).tell(EegModelFound(person.clock.now(), Verdict.HELPS, 0.95))
    person.look("start").wait(3.5)
    assert person.board.page == "letters"  # there is something to write with
    assert len(person.of(ShowFlashes)) > 0
    person.look("more").look("EEG").look("stop")
    assert person.target("eeg:run").label == "start"
    assert isinstance(flashed(person), StopFlashes)
    person.look("start").wait(3.5)
    assert isinstance(flashed(person), ShowFlashes)
    person.look("more").look("EEG").look("nothing may flash")
    assert isinstance(flashed(person), StopFlashes)
    assert not person.engine.settings.eeg.flashing
    assert person.look("start").board.page == "eeg/consent"


def test_switched_off_nothing_is_left_to_start(person: Person) -> None:
    amplifier_on(person).look("switch EEG off")
    assert not person.target("eeg:run").choosable
    assert person.engine.settings.eeg.source == "off"
