"""assistive.gaze: calibrations on disk, and the fits: what a calibration needs from outside of the engine."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistive.durable import plain_reason, write_atomically
from assistive.fit_worker import FitWorker
from assistive.gaze.fits import gaze_fits
from assistive.gaze.following import WEBCAM
from assistive.gaze.messages import (
    Calibrated,
    CalibrationFound,
    CalibrationKept,
    FitRequest,
    Fitted,
    SetupChanged,
)
from assistive.messages import Trouble
from calibration.fit import model_from_json
from calibration.store import Setup, Stored, load, save
from calibration.unfinished_file import keep_unfinished, load_unfinished
from devices.clock import Clock
from devices.gaze.webcam.cameras import camera_name

Work = SetupChanged | Calibrated | CalibrationKept
Posted = CalibrationFound | Fitted | Trouble

_log = logging.getLogger(__name__)


def _named(setup: Setup) -> Setup:
    """The same with the camera's name in the place of its number, which may be another camera's tomorrow."""
    return replace(setup, source=camera_name(setup.source)) if setup.device == WEBCAM else setup


class CalibrationKeeper:
    """Reads and writes calibrations in a thread of its own, and has fits made in a process of their own.

    Parameters
    ----------
    folder : Path
        This person's calibrations.
    post : callable
        Takes what is for the engine; from any thread.
    clock : Clock
    tr : callable
        Translates what went wrong.
    """

    def __init__(
        self, folder: Path, post: Callable[[Posted], None], clock: Clock, tr: Callable[[str], str]
    ) -> None:
        self._folder, self._post, self._clock, self._tr = folder, post, clock, tr
        self._setup: Setup | None = None
        self._fits: FitWorker[FitRequest, str] | None = None
        self._work: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="calibrations", daemon=True)
        self._thread.start()

    def outgoing(self, message: object) -> None:
        """Take what the engine sends out; what has nothing to do with calibrations is passed over. Never waits."""
        if isinstance(message, FitRequest):
            if self._fits is None:
                self._fits = gaze_fits(self._post, self._clock, tr=self._tr)
            self._fits.fit(message)
        elif isinstance(message, SetupChanged | Calibrated | CalibrationKept):
            self._work.put(message)

    def close(self, timeout_s: float) -> bool:
        """Finish what is to be written; False: the disk did not answer in time."""
        if self._fits is not None:
            self._fits.close()
        self._work.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (message := self._work.get()) is not None:
            try:
                self._do(message)
            except OSError as error:
                _log.warning("a calibration could not be kept: %s", error)
                self._post(
                    Trouble(
                        self._clock.now(),
                        "calibration-kept",
                        self._tr("The calibration cannot be kept: {reason}.").format(
                            reason=plain_reason(error, self._tr)
                        ),
                        self._tr("It is used until Sayso is closed."),
                        self._tr("Have somebody look at the disk, then calibrate once more."),
                    )
                )
            except Exception:
                _log.exception("a calibration could not be read or written")

    def _do(self, message: Work) -> None:
        now = time.time()
        if isinstance(message, SetupChanged):
            self._setup = _named(message.setup)
            self._post(self._found(message.setup, self._setup, now))
        elif self._setup is None:
            return
        elif isinstance(message, CalibrationKept):
            keep_unfinished(self._folder, self._setup, message.unfinished, now, write_atomically)
        elif message.model:
            outcome = message.outcome
            found, grid = outcome.validation, outcome.choice.grid if outcome.choice is not None else ""
            stored = Stored(now, model_from_json(message.model), grid=grid)
            if found is not None:
                stored = Stored(now, stored.model, found.accuracy_cm, found.precision_cm, grid)
            save(self._folder, self._setup, stored, write_atomically)

    def _found(self, setup: Setup, named: Setup, now: float) -> CalibrationFound:
        loaded = load(self._folder, named, self._tr)
        unfinished = load_unfinished(self._folder, named, now)
        broken_off = "" if unfinished is None else json.dumps(unfinished.to_json())
        t, stored = self._clock.now(), loaded.stored
        if stored is None:
            return CalibrationFound(t, setup, problem=loaded.problem, unfinished=broken_off)
        return CalibrationFound(
            t, setup, stored.model.to_json(), stored.accuracy_cm, now - stored.made_at, unfinished=broken_off
        )
