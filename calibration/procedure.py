"""calibration: a calibration from the first look to the result, hands-free, in nobody's time but that of the samples."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from calibration.attention import Attending, Attention
from calibration.face_check import LEAVE_S, FaceCheck
from calibration.findings import Item, Look, checked, recentred
from calibration.grid_choice import KeySize
from calibration.outcome import Outcome, TargetSample
from calibration.plan import Kind, Plan
from calibration.raw_gaze import Angles, Seen, far_beside, opening_of, raw_gaze
from calibration.round import Reference, Round, Taken
from calibration.screen import ScreenSize
from calibration.targets import calibration_targets, check_targets
from calibration.unfinished import Unfinished
from calibration.view import CalibrationView, Phase
from calibration.words import before_sentence, pause_sentence
from devices.samples import FaceVerdict, GazeSample

LEAST_TARGETS = {1: 1, 3: 2, 5: 3, 9: 5}
FIT_S = 90.0  # then nothing comes any more
OVER = (Phase.RESULT, Phase.LEFT)


class Procedure:
    """The calibration of one person on one screen: face check, targets, fit, check at other places, result.

    It is a state machine that samples (`take`) and the time (`tick`) move on. Every phase ends by itself: no input
    makes it wait for ever, and none makes it raise.

    Parameters
    ----------
    plan : Plan
    screen : ScreenSize
    t : float
        When it begins, in seconds on the shared clock.
    tr : callable
        Translates the sentences.
    face_check : bool
        For a webcam: whether the face is seen well enough is checked first.
    keys : sequence of KeySize
        The grids to choose from, most keys first; empty: none is proposed.
    earlier : callable, optional
        Where the model that there is says that a sample looks. A recentre needs it; a full calibration is compared
        with it.
    unfinished : Unfinished, optional
        A calibration that was broken off (`unfinished`): it goes on there.

    Raises
    ------
    ValueError
        `unfinished` belongs to another plan or screen; or a recentre has no `earlier` model.
    """

    def __init__(
        self,
        plan: Plan,
        screen: ScreenSize,
        t: float,
        *,
        tr: Callable[[str], str] = str,
        face_check: bool = True,
        keys: Sequence[KeySize] = (),
        earlier: Look | None = None,
        unfinished: Unfinished | None = None,
    ) -> None:
        if plan.kind is Kind.RECENTRE and earlier is None:
            raise ValueError("a recentre needs a model that there is already")
        self.plan, self.screen = plan, screen
        self.phase = Phase.FACE
        self.outcome = Outcome()
        self._tr, self._keys, self._earlier = tr, tuple(keys), earlier
        self._new: Look | None = None
        self._now = t
        self._sample_t = -math.inf
        self._verdict = FaceVerdict.NO_FACE if face_check else FaceVerdict.GOOD
        self._attention, self._face = Attention(t, LEAVE_S), FaceCheck(t)
        self._fitting_since = t
        self._eyes_seen = True
        self._paused = self._broken_off = False
        self._message = ""
        count = 1 if plan.kind is Kind.RECENTRE else plan.points
        self._places = calibration_targets(count, plan.axes)
        self._targets: dict[int, Taken[Item]] = {}
        if unfinished is not None:
            if (unfinished.plan, unfinished.screen) != (plan, screen):
                raise ValueError("what was broken off was another calibration")
            self._targets = {i: _with_items(taken) for i, taken in unfinished.taken.items()}
        self._round: Round[Item] | None = None
        self._reference: Reference | None = None
        if not face_check:
            self._begin_targets(t)

    # ------------------------------------------------------------ what moves it on

    def take(self, seen: Seen) -> None:
        """Take in one sample; one that is older than the last is dropped."""
        if not math.isfinite(seen.t) or seen.t <= self._sample_t or self.phase in OVER:
            return
        self._sample_t = t = seen.t
        angles = raw_gaze(seen, self.plan.eyes, self.screen)
        self._verdict = FaceVerdict.GOOD if isinstance(seen, GazeSample) else seen.verdict
        # Before the sample counts: a pause that it ends has been one.
        self.tick(t)
        here = angles is not None and not self._beside(angles)
        self._eyes_seen = angles is not None
        self._attention.picture(t, eyes=here)
        item = self._item(seen)
        if self.phase is Phase.FACE:
            if self._face.take(t, self._verdict, eyes=here):
                self._begin_targets(t)
        elif self._round is not None and here:
            if self._paused:
                self._paused = False
                self._round.restart(t)
            self._round.take(t, angles, opening_of(seen, self.plan.eyes), item)
            self._go_on(t)

    def tick(self, t: float) -> None:
        """Let the time pass, without a sample."""
        if not math.isfinite(t) or t < self._now or self.phase in OVER:
            return
        self._now = t
        if self.phase is Phase.FITTING:
            if t >= self._fitting_since + FIT_S:
                self._leave(self._tr("The calibration took too long to compute. Nothing has changed."))
            return
        attending = self._attention.now(t)
        if attending is Attending.LEFT:
            self._leave(
                self._tr("The calibration ended because nobody looked at the screen. Nothing has changed.")
            )
        elif attending is not Attending.HERE:
            self._paused = True
        elif self._round is not None and not self._paused:
            self._round.tick(t)
            self._go_on(t)

    @property
    def looked_at(self) -> int:
        """How many targets were looked at so far."""
        return len(self._targets)

    @property
    def broken_off(self) -> bool:
        """Whether it was left in the middle of the targets: it can go on from `unfinished`."""
        return self._broken_off

    def start_now(self, t: float) -> None:
        """Begin with the targets, whatever the face check says."""
        self.tick(t)
        if self.phase is Phase.FACE:
            self._begin_targets(self._now)

    def end(self, t: float) -> None:
        """Somebody ends it; nothing has changed, unless there is a result already."""
        self.tick(t)
        if self.phase not in OVER:
            self._leave(self._tr("The calibration was ended. Nothing has changed."))

    def fitted(self, t: float, look: Look) -> None:
        """The model is fitted (phase FITTING): check it at other places."""
        if self.phase is not Phase.FITTING:
            return
        self._now = max(self._now, t)
        self._new = look
        self.phase = Phase.CHECK
        self._attention, self._paused = Attention(self._now), False
        after = self._reference
        checks = check_targets(self.plan.points, self.plan.axes)
        self._round = Round(self._now, checks, self.screen, used=self.plan.used, repeat=False, after=after)

    def not_fitted(self, t: float, reason: str) -> None:
        """The fit failed (phase FITTING). `reason`: a sentence for people."""
        if self.phase is Phase.FITTING:
            self._now = max(self._now, t)
            self._leave(reason)

    # ------------------------------------------------------------ what it tells

    def deadline(self) -> float | None:
        """When a `tick` is wanted next, in seconds on the shared clock; None: never."""
        if self.phase in OVER:
            return None
        if self.phase is Phase.FITTING:
            return self._fitting_since + FIT_S
        times = [self._attention.deadline(self._now)]
        if self._round is not None and self._round.deadline is not None and not self._paused:
            times.append(self._round.deadline)
        return max(min(times), self._now)

    def view(self, t: float) -> CalibrationView:
        """Return what is shown at this time."""
        shown = self._round if self.phase in (Phase.TARGET, Phase.CHECK) else None
        view = CalibrationView(t, self.phase, verdict=self._verdict, message=self._sentence())
        if shown is not None:
            progress = 0.0 if self._paused else shown.progress
            return replace(view, place=shown.place, progress=progress, number=shown.shown, of=shown.of)
        if self.phase is Phase.FACE:
            return replace(view, progress=self._face.progress)
        if self.phase is Phase.RESULT:
            choice = self.outcome.choice
            return replace(view, validation=self.outcome.validation, grid=choice.grid if choice else "")
        return view

    def samples(self) -> tuple[TargetSample, ...]:
        """What the model is to be fitted to: every sample of every target that was looked at."""
        return tuple(
            TargetSample(item.seen, *self._places[index])
            for index, taken in sorted(self._targets.items())
            for item in taken.items
        )

    def unfinished(self) -> Unfinished:
        """Return what was looked at so far, to go on with it later."""
        plain = {
            index: Taken(taken.angles, taken.spread_deg, tuple(item.seen for item in taken.items))
            for index, taken in self._targets.items()
        }
        return Unfinished(self.plan, self.screen, plain)

    # ------------------------------------------------------------ from phase to phase

    def _item(self, seen: Seen) -> Item:
        """The models see every sample, so that their filters are in step, but only when it matters."""
        checking = self.phase is Phase.CHECK
        recentring = self.phase is Phase.TARGET and self.plan.kind is Kind.RECENTRE
        return Item(
            seen,
            self._new(seen) if self._new is not None and checking else None,
            self._earlier(seen) if self._earlier is not None and (checking or recentring) else None,
        )

    def _beside(self, angles: Angles) -> bool:
        """Whether the eyes point far beside the screen, as far as one look at a target tells where that is."""
        reference = self._round.reference if self._round is not None else None
        if reference is None:
            return False
        target, look = reference.target, reference.look
        place = (target[0] + angles[0] - look[0], target[1] + angles[1] - look[1])
        return far_beside(place, self.screen, self.plan.used)

    def _begin_targets(self, t: float) -> None:
        self.phase = Phase.TARGET
        self._attention, self._paused = Attention(t), False
        self._round = Round(t, self._places, self.screen, used=self.plan.used, taken=self._targets)
        self._go_on(t)

    def _go_on(self, t: float) -> None:
        if self._round is None:
            return
        if self.phase is Phase.TARGET:
            self._targets = self._round.taken
        if not self._round.done:
            return
        finished, self._round = self._round, None
        self._reference = finished.reference
        if self.phase is Phase.CHECK:
            self._found(*checked(finished, self.plan, self.screen, self._keys, self._tr))
        elif len(finished.taken) < LEAST_TARGETS[len(self._places)]:
            self._leave(
                self._tr(
                    "Targets that were looked at for long enough: {looked} of {all}. These are too few, so nothing has "
                    "changed. Try again with fewer targets, or move the camera closer."
                ).format(looked=len(finished.taken), all=len(self._places))
            )
        elif self.plan.kind is Kind.RECENTRE:
            self._found(*recentred(finished, self.samples(), self.plan, self._tr))
        else:
            self.phase, self._fitting_since = Phase.FITTING, t

    def _found(self, outcome: Outcome | None, message: str) -> None:
        if outcome is None:
            self._leave(message)
        else:
            self.phase, self.outcome, self._message = Phase.RESULT, outcome, message

    def _leave(self, message: str) -> None:
        self._broken_off = self.phase is Phase.TARGET and self._round is not None and bool(self._targets)
        self.phase, self._round, self._message = Phase.LEFT, None, message

    def _sentence(self) -> str:
        attending = self._attention.now(self._now)
        if self.phase is Phase.FACE:
            return before_sentence(attending, self._verdict, eyes=self._eyes_seen, tr=self._tr)
        if self._round is not None and self._paused:
            return pause_sentence(attending, self._verdict, self._tr)
        return self._message


def _with_items(taken: Taken[Seen]) -> Taken[Item]:
    return Taken(taken.angles, taken.spread_deg, tuple(Item(seen) for seen in taken.items))
