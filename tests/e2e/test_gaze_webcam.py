"""A webcam, which is a short video of a face here: what a person and their caregiver see of it in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from desktop import Desktop, desktop, missing
from face_videos import HEIGHT_PX, WIDTH_PX, Picture, walking, write_mjpeg
from sayso_app import sayso, wait_for

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "never")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as place:
        yield place


def picture_is_seen(place: Desktop) -> bool:
    """Whether there is a photo in the left half of the screen, and not plain ground."""
    left = place.pixels()[::8, : place.pixels().shape[1] // 2 : 8].astype(float)
    return bool(np.median(left.std(axis=(0, 1))) > 25)


def room(count: int) -> list[Picture]:
    """A room with light and shade in which nobody is."""
    shade = np.linspace(30, 220, WIDTH_PX)[None, :, None] * np.linspace(0.5, 1.0, HEIGHT_PX)[:, None, None]
    return [np.repeat(shade, 3, axis=2).astype(np.uint8)] * count


def test_a_webcam_looks_for_a_face_by_itself_and_its_loss_costs_nothing(
    screen: Desktop, own_home: Path, tmp_path: Path
) -> None:
    camera = write_mjpeg(tmp_path / "face.mjpeg", room(100) + walking(50) * 3)
    settings = f'[input]\ngaze = "webcam"\n[gaze]\ncamera = "{camera}"\n'
    with sayso(screen, own_home, "--wav", str(tmp_path / "heard.wav"), settings=settings) as app:
        app.wait_for_key("Start now")
        wait_for("the camera's picture is shown", lambda: picture_is_seen(screen))
        app.wait_until_gone("Start now")
        app.wait_for_key("End")
        screen.press("Escape")
        app.wait_for_key("a")
        app.click("more", "eyes", "calibrate the gaze", "help")
        app.click("take back")
        wait_for("the call is over", lambda: app.on_disk().help is None)
        camera.write_bytes(b"")
        app.wait_for_notice("video file")
        assert app.key("End") is None
        app.click("back")
        app.click("o")
        app.wait_for_text("O")
