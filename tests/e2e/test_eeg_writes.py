"""A brain in another program chooses by what flashes in the real window: its word is written, and spoken."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from desktop import Desktop, desktop, missing
from imagined_calibration import calibrated
from outlet_process import keep_lsl_apart
from sayso_app import Sayso, sayso, wait_for

from assistive.consents import FLASHING, consent_data
from assistive.eeg.imagined import IMAGINED_EEG
from assistive.eeg.keeper import EegKeeper
from assistive.eeg.kept import KeptModel, Montage
from assistive.messages import JournalEntry
from assistive.simulate.brain import ImaginedBrain
from assistive.simulate.rehearsal import LEARNED, amplitude_for
from assistive.simulate.scalp import ELECTRODES
from assistive.text.journal import encode
from devices.clock import LslClock
from models.erp.p300 import fit_p300

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "never")
keep_lsl_apart()

ROOT = Path(__file__).parents[2]
WORD = "hi"
AUC = 0.97
CHANNELS, HZ = ELECTRODES[:8], 250.0
LONG = "SAYSO_LONG_TESTS"
ASK_S = 3.0  # to ask what is on the screen disturbs what flashes there
LONGEST_CALIBRATION_S = 150.0
WITH_MISTAKES_S = 70.0
SETTINGS = f"""[eeg]
source = "lsl"
stream = "{IMAGINED_EEG}"
publish_markers = true
flashing = true
interval_s = 0.12
reading_s = 0.5
"""


@pytest.fixture
def brain(own_home: Path) -> Iterator[subprocess.Popen[str]]:
    """Somebody who wants to say the word: nobody's brain, in a process of its own."""
    command = [sys.executable, "-P", "-m", "assistive", "imagine-eeg", "--wants", WORD, "--auc", str(AUC)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert IMAGINED_EEG in process.stdout.readline()
    yield process
    process.kill()
    print(process.communicate()[0])


@pytest.fixture
def agreed(own_home: Path) -> None:
    """The person has agreed to flashing keys, on a day before."""
    journal = own_home / "state" / "journal"
    journal.parent.mkdir(parents=True, exist_ok=True)
    journal.write_bytes(encode(JournalEntry(1.0, 1, "consent", consent_data(FLASHING, given=True))))


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as place:
        yield place


def calibrate_on_another_day(home: Path) -> None:
    """What the same brain taught in a calibration of a minute is on the disk."""
    uv = amplitude_for(AUC, CHANNELS, HZ, seed=0)
    yesterday = ImaginedBrain(WORD, CHANNELS, HZ, p300_uv=uv, seed=1)
    epochs, target = calibrated(yesterday, CHANNELS, HZ, LEARNED, seed=2)
    troubles: list[object] = []
    keeper = EegKeeper(home / "data" / "eeg", troubles.append, troubles.append, LslClock(), str)
    keeper.keep_model(Montage(CHANNELS, HZ), KeptModel(fit_p300(epochs, target), time.time()))
    assert keeper.close(10.0) and not troubles


def open_the_page(app: Sayso) -> None:
    """A hand opens the page of EEG, where it is told that the amplifier sends."""
    app.click("more", "EEG")
    app.wait_for_notice("the amplifier sends")


def hands_off(app: Sayso) -> None:
    """The pointer lies where nothing can be chosen."""
    app.place.mouse(960, 2)


def wait_until_it_is_spoken(app: Sayso) -> None:
    """Until its word is heard; one choice in twenty may be wrong, and is taken back by what flashes."""
    wait_for(
        "its word is spoken",
        lambda: WORD in [said.lower() for said in app.on_disk().conversation.own],
        WITH_MISTAKES_S,
    )


def test_with_the_model_of_another_day_it_writes_and_speaks(
    screen: Desktop, own_home: Path, tmp_path: Path, brain: subprocess.Popen[str], agreed: None
) -> None:
    calibrate_on_another_day(own_home)
    heard = tmp_path / "heard.wav"
    with sayso(screen, own_home, "--wav", str(heard), settings=SETTINGS) as app:
        open_the_page(app)
        app.click("start")
        hands_off(app)
        wait_until_it_is_spoken(app)
        wait_for("it is heard", lambda: heard.stat().st_size > 20_000)


@pytest.mark.skipif(LONG not in os.environ, reason=f"takes a minute and a half; {LONG}=1 runs it")
@pytest.mark.timeout(240)
def test_calibrated_by_eeg_alone_it_writes_and_speaks(
    screen: Desktop, own_home: Path, tmp_path: Path, brain: subprocess.Popen[str], agreed: None
) -> None:
    heard = tmp_path / "heard.wav"
    with sayso(screen, own_home, "--wav", str(heard), settings=SETTINGS) as app:
        open_the_page(app)
        app.click("calibrate EEG", "Begin")
        hands_off(app)
        pause = threading.Event()
        end = time.monotonic() + LONGEST_CALIBRATION_S
        while app.key("Use it") is None:
            assert time.monotonic() < end, "the calibration finds no use in it"
            pause.wait(ASK_S)
        screen.screenshot(tmp_path / "result.png")
        app.click("Use it")
        open_the_page(app)
        app.click("start")
        hands_off(app)
        wait_until_it_is_spoken(app)
        wait_for("it is heard", lambda: heard.stat().st_size > 20_000)
