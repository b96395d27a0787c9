"""assistive.eeg: this person's models of EEG on disk, and what they learn from: one folder for each set of electrodes.

model.json       the model that is used
session-N.npz    the labelled epochs of the last sessions, N seconds after 1970
unfinished.npz   those of a calibration that is not over
outcomes.npz     the epochs after selections, and errp.json, the model of error potentials fitted to them

Beside these folders, others/ holds sessions of other people who agreed to it, for whatever electrodes.
"""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from assistive.durable import plain_reason, set_aside, write_atomically
from assistive.eeg.epoch_file import EpochFile, from_path, to_bytes
from assistive.eeg.kept import Kept, KeptModel, Montage, Session, Unfinished
from assistive.messages import Trouble, TroubleOver
from devices.clock import Clock
from devices.i18n import N_
from models.erp.errp import ErrpModel
from models.erp.model_file import model_from_json, model_to_json
from models.erp.transfer import Labelled

VERSION = 1
SESSIONS = 3  # are kept
LASTS_S = 12 * 3600.0  # a calibration that was broken off: the cap may still sit
MODEL, UNFINISHED, OUTCOMES, ERRP = "model.json", "unfinished.npz", "outcomes.npz", "errp.json"
MOST_BYTES = 2**26
OTHER_PEOPLE = "others"
MOST_OTHERS = 10  # sessions of other people: a fit has to end in time
TROUBLE = "eeg-kept"

_OTHERS = N_(
    "The calibration by EEG that there is was made with other electrodes or at another rate. Gaze and switches work; "
    "calibrate anew to choose by EEG."
)
_DAMAGED = N_(
    "The calibration by EEG is damaged and was set aside. Gaze and switches work; calibrate anew to choose by EEG."
)
_UNREADABLE = N_(
    "The calibration by EEG cannot be read. Gaze and switches work; calibrate anew to choose by EEG."
)

_log = logging.getLogger(__name__)


class EegKeeper:
    """Reads and writes in a thread of its own; no call waits for the disk.

    Parameters
    ----------
    folder : Path
        This person's EEG.
    post : callable
        Takes a `Trouble` where the disk refuses, and a `TroubleOver` when it does no more.
    found : callable
        Takes what `find` found. Both are called from the keeper's thread.
    clock : Clock
    tr : callable
    """

    def __init__(
        self,
        folder: Path,
        post: Callable[[Trouble | TroubleOver], None],
        found: Callable[[Kept], None],
        clock: Clock,
        tr: Callable[[str], str],
    ) -> None:
        self._folder, self._post, self._found, self._clock, self._tr = folder, post, found, clock, tr
        self._refused = False
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="eeg-files", daemon=True)
        self._thread.start()

    def find(self, montage: Montage) -> None:
        """Ask for what is kept for these electrodes."""
        self._work.put(lambda: self._found(load(self._folder, montage, time.time())))

    def keep_model(self, montage: Montage, kept: KeptModel) -> None:
        """Keep a model in the place of the one before."""
        self._write(montage, MODEL, lambda: _model_bytes(montage, kept))

    def keep_session(self, montage: Montage, session: Session) -> None:
        """Keep the epochs of a session, and only of the last `SESSIONS`."""
        self._write(montage, _session_name(session.made_at), lambda: to_bytes(_flashes(session.labelled)))
        self._work.put(lambda: _forget_old(self._folder / montage.folder_name))

    def keep_unfinished(self, montage: Montage, unfinished: Unfinished) -> None:
        """Keep a calibration that is not over."""
        numbers = {"rounds": float(unfinished.rounds), "made_at": time.time()}
        self._write(montage, UNFINISHED, lambda: to_bytes(_flashes(unfinished.labelled, numbers)))

    def forget_unfinished(self, montage: Montage) -> None:
        """The calibration is over, or a new one begins."""
        path = self._folder / montage.folder_name / UNFINISHED
        self._work.put(lambda: path.unlink(missing_ok=True))

    def keep_outcomes(self, montage: Montage, outcomes: EpochFile) -> None:
        """Keep what the model of error potentials learns from."""
        self._write(montage, OUTCOMES, lambda: to_bytes(outcomes))

    def keep_errp(self, montage: Montage, model: ErrpModel) -> None:
        """Keep the model of error potentials."""
        self._write(montage, ERRP, lambda: model.to_json().encode())

    def close(self, timeout_s: float) -> bool:
        """Finish what is to be written; False: the disk did not answer in time."""
        self._work.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _write(self, montage: Montage, name: str, content: Callable[[], bytes]) -> None:
        path = self._folder / montage.folder_name / name

        def write() -> None:
            write_atomically(path, content())
            if self._refused:
                self._refused = False
                self._post(TroubleOver(self._clock.now(), TROUBLE))

        self._work.put(write)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except OSError as error:
                _log.warning("EEG could not be kept: %s", error)
                self._refused = True
                self._post(self._trouble(error))
            except Exception:
                _log.exception("EEG could not be read or written")

    def _trouble(self, error: OSError) -> Trouble:
        return Trouble(
            self._clock.now(),
            TROUBLE,
            self._tr("What was learned from the EEG cannot be kept: {reason}.").format(
                reason=plain_reason(error, self._tr)
            ),
            self._tr("It is used until Sayso is closed."),
            self._tr("Have somebody look at the disk, then calibrate once more."),
        )


def load(folder: Path, montage: Montage, now: float) -> Kept:
    """Find what is kept for these electrodes. Never raises for what is on the disk.

    A model that is damaged is set aside under a dated name beside it; damaged epochs are passed over.
    """
    own = folder / montage.folder_name
    model, problem = _model(own / MODEL, montage)
    if model is None and not problem and any(folder.glob(f"eeg-*/{MODEL}")):
        problem = _OTHERS
    sessions = [
        Session(Labelled(file.epochs, file.label), _session_time(path))
        for path in _session_paths(own)
        if (file := _epochs(path)) is not None
    ]
    others = [_epochs(path) for path in sorted((folder / OTHER_PEOPLE).glob("*.npz"))[:MOST_OTHERS]]
    return Kept(
        montage,
        model,
        problem,
        tuple(sessions),
        _unfinished(own, now),
        _errp(own),
        _epochs(own / OUTCOMES),
        tuple(Labelled(file.epochs, file.label) for file in others if file is not None),
    )


def _model_bytes(montage: Montage, kept: KeptModel) -> bytes:
    content = {
        "version": VERSION,
        "made_at": kept.made_at,
        "channels": montage.channels,
        "rate_hz": montage.rate_hz,
        "model": json.loads(model_to_json(kept.model)),
    }
    return json.dumps(content).encode()


def _model(path: Path, montage: Montage) -> tuple[KeptModel | None, str]:
    try:
        content = _table(path)
        if (tuple(content["channels"]), content["rate_hz"]) != (montage.channels, montage.rate_hz):
            raise ValueError("it was renamed, or made for other electrodes")
        if content["version"] != VERSION:
            raise ValueError(f"version {content['version']!r} is not known")
        made_at = float(content["made_at"])
        if not 0.0 <= made_at <= 1e11:
            raise ValueError("it was made at no time")
        return KeptModel(model_from_json(json.dumps(content["model"])), made_at), ""
    except FileNotFoundError:
        return None, ""
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        _log.warning("%s is damaged: %r", path, error)
        with contextlib.suppress(OSError):
            set_aside(path)
        return None, _DAMAGED
    except OSError as error:
        _log.warning("%s cannot be read: %s", path, error)
        return None, _UNREADABLE


def _table(path: Path) -> dict[str, Any]:
    if path.is_fifo() or path.stat().st_size > MOST_BYTES:
        raise ValueError("no model")
    table = json.loads(path.read_bytes())
    if not isinstance(table, dict):
        raise ValueError("no model")
    return table


def _unfinished(own: Path, now: float) -> Unfinished | None:
    file = _epochs(own / UNFINISHED)
    if file is None or not 0.0 <= now - file.numbers.get("made_at", 0.0) <= LASTS_S:
        return None
    return Unfinished(Labelled(file.epochs, file.label), int(file.numbers.get("rounds", 0.0)))


def _errp(own: Path) -> ErrpModel | None:
    try:
        return ErrpModel.from_json((own / ERRP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _epochs(path: Path) -> EpochFile | None:
    with contextlib.suppress(OSError, ValueError):
        return from_path(path)
    return None


def _flashes(labelled: Labelled, numbers: dict[str, float] | None = None) -> EpochFile:
    return EpochFile(labelled.epochs, labelled.target, np.zeros(len(labelled.target)), numbers or {})


def _session_name(made_at: float) -> str:
    return f"session-{int(made_at):011d}.npz"


def _session_time(path: Path) -> float:
    return float(path.stem.removeprefix("session-"))


def _session_paths(own: Path) -> list[Path]:
    return sorted(own.glob(f"session-{'[0-9]' * 11}.npz"))[-SESSIONS:]


def _forget_old(own: Path) -> None:
    for path in sorted(own.glob(f"session-{'[0-9]' * 11}.npz"))[:-SESSIONS]:
        path.unlink(missing_ok=True)
