"""calibration: one walk of the eyes over all targets, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Generic

from calibration.looked import not_looked_at
from calibration.raw_gaze import Angles, angles_of
from calibration.screen import ScreenSize
from calibration.settle import Settle, T
from calibration.targets import Place

MOST_MISSED = 4  # in a row: the person does not, or cannot, look at targets now
MOST_PAUSES = 3  # at one target
FIRST_REACTION_S = 1.2  # nothing tells yet whether the eyes have come from elsewhere


@dataclass(frozen=True, slots=True)
class Taken(Generic[T]):
    """What came while the eyes rested on a target.

    Parameters
    ----------
    angles : tuple of float
        Where they pointed, roughly (see `calibration.raw_gaze`).
    spread_deg : float
        How much they shook.
    items : tuple
        What was handed in with the samples.
    """

    angles: Angles
    spread_deg: float
    items: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A target that was looked at, and where the eyes pointed then; both in degrees."""

    target: Angles
    look: Angles


class Round(Generic[T]):
    """Shows one target after the other; each is over when the eyes have rested on it, or after its longest time.

    Parameters
    ----------
    t : float
        When it begins.
    places : sequence of tuple of float
        Where the targets are, shares of the screen, in order.
    screen : ScreenSize
    used : tuple of bool
        Whether the horizontal and the vertical count.
    repeat : bool
        Targets that were not looked at are shown once more at the end.
    taken : mapping
        Index of a target to what was taken there before: it is not shown again.
    after : Reference, optional
        The last target of an earlier round.
    """

    def __init__(
        self,
        t: float,
        places: Sequence[Place],
        screen: ScreenSize,
        *,
        used: tuple[bool, bool] = (True, True),
        repeat: bool = True,
        taken: Mapping[int, Taken[T]] | None = None,
        after: Reference | None = None,
    ) -> None:
        self.places = tuple(places)
        self.taken: dict[int, Taken[T]] = dict(taken or {})
        self.shown = 0
        self._angles = [angles_of(place, screen) for place in self.places]
        self._used = used
        self._repeats = repeat
        self._waiting = deque(i for i in range(len(self.places)) if i not in self.taken)
        self._missed = self._pauses = 0
        self.reference = self._reference(after)
        self._current: int | None = None
        self._settle: Settle[T] | None = None
        self._next(t)

    @property
    def done(self) -> bool:
        """Whether every target has had its turn."""
        return self._current is None

    @property
    def place(self) -> Place | None:
        """The target that is shown."""
        return None if self._current is None else self.places[self._current]

    @property
    def progress(self) -> float:
        """How long the eyes have rested on it, 0..1."""
        return 0.0 if self._settle is None else self._settle.progress

    @property
    def of(self) -> int:
        """How many targets there are in all, those that are shown again counted again."""
        return self.shown + len(self._waiting)

    @property
    def deadline(self) -> float | None:
        """When the target that is shown has had its longest time."""
        return None if self._settle is None else self._settle.deadline

    def take(self, t: float, angles: Angles | None, opening: float | None, item: T) -> None:
        """Take in one sample: see `Settle.take`."""
        if self._settle is None or self._current is None:
            return
        self._settle.take(t, angles, opening, item)
        if self._settle.settled:
            settle = self._settle
            self.taken[self._current] = Taken(settle.place, settle.spread_deg, settle.samples)
            self._missed = 0
            self.reference = Reference(self._angles[self._current], settle.place)
            self._next(t)

    def tick(self, t: float) -> None:
        """Let time pass: a target nobody looks at is left, and after several of them the round is over."""
        if self._settle is not None and t >= self._settle.deadline:
            self._miss(t)

    def restart(self, t: float) -> None:
        """Begin anew with the target that is shown, after a pause; after many pauses it is left."""
        if self._current is None:
            return
        self._pauses += 1
        if self._pauses > MOST_PAUSES:
            self._miss(t)
        else:
            self._settle = self._settled_on(t, self._current)

    def _miss(self, t: float) -> None:
        self._missed += 1
        if self._missed >= MOST_MISSED:
            self._waiting.clear()
            self._repeats = False
        self._next(t)

    def _next(self, t: float) -> None:
        if not self._waiting:
            self._judge()
        if not self._waiting:
            self._current = self._settle = None
            return
        self._current = self._waiting.popleft()
        self.shown += 1
        self._pauses = 0
        self._settle = self._settled_on(t, self._current)

    def _judge(self) -> None:
        """Drop what was not looked at, and show it again if this is the first time."""
        order = sorted(self.taken)
        doubted = not_looked_at(
            [self._angles[i] for i in order], [self.taken[i].angles for i in order], self._used
        )
        for position in doubted:
            del self.taken[order[position]]
        if doubted:
            self.reference = self._reference(None)
        if self._repeats:
            self._repeats = False
            self._waiting.extend(i for i in range(len(self.places)) if i not in self.taken)

    def _settled_on(self, t: float, index: int) -> Settle[T]:
        noise = median(taken.spread_deg for taken in self.taken.values()) if self.taken else 0.0
        reference = self.reference
        if reference is None:
            return Settle(t, used=self._used, reaction_s=FIRST_REACTION_S, noise_deg=noise)
        here, there = reference.target, self._angles[index]
        jump = (there[0] - here[0], there[1] - here[1])
        return Settle(t, used=self._used, jump=jump, before=reference.look, noise_deg=noise)

    def _reference(self, otherwise: Reference | None) -> Reference | None:
        if not self.taken:
            return otherwise
        index = max(self.taken)
        return Reference(self._angles[index], self.taken[index].angles)
