"""assistive: what the person sees: the board and the text; only changes are sent out."""

from __future__ import annotations

from collections.abc import Callable

from assistive.boards.board import Board, Rect, changed, turned
from assistive.boards.calibration_page import CALIBRATION, calibration_board
from assistive.boards.eeg_calibration_page import EEG_CALIBRATION, eeg_calibration_board
from assistive.boards.grid import phrase_slots
from assistive.boards.key_sizes import key_sizes
from assistive.boards.layout import Layout
from assistive.boards.pages import BoardContent, build_board
from assistive.conversation import Conversation
from assistive.eeg.calibration_view import EegCalibrationView
from assistive.fusion.assign import assign
from assistive.fusion.dwell import Dwell
from assistive.messages import BoardShown, Outgoing, TextShown, WindowGeometry
from assistive.settings import Settings
from assistive.text.document import TextDocument
from assistive.text.history import START_PAGE
from calibration.gaze import Axes
from calibration.grid_choice import KeySize
from calibration.view import CalibrationView

RESTING_PAGE = "rest"

Translator = Callable[[str], str]


class Screen:
    """Builds what is shown in one language for one window, and sends what has changed.

    Parameters
    ----------
    layout_for, translator_for : callable
        Give the layout and the translator of a language.
    language : str
    emit : callable
        Takes every outgoing message; must not block.
    """

    def __init__(
        self,
        layout_for: Callable[[str], Layout],
        translator_for: Callable[[str], Translator],
        language: str,
        emit: Callable[[Outgoing], None],
    ) -> None:
        self.board = Board("", ())
        self.window: WindowGeometry | None = None
        self._layout_for = layout_for
        self._translator_for = translator_for
        self._emit = emit
        self._text: TextShown | None = None
        self.use_language(language)

    def use_language(self, language: str) -> None:
        """Show everything in this language from now on."""
        self._layout = self._layout_for(language)
        self.tr = self._translator_for(language)

    def translate(self, sentence: str) -> str:
        """Translate into the language of this moment."""
        return self.tr(sentence)

    def inside(self, x: float, y: float) -> tuple[float, float] | None:
        """A place on the screen as shares of the window; None while there is no window."""
        if self.window is None:
            return None
        wx, wy, ww, wh = self.window.window
        return (x - wx) / max(ww, 1e-9), (y - wy) / max(wh, 1e-9)

    def on_screen(self, rect: Rect) -> Rect:
        """A rectangle of the window (shares of it) as shares of the screen."""
        if self.window is None:
            return rect
        wx, wy, ww, wh = self.window.window
        return Rect(wx + rect.x * ww, wy + rect.y * wh, rect.w * ww, rect.h * wh)

    def keys(self, axes: Axes) -> tuple[KeySize, ...]:
        """The grids that there are for this window, most keys first."""
        return () if self.window is None else key_sizes(self._layout, self.window.geometry, axes)

    def show_calibration(
        self, t: float, view: CalibrationView, axes: Axes, dwell: Dwell, *, calling: bool
    ) -> None:
        """Show what can be chosen at this moment of a calibration."""
        if self.window is not None:
            geometry = self.window.geometry
            self._show_calibration_board(
                t, calibration_board(view, geometry, self._layout, axes, self.tr, calling=calling), dwell
            )

    def show_eeg_calibration(
        self, t: float, view: EegCalibrationView, axes: Axes, dwell: Dwell, *, calling: bool
    ) -> None:
        """Show what flashes and what can be chosen at this moment of a calibration by EEG."""
        if self.window is not None:
            geometry = self.window.geometry
            self._show_calibration_board(
                t, eeg_calibration_board(view, geometry, self._layout, axes, self.tr, calling=calling), dwell
            )

    def _show_calibration_board(self, t: float, new: Board, dwell: Dwell) -> None:
        old = self.board
        if new != old:
            self.board = new
            _disarm_changed(t, old, new, dwell, None)
            self._emit(BoardShown(t, new))

    def phrase_slots(self, settings: Settings) -> int:
        """How many phrases have a place: none where their row would cost the person letters."""
        if self.window is None or not (settings.model.proposals and settings.model.phrases):
            return 0
        return phrase_slots(self._layout, self.window.geometry, settings.look.grid)

    def show_board(
        self, t: float, page: str, content: BoardContent, dwell: Dwell, point: tuple[float, float] | None
    ) -> str:
        """Show a page and return which it is: the first where this grid or language has no such page.

        What changed under the eye (`point`, in shares of the window) cannot be chosen by the look that is on it.
        """
        if self.window is None:
            return page
        try:
            new = build_board(self._layout, page, self.window.geometry, content, self.tr)
        except KeyError:
            page = START_PAGE
            new = build_board(self._layout, page, self.window.geometry, content, self.tr)
        old = self.board
        if new != old:
            self.board = new
            _disarm_changed(t, old, new, dwell, point)
            self._emit(BoardShown(t, new))
        return page

    def show_text(
        self, t: float, document: TextDocument, talk: Conversation, heard: tuple[int, int] | None
    ) -> None:
        """Show the text, what the partner said, and which word of the text is `heard` now."""
        shown = TextShown(t, document.spans(), talk.partner, talk.last_said, heard)
        before = self._text
        if before is None or _content(before) != _content(shown):
            self._text = shown
            self._emit(shown)


def _content(shown: TextShown) -> tuple[object, ...]:
    return shown.spans, shown.partner, shown.said, shown.speaking


def _root(board: Board) -> str:
    return board.page.partition("/")[0]


def _disarm_changed(
    t: float, old: Board, new: Board, dwell: Dwell, point: tuple[float, float] | None
) -> None:
    if new.page != old.page and {CALIBRATION, EEG_CALIBRATION} & {_root(new), _root(old)}:
        dwell.appeared(t)  # nobody knows yet where the eyes are
    under = assign(new, *point, None) if point is not None else None
    if under is not None and RESTING_PAGE in (new.page, old.page) and new.page != old.page:
        # What comes after Rest is weighty and large: the look that chose it must not choose again.
        dwell.disarm_until_left(under.id)
    before = assign(old, *point, None) if point is not None else None
    if under is not None and before is not None and new.page == old.page and under.id != before.id:
        dwell.disarm_until_left(under.id)  # it came into the place of what was looked at
    for target_id in turned(old, new):
        if under is not None and target_id == under.id:
            dwell.disarm_until_left(target_id)
    dwell.changed(t, changed(old, new))
