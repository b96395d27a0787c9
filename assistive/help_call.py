"""assistive: the call for help: it repeats until somebody answers it or the person takes it back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class HelpCall:
    """Whether help is being called, why, and when the call sounds next.

    `reason` is "" when the person called; otherwise it says why the computer did.
    """

    calling: bool = False
    reason: str = ""
    next_at: float | None = None

    def begin(self, t: float, reason: str = "") -> bool:
        """Start calling; False when it is called already (the first reason stays)."""
        if self.calling:
            return False
        self.calling, self.reason, self.next_at = True, reason, t
        return True

    def end(self) -> bool:
        """Taken back or answered; False when nobody was calling."""
        was = self.calling
        self.calling, self.reason, self.next_at = False, "", None
        return was

    def due(self, t: float, repeat_s: float) -> bool:
        """Whether the call sounds at time `t`; the next one is then `repeat_s` later."""
        if not self.calling or self.next_at is None or t < self.next_at:
            return False
        self.next_at = t + repeat_s
        return True
