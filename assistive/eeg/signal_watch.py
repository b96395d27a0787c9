"""assistive.eeg: whether EEG comes in, and whether it is good enough to go on with a calibration."""

from __future__ import annotations

import math
from collections.abc import Callable

from assistive.eeg.messages import EegSignal
from models.erp.signal_level import SignalLevel

SILENT_S = 3.0  # there is a message each second while EEG comes in
KEPT = 0.7  # share of the epochs that must be usable
MOST_BAD = 0.5  # share of the electrodes
NAMED = 6  # electrodes that a sentence names


class SignalWatch:
    """What is known of the signal.

    Parameters
    ----------
    tr : callable
        Translates the sentences.
    """

    def __init__(self, tr: Callable[[str], str]) -> None:
        self._tr = tr
        self._heard_at = -math.inf
        self._signal: EegSignal | None = None
        self._bad_is_known = False

    def take(self, signal: EegSignal) -> None:
        """EEG comes in, and this is what it is like."""
        self._heard_at, self._signal = signal.t, signal

    def lost(self) -> None:
        """The amplifier is gone."""
        self._heard_at = -math.inf

    def accept(self) -> None:
        """Somebody goes on with the electrodes as they are: only what becomes worse is told."""
        self._bad_is_known = self._most_are_bad

    @property
    def silent_at(self) -> float:
        """When there will have been nothing for too long, in seconds on the shared clock."""
        return self._heard_at + SILENT_S

    def silent(self, t: float) -> bool:
        """Whether no EEG comes in."""
        return t >= self.silent_at

    def worse(self) -> str:
        """Why going on makes no sense any more, in the person's language; "": nothing has become worse."""
        if not self._most_are_bad or self._bad_is_known:
            return ""
        sentence = self._tr(
            "Most electrodes have lost contact. What is recorded so far is kept. Look at the cap, then go on."
        )
        return f"{sentence} {self.electrodes}"

    def restless(self) -> str:
        """Why too much of what was flashed cannot be used; "": it is usable."""
        if self._signal is None or self._signal.kept_epochs >= KEPT:
            return ""
        sentence = self._tr(
            "The EEG is restless: many of the last flashes cannot be used. "
            "Sit comfortably and let go of the jaw and the forehead, then go on."
        )
        return f"{sentence} {self.electrodes}".strip()

    @property
    def electrodes(self) -> str:
        """A sentence that names the electrodes in poor contact; "": there is none."""
        bad = self._bad
        if not bad:
            return ""
        names = ", ".join(bad[:NAMED]) + (" …" if len(bad) > NAMED else "")
        return self._tr("In poor contact: {channels}.").format(channels=names)

    @property
    def _bad(self) -> list[str]:
        electrodes = self._signal.electrodes if self._signal is not None else ()
        return [each.channel for each in electrodes if each.level is SignalLevel.BAD]

    @property
    def _most_are_bad(self) -> bool:
        return self._signal is not None and len(self._bad) > MOST_BAD * len(self._signal.electrodes)
