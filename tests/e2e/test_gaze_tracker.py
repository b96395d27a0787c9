"""A tracker's program looks at the real window: it writes, dies and comes back, calibrates, and is known the next time."""

from __future__ import annotations

import json
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from desktop import Desktop, desktop, missing
from numpy.typing import NDArray
from outlet_process import OutletProcess, keep_lsl_apart
from sayso_app import Sayso, sayso, wait_for

from assistive.boards.grid import FULL

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "never")
keep_lsl_apart()

WIDTH_PX, HEIGHT_PX = 1920, 1080
HZ = 60.0
OFF = (
    0.03,
    -0.025,
)  # where this tracker believes the eyes to be, beside where they are, in shares of the screen
SHAKE = 0.008
OFFER = "The gaze is a little off"
CHANNELS = [{"label": axis, "eye": "both", "unit": "normalized"} for axis in "xy"]
SETTINGS = '[input]\ngaze = "lsl"\n[gaze]\npoints = "3"\n'


class Eyes:
    """A person's eyes, as the program of a tracker tells of them."""

    def __init__(self) -> None:
        self.tracker = self._started()

    @staticmethod
    def _started() -> OutletProcess:
        return OutletProcess("desk tracker", CHANNELS, rate_hz=HZ, source_id="desk")

    def look(self, x_px: float, y_px: float) -> None:
        """Look at this place from now on."""
        self.tracker.keep_pushing((x_px / WIDTH_PX + OFF[0], y_px / HEIGHT_PX + OFF[1]), HZ, shake=SHAKE)

    def rest(self) -> None:
        """Look where nothing can be chosen: at the upper edge."""
        self.look(WIDTH_PX / 2, 0)

    def come_back(self) -> None:
        """The program is started again."""
        self.tracker = self._started()


@pytest.fixture
def eyes() -> Iterator[Eyes]:
    person = Eyes()
    yield person
    person.tracker.kill()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path, f"{WIDTH_PX}x{HEIGHT_PX}") as place:
        yield place


def write(app: Sayso, eyes: Eyes, letter: str, text: str) -> None:
    """Look at a key until it has written its letter, then away."""
    eyes.look(*app.wait_for_key(letter).center)
    app.wait_for_text(text)
    eyes.rest()


def target_on(picture: NDArray[np.uint8]) -> tuple[float, float] | None:
    """Where the ring of a calibration is: the middle of all that has its light blue. None: there is none."""
    red, blue = picture[..., 0], picture[..., 2]
    ys, xs = np.nonzero((blue > 245) & (red < 130))
    return (float(xs.mean()), float(ys.mean())) if len(xs) else None


def follow_targets(app: Sayso, eyes: Eyes) -> None:
    """Look at whatever target is on the screen, and at the upper edge while there is none, until there is a result."""
    looked = (-1.0, -1.0)
    without = 0

    def over() -> bool:
        nonlocal looked, without
        target = target_on(app.place.pixels())
        without = without + 1 if target is None else 0
        if target is not None and np.hypot(target[0] - looked[0], target[1] - looked[1]) > 3:
            looked = target
            eyes.look(*target)
        elif without == 5:
            eyes.rest()
        return without > 5 and app.key("Use it") is not None

    wait_for("the calibration has a result", over)


def letters(app: Sayso) -> set[str]:
    """The letters that have a key of their own."""
    return {key.name for key in app.place.keys().values() if len(key.name) == 1}


def test_a_tracker_writes_and_speaks_and_its_loss_costs_nothing(
    screen: Desktop, own_home: Path, tmp_path: Path, eyes: Eyes
) -> None:
    heard = tmp_path / "heard.wav"
    with sayso(screen, own_home, "--wav", str(heard), settings=SETTINGS) as app:
        write(app, eyes, "h", "H")
        eyes.tracker.kill()
        app.wait_for_notice("of the eye tracker has ended")
        assert app.on_disk().document.text == "H"
        app.click("o")
        app.wait_for_text("Ho")
        eyes.come_back()
        eyes.rest()
        app.wait_for_notice("It works again now")
        write(app, eyes, "w", "How")
        eyes.look(*app.wait_for_key("Speak").center)
        wait_for("it is spoken", lambda: app.on_disk().conversation.own == ["How"])
        wait_for("it is heard", lambda: heard.stat().st_size > 20_000)


def test_a_tracker_is_calibrated_by_the_gaze_alone_and_known_the_next_time(
    screen: Desktop, own_home: Path, tmp_path: Path, eyes: Eyes
) -> None:
    silent = ("--wav", str(tmp_path / "heard.wav"))
    with sayso(screen, own_home, *silent, settings=SETTINGS + '[look]\ngrid = "6x5"\n') as app:
        for name in ("more", "eyes", "calibrate the gaze"):
            eyes.look(*app.wait_for_key(name).center)
            app.wait_until_gone(name)
        follow_targets(app, eyes)
        eyes.look(*app.wait_for_key("Use it").center)
        app.wait_until_gone("Use it")
        eyes.look(*app.wait_for_key("back").center)
        app.wait_until_gone("back")
        eyes.rest()
    [file] = (own_home / "data" / "calibrations").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    made = file.read_bytes()
    grid = json.loads(made)["grid"]
    assert (
        tomllib.loads((own_home / "config" / "settings.toml").read_text(encoding="utf-8"))["look"]["grid"]
        == grid
    )
    with sayso(screen, own_home, *silent) as app:
        more = app.wait_for_key("more")
        # How large a grid these eyes get is up to how quickly this computer lets them follow the targets.
        assert (len(letters(app)) >= 26) == (grid in FULL)
        assert app.key(OFFER) is None
        eyes.look(*more.center)
        app.wait_until_gone("more")
    assert file.read_bytes() == made
