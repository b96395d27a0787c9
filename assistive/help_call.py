"""assistive: the call for help: it repeats until somebody answers it or the person takes it back."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_HOLD_S = 10.0  # a repeat lets the person finish what they say for so long
HOLD_STEP_S = 0.5


@dataclass(slots=True)
class HelpCall:
    """Whether help is being called, why, and when the call sounds next.

    `reason` is "" when the person called; otherwise it says why the computer did.
    """

    calling: bool = False
    reason: str = ""
    next_at: float | None = None
    sounded_at: float | None = None

    def begin(self, t: float, reason: str = "") -> bool:
        """Start calling; False when it is called already (the first reason stays)."""
        if self.calling:
            return False
        self.calling, self.reason, self.next_at, self.sounded_at = True, reason, t, None
        return True

    def end(self) -> bool:
        """Taken back or answered; False when nobody was calling."""
        was = self.calling
        self.calling, self.reason, self.next_at = False, "", None
        return was

    def due(self, t: float, repeat_s: float, *, speaking: bool = False) -> bool:
        """Whether the call sounds at time `t`; the next one is then `repeat_s` later.

        The first call cuts in. A repeat waits a while where the person is `speaking`: they say what they need.
        """
        if not self.calling or self.next_at is None or t < self.next_at:
            return False
        if speaking and self.sounded_at is not None and t < self.sounded_at + repeat_s + LONGEST_HOLD_S:
            self.next_at = t + HOLD_STEP_S
            return False
        self.sounded_at, self.next_at = t, t + repeat_s
        return True
