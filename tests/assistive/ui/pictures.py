"""What a widget draws, in full colour even on a display that has fewer."""

from __future__ import annotations

from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QWidget


def picture(widget: QWidget) -> QImage:
    """Return the widget as it is painted now."""
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    widget.render(image)
    return image


def colors(widget: QWidget, top: int = 0) -> set[str]:
    """Every colour that the widget draws from line `top` downwards, as "#rrggbb"."""
    return set(_pixels(widget, top))


def count(widget: QWidget, color: str) -> int:
    """How many pixels have this colour."""
    return _pixels(widget, 0).count(color)


def _pixels(widget: QWidget, top: int) -> list[str]:
    image = picture(widget)
    bits = image.constBits()
    assert bits is not None
    data = bytes(bits.asarray(image.sizeInBytes()))[top * image.bytesPerLine() :]
    return [f"#{data[i + 2]:02x}{data[i + 1]:02x}{data[i]:02x}" for i in range(0, len(data), 4)]
