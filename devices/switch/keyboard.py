"""devices.switch: keys as switches (most switch interfaces present themselves as a keyboard)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType

from devices.clock import Clock
from devices.driver import DeviceKind, Emit
from devices.mailbox import Mailbox
from devices.samples import DeviceState, DeviceStatus
from devices.switch.debounce import Contact

DEFAULT_KEYS: Mapping[str, str] = MappingProxyType({"space": "1", "return": "2"})

# How soon `stop` is noticed while nothing is pressed.
IDLE_S = 0.25

Edge = tuple[float, str, bool]


class KeyboardSwitch:
    """Switches at the keys of a keyboard. The window hands in its key events; Qt alone sees them.

    Parameters
    ----------
    keys : mapping of str to str
        Which key (its name in lower case) is which switch. Two keys may be the same switch.
    debounce_s : float
        Seconds; see `Contact`.
    stuck_s : float
        A switch that is down for longer, in seconds, is told to the caregiver. Its release still counts.
    tr : callable
        Translates the sentence about a stuck switch.
    """

    name = "keyboard"
    kind = DeviceKind.SWITCH

    def __init__(
        self,
        keys: Mapping[str, str] = DEFAULT_KEYS,
        *,
        debounce_s: float = 0.03,
        stuck_s: float = 10.0,
        tr: Callable[[str], str] = str,
    ) -> None:
        self._keys = {key.lower(): switch for key, switch in keys.items()}
        self._debounce_s = debounce_s
        self._stuck_s = stuck_s
        self._tr = tr
        self._clock: Clock | None = None
        self._edges: Mailbox[Edge] = Mailbox(1)

    def knows(self, key: str) -> bool:
        """Whether `key` is a switch."""
        return key.lower() in self._keys

    def press(self, key: str, repeat: bool = False) -> None:
        """Take in that `key` went down; never blocks. Any thread may call this, with any key.

        Parameters
        ----------
        key : str
            "space", "return", "a", ...
        repeat : bool
            It is the auto-repeat of a key that is held; it is ignored.
        """
        self._edge(key, True, repeat)

    def release(self, key: str, repeat: bool = False) -> None:
        """Take in that `key` went up; otherwise as `press`."""
        self._edge(key, False, repeat)

    def release_all(self) -> None:
        """Let go of all keys: a window that loses the focus does not hear of their release."""
        for key in self._keys:
            self._edge(key, False, False)

    def _edge(self, key: str, pressed: bool, repeat: bool) -> None:
        clock = self._clock
        if clock is not None and not repeat and key.lower() in self._keys:
            self._edges.put((clock.now(), key.lower(), pressed))

    def run(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Emit presses and releases until `stop` is set."""
        contacts = {switch: Contact(switch, self._debounce_s) for switch in self._keys.values()}
        held: set[str] = set()
        stuck: list[str] = []
        while self._edges.get(0) is not None:
            pass
        self._clock = clock
        try:
            while not stop.is_set():
                # Read before the inbox: a release becomes certain only by the time up to which all edges are known.
                now = clock.now()
                dues = [due - now for contact in contacts.values() if (due := contact.due()) is not None]
                edge = self._edges.get(max(0.0, min([IDLE_S, *dues])))
                if edge is not None:
                    t, key, pressed = edge
                    (held.add if pressed else held.discard)(key)
                    switch = self._keys[key]
                    closed = any(self._keys[other] == switch for other in held)
                    events = contacts[switch].edge(t, closed)
                else:
                    events = [event for contact in contacts.values() for event in contact.settle(now)]
                for event in events:
                    emit(event)
                was_stuck, stuck = stuck, [s for s in contacts if contacts[s].down_for(now) > self._stuck_s]
                if stuck != was_stuck:
                    emit(DeviceStatus(now, self.name, DeviceState.RUNNING, self._about(stuck)))
        finally:
            self._clock = None

    def _about(self, stuck: list[str]) -> str:
        if not stuck:
            return ""
        return self._tr(
            "Switch {switch} has been held down for more than {seconds:.0f} seconds. Perhaps it sticks, or something "
            "lies on it. It works again as soon as it is let go."
        ).format(switch=", ".join(stuck), seconds=self._stuck_s)
