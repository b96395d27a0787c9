"""assistive.eeg: why nothing flashes, in words: what happened, what still works, what to do."""

from __future__ import annotations

from enum import StrEnum

from assistive.messages import Trouble
from devices.i18n import N_


class Stop(StrEnum):
    """Why the flashing has stopped, or cannot start."""

    NOT_STARTED = "not_started"
    PERSON = "person"
    KEY = "key"
    NO_CONTROL = "no_control"
    UNCLEAR = "unclear"
    LOST = "lost"
    POOR = "poor"
    BROKEN = "broken"
    CALIBRATION = "calibration"
    NO_CONSENT = "no_consent"
    OFF = "off"
    NO_EEG = "no_eeg"
    NO_MODEL = "no_model"
    UNUSABLE = "unusable"


# From these it may come back without anybody who can press a key: once in a while one short inquiry asks for it.
WAKING = (Stop.NO_CONTROL, Stop.UNCLEAR, Stop.POOR, Stop.BROKEN)
ELSE_WORKS = N_("The gaze, switches, clicks and the keyboard still choose. Your text is safe.")
SENTENCES = {
    Stop.NOT_STARTED: N_("Nothing flashes. “start” begins it."),
    Stop.PERSON: N_("The flashing has stopped. “start” lets it go on."),
    Stop.KEY: N_("A key or a click has stopped the flashing. “start” lets it go on."),
    Stop.NO_CONTROL: N_("Nothing was meant for a while, so the flashing rests."),
    Stop.UNCLEAR: N_("Nothing was clear for a while, so the flashing rests."),
    Stop.LOST: N_("The EEG is gone, so nothing flashes."),
    Stop.POOR: N_("Too much of the EEG could not be used, so the flashing has stopped."),
    Stop.BROKEN: N_("The screen could not show the flashes in time, so they have stopped."),
    Stop.CALIBRATION: N_("The EEG is being calibrated."),
    Stop.NO_CONSENT: N_("Nothing flashes before the person has agreed to it."),
    Stop.OFF: N_("EEG is switched off."),
    Stop.NO_EEG: N_("No EEG comes in."),
    Stop.NO_MODEL: N_("The EEG is not calibrated."),
    Stop.UNUSABLE: N_("EEG does not help now, so nothing can be chosen by it."),
}
TO_DO = {
    Stop.LOST: N_(
        "Check the amplifier, its battery and its program. The flashing goes on by itself when EEG is back."
    ),
    Stop.POOR: N_("Look at the page with the electrodes, mend the worst one, sit still, then start again."),
    Stop.BROKEN: N_("Keep Sayso's window in front, close other programs, then start again."),
    Stop.NO_CONSENT: N_("The person can agree to it on the board: “more”, then “EEG”."),
    Stop.OFF: N_("Switch it on on the board: “more”, then “EEG”."),
    Stop.NO_EEG: N_("Start the amplifier and its program; its stream (LSL) is found by itself."),
    Stop.NO_MODEL: N_("Calibrate it on the board: “more”, then “EEG”."),
    Stop.UNUSABLE: N_("Mend the electrodes, rest a little, then calibrate again."),
}


def key_of(why: Stop) -> str:
    """Return the key of the notice that tells of it: what keeps it from starting shares one."""
    return f"eeg-{why}" if why in (Stop.LOST, Stop.POOR, Stop.BROKEN) else "eeg-start"


def trouble(t: float, why: Stop, what: str = "") -> Trouble | None:
    """Return what to tell the person; None where they know already, or nobody looks.

    `what` is told in place of the sentence, where more is known.
    """
    if why not in TO_DO:
        return None
    return Trouble(t, key_of(why), what or SENTENCES[why], ELSE_WORKS, TO_DO[why])
