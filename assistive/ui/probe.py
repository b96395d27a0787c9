"""assistive.ui: asks Qt and the sound server what the desktop offers, in a process of its own: if Qt dies of it, only the answer is lost.

``python -P -m assistive.ui.probe`` prints one JSON object: ``screens``, ``outputs`` (of sound, the default first),
``fonts`` (those of Sayso's that are here, best first). See `assistive.doctor.DesktopSeen`.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from PyQt6.QtGui import QFontDatabase, QGuiApplication

from assistive.sound_device import STARTING, SoundDevice
from assistive.ui.fitted_text import FAMILIES
from assistive.ui.geometry import mm_per_px
from devices.clock import LslClock
from devices.i18n import N_

SOUND_ANSWERS_WITHIN_S = 2.0


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
    """Where the voice would go: asked in the very way that Sayso plays sound."""
    device = SoundDevice(lambda _: None, LslClock())
    pause, end = threading.Event(), time.monotonic() + SOUND_ANSWERS_WITHIN_S
    while device.problem() == STARTING and time.monotonic() < end:
        pause.wait(0.02)
    heard = device.problem() == ""
    device.close()
    return [N_("the default sound device")] if heard else []


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
