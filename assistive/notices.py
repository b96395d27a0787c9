"""assistive: what the person and the caregiver have to know. Nothing vanishes before it was dismissed."""

from __future__ import annotations

from collections.abc import Callable

from assistive.eeg.stopping import Stop, key_of
from assistive.i18n import first_sentence
from assistive.input_watch import LOST_KEY
from assistive.messages import Notice, Trouble

LOST_KEYS = (LOST_KEY, *(key_of(why) for why in (Stop.LOST, Stop.POOR, Stop.BROKEN)))


class Notices:
    """Notices by key, oldest first, and what is mended last; the first is the one on the board."""

    def __init__(self) -> None:
        self._by_key: dict[str, Notice] = {}
        self._mended: set[str] = set()

    def add(self, trouble: Trouble, tr: Callable[[str], str]) -> bool:
        """Put a notice up; True when something changed."""
        what, works = tr(trouble.what), tr(trouble.works)
        if not works:  # a status says it all in one text
            what, works = first_sentence(what)
        notice = Notice(trouble.key, what, works, tr(trouble.todo))
        if self._by_key.get(trouble.key) == notice:
            return False
        self._by_key[trouble.key] = notice
        self._mended.discard(trouble.key)
        return True

    def over(self, key: str, tr: Callable[[str], str]) -> bool:
        """The trouble is mended: the notice says so and stays until it is dismissed."""
        notice = self._by_key.get(key)
        if notice is None:
            return False
        mended = Notice(key, notice.what, tr("It works again now."), "")
        if mended == notice:
            return False
        self._by_key[key] = mended
        self._mended.add(key)
        return True

    def dismiss(self, key: str) -> bool:
        """Take a notice down; True when it was up."""
        return self._by_key.pop(key, None) is not None

    @property
    def all(self) -> tuple[Notice, ...]:
        """All that are up, oldest first; a lost input hides all others, what is mended none."""

        def turn(notice: Notice) -> int:
            # Whose eyes or EEG choose nothing any more cannot dismiss what stands before it.
            return 2 if notice.key in self._mended else 0 if notice.key in LOST_KEYS else 1

        return tuple(sorted(self._by_key.values(), key=turn))

    @property
    def first(self) -> Notice | None:
        """The one on the board."""
        return next(iter(self.all), None)
