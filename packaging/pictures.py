"""packaging: draws the pictures in docs/ from the real window: `python -P packaging/pictures.py`."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PyQt6.QtCore import QEventLoop, QTimer
from PyQt6.QtWidgets import QApplication

from assistive.boards.board import Geometry
from assistive.boards.grid import phrase_slots
from assistive.boards.layout import load_layout
from assistive.boards.pages import BoardContent, build_board
from assistive.i18n import translator
from assistive.messages import BoardShown, DwellView, Span, SpanStyle, TextShown
from assistive.settings import Settings
from assistive.ui.bridge import Bridge
from assistive.ui.window import BoardWindow
from devices.clock import LslClock

DOCS = Path(__file__).parents[1] / "docs"
SCREEN = Geometry(1920, 1080, 531, 299)
FADED_MS = 500


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
    loop = QEventLoop()
    QTimer.singleShot(FADED_MS, loop.quit)
    loop.exec()
    window.grab().save(str(path))
    window.close()
    print(path)


def main() -> int:
    """Draw them all."""
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
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
