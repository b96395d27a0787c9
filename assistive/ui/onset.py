"""assistive.ui: when what was painted came to the screen, as near to it as Qt tells on this computer."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Any

from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext
from PyQt6.QtOpenGL import QOpenGLVersionFunctionsFactory, QOpenGLVersionProfile
from PyQt6.QtOpenGLWidgets import QOpenGLWidget
from PyQt6.QtWidgets import QWidget

from devices.clock import Clock

GL_RENDERER = 0x1F01
# Mesa's and Windows' renderers without a graphics card: their swap waits for no screen and costs the processor.
SOFTWARE = ("llvmpipe", "softpipe", "swrast", "software", "swiftshader", "gdi generic")
USUAL_HZ = 60.0


class OnsetKind(StrEnum):
    """What a stamp tells."""

    FRAME_SWAPPED = "frame_swapped"  # the graphics card has taken the frame, at the screen's own pace
    AFTER_PAINT = (
        "after_paint"  # the picture was handed to the window system; up to a frame before it is seen
    )


class OnsetClock:
    """Paints what waits to be painted in a window, and tells when that was shown.

    After-paint stamps need nothing. Those of the frame swap need the window to be composed by OpenGL: that costs some
    60 MB and, on a window that is on the screen already, one flicker, so it is only done when it is asked for.

    Parameters
    ----------
    window : QWidget
        A top-level widget.
    clock : Clock
    """

    def __init__(self, window: QWidget, clock: Clock) -> None:
        self._window = window
        self._clock = clock
        self._swapper: QOpenGLWidget | None = None
        self._swapped_at = -math.inf
        self._asked = False

    @property
    def kind(self) -> OnsetKind:
        """How the stamps are made."""
        swaps = self._swapper is not None and self._swapper.isValid()
        return OnsetKind.FRAME_SWAPPED if swaps else OnsetKind.AFTER_PAINT

    @property
    def frame_s(self) -> float:
        """From one frame of the screen to the next, as it tells itself."""
        screen = self._window.screen()
        rate_hz = screen.refreshRate() if screen is not None else USUAL_HZ
        return 1.0 / (rate_hz if 20.0 <= rate_hz <= 500.0 else USUAL_HZ)

    def use_frames(self, renderer: str | None = None) -> None:
        """Tell the frame swaps from now on, where there is a graphics card that does; else all stays as it is.

        `renderer`: what draws OpenGL here; asked of OpenGL where it is not given.
        """
        if self._asked:
            return
        self._asked = True
        if draws_at_the_screens_pace(renderer or opengl_renderer()):
            self._swapper = QOpenGLWidget(self._window)
            self._swapper.setGeometry(0, 0, 1, 1)
            self._swapper.lower()
            self._swapper.frameSwapped.connect(self._on_swap)
            self._swapper.show()

    @property
    def seen(self) -> bool:
        """Whether the window is on the screen at all."""
        handle = self._window.windowHandle()
        return handle is not None and handle.isExposed() and not self._window.isMinimized()

    def show(self) -> float:
        """Paint at once what waits for it, and return when it was shown, in seconds on the shared clock."""
        asked_at = self._clock.now()
        QCoreApplication.sendEvent(self._window, QEvent(QEvent.Type.UpdateRequest))
        return self._swapped_at if self._swapped_at >= asked_at else self._clock.now()

    def _on_swap(self) -> None:
        self._swapped_at = self._clock.now()


def draws_at_the_screens_pace(renderer: str) -> bool:
    """Whether an OpenGL renderer of this name ("" for none) is a graphics card, whose swaps tell something."""
    return bool(renderer) and not any(name in renderer.lower() for name in SOFTWARE)


def opengl_renderer() -> str:
    """Return what draws OpenGL on this computer, "" where nothing does."""
    if QGuiApplication.platformName() in ("offscreen", "minimal", "vnc"):
        return ""
    context, surface = QOpenGLContext(), QOffscreenSurface()
    surface.create()
    if not (context.create() and context.makeCurrent(surface)):
        return ""
    profile = QOpenGLVersionProfile()
    profile.setVersion(2, 0)
    functions: Any = QOpenGLVersionFunctionsFactory.get(profile, context)
    name = functions.glGetString(GL_RENDERER) if functions is not None else ""
    context.doneCurrent()
    return str(name or "")
