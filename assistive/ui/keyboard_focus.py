"""assistive.ui: who has the keyboard when a field or a button goes away."""

from __future__ import annotations

from PyQt6.QtWidgets import QWidget


def leave_keyboard_to_window(widget: QWidget) -> None:
    """Call this when `widget` is hidden: else Qt would hand the keyboard to a key that nobody chose."""
    window = widget.window()
    if widget.hasFocus() and window is not None:
        window.setFocus()
