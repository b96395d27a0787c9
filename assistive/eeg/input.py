"""assistive.eeg: the EEG driver that the settings name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from assistive.messages import Trouble
from assistive.settings import Settings, listed
from devices.driver import Driver
from devices.eeg.lsl import LslEegDriver
from devices.eeg.replay_driver import EegReplayDriver


def eeg_driver(
    settings: Settings, t: float, tr: Callable[[str], str]
) -> tuple[Driver | None, Trouble | None]:
    """Return the driver of ``eeg.source``, and what is wrong with it.

    Parameters
    ----------
    settings : Settings
    t : float
        Now, in seconds on the shared clock.
    tr : callable
        Translates what the driver says.

    Returns
    -------
    Driver or None
        None: no EEG is wanted, or there is nothing to replay.
    Trouble or None
    """
    eeg = settings.eeg
    match eeg.source:
        case "lsl":
            return LslEegDriver(eeg.stream, channels=listed(eeg.channels), tr=tr), None
        case "replay" if eeg.replay.strip():
            return EegReplayDriver(Path(eeg.replay).expanduser(), tr=tr), None
        case "replay":
            what = tr("EEG is to come from a recording, but none is named.")
            works = tr("Gaze and switches work without it.")
            todo = tr("Name the file in the settings, or choose another source of EEG.")
            return None, Trouble(t, "eeg-input", what, works, todo)
        case _:
            return None, None


def names_the_eeg(changed: Collection[str]) -> bool:
    """Whether one of these settings ("section.field") means another amplifier, or the same one differently."""
    return bool({"eeg.source", "eeg.stream", "eeg.channels", "eeg.replay"} & set(changed))
