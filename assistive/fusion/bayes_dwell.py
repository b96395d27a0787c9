"""assistive.fusion: the Bayesian dwell: a look lasts as long as it takes to tell choosing from reading.

The longer a look, the less probable that it only reads. A target is chosen once the probability that its look was not
meant has fallen to the accepted share of wrong selections (DESIGN 4):

    S_read(t) = min(1, e / (1 - e) * pi / rho)

with pi the probability that the target is the next that is meant, rho the number of looks at it that are not meant, a
selection, and S_read the share of them that last longer than t.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistive.boards.board import Target
from assistive.fusion.prior import LEAST
from assistive.fusion.reading import ReadingTimes, usual_reading_s

STEP = 1.12  # times come in steps, so that the rhythm stays steady
START_SLOW = 1.15  # before anything is known of the person; it is taken back as nothing is undone
PER_UNDO = 0.08  # how much slower everything gets when a selection was undone that was sure
NOTICED = 0.8  # of wrong selections are taken back, as far as is known
SLOWEST, QUICKEST = 3.0, 0.6
SURE = 20.0  # selections that the first guesses of unintended looks count for
MEMORY = 300.0
FIRST_UNDONE = (1.0, 50.0)

# Unintended looks a selection, before any was counted: at all keys together, at each slot.
USUAL_SLOT = 0.2  # the probability of what is in a slot, on average over the slots that are read
FIRST_LOOKS = {"key": 1.0, "word": 0.4, "phrase": 0.4}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A selection as the dwell saw it: what is learned from it once it is undone or kept.

    `place` and `kind` name what was chosen, `ratio` is the look's time by the usual reading time, `pi` and `rho`
    as above, `claimed` the probability that it was not meant.
    """

    place: str
    kind: str
    ratio: float
    pi: float
    rho: float
    claimed: float


class BayesianDwell:
    """The time of each target, and what is learned from looks that end and from selections that are undone."""

    def __init__(self) -> None:
        self._reading = {kind: ReadingTimes() for kind in FIRST_LOOKS}
        self._looks: dict[str, float] = {}
        self._first, self._selections = SURE, SURE
        self._log_gain = math.log(START_SLOW)
        self._undone, self._of = FIRST_UNDONE

    def time_s(
        self,
        target: Target,
        pi: float,
        n_keys: int,
        error: float,
        bounds: tuple[float, float],
        reading: float,
    ) -> float:
        """Seconds that `target` has to be looked at.

        Parameters
        ----------
        target : Target
        pi : float
            The probability that it is the next that is meant.
        n_keys : int
            Keys on the board: unintended looks are shared among them.
        error : float
            The accepted share of wrong selections, 0..1.
        bounds : tuple of float
            The shortest and the longest time, in seconds.
        reading : float
            How many times the usual time this person reads, as far as somebody has said so (1: usual).
        """
        times, usual_s = self._reading[_kind(target)], usual_reading_s(target) * max(reading, 0.1)
        survival = min(1.0, error / (1.0 - error) * max(pi, LEAST) / self._rho(target, pi, n_keys))
        seconds = max(bounds[0], usual_s * times.ratio(survival)) * math.exp(self._log_gain)
        steps = round(math.log(seconds / bounds[0]) / math.log(STEP))
        return min(bounds[1], bounds[0] * STEP ** max(0, steps))

    def weigh(self, target: Target, seconds: float, pi: float, n_keys: int, reading: float) -> Weighed:
        """What a selection of `target` by a look of so many seconds says; see `kept` and `undone`."""
        kind, rho = _kind(target), self._rho(target, pi, n_keys)
        ratio = seconds / (usual_reading_s(target) * max(reading, 0.1))
        by_reading = rho * self._reading[kind].survival(ratio / math.exp(self._log_gain))
        return Weighed(_place(target), kind, ratio, pi, rho, by_reading / (by_reading + max(pi, LEAST)))

    def ended(self, target: Target, seconds: float, reading: float) -> None:
        """A look at `target` has ended without choosing it."""
        self._reading[_kind(target)].ended(seconds / (usual_reading_s(target) * max(reading, 0.1)))
        place = _place(target)
        self._looks[place] = self._looks.get(place, 0.0) + 1.0

    def kept(self, chosen: Weighed) -> None:
        """The selection was not taken back."""
        self._count(chosen, 0.0)
        unnoticed = 1.0 - self._undone / self._of
        by_reading = unnoticed * chosen.rho * self._reading[chosen.kind].survival(chosen.ratio)
        weight = by_reading / (by_reading + max(chosen.pi, LEAST))
        self._reading[chosen.kind].outlasted(chosen.ratio, weight)

    def undone(self, chosen: Weighed) -> None:
        """The selection was taken back: the look had only read."""
        self._count(chosen, 1.0)
        self._reading[chosen.kind].outlasted(chosen.ratio, 1.0)
        self._looks[chosen.place] = self._looks.get(chosen.place, 0.0) + 1.0

    def _count(self, chosen: Weighed, undone: float) -> None:
        """One more selection: so many unintended looks belong to it, and everything gets slower or quicker."""
        self._selections += 1.0
        self._undone += undone
        self._of += 1.0
        log_gain = self._log_gain + PER_UNDO * (undone / NOTICED - chosen.claimed)
        self._log_gain = min(math.log(SLOWEST), max(math.log(QUICKEST), log_gain))
        if self._selections > MEMORY:
            self._first, self._selections = self._first / 2, self._selections / 2
            self._looks = {place: n / 2 for place, n in self._looks.items()}
        if self._of > MEMORY:
            self._undone, self._of = self._undone / 2, self._of / 2

    def _rho(self, target: Target, pi: float, n_keys: int) -> float:
        """Unintended looks at this target for each selection.

        Keys are passed over whatever they are. A slot is read once, before it is known whether it fits: the more
        often it does, the fewer of its looks are not meant.
        """
        place, kind = _place(target), _kind(target)
        looks = (self._looks.get(place, 0.0) + self._first * FIRST_LOOKS[kind]) / self._selections
        if kind == "key":
            return looks / max(1, n_keys)
        return max(LEAST, looks * (1.0 - pi) / (1.0 - USUAL_SLOT))


def _kind(target: Target) -> str:
    return target.id.partition(":")[0] if target.id.startswith(("word:", "phrase:")) else "key"


def _place(target: Target) -> str:
    return target.id if target.id.startswith(("word:", "phrase:")) else "key"
