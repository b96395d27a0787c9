"""assistive.simulate: the eye: where the tracker says the person looks, sample by sample."""

from __future__ import annotations

import math
import random

from assistive.simulate.person import Person

SACCADE_BASE_S = 0.021  # Carpenter 1988, Movements of the Eyes: 2.2 ms a degree + 21 ms
SACCADE_S_PER_DEG = 0.0022
MEAN_OF_RAYLEIGH = math.sqrt(math.pi / 2)  # mean distance = this x the sd of each axis


class Eye:
    """Turns intended places into noisy samples. Places and samples are shares of the screen."""

    def __init__(self, person: Person, chance: random.Random) -> None:
        self._gaze = person.gaze
        self._chance = chance
        screen = person.screen
        mm_per_deg = screen.distance_mm * math.tan(math.radians(1.0))
        self._x_per_deg = mm_per_deg / screen.width_mm
        self._y_per_deg = mm_per_deg / screen.height_mm
        self._bias = (0.0, 0.0)
        self._place = (0.5, 0.5)
        self.new_turn()

    def new_turn(self) -> None:
        """Sit down anew: the constant error of the tracker is drawn again."""
        sd = self._gaze.accuracy_deg.value / MEAN_OF_RAYLEIGH
        self._bias = (self._chance.gauss(0.0, sd), self._chance.gauss(0.0, sd))

    def compensate(self, share: float) -> None:
        """The person saw that another key was meant by the tracker, and looks off by a share of its error."""
        self._bias = (self._bias[0] * (1 - share), self._bias[1] * (1 - share))

    def aim(self, x: float, y: float) -> float:
        """Move to (x, y) and return how long the saccade takes, in seconds."""
        dx, dy = (x - self._place[0]) / self._x_per_deg, (y - self._place[1]) / self._y_per_deg
        sd = self._gaze.landing_deg.value
        self._place = (
            x + self._chance.gauss(0.0, sd) * self._x_per_deg,
            y + self._chance.gauss(0.0, sd) * self._y_per_deg,
        )
        return SACCADE_BASE_S + SACCADE_S_PER_DEG * math.hypot(dx, dy)

    def sample(self) -> tuple[float, float]:
        """What the tracker reports now."""
        sd = self._gaze.precision_deg.value
        return (
            self._place[0] + (self._bias[0] + self._chance.gauss(0.0, sd)) * self._x_per_deg,
            self._place[1] + (self._bias[1] + self._chance.gauss(0.0, sd)) * self._y_per_deg,
        )

    def blinks(self, seconds: float) -> bool:
        """Whether a blink begins in the next `seconds`."""
        return self._chance.random() < self._gaze.blinks_per_min.value / 60.0 * seconds
