"""assistive.eeg: one choice by EEG: sequences follow each other without a hole until it is sure, or they run out."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistive.boards.board import Target, TargetKind, Verb
from assistive.eeg.calibrating import BRIGHT_S
from assistive.eeg.messages import FlashScored, FlashShown, ShowFlashes
from assistive.eeg.places import grouping, places, same_choices
from assistive.fusion.flashing import APART, Flash, Flashes, sequence
from assistive.fusion.hybrid import HybridInquiry
from assistive.fusion.inquiry import MOST_SEQUENCES, NOTHING, Inquiry

AHEAD = 3  # the next sequence is told when the last flash but two was shown
MOST_SAID = 10.0  # nats of one flash: no single epoch decides alone
LATE_S = 3.0  # after the last flash of a sequence: what was not told until then is not told any more
STALLED_S = 3.0  # without a flash while there are some to show
WEIGHTY = 0.98  # the least certainty of what cannot be taken back
ENDS_IT = ("eeg.flashing=false", "eeg.source=off")  # a person with EEG alone could not choose their way back


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier flashes said of the targets that there were, for those that still mean the same."""

    evidence: Mapping[str, float]
    targets: tuple[Target, ...]

    def of(self, targets: Sequence[Target]) -> dict[str, float]:
        """Return the evidence that still counts where these are the targets."""
        same = same_choices(self.targets, targets)
        return {name: said for name, said in self.evidence.items() if name in same}


@dataclass(slots=True)
class Played:
    """A sequence that was told to the window: its flashes that are not scored yet, and when it was over."""

    number: int
    flashes: Flashes
    open: set[int]
    over_t: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of it: a target's id or `NOTHING`, and how probable it is; None: it is not sure after all sequences."""

    name: str | None
    posterior: float


class Choosing:
    """Asks about the targets of one board by flashing.

    Parameters
    ----------
    targets : sequence of Target
        What flashes; at least one.
    inquiry : Inquiry or HybridInquiry
        The belief, made for these targets.
    certainty : float
        What is chosen is that probable; what is weighty, `WEIGHTY` at least.
    interval_s : float
        From flash to flash.
    number : callable
        Gives the number of the next sequence; it also seeds the order, so that a replay flashes the same.
    emit : callable
        Takes the sequences.
    most_sequences : int
        As many are flashed at most.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        inquiry: Inquiry | HybridInquiry,
        certainty: float,
        interval_s: float,
        number: Callable[[], int],
        emit: Callable[[ShowFlashes], None],
        most_sequences: int = MOST_SEQUENCES,
    ) -> None:
        self.targets = tuple(targets)
        self.inquiry = inquiry
        self._certainty = certainty
        self._interval_s = interval_s
        self._number = number
        self._emit = emit
        self._most_sequences = most_sequences
        self._places = places(self.targets)
        self._known = inquiry.evidence
        self._played: dict[int, Played] = {}
        self._lately: tuple[Flash, ...] = ()
        self._looks = False
        self._heard_t = -math.inf

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the sequences so far."""
        return tuple(self._played)

    @property
    def deadline(self) -> float | None:
        """When a `tick` is wanted; None: never."""
        times = [p.over_t + LATE_S for p in self._played.values() if p.open and p.over_t is not None]
        if not self._last_over:
            times.append(self._heard_t + STALLED_S)
        return min(times, default=None)

    @property
    def _last_over(self) -> bool:
        return not self._played or self._played[max(self._played)].over_t is not None

    def begin(self, t: float) -> None:
        """Flash the first sequence."""
        self._heard_t = t
        self._next(t)

    def shown(self, message: FlashShown) -> None:
        """A flash was shown: before the sequence ends, the next one follows."""
        played = self._played.get(message.number)
        if played is None or not 0 <= message.index < len(played.flashes):
            return
        self._heard_t = max(self._heard_t, message.t)
        if message.index == len(played.flashes) - 1:
            played.over_t = message.t
        last = message.number == max(self._played)
        near_end = message.index >= len(played.flashes) - AHEAD
        if last and near_end and len(self._played) < self._most_sequences:
            self._next(message.t)

    def look(self, evidence: Mapping[str, float]) -> None:
        """What the eyes say of the targets; empty: nothing."""
        if isinstance(self.inquiry, HybridInquiry):
            self.inquiry.look(evidence)
            self._looks = bool(evidence)

    def awaits(self, message: FlashScored) -> bool:
        """Whether this flash is one of these, and not scored yet."""
        played = self._played.get(message.number)
        return played is not None and message.index in played.open

    def scored(self, message: FlashScored) -> Decision | None:
        """Take in what the EEG says of a flash; None: not decided yet."""
        if not self.awaits(message):
            return None
        played = self._played[message.number]
        played.open.discard(message.index)
        if math.isfinite(message.llr):
            said = max(-MOST_SAID, min(MOST_SAID, message.llr))
            self.inquiry.flash(played.flashes[message.index], said)
        if not played.open:
            self.inquiry.sequence_done()
        return self._decision()

    def tick(self, t: float) -> tuple[int, Decision | None]:
        """Give up waiting for what is late; return how many flashes were, and what is decided then."""
        late = 0
        for played in self._played.values():
            if played.open and played.over_t is not None and t >= played.over_t + LATE_S:
                late += len(played.open)
                played.open.clear()
                self.inquiry.sequence_done()
        return late, self._decision() if late else None

    def stalled(self, t: float) -> bool:
        """Whether the window has shown no flash for long, though there are some to show."""
        return not self._last_over and t >= self._heard_t + STALLED_S

    def _next(self, t: float) -> None:
        number = self._number()
        flashes = sequence(
            self._places,
            grouping(len(self.targets)),
            random.Random(number),
            before=self._lately,
            likely=self.inquiry.posterior,
        )
        self._lately = (*self._lately, *flashes)[-APART:]
        self._played[number] = Played(number, flashes, {i for i, flash in enumerate(flashes) if flash})
        bright_s = min(BRIGHT_S, self._interval_s / 2)
        self._emit(ShowFlashes(t, number, flashes, bright_s, self._interval_s))

    def _decision(self) -> Decision | None:
        name, p = self.inquiry.best
        if self.inquiry.decided(self._certainty) is not None and self._answered(name) and self._sure(name, p):
            return Decision(name, p)
        if self.inquiry.exhausted:
            return Decision(None, p)
        return None

    def _answered(self, name: str) -> bool:
        """Whether the EEG has spoken for it here; while the eyes speak, too, it is asked once about all first.

        Eyes alone would choose what they only read.
        """
        whole = any(not played.open for played in self._played.values())
        if self._looks and not whole:
            return False
        return name == NOTHING or self.inquiry.evidence[name] > self._known.get(name, 0.0)

    def _sure(self, name: str, p: float) -> bool:
        target = next((each for each in self.targets if each.id == name), None)
        return target is None or not weighty(target) or p >= WEIGHTY


def faded(evidence: Mapping[str, float], prior: Mapping[str, float], counts: float) -> dict[str, float]:
    """Return what evidence says where it may be about something else than what is meant now.

    A mixture: with the probability `counts` it is about that, otherwise it says nothing (for one that fades with time,
    a step of the forward algorithm of a hidden Markov model whose state stays or is drawn anew from the prior).

    Parameters
    ----------
    evidence : mapping of str to float
        Log-likelihood ratios of each target and of `NOTHING`; -inf is ruled out.
    prior : mapping of str to float
        The probability of each of them before the evidence.
    counts : float
        0 up to, but not, 1.
    """
    most = max(evidence.values())
    mean = sum(prior[name] * math.exp(said - most) for name, said in evidence.items())
    logs = {
        name: math.log(counts * math.exp(said - most) / mean + 1.0 - counts)
        for name, said in evidence.items()
    }
    return {name: each - logs[NOTHING] for name, each in logs.items()}


def weighty(target: Target) -> bool:
    """Whether choosing this has to be surer than the rest: it cannot be taken back, or takes this way of choosing away."""
    action = target.action
    if action.verb is Verb.SETTING:
        return action.argument in ENDS_IT
    if action.verb is Verb.EEG:
        return action.argument == "stop"
    if action.verb is Verb.CONFIRM:
        return action.argument == "yes"
    return target.kind is TargetKind.HELP or action.verb in (Verb.SPEAK, Verb.SAY, Verb.CLEAR, Verb.HELP)
