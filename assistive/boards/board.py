"""assistive.boards: the targets on screen, as pure data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from calibration.level import Level


class Verb(StrEnum):
    """What choosing a target does."""

    WRITE = "write"  # argument: the characters
    WORD = "word"  # argument: a proposed word; replaces the partial word before the caret
    SAY = "say"  # argument: a phrase, spoken at once; the text stays as it is
    DELETE_LETTER = "delete_letter"
    DELETE_WORD = "delete_word"
    UNDO = "undo"
    CLEAR = "clear"
    SPEAK = "speak"
    REPEAT = "repeat"  # speak the last utterance again
    STOP = "stop"  # stop the voice
    OPEN = "open"  # argument: the page
    REST = "rest"
    WAKE = "wake"
    HELP = "help"
    HELP_BACK = "help_back"  # the person takes the call back
    HELP_SEEN = "help_seen"  # somebody is here
    CHIME = "chime"
    SETTING = "setting"  # argument: "section.field=value"
    DISMISS = "dismiss"  # argument: the notice
    CALIBRATE = "calibrate"  # argument: start, use, again, end or recentre, see calibration_page.py
    EEG = "eeg"  # argument: start, stop, calibrate, ... see eeg_page.py
    LOOK = "look"  # nothing: the target flashes to be looked at
    CONFIRM = "confirm"  # argument: yes or no, see confirm_page.py
    STEER = "steer"  # argument: what of the proposals changes, see steering_page.py


@dataclass(frozen=True, slots=True)
class Action:
    """A verb and what it acts on."""

    verb: Verb
    argument: str = ""


class TargetKind(StrEnum):
    """What a target is for: it sets the dwell time and the looks."""

    LETTER = "letter"
    GROUP = "group"  # opens a page with the letters in it
    WORD = "word"
    PHRASE = "phrase"
    FUNCTION = "function"  # outlined, quiet: delete, undo, more, ...
    FIXED = "fixed"  # the row that is always there
    SPEAK = "speak"
    HELP = "help"
    SETTING = "setting"
    ADVISED = "advised"  # of several functions the one that is usually right
    NOTICE = "notice"  # dismisses a notice


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle as shares of the window's width and height, origin top left."""

    x: float
    y: float
    w: float
    h: float

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies inside (left and top edges included)."""
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h

    @property
    def center(self) -> tuple[float, float]:
        """The middle, as shares of the window."""
        return self.x + self.w / 2, self.y + self.h / 2


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be chosen.

    `id` names the *place* ("letter:a", "word:0", "help"): it stays the same while the content of a slot
    changes. An empty `label` is an empty slot: it is drawn quietly and cannot be chosen. `name` is what
    assistive technology reads. `note` is a second, smaller line (a setting's value, for example).
    """

    id: str
    kind: TargetKind
    label: str
    rect: Rect
    action: Action
    name: str = ""
    note: str = ""

    @property
    def choosable(self) -> bool:
        """Whether there is anything to choose here."""
        return bool(self.label) and self.action.verb is not Verb.LOOK


@dataclass(frozen=True, slots=True)
class Caption:
    """Words on the board that cannot be chosen (a setting's sentence, a page's title).

    `note` is a second, quieter part. `level` gives the text its colour, which only repeats what it says. `large`: it is
    what the page is for.
    """

    id: str
    text: str
    rect: Rect
    note: str = ""
    level: Level | None = None
    large: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """One page: its targets, its captions, and where the text goes (None: the page shows no text)."""

    page: str
    targets: tuple[Target, ...]
    captions: tuple[Caption, ...] = ()
    text_rect: Rect | None = None

    def at(self, x: float, y: float) -> Target | None:
        """The target at a point (shares of the window), or None."""
        for target in self.targets:
            if target.rect.contains(x, y):
                return target
        return None

    def target(self, target_id: str) -> Target | None:
        """The target with this id, or None."""
        for target in self.targets:
            if target.id == target_id:
                return target
        return None


def changed(old: Board, new: Board) -> list[str]:
    """The ids of targets that are new, elsewhere, or show or do something else than before."""
    before = {target.id: (target.label, target.action, target.rect) for target in old.targets}
    return [t.id for t in new.targets if before.get(t.id) != (t.label, t.action, t.rect)]


def turned(old: Board, new: Board) -> list[str]:
    """The ids of targets that now do another kind of thing: Speak that became stop, help that is taken back."""
    before = {target.id: target.action.verb for target in old.targets}
    return [t.id for t in new.targets if before.get(t.id, t.action.verb) is not t.action.verb]


@dataclass(frozen=True, slots=True)
class Geometry:
    """The window's real size.

    Parameters
    ----------
    width_px, height_px : int
        In logical pixels.
    width_mm, height_mm : float
        From the screen's own report; 96 dots an inch where it tells nothing.
    """

    width_px: int
    height_px: int
    width_mm: float
    height_mm: float
