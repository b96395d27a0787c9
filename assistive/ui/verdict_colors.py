"""assistive.ui: the colour of a verdict. It always stands beside the word, never in its place."""

from __future__ import annotations

from assistive.ui.theme import Theme, contrast
from calibration.level import Level

READABLE = 7.0  # WCAG 2.2, enhanced contrast


def mark_color(theme: Theme, level: Level) -> str:
    """Return the colour of the lines and discs for a level ("#rrggbb")."""
    return theme.help_outline if level is Level.POOR else verdict_color(theme, level)


def verdict_color(theme: Theme, level: Level) -> str:
    """Return the colour of the word for a level ("#rrggbb"), readable on the ground."""
    match level:
        case Level.GOOD:
            return theme.go
        case Level.USABLE:
            return theme.model
        case Level.POOR:
            red = theme.on_help
            return red if contrast(red, theme.ground) >= READABLE else theme.ink
        case _:
            return theme.ink_2
