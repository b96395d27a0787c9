"""assistive: what only the person's own selection can bring about, and the settings without it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from assistive.messages import Trouble
from assistive.settings import Settings
from devices.i18n import N_

RECORDINGS = "privacy.recordings"
CHOICES = "privacy.choices"
FILTER = "model.filter"
FLASHING = "eeg.flashing"
EEG_RECORDINGS = "privacy.eeg_recordings"

ASKS_FOR = {RECORDINGS: True, CHOICES: True, FILTER: False, FLASHING: True, EEG_RECORDINGS: True}
"""The settings that need the person's consent, and the value that they consent to."""

_REFUSED = {
    RECORDINGS: (
        N_("The settings file asks for recordings, but the person has not agreed to them."),
        N_("Nothing is recorded."),
        N_("The person can switch them on, on the settings pages of the board."),
    ),
    CHOICES: (
        N_("The settings file asks to keep the choices, but the person has not agreed to it."),
        N_("No choice is kept."),
        N_("The person can switch it on, on the settings pages of the board."),
    ),
    FILTER: (
        N_("The settings file switches off the filter for phrases, but the person has not done so."),
        N_("The filter is on."),
        N_("The person can switch it off, on the settings pages of the board."),
    ),
    FLASHING: (
        N_("The settings file asks for flashing keys, but the person has not agreed to them."),
        N_("Nothing flashes; gaze and switches work."),
        N_("The person can agree to it on the board: “more”, then “EEG”."),
    ),
    EEG_RECORDINGS: (
        N_("The settings file asks to record the EEG, but the person has not agreed to it."),
        N_("No EEG is kept."),
        N_("The person can switch it on, on the settings pages of the board."),
    ),
}


def consent_data(path: str, *, given: bool) -> dict[str, Any]:
    """Return what the journal keeps of the person's decision about the setting at `path`.

    The page where they agree to flashing keys is reached only by the answer that they have no seizures: it is kept too.
    """
    answer = {"seizures": "no"} if path == FLASHING and given else {}
    return {"to": path, "given": given} | answer


def agreed_to(
    settings: Settings, consents: Collection[str], t: float
) -> tuple[Settings, tuple[Trouble, ...]]:
    """Return the settings without what the person has not agreed to on their board, and what to tell of it.

    Parameters
    ----------
    settings : Settings
        As the file has them: anybody can write there.
    consents : collection of str
        The settings that the person agreed to, from the journal.
    t : float
        The time for the troubles, in seconds on the shared clock.
    """
    troubles = []
    for path, value in ASKS_FOR.items():
        if settings.value(path) is value and path not in consents:
            settings = settings.changed(path, not value)
            troubles.append(Trouble(t, f"consent:{path}", *_REFUSED[path]))
    return settings, tuple(troubles)
