"""assistive.ui: the colours and sizes of everything that is drawn, as data."""

from __future__ import annotations

from dataclasses import dataclass

from assistive.boards.board import TargetKind


@dataclass(frozen=True, slots=True)
class CellColors:
    """The colours of one kind of target.

    Parameters
    ----------
    fill, ink, note : str
        Background, label and second line; "#rrggbb".
    outline : str
        The line around the cell; "" where there is none.
    ring : str
        What closes around the label while it is dwelled on.
    """

    fill: str
    ink: str
    note: str
    outline: str
    ring: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours ("#rrggbb") and line widths (px at 1080 lines).

    Text keeps a contrast of 7:1 with what it stands on, the parts that carry meaning (ring, outlines,
    caret) 3:1, after WCAG 2.2; a test measures both.

    Parameters
    ----------
    ground, cell, empty, panel : str
        Window, filled cells, empty slots, text area.
    ink, ink_2 : str
        Text, quieter text.
    dwell, track : str
        Ring, frame and caret; the part of the ring that is still to come.
    outline, empty_outline : str
        Around functions; around empty slots ("" for none).
    model : str
        Text that the model proposed.
    mark, on_mark : str
        The word that is heard now.
    flash : str
        Towards this the cells change while they flash, as far as `flash_look` lets them.
    go, on_go, help, on_help, help_outline : str
        Speak and help, their labels and help's outline.
    outline_px, frame_px : float
        Width of the cells' outlines and of the frame around the dwelled cell.
    outlined_cells : bool
        Whether letters, words and phrases have an outline too.
    """

    name: str
    ground: str
    cell: str
    empty: str
    panel: str
    ink: str
    ink_2: str
    dwell: str
    track: str
    outline: str
    empty_outline: str
    model: str
    mark: str
    on_mark: str
    flash: str
    go: str
    on_go: str
    help: str
    on_help: str
    help_outline: str
    outline_px: float = 2.0
    frame_px: float = 4.0
    outlined_cells: bool = False

    def cell_colors(self, kind: TargetKind) -> CellColors:
        """Return the colours of a target of this kind."""
        match kind:
            case TargetKind.SPEAK:
                return CellColors(self.go, self.on_go, self.on_go, "", self.on_go)
            case TargetKind.HELP:
                return CellColors(self.help, self.on_help, self.on_help, self.help_outline, self.on_help)
            case TargetKind.FUNCTION:
                return CellColors(self.ground, self.ink_2, self.ink_2, self.outline, self.dwell)
            case TargetKind.ADVISED if (
                self.outlined_cells
            ):  # a cell's ground and outline are those of a function
                return CellColors(self.go, self.on_go, self.on_go, "", self.on_go)
            case TargetKind.NOTICE:
                return CellColors(self.panel, self.ink, self.ink_2, self.outline, self.dwell)
            case TargetKind.FIXED:
                return CellColors(self.ground, self.ink, self.ink_2, self.outline, self.dwell)
            case _:
                outline = self.outline if self.outlined_cells else ""
                return CellColors(self.cell, self.ink, self.ink_2, outline, self.dwell)


DARK = Theme(
    name="dark",
    ground="#0e1316",
    cell="#1a2226",
    empty="#12181b",
    panel="#151c20",
    ink="#f4f7f5",
    ink_2="#a9b7bd",
    dwell="#6fd3ff",
    track="#2d393f",
    outline="#5a6b74",
    empty_outline="",
    model="#ffd27a",
    mark="#24485a",
    on_mark="#f4f7f5",
    flash="#8fdcff",
    go="#7be0ae",
    on_go="#06130c",
    help="#3a1d1b",
    on_help="#ffc9c3",
    help_outline="#b4564d",
)

LIGHT = Theme(
    name="light",
    ground="#eef1ef",
    cell="#ffffff",
    empty="#e6eae8",
    panel="#ffffff",
    ink="#101614",
    ink_2="#43504b",
    dwell="#00527f",
    track="#d3dad7",
    outline="#7f8b86",
    empty_outline="",
    model="#6a4000",
    mark="#cfe6f3",
    on_mark="#101614",
    flash="#00e8ff",
    go="#095c39",
    on_go="#ffffff",
    help="#ffe9e6",
    on_help="#7d150b",
    help_outline="#b8564c",
)

CONTRAST = Theme(
    name="contrast",
    ground="#000000",
    cell="#000000",
    empty="#000000",
    panel="#000000",
    ink="#ffffff",
    ink_2="#ffffff",
    dwell="#ffff00",
    track="#000000",
    outline="#ffffff",
    empty_outline="",
    model="#ffff00",
    mark="#ffff00",
    on_mark="#000000",
    flash="#b3b300",
    go="#ffff00",
    on_go="#000000",
    help="#ffffff",
    on_help="#000000",
    help_outline="#ffffff",
    outline_px=3.0,
    frame_px=6.0,
    outlined_cells=True,
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT, CONTRAST)}


@dataclass(frozen=True, slots=True)
class Type:
    """How large a label is in a cell of `height_px`, and how narrow a cell may be before it shrinks.

    All in px at 1080 lines; `weight` is that of the font (400 regular, 700 bold).
    """

    size_px: float
    height_px: float
    narrow_px: float
    weight: int = 500
    max_lines: int = 1

    def size_in(self, width_px: float, height_px: float) -> float:
        """Return the label's size in a cell of this width and height (px)."""
        return self.size_px * min(height_px / self.height_px, width_px / self.narrow_px, LARGEST)


LETTER = Type(58, 106, 110)
SMALL_LETTER = Type(30, 106, 130)
GROUP = Type(58, 106, 110, max_lines=4)
WORD = Type(42, 112, 190)
PHRASE = Type(31, 112, 300, max_lines=3)
FUNCTION = Type(30, 106, 130, max_lines=2)
FIXED = Type(31, 118, 130, max_lines=3)
SPEAK = Type(46, 178, 200, weight=700)
SETTING = Type(31, 106, 170, max_lines=2)
NOTICE = Type(30, 178, 200, weight=600, max_lines=2)
LARGEST = 2.4  # a label in a huge cell grows to this share of its usual size

RADIUS_PX = 22.0
PADDING_PX = 30.0
RING_PX = 6.5
NOTE_SHARE = 0.78  # a note's size, as a share of the label's

TEXT_PX = 52.0
PARTNER_PX = 27.0
PANEL_HEIGHT_PX = 178.0

VISUAL_ANGLE_MM = 4.2  # 0.4 degrees seen from 60 cm


def type_of(kind: TargetKind, label: str) -> Type:
    """Return how a label of this kind is set; "space" in a letter's cell is a word, ". ? !" are letters."""
    match kind:
        case TargetKind.LETTER:
            return LETTER if len("".join(label.split())) <= 3 else SMALL_LETTER
        case TargetKind.GROUP:
            return GROUP
        case TargetKind.WORD:
            return WORD
        case TargetKind.PHRASE:
            return PHRASE
        case TargetKind.SPEAK:
            return SPEAK
        case TargetKind.SETTING | TargetKind.ADVISED:
            return SETTING
        case TargetKind.NOTICE:
            return NOTICE
        case TargetKind.FIXED | TargetKind.HELP:
            return FIXED
        case _:
            return FUNCTION


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours ("#rrggbb"), 1..21, after WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """Return the relative luminance of a colour ("#rrggbb"), 0..1, after WCAG 2.2."""
    r, g, b = shares(color)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def shares(color: str) -> tuple[float, float, float]:
    """Return how much of red, green and blue light a colour ("#rrggbb") has, 0..1 each: linear, as WCAG 2.2 counts."""
    r, g, b = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _linear(r), _linear(g), _linear(b)


def _linear(part: float) -> float:
    linear: float = part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
    return linear
