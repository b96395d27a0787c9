"""assistive.ui: a pretended 24 inch screen, for windows where there is no display. Knows no Qt: it must come first."""

from __future__ import annotations

import json
import os
from pathlib import Path


def pretend_screen(folder: Path, width: int, height: int) -> None:
    """Have Qt draw on a screen of this size (px) that nobody sees; its description is written to `folder`."""
    screen = {
        "name": "pretended",
        "x": 0,
        "y": 0,
        "width": width,
        "height": height,
        "logicalDpi": 96,
        "logicalBaseDpi": 96,
        "dpr": 1,
    }
    described = {"synchronousWindowSystemEvents": False, "windowFrameMargins": False, "screens": [screen]}
    path = folder / "screen.json"
    path.write_text(json.dumps(described), encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={path}"
