"""assistive.ui: asks Qt what the desktop offers, in a process of its own: if Qt dies of it, only the answer is lost.

``python -P -m assistive.ui.probe`` prints one JSON object: ``screens``, ``outputs`` (of sound, the default first),
``fonts`` (those of Sayso's that are here, best first). See `assistive.doctor.DesktopSeen`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from PyQt6.QtGui import QFontDatabase, QGuiApplication

from assistive.ui.fitted_text import FAMILIES
from assistive.ui.geometry import mm_per_px


def _screens() -> list[dict[str, Any]]:
    if QGuiApplication.platformName() == "offscreen":
        return []
    seen = []
    for screen in QGuiApplication.screens():
        size, physical = screen.geometry().size(), screen.physicalSize()
        mm_x, mm_y = mm_per_px((physical.width(), physical.height()), (size.width(), size.height()))
        width_mm, height_mm = size.width() * mm_x, size.height() * mm_y
        measured = abs(width_mm - physical.width()) < 1 and abs(height_mm - physical.height()) < 1
        seen.append(
            {
                "width_px": size.width(),
                "height_px": size.height(),
                "width_mm": width_mm,
                "height_mm": height_mm,
                "measured": measured,
            }
        )
    return seen


def _outputs() -> list[str]:
    try:
        from PyQt6.QtMultimedia import QMediaDevices
    except ImportError:  # a sound library is not installed; the screens can still be told
        return []
    default = QMediaDevices.defaultAudioOutput()
    outputs = sorted(QMediaDevices.audioOutputs(), key=lambda output: output != default)
    return [output.description() for output in outputs]


def main() -> int:
    """Print what the desktop offers."""
    app = QGuiApplication(["sayso"])
    families = set(QFontDatabase.families())
    fonts = [font for font in FAMILIES if font in families]
    print(json.dumps({"screens": _screens(), "outputs": _outputs(), "fonts": fonts}))
    app.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
