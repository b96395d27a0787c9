"""devices.switch: one contact, cleaned of its bounces."""

from __future__ import annotations

from devices.samples import SwitchEvent


class Contact:
    """Turns the raw edges of one switch into presses and releases that were meant.

    A press counts at once: it must feel immediate. A release counts when the contact has stayed open for
    `debounce_s` (its time is that of the opening), so that neither the bounces of a closing contact nor
    the release-and-press pairs of a keyboard's auto-repeat become presses.

    Parameters
    ----------
    switch : str
        The name in its events.
    debounce_s : float
        An opening shorter than this, in seconds, is a bounce.
    """

    def __init__(self, switch: str, debounce_s: float) -> None:
        self._switch = switch
        self._debounce_s = debounce_s
        self._open_since: float | None = None
        self._down_since: float | None = None

    def edge(self, t: float, closed: bool) -> list[SwitchEvent]:
        """Take in that the contact closed or opened at `t` (s); return what has become certain."""
        events = self.settle(t)
        if not closed:
            if self._down_since is not None and self._open_since is None:
                self._open_since = t
            return events
        self._open_since = None
        if self._down_since is None:
            self._down_since = t
            events.append(SwitchEvent(t, self._switch, True))
        return events

    def settle(self, t: float) -> list[SwitchEvent]:
        """Return the release that has become certain by `t` (s), if there is one."""
        due = self.due()
        if due is None or t < due or self._open_since is None:
            return []
        event = SwitchEvent(self._open_since, self._switch, False)
        self._open_since = self._down_since = None
        return [event]

    def due(self) -> float | None:
        """Return when (s) a release becomes certain unless the contact closes again; None: none waits."""
        return None if self._open_since is None else self._open_since + self._debounce_s

    def down_for(self, t: float) -> float:
        """Return for how long (s) the switch has been down at `t`; 0: it is up."""
        return 0.0 if self._down_since is None else t - self._down_since
