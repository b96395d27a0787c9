"""packaging: draws the pictures in docs/ from the real window: `python -P packaging/pictures.py`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QEventLoop, QTimer
from PyQt6.QtWidgets import QApplication

from assistive.boards.board import Geometry
from assistive.boards.calibration_page import calibration_board
from assistive.boards.grid import phrase_slots
from assistive.boards.layout import load_layout
from assistive.boards.pages import BoardContent, build_board
from assistive.gaze.messages import CalibrationShown
from assistive.i18n import translator
from assistive.messages import BoardShown, DwellView, Span, SpanStyle, TextShown
from assistive.settings import Settings
from assistive.ui.bridge import Bridge
from assistive.ui.offscreen import pretend_screen
from assistive.ui.window import BoardWindow
from calibration.gaze import Axes
from calibration.quality import RegionError, Validation
from calibration.view import CalibrationView, Phase
from devices.clock import LslClock
from devices.samples import FaceVerdict

DOCS = Path(__file__).parents[1] / "docs"
SCREEN = Geometry(1920, 1080, 531, 299)
FADED_MS = 1000


@dataclass(frozen=True)
class Scene:
    """What the person has written, hears, and could choose next."""

    partner: str
    own: str
    proposed: str
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    looked_at: str


SCENES = {
    "en": Scene(
        "Do you want me to close the window, or shall we go out for a bit?",
        "I would like to go ",
        "outside ",
        ("for", "with", "now", "and", "please"),
        ("for a little while", "with you, please.", "when it is warmer"),
        "e",
    ),
    "ru": Scene(
        "Закрыть окно или пойдём погуляем?",
        "Я хочу пойти ",
        "гулять ",
        ("сейчас", "с", "в", "на", "и"),
        ("с тобой, пожалуйста.", "когда потеплеет", "ненадолго"),
        "е",
    ),
}


def draw(path: Path, settings: Settings, page: str, geometry: Geometry = SCREEN) -> None:
    """Save one picture of the window."""
    scene = SCENES[settings.look.language]
    tr = translator(settings.look.language)
    layout = load_layout(settings.look.language)
    phrases = scene.phrases[: phrase_slots(layout, geometry, settings.look.grid)]
    content = BoardContent(words=scene.words, phrases=phrases, settings=settings)
    board = build_board(layout, page, geometry, content, tr)
    dwelled = next((t.id for t in board.targets if t.label == scene.looked_at), None)
    bridge = Bridge(lambda _: None)
    window = BoardWindow(bridge, lambda: DwellView(1.0, dwelled, 0.65, 0.5, 0.5), settings, tr, LslClock())
    window.open((geometry.width_px, geometry.height_px))
    bridge.show(BoardShown(0.0, board))
    spans = (Span(scene.own, SpanStyle.OWN), Span(scene.proposed, SpanStyle.PROPOSED))
    bridge.show(TextShown(0.0, spans, scene.partner))
    save(window, path)


@dataclass(frozen=True)
class Photo:
    """What a camera might send."""

    width_px: int
    height_px: int
    rgb: bytes
    verdict: FaceVerdict
    landmarks: NDArray[np.float32]


def photo() -> Photo:
    """A photo that anybody may use, and the face that MediaPipe finds in it."""
    from skimage.data import astronaut

    found = subprocess.run(
        [sys.executable, "-P", str(Path(__file__).with_name("photo_mesh.py"))],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    width = astronaut().shape[1]
    height = 3 * width // 4
    rgb = np.ascontiguousarray(astronaut()[:height]).tobytes()
    return Photo(width, height, rgb, FaceVerdict.GOOD, np.array(json.loads(found.stdout), np.float32))


def webcam_result() -> Validation:
    """What a webcam is worth on a day like any other; the numbers are made up."""
    errors = {
        (0.5, 0.3): (0.4, 1.1, 0.5),
        (0.75, 0.3): (1.2, 1.4, 0.6),
        (0.75, 0.75): (1.6, -0.5, 0.5),
        (0.25, 0.75): (-0.7, -0.6, 0.4),
        (0.25, 0.3): (-2.1, 2.4, 0.9),
    }
    regions = []
    for (x, y), (dx, dy, spread) in errors.items():
        off = float(np.hypot(np.hypot(dx, dy), spread / 2))
        regions.append(RegionError(x, y, (dx, dy), off, off / 1.05, spread, spread / 1.05, 60))
    off, spread = (
        float(np.mean([getattr(r, of) for r in regions])) for of in ("accuracy_cm", "precision_cm")
    )
    return Validation(tuple(regions), off, off / 1.05, spread, spread / 1.05)


def draw_calibration(
    path: Path,
    settings: Settings,
    view: CalibrationView,
    seen: Photo | None = None,
    geometry: Geometry = SCREEN,
) -> None:
    """Save one picture of a calibration."""
    tr = translator(settings.look.language)
    board = calibration_board(
        view, geometry, load_layout(settings.look.language), Axes.BOTH, tr, calling=False
    )
    bridge = Bridge(lambda _: None)
    window = BoardWindow(bridge, lambda: DwellView(1.0), settings, tr, LslClock(), preview=lambda: seen)
    window.open((geometry.width_px, geometry.height_px))
    bridge.show(CalibrationShown(0.0, view))
    bridge.show(BoardShown(0.0, board))
    save(window, path)


def save(window: BoardWindow, path: Path) -> None:
    """Save what the window shows once it is calm, and close it."""
    loop = QEventLoop()
    QTimer.singleShot(FADED_MS, loop.quit)
    loop.exec()
    window.grab().save(str(path))
    window.close()
    print(path)


def main() -> int:
    """Draw them all."""
    folder = tempfile.TemporaryDirectory()
    pretend_screen(Path(folder.name), SCREEN.width_px, SCREEN.height_px)
    application = QApplication(["sayso"])
    DOCS.mkdir(exist_ok=True)
    for language in ("en", "ru"):
        for theme in ("dark", "light", "contrast"):
            settings = Settings().changed("look.language", language).changed("look.theme", theme)
            draw(DOCS / f"board_{language}_{theme}.png", settings, "letters")
        plain = Settings().changed("look.language", language)
        draw(DOCS / f"settings_{language}.png", plain, "settings/0")
        draw(DOCS / f"phrases_{language}.png", plain, "phrases")
        draw(DOCS / f"grid_3x3_{language}.png", plain.changed("look.grid", "3x3"), "letters")
        found = CalibrationView(0.0, Phase.RESULT, validation=webcam_result(), grid="4x3")
        draw_calibration(DOCS / f"calibration_result_{language}.png", plain, found)
    target = CalibrationView(0.0, Phase.TARGET, (0.9, 0.5), 0.3, 3, 9)
    draw_calibration(DOCS / "calibration_target_en.png", Settings(), target)
    face = CalibrationView(0.0, Phase.FACE)
    draw_calibration(
        DOCS / "calibration_face_en.jpg", Settings(), face, photo(), Geometry(1280, 720, 531, 299)
    )
    application.quit()
    folder.cleanup()
    return 0


if __name__ == "__main__":
    sys.exit(main())
