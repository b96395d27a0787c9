"""assistive.eeg: the models of one person's EEG: found on disk, fitted, judged, used, and brought up to date."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from assistive.eeg.fitting import ErrpFit, ErrpRequest, Fit, Fitted, P300Fit, P300Request, Request, eeg_fits
from assistive.eeg.keeper import SESSIONS, EegKeeper
from assistive.eeg.kept import Kept, KeptModel, Montage, Session, Unfinished
from assistive.eeg.marker_text import FlashMark, OutcomeMark
from assistive.eeg.messages import (
    ChoiceJudged,
    EegCalibrating,
    EegCalibrationFound,
    EegFitRequest,
    EegFitted,
    EegModelFound,
    OutcomeScored,
)
from assistive.eeg.training import CalibrationFlashes, ChoiceFlashes, Outcomes, with_choices
from assistive.fit_worker import FitWorker
from assistive.messages import Trouble, TroubleOver
from calibration.erp import judge
from calibration.verdict import Verdict
from devices.clock import Clock
from models.erp.epochs import Epochs
from models.erp.errp import ErrpModel
from models.erp.model_file import model_from_json
from models.erp.single_trial import FEWEST
from models.erp.transfer import Labelled

WORSE = 0.005  # of the area under the curve: a model that adapted may be so much worse than the one before
OUTCOMES_AT_ONCE = 12  # are written, and learned from

Posted = EegModelFound | EegFitted | EegCalibrationFound | Trouble | TroubleOver
Answered = Kept | Fitted

_log = logging.getLogger(__name__)


class Learning:
    """Belongs to the listener's thread; what takes long comes back through `answer`.

    Parameters
    ----------
    folder : Path
        This person's models.
    post : callable
        Takes what is for the engine.
    later : callable
        Takes what is to be given to `answer` in the listener's thread; called from other threads.
    clock : Clock
    tr : callable
    """

    def __init__(
        self,
        folder: Path,
        post: Callable[[Posted], None],
        later: Callable[[Answered], None],
        clock: Clock,
        tr: Callable[[str], str],
    ) -> None:
        self._post, self._later, self._clock, self._tr = post, later, clock, tr
        self._keeper = EegKeeper(folder, post, later, clock, tr)
        self._worker: FitWorker[Request, Fit] | None = None
        self._montage: Montage | None = None
        self._calibrating = False
        self._forget()

    def _forget(self) -> None:
        self._model: KeptModel | None = None
        self._errp: ErrpModel | None = None
        self._sessions: tuple[Session, ...] = ()
        self._others: tuple[Labelled, ...] = ()
        self._unfinished: Unfinished | None = None
        self._latest: tuple[P300Request, P300Fit] | None = None  # of this calibration
        self._flashes, self._choices, self._outcomes = CalibrationFlashes(), ChoiceFlashes(), Outcomes()

    def begin(self, montage: Montage) -> None:
        """EEG comes from these electrodes from now on; what others recorded does not count."""
        if self._calibrating and self._flashes.so_far is not None:
            self._post(
                Trouble(
                    self._clock.now(),
                    "eeg-channels",
                    self._tr("The electrodes, or their rate, have changed during the calibration."),
                    self._tr("Gaze and switches work. What has flashed so far does not count any more."),
                    self._tr("Please calibrate again from the beginning."),
                )
            )
        self._montage = montage
        self._forget()
        self._keeper.find(montage)

    def flash(self, mark: FlashMark, epoch: Epochs | None) -> float:
        """Learn from what followed a flash (None: void), and return what it says; NaN: nothing, or no model."""
        if epoch is None:
            return float("nan")
        if self._calibrating:
            self._flashes.add(mark, epoch)
        self._choices.add(mark, epoch)
        return float("nan") if self._model is None else float(self._model.model.llr(epoch)[0])

    def outcome(self, mark: OutcomeMark, epoch: Epochs | None) -> OutcomeScored | None:
        """Learn from what followed a selection's outcome, and return what it says; None: nothing."""
        if epoch is None:
            return None
        self._outcomes.add(mark, epoch)
        self._learn_outcomes()
        if self._errp is None:
            return None
        claimed = np.array([mark.posterior])
        p_wrong = float(self._errp.p_wrong(epoch, claimed)[0])
        offers = bool(self._errp.offers_undo(epoch, claimed)[0])
        return OutcomeScored(self._clock.now(), mark.number, p_wrong, offers)

    def calibrating(self, message: EegCalibrating) -> None:
        """A calibration begins, or is over."""
        if message.on:
            self._flashes.begin(self._unfinished if message.resumed else None)
            self._latest = None
        elif self._calibrating and self._montage is not None and self._flashes.so_far is not None:
            self._unfinished = self._flashes.so_far
            self._keeper.keep_unfinished(self._montage, self._unfinished)
            self._tell_unfinished()
        self._calibrating = message.on

    def judged(self, choice: ChoiceJudged) -> None:
        """A choice proved right, or was taken back."""
        self._choices.judged(choice)
        self._outcomes.judged(choice)
        self._learn_outcomes()
        if self._montage is None or self._model is None or self._calibrating:
            return
        chosen = self._choices.enough()
        if chosen is not None:
            before = self._sessions[-1].labelled if self._sessions else None
            earlier = (*self._others, *(session.labelled for session in self._sessions[:-1]))
            self._fit(P300Request(self._montage, with_choices(before, chosen), earlier))

    def fit(self, message: EegFitRequest, bad_channels: tuple[str, ...]) -> None:
        """Fit to what has flashed in this calibration."""
        found = self._flashes.so_far
        if self._montage is None or found is None:
            self._refuse(
                message.number,
                self._tr(
                    "No EEG came in while the keys flashed. Is the amplifier on? Gaze and switches work."
                ),
            )
            return
        self._unfinished = found
        self._keeper.keep_unfinished(self._montage, found)
        targets = int(found.labelled.target.sum())
        others = len(found.labelled.target) - targets
        if min(targets, others) < FEWEST:
            self._refuse(
                message.number,
                self._tr(
                    "Too few flashes were seen to tell whether EEG helps. Please go on with the calibration."
                ),
            )
            return
        earlier = (*self._others, *(session.labelled for session in self._sessions))
        request = P300Request(
            self._montage, found.labelled, earlier, message.number, message.last, bad_channels
        )
        before = self._latest
        if before is not None and np.array_equal(before[0].labelled.epochs.t, found.labelled.epochs.t):
            self._calibrated(request, before[1])  # nothing more has flashed
        else:
            self._fit(request)

    def answer(self, message: Answered) -> None:
        """Take what came from the disk or from a fit; what belongs to other electrodes is dropped."""
        if isinstance(message, Kept):
            if message.montage == self._montage:
                self._found(message)
            return
        request, fit = message.request, message.fit
        if isinstance(request, ErrpRequest):
            if isinstance(fit, ErrpFit) and request.montage == self._montage:
                self._errp = ErrpModel.from_json(fit.model)
                self._keeper.keep_errp(request.montage, self._errp)
        elif request.number:
            self._calibrated(request, fit if isinstance(fit, P300Fit) else None)
        elif isinstance(fit, P300Fit) and request.montage == self._montage:
            self._adapted(request, fit)

    def close(self, timeout_s: float) -> bool:
        """End the fits, and write what is to be written; False: the disk did not answer in time."""
        if self._worker is not None:
            self._worker.close()
        if self._outcomes.unsaved:
            self._keep_outcomes()
        return self._keeper.close(timeout_s)

    def _found(self, kept: Kept) -> None:
        self._model, self._errp, self._sessions = kept.model, kept.errp, kept.sessions
        self._outcomes, self._unfinished = Outcomes(kept.outcomes), kept.unfinished
        self._others = kept.others
        self._tell_model((), kept.problem)
        self._tell_unfinished()

    def _tell_model(self, bad_channels: tuple[str, ...], problem: str = "") -> None:
        t = self._clock.now()
        if self._model is None:
            self._post(EegModelFound(t, None, problem=problem))
            return
        finding = judge(self._model.model, bad_channels=bad_channels, tr=self._tr)
        age_s = max(0.0, time.time() - self._model.made_at)
        self._post(EegModelFound(t, finding.verdict, finding.auc, finding.why, age_s))

    def _tell_unfinished(self) -> None:
        rounds = 0 if self._unfinished is None else self._unfinished.rounds
        self._post(EegCalibrationFound(self._clock.now(), rounds))

    def _refuse(self, number: int, why: str) -> None:
        self._post(EegFitted(self._clock.now(), number, None, why=why))

    def _fit(self, request: Request) -> None:
        if self._worker is None:
            self._worker = eeg_fits(self._later)
        self._worker.fit(request)

    def _calibrated(self, request: P300Request, fit: P300Fit | None) -> None:
        if fit is None or request.montage != self._montage:
            self._refuse(
                request.number,
                self._tr(
                    "What the EEG is worth could not be computed, so nothing has changed. Gaze and switches work. "
                    "Please calibrate once more."
                ),
            )
            return
        self._latest = request, fit
        model = model_from_json(fit.model)
        finding = judge(model, bad_channels=request.bad_channels, tr=self._tr)
        self._post(
            EegFitted(
                self._clock.now(),
                request.number,
                finding.verdict,
                finding.auc,
                finding.enough,
                len(request.labelled.target),
                finding.why,
                fit.replayed.expected_error,
                fit.replayed.observed_error,
                fit.replayed.reliability,
            )
        )
        if request.last:
            self._use(KeptModel(model, time.time()), finding.verdict, request)

    def _use(self, new: KeptModel, verdict: Verdict, request: P300Request) -> None:
        montage, before = request.montage, self._model
        self._model = new
        # On a bad day what was learned on a good one stays on disk.
        if verdict is not Verdict.UNUSABLE:
            session = Session(request.labelled, new.made_at)
            self._sessions = (*self._sessions, session)[-SESSIONS:]
            self._keeper.keep_session(montage, session)
            self._keeper.keep_model(montage, new)
        elif before is None or judge(before.model).verdict is Verdict.UNUSABLE:
            self._keeper.keep_model(montage, new)
        self._keeper.forget_unfinished(montage)
        self._flashes.begin()
        self._unfinished = None
        self._tell_model(request.bad_channels)
        self._tell_unfinished()

    def _adapted(self, request: P300Request, fit: P300Fit) -> None:
        before, model = self._model, model_from_json(fit.model)
        if before is None or self._calibrating:
            return
        auc = model.held_out.auc
        if not auc >= before.model.held_out.auc - WORSE:
            _log.info("what was learned from choices is not used: its AUC would be %.3f", auc)
            return
        self._model = KeptModel(model, before.made_at)
        made_at = self._sessions[-1].made_at if self._sessions else before.made_at
        session = Session(request.labelled, made_at)
        self._sessions = (*self._sessions[:-1], session)
        self._keeper.keep_session(request.montage, session)
        self._keeper.keep_model(request.montage, self._model)
        self._tell_model(())

    def _learn_outcomes(self) -> None:
        file = self._outcomes.file
        if file is None or self._montage is None or self._outcomes.unsaved < OUTCOMES_AT_ONCE:
            return
        self._keep_outcomes()
        if self._outcomes.enough:
            self._fit(ErrpRequest(self._montage, file.epochs, file.label, file.claimed))

    def _keep_outcomes(self) -> None:
        if self._montage is not None and self._outcomes.file is not None:
            self._keeper.keep_outcomes(self._montage, self._outcomes.file)
            self._outcomes.saved()
