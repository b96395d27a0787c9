"""assistive: the journal's side of a selection: the next one is accepted when this one is on disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from assistive.messages import JournalAcked, JournalEntry, Outgoing, Press, Trouble
from devices.i18n import N_

SLOW_KEY = "disk-slow"
PATIENCE_S = 3.0  # a disk that has not answered by then is taken for one that fails


class Keeping:
    """Numbers what is accepted, hands it to the journal, and says whether the disk has it.

    A disk that fails, or does not even answer, never silences the person: nothing waits for it then.

    Attributes
    ----------
    number : int
        The last entry's.
    waiting : deque of Press
        The keys that were pressed while the disk was busy.
    """

    def __init__(self, number: int, emit: Callable[[Outgoing], None]) -> None:
        self.number = number
        self.waiting: deque[Press] = deque(maxlen=8)
        self._emit = emit
        self._pending: tuple[int, float] | None = (
            None  # the entry that is not on disk yet, and until when it may be so
        )
        self._fails = False

    @property
    def pending(self) -> bool:
        """Whether a selection is not on disk yet."""
        return self._pending is not None

    @property
    def deadline(self) -> float | None:
        """When the disk has to have answered, in seconds on the shared clock."""
        return None if self._pending is None else self._pending[1]

    def entry(self, t: float, kind: str, data: dict[str, Any]) -> None:
        """Hand one accepted selection to the journal."""
        self.number += 1
        if not self._fails:
            self._pending = (self.number, t + PATIENCE_S)
        self._emit(JournalEntry(t, self.number, kind, data))

    def acked(self, ack: JournalAcked) -> bool:
        """Take in what is on disk; True when that is everything."""
        if self._pending is not None and ack.number >= self._pending[0]:
            self._pending = None
        if ack.number < self.number:
            return False
        self._fails = False
        return True

    def failed(self) -> None:
        """The disk refused."""
        self._fails, self._pending = True, None

    def late(self, t: float) -> Trouble | None:
        """The trouble to show at time `t` if the disk should have answered by now."""
        if self._pending is None or t < self._pending[1]:
            return None
        self.failed()
        return Trouble(
            t,
            SLOW_KEY,
            N_("The disk does not answer: what is written now may not be kept."),
            N_("Writing and speaking work."),
            N_("Have somebody look at the disk or the network folder that Sayso writes to."),
        )
